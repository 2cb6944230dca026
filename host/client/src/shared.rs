//! What the handles of a connection and its two tasks share: where the link stands, what waits to be written, who
//! waits for what. One lock, never held across an await; no I/O here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick_objects::metadata::View;
use bailiwick_wire::message::{
    Accepted, Credit, EndpointSummary, Endpoints, Failed, Finished, Goodbye, Heartbeat, InputCredit, Output,
    Removed, SessionCreated, SessionEnded, SessionInfo, Sessions, Stop,
};
use bailiwick_wire::{
    CommandId, EncodeError, FailureCode, Joiner, Kind, Link, LinkState, Message, Outbox, ProtocolError,
    SessionId, Window,
};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::error::RequestError;
use crate::execution::{Delivery, Outcome};
use crate::input::Gate;

/// Pages of one answer: more are no answer.
const PAGES: u32 = 1_024;

/// The middle of a connection.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Something waits to be written, or nothing ever will again.
    pub(crate) wake: Notify,
    /// Turns true when the reader has ended.
    pub(crate) ended: watch::Sender<bool>,
    /// The credit that each command begins with.
    pub(crate) window: u32,
}

#[derive(Debug)]
pub(crate) struct State {
    link: Option<Link>,
    outbox: Outbox,
    last_request: u64,
    requests: HashMap<u64, Pending>,
    commands: HashMap<CommandId, Command>,
    lost: Option<Arc<str>>,
}

/// Who waits for an answer.
#[derive(Debug)]
struct Pending {
    expects: Kind,
    /// The command that this request begins.
    command: Option<CommandId>,
    answer: oneshot::Sender<Result<Reply, RequestError>>,
    so_far: Option<Reply>,
    pages: u32,
}

/// A command that has not finished.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) session: SessionId,
    pub(crate) joiner: Joiner,
    pub(crate) window: Window,
    pub(crate) events: mpsc::UnboundedSender<Delivery>,
    pub(crate) input: Option<Arc<Gate>>,
}

/// The answer to a request, all its pages together.
#[derive(Debug)]
pub(crate) enum Reply {
    Endpoints(Vec<EndpointSummary>),
    Created(Box<SessionInfo>, Vec<View>),
    Sessions(Vec<SessionInfo>),
    Removed,
    Accepted,
}

/// A message was not put up for writing.
#[derive(Debug)]
pub(crate) enum PutError {
    Lost(Arc<str>),
    TooLong(EncodeError),
}

impl Shared {
    pub(crate) fn new(link: Link, window: u32) -> Self {
        let state = State {
            link: Some(link),
            outbox: Outbox::default(),
            last_request: 0,
            requests: HashMap::new(),
            commands: HashMap::new(),
            lost: None,
        };
        Self { state: Mutex::new(state), wake: Notify::new(), ended: watch::Sender::new(false), window }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts up a message that nothing answers.
    pub(crate) fn tell(&self, message: &Message) -> Result<(), PutError> {
        let put = self.lock().put(message);
        self.wake.notify_one();
        put
    }

    /// Makes a request; `make` gets its number. A request that begins a command registers it before anything about it
    /// can arrive.
    pub(crate) fn ask(
        &self,
        expects: Kind,
        command: Option<(CommandId, Command)>,
        make: impl FnOnce(u64) -> Vec<Message>,
    ) -> Result<oneshot::Receiver<Result<Reply, RequestError>>, RequestError> {
        let (answer, answered) = oneshot::channel();
        let mut state = self.lock();
        state.last_request += 1;
        let request = state.last_request;
        for message in make(request) {
            state.put(&message)?;
        }
        let id = command.as_ref().map(|(id, _)| *id);
        state.requests.insert(request, Pending { expects, command: id, answer, so_far: None, pages: 0 });
        state.commands.extend(command);
        drop(state);
        self.wake.notify_one();
        Ok(answered)
    }

    /// Grants credit for what a command's consumer has taken.
    pub(crate) fn grant(&self, command: CommandId, bytes: u32) {
        self.lock().grant(command, bytes);
        self.wake.notify_one();
    }

    /// Asks for the end of a command.
    pub(crate) fn stop(&self, session: SessionId, command: CommandId) {
        let mut state = self.lock();
        if state.commands.contains_key(&command) {
            // A connection that is gone has ended the command already.
            let _ = state.put(&Stop { session, command }.into());
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Says goodbye: nothing more is asked.
    pub(crate) fn goodbye(&self) {
        let mut state = self.lock();
        if state.is_open() {
            let _ = state.put(&done());
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Shows that the client lives.
    pub(crate) fn heartbeat(&self) {
        let mut state = self.lock();
        if state.is_open() {
            let _ = state.put(&Heartbeat { wants_reply: true }.into());
        }
    }

    /// The next frame, and whether none will follow it.
    pub(crate) fn next_frame(&self) -> (Option<Vec<u8>>, bool) {
        let mut state = self.lock();
        (state.outbox.pop(), state.lost.is_some())
    }

    /// Acts on a message of the host. Something returned: the host has said goodbye, in these words.
    pub(crate) fn received(&self, message: Message) -> Result<Option<String>, ProtocolError> {
        let goodbye = self.lock().received(message);
        self.wake.notify_one();
        goodbye
    }

    /// The connection is over: whoever waits is told, nothing counts as done. `last` is what the peer is told.
    pub(crate) fn fail(&self, reason: &str, last: Option<&Message>) {
        let mut state = self.lock();
        if let Some(message) = last.filter(|_| state.lost.is_none()) {
            state.outbox.clear();
            // Past the link, which may be gone with the message that broke it.
            let _ = state.outbox.push(message);
        }
        state.fail(reason);
        drop(state);
        self.wake.notify_one();
    }
}

impl State {
    fn is_open(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.state() == LinkState::Open)
    }

    fn put(&mut self, message: &Message) -> Result<(), PutError> {
        if let Some(reason) = &self.lost {
            return Err(PutError::Lost(reason.clone()));
        }
        let Some(link) = self.link.take() else { return Err(PutError::Lost("it is closed".into())) };
        match link.sent(message) {
            Ok(link) => self.link = Some(link),
            Err(error) => {
                self.fail(&error.to_string());
                return Err(PutError::Lost(error.to_string().into()));
            }
        }
        self.outbox.push(message).map_err(PutError::TooLong)
    }

    fn received(&mut self, message: Message) -> Result<Option<String>, ProtocolError> {
        let Some(link) = self.link.take() else { return Ok(Some("it is closed".into())) };
        let link = link.received(&message)?;
        let closing = link.state() == LinkState::Closed;
        self.link = Some(link);
        match message {
            Message::Heartbeat(Heartbeat { wants_reply: true }) if self.is_open() => {
                let _ = self.put(&Heartbeat { wants_reply: false }.into());
            }
            Message::Goodbye(Goodbye { code, message, .. }) => {
                if !closing {
                    let _ = self.put(&done());
                }
                return Ok(Some(match (code, message.is_empty()) {
                    (FailureCode::Done, true) => "the host closed the connection".into(),
                    (_, true) => format!("the host closed the connection ({code})"),
                    (_, false) => format!("the host closed the connection ({code}): {message}"),
                }));
            }
            Message::Endpoints(Endpoints { request, endpoints, more }) => {
                self.answer(request, Kind::Endpoints, Reply::Endpoints(endpoints), more)?;
            }
            Message::SessionCreated(SessionCreated { request, info, views, more }) => {
                self.answer(request, Kind::SessionCreated, Reply::Created(Box::new(info), views), more)?;
            }
            Message::Sessions(Sessions { request, sessions, more }) => {
                self.answer(request, Kind::Sessions, Reply::Sessions(sessions), more)?;
            }
            Message::Removed(Removed { request, .. }) => {
                self.answer(request, Kind::Removed, Reply::Removed, false)?;
            }
            Message::Accepted(Accepted { request, .. }) => {
                self.answer(request, Kind::Accepted, Reply::Accepted, false)?;
            }
            Message::Failed(failed) => self.failed(failed)?,
            Message::Output(output) => self.output(output)?,
            Message::Finished(finished) => self.finished(finished)?,
            Message::InputCredit(InputCredit { command, bytes, .. }) => {
                if let Some(gate) = self.commands.get(&command).and_then(|command| command.input.as_ref()) {
                    gate.grant(bytes);
                }
            }
            Message::SessionEnded(SessionEnded { session, message, .. }) => {
                self.session_ended(session, &message)
            }
            // The link lets nothing else through to a client.
            _ => {}
        }
        Ok(None)
    }

    fn answer(&mut self, request: u64, kind: Kind, part: Reply, more: bool) -> Result<(), ProtocolError> {
        let pending = self.requests.remove(&request).filter(|pending| pending.expects == kind);
        let Some(mut pending) = pending else { return Err(ProtocolError::Unasked { got: kind }) };
        let whole = match pending.so_far.take() {
            Some(so_far) => so_far.with(part),
            None => part,
        };
        if more {
            pending.pages += 1;
            if pending.pages >= PAGES {
                return Err(ProtocolError::TooMany { what: "pages of an answer", limit: PAGES as usize });
            }
            pending.so_far = Some(whole);
            self.requests.insert(request, pending);
        } else {
            // Nobody waits any more: the answer is of no use, and that is no fault.
            let _ = pending.answer.send(Ok(whole));
        }
        Ok(())
    }

    fn failed(&mut self, Failed { request, code, message, help }: Failed) -> Result<(), ProtocolError> {
        let Some(pending) = self.requests.remove(&request) else {
            return Err(ProtocolError::Unasked { got: Kind::Failed });
        };
        if let Some(gate) = pending.command.and_then(|id| self.commands.remove(&id)).and_then(|c| c.input) {
            gate.close("the command was not accepted");
        }
        let _ = pending.answer.send(Err(RequestError::Failed { code, message, help }));
        Ok(())
    }

    fn output(&mut self, output: Output) -> Result<(), ProtocolError> {
        let Output { command: id, seq, stream, more, batch, .. } = output;
        let Some(command) = self.commands.get_mut(&id) else {
            return Err(ProtocolError::Unasked { got: Kind::Output });
        };
        command.window.take(batch.len())?;
        // A frame's payload is far below 4 GiB.
        let bytes = u32::try_from(batch.len()).unwrap_or(u32::MAX);
        let delivered = match command.joiner.push(seq, stream, more, batch)? {
            // The bound on a batch stands in for credit while it arrives.
            None => false,
            Some(batch) => command.events.send(Delivery::Records { stream, batch, bytes }).is_ok(),
        };
        if !delivered {
            self.grant(id, bytes);
        }
        Ok(())
    }

    fn finished(&mut self, finished: Finished) -> Result<(), ProtocolError> {
        let Some(command) = self.commands.remove(&finished.command) else {
            return Err(ProtocolError::Unasked { got: Kind::Finished });
        };
        command.joiner.finish(finished.seq)?;
        command.end(Outcome::of(finished), "the command has ended");
        Ok(())
    }

    fn session_ended(&mut self, session: SessionId, message: &str) {
        for (_, command) in self.commands.extract_if(|_, command| command.session == session) {
            command.end(Outcome::session_lost(message), message);
        }
    }

    fn grant(&mut self, id: CommandId, bytes: u32) {
        let Some(command) = self.commands.get_mut(&id).filter(|_| bytes > 0) else { return };
        command.window.grant(bytes);
        let session = command.session;
        let _ = self.put(&Credit { session, command: id, bytes }.into());
    }

    fn fail(&mut self, reason: &str) {
        let reason: Arc<str> = self.lost.get_or_insert_with(|| reason.into()).clone();
        for (_, pending) in self.requests.drain() {
            let _ = pending.answer.send(Err(RequestError::Lost { reason: reason.clone() }));
        }
        for (_, command) in self.commands.drain() {
            command.end(Outcome::connection_lost(&reason), &reason);
        }
    }
}

impl Command {
    fn end(self, outcome: Outcome, reason: &str) {
        if let Some(gate) = &self.input {
            gate.close(reason);
        }
        let _ = self.events.send(Delivery::Finished(outcome));
    }
}

impl Reply {
    /// This page and the next; pages of one kind, as `answer` has checked.
    fn with(self, next: Self) -> Self {
        match (self, next) {
            (Self::Endpoints(mut all), Self::Endpoints(more)) => {
                all.extend(more);
                Self::Endpoints(all)
            }
            (Self::Created(info, mut all), Self::Created(_, more)) => {
                all.extend(more);
                Self::Created(info, all)
            }
            (Self::Sessions(mut all), Self::Sessions(more)) => {
                all.extend(more);
                Self::Sessions(all)
            }
            (_, next) => next,
        }
    }
}

impl From<PutError> for RequestError {
    fn from(error: PutError) -> Self {
        match error {
            PutError::Lost(reason) => Self::Lost { reason },
            PutError::TooLong(error) => Self::TooLong(error),
        }
    }
}

fn done() -> Message {
    Goodbye { code: FailureCode::Done, message: String::new(), versions: None }.into()
}
