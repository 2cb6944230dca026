//! How a connection ends: in order, cut, or broken by the peer. What was running never counts as done.

use bailiwick_client::{CommandText, Event, RequestError};
use bailiwick_objects::Value;
use bailiwick_wire::message::*;
use bailiwick_wire::{CommandId, FailureCode, Kind};

use crate::peer::{SESSION, connected, in_session, running};

async fn lost_message(execution: &mut bailiwick_client::Execution) -> String {
    let Some(Event::Finished(outcome)) = execution.next().await else { panic!("not finished") };
    assert_eq!(outcome.status, Status::SessionLost);
    assert!(outcome.had_errors);
    assert_eq!(execution.next().await, None);
    outcome.error.unwrap().message.to_string()
}

#[tokio::test]
async fn row_e20_a_cut_connection_is_never_success() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    peer.output(&asked, 0, &[1.into()]).await;
    drop(peer);
    assert!(matches!(execution.next().await, Some(Event::Records { .. })));
    let message = lost_message(&mut execution).await;
    assert!(message.contains("cut without a goodbye"), "{message}");
}

#[tokio::test]
async fn row_e20_a_frame_cut_in_the_middle_is_never_success() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let finished = Finished {
        session: asked.session,
        command: asked.command,
        seq: 0,
        status: Status::Completed,
        had_errors: false,
        refused: false,
        location: String::new(),
        error: None,
    };
    let frame = bailiwick_wire::encode(&finished.into()).unwrap();
    peer.send(&frame[..frame.len() - 1]).await;
    drop(peer);
    lost_message(&mut execution).await;
}

#[tokio::test]
async fn every_running_command_is_told_of_the_loss() {
    let (connection, session, mut peer) = in_session().await;
    let (first, _) = tokio::join!(session.execute(CommandText::new("1")), peer.accept());
    let (second, _) = tokio::join!(session.execute(CommandText::new("2")), peer.accept());
    let (sessions, ()) = tokio::join!(connection.sessions(), async {
        peer.hear().await;
        drop(peer);
    });
    assert!(matches!(sessions, Err(RequestError::Lost { .. })));
    lost_message(&mut first.unwrap()).await;
    lost_message(&mut second.unwrap()).await;
    assert!(matches!(session.execute(CommandText::new("3")).await, Err(RequestError::Lost { .. })));
}

#[tokio::test]
async fn a_session_that_ends_takes_its_command_with_it() {
    let (_connection, mut execution, _asked, mut peer) = running(CommandText::new("x")).await;
    peer.say(SessionEnded {
        session: SESSION,
        reason: EndReason::Fault,
        message: "the sandbox failed".into(),
    })
    .await;
    let message = lost_message(&mut execution).await;
    assert!(message.contains("the sandbox failed"), "{message}");
}

#[tokio::test]
async fn closing_says_goodbye_and_waits_for_the_hosts() {
    let (connection, mut peer) = connected().await;
    let ((), ()) = tokio::join!(connection.close(), async {
        let Message::Goodbye(Goodbye { code, .. }) = peer.hear().await else { panic!("no goodbye") };
        assert_eq!(code, FailureCode::Done);
        peer.say(Goodbye { code: FailureCode::Done, message: String::new(), versions: None }).await;
        assert!(peer.hears_the_end().await);
    });
}

#[tokio::test]
async fn the_last_handle_to_go_says_goodbye() {
    let (connection, session, mut peer) = in_session().await;
    drop(connection);
    peer.say(Heartbeat { wants_reply: true }).await;
    assert_eq!(peer.hear().await.kind(), Kind::Heartbeat);
    drop(session);
    assert_eq!(peer.hear().await.kind(), Kind::Goodbye);
}

#[tokio::test]
async fn a_host_that_shuts_down_is_answered_and_quoted() {
    let (connection, mut peer) = connected().await;
    let (sessions, ()) = tokio::join!(connection.sessions(), async {
        peer.hear().await;
        let (code, message) = (FailureCode::ShuttingDown, "the host is ending".into());
        peer.say(Goodbye { code, message, versions: None }).await;
        assert_eq!(peer.hear().await.kind(), Kind::Goodbye);
        assert!(peer.hears_the_end().await);
    });
    assert!(sessions.unwrap_err().to_string().contains("SHUTTING_DOWN"));
}

/// The client's last words to a peer that broke the protocol.
async fn last_words(mut peer: crate::peer::Peer) -> String {
    loop {
        if let Message::Goodbye(Goodbye { code, message, .. }) = peer.hear().await {
            assert_eq!(code, FailureCode::ProtoError);
            return message;
        }
    }
}

#[tokio::test]
async fn row_e10_a_gap_in_the_output_ends_the_connection() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    peer.output(&asked, 1, &[1.into()]).await;
    lost_message(&mut execution).await;
    assert_eq!(last_words(peer).await, "got frame 1 of a command; expected frame 0");
}

#[tokio::test]
async fn row_e16_an_end_before_all_output_is_no_success() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    peer.finish(&asked, 3).await;
    lost_message(&mut execution).await;
    assert_eq!(last_words(peer).await, "got frame 3 of a command; expected frame 0");
}

#[tokio::test]
async fn row_e34_a_host_that_exceeds_the_credit_is_cut_off() {
    let (_connection, _execution, asked, mut peer) = running(CommandText::new("x")).await;
    let batch = [Value::string("y".repeat(30_000))];
    for seq in 0..9 {
        peer.output(&asked, seq, &batch).await;
    }
    assert!(last_words(peer).await.contains("bytes of payload with a credit of"));
}

#[tokio::test]
async fn row_e06_what_only_a_client_says_is_refused_from_a_host() {
    let (_connection, mut peer) = connected().await;
    peer.say(ListSessions { request: 1 }).await;
    assert_eq!(last_words(peer).await, "got ListSessions, which only a client sends");
}

#[tokio::test]
async fn answers_nobody_asked_for_end_the_connection() {
    let (_connection, mut peer) = connected().await;
    peer.say(Removed { request: 9, session: SESSION }).await;
    assert!(last_words(peer).await.contains("not made"));
    let (_connection, mut peer) = connected().await;
    let (session, command) = (SESSION, CommandId([1; 16]));
    let stream = bailiwick_objects::metadata::StreamKind::Output;
    peer.say(Output { session, command, seq: 0, stream, more: false, batch: vec![] }).await;
    assert!(last_words(peer).await.contains("not made"));
}

#[tokio::test]
async fn row_e12_a_batch_that_is_none_is_never_shown() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let (session, command, stream) =
        (asked.session, asked.command, bailiwick_objects::metadata::StreamKind::Output);
    peer.say(Output { session, command, seq: 0, stream, more: false, batch: vec![0xff; 8] }).await;
    let message = lost_message(&mut execution).await;
    assert!(message.contains("the host sent no batch"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_host_is_asked_and_then_given_up() {
    let (_connection, mut execution, _asked, mut peer) = running(CommandText::new("x")).await;
    let Message::Heartbeat(Heartbeat { wants_reply }) = peer.hear().await else { panic!("no heartbeat") };
    assert!(wants_reply);
    let message = lost_message(&mut execution).await;
    assert!(message.contains("said nothing for 240 s"), "{message}");
}
