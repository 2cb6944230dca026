//! Sessions and commands.

use bailiwick_client::{CommandText, Event, Outcome, RequestError};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Object, Value};
use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, Kind, Window, split_batch};

use crate::peer::{SESSION, connected, in_session, info, running};

fn values(event: Option<Event>) -> Vec<Value> {
    let Some(Event::Records { values, .. }) = event else { panic!("no records: {event:?}") };
    values
}

fn outcome(event: Option<Event>) -> Outcome {
    let Some(Event::Finished(outcome)) = event else { panic!("not finished: {event:?}") };
    outcome
}

#[tokio::test]
async fn endpoints_come_in_pages_and_are_put_together() {
    let (connection, mut peer) = connected().await;
    let piece = |name: &str, command: &str| EndpointSummary {
        name: name.into(),
        description: "d".into(),
        language: Language::No,
        commands: vec![command.into()],
    };
    let (endpoints, ()) = tokio::join!(connection.endpoints(), async {
        let Message::ListEndpoints(ListEndpoints { request }) = peer.hear().await else { panic!("another") };
        peer.say(Endpoints { request, endpoints: vec![piece("a", "X"), piece("b", "Y")], more: true }).await;
        peer.say(Endpoints { request, endpoints: vec![piece("b", "Z")], more: false }).await;
    });
    let endpoints = endpoints.unwrap();
    let commands: Vec<_> = endpoints.iter().map(|endpoint| endpoint.commands.join(" ")).collect();
    assert_eq!(commands, ["X", "Y Z"]);
    assert_eq!(connection.user(), "alice");
}

#[tokio::test]
async fn sessions_are_listed_and_removed() {
    let (connection, session, mut peer) = in_session().await;
    let (listed, ()) = tokio::join!(connection.sessions(), async {
        let Message::ListSessions(ListSessions { request }) = peer.hear().await else { panic!("another") };
        peer.say(Sessions { request, sessions: vec![info()], more: false }).await;
    });
    assert_eq!(listed.unwrap(), [info()]);
    let (removed, ()) = tokio::join!(session.remove(), async {
        let Message::RemoveSession(RemoveSession { request, session }) = peer.hear().await else {
            panic!("another")
        };
        peer.say(Removed { request, session }).await;
    });
    assert_eq!(removed, Ok(()));
}

#[tokio::test]
async fn a_request_that_fails_carries_the_hosts_words() {
    let (connection, mut peer) = connected().await;
    let (removed, ()) = tokio::join!(connection.remove(SESSION), async {
        let Message::RemoveSession(RemoveSession { request, .. }) = peer.hear().await else {
            panic!("another")
        };
        let (code, message, help) =
            (FailureCode::NoSuchSession, "there is no such session".into(), "list".into());
        peer.say(Failed { request, code, message, help }).await;
    });
    let error = removed.unwrap_err();
    assert_eq!(error.to_string(), "there is no such session");
    assert!(matches!(error, RequestError::Failed { code: FailureCode::NoSuchSession, .. }));
}

#[tokio::test]
async fn row_e16_a_commands_records_come_in_order_and_its_end_last() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("1..2")).await;
    assert_eq!((asked.text.as_str(), asked.session), ("1..2", SESSION));
    peer.output(&asked, 0, &[1.into()]).await;
    peer.output(&asked, 1, &[2.into(), "x".into()]).await;
    peer.finish(&asked, 2).await;
    assert_eq!(values(execution.next().await), [Value::Int32(1)]);
    assert_eq!(values(execution.next().await), [Value::Int32(2), Value::string("x")]);
    let end = outcome(execution.next().await);
    assert_eq!((end.status, end.location.as_str()), (Status::Completed, "Logs:/"));
    assert_eq!(execution.next().await, None);
}

#[tokio::test]
async fn objects_arrive_deserialized() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    peer.output(&asked, 0, &[Value::Object(Object::new("System.IO.FileInfo", [("Name", Value::from("a"))]))])
        .await;
    let values = values(execution.next().await);
    let [Value::Object(object)] = &values[..] else { panic!("not an object: {values:?}") };
    assert_eq!(&*object.shape.type_names[0], "Deserialized.System.IO.FileInfo");
}

#[tokio::test]
async fn an_error_that_ended_a_command_arrives_whole() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let record = ErrorRecord::new("Refused", ErrorCategory::PermissionDenied, "no");
    peer.say(Finished {
        session: asked.session,
        command: asked.command,
        seq: 0,
        status: Status::Failed,
        had_errors: true,
        refused: true,
        location: String::new(),
        error: Some(bailiwick_objects::encode(&[Value::Error(Box::new(record.clone()))])),
    })
    .await;
    let end = outcome(execution.next().await);
    assert_eq!((end.status, end.refused, end.error), (Status::Failed, true, Some(record)));
}

#[tokio::test]
async fn a_command_that_was_not_accepted_leaves_the_session_usable() {
    let (_connection, session, mut peer) = in_session().await;
    let (first, ()) = tokio::join!(session.execute(CommandText::new("x")), async {
        let Message::Execute(Execute { request, .. }) = peer.hear().await else { panic!("another") };
        let (code, message, help) = (FailureCode::Busy, "busy".into(), String::new());
        peer.say(Failed { request, code, message, help }).await;
    });
    assert!(matches!(first, Err(RequestError::Failed { code: FailureCode::Busy, .. })));
    let (second, _) = tokio::join!(session.execute(CommandText::new("y")), peer.accept());
    assert!(second.is_ok());
}

#[tokio::test]
async fn a_long_script_goes_in_parts() {
    let (_connection, session, mut peer) = in_session().await;
    let text = "é".repeat(50_000);
    let (execution, joined) = tokio::join!(session.execute(CommandText::new(&text)), async {
        let mut executes = bailiwick_wire::Executes::default();
        loop {
            let Message::Execute(part) = peer.hear().await else { panic!("another") };
            if let Some(whole) = executes.push(part).unwrap() {
                let (request, session, command) = (whole.request, whole.session, whole.command);
                peer.say(Accepted { request, session, command }).await;
                return whole;
            }
        }
    });
    assert!(execution.is_ok());
    assert_eq!(joined.text, text);
}

#[tokio::test]
async fn a_command_above_the_limit_is_not_sent() {
    let (_connection, session, _peer) = in_session().await;
    let error = session.execute(CommandText::new("x".repeat((1 << 20) + 1))).await.unwrap_err();
    assert!(matches!(error, RequestError::CommandTooLong { .. }), "{error}");
}

#[tokio::test]
async fn row_e34_credit_is_granted_when_records_are_taken_and_not_before() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let batch = [Value::string("y".repeat(20_000))];
    peer.output(&asked, 0, &batch).await;
    peer.output(&asked, 1, &batch).await;
    // A reply to a heartbeat shows that the outputs were read, and that no credit went out before it.
    peer.say(Heartbeat { wants_reply: true }).await;
    assert_eq!(peer.hear().await.kind(), Kind::Heartbeat);
    execution.next().await;
    let Message::Credit(Credit { bytes, command, .. }) = peer.hear().await else { panic!("no credit") };
    assert_eq!((command, bytes as usize), (asked.command, bailiwick_objects::encode(&batch).len()));
}

#[tokio::test]
async fn a_batch_longer_than_the_credit_arrives() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let long = Value::string("z".repeat(1_000_000));
    let batch = bailiwick_objects::encode(std::slice::from_ref(&long));
    let sending = async {
        let mut window = Window::new();
        for (seq, (fragment, more)) in split_batch(&batch).enumerate() {
            while window.take(fragment.len()).is_err() {
                let Message::Credit(Credit { bytes, .. }) = peer.hear().await else { panic!("no credit") };
                window.grant(bytes);
            }
            let (session, command, stream) =
                (asked.session, asked.command, bailiwick_objects::metadata::StreamKind::Output);
            let seq = seq as u64;
            peer.say(Output { session, command, seq, stream, more, batch: fragment.to_vec() }).await;
        }
    };
    let (event, ()) = tokio::join!(execution.next(), sending);
    assert_eq!(values(event), [long]);
}

#[tokio::test]
async fn input_waits_for_credit_and_counts_its_frames() {
    let command = CommandText { has_input: true, ..CommandText::new("x") };
    let (_connection, mut execution, asked, mut peer) = running(command).await;
    let mut input = execution.input().unwrap();
    assert!(execution.input().is_none());
    let record = [Value::string("i".repeat(300_000))];
    let length = bailiwick_objects::encode(&record).len();
    let (sent, ()) = tokio::join!(input.send(&record), async {
        let (mut got, mut granted) = (0, 262_144);
        while got < length {
            let Message::Input(frame) = peer.hear().await else { panic!("no input") };
            got += frame.batch.len();
            assert!(got <= granted, "more than was granted");
            if frame.more {
                granted += frame.batch.len();
                let (session, command) = (asked.session, asked.command);
                peer.say(InputCredit { session, command, bytes: frame.batch.len() as u32 }).await;
            }
        }
    });
    assert_eq!(sent, Ok(()));
    input.end().unwrap();
    let Message::EndInput(EndInput { seq, .. }) = peer.hear().await else { panic!("no end of input") };
    assert_eq!(seq, length.div_ceil(32_768 - 256) as u64);
}

#[tokio::test]
async fn input_to_a_command_that_has_ended_is_an_error() {
    let command = CommandText { has_input: true, ..CommandText::new("x") };
    let (_connection, mut execution, asked, mut peer) = running(command).await;
    let mut input = execution.input().unwrap();
    peer.finish(&asked, 0).await;
    outcome(execution.next().await);
    assert!(input.send(&[1.into()]).await.unwrap_err().to_string().contains("has ended"));
}

#[tokio::test]
async fn half_an_input_stops_its_command() {
    let command = CommandText { has_input: true, ..CommandText::new("x") };
    let (_connection, mut execution, _asked, mut peer) = running(command).await;
    drop(execution.input());
    assert_eq!(peer.hear().await.kind(), Kind::Stop);
}

#[tokio::test]
async fn a_command_is_stopped_from_elsewhere() {
    let (_connection, mut execution, asked, mut peer) = running(CommandText::new("x")).await;
    let stopper = execution.stopper();
    let (end, ()) = tokio::join!(execution.next(), async {
        stopper.stop();
        let Message::Stop(Stop { command, .. }) = peer.hear().await else { panic!("no stop") };
        assert_eq!(command, asked.command);
        peer.finish(&asked, 0).await;
    });
    outcome(end);
    // It has ended: stopping it again says nothing, so the next thing said is another.
    stopper.stop();
    peer.say(Heartbeat { wants_reply: true }).await;
    assert_eq!(peer.hear().await.kind(), Kind::Heartbeat);
}

#[tokio::test]
async fn a_dropped_command_is_stopped_and_its_output_thrown_away() {
    let (_connection, execution, asked, mut peer) = running(CommandText::new("x")).await;
    drop(execution);
    assert_eq!(peer.hear().await.kind(), Kind::Stop);
    peer.output(&asked, 0, &[1.into()]).await;
    assert_eq!(peer.hear().await.kind(), Kind::Credit);
    peer.finish(&asked, 1).await;
}

#[tokio::test]
async fn commands_of_two_sessions_do_not_mix() {
    let (connection, first, mut peer) = in_session().await;
    let other = bailiwick_wire::SessionId([6; 16]);
    let (second, ()) = tokio::join!(connection.create(Some("b"), Default::default()), async {
        let Message::CreateSession(CreateSession { request, .. }) = peer.hear().await else {
            panic!("another")
        };
        peer.say(SessionCreated {
            request,
            info: SessionInfo { id: other, ..info() },
            views: vec![],
            more: false,
        })
        .await;
    });
    let second = second.unwrap();
    let (one, asked_one) = tokio::join!(first.execute(CommandText::new("1")), peer.accept());
    let (two, asked_two) = tokio::join!(second.execute(CommandText::new("2")), peer.accept());
    let (mut one, mut two) = (one.unwrap(), two.unwrap());
    assert_eq!((asked_one.session, asked_two.session), (SESSION, other));
    peer.output(&asked_two, 0, &[2.into()]).await;
    peer.output(&asked_one, 0, &[1.into()]).await;
    assert_eq!(values(one.next().await), [Value::Int32(1)]);
    assert_eq!(values(two.next().await), [Value::Int32(2)]);
}
