//! What takes too long, on a clock that stands still until everybody waits. No session is needed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod common;

use std::time::Duration;

use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, Message, VERSION, encode};
use common::{ALICE, BOB, door};
use tokio::time::{Instant, sleep};

#[tokio::test(start_paused = true)]
async fn row_e19_who_says_nothing_is_out_after_ten_seconds() {
    let door = door();
    let started = Instant::now();
    let mut raw = door.knock(ALICE);
    assert_eq!(raw.goodbye().await.code, FailureCode::TimedOut);
    assert!((10..=12).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn row_e19_the_deadline_is_for_the_whole_login() {
    let door = door();
    let started = Instant::now();
    let mut raw = door.knock(ALICE);
    // A byte a second would be progress for ever, were the deadline one for each read.
    for byte in encode(&Hello { versions: vec![VERSION] }.into()).unwrap() {
        raw.send_bytes(&[byte]).await;
        sleep(Duration::from_millis(900)).await;
    }
    assert_eq!(raw.next().await, Some(HelloReply { version: VERSION }.into()));
    assert_eq!(raw.goodbye().await.code, FailureCode::TimedOut);
    assert!(started.elapsed() <= Duration::from_secs(12));
}

#[tokio::test(start_paused = true)]
async fn row_e19_others_log_in_meanwhile() {
    let door = door();
    let slow: Vec<_> = (0..200).map(|_| door.knock(ALICE)).collect();
    let started = Instant::now();
    let raw = door.login(BOB).await;
    assert!(started.elapsed() < Duration::from_secs(1));
    drop(slow);
    raw.cut().await;
}

#[tokio::test(start_paused = true)]
async fn row_e36_a_frame_that_takes_too_long_ends_the_connection() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let started = Instant::now();
    let frame = encode(
        &CreateSession {
            request: 1,
            endpoint: Some("lab".to_owned()),
            name: None,
            width: 80,
            interactive: false,
            idle_timeout: None,
        }
        .into(),
    )
    .unwrap();
    let slow = async {
        for byte in &frame {
            raw.send_bytes(&[*byte]).await;
            sleep(Duration::from_secs(10)).await;
        }
    };
    slow.await;
    assert_eq!(raw.goodbye().await.code, FailureCode::TimedOut);
    assert!(started.elapsed() >= Duration::from_secs(30));
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_asked_and_then_cut() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let started = Instant::now();
    assert_eq!(raw.next().await, Some(Heartbeat { wants_reply: true }.into()));
    assert_eq!(started.elapsed().as_secs(), 180);
    assert_eq!(raw.goodbye().await.code, FailureCode::TimedOut);
    assert!((240..=243).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_answers_heartbeats_stays() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    for _ in 0..10 {
        assert!(matches!(raw.next().await, Some(Message::Heartbeat(_))));
        raw.send(Heartbeat { wants_reply: false }).await;
    }
    raw.cut().await;
}

#[tokio::test(start_paused = true)]
async fn row_e34_a_peer_that_reads_nothing_is_given_up() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let started = Instant::now();
    // Until its answers fill all that lies between; then the server stops reading, and this write waits, too.
    let mut request = 1;
    while raw.send(ListEndpoints { request }).await {
        request += 1;
    }
    assert!((60..=63).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    raw.ended().await;
    assert_eq!(door.recorded(&["connection-closed", "alice"]), 1);
}
