//! What the door does with bytes that are not what they should be, before and after the login. No session is needed.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod common;

use bailiwick_server::Credential;
use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, Kind, Message, Side, VERSION, encode};
use common::{ALICE, BOB, STRANGER, door};
use proptest::prelude::*;

/// Where a connection stands when the bytes come.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    Greeting,
    Authenticating,
    Open,
}

const STAGES: [Stage; 3] = [Stage::Greeting, Stage::Authenticating, Stage::Open];

async fn at(door: &common::Door, stage: Stage) -> common::Raw {
    let mut raw = door.knock(ALICE);
    match stage {
        Stage::Greeting => {}
        Stage::Authenticating => {
            raw.send(Hello { versions: vec![VERSION] }).await;
            raw.next().await;
        }
        Stage::Open => raw.log_in().await,
    }
    raw
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    frame.extend(body);
    frame
}

async fn breaks_the_protocol(stage: Stage, bytes: &[u8]) {
    let door = door();
    let mut raw = at(&door, stage).await;
    raw.send_bytes(bytes).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::ProtoError, "{stage:?} {}", hex::encode(bytes));
    raw.cut().await;
    assert_eq!(door.host.session_count(), 0);
    assert_eq!(door.recorded(&["protocol-error"]), 1);
}

#[tokio::test]
async fn row_e01_a_frame_without_room_for_a_message_ends_the_connection() {
    for stage in STAGES {
        for length in 0..3_u8 {
            breaks_the_protocol(stage, &[0, 0, 0, length, 0, 0]).await;
        }
    }
}

#[tokio::test]
async fn row_e01_a_connection_of_one_byte_leaves_nothing() {
    let door = door();
    let mut raw = door.knock(ALICE);
    raw.send_bytes(&[0]).await;
    raw.cut().await;
    assert_eq!(door.recorded(&["authenticated"]), 0);
}

#[tokio::test]
async fn row_e03_a_length_beyond_the_limit_is_refused_by_the_head() {
    for stage in STAGES {
        breaks_the_protocol(stage, &[0xff; 4]).await;
    }
    breaks_the_protocol(Stage::Greeting, &[0, 0, 0x10, 0x01]).await;
}

#[tokio::test]
async fn row_e04_an_exchange_cut_after_any_byte_leaves_nothing_behind() {
    let door = door();
    let mut bytes = Vec::new();
    for message in [
        Message::from(Hello { versions: vec![VERSION] }),
        Authenticate { method: Method::Certificate, token: None }.into(),
        ListEndpoints { request: 1 }.into(),
    ] {
        bytes.extend(encode(&message).unwrap());
    }
    for cut in 0..bytes.len() {
        let mut raw = door.knock(ALICE);
        raw.send_bytes(&bytes[..cut]).await;
        raw.cut().await;
    }
    assert_eq!(door.host.session_count(), 0);
}

#[tokio::test]
async fn row_e05_bytes_after_a_message_within_its_frame_end_the_connection() {
    breaks_the_protocol(Stage::Open, &frame(&[0xa2, 0x00, 0x12, 0x01, 0x01, 0x00])).await;
}

#[tokio::test]
async fn row_e05_a_body_shorter_than_announced_takes_the_next_head_and_ends_the_connection() {
    let mut bytes = frame(&[0xa2, 0x00, 0x12, 0x01, 0x01]);
    bytes[3] += 2;
    bytes.extend(frame(&[0xa2, 0x00, 0x12, 0x01, 0x02]));
    breaks_the_protocol(Stage::Open, &bytes).await;
}

#[tokio::test]
async fn row_e06_every_kind_that_a_client_may_not_send_ends_the_connection() {
    for stage in STAGES {
        for number in 0..=255_u8 {
            let known = Kind::from_number(u64::from(number));
            let sent_by_clients = known.is_some_and(|kind| kind.facts().sender != Some(Side::Server));
            if sent_by_clients {
                continue;
            }
            let body = if number < 24 { vec![0xa1, 0x00, number] } else { vec![0xa1, 0x00, 0x18, number] };
            let door = door();
            let mut raw = at(&door, stage).await;
            raw.send_bytes(&frame(&body)).await;
            assert_eq!(raw.goodbye().await.code, FailureCode::ProtoError, "{stage:?} {number}");
        }
    }
}

#[tokio::test]
async fn row_e06_a_message_that_only_a_server_sends_changes_nothing() {
    let limits = Limits { data_frame: 1, window: 1, batch: 1, execute: 1, silence_seconds: 1 };
    let welcome = Authenticated { user: "alice".to_owned(), features: Vec::new(), limits };
    breaks_the_protocol(Stage::Authenticating, &encode(&welcome.into()).unwrap()).await;
}

#[tokio::test]
async fn row_e07_without_a_common_version_the_server_names_its_own() {
    for versions in [vec![], vec![0], vec![VERSION + 1], vec![u16::MAX, 0]] {
        let door = door();
        let mut raw = door.knock(ALICE);
        raw.send(Hello { versions }).await;
        let goodbye = raw.goodbye().await;
        assert_eq!(goodbye.code, FailureCode::VersionUnsupported);
        assert_eq!(goodbye.versions, Some(vec![VERSION]));
    }
}

#[tokio::test]
async fn row_e07_a_second_hello_ends_the_connection() {
    for stage in [Stage::Authenticating, Stage::Open] {
        breaks_the_protocol(stage, &encode(&Hello { versions: vec![VERSION] }.into()).unwrap()).await;
    }
}

#[tokio::test]
async fn row_e09_nothing_is_done_before_the_login() {
    let requests: [Message; 5] = [
        ListEndpoints { request: 1 }.into(),
        ListSessions { request: 1 }.into(),
        CreateSession {
            request: 1,
            endpoint: None,
            name: None,
            width: 80,
            interactive: false,
            idle_timeout: None,
        }
        .into(),
        RemoveSession { request: 1, session: bailiwick_wire::SessionId([0; 16]) }.into(),
        Heartbeat { wants_reply: true }.into(),
    ];
    for request in requests {
        for stage in [Stage::Greeting, Stage::Authenticating] {
            breaks_the_protocol(stage, &encode(&request).unwrap()).await;
        }
    }
}

#[tokio::test]
async fn row_e09_a_second_login_ends_the_connection() {
    let again = Authenticate { method: Method::Certificate, token: None };
    breaks_the_protocol(Stage::Open, &encode(&again.into()).unwrap()).await;
}

#[tokio::test]
async fn row_e12_malformed_arguments_end_the_connection() {
    let execute = Execute {
        request: 1,
        session: bailiwick_wire::SessionId([0; 16]),
        command: bailiwick_wire::CommandId([0; 16]),
        text: "1".to_owned(),
        arguments: vec![0xff; 9],
        has_input: false,
        more: false,
    };
    breaks_the_protocol(Stage::Open, &encode(&execute.into()).unwrap()).await;
}

#[tokio::test]
async fn row_e23_a_key_that_nobody_has_is_refused_without_a_reason() {
    let door = door();
    let mut raw = door.knock(STRANGER);
    raw.send(Hello { versions: vec![VERSION] }).await;
    raw.next().await;
    raw.send(Authenticate { method: Method::Certificate, token: None }).await;
    let goodbye = raw.goodbye().await;
    assert_eq!(goodbye.code, FailureCode::AuthFailed);
    assert!(!goodbye.message.contains("users.toml"), "{}", goodbye.message);
    assert_eq!(door.recorded(&["authentication-failed", "spki-sha256:AwMD", "a test"]), 1);
    assert_eq!(door.recorded(&["\"authenticated\""]), 0);
}

#[tokio::test]
async fn row_e23_a_token_beside_a_certificate_is_refused() {
    let door = door();
    let mut raw = door.knock(ALICE);
    raw.send(Hello { versions: vec![VERSION] }).await;
    raw.next().await;
    raw.send(Authenticate { method: Method::Certificate, token: Some(Secret("bob's".to_owned())) }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::AuthFailed);
    assert_eq!(door.recorded(&["bob's"]), 0, "a token is never recorded");
}

#[tokio::test]
async fn a_token_is_not_supported_by_this_version() {
    let door = door();
    let mut raw = door.knock_with(Credential::None);
    raw.send(Hello { versions: vec![VERSION] }).await;
    raw.next().await;
    raw.send(Authenticate { method: Method::Token, token: Some(Secret("secret".to_owned())) }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::Unsupported);
}

#[tokio::test]
async fn without_tls_a_certificate_proves_nothing() {
    let door = door();
    let mut raw = door.knock_with(Credential::None);
    raw.send(Hello { versions: vec![VERSION] }).await;
    raw.next().await;
    raw.send(Authenticate { method: Method::Certificate, token: None }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::AuthFailed);
}

#[tokio::test]
async fn a_login_is_on_record_with_the_peer_and_its_end() {
    let door = door();
    let raw = door.login(ALICE).await;
    assert_eq!(door.recorded(&["\"authenticated\"", "alice", "a test"]), 1);
    raw.cut().await;
    assert_eq!(door.recorded(&["connection-closed", "alice"]), 1);
}

#[tokio::test]
async fn row_e66_before_the_login_the_server_says_its_version_and_nothing_else() {
    let door = door();
    let mut raw = door.knock(STRANGER);
    raw.send(Hello { versions: vec![VERSION] }).await;
    assert_eq!(raw.next().await, Some(HelloReply { version: VERSION }.into()));
    raw.shut().await;
    assert_eq!(raw.next().await, None);
}

#[tokio::test]
async fn a_goodbye_is_answered_with_one() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    raw.send(Goodbye { code: FailureCode::Done, message: String::new(), versions: None }).await;
    assert_eq!(raw.goodbye().await.code, FailureCode::Done);
}

#[tokio::test]
async fn a_heartbeat_is_answered_when_it_asks() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    raw.send(Heartbeat { wants_reply: false }).await;
    raw.send(Heartbeat { wants_reply: true }).await;
    assert_eq!(raw.next().await, Some(Heartbeat { wants_reply: false }.into()));
    raw.cut().await;
}

#[tokio::test]
async fn row_e27_endpoints_are_the_callers_own() {
    let door = door();
    let mut of = Vec::new();
    for key in [ALICE, BOB] {
        let mut raw = door.login(key).await;
        raw.send(ListEndpoints { request: 1 }).await;
        let Some(Message::Endpoints(page)) = raw.next().await else { panic!() };
        of.push(page.endpoints.into_iter().map(|endpoint| endpoint.name).collect::<Vec<_>>());
    }
    assert_eq!(of, [vec!["lab"], vec!["lab", "of-bob"]]);
}

#[tokio::test(start_paused = true)]
async fn row_e65_answers_that_nobody_reads_do_not_pile_up() {
    let door = door();
    let mut raw = door.login(ALICE).await;
    let asking = async {
        for request in 1..1_000_000 {
            raw.send(ListEndpoints { request }).await;
        }
    };
    // The server stops reading once its outbox is full, and so the client can't go on writing.
    assert!(tokio::time::timeout(std::time::Duration::from_secs(2), asking).await.is_err());
}

/// Everything that a client says in a short, proper visit.
fn visit() -> Vec<u8> {
    let messages: [Message; 6] = [
        Hello { versions: vec![9, VERSION] }.into(),
        Authenticate { method: Method::Certificate, token: None }.into(),
        ListEndpoints { request: 1 }.into(),
        Heartbeat { wants_reply: true }.into(),
        RemoveSession { request: 2, session: bailiwick_wire::SessionId([7; 16]) }.into(),
        ListSessions { request: 3 }.into(),
    ];
    messages.iter().flat_map(|message| encode(message).unwrap()).collect()
}

/// What the server says to these pieces, as bytes by kind of answer: control may overtake data, so in sorted order.
async fn answers(pieces: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let door = door();
    let mut raw = door.knock(BOB);
    for piece in pieces {
        raw.send_bytes(&piece).await;
        tokio::task::yield_now().await;
    }
    let mut answers = Vec::new();
    while answers.len() < 6 {
        answers.push(encode(&raw.next().await.unwrap()).unwrap());
    }
    answers.sort();
    answers
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn row_e13_answers_do_not_depend_on_how_the_bytes_arrive(cuts in prop::collection::vec(1..20_usize, 1..80)) {
        let whole = visit();
        let mut pieces = Vec::new();
        let mut rest = whole.as_slice();
        for cut in cuts {
            let (piece, tail) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece.to_vec());
            rest = tail;
        }
        pieces.push(rest.to_vec());
        let (split, joined) = runtime().block_on(async { (answers(pieces).await, answers(vec![whole]).await) });
        prop_assert_eq!(split, joined);
    }

    #[test]
    fn row_e17_no_bytes_bring_the_door_down(known: bool, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        runtime().block_on(async {
            let door = door();
            let mut raw = if known { door.login(ALICE).await } else { door.knock(ALICE) };
            raw.send_bytes(&bytes).await;
            raw.cut().await;
            // It goes on serving.
            door.login(BOB).await.cut().await;
        });
    }
}
