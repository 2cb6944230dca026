//! A real server on a loopback port: who gets in over TLS, and how it ends.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod common;

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bailiwick_runtime::Host;
use bailiwick_server::{Limits, ServeError, Server, ServerOptions, TlsFiles};
use bailiwick_wire::message::*;
use bailiwick_wire::{FailureCode, FrameLimit, Message, VERSION, decode, encode};
use bytes::BytesMut;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A key pair and a certificate that says anything.
struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    spki: [u8; 32],
    pem: (String, String),
}

fn identity(common_name: &str) -> Identity {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, common_name);
    let certificate = parameters.self_signed(&key).unwrap();
    let spki = Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(&key)).into();
    Identity {
        chain: vec![certificate.der().clone()],
        key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        spki,
        pem: (certificate.pem(), key.serialize_pem()),
    }
}

fn tls_files(folder: &Path, identity: &Identity) -> TlsFiles {
    let write = |name: &str, text: &str| -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    };
    TlsFiles { certificate: write("server.pem", &identity.pem.0), key: write("server.key", &identity.pem.1) }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
    server: Identity,
    folder: tempfile::TempDir,
    host: Host,
}

fn start(alice: [u8; 32], limits: Limits) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let host = common::host(&folder, alice);
    let server = identity("a server");
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let options =
        ServerOptions { limits, ..ServerOptions::new(listen, Some(tls_files(folder.path(), &server))) };
    let bound = Server::bind(host.clone(), options).unwrap();
    let address = bound.local_addr();
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(bound.run(async {
        let _ = stopped.await;
    }));
    Running { address, stop, task, server, folder, host }
}

type Stream = TlsStream<TcpStream>;

async fn connect(running: &Running, client: Option<&Identity>) -> std::io::Result<Stream> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(running.server.chain[0].clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots);
    let config = match client {
        Some(client) => config.with_client_auth_cert(client.chain.clone(), client.key.clone_key()).unwrap(),
        None => config.with_no_client_auth(),
    };
    let stream = TcpStream::connect(running.address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

async fn say(stream: &mut Stream, message: impl Into<Message>) {
    stream.write_all(&encode(&message.into()).unwrap()).await.unwrap();
    stream.flush().await.unwrap();
}

async fn hear(stream: &mut Stream) -> Option<Message> {
    let mut buffer = BytesMut::new();
    loop {
        // One byte at a time, so that nothing of the next message is taken.
        if let Some(message) = decode(&mut buffer, FrameLimit::OPEN).unwrap() {
            return Some(message);
        }
        let mut byte = [0];
        match stream.read(&mut byte).await {
            Ok(1) => buffer.extend(byte),
            _end => return None,
        }
    }
}

async fn log_in(stream: &mut Stream) -> Option<Message> {
    say(stream, Hello { versions: vec![VERSION] }).await;
    hear(stream).await?;
    say(stream, Authenticate { method: Method::Certificate, token: None }).await;
    hear(stream).await
}

#[tokio::test]
async fn the_key_of_the_certificate_is_who_the_peer_is() {
    let alice = identity("whoever");
    let running = start(alice.spki, Limits::default());
    let mut stream = connect(&running, Some(&alice)).await.unwrap();
    let Some(Message::Authenticated(welcome)) = log_in(&mut stream).await else { panic!() };
    assert_eq!(welcome.user, "alice");
}

#[tokio::test]
async fn row_e23_a_name_in_the_certificate_never_counts() {
    let [alice, other] = [identity("alice"), identity("alice")];
    let running = start(alice.spki, Limits::default());
    let mut stream = connect(&running, Some(&other)).await.unwrap();
    let Some(Message::Goodbye(goodbye)) = log_in(&mut stream).await else { panic!() };
    assert_eq!(goodbye.code, FailureCode::AuthFailed);
}

#[tokio::test]
async fn row_e23_without_a_certificate_there_is_no_connection() {
    let running = start(common::ALICE, Limits::default());
    let mut stream = match connect(&running, None).await {
        Ok(stream) => stream,
        Err(_refused) => return,
    };
    // In TLS 1.3 the client's side of the handshake ends before it hears that it was refused.
    let _ = stream.write_all(&encode(&Hello { versions: vec![VERSION] }.into()).unwrap()).await;
    assert_eq!(hear(&mut stream).await, None);
}

#[tokio::test]
async fn row_e37_a_flood_keeps_nobody_out() {
    let alice = identity("alice");
    let running = start(alice.spki, Limits { anonymous_per_source: 8, ..Limits::default() });
    let mut flood = Vec::new();
    for _ in 0..200 {
        flood.push(TcpStream::connect(running.address).await.unwrap());
    }
    let login = async { log_in(&mut connect(&running, Some(&alice)).await.unwrap()).await };
    let welcome = tokio::time::timeout(Duration::from_secs(5), login).await.unwrap();
    assert!(matches!(welcome, Some(Message::Authenticated(_))), "{welcome:?}");
}

#[tokio::test]
async fn row_e51_a_server_that_ends_says_goodbye_and_leaves_no_session() {
    let alice = identity("alice");
    let running = start(alice.spki, Limits::default());
    let mut stream = connect(&running, Some(&alice)).await.unwrap();
    log_in(&mut stream).await;
    say(
        &mut stream,
        CreateSession {
            request: 1,
            endpoint: None,
            name: None,
            width: 80,
            interactive: false,
            idle_timeout: None,
        },
    )
    .await;
    while !matches!(hear(&mut stream).await, Some(Message::SessionCreated(page)) if !page.more) {}
    running.stop.send(()).unwrap();
    let Some(Message::Goodbye(goodbye)) = hear(&mut stream).await else { panic!() };
    assert_eq!(goodbye.code, FailureCode::ShuttingDown);
    drop(stream);
    running.task.await.unwrap().unwrap();
    assert_eq!(running.host.session_count(), 0);
    assert!(TcpStream::connect(running.address).await.is_err());
    drop(running.folder);
}

#[tokio::test]
async fn row_e51_a_command_past_the_drain_limit_is_stopped() {
    let alice = identity("alice");
    let limits =
        Limits { drain: Duration::from_millis(200), farewell: Duration::from_secs(30), ..Limits::default() };
    let running = start(alice.spki, limits);
    let mut stream = connect(&running, Some(&alice)).await.unwrap();
    log_in(&mut stream).await;
    let create = CreateSession {
        request: 1,
        endpoint: None,
        name: None,
        width: 80,
        interactive: false,
        idle_timeout: None,
    };
    say(&mut stream, create).await;
    let session = loop {
        if let Some(Message::SessionCreated(SessionCreated { info, more: false, .. })) =
            hear(&mut stream).await
        {
            break info.id;
        }
    };
    let execute = Execute {
        request: 2,
        session,
        command: bailiwick_wire::CommandId([1; 16]),
        text: "while ($true) { }".to_owned(),
        arguments: Vec::new(),
        has_input: false,
        more: false,
    };
    say(&mut stream, execute).await;
    assert!(matches!(hear(&mut stream).await, Some(Message::Accepted(_))));
    running.stop.send(()).unwrap();
    let heard = hear(&mut stream).await;
    let Some(Message::Finished(finished)) = heard else { panic!("{heard:?}") };
    assert_eq!(finished.status, Status::Stopped);
    assert!(matches!(hear(&mut stream).await, Some(Message::Goodbye(_))));
    drop(stream);
    running.task.await.unwrap().unwrap();
    assert_eq!(running.host.session_count(), 0);
}

#[tokio::test]
async fn plain_tcp_beyond_loopback_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = common::host(&folder, common::ALICE);
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let options = ServerOptions::new(listen.parse().unwrap(), None);
        let refused = Server::bind(host.clone(), options);
        assert!(matches!(refused, Err(ServeError::PlainBeyondLoopback(_))), "{listen}");
    }
    assert!(Server::bind(host, ServerOptions::new("127.0.0.1:0".parse().unwrap(), None)).is_ok());
}

#[tokio::test]
async fn a_private_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = common::host(&folder, common::ALICE);
    let files = tls_files(folder.path(), &identity("a server"));
    for mode in [0o640, 0o604, 0o620] {
        std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(mode)).unwrap();
        let options = ServerOptions::new("127.0.0.1:0".parse().unwrap(), Some(files.clone()));
        assert!(
            matches!(Server::bind(host.clone(), options), Err(ServeError::KeyExposed { .. })),
            "{mode:o}"
        );
    }
}

#[tokio::test]
async fn a_key_of_another_certificate_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = common::host(&folder, common::ALICE);
    let files = tls_files(folder.path(), &identity("a server"));
    std::fs::write(&files.key, identity("another").pem.1).unwrap();
    let options = ServerOptions::new("127.0.0.1:0".parse().unwrap(), Some(files));
    assert!(matches!(Server::bind(host, options), Err(ServeError::Identity { .. })));
}
