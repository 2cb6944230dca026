//! A host with two users over connections that never leave the process, and a client that speaks in raw bytes.
#![expect(dead_code, reason = "each test file uses its own part of this")]

use std::path::PathBuf;
use std::sync::OnceLock;

use bailiwick_audit::{Audit, Options};
use bailiwick_objects::{Value, batch};
use bailiwick_policy::Policy;
use bailiwick_runtime::{Host, HostOptions, Sandbox, SandboxOptions};
use bailiwick_server::{Connections, Credential, Limits, Peer};
use bailiwick_wire::message::*;
use bailiwick_wire::{CommandId, FrameLimit, Message, SessionId, VERSION, decode, encode};
use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::task::JoinHandle;

/// Alice's key, as the handshake would prove it.
pub(crate) const ALICE: [u8; 32] = [1; 32];
/// Bob's.
pub(crate) const BOB: [u8; 32] = [2; 32];
/// Nobody's.
pub(crate) const STRANGER: [u8; 32] = [3; 32];

const ENDPOINT: &str = r#"
version = 1
[endpoint]
description = "A place to try things"
language = "full"
[endpoint.roles]
"group:testers" = ["worker"]
[limits]
sessions_per_user = 3
output_per_command = "64MiB"
"#;

const OF_BOB: &str = r#"
version = 1
[endpoint]
description = "Bob's own"
language = "none"
[endpoint.roles]
"user:bob" = ["worker"]
"#;

const ROLE: &str = r#"
version = 1
[[command]]
name = "Get-Content"
parameters = "any"
[drives.User]
per_user = true
access = "write"
quota = "1MiB"
"#;

/// The compiled guests, shared by the tests of a process; the compiled code by all processes.
pub(crate) fn sandbox() -> Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guest-cache");
    SANDBOX.get_or_init(|| Sandbox::start(SandboxOptions::new(cache)).unwrap()).clone()
}

/// A host and the door to it.
pub(crate) struct Door {
    pub(crate) connections: Connections,
    pub(crate) host: Host,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn door() -> Door {
    door_with(Limits::default())
}

pub(crate) fn door_with(limits: Limits) -> Door {
    let folder = tempfile::tempdir().unwrap();
    let host = host(&folder, ALICE);
    Door { connections: Connections::new(host.clone(), limits), host, folder }
}

/// A host on which alice has this key.
pub(crate) fn host(folder: &tempfile::TempDir, alice: [u8; 32]) -> Host {
    use base64::Engine as _;
    let mut table = "version = 1\n".to_owned();
    for (name, key) in [("alice", alice), ("bob", BOB)] {
        let key = base64::engine::general_purpose::STANDARD.encode(key);
        table += &format!(
            "[users.{name}]\nid = \"{name}-1\"\ngroups = [\"testers\"]\ncertificates = [\"spki-sha256:{key}\"]\n"
        );
    }
    let files = [
        ("endpoints/lab.toml", ENDPOINT),
        ("endpoints/of-bob.toml", OF_BOB),
        ("roles/worker.toml", ROLE),
        ("users.toml", &table),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
    let sandbox = sandbox();
    let policy =
        Policy::from_sources(files, sandbox.catalog()).unwrap_or_else(|faults| panic!("{faults}")).policy;
    let audit = Audit::open(&folder.path().join("audit"), Options::default()).unwrap().0;
    let options = HostOptions {
        default_endpoint: Some("lab".to_owned()),
        ..HostOptions::new(folder.path().join("state"))
    };
    Host::new(sandbox, policy, audit, options).unwrap()
}

impl Door {
    /// A connection of somebody with this key, before its first byte.
    pub(crate) fn knock(&self, key: [u8; 32]) -> Raw {
        self.knock_with(Credential::Certificate(key))
    }

    pub(crate) fn knock_with(&self, credential: Credential) -> Raw {
        let (stream, served) = tokio::io::duplex(8 << 10);
        let connections = self.connections.clone();
        let peer = Peer { address: "a test".to_owned(), source: None, credential };
        let task = tokio::spawn(async move { connections.serve(served, peer).await });
        Raw { stream: Some(stream), buffer: BytesMut::new(), task, request: 0 }
    }

    /// A connection that is logged in.
    pub(crate) async fn login(&self, key: [u8; 32]) -> Raw {
        let mut raw = self.knock(key);
        raw.log_in().await;
        raw
    }

    /// The names of the events on record.
    pub(crate) fn events(&self) -> Vec<String> {
        self.records().into_iter().filter(|text| text.contains("\"event\"")).collect()
    }

    /// The lines on record.
    pub(crate) fn records(&self) -> Vec<String> {
        self.host.audit().flush().unwrap();
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path().join("audit"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| {
                std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
            })
            .collect()
    }

    /// How many records hold all these words.
    pub(crate) fn recorded(&self, words: &[&str]) -> usize {
        self.records().iter().filter(|line| words.iter().all(|word| line.contains(word))).count()
    }
}

/// A client made of bytes.
pub(crate) struct Raw {
    stream: Option<DuplexStream>,
    buffer: BytesMut,
    task: JoinHandle<()>,
    request: u64,
}

impl Raw {
    /// False if the server has closed: what it said before is what most tests ask for.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) -> bool {
        match &mut self.stream {
            Some(stream) => stream.write_all(bytes).await.is_ok(),
            None => false,
        }
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) -> bool {
        let frame = encode(&message.into()).unwrap();
        self.send_bytes(&frame).await
    }

    /// The next message; none: the server closed.
    pub(crate) async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = decode(&mut self.buffer, FrameLimit::OPEN).unwrap() {
                return Some(message);
            }
            let read = self.stream.as_mut()?.read_buf(&mut self.buffer).await;
            if !matches!(read, Ok(count) if count > 0) {
                assert!(self.buffer.is_empty(), "the server closed within a frame");
                return None;
            }
        }
    }

    pub(crate) async fn log_in(&mut self) {
        self.send(Hello { versions: vec![VERSION] }).await;
        assert!(matches!(self.next().await, Some(Message::HelloReply(HelloReply { version: VERSION }))));
        self.send(Authenticate { method: Method::Certificate, token: None }).await;
        let welcome = self.next().await;
        assert!(matches!(welcome, Some(Message::Authenticated(_))), "{welcome:?}");
    }

    /// The goodbye that comes next, and nothing after it.
    pub(crate) async fn goodbye(&mut self) -> Goodbye {
        let goodbye = match self.next().await {
            Some(Message::Goodbye(goodbye)) => goodbye,
            other => panic!("expected a goodbye, got {other:?}"),
        };
        assert_eq!(self.next().await, None);
        goodbye
    }

    /// A number for a request.
    pub(crate) fn number(&mut self) -> u64 {
        self.request += 1;
        self.request
    }

    pub(crate) async fn create(&mut self) -> SessionId {
        match self.try_create(None).await {
            Ok(id) => id,
            Err(failed) => panic!("{failed:?}"),
        }
    }

    pub(crate) async fn try_create(&mut self, endpoint: Option<&str>) -> Result<SessionId, Failed> {
        let request = self.number();
        let endpoint = endpoint.map(str::to_owned);
        self.send(CreateSession {
            request,
            endpoint,
            name: None,
            width: 80,
            interactive: false,
            idle_timeout: None,
        })
        .await;
        loop {
            match self.next().await {
                Some(Message::SessionCreated(created)) if created.more => {}
                Some(Message::SessionCreated(created)) => return Ok(created.info.id),
                Some(Message::Failed(failed)) => return Err(failed),
                other => panic!("{other:?}"),
            }
        }
    }

    pub(crate) async fn sessions(&mut self) -> Vec<SessionInfo> {
        let request = self.number();
        self.send(ListSessions { request }).await;
        match self.next().await {
            Some(Message::Sessions(sessions)) => sessions.sessions,
            other => panic!("{other:?}"),
        }
    }

    /// Asks to remove a session; whatever else is under way is passed over.
    pub(crate) async fn remove(&mut self, session: SessionId) -> Result<(), Failed> {
        let request = self.number();
        self.send(RemoveSession { request, session }).await;
        loop {
            match self.next().await {
                Some(Message::Removed(removed)) if removed.request == request => return Ok(()),
                Some(Message::Failed(failed)) if failed.request == request => return Err(failed),
                Some(_other) => {}
                None => panic!("the server closed"),
            }
        }
    }

    /// Asks to execute a text; returns the command's id, or why not.
    pub(crate) async fn execute(&mut self, session: SessionId, text: &str) -> Result<CommandId, Failed> {
        let command = CommandId((0x1000 + u128::from(self.request)).to_be_bytes());
        self.execute_as(session, command, text, false).await.map(|()| command)
    }

    pub(crate) async fn execute_as(
        &mut self,
        session: SessionId,
        command: CommandId,
        text: &str,
        has_input: bool,
    ) -> Result<(), Failed> {
        let request = self.number();
        let text = text.to_owned();
        self.send(Execute { request, session, command, text, arguments: Vec::new(), has_input, more: false })
            .await;
        match self.next().await {
            Some(Message::Accepted(accepted)) => {
                assert_eq!((accepted.request, accepted.command), (request, command));
                Ok(())
            }
            Some(Message::Failed(failed)) => Err(failed),
            other => panic!("{other:?}"),
        }
    }

    /// Reads a command to its end, granting what it takes.
    pub(crate) async fn finish(&mut self, command: CommandId) -> (Vec<Value>, Finished) {
        let (mut values, mut seq, mut held) = (Vec::new(), 0, Vec::new());
        loop {
            match self.next().await {
                Some(Message::Output(output)) if output.command == command => {
                    assert_eq!(output.seq, seq, "a frame is missing or came twice");
                    seq += 1;
                    let bytes = u32::try_from(output.batch.len()).unwrap();
                    self.send(Credit { session: output.session, command, bytes }).await;
                    held.extend(output.batch);
                    if !output.more {
                        let whole = std::mem::take(&mut held);
                        values.extend(batch::decode(&whole, &bailiwick_objects::Limits::default()).unwrap());
                    }
                }
                Some(Message::Finished(finished)) if finished.command == command => {
                    assert_eq!(finished.seq, seq, "Finished counts what was sent");
                    return (values, finished);
                }
                Some(_other) => {}
                None => panic!("the server closed"),
            }
        }
    }

    pub(crate) async fn run(&mut self, session: SessionId, text: &str) -> (Vec<Value>, Finished) {
        let command = self.execute(session, text).await.unwrap();
        self.finish(command).await
    }

    /// Closes without a word, and waits until the server has let go of the connection.
    pub(crate) async fn cut(mut self) {
        self.stream = None;
        self.task.await.unwrap();
    }

    /// Waits until the server has let go of the connection.
    pub(crate) async fn ended(self) {
        let Self { stream, task, .. } = self;
        task.await.unwrap();
        drop(stream);
    }

    /// Closes the way out only: what the server says can still be read.
    pub(crate) async fn shut(&mut self) {
        if let Some(stream) = &mut self.stream {
            let _ = stream.shutdown().await;
        }
    }
}
