//! Sessions beside each other: what one does to itself costs the others nothing.

use std::time::Duration;

use bailiwick_client::{CommandText, Event, Session, SessionOptions};
use bailiwick_objects::Value;
use bailiwick_objects::metadata::StreamKind;
use bailiwick_support::{Ran, Setup, run};
use bailiwick_wire::message::Status;

use crate::desk::{Desk, setup};

const NUMBERS: i32 = 50_000;

/// Numbered objects, all of them, once, in order.
async fn stream(session: &Session) -> usize {
    let mut execution = session.execute(CommandText::new(format!("1..{NUMBERS}"))).await.unwrap();
    let mut next = 1;
    while let Some(event) = execution.next().await {
        match event {
            Event::Records { stream: StreamKind::Output, values } => {
                for value in values {
                    assert_eq!(value, Value::Int32(next));
                    next += 1;
                }
            }
            Event::Records { stream, values } => panic!("{stream:?}: {values:?}"),
            Event::Finished(outcome) => assert_eq!(outcome.status, Status::Completed, "{outcome:?}"),
        }
    }
    assert_eq!(next, NUMBERS + 1);
    usize::try_from(NUMBERS).unwrap()
}

/// What a bad text did to its own session, while a sibling streamed.
async fn beside(desk: &Desk, text: &str) -> Ran {
    let bad = desk.connection.create(Some("desk"), SessionOptions::default()).await.unwrap();
    let (ran, streamed) = tokio::time::timeout(Duration::from_secs(120), async {
        tokio::join!(run(&bad, text), async {
            let mut streamed = 0;
            for _ in 0..3 {
                streamed += stream(&desk.session).await;
            }
            streamed
        })
    })
    .await
    .unwrap();
    println!("{streamed} objects beside `{text}`: 0 lost, in order");
    assert!(ran.outcome.had_errors, "`{text}`: {:?}", ran.outcome);
    ran
}

fn desk() -> Setup {
    setup("full")
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d02_an_endless_loop_disturbs_no_sibling() {
    let desk = Desk::of(&desk()).await;
    let ran = beside(&desk, "while ($true) { }").await;
    assert_ne!(ran.outcome.status, Status::Completed);
    let ran = beside(&desk, "function f { f }; while ($true) { try { f } catch { } }").await;
    assert_ne!(ran.outcome.status, Status::Completed);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d06_a_memory_bomb_costs_its_own_session_only() {
    let desk = Desk::of(&desk()).await;
    for text in [
        "$x = 'x'; while ($true) { $x = $x + $x }",
        "$a = @(); while ($true) { $a += , ('y' * 100000) }",
        "$h = @{}; $i = 0; while ($true) { $h[$i] = 'z' * 1000; $i++ }",
    ] {
        let ran = beside(&desk, text).await;
        assert_ne!(ran.outcome.status, Status::Completed, "`{text}`");
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d10_a_flood_of_output_ends_at_its_limit_and_disturbs_no_sibling() {
    let desk = Desk::of(&desk()).await;
    let ran = beside(&desk, "while ($true) { 'x' * 10000 }").await;
    assert_ne!(ran.outcome.status, Status::Completed);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d02_many_looping_sessions_leave_room_for_one_that_works() {
    let desk = Desk::of(&desk()).await;
    let mut bad = Vec::new();
    for _ in 0..4 {
        let session = desk.connection.create(Some("desk"), SessionOptions::default()).await.unwrap();
        bad.push(session.execute(CommandText::new("while ($true) { }")).await.unwrap());
    }
    for _ in 0..3 {
        stream(&desk.session).await;
    }
    for mut execution in bad {
        execution.stop();
        while execution.next().await.is_some() {}
    }
    desk.end().await;
}
