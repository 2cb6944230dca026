//! A running command as all parts of the runtime see it: whether it is to stop and why, what it has used, and the
//! way its records leave.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorCategory, ErrorRecord};
use bailiwick_policy::Limits;
use tokio::sync::{mpsc, watch};

use crate::meter::Meter;
use crate::session::execution::Event;

/// Why a command is to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// The client asked, or went away.
    Client,
    /// The endpoint's `cpu_per_command`.
    CpuTime,
    /// The endpoint's `command_time`.
    WallTime,
    /// The endpoint's `output_per_command`.
    Output,
    /// The session is being removed.
    Removal,
}

impl StopReason {
    /// The error record for the user; a stop by the client has none.
    pub(crate) fn error(self) -> Option<ErrorRecord> {
        let (id, category, message) = match self {
            Self::Client | Self::Removal => return None,
            Self::CpuTime => {
                ("CommandCpuTimeExceeded", ErrorCategory::LimitsExceeded, "used up its CPU time")
            }
            Self::WallTime => ("CommandTimeout", ErrorCategory::OperationTimeout, "ran longer than it may"),
            Self::Output => {
                ("CommandOutputExceeded", ErrorCategory::LimitsExceeded, "wrote more than it may")
            }
        };
        let mut record =
            ErrorRecord::new(id, category, format!("the command {message} on this endpoint and was stopped"));
        record.help = Arc::from("ask for less at a time, or ask the operator about the endpoint's limits");
        Some(record)
    }
}

/// One command of a session while it runs. Shared by the engine's imports, the plugins' tasks and the watchdog.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) meter: Arc<Meter>,
    pub(crate) limits: Limits,
    stopping: AtomicBool,
    reason: watch::Sender<Option<StopReason>>,
    events: mpsc::Sender<Event>,
    written: AtomicU64,
    /// How long the command has waited for its client, which `command_time` leaves out.
    waits: Mutex<Waits>,
    /// Effectful commands that are open at a time.
    pub(crate) open: AtomicUsize,
    started: Instant,
    /// Decisions against it, so that the client exits with the status of a refusal.
    pub(crate) refused: AtomicBool,
    pub(crate) had_errors: AtomicBool,
}

impl Command {
    pub(crate) fn new(limits: &Limits, events: mpsc::Sender<Event>) -> Arc<Self> {
        Arc::new(Self {
            meter: Meter::new(limits.cpu_per_command),
            limits: *limits,
            stopping: AtomicBool::new(false),
            reason: watch::Sender::new(None),
            events,
            written: AtomicU64::new(0),
            waits: Mutex::default(),
            open: AtomicUsize::new(0),
            started: Instant::now(),
            refused: AtomicBool::new(false),
            had_errors: AtomicBool::new(false),
        })
    }

    /// Asks it to stop. The first reason stands.
    pub(crate) fn stop(&self, reason: StopReason) {
        self.stopping.store(true, Ordering::Release);
        self.reason.send_if_modified(|current| {
            let first = current.is_none();
            if first {
                *current = Some(reason);
            }
            first
        });
    }

    pub(crate) fn stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    pub(crate) fn stop_reason(&self) -> Option<StopReason> {
        *self.reason.borrow()
    }

    /// Waits until it is asked to stop.
    pub(crate) async fn stop_requested(&self) -> StopReason {
        let mut reason = self.reason.subscribe();
        loop {
            if let Some(reason) = *reason.borrow_and_update() {
                return reason;
            }
            if reason.changed().await.is_err() {
                return StopReason::Removal;
            }
        }
    }

    /// Sends records to the client; waits until it takes them.
    ///
    /// # Errors
    /// The command is being stopped: nothing was sent.
    pub(crate) async fn emit(&self, stream: StreamKind, batch: Vec<u8>) -> Result<(), StopReason> {
        let size = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        if stream != StreamKind::Error || !self.stopping() {
            let written = self.written.fetch_add(size, Ordering::Relaxed).saturating_add(size);
            if written > self.limits.output_per_command {
                self.stop(StopReason::Output);
            }
        }
        if let Some(reason) = self.stop_reason() {
            return Err(reason);
        }
        if stream == StreamKind::Error {
            self.had_errors.store(true, Ordering::Relaxed);
        }
        let waiting = self.wait();
        let sent = tokio::select! {
            sent = self.events.send(Event::Records { stream, batch }) => sent.map_err(|_gone| StopReason::Client),
            reason = self.stop_requested() => Err(reason),
        };
        drop(waiting);
        if sent.is_err() {
            self.stop(StopReason::Client);
        }
        sent
    }

    /// Begins to wait for the client: while this is held, `command_time` stands still.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).since = Some(Instant::now());
        Waiting { command: self }
    }

    /// How long it has run, without its waits for the client.
    fn ran(&self) -> Duration {
        let waits = *self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let waiting = waits.since.map(|since| now.duration_since(since)).unwrap_or_default();
        now.duration_since(self.started).saturating_sub(waits.over + waiting)
    }

    /// Stops the command when its wall time is over. Never returns before.
    pub(crate) async fn watch_wall_time(&self) {
        loop {
            match self.limits.command_time.checked_sub(self.ran()) {
                Some(left) if !left.is_zero() => tokio::time::sleep(left).await,
                _ => return self.stop(StopReason::WallTime),
            }
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Waits {
    /// All waits that are over.
    over: Duration,
    /// When the wait began that is not.
    since: Option<Instant>,
}

/// A wait for the client, over when dropped. An engine waits for one thing at a time.
#[derive(Debug)]
pub(crate) struct Waiting<'a> {
    command: &'a Command,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waits = self.command.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(since) = waits.since.take() {
            waits.over += since.elapsed();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stands_still_for_a_command_that_waits_for_its_client() {
        let limits = Limits::default();
        let command = Command::new(&limits, mpsc::channel(1).0);
        let wait = Duration::from_millis(20);
        let waiting = command.wait();
        let (before, begun) = (command.ran(), Instant::now());
        while begun.elapsed() < wait {
            std::hint::spin_loop();
        }
        assert!(command.ran() - before < wait);
        drop(waiting);
        assert!(command.ran() - before < wait);
    }
}
