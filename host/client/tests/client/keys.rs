//! Whom the client trusts, and as whom it comes, over real TLS on loopback.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick_client::{
    Ask, ConnectError, ConnectOptions, Connection, Identity, IdentityError, Pin, ServerTrust, Target,
};
use bailiwick_wire::message::*;
use bailiwick_wire::{FrameLimit, decode, encode};
use bytes::BytesMut;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::peer::limits;

/// A server that greets everyone, with a key of its own.
struct Server {
    target: Target,
    pin: Pin,
    certificate: String,
}

async fn server(name: &str, versions: &[&'static rustls::SupportedProtocolVersion]) -> Server {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(greet(acceptor.clone(), stream));
        }
    });
    Server {
        target: Target::parse(&format!("127.0.0.1:{port}")).unwrap(),
        pin: Pin::of(made.cert.der()).unwrap(),
        certificate: made.cert.pem(),
    }
}

async fn greet(acceptor: TlsAcceptor, stream: tokio::net::TcpStream) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut buf = BytesMut::new();
    loop {
        while let Ok(Some(message)) = decode(&mut buf, FrameLimit::EARLY) {
            let reply: Message = match message {
                Message::Hello(_) => HelloReply { version: 1 }.into(),
                _ => Authenticated { user: "alice".into(), features: vec![], limits: limits() }.into(),
            };
            stream.write_all(&encode(&reply).unwrap()).await.unwrap();
            stream.flush().await.unwrap();
        }
        if !matches!(stream.read_buf(&mut buf).await, Ok(1..)) {
            return;
        }
    }
}

const TLS13: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS13];

fn identity(folder: &Path) -> PathBuf {
    let made = rcgen::generate_simple_self_signed(vec!["alice".to_owned()]).unwrap();
    let path = folder.join("identity.pem");
    write_private(&path, &format!("{}{}", made.cert.pem(), made.signing_key.serialize_pem()), 0o600);
    path
}

fn write_private(path: &Path, text: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

struct Client {
    folder: tempfile::TempDir,
    identity: Identity,
}

impl Client {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::load(&identity(folder.path())).unwrap();
        Self { folder, identity }
    }

    fn known_hosts(&self) -> PathBuf {
        self.folder.path().join("known_hosts")
    }

    async fn connect(&self, server: &Server, trust: ServerTrust) -> Result<Connection, ConnectError> {
        Connection::connect(&server.target, &self.identity, &trust, &ConnectOptions::default()).await
    }

    async fn by_key(&self, server: &Server, ask: Option<Ask>) -> Result<Connection, ConnectError> {
        self.connect(server, ServerTrust::KnownHosts { path: self.known_hosts(), ask }).await
    }
}

#[tokio::test]
async fn a_known_key_is_trusted_whatever_its_certificate_says() {
    let (client, server) = (Client::new(), server("another.example", TLS13).await);
    std::fs::write(client.known_hosts(), format!("{} {}\n", server.target, server.pin)).unwrap();
    assert_eq!(client.by_key(&server, None).await.unwrap().user(), "alice");
}

#[tokio::test]
async fn an_unknown_key_is_refused_with_what_to_do() {
    let (client, server) = (Client::new(), server("127.0.0.1", TLS13).await);
    let error = client.by_key(&server, None).await.unwrap_err();
    assert!(matches!(error, ConnectError::UnknownServerKey { pin, .. } if pin == server.pin), "{error}");
    assert!(
        error.to_string().contains(&format!("add the line `{} {}`", server.target, server.pin)),
        "{error}"
    );
    assert!(!client.known_hosts().exists());
}

#[tokio::test]
async fn a_changed_key_is_refused_loudly_and_never_asked_about() {
    let (client, server) = (Client::new(), server("127.0.0.1", TLS13).await);
    std::fs::write(client.known_hosts(), format!("{} {}\n", server.target, Pin([0; 32]))).unwrap();
    let ask: Ask = Arc::new(|_| true);
    let error = client.by_key(&server, Some(ask)).await.unwrap_err();
    assert!(matches!(error, ConnectError::ServerKeyChanged { .. }), "{error}");
    assert!(error.to_string().contains("HAS CHANGED"), "{error}");
}

#[tokio::test]
async fn a_key_is_asked_about_once_and_then_known() {
    let (client, server) = (Client::new(), server("127.0.0.1", TLS13).await);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let pin = server.pin;
    let ask: Ask = Arc::new(move |key| {
        count.fetch_add(1, Ordering::SeqCst);
        key.pin == pin
    });
    client.by_key(&server, Some(ask.clone())).await.unwrap();
    client.by_key(&server, Some(ask)).await.unwrap();
    client.by_key(&server, None).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_key_that_the_user_refuses_is_not_remembered() {
    let (client, server) = (Client::new(), server("127.0.0.1", TLS13).await);
    let ask: Ask = Arc::new(|_| false);
    let error = client.by_key(&server, Some(ask)).await.unwrap_err();
    assert!(matches!(error, ConnectError::ServerKeyRefused { .. }), "{error}");
    assert!(!client.known_hosts().exists());
}

#[tokio::test]
async fn a_ca_vouches_for_its_name_only() {
    let client = Client::new();
    let (right, wrong) = (server("127.0.0.1", TLS13).await, server("other.example", TLS13).await);
    for (server, trusted) in [(&right, true), (&wrong, false)] {
        let path = client.folder.path().join("ca.pem");
        std::fs::write(&path, &server.certificate).unwrap();
        let connected = client.connect(server, ServerTrust::Ca(path)).await;
        assert_eq!(connected.is_ok(), trusted, "{connected:?}");
    }
}

#[tokio::test]
async fn a_ca_that_did_not_sign_is_no_ca() {
    let client = Client::new();
    let (server, other) = (server("127.0.0.1", TLS13).await, server("127.0.0.1", TLS13).await);
    let path = client.folder.path().join("ca.pem");
    std::fs::write(&path, &other.certificate).unwrap();
    let error = client.connect(&server, ServerTrust::Ca(path)).await.unwrap_err();
    assert!(matches!(error, ConnectError::Tls { .. }), "{error}");
}

#[tokio::test]
async fn an_identity_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = identity(folder.path());
    let text = std::fs::read_to_string(&path).unwrap();
    write_private(&path, &text, 0o640);
    let error = Identity::load(&path).unwrap_err();
    assert!(matches!(error, IdentityError::Open { .. }), "{error}");
}

#[tokio::test]
async fn an_identity_needs_certificate_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = identity(folder.path());
    let text = std::fs::read_to_string(&path).unwrap();
    let (certificate, key) = text.split_at(text.find("-----BEGIN PRIVATE KEY").unwrap());
    for half in [certificate, key, "", "-----BEGIN CERTIFICATE-----\nx"] {
        write_private(&path, half, 0o600);
        assert!(matches!(Identity::load(&path), Err(IdentityError::Content { .. })), "{half}");
    }
    let error = Identity::load(&folder.path().join("none.pem")).unwrap_err();
    assert!(matches!(error, IdentityError::Read { .. }), "{error}");
}
