//! A connection with an identity: requests in, answers out, until one end has had enough. What takes time runs beside
//! the reader, so that a stop or a grant of credit is always heard.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bailiwick_objects::{Limits as BatchLimits, Value, decode};
use bailiwick_policy::{LanguageMode, Subject};
use bailiwick_runtime::{self as runtime, CommandText, SessionEnd, SessionOptions};
use bailiwick_wire::message::{
    Accepted, CreateSession, EndReason, Execute, Heartbeat, Removed, SessionEnded,
};
use bailiwick_wire::{
    Executes, Message, ProtocolError, SessionId, endpoint_pages, session_created_pages, session_pages,
};
use futures::FutureExt as _;
use tokio::io::AsyncRead;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use super::commands::Commands;
use super::end::End;
use super::frames::Frames;
use super::line::Line;
use super::{Phase, Shared, convert};
use crate::failure::RequestError;
use crate::ledger::{Notices, Turn};

/// Characters of a session's name.
const NAME: usize = 64;
/// Columns of a screen that make sense.
const WIDTHS: std::ops::RangeInclusive<u32> = 20..=1_000;

/// A connection with an identity.
#[derive(Debug)]
pub(super) struct Open {
    shared: Arc<Shared>,
    line: Arc<Line>,
    subject: Arc<Subject>,
    executes: Executes,
    commands: Commands,
    requests: JoinSet<()>,
    sessions: Arc<Sessions>,
    notices: Notices,
    removed: mpsc::UnboundedReceiver<(runtime::SessionId, EndReason)>,
    /// Sessions that others removed, whose last command has not said its last word yet.
    ending: HashMap<SessionId, EndReason>,
}

/// The sessions that this connection made and that end with it.
#[derive(Debug, Default)]
struct Sessions {
    made: Mutex<Made>,
}

#[derive(Debug, Default)]
struct Made {
    sessions: HashSet<runtime::SessionId>,
    /// The connection is gone: what is made now is nobody's.
    over: bool,
}

impl Open {
    pub(super) fn new(shared: Arc<Shared>, line: Arc<Line>, subject: Arc<Subject>) -> Self {
        let (notices, removed) = mpsc::unbounded_channel();
        Self {
            shared,
            line,
            subject,
            executes: Executes::default(),
            commands: Commands::default(),
            requests: JoinSet::new(),
            sessions: Arc::default(),
            notices,
            removed,
            ending: HashMap::new(),
        }
    }

    /// Serves the peer until the connection ends. A panic in here is this connection's end and nobody else's.
    pub(super) async fn run<R: AsyncRead + Unpin>(&mut self, frames: &mut Frames<R>) -> End {
        let served = AssertUnwindSafe(self.serve(frames)).catch_unwind().await;
        let end = served.unwrap_or_else(|_panic| {
            tracing::error!("a connection panicked and was ended");
            End::Internal
        });
        if end.in_order() {
            // A stop first, so that what runs can end by itself; only what does not is cut with its session.
            let farewell = self.shared.limits.farewell;
            let stopped = timeout(farewell, self.commands.part()).await;
            remove_all(&self.shared, &self.subject, &self.sessions).await;
            if stopped.is_err() {
                let _ = timeout(farewell, self.commands.part()).await;
            }
        }
        self.commands.shutdown().await;
        remove_all(&self.shared, &self.subject, &self.sessions).await;
        // Sessions that are just being made find that the connection is over, and remove themselves.
        while self.requests.join_next().await.is_some() {}
        end
    }

    async fn serve<R: AsyncRead + Unpin>(&mut self, frames: &mut Frames<R>) -> End {
        let line = Arc::clone(&self.line);
        let mut phases = self.shared.phase.subscribe();
        let mut asked = false;
        loop {
            let phase = *phases.borrow_and_update();
            match phase {
                Phase::Serving => {}
                Phase::Draining if !(self.commands.is_empty() && self.requests.is_empty()) => {}
                Phase::Draining | Phase::Ending => return End::ShuttingDown,
            }
            let ask_at = frames.heard() + self.shared.limits.heartbeat;
            tokio::select! {
                _ = phases.changed() => {}
                () = line.lost() => return End::Lost("nothing can be said to the peer any more".to_owned()),
                Some(ended) = self.commands.ended() => match ended {
                    Ok(session) => self.tell_ended(session).await,
                    Err(end) => return end,
                },
                Some((session, reason)) = self.removed.recv() => {
                    let session = convert::wire_id(session);
                    self.sessions.forget(convert::runtime_id(session));
                    self.ending.insert(session, reason);
                    self.tell_ended(session).await;
                }
                Some(answered) = self.requests.join_next() => if let Err(error) = answered {
                    tracing::error!(%error, "a request's task failed");
                    return End::Internal;
                },
                () = sleep_until(ask_at), if !asked => {
                    asked = true;
                    line.send(Heartbeat { wants_reply: true }).await;
                }
                message = frames.next(&line) => {
                    asked = false;
                    let handled = match message {
                        Ok(message) => self.handle(message).await,
                        Err(end) => Err(end),
                    };
                    if let Err(end) = handled {
                        return end;
                    }
                }
            }
        }
    }

    async fn handle(&mut self, message: Message) -> Result<(), End> {
        match message {
            Message::Heartbeat(heartbeat) => {
                if heartbeat.wants_reply {
                    self.line.send(Heartbeat { wants_reply: false }).await;
                }
            }
            Message::ListEndpoints(list) => {
                let endpoints = self.shared.host.endpoints(&self.subject);
                let endpoints = endpoints.into_iter().map(convert::endpoint).collect();
                self.send_all(endpoint_pages(list.request, endpoints)).await;
            }
            Message::ListSessions(list) => {
                let sessions = self.shared.host.sessions(&self.subject);
                let sessions = sessions.iter().map(|info| self.describe(info)).collect();
                self.send_all(session_pages(list.request, sessions)).await;
            }
            Message::CreateSession(create) => self.create(create).await,
            Message::RemoveSession(remove) => self.remove(remove.request, remove.session).await,
            Message::Execute(part) => {
                if let Some(whole) = self.executes.push(part)? {
                    self.execute(whole).await?;
                }
            }
            Message::Input(input) => self.commands.input(input, &self.line).await?,
            Message::EndInput(end) => self.commands.end_input(&end)?,
            Message::Stop(stop) => self.commands.stop(&stop),
            Message::Credit(credit) => self.commands.credit(&credit),
            Message::Goodbye(_) => return Err(End::Goodbye),
            other => {
                // The link lets none of these through: it would be its fault, not the peer's.
                tracing::error!(kind = %other.kind(), "a message that nobody handles was let through");
                return Err(End::Internal);
            }
        }
        Ok(())
    }

    async fn create(&mut self, create: CreateSession) {
        let request = create.request;
        let options = match self.creatable(&create) {
            Ok(options) => options,
            Err(error) => return self.line.send(error.answer(request)).await,
        };
        let (shared, line) = (Arc::clone(&self.shared), Arc::clone(&self.line));
        let (subject, sessions) = (Arc::clone(&self.subject), Arc::clone(&self.sessions));
        let notices = self.notices.clone();
        self.answer(request, async move {
            let info = shared.host.create(&subject, create.endpoint.as_deref(), options).await?;
            shared.ledger.opened(info.id, &subject.id, &notices);
            if !sessions.add(info.id) {
                shared.ledger.closed(info.id);
                return shared.host.remove(&subject, info.id).await.map_err(RequestError::from);
            }
            watch(Arc::clone(&shared), Arc::clone(&subject), info.id);
            let described = convert::session(&info, shared.mode(&subject, &info.endpoint));
            for page in session_created_pages(request, described, info.views) {
                line.send(page).await;
            }
            Ok(())
        });
    }

    fn creatable(&self, create: &CreateSession) -> Result<SessionOptions, RequestError> {
        self.admit_request()?;
        let proper = |name: &String| name.chars().count() <= NAME && !name.chars().any(char::is_control);
        if !create.name.as_ref().is_none_or(proper) {
            return Err(RequestError::Limit(
                "a session's name has at most 64 characters, none of them for control",
            ));
        }
        let width = create.width.clamp(*WIDTHS.start(), *WIDTHS.end());
        let idle_timeout = create.idle_timeout.map(Duration::from_secs);
        Ok(SessionOptions { name: create.name.clone(), width, idle_timeout })
    }

    async fn remove(&mut self, request: u64, session: SessionId) {
        if self.requests.len() >= self.shared.limits.requests {
            return self.line.send(TOO_MANY_REQUESTS.answer(request)).await;
        }
        let (shared, line) = (Arc::clone(&self.shared), Arc::clone(&self.line));
        let (subject, sessions) = (Arc::clone(&self.subject), Arc::clone(&self.sessions));
        self.answer(request, async move {
            let id = convert::runtime_id(session);
            shared.host.remove(&subject, id).await?;
            let maker = shared.ledger.closed(id);
            // Another connection of the same user made it: it is told, since it did not ask.
            if let Some(maker) = maker.filter(|_| !sessions.forget(id)) {
                let _ = maker.send((id, EndReason::Removed));
            }
            line.send(Removed { request, session }).await;
            Ok(())
        });
    }

    async fn execute(&mut self, execute: Execute) -> Result<(), End> {
        let Execute { request, session, command, text, arguments, has_input, .. } = execute;
        let arguments = arguments_of(&arguments)?;
        let text = CommandText { text, arguments, has_input };
        match self.submit((session, command), text) {
            Ok((execution, turn)) => {
                self.line.send(Accepted { request, session, command }).await;
                self.commands.start((session, command), execution, turn, &self.line);
            }
            Err(error) => self.line.send(error.answer(request)).await,
        }
        Ok(())
    }

    fn submit(
        &self,
        (session, command): (SessionId, bailiwick_wire::CommandId),
        text: CommandText,
    ) -> Result<(runtime::Execution, Turn), RequestError> {
        self.admit()?;
        let id = convert::runtime_id(session);
        // First of all the session: of one that isn't hers, nothing else is answered.
        let turn = self.shared.ledger.enter(id, &self.subject.id, command)?;
        let executed = self.commands.admit(&self.shared.limits, text.has_input).and_then(|()| {
            let executed = self.shared.host.execute(&self.subject, id, text);
            executed.map_err(RequestError::from)
        });
        match executed {
            Ok(execution) => Ok((execution, turn)),
            Err(error) => {
                turn.take_back();
                Err(error)
            }
        }
    }

    /// Tells of the end of a session that this connection did not ask for, once its command has Finished.
    async fn tell_ended(&mut self, session: SessionId) {
        if self.commands.of_session(session) {
            return;
        }
        if let Some(reason) = self.ending.remove(&session) {
            let message = match reason {
                EndReason::Idle => "the session was idle for longer than it may be",
                EndReason::Fault => "the session was lost with its command",
                _ => "the session was removed from another connection",
            };
            self.line.send(SessionEnded { session, reason, message: message.to_owned() }).await;
        }
    }

    /// Runs a request beside the reader; whatever becomes of it, it is answered.
    fn answer(
        &mut self,
        request: u64,
        doing: impl Future<Output = Result<(), RequestError>> + Send + 'static,
    ) {
        let line = Arc::clone(&self.line);
        self.requests.spawn(async move {
            let done = AssertUnwindSafe(doing).catch_unwind().await;
            let done = done.unwrap_or_else(|_panic| {
                tracing::error!(request, "a request panicked");
                Err(RequestError::Internal)
            });
            if let Err(error) = done {
                line.send(error.answer(request)).await;
            }
        });
    }

    fn admit_request(&self) -> Result<(), RequestError> {
        self.admit()?;
        if self.requests.len() >= self.shared.limits.requests { Err(TOO_MANY_REQUESTS) } else { Ok(()) }
    }

    fn admit(&self) -> Result<(), RequestError> {
        match *self.shared.phase.borrow() {
            Phase::Serving => Ok(()),
            Phase::Draining | Phase::Ending => Err(RequestError::ShuttingDown),
        }
    }

    fn describe(&self, info: &runtime::SessionInfo) -> bailiwick_wire::message::SessionInfo {
        convert::session(info, self.shared.mode(&self.subject, &info.endpoint))
    }

    async fn send_all(&self, pages: Vec<Message>) {
        for page in pages {
            self.line.send(page).await;
        }
    }
}

/// Removes what a connection made, and whatever it may still make.
async fn remove_all(shared: &Shared, subject: &Subject, sessions: &Sessions) {
    let removals = sessions.end().into_iter().map(|id| async move {
        shared.ledger.closed(id);
        let _ = shared.host.remove(subject, id).await;
    });
    futures::future::join_all(removals).await;
}

const TOO_MANY_REQUESTS: RequestError = RequestError::Limit("too many requests at once: wait for an answer");

/// The values of `$args`.
fn arguments_of(batch: &[u8]) -> Result<Vec<Value>, ProtocolError> {
    if batch.is_empty() {
        return Ok(Vec::new());
    }
    decode(batch, &BatchLimits::default()).map_err(|error| {
        tracing::debug!(%error, "malformed arguments");
        ProtocolError::Malformed {
            kind: "Execute",
            field: "arguments",
            what: "it is not a batch of objects",
            at: 0,
        }
    })
}

impl Shared {
    /// The language of an endpoint, for its session's owner.
    fn mode(&self, subject: &Subject, endpoint: &str) -> LanguageMode {
        let authority = self.host.policy().authority(endpoint, subject);
        authority.map_or(LanguageMode::No, |authority| authority.endpoint().language)
    }
}

impl Sessions {
    /// Adds one; false if the connection is gone.
    fn add(&self, session: runtime::SessionId) -> bool {
        let mut made = self.locked();
        if !made.over {
            made.sessions.insert(session);
        }
        !made.over
    }

    /// Leaves one to others; false if this connection did not make it.
    fn forget(&self, session: runtime::SessionId) -> bool {
        self.locked().sessions.remove(&session)
    }

    fn end(&self) -> HashSet<runtime::SessionId> {
        let mut made = self.locked();
        made.over = true;
        std::mem::take(&mut made.sessions)
    }

    fn locked(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a session's maker when the session ends by itself: idle, or lost. A removal is told by who removes.
fn watch(shared: Arc<Shared>, subject: Arc<Subject>, id: runtime::SessionId) {
    tokio::spawn(async move {
        let reason = match shared.host.ended(&subject, id).await {
            Ok(SessionEnd::Idle) => EndReason::Idle,
            // One that is gone before it could be watched was lost, or removed: then the ledger has no entry any more.
            Ok(SessionEnd::Lost) | Err(_) => EndReason::Fault,
            Ok(SessionEnd::Removed) => return,
        };
        if let Some(maker) = shared.ledger.closed(id) {
            let _ = maker.send((id, reason));
        }
    });
}
