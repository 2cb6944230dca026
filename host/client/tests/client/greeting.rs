//! How a connection begins, and the ways in which it does not.

use bailiwick_client::{ConnectError, ConnectOptions, Connection, Identity, ServerTrust, Target};
use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, Kind};

use crate::peer::connecting;

/// The error of a connection to a host that follows a script.
async fn refused_by(script: impl AsyncFnOnce(&mut crate::peer::Peer)) -> ConnectError {
    let (connecting, mut peer) = connecting();
    let (connection, ()) = tokio::join!(connecting, async {
        script(&mut peer).await;
        drop(peer);
    });
    connection.unwrap_err()
}

async fn until_authenticate(peer: &mut crate::peer::Peer) {
    peer.hear().await;
    peer.say(HelloReply { version: 1 }).await;
    assert_eq!(peer.hear().await.kind(), Kind::Authenticate);
}

#[tokio::test]
async fn a_refused_identity_is_told_as_such() {
    let error = refused_by(async |peer| {
        until_authenticate(peer).await;
        peer.say(Goodbye { code: FailureCode::AuthFailed, message: String::new(), versions: None }).await;
    })
    .await;
    assert!(matches!(error, ConnectError::AuthFailed), "{error}");
}

#[tokio::test]
async fn row_e07_no_common_version_lists_the_hosts() {
    let error = refused_by(async |peer| {
        peer.hear().await;
        let (code, versions) = (FailureCode::VersionUnsupported, Some(vec![7, 8]));
        peer.say(Goodbye { code, message: String::new(), versions }).await;
    })
    .await;
    assert_eq!(error.to_string(), "the host speaks versions [7, 8] of the protocol, this client version 1");
}

#[tokio::test]
async fn row_e07_a_version_that_was_not_offered_is_refused() {
    let error = refused_by(async |peer| {
        peer.hear().await;
        peer.say(HelloReply { version: 9 }).await;
    })
    .await;
    assert!(matches!(error, ConnectError::Protocol(_)), "{error}");
}

#[tokio::test]
async fn a_host_that_is_ending_says_so() {
    let error = refused_by(async |peer| {
        peer.hear().await;
        let (code, message) = (FailureCode::ShuttingDown, "the host is ending".into());
        peer.say(Goodbye { code, message, versions: None }).await;
    })
    .await;
    assert_eq!(error.to_string(), "the host ended the connection (SHUTTING_DOWN): the host is ending");
}

#[tokio::test]
async fn something_else_that_listens_is_told_as_such() {
    let error = refused_by(async |peer| peer.send(b"SSH-2.0-OpenSSH_9.9\r\n").await).await;
    assert!(error.to_string().contains("check that a bailiwick host listens there"), "{error}");
}

#[tokio::test]
async fn row_e03_a_host_cannot_make_the_client_buffer_before_it_is_known() {
    let error = refused_by(async |peer| peer.send(&[0, 0, 0x20, 0]).await).await;
    assert!(error.to_string().contains("longer than the 4096 bytes allowed here"), "{error}");
}

#[tokio::test]
async fn a_host_that_closes_at_once_is_a_loss() {
    let error = refused_by(async |_| {}).await;
    assert!(matches!(error, ConnectError::Lost { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_says_nothing_times_out() {
    let (connecting, _peer) = connecting();
    let error = connecting.await.unwrap_err();
    assert!(error.to_string().contains("did not answer within 10 s"), "{error}");
}

fn token() -> (Identity, ServerTrust) {
    let trust = ServerTrust::KnownHosts { path: "/nowhere/known_hosts".into(), ask: None };
    (Identity::Token("t".into()), trust)
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (identity, trust) = token();
    let target = Target::parse(&format!("127.0.0.1:{port}")).unwrap();
    let error =
        Connection::connect(&target, &identity, &trust, &ConnectOptions::default()).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_token_never_leaves_this_machine() {
    let (identity, trust) = token();
    // An address for documentation: refused before anything is sent there.
    let target = Target::parse("192.0.2.1").unwrap();
    let error =
        Connection::connect(&target, &identity, &trust, &ConnectOptions::default()).await.unwrap_err();
    assert!(matches!(error, ConnectError::TokenBeyondLoopback { .. }), "{error}");
}
