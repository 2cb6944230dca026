//! A running command: its records as they come, its end exactly once.

use std::sync::Arc;

use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value};
use bailiwick_wire::message::{Finished, Status};
use bailiwick_wire::{CommandId, SessionId};
use tokio::sync::mpsc;

use crate::connection::Handle;
use crate::deserialized;
use crate::input::Input;

/// Credit is granted in portions of at least this, unless nothing more waits.
const PORTION: u32 = 16 << 10;

/// What to run.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandText {
    /// The text.
    pub text: String,
    /// The values of `$args`.
    pub arguments: Vec<Value>,
    /// Records will be fed: [`Execution::input`] gives the way in.
    pub has_input: bool,
}

/// What comes of a running command.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Records of one stream.
    Records {
        /// Which.
        stream: StreamKind,
        /// In order; objects are marked `Deserialized.`.
        values: Vec<Value>,
    },
    /// The end; nothing follows.
    Finished(Outcome),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The short answer.
    pub status: Status,
    /// An error record was written, terminating or not.
    pub had_errors: bool,
    /// Policy refused something.
    pub refused: bool,
    /// The session's location afterwards, drive-qualified; empty: none.
    pub location: String,
    /// What ended it, if it did not complete.
    pub error: Option<ErrorRecord>,
}

/// A running command. Dropped before its end, it is stopped.
#[derive(Debug)]
pub struct Execution {
    handle: Arc<Handle>,
    session: SessionId,
    command: CommandId,
    events: mpsc::UnboundedReceiver<Delivery>,
    input: Option<Input>,
    /// Taken and not yet granted.
    ungranted: u32,
    ended: bool,
}

/// Stops a running command from elsewhere.
#[derive(Debug, Clone)]
pub struct Stopper {
    handle: Arc<Handle>,
    session: SessionId,
    command: CommandId,
}

/// What the reader hands over.
#[derive(Debug)]
pub(crate) enum Delivery {
    Records { stream: StreamKind, batch: Vec<u8>, bytes: u32 },
    Finished(Outcome),
}

impl CommandText {
    /// A text without arguments or input.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), arguments: Vec::new(), has_input: false }
    }
}

impl Execution {
    pub(crate) const fn new(
        handle: Arc<Handle>,
        session: SessionId,
        command: CommandId,
        events: mpsc::UnboundedReceiver<Delivery>,
        input: Option<Input>,
    ) -> Self {
        Self { handle, session, command, events, input, ungranted: 0, ended: false }
    }

    /// The next event; `None` after the end. Taking records lets the host send more. Cancel safe.
    pub async fn next(&mut self) -> Option<Event> {
        if self.ended {
            return None;
        }
        let event = match self.events.recv().await {
            Some(Delivery::Records { stream, batch, bytes }) => {
                self.taken(bytes);
                match bailiwick_objects::decode(&batch, &bailiwick_objects::Limits::default()) {
                    Ok(mut values) => {
                        deserialized::mark(&mut values);
                        Event::Records { stream, values }
                    }
                    Err(error) => {
                        self.handle.shared.stop(self.session, self.command);
                        Event::Finished(Outcome::connection_lost(&format!("the host sent no batch: {error}")))
                    }
                }
            }
            Some(Delivery::Finished(outcome)) => Event::Finished(outcome),
            None => Event::Finished(Outcome::connection_lost("the connection ended")),
        };
        self.ended = matches!(event, Event::Finished(_));
        Some(event)
    }

    /// Asks for the command's end; its Finished tells how it went.
    pub fn stop(&self) {
        self.handle.shared.stop(self.session, self.command);
    }

    /// A handle that stops the command while this one is waiting.
    pub fn stopper(&self) -> Stopper {
        Stopper { handle: self.handle.clone(), session: self.session, command: self.command }
    }

    /// The way in, once, if the command was begun with `has_input`.
    pub fn input(&mut self) -> Option<Input> {
        self.input.take()
    }

    fn taken(&mut self, bytes: u32) {
        self.ungranted = self.ungranted.saturating_add(bytes);
        if self.ungranted >= PORTION || self.events.is_empty() {
            self.handle.shared.grant(self.command, std::mem::take(&mut self.ungranted));
        }
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        self.handle.shared.stop(self.session, self.command);
        // Whatever still comes is granted as it is thrown away, so that the command can reach its end.
        self.events.close();
        while let Ok(delivery) = self.events.try_recv() {
            if let Delivery::Records { bytes, .. } = delivery {
                self.ungranted = self.ungranted.saturating_add(bytes);
            }
        }
        self.handle.shared.grant(self.command, self.ungranted);
    }
}

impl Stopper {
    /// Asks for the command's end; means nothing once it has ended.
    pub fn stop(&self) {
        self.handle.shared.stop(self.session, self.command);
    }
}

impl Outcome {
    pub(crate) fn of(finished: Finished) -> Self {
        let Finished { status, had_errors, refused, location, error, .. } = finished;
        let error = error.map(|batch| {
            let decoded = bailiwick_objects::decode(&batch, &bailiwick_objects::Limits::default());
            match decoded.ok().and_then(|mut values| values.pop()) {
                Some(Value::Error(record)) => *record,
                _ => ErrorRecord::new(
                    "UnreadableError",
                    ErrorCategory::ProtocolError,
                    "The command ended with an error that the host did not send in a readable form.",
                ),
            }
        });
        Self { status, had_errors, refused, location, error }
    }

    /// The connection went while the command ran: what it did is not known.
    pub(crate) fn connection_lost(reason: &str) -> Self {
        let message = format!("The connection to the host was lost before the command ended: {reason}.");
        Self::lost("ConnectionLost", &message)
    }

    /// The session went while the command ran.
    pub(crate) fn session_lost(reason: &str) -> Self {
        Self::lost("SessionLost", &format!("The session ended before the command did: {reason}."))
    }

    fn lost(id: &str, message: &str) -> Self {
        let mut error = ErrorRecord::new(id, ErrorCategory::ConnectionError, message);
        error.help = Arc::from("part of the command may have been done: check before you run it again");
        Self {
            status: Status::SessionLost,
            had_errors: true,
            refused: false,
            location: String::new(),
            error: Some(error),
        }
    }
}
