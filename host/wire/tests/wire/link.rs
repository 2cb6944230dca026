//! The link: every message in every state, from both ends.

use crate::samples::{COMMAND, SESSION, samples};
use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, FrameLimit, Kind, Link, LinkState, ProtocolError, Side, VERSION};
use proptest::prelude::*;

fn hello() -> Message {
    Hello { versions: vec![VERSION] }.into()
}

fn authenticate() -> Message {
    Authenticate { method: Method::Certificate, token: None }.into()
}

fn goodbye() -> Message {
    Goodbye { code: FailureCode::Done, message: String::new(), versions: None }.into()
}

fn of(kind: Kind) -> Message {
    samples().into_iter().find(|message| message.kind() == kind).unwrap()
}

/// A server's link, moved to a point by the messages that lead there.
fn server_at(point: &str) -> Link {
    let mut link = Link::new(Side::Server);
    let steps = [
        ("greeting", Kind::Hello),
        ("greeted", Kind::HelloReply),
        ("authenticating", Kind::Authenticate),
        ("asked", Kind::Authenticated),
    ];
    for (name, kind) in steps {
        if name == point {
            return link;
        }
        let message = of(kind);
        let by_client = message.kind().facts().sender == Some(Side::Client);
        link = if by_client { link.received(&message).unwrap() } else { link.sent(&message).unwrap() };
    }
    match point {
        "open" => link,
        "client said goodbye" => link.received(&goodbye()).unwrap(),
        "server said goodbye" => link.sent(&goodbye()).unwrap(),
        "closed" => link.received(&goodbye()).unwrap().sent(&goodbye()).unwrap(),
        other => panic!("no point {other}"),
    }
}

/// Kinds that the client may send at a point, as the specification lists them.
fn from_client_at(point: &str) -> Vec<Kind> {
    use Kind::*;
    let requests = vec![
        Heartbeat,
        Goodbye,
        ListEndpoints,
        CreateSession,
        ListSessions,
        RemoveSession,
        Execute,
        Input,
        EndInput,
        Stop,
        Credit,
    ];
    match point {
        "greeting" => vec![Hello, Goodbye],
        "greeted" => vec![Goodbye],
        "authenticating" => vec![Authenticate, Goodbye],
        "asked" => vec![Goodbye],
        "open" | "server said goodbye" => requests,
        _ => vec![],
    }
}

/// Kinds that the server may send at a point.
fn from_server_at(point: &str) -> Vec<Kind> {
    use Kind::*;
    let replies = vec![
        Heartbeat,
        Goodbye,
        Endpoints,
        SessionCreated,
        Sessions,
        Removed,
        Accepted,
        Output,
        Finished,
        InputCredit,
        Failed,
        SessionEnded,
    ];
    match point {
        "greeting" | "authenticating" => vec![Goodbye],
        "greeted" => vec![HelloReply, Goodbye],
        "asked" => vec![Authenticated, Goodbye],
        "open" | "client said goodbye" => replies,
        _ => vec![],
    }
}

const POINTS: [&str; 8] = [
    "greeting",
    "greeted",
    "authenticating",
    "asked",
    "open",
    "client said goodbye",
    "server said goodbye",
    "closed",
];

#[test]
fn row_e08_every_kind_at_every_point_follows_the_table() {
    for point in POINTS {
        let (client, server) = (from_client_at(point), from_server_at(point));
        for message in samples() {
            let kind = message.kind();
            assert_eq!(
                server_at(point).received(&message).is_ok(),
                client.contains(&kind),
                "client's {kind} at {point}"
            );
            assert_eq!(
                server_at(point).sent(&message).is_ok(),
                server.contains(&kind),
                "server's {kind} at {point}"
            );
        }
    }
}

#[test]
fn row_e06_what_only_a_server_says_changes_nothing_when_a_client_says_it() {
    for kind in [Kind::Authenticated, Kind::Finished, Kind::SessionEnded, Kind::HelloReply] {
        for point in POINTS {
            let error = server_at(point).received(&of(kind)).unwrap_err();
            assert_eq!(error, ProtocolError::WrongSide { got: kind, side: Side::Server }, "{point}");
        }
    }
}

#[test]
fn row_e09_no_request_has_a_place_before_authentication() {
    for point in ["greeting", "greeted", "authenticating", "asked"] {
        for kind in [Kind::Execute, Kind::CreateSession, Kind::ListSessions, Kind::Stop, Kind::RemoveSession]
        {
            let error = server_at(point).received(&of(kind)).unwrap_err();
            assert!(matches!(error, ProtocolError::Unexpected { .. }), "{kind} at {point}: {error}");
        }
    }
}

#[test]
fn row_e09_a_second_authentication_has_no_place() {
    for point in ["asked", "open"] {
        assert!(server_at(point).received(&authenticate()).is_err(), "{point}");
    }
}

#[test]
fn row_e07_no_common_version_means_none_is_chosen() {
    for versions in [vec![], vec![0], vec![VERSION + 1], vec![0, u16::MAX]] {
        assert_eq!(Hello { versions }.choose(), None);
    }
    assert_eq!(Hello { versions: vec![9, VERSION] }.choose(), Some(VERSION));
}

#[test]
fn row_e07_a_second_hello_ends_the_connection() {
    for point in ["greeted", "authenticating", "asked", "open", "server said goodbye"] {
        assert!(server_at(point).received(&hello()).is_err(), "{point}");
    }
}

#[test]
fn row_e07_a_client_refuses_a_version_it_did_not_offer() {
    let link = Link::new(Side::Client).sent(&hello()).unwrap();
    let error = link.received(&HelloReply { version: 0 }.into()).unwrap_err();
    assert_eq!(error, ProtocolError::VersionNotOffered { version: 0 });
}

#[test]
fn a_hello_offers_sixteen_versions_at_most() {
    assert!(Link::new(Side::Server).received(&Hello { versions: vec![1; 16] }.into()).is_ok());
    assert!(Link::new(Side::Server).received(&Hello { versions: vec![1; 17] }.into()).is_err());
}

#[test]
fn frames_are_tiny_until_the_peer_is_known() {
    for point in ["greeting", "greeted", "authenticating", "asked", "closed"] {
        assert_eq!(server_at(point).frame_limit(), FrameLimit::EARLY, "{point}");
    }
    assert_eq!(server_at("open").frame_limit(), FrameLimit::OPEN);
    assert_eq!(server_at("server said goodbye").frame_limit(), FrameLimit::OPEN);
}

#[test]
fn an_unexpected_message_names_what_was_expected() {
    let error = server_at("authenticating").received(&of(Kind::ListSessions)).unwrap_err();
    assert_eq!(error.to_string(), "got ListSessions while authenticating; expected Authenticate, Goodbye");
    let Message::Goodbye(last) = error.to_goodbye() else { panic!("not a goodbye") };
    assert_eq!((last.code, last.message), (FailureCode::ProtoError, error.to_string()));
}

fn list(request: u64) -> Message {
    ListSessions { request }.into()
}

#[test]
fn row_e31_a_request_number_is_used_once() {
    let link = server_at("open").received(&list(7)).unwrap().received(&list(3)).unwrap();
    assert_eq!(link.received(&list(7)).unwrap_err(), ProtocolError::RequestRepeated { got: 7 });
}

#[test]
fn a_forgotten_request_number_counts_as_used() {
    let mut link = server_at("open");
    for request in 1..=1_500 {
        link = link.received(&list(request)).unwrap();
    }
    assert_eq!(link.received(&list(1)).unwrap_err(), ProtocolError::RequestRepeated { got: 1 });
}

fn part(request: u64, more: bool) -> Message {
    let (session, command) = (SESSION, COMMAND);
    Execute { request, session, command, text: "x".into(), arguments: vec![], has_input: false, more }.into()
}

#[test]
fn the_parts_of_an_execute_share_their_number_until_the_last() {
    let link = server_at("open").received(&part(1, true)).unwrap().received(&list(2)).unwrap();
    let link = link.received(&part(1, true)).unwrap().received(&part(1, false)).unwrap();
    assert_eq!(link.received(&part(1, false)).unwrap_err(), ProtocolError::RequestRepeated { got: 1 });
}

#[test]
fn row_e11_unfinished_executes_are_bounded() {
    let mut link = server_at("open");
    for request in 0..64 {
        link = link.received(&part(request, true)).unwrap();
    }
    assert!(matches!(link.received(&part(64, true)), Err(ProtocolError::TooMany { .. })));
}

proptest! {
    #[test]
    fn row_e08_random_walks_never_leave_the_states(
        steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..200),
    ) {
        let samples = samples();
        let mut link = Link::new(Side::Server);
        for (ours, at) in steps {
            let (before, message) = (link.state(), at.get(&samples));
            let Ok(next) = (if ours { link.sent(message) } else { link.received(message) }) else { break };
            link = next;
            let forward = |state| match state {
                LinkState::Greeting => 0,
                LinkState::Authenticating => 1,
                LinkState::Open => 2,
                LinkState::Draining => 3,
                LinkState::Closed => 4,
            };
            prop_assert!(forward(link.state()) >= forward(before));
        }
    }
}
