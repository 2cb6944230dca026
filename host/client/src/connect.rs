//! From a name to an open connection: TCP, TLS with the right server, the version, who the client is.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bailiwick_wire::message::{Authenticate, Authenticated, Goodbye, Hello, HelloReply, Method, Secret};
use bailiwick_wire::{FailureCode, Link, Message, Side, VERSION, decode, encode};
use bytes::BytesMut;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::connection::Connection;
use crate::error::ConnectError;
use crate::identity::Identity;
use crate::known_hosts::{self, Pin};
use crate::target::Target;
use crate::trust::{self, Ask, ServerTrust, UnknownKey};

/// How a connection is made.
///
/// # Defaults
/// 10 s for reaching the host and TLS, as long again for the greeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectOptions {
    /// For each of the two steps; a question to the user does not count.
    pub timeout: Duration,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10) }
    }
}

/// How the client says who it is on a stream that is there already.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// The certificate of the stream's TLS handshake.
    Certificate,
    /// A token.
    Token(String),
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Certificate => "Certificate",
            Self::Token(_) => "Token(***)",
        })
    }
}

impl Connection {
    /// Connects to a host: over TLS 1.3 with a certificate, over plain TCP within this machine with a token.
    ///
    /// # Errors
    /// One for each way in which there is no connection; nothing was asked of the host then.
    pub async fn connect(
        target: &Target,
        identity: &Identity,
        trust: &ServerTrust,
        options: &ConnectOptions,
    ) -> Result<Self, ConnectError> {
        let secure = match (identity, trust) {
            (Identity::Token(token), _) => {
                let stream = reach(target, true, options).await?;
                return Self::over(stream, target, Credential::Token(token.clone()), options).await;
            }
            (Identity::Certificate { .. }, ServerTrust::Ca(path)) => {
                let config = trust::vouched(target, identity, path)?;
                secure(target, config, options).await?
            }
            (Identity::Certificate { .. }, ServerTrust::KnownHosts { path, ask }) => {
                by_key(target, identity, path, ask.as_ref(), options).await?
            }
        };
        Self::over(secure, target, Credential::Certificate, options).await
    }

    /// Greets and authenticates on a stream that is there already. `target` is for messages.
    ///
    /// # Errors
    /// As [`Connection::connect`].
    pub async fn over<S>(
        mut stream: S,
        target: &Target,
        credential: Credential,
        options: &ConnectOptions,
    ) -> Result<Self, ConnectError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let mut buf = BytesMut::new();
        let greeted = timeout(options.timeout, greet(&mut stream, &mut buf, credential)).await;
        let (link, welcome) = greeted.map_err(|_| timed_out(target, options))??;
        Ok(Self::open(stream, buf, link, welcome))
    }
}

async fn greet<S>(
    stream: &mut S,
    buf: &mut BytesMut,
    credential: Credential,
) -> Result<(Link, Authenticated), ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let link = say(stream, Link::new(Side::Client), Hello { versions: vec![VERSION] }.into()).await?;
    let (link, reply) = hear(stream, buf, link).await?;
    let Message::HelloReply(HelloReply { .. }) = reply else { return Err(refused(reply)) };
    let (method, token) = match credential {
        Credential::Certificate => (Method::Certificate, None),
        Credential::Token(token) => (Method::Token, Some(Secret(token))),
    };
    let link = say(stream, link, Authenticate { method, token }.into()).await?;
    match hear(stream, buf, link).await? {
        (link, Message::Authenticated(welcome)) => Ok((link, welcome)),
        (_, other) => Err(refused(other)),
    }
}

async fn say(
    stream: &mut (impl AsyncWrite + Unpin),
    link: Link,
    message: Message,
) -> Result<Link, ConnectError> {
    let lost = |reason: String| ConnectError::Lost { reason };
    let link = link.sent(&message)?;
    let frame = encode(&message).map_err(|error| lost(error.to_string()))?;
    // A host that has closed may have said why: what it said is read next.
    if let Err(error) = stream.write_all(&frame).await {
        tracing::debug!(%error, "nothing can be written");
    } else if let Err(error) = stream.flush().await {
        tracing::debug!(%error, "nothing can be written");
    }
    Ok(link)
}

async fn hear(
    stream: &mut (impl AsyncRead + Unpin),
    buf: &mut BytesMut,
    link: Link,
) -> Result<(Link, Message), ConnectError> {
    loop {
        if let Some(message) = decode(buf, link.frame_limit())? {
            return Ok((link.received(&message)?, message));
        }
        match stream.read_buf(buf).await {
            Ok(0) => return Err(ConnectError::Lost { reason: "the host closed it".into() }),
            Ok(_) => {}
            Err(error) if is_alert(&error) => return Err(ConnectError::AuthFailed),
            Err(error) => return Err(ConnectError::Lost { reason: error.to_string() }),
        }
    }
}

/// After the client's side of TLS is done, an alert is the server's word on the client's certificate.
fn is_alert(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(inner, Some(rustls::Error::AlertReceived(_)))
}

/// What the link let through that is not the answer is a goodbye.
fn refused(message: Message) -> ConnectError {
    match message {
        Message::Goodbye(Goodbye { code: FailureCode::AuthFailed, .. }) => ConnectError::AuthFailed,
        Message::Goodbye(Goodbye { code: FailureCode::VersionUnsupported, versions, .. }) => {
            ConnectError::Version { theirs: versions.unwrap_or_default() }
        }
        Message::Goodbye(Goodbye { code, message, .. }) => ConnectError::Refused { code, message },
        other => {
            ConnectError::Lost { reason: format!("the host said {} instead of an answer", other.kind()) }
        }
    }
}

/// TLS with a server whose key is known, or becomes known by asking.
async fn by_key(
    target: &Target,
    identity: &Identity,
    path: &std::path::Path,
    ask: Option<&Ask>,
    options: &ConnectOptions,
) -> Result<TlsStream<TcpStream>, ConnectError> {
    let known = known_hosts::pins_of(path, target)?;
    let (error, pin) = match try_key(target, identity, known.clone(), options).await? {
        Ok(stream) => return Ok(stream),
        Err((error, None)) => return Err(error),
        Err((error, Some(pin))) => (error, pin),
    };
    tracing::debug!(%error, "the server's key is not a known one");
    let (target, file) = (target.clone(), path.to_owned());
    if !known.is_empty() {
        return Err(ConnectError::ServerKeyChanged { target, pin, file });
    }
    let Some(ask) = ask.cloned() else { return Err(ConnectError::UnknownServerKey { target, pin, file }) };
    // Asked outside the handshake, which was given up: a user may take her time.
    let question = UnknownKey { target: target.clone(), pin };
    let yes = tokio::task::spawn_blocking(move || ask(&question)).await.unwrap_or(false);
    if !yes {
        return Err(ConnectError::ServerKeyRefused { target, pin });
    }
    known_hosts::remember(path, &target, pin)?;
    match try_key(&target, identity, vec![pin], options).await? {
        Ok(stream) => Ok(stream),
        Err((error, None)) => Err(error),
        Err((_, Some(pin))) => Err(ConnectError::ServerKeyChanged { target, pin, file }),
    }
}

type Tried = Result<TlsStream<TcpStream>, (ConnectError, Option<Pin>)>;

/// One handshake; if it failed over the server's key, that key.
async fn try_key(
    target: &Target,
    identity: &Identity,
    pins: Vec<Pin>,
    options: &ConnectOptions,
) -> Result<Tried, ConnectError> {
    let seen = Arc::new(Mutex::new(None));
    let config = trust::pinned(identity, pins, seen.clone())
        .map_err(|error| ConnectError::Tls { target: target.clone(), cause: error.to_string() })?;
    let tried = secure(target, config, options).await;
    let pin = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ok(tried.map_err(|error| (error, pin)))
}

async fn secure(
    target: &Target,
    config: ClientConfig,
    options: &ConnectOptions,
) -> Result<TlsStream<TcpStream>, ConnectError> {
    let tls = |cause: String| ConnectError::Tls { target: target.clone(), cause };
    let name = ServerName::try_from(target.host().to_owned()).map_err(|error| tls(error.to_string()))?;
    let stream = reach(target, false, options).await?;
    let shaken = timeout(options.timeout, TlsConnector::from(Arc::new(config)).connect(name, stream)).await;
    shaken.map_err(|_| timed_out(target, options))?.map_err(|error| tls(error.to_string()))
}

/// A TCP connection; `near`: to this machine only.
async fn reach(target: &Target, near: bool, options: &ConnectOptions) -> Result<TcpStream, ConnectError> {
    let unreachable = |cause| ConnectError::Unreachable { target: target.clone(), cause };
    let connecting = async {
        let found = tokio::net::lookup_host((target.host(), target.port())).await.map_err(unreachable)?;
        let addresses: Vec<SocketAddr> = found.collect();
        if near && !addresses.iter().all(|address| address.ip().is_loopback()) {
            return Err(ConnectError::TokenBeyondLoopback { target: target.clone() });
        }
        let stream = TcpStream::connect(addresses.as_slice()).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(stream)
    };
    timeout(options.timeout, connecting).await.map_err(|_| timed_out(target, options))?
}

fn timed_out(target: &Target, options: &ConnectOptions) -> ConnectError {
    ConnectError::TimedOut { target: target.clone(), after: options.timeout }
}
