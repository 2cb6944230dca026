//! A command as its caller holds it: events out, records in, a way to stop.

use std::sync::Arc;

use bailiwick_objects::ErrorRecord;
use bailiwick_objects::metadata::StreamKind;
use tokio::sync::mpsc;

use crate::command::{Command, StopReason};

/// What a command says.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Records of one stream: a well-formed batch (`bailiwick_objects::batch`).
    Records {
        /// Which stream.
        stream: StreamKind,
        /// The batch.
        batch: Vec<u8>,
    },
    /// The last event.
    Finished(Outcome),
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// In a word.
    pub status: Status,
    /// It wrote error records.
    pub had_errors: bool,
    /// Policy refused something in it.
    pub refused: bool,
    /// The session's location afterwards, drive-qualified; empty: none.
    pub location: String,
    /// What ended it, if it was not its text: a limit, the loss of the session.
    pub error: Option<ErrorRecord>,
}

/// How a command ended, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// To its end.
    Completed,
    /// By a terminating error.
    Failed,
    /// By a stop; the session goes on.
    Stopped,
    /// With its session: the engine trapped, or did not stop in time.
    SessionLost,
}

impl Status {
    /// The word that the audit and `docs/wire.md` use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::SessionLost => "session-lost",
        }
    }
}

/// A command that was taken. Dropping it stops the command.
#[derive(Debug)]
pub struct Execution {
    pub(crate) command: Arc<Command>,
    pub(crate) events: mpsc::Receiver<Event>,
    pub(crate) input: Option<mpsc::Sender<Vec<u8>>>,
    pub(crate) finished: bool,
}

impl Execution {
    /// The next event; none after [`Event::Finished`].
    pub async fn next(&mut self) -> Option<Event> {
        if self.finished {
            return None;
        }
        let event = self.events.recv().await;
        self.finished = matches!(event, None | Some(Event::Finished(_)));
        event
    }

    /// Asks the command to stop: cooperatively first, then by cutting it.
    pub fn stop(&self) {
        self.command.stop(StopReason::Client);
    }

    /// The way in for records, once: a second call gives none, as does a command that takes no input.
    pub fn input(&mut self) -> Option<Input> {
        self.input.take().map(|sender| Input { sender })
    }
}

impl Drop for Execution {
    fn drop(&mut self) {
        self.command.stop(StopReason::Client);
    }
}

/// Records for a command. Dropping it ends the input.
#[derive(Debug)]
pub struct Input {
    sender: mpsc::Sender<Vec<u8>>,
}

impl Input {
    /// Sends a batch; waits while the command is not ready for it.
    ///
    /// # Errors
    /// The command has ended.
    pub async fn send(&self, batch: Vec<u8>) -> Result<(), crate::ExecuteError> {
        self.sender.send(batch).await.map_err(|_gone| crate::ExecuteError::Ended)
    }
}
