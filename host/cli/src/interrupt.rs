//! The signals by which a user ends what runs: Ctrl+C, which asks, and those that do not.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Problem;

/// How urgent a signal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Ctrl+C: stop what runs.
    Stop,
    /// `SIGTERM`, `SIGHUP`: end.
    End,
}

/// Signals of this process, from the moment this is made.
#[derive(Debug)]
pub(crate) struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Interrupts {
    /// Catches the signals from now on.
    ///
    /// # Errors
    /// The system has no more handlers.
    pub(crate) fn open() -> Result<Self, Problem> {
        let catch =
            |kind| signal(kind).map_err(|error| Problem::Failed(format!("could not catch signals: {error}")));
        Ok(Self {
            interrupt: catch(SignalKind::interrupt())?,
            terminate: catch(SignalKind::terminate())?,
            hang_up: catch(SignalKind::hangup())?,
        })
    }

    /// The next signal. None is lost when the future is dropped.
    pub(crate) async fn next(&mut self) -> Urgency {
        tokio::select! {
            _ = self.interrupt.recv() => Urgency::Stop,
            _ = self.terminate.recv() => Urgency::End,
            _ = self.hang_up.recv() => Urgency::End,
        }
    }
}
