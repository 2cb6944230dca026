//! Samples that several tests share: one message of every kind, and any message.

use bailiwick_objects::metadata::{Alignment, Column, StreamKind, View};
use bailiwick_wire::message::*;
use bailiwick_wire::{CommandId, FailureCode, Message, SessionId};
use bytes::BytesMut;
use proptest::prelude::*;

pub(crate) const SESSION: SessionId = SessionId(*b"session-00000001");
pub(crate) const COMMAND: CommandId = CommandId(*b"command-00000001");

/// One message of every kind, in the order of their numbers.
pub(crate) fn samples() -> Vec<Message> {
    let info = info(SESSION, "web", "Logs:/");
    let limits = Limits {
        data_frame: 32_768,
        window: 262_144,
        batch: 16_777_216,
        execute: 1_048_576,
        silence_seconds: 240,
    };
    let column = |label: &str, width, alignment| Column {
        label: label.into(),
        property: label.into(),
        width,
        alignment,
    };
    let view = View {
        type_name: "System.IO.FileInfo".into(),
        columns: vec![column("Length", Some(14), Alignment::Right), column("Name", None, Alignment::Left)],
        group_by: Some(column("Directory", None, Alignment::Left)),
        properties: vec!["Name".into()],
    };
    let endpoint = EndpointSummary {
        name: "helpdesk".into(),
        description: "First line".into(),
        language: Language::No,
        commands: vec!["Get-Content".into()],
    };
    let (session, command) = (SESSION, COMMAND);
    vec![
        Hello { versions: vec![1] }.into(),
        HelloReply { version: 1 }.into(),
        Authenticate { method: Method::Token, token: Some(Secret("t0ken".into())) }.into(),
        Authenticated { user: "alice".into(), features: vec![], limits }.into(),
        Heartbeat { wants_reply: true }.into(),
        Goodbye { code: FailureCode::VersionUnsupported, message: "bye".into(), versions: Some(vec![1]) }
            .into(),
        ListEndpoints { request: 1 }.into(),
        CreateSession {
            request: 2,
            endpoint: Some("helpdesk".into()),
            name: None,
            width: 120,
            interactive: false,
            idle_timeout: Some(900),
        }
        .into(),
        ListSessions { request: 3 }.into(),
        RemoveSession { request: 4, session }.into(),
        Execute {
            request: 5,
            session,
            command,
            text: "Get-Date".into(),
            arguments: vec![0x80],
            has_input: true,
            more: false,
        }
        .into(),
        Input { session, command, seq: 0, more: false, batch: vec![1, 2] }.into(),
        EndInput { session, command, seq: 1 }.into(),
        Stop { session, command }.into(),
        Credit { session, command, bytes: 4096 }.into(),
        Endpoints { request: 1, endpoints: vec![endpoint], more: false }.into(),
        SessionCreated { request: 2, info: info.clone(), views: vec![view], more: false }.into(),
        Sessions { request: 3, sessions: vec![info], more: false }.into(),
        Removed { request: 4, session }.into(),
        Accepted { request: 5, session, command }.into(),
        Output { session, command, seq: 0, stream: StreamKind::Output, more: true, batch: vec![1, 2, 3] }
            .into(),
        Finished {
            session,
            command,
            seq: 2,
            status: Status::Failed,
            had_errors: true,
            refused: false,
            location: "Logs:/".into(),
            error: Some(vec![9]),
        }
        .into(),
        InputCredit { session, command, bytes: 4096 }.into(),
        Failed { request: 5, code: FailureCode::Busy, message: "busy".into(), help: "wait".into() }.into(),
        SessionEnded { session, reason: EndReason::Idle, message: "idle".into() }.into(),
    ]
}

/// A session's description.
pub(crate) fn info(id: SessionId, name: &str, location: &str) -> SessionInfo {
    SessionInfo {
        id,
        name: name.into(),
        endpoint: "helpdesk".into(),
        state: SessionState::Opened,
        availability: Availability::Available,
        location: location.into(),
        language: Language::No,
        created: 1_800_000_000,
    }
}

/// Any message: a sample with its free parts varied.
pub(crate) fn any_message() -> impl Strategy<Value = Message> {
    let count = samples().len();
    let parts =
        (0..count, any::<u64>(), ".{0,40}", prop::collection::vec(any::<u8>(), 0..300), any::<bool>());
    parts.prop_map(|(at, number, text, bytes, flag)| {
        varied(samples().swap_remove(at), number, text, bytes, flag)
    })
}

fn varied(message: Message, number: u64, words: String, bytes: Vec<u8>, flag: bool) -> Message {
    match message {
        Message::ListEndpoints(_) => ListEndpoints { request: number }.into(),
        Message::Authenticate(_) => {
            Authenticate { method: Method::Certificate, token: flag.then_some(Secret(words)) }.into()
        }
        Message::CreateSession(m) => {
            CreateSession { request: number, endpoint: None, name: flag.then_some(words), ..m }.into()
        }
        Message::Execute(m) => {
            Execute { request: number, text: words, arguments: bytes, more: flag, ..m }.into()
        }
        Message::Input(m) => Input { seq: number, batch: bytes, more: flag, ..m }.into(),
        Message::Output(m) => Output { seq: number, batch: bytes, more: flag, ..m }.into(),
        Message::Finished(m) => {
            Finished { seq: number, error: flag.then_some(bytes), location: words, ..m }.into()
        }
        Message::Failed(m) => Failed { request: number, message: words, ..m }.into(),
        Message::Goodbye(m) => Goodbye { message: words, versions: None, ..m }.into(),
        other => other,
    }
}

/// The bytes of messages, one after another.
pub(crate) fn stream(messages: &[Message]) -> Vec<u8> {
    messages.iter().flat_map(|message| bailiwick_wire::encode(message).unwrap()).collect()
}

/// A frame around a body.
pub(crate) fn framed(body: &[u8]) -> BytesMut {
    let mut frame = BytesMut::from(&u32::try_from(body.len()).unwrap().to_be_bytes()[..]);
    frame.extend_from_slice(body);
    frame
}
