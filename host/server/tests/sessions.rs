//! Sessions and commands through the door, on real sessions: what each user sees, what is said of a command and when.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod common;

use std::collections::{HashMap, HashSet};

use bailiwick_objects::{Value, batch};
use bailiwick_wire::message::*;
use bailiwick_wire::{CommandId, FailureCode, Message, SessionId, split_batch};
use common::{ALICE, BOB, door};

/// A command that ends only when it is stopped.
const ENDLESS: &str = "while ($true) { }";

#[tokio::test]
async fn a_session_is_created_used_and_removed() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let (values, finished) = raw.run(session, "'hello'").await;
    assert_eq!((values.len(), finished.status, finished.had_errors), (1, Status::Completed, false));
    raw.remove(session).await.unwrap();
    assert_eq!(door.host.session_count(), 0);
    raw.cut().await;
}

#[tokio::test]
async fn row_e16_every_object_comes_once_in_order_and_then_the_end() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let (values, finished) = raw.run(session, "1..10000").await;
    assert_eq!(finished.status, Status::Completed);
    assert_eq!(values, (1..=10_000).map(Value::Int32).collect::<Vec<_>>());
    raw.cut().await;
}

#[tokio::test]
async fn row_e15_the_frames_of_many_sessions_do_not_mix() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(raw.create().await);
    }
    for session in &sessions {
        let request = raw.number();
        raw.send(Execute {
            request,
            session: *session,
            command: CommandId(session.0),
            text: "1..3000".to_owned(),
            arguments: Vec::new(),
            has_input: false,
            more: false,
        })
        .await;
    }
    let mut open: HashMap<CommandId, (u64, usize)> =
        sessions.iter().map(|session| (CommandId(session.0), (0, 0))).collect();
    while !open.is_empty() {
        match raw.next().await.unwrap() {
            Message::Output(Output { session, command, seq, more, batch, .. }) => {
                let (next, values) = open.get_mut(&command).unwrap();
                assert_eq!((seq, more), (*next, false));
                *next += 1;
                *values += batch::decode(&batch, &bailiwick_objects::Limits::default()).unwrap().len();
                let bytes = u32::try_from(batch.len()).unwrap();
                raw.send(Credit { session, command, bytes }).await;
                raw.send(Heartbeat { wants_reply: true }).await;
            }
            Message::Finished(finished) => {
                assert_eq!(open.remove(&finished.command), Some((finished.seq, 3000)));
            }
            _accepted_or_alive => {}
        }
    }
    raw.cut().await;
}

#[tokio::test]
async fn row_e25_unknown_removed_and_foreign_sessions_get_one_answer() {
    let door = door();
    let mut alice = door.login(ALICE).await;
    let hers = alice.create().await;
    let gone = alice.create().await;
    alice.remove(gone).await.unwrap();
    let mut bob = door.login(BOB).await;
    let mut near = hers.0;
    near[15] ^= 1;
    let mut answers = HashSet::new();
    for id in [hers, gone, SessionId([0; 16]), SessionId(near)] {
        let removed = bob.remove(id).await.unwrap_err();
        let executed = bob.execute(id, "1").await.unwrap_err();
        answers.insert((removed.code.number(), removed.message, removed.help));
        answers.insert((executed.code.number(), executed.message, executed.help));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers.into_iter().next().map(|(code, ..)| code), Some(FailureCode::NoSuchSession.number()));
    alice.cut().await;
    bob.cut().await;
}

#[tokio::test]
async fn row_e26_another_users_words_do_nothing_to_a_command() {
    let door = door();
    let mut alice = door.login(ALICE).await;
    let session = alice.create().await;
    let command = alice.execute(session, "$input | ForEach-Object { $_ }").await.unwrap();
    let mut bob = door.login(BOB).await;
    bob.send(Stop { session, command }).await;
    bob.send(Credit { session, command, bytes: 1 }).await;
    bob.send(Input { session, command, seq: 0, more: false, batch: batch::encode(&[Value::Int32(1)]) }).await;
    bob.send(EndInput { session, command, seq: 1 }).await;
    // Its answer shows that the others were heard and passed over.
    assert_eq!(bob.sessions().await, []);
    assert_eq!(alice.finish(command).await.1.status, Status::Completed);
    alice.cut().await;
    bob.cut().await;
}

#[tokio::test]
async fn row_e27_a_user_lists_her_own_sessions_from_any_connection() {
    let door = door();
    let mut first = door.login(ALICE).await;
    let session = first.create().await;
    let mut second = door.login(ALICE).await;
    let mut bob = door.login(BOB).await;
    assert_eq!(second.sessions().await.into_iter().map(|info| info.id).collect::<Vec<_>>(), [session]);
    assert_eq!(bob.sessions().await, []);
    second.remove(session).await.unwrap();
    let told = first.next().await;
    assert!(matches!(told, Some(Message::SessionEnded(ended)) if ended.session == session));
    for raw in [first, second, bob] {
        raw.cut().await;
    }
}

#[tokio::test]
async fn row_e34_a_command_waits_for_credit_and_holds_up_no_other() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let [slow, quick] = [raw.create().await, raw.create().await];
    let text = "1..400 | ForEach-Object { 'x' * 4000 }";
    let waiting = raw.execute(slow, text).await.unwrap();
    // Read up to the credit, granting nothing.
    let mut read = 0;
    while read + 40_000 < bailiwick_wire::INITIAL_WINDOW as usize {
        if let Some(Message::Output(output)) = raw.next().await {
            read += output.batch.len();
        }
    }
    let command = CommandId([9; 16]);
    let request = raw.number();
    raw.send(Execute {
        request,
        session: quick,
        command,
        text: "'quick'".to_owned(),
        arguments: Vec::new(),
        has_input: false,
        more: false,
    })
    .await;
    loop {
        match raw.next().await.unwrap() {
            Message::Finished(finished) => {
                assert_eq!(finished.command, command, "the slow one must still wait");
                break;
            }
            Message::Output(output) if output.command == waiting => read += output.batch.len(),
            _other => {}
        }
    }
    assert!(read <= bailiwick_wire::INITIAL_WINDOW as usize, "{read} bytes without credit");
    raw.cut().await;
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test]
async fn row_e41_a_user_has_so_many_sessions_and_gets_slots_back() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    for _ in 0..3 {
        let mut made = Vec::new();
        for _ in 0..3 {
            made.push(raw.create().await);
        }
        assert_eq!(raw.try_create(None).await.unwrap_err().code, FailureCode::Limit);
        for session in made {
            raw.remove(session).await.unwrap();
        }
    }
    raw.cut().await;
}

#[tokio::test]
async fn row_e41_an_endpoint_of_others_does_not_exist_and_takes_no_slot() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    for endpoint in ["of-bob", "nowhere"] {
        let failed = raw.try_create(Some(endpoint)).await.unwrap_err();
        assert_eq!(failed.code, FailureCode::NoSuchEndpoint);
        assert_eq!(failed.message.replace(endpoint, ""), "there is no endpoint `` for you on this host");
    }
    assert_eq!(door.host.session_count(), 0);
    raw.cut().await;
}

#[tokio::test]
async fn row_e42_a_command_id_is_executed_once() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = CommandId([5; 16]);
    raw.execute_as(session, command, "$global:n++; $n", false).await.unwrap();
    raw.finish(command).await;
    for _ in 0..3 {
        let again = raw.execute_as(session, command, "$global:n++; $n", false).await.unwrap_err();
        assert_eq!(again.code, FailureCode::Duplicate);
    }
    assert_eq!(raw.run(session, "$n").await.0, [Value::Int32(1)]);
    raw.cut().await;
}

#[tokio::test]
async fn row_e42_a_command_id_of_one_session_is_free_in_another() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let command = CommandId([5; 16]);
    for _ in 0..2 {
        let session = raw.create().await;
        raw.execute_as(session, command, "1", false).await.unwrap();
        raw.finish(command).await;
    }
    raw.cut().await;
}

#[tokio::test]
async fn row_e45_a_second_command_finds_the_session_busy() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = raw.execute(session, ENDLESS).await.unwrap();
    assert_eq!(raw.execute(session, "1").await.unwrap_err().code, FailureCode::Busy);
    raw.send(Stop { session, command }).await;
    raw.finish(command).await;
    assert_eq!(raw.run(session, "1").await.1.status, Status::Completed);
    raw.cut().await;
}

#[tokio::test]
async fn row_e43_a_stopped_command_ends_once_and_its_session_goes_on() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    // Before its start, twice, and after its end: harmless.
    raw.send(Stop { session, command: CommandId([8; 16]) }).await;
    let command = raw.execute(session, ENDLESS).await.unwrap();
    raw.send(Stop { session, command }).await;
    raw.send(Stop { session, command }).await;
    assert_eq!(raw.finish(command).await.1.status, Status::Stopped);
    raw.send(Stop { session, command }).await;
    assert_eq!(raw.run(session, "1").await.1.status, Status::Completed);
    raw.cut().await;
}

#[tokio::test]
async fn row_e43_a_stop_reaches_a_command_that_waits_for_credit() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command =
        raw.execute(session, "1..400 | ForEach-Object { 'x' * 4000 }; while ($true) { }").await.unwrap();
    raw.send(Stop { session, command }).await;
    assert_eq!(raw.finish(command).await.1.status, Status::Stopped);
    raw.cut().await;
}

#[tokio::test]
async fn row_e44_a_session_is_removed_while_it_runs_a_command() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    raw.execute(session, ENDLESS).await.unwrap();
    raw.remove(session).await.unwrap();
    assert_eq!(raw.remove(session).await.unwrap_err().code, FailureCode::NoSuchSession);
    assert_eq!(door.host.session_count(), 0);
    raw.cut().await;
    assert_eq!(door.recorded(&["session-removed"]), 1);
}

#[tokio::test]
async fn row_e44_who_made_a_session_is_told_when_another_connection_removes_it() {
    let door = door();
    let mut maker = door.login(ALICE).await;
    let session = maker.create().await;
    let command = maker.execute(session, ENDLESS).await.unwrap();
    let mut other = door.login(ALICE).await;
    other.remove(session).await.unwrap();
    // Its command has its end first.
    assert_eq!(maker.finish(command).await.1.status, Status::SessionLost);
    let Some(Message::SessionEnded(ended)) = maker.next().await else { panic!() };
    assert_eq!((ended.session, ended.reason), (session, EndReason::Removed));
    maker.cut().await;
    other.cut().await;
}

#[tokio::test]
async fn row_e39_a_connection_that_is_cut_takes_its_sessions_with_it() {
    for text in [None, Some("1"), Some(ENDLESS)] {
        let door = door();
        let mut raw = door.login(ALICE).await;
        let session = raw.create().await;
        if let Some(text) = text {
            raw.execute(session, text).await.unwrap();
        }
        raw.cut().await;
        assert_eq!(door.host.session_count(), 0, "{text:?}");
        assert_eq!(door.recorded(&["session-created"]), 1);
        assert_eq!(door.recorded(&["session-removed"]), 1);
    }
}

#[tokio::test]
async fn row_e39_a_cut_while_a_session_is_made_leaves_none() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    raw.send(CreateSession {
        request: 1,
        endpoint: None,
        name: None,
        width: 80,
        interactive: false,
        idle_timeout: None,
    })
    .await;
    raw.cut().await;
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test]
async fn a_goodbye_ends_a_running_command_with_a_word() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = raw.execute(session, ENDLESS).await.unwrap();
    raw.send(Goodbye { code: FailureCode::Done, message: String::new(), versions: None }).await;
    assert_ne!(raw.finish(command).await.1.status, Status::Completed);
    assert_eq!(raw.goodbye().await.code, FailureCode::Done);
    raw.cut().await;
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test]
async fn input_reaches_its_command_and_its_credit_comes_back() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = CommandId([5; 16]);
    raw.execute_as(session, command, "$input | ForEach-Object { $_ }", true).await.unwrap();
    let long = batch::encode(&[Value::from("x".repeat(100_000).as_str())]);
    let mut seq = 0;
    for (fragment, more) in split_batch(&long) {
        raw.send(Input { session, command, seq, more, batch: fragment.to_vec() }).await;
        seq += 1;
    }
    let mut back = 0;
    while back < long.len() {
        if let Message::InputCredit(credit) = raw.next().await.unwrap() {
            back += credit.bytes as usize;
        }
    }
    assert_eq!(back, long.len());
    raw.send(EndInput { session, command, seq }).await;
    while !matches!(raw.next().await.unwrap(), Message::Finished(finished) if finished.status == Status::Completed)
    {
    }
    raw.cut().await;
}

#[tokio::test]
async fn row_e10_input_out_of_order_ends_the_connection_and_stops_the_command() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = CommandId([5; 16]);
    raw.execute_as(session, command, "$input", true).await.unwrap();
    let batch = batch::encode(&[Value::Int32(1)]);
    raw.send(Input { session, command, seq: 1, more: false, batch }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::ProtoError);
    raw.cut().await;
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test]
async fn row_e11_fragments_of_an_unfinished_batch_end_the_connection() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let session = raw.create().await;
    let command = CommandId([5; 16]);
    raw.execute_as(session, command, "$input", true).await.unwrap();
    raw.send(Input { session, command, seq: 0, more: true, batch: vec![1] }).await;
    assert!(matches!(raw.next().await, Some(Message::InputCredit(_))));
    raw.send(EndInput { session, command, seq: 1 }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::ProtoError);
    raw.cut().await;
}

#[tokio::test]
async fn a_name_with_a_control_character_is_refused() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    for name in ["a\u{7}b".to_owned(), "x".repeat(65)] {
        let request = raw.number();
        raw.send(CreateSession {
            request,
            endpoint: None,
            name: Some(name),
            width: 80,
            interactive: false,
            idle_timeout: None,
        })
        .await;
        assert!(
            matches!(raw.next().await, Some(Message::Failed(failed)) if failed.code == FailureCode::Limit)
        );
    }
    raw.cut().await;
}
