//! The commands that one connection runs: output goes out as far as there is credit, input comes in as far as credit
//! was given. Each has a task of its own, so that one that waits holds up no other.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick_objects::metadata::StreamKind;
use bailiwick_runtime::{Event, Execution, Outcome, Status};
use bailiwick_wire::message::{Credit, EndInput, Finished, Input, InputCredit, Output, Stop};
use bailiwick_wire::{CommandId, Joiner, SessionId, Window, split_batch};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;

use super::convert;
use super::end::End;
use super::line::Line;
use crate::failure::RequestError;
use crate::ledger::Turn;
use crate::options::Limits;

/// Batches of input that may wait for one command, however small they are.
const WAITING_BATCHES: usize = 65_536;

type Key = (SessionId, CommandId);

/// The commands of a connection.
#[derive(Debug, Default)]
pub(super) struct Commands {
    running: HashMap<Key, Arc<Running>>,
    tasks: JoinSet<Key>,
}

/// What the reader and a command's task share.
#[derive(Debug)]
struct Running {
    window: Mutex<Window>,
    granted: Notify,
    stopped: Notify,
    /// One end has said goodbye: no more credit will come, so what has none is dropped.
    parting: AtomicBool,
    input: Mutex<Option<Incoming>>,
    takes_input: bool,
}

/// Input on its way to a command.
#[derive(Debug)]
struct Incoming {
    joiner: Joiner,
    window: Window,
    batches: mpsc::Sender<Fed>,
}

/// A batch, and the credit to give back when the command has taken it.
#[derive(Debug)]
struct Fed {
    batch: Vec<u8>,
    credit: u32,
}

impl Commands {
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Whether one more may run.
    ///
    /// # Errors
    /// The connection has as many as it may have.
    pub(super) fn admit(&self, limits: &Limits, has_input: bool) -> Result<(), RequestError> {
        if self.running.len() >= limits.commands {
            return Err(RequestError::Limit(
                "this connection runs as many commands as it may: wait for one to end",
            ));
        }
        let with_input = self.running.values().filter(|running| running.takes_input).count();
        if has_input && with_input >= limits.commands_with_input {
            return Err(RequestError::Limit(
                "as many commands of this connection as may take input: end one first",
            ));
        }
        Ok(())
    }

    /// Carries a command's events to the peer.
    pub(super) fn start(&mut self, key: Key, mut execution: Execution, turn: Turn, line: &Arc<Line>) {
        let input = execution.input();
        let (incoming, fed) = match &input {
            Some(_taken) => {
                let (batches, fed) = mpsc::channel(WAITING_BATCHES);
                (Some(Incoming { joiner: Joiner::default(), window: Window::new(), batches }), Some(fed))
            }
            None => (None, None),
        };
        let running = Arc::new(Running {
            window: Mutex::new(Window::new()),
            granted: Notify::new(),
            stopped: Notify::new(),
            parting: AtomicBool::new(false),
            takes_input: incoming.is_some(),
            input: Mutex::new(incoming),
        });
        self.running.insert(key, Arc::clone(&running));
        let line = Arc::clone(line);
        self.tasks.spawn(async move {
            let feeding = async {
                if let (Some(input), Some(fed)) = (input, fed) {
                    feed(key, input, fed, &line).await;
                }
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = carry(key, execution, turn, &running, &line) => {}
                () = feeding => {}
            }
            key
        });
    }

    /// Waits for one to end; none: nothing runs. Cancel safe.
    ///
    /// # Errors
    /// One of them panicked.
    pub(super) async fn ended(&mut self) -> Option<Result<SessionId, End>> {
        let ended = self.tasks.join_next().await?;
        Some(match ended {
            Ok(key) => {
                self.running.remove(&key);
                Ok(key.0)
            }
            Err(error) => {
                tracing::error!(%error, "a command's task failed");
                Err(End::Internal)
            }
        })
    }

    /// Whether a command of this session runs here.
    pub(super) fn of_session(&self, session: SessionId) -> bool {
        self.running.keys().any(|(of, _)| *of == session)
    }

    /// Stops all and waits until each has said how it ended.
    pub(super) async fn part(&mut self) {
        for running in self.running.values() {
            running.parting.store(true, Ordering::Release);
            running.stopped.notify_one();
        }
        while self.ended().await.is_some() {}
    }

    /// Ends all, whatever they still had to say.
    pub(super) async fn shutdown(&mut self) {
        self.tasks.shutdown().await;
        self.running.clear();
    }

    /// Output may go on. For a command that has ended, or somebody else's, there is nothing to do.
    pub(super) fn credit(&self, credit: &Credit) {
        if let Some(running) = self.running.get(&(credit.session, credit.command)) {
            locked(&running.window).grant(credit.bytes);
            running.granted.notify_one();
        }
    }

    /// Stops a command. One that has ended stays as it ended.
    pub(super) fn stop(&self, stop: &Stop) {
        if let Some(running) = self.running.get(&(stop.session, stop.command)) {
            running.stopped.notify_one();
        }
    }

    /// Takes one frame of input. What comes for a command that has ended is dropped: the peer may not know yet.
    ///
    /// # Errors
    /// The frame is out of order, without credit, or one of too many.
    pub(super) async fn input(&self, frame: Input, line: &Line) -> Result<(), End> {
        let Some(running) = self.running.get(&(frame.session, frame.command)) else { return Ok(()) };
        let credit = u32::try_from(frame.batch.len()).unwrap_or(u32::MAX);
        {
            let mut input = locked(&running.input);
            let Some(incoming) = input.as_mut() else { return Ok(()) };
            incoming.window.take(frame.batch.len())?;
            let batch = incoming.joiner.push(frame.seq, StreamKind::Output, frame.more, frame.batch)?;
            match batch {
                // The command can't take it before its last fragment is here, so its credit can't wait for that.
                None => incoming.window.grant(credit),
                Some(batch) if batch.is_empty() => return Ok(()),
                Some(batch) => {
                    return match incoming.batches.try_send(Fed { batch, credit }) {
                        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
                        Err(mpsc::error::TrySendError::Full(_)) => {
                            Err(End::Limit("too many batches of input wait: put more records into each"))
                        }
                    };
                }
            }
        }
        line.send(InputCredit { session: frame.session, command: frame.command, bytes: credit }).await;
        Ok(())
    }

    /// No input follows.
    ///
    /// # Errors
    /// Frames are missing.
    pub(super) fn end_input(&self, end: &EndInput) -> Result<(), End> {
        let Some(running) = self.running.get(&(end.session, end.command)) else { return Ok(()) };
        if let Some(incoming) = locked(&running.input).take() {
            incoming.joiner.finish(end.seq)?;
        }
        Ok(())
    }
}

/// Carries events to the peer until the last.
async fn carry(
    (session, command): Key,
    mut execution: Execution,
    turn: Turn,
    running: &Running,
    line: &Line,
) {
    let mut seq = 0;
    let outcome = loop {
        let event = tokio::select! {
            biased;
            () = running.stopped.notified() => {
                execution.stop();
                continue;
            }
            event = execution.next() => event,
        };
        match event {
            Some(Event::Records { stream, batch }) => {
                for (fragment, more) in split_batch(&batch) {
                    if !credit(fragment.len(), &execution, running).await {
                        break;
                    }
                    line.send(Output { session, command, seq, stream, more, batch: fragment.to_vec() }).await;
                    seq += 1;
                }
            }
            Some(Event::Finished(outcome)) => break outcome,
            None => {
                tracing::error!(%session, %command, "a command ended without a word");
                break lost();
            }
        }
    };
    // Before the peer hears of the end: it may have its next command ready.
    drop(turn);
    line.send(finished(session, command, seq, outcome)).await;
}

/// Waits for credit; false if there will be none.
async fn credit(bytes: usize, execution: &Execution, running: &Running) -> bool {
    while locked(&running.window).take(bytes).is_err() {
        if running.parting.load(Ordering::Acquire) {
            return false;
        }
        tokio::select! {
            () = running.granted.notified() => {}
            () = running.stopped.notified() => execution.stop(),
        }
    }
    true
}

/// The end of a command, whole or at least in a word.
fn finished(session: SessionId, command: CommandId, seq: u64, outcome: Outcome) -> Finished {
    /// Bytes of an error record that surely fit beside the rest.
    const ERROR: usize = 16 << 10;
    let mut finished = convert::finished(session, command, seq, outcome);
    finished.error = finished.error.filter(|error| error.len() <= ERROR);
    finished
}

fn lost() -> Outcome {
    Outcome {
        status: Status::SessionLost,
        had_errors: true,
        refused: false,
        location: String::new(),
        error: None,
    }
}

/// Hands batches to the command as it takes them, and gives their credit back.
async fn feed(
    (session, command): Key,
    input: bailiwick_runtime::Input,
    mut fed: mpsc::Receiver<Fed>,
    line: &Line,
) {
    while let Some(Fed { batch, credit }) = fed.recv().await {
        if input.send(batch).await.is_err() {
            return;
        }
        line.send(InputCredit { session, command, bytes: credit }).await;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
