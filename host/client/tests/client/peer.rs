//! A host that says what a test tells it to.

use bailiwick_client::{
    CommandText, ConnectError, ConnectOptions, Connection, Credential, Execution, Session, Target,
};
use bailiwick_objects::Value;
use bailiwick_objects::metadata::StreamKind;
use bailiwick_wire::message::*;
use bailiwick_wire::{FrameLimit, Kind, SessionId, VERSION, decode, encode};
use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

pub(crate) const SESSION: SessionId = SessionId([5; 16]);

/// The host's end.
#[derive(Debug)]
pub(crate) struct Peer {
    stream: DuplexStream,
    buf: BytesMut,
}

pub(crate) fn target() -> Target {
    Target::parse("host").unwrap()
}

pub(crate) fn limits() -> Limits {
    Limits {
        data_frame: 32_768,
        window: 262_144,
        batch: 16_777_216,
        execute: 1_048_576,
        silence_seconds: 240,
    }
}

/// Begins to connect over memory.
pub(crate) fn connecting() -> (impl Future<Output = Result<Connection, ConnectError>>, Peer) {
    let (ours, theirs) = tokio::io::duplex(64 << 10);
    let connecting = async move {
        Connection::over(ours, &target(), Credential::Certificate, &ConnectOptions::default()).await
    };
    (connecting, Peer { stream: theirs, buf: BytesMut::new() })
}

/// A connection that has been greeted and authenticated.
pub(crate) async fn connected() -> (Connection, Peer) {
    let (connecting, mut peer) = connecting();
    let (connection, ()) = tokio::join!(connecting, peer.welcome());
    (connection.unwrap(), peer)
}

/// A connection with one session.
pub(crate) async fn in_session() -> (Connection, Session, Peer) {
    let (connection, mut peer) = connected().await;
    let (session, ()) = tokio::join!(connection.create(None, Default::default()), async {
        let Message::CreateSession(asked) = peer.hear().await else { panic!("no CreateSession") };
        peer.say(SessionCreated { request: asked.request, info: info(), views: vec![], more: false }).await;
    });
    (connection, session.unwrap(), peer)
}

/// A connection, a session in it and a command that was accepted.
pub(crate) async fn running(command: CommandText) -> (Connection, Execution, Execute, Peer) {
    let (connection, session, mut peer) = in_session().await;
    let (execution, asked) = tokio::join!(session.execute(command), async { peer.accept().await });
    (connection, execution.unwrap(), asked, peer)
}

pub(crate) fn info() -> SessionInfo {
    SessionInfo {
        id: SESSION,
        name: "Session1".into(),
        endpoint: "helpdesk".into(),
        state: SessionState::Opened,
        availability: Availability::Available,
        location: String::new(),
        language: Language::No,
        created: 0,
    }
}

impl Peer {
    pub(crate) async fn welcome(&mut self) {
        assert_eq!(self.hear().await.kind(), Kind::Hello);
        self.say(HelloReply { version: VERSION }).await;
        assert_eq!(self.hear().await.kind(), Kind::Authenticate);
        self.say(Authenticated { user: "alice".into(), features: vec![], limits: limits() }).await;
    }

    pub(crate) async fn accept(&mut self) -> Execute {
        let Message::Execute(asked) = self.hear().await else { panic!("no Execute") };
        let (request, session, command) = (asked.request, asked.session, asked.command);
        self.say(Accepted { request, session, command }).await;
        asked
    }

    pub(crate) async fn output(&mut self, of: &Execute, seq: u64, values: &[Value]) {
        let batch = bailiwick_objects::encode(values);
        let (session, command, stream) = (of.session, of.command, StreamKind::Output);
        self.say(Output { session, command, seq, stream, more: false, batch }).await;
    }

    pub(crate) async fn finish(&mut self, of: &Execute, seq: u64) {
        let (session, command, status) = (of.session, of.command, Status::Completed);
        let location = "Logs:/".to_owned();
        let (had_errors, refused, error) = (false, false, None);
        self.say(Finished { session, command, seq, status, had_errors, refused, location, error }).await;
    }

    pub(crate) async fn hear(&mut self) -> Message {
        loop {
            if let Some(message) = decode(&mut self.buf, FrameLimit::OPEN).unwrap() {
                return message;
            }
            assert_ne!(self.stream.read_buf(&mut self.buf).await.unwrap(), 0, "the client closed");
        }
    }

    /// Whether the client has closed its end, nothing said before.
    pub(crate) async fn hears_the_end(&mut self) -> bool {
        self.buf.is_empty() && self.stream.read_buf(&mut self.buf).await.unwrap() == 0
    }

    pub(crate) async fn say(&mut self, message: impl Into<Message>) {
        self.send(&encode(&message.into()).unwrap()).await;
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }
}
