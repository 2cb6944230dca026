//! An effectful command that runs, as the engine holds it: a decision for each record, then the plugin.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use bailiwick_audit::OutcomeRecord;
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Hashtable, Value, batch};

use super::capability::Reach;
use super::{Attempt, Boundary, form};
use crate::account::Charge;
use crate::bindings::engine::bailiwick::guest::host as wit;
use crate::command::Command;
use crate::convert;
use crate::plugin::invocation::{Feed, Handle, Step};

/// An invocation. Dropping it is a cooperative stop, and writes its outcome if it had not ended.
#[derive(Debug)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it by its own name")]
pub struct Running {
    boundary: Arc<Boundary>,
    command: Arc<Command>,
    name: String,
    typed: String,
    /// What the command line bound; each record adds what the pipeline bound.
    arguments: Hashtable,
    /// None until the first record is allowed.
    invocation: Option<Handle>,
    state: State,
    /// Sequence number of the first decision.
    first: Option<u64>,
    started: Instant,
    written: u64,
    /// What the last record reached for.
    reach: Reach,
    /// What the host holds of the arguments counts as the session's memory.
    _charge: Charge,
}

/// Effectful commands that one text may have open at a time, in pipelines inside of pipelines.
const OPEN: usize = 64;
/// What a value takes in memory for each byte of its encoding, at the most that is usual.
const EXPANSION: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Another record may be fed.
    Ready,
    /// A record is being processed: its output comes first.
    Processing,
    /// No record follows.
    Draining,
    /// The last step was given.
    Ended,
}

impl Running {
    /// Opens an invocation. Without pipeline input its one record is decided and fed here.
    ///
    /// # Errors
    /// The refusal, as a batch of one error record.
    pub(crate) async fn open(
        boundary: Arc<Boundary>,
        command: Arc<Command>,
        bound: wit::BoundCommand,
    ) -> Result<Self, Vec<u8>> {
        let held = bound.arguments.len().saturating_mul(EXPANSION);
        let charge = boundary.account.charge(held).ok_or_else(|| encode_error(too_much(&bound.name)))?;
        if command.open.fetch_add(1, Ordering::Relaxed) >= OPEN {
            command.open.fetch_sub(1, Ordering::Relaxed);
            return Err(encode_error(too_much(&bound.name)));
        }
        let arguments = match form::arguments(&bound.arguments) {
            Ok(arguments) => arguments,
            Err(error) => {
                command.open.fetch_sub(1, Ordering::Relaxed);
                return Err(malformed(&boundary, &command, &bound, &error));
            }
        };
        let mut running = Self {
            boundary,
            command,
            name: bound.name,
            typed: bound.typed,
            arguments,
            invocation: None,
            state: State::Ready,
            first: None,
            started: Instant::now(),
            written: 0,
            reach: Reach::default(),
            _charge: charge,
        };
        if bound.pipeline_input {
            // Whether the session may see it at all is asked before the first record, so that a pipeline into a
            // hidden command fails as the command itself would.
            if running.boundary.authority.lookup(&running.name).is_none() {
                running.admit(Hashtable::default()).await.map_err(|error| encode_error(*error))?;
            }
        } else {
            running.admit(Hashtable::default()).await.map_err(|error| encode_error(*error))?;
            running.end_input();
        }
        Ok(running)
    }

    /// Decides one record and hands it to the plugin.
    pub(crate) async fn feed(&mut self, bound: &[u8]) -> wit::Fed {
        match self.state {
            State::Processing => return wit::Fed::OutputWaiting,
            State::Draining | State::Ended => {
                let error = ErrorRecord::new(
                    "InvalidOperation",
                    ErrorCategory::InvalidOperation,
                    "the command takes no more input",
                );
                return wit::Fed::Refused(encode_error(error));
            }
            State::Ready => {}
        }
        let bound = match form::arguments(bound) {
            Ok(bound) => bound,
            Err(error) => {
                let bound = wit::BoundCommand {
                    name: self.name.clone(),
                    typed: self.typed.clone(),
                    arguments: Vec::new(),
                    pipeline_input: true,
                };
                return wit::Fed::Refused(malformed(&self.boundary, &self.command, &bound, &error));
            }
        };
        match self.admit(bound).await {
            Ok(()) => {
                self.state = State::Processing;
                wit::Fed::Taken
            }
            Err(error) => wit::Fed::Refused(encode_error(*error)),
        }
    }

    async fn admit(&mut self, bound: Hashtable) -> Result<(), Box<ErrorRecord>> {
        let mut arguments = self.arguments.clone();
        arguments.entries.extend(bound.entries);
        let attempt = Attempt { command: &self.name, typed: &self.typed, invocation: self.first };
        let (allowed, sequence) = self.boundary.decide(&self.command, attempt, arguments)?;
        self.first.get_or_insert(sequence);
        self.reach = Reach::of(&self.boundary, &allowed.role, allowed.record());
        let record = batch::encode(&[Value::Hashtable(allowed.arguments())]);
        let handle = match &mut self.invocation {
            Some(handle) => handle,
            None => {
                let canonical = allowed.record().command().name.as_str();
                let plugin = self.boundary.sandbox.plugin_of(canonical).cloned().ok_or_else(|| {
                    let message = format!("no installed plugin provides `{canonical}`");
                    Box::new(ErrorRecord::new(
                        "CommandNotFoundException",
                        ErrorCategory::ObjectNotFound,
                        message,
                    ))
                })?;
                let boundary = Arc::clone(&self.boundary);
                self.invocation.insert(Handle::start(
                    boundary,
                    Arc::clone(&self.command),
                    plugin,
                    canonical.to_owned(),
                ))
            }
        };
        handle.feed(Feed { role: Arc::clone(&allowed.role), record }).await;
        Ok(())
    }

    pub(crate) async fn next(&mut self) -> wit::Step {
        match (self.state, &mut self.invocation) {
            (State::Ended, _) | (State::Draining, None) => {
                self.end(None);
                wit::Step::Done(None)
            }
            (State::Ready, _) | (State::Processing, None) => wit::Step::WantsInput,
            (State::Processing | State::Draining, Some(handle)) => loop {
                match handle.next().await {
                    Step::Records { stream, batch } => {
                        let batch = match stream {
                            StreamKind::Error => self.reach.mark(&self.command, batch),
                            _ => batch,
                        };
                        if stream == StreamKind::Output {
                            self.written += 1;
                        }
                        return wit::Step::Records(wit::Records {
                            stream: convert::stream(stream),
                            objects: batch,
                        });
                    }
                    // While input was being ended, the last record's report is only passed over.
                    Step::WantsInput if self.state == State::Draining => {}
                    Step::WantsInput => {
                        self.state = State::Ready;
                        return wit::Step::WantsInput;
                    }
                    Step::Done(mut error) => {
                        if let Some(error) = &mut error {
                            self.reach.mark_end(&self.command, error);
                        }
                        self.end(error.as_deref());
                        return wit::Step::Done(error.map(|error| encode_error(*error)));
                    }
                }
            },
        }
    }

    pub(crate) fn end_input(&mut self) {
        if self.state != State::Ended {
            self.state = State::Draining;
            if let Some(handle) = &mut self.invocation {
                handle.end_input();
            }
        }
    }

    fn end(&mut self, error: Option<&ErrorRecord>) {
        let status = if error.is_some() { "failed" } else { "completed" };
        self.write_outcome(status, error);
    }

    fn write_outcome(&mut self, status: &str, error: Option<&ErrorRecord>) {
        if self.state == State::Ended {
            return;
        }
        self.state = State::Ended;
        if self.first.is_some() {
            self.boundary.outcome(OutcomeRecord {
                of: self.first,
                command: self.name.clone(),
                status: status.to_owned(),
                error: error.map(|error| error.id.to_string()),
                micros: u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX),
                output: self.written,
                ..OutcomeRecord::default()
            });
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.write_outcome("stopped", None);
        self.command.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What an engine sent that is no bound record: only a broken engine does. It is refused, on record.
fn malformed(
    boundary: &Boundary,
    command: &Command,
    bound: &wit::BoundCommand,
    error: &bailiwick_objects::DecodeError,
) -> Vec<u8> {
    tracing::warn!(command = bound.name, %error, "the engine sent arguments that are not well formed");
    command.refused.store(true, Ordering::Relaxed);
    let attempt = Attempt { command: &bound.name, typed: &bound.typed, invocation: None };
    if let Err(unavailable) = boundary.record_malformed(attempt) {
        return encode_error(*unavailable);
    }
    encode_error(ErrorRecord::new(
        "MalformedArguments",
        ErrorCategory::ProtocolError,
        format!("the arguments of `{}` are not well formed", bound.name),
    ))
}

fn too_much(command: &str) -> ErrorRecord {
    let mut record = ErrorRecord::new(
        "SessionMemoryExceeded",
        ErrorCategory::LimitsExceeded,
        format!(
            "cannot run `{command}`: its arguments, or the commands that run already, are more than this session may hold"
        ),
    );
    record.help = Arc::from("pass large data through the pipeline, and run fewer commands inside each other");
    record
}

/// A batch of one error record.
pub(crate) fn encode_error(error: ErrorRecord) -> Vec<u8> {
    batch::encode(&[Value::Error(Box::new(error))])
}
