//! The input of a command: batches sent as far as the host has granted credit.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick_objects::Value;
use bailiwick_wire::message::{EndInput, Input as InputFrame};
use bailiwick_wire::{BATCH_LIMIT, CommandId, SessionId, Window, split_batch};
use tokio::sync::Notify;

use crate::connection::Handle;
use crate::shared::PutError;

/// Feeds a running command. Dropped without [`Input::end`], it stops the command: half an input is not an input.
#[derive(Debug)]
pub struct Input {
    handle: Arc<Handle>,
    gate: Arc<Gate>,
    session: SessionId,
    command: CommandId,
    seq: u64,
    ended: bool,
}

/// Input was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The command takes no more.
    #[error("the command takes no more input: {0}")]
    Ended(Arc<str>),
    /// The batch is longer than the protocol allows.
    #[error("a batch of {bytes} bytes is longer than {limit} bytes; send fewer records at once")]
    TooLong {
        /// Of the batch.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
}

/// How much may be sent, and whether anything may.
#[derive(Debug)]
pub(crate) struct Gate {
    state: Mutex<GateState>,
    changed: Notify,
}

#[derive(Debug)]
struct GateState {
    window: Window,
    closed: Option<Arc<str>>,
}

impl Input {
    pub(crate) const fn new(
        handle: Arc<Handle>,
        gate: Arc<Gate>,
        session: SessionId,
        command: CommandId,
    ) -> Self {
        Self { handle, gate, session, command, seq: 0, ended: false }
    }

    /// Sends records; waits while the command takes none.
    ///
    /// # Errors
    /// The command has ended, or the records are too many for one batch.
    pub async fn send(&mut self, values: &[Value]) -> Result<(), InputError> {
        let batch = bailiwick_objects::encode(values);
        if batch.len() > BATCH_LIMIT {
            return Err(InputError::TooLong { bytes: batch.len(), limit: BATCH_LIMIT });
        }
        for (fragment, more) in split_batch(&batch) {
            self.gate.take(fragment.len()).await?;
            let (session, command, seq, batch) = (self.session, self.command, self.seq, fragment.to_vec());
            self.tell(&InputFrame { session, command, seq, more, batch }.into())?;
            self.seq += 1;
        }
        Ok(())
    }

    /// Says that no more follows.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn end(mut self) -> Result<(), InputError> {
        self.ended = true;
        let (session, command, seq) = (self.session, self.command, self.seq);
        self.tell(&EndInput { session, command, seq }.into())
    }

    fn tell(&self, message: &bailiwick_wire::Message) -> Result<(), InputError> {
        self.handle.shared.tell(message).map_err(|error| match error {
            PutError::Lost(reason) => InputError::Ended(reason),
            PutError::TooLong(error) => InputError::Ended(error.to_string().into()),
        })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        if !self.ended {
            self.handle.shared.stop(self.session, self.command);
        }
    }
}

impl Gate {
    pub(crate) fn new(window: u32) -> Self {
        let state = GateState { window: Window::of(window), closed: None };
        Self { state: Mutex::new(state), changed: Notify::new() }
    }

    pub(crate) fn grant(&self, bytes: u32) {
        self.lock().window.grant(bytes);
        self.changed.notify_one();
    }

    pub(crate) fn close(&self, reason: &str) {
        self.lock().closed.get_or_insert_with(|| reason.into());
        self.changed.notify_one();
    }

    async fn take(&self, bytes: usize) -> Result<(), InputError> {
        loop {
            {
                let mut state = self.lock();
                if let Some(reason) = &state.closed {
                    return Err(InputError::Ended(reason.clone()));
                }
                if state.window.take(bytes).is_ok() {
                    return Ok(());
                }
            }
            // One waiter only: a grant between the check and here is kept for it.
            self.changed.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
