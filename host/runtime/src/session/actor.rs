//! The task that owns a session's engine. Commands come one at a time; whatever happens to one, the task answers
//! for it, and when the engine is lost the session is Broken and nothing else is.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use bailiwick_audit::OutcomeRecord;
use bailiwick_objects::metadata::{StreamKind, View};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value, batch};
use bailiwick_policy::{Access, CoreCommands, LanguageMode};
use tokio::sync::{mpsc, oneshot, watch};
use wasmtime::Store;

use super::execution::{Event, Outcome, Status};
use super::{CommandText, Session, SessionEnd, SessionId, SessionOptions, SessionStatus, State, WAITING};
use crate::bindings::engine::Engine;
use crate::bindings::engine::exports::bailiwick::guest::session as wit;
use crate::boundary::Boundary;
use crate::command::{Command, StopReason};
use crate::convert;
use crate::engine::REFUSALS;
use crate::engine::state::{Current, EngineState};
use crate::error::CreateError;
use crate::meter::{Exhausted, Meter};

/// CPU time that an engine may take to start and be configured.
const START_CPU: Duration = Duration::from_secs(5);
/// How long an engine may go on after a limit told it to stop, before its session is ended.
const LIMIT_GRACE: Duration = Duration::from_secs(2);
/// The same after its client asked: PowerShell's CancelTimeout.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(60);

/// One command for the actor.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) text: CommandText,
    pub(crate) command: Arc<Command>,
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) input: Option<mpsc::Receiver<Vec<u8>>>,
}

/// What a new session is made of.
pub(crate) struct Blueprint {
    pub(crate) id: SessionId,
    pub(crate) name: String,
    pub(crate) options: SessionOptions,
    pub(crate) boundary: Arc<Boundary>,
    pub(crate) views: Vec<View>,
}

/// Starts a session: its engine is configured when this returns.
///
/// # Errors
/// The instance does not start.
pub(crate) async fn start(blueprint: Blueprint) -> Result<Session, CreateError> {
    let Blueprint { id, name, options, boundary, views } = blueprint;
    let authority = boundary.authority.clone();
    let status = SessionStatus::new(first_location(&boundary));
    let (jobs, queue) = mpsc::channel(WAITING);
    let (close, closing) = watch::channel(false);
    let (ready, started) = oneshot::channel();
    let configuration = configuration(&boundary, &options, &views, status.location());
    let idle_timeout = options.idle_timeout.unwrap_or(authority.endpoint().limits.idle_timeout);
    let executor = boundary.sandbox.executor().handle().clone();
    let account = Arc::clone(&boundary.account);
    let actor = Actor { boundary, status: Arc::clone(&status), queue, closing, idle_timeout };
    executor.spawn(actor.run(configuration, ready));
    match started.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::error!(%error, "a session's engine did not start");
            return Err(CreateError::Instance);
        }
        Err(_gone) => return Err(CreateError::Instance),
    }
    Ok(Session {
        id,
        name,
        endpoint: authority.endpoint().name.to_string(),
        owner: authority.subject().id.clone(),
        created: SystemTime::now(),
        views,
        status,
        account,
        jobs,
        close,
    })
}

/// Where a session begins: the user's own drive, else its first.
fn first_location(boundary: &Boundary) -> String {
    let drives = boundary.authority.drives();
    let own = drives.iter().find(|drive| drive.name == "User").or_else(|| drives.first());
    own.map(|drive| format!("{}:/", drive.name)).unwrap_or_default()
}

fn configuration(
    boundary: &Boundary,
    options: &SessionOptions,
    views: &[View],
    location: String,
) -> wit::Configuration {
    let endpoint = boundary.authority.endpoint();
    wit::Configuration {
        endpoint: endpoint.name.to_string(),
        user: boundary.authority.subject().user.to_string(),
        computer: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        mode: match endpoint.language {
            LanguageMode::No => wit::LanguageMode::NoLanguage,
            LanguageMode::Restricted => wit::LanguageMode::Restricted,
            LanguageMode::Constrained => wit::LanguageMode::Constrained,
            LanguageMode::Full => wit::LanguageMode::Full,
        },
        core: match endpoint.core {
            CoreCommands::Standard => wit::CoreCommands::Standard,
            CoreCommands::Minimal => wit::CoreCommands::Minimal,
            CoreCommands::None => wit::CoreCommands::None,
        },
        drives: boundary
            .authority
            .drives()
            .into_iter()
            .map(|drive| wit::Drive {
                name: drive.name.clone(),
                writable: drive.access == Access::Write,
                description: drive.description.clone(),
            })
            .collect(),
        location,
        width: options.width,
        views: views.iter().map(convert::view).collect(),
    }
}

struct Actor {
    boundary: Arc<Boundary>,
    status: Arc<SessionStatus>,
    queue: mpsc::Receiver<Job>,
    closing: watch::Receiver<bool>,
    idle_timeout: Duration,
}

/// An engine that was configured.
struct Live {
    store: Store<EngineState>,
    engine: Engine,
}

/// The engine ended: why, for the operator and for the user.
struct Lost {
    error: ErrorRecord,
}

impl Actor {
    async fn run(mut self, configuration: wit::Configuration, ready: oneshot::Sender<wasmtime::Result<()>>) {
        let mut live = match self.start_engine(configuration).await {
            Ok(live) => live,
            Err(error) => {
                let _ = ready.send(Err(error));
                return;
            }
        };
        if ready.send(Ok(())).is_err() {
            return;
        }
        let mut closing = self.closing.clone();
        loop {
            let job = tokio::select! {
                biased;
                _ = closing.wait_for(|closing| *closing) => break,
                job = self.queue.recv() => job,
                () = tokio::time::sleep(self.idle_timeout) => {
                    self.over(SessionEnd::Idle, "session-idle");
                    break;
                }
            };
            let Some(job) = job else { break };
            let kept = self.execute(&mut live, job).await;
            self.status.pending.fetch_sub(1, Ordering::Relaxed);
            if !kept {
                self.status.set_state(State::Broken);
                // A removal cuts what runs: that is no loss.
                if !*self.closing.borrow() {
                    self.over(SessionEnd::Lost, "session-lost");
                }
                break;
            }
        }
        // The instances go first: when the queue closes, whoever waits for the end finds their memory returned.
        drop(live);
        self.boundary.warm.clear();
        while let Ok(job) = self.queue.try_recv() {
            let outcome = Outcome {
                status: Status::SessionLost,
                had_errors: false,
                refused: false,
                location: String::new(),
                error: Some(ended()),
            };
            let _ = job.events.try_send(Event::Finished(outcome));
        }
    }

    /// Notes the end of the session that nobody asked for.
    fn over(&self, end: SessionEnd, event: &str) {
        self.status.set_end(end);
        // Nothing is left to refuse if this can't be written; it is in the log then.
        let _ = self.boundary.event(self.boundary.new_event(event));
    }

    async fn start_engine(&self, configuration: wit::Configuration) -> wasmtime::Result<Live> {
        let sandbox = &self.boundary.sandbox;
        let account = Arc::clone(&self.boundary.account);
        let mut store = EngineState::store(sandbox.engine(), Some(Arc::clone(&self.boundary)), account);
        let meter = Meter::new(START_CPU);
        let started: Result<wasmtime::Result<Engine>, Exhausted> = meter
            .run(Duration::ZERO, || (), async {
                let engine = sandbox.language().instantiate_async(&mut store).await?;
                let session = engine.bailiwick_guest_session();
                let configured = session.call_configure(&mut store, &configuration).await?;
                configured.map_err(wasmtime::Error::msg)?;
                Ok(engine)
            })
            .await;
        let engine =
            started.map_err(|_exhausted| wasmtime::Error::msg("the engine took too long to start"))??;
        Ok(Live { store, engine })
    }

    /// Runs one command; false if the session is lost with it.
    async fn execute(&self, live: &mut Live, job: Job) -> bool {
        let Job { text, command, events, input } = job;
        let started = Instant::now();
        let execute = match crate::engine::record_execute(&self.boundary, &text.text) {
            Ok(sequence) => sequence,
            Err(refusal) => {
                let _ = command.emit(StreamKind::Error, refusal).await;
                self.finish(&events, &command, Status::Failed, None).await;
                return true;
            }
        };
        let current = Current { command: Arc::clone(&command), input, refusals: 0 };
        live.store.data_mut().begin(current);
        let called = self.call(live, &command, &text).await;
        let refusals = live.store.data_mut().finish();
        if let Some(unlisted @ 1..) = refusals.checked_sub(REFUSALS) {
            let event = self.boundary.new_event("refusals-not-listed");
            let count = i64::try_from(unlisted).unwrap_or(i64::MAX);
            // The command is over: nothing is left to refuse.
            let _ = self.boundary.event(event.with("count", count));
        }
        let mut native = 0;
        let (status, error) = match called {
            Ok(outcome) => {
                self.status.set_location(outcome.location);
                native = u64::from(outcome.native_commands);
                let limit = command.stop_reason().and_then(StopReason::error);
                match outcome.status {
                    wit::Status::Completed => (Status::Completed, limit),
                    wit::Status::Failed => (Status::Failed, limit),
                    wit::Status::Stopped => (Status::Stopped, limit),
                }
            }
            Err(lost) => (Status::SessionLost, Some(lost.error)),
        };
        self.boundary.outcome(OutcomeRecord {
            of: Some(execute),
            command: text.text,
            status: status.name().to_owned(),
            error: error.as_ref().map(|error| error.id.to_string()),
            micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            native,
            ..OutcomeRecord::default()
        });
        self.finish(&events, &command, status, error).await;
        status != Status::SessionLost
    }

    /// Calls the engine under the command's limits. The engine is lost if it traps or must be cut.
    async fn call(
        &self,
        live: &mut Live,
        command: &Command,
        text: &CommandText,
    ) -> Result<wit::Outcome, Lost> {
        let wit_text = wit::CommandText {
            text: text.text.clone(),
            arguments: batch::encode(&text.arguments),
            has_input: text.has_input,
        };
        let Live { store, engine } = live;
        let at_limit = || command.stop(StopReason::CpuTime);
        let session = engine.bailiwick_guest_session();
        let called = command.meter.run(LIMIT_GRACE, at_limit, session.call_execute(&mut *store, &wit_text));
        let mut closing = self.closing.clone();
        let result = tokio::select! {
            called = called => match called {
                Ok(Ok(outcome)) => return Ok(outcome),
                Ok(Err(error)) => {
                    tracing::warn!(error = %format!("{error:#}"), "an engine trapped");
                    None
                }
                Err(_exhausted) => Some(StopReason::CpuTime),
            },
            reason = cut(command) => Some(reason),
            _ = closing.wait_for(|closing| *closing) => Some(StopReason::Removal),
        };
        Err(Lost { error: lost(result, store.data().wanted_memory()) })
    }

    async fn finish(
        &self,
        events: &mpsc::Sender<Event>,
        command: &Command,
        status: Status,
        error: Option<ErrorRecord>,
    ) {
        if let Some(error) = &error {
            command.had_errors.store(true, Ordering::Relaxed);
            let record = batch::encode(&[Value::Error(Box::new(error.clone()))]);
            let last_word = Event::Records { stream: StreamKind::Error, batch: record };
            // The client may be slow or gone; a stopped command does not wait for it.
            let _ = tokio::time::timeout(LIMIT_GRACE, events.send(last_word)).await;
        }
        let outcome = Outcome {
            status,
            had_errors: command.had_errors.load(Ordering::Relaxed),
            refused: command.refused.load(Ordering::Relaxed),
            location: self.status.location(),
            error,
        };
        let mut closing = self.closing.clone();
        tokio::select! {
            biased;
            _sent = events.send(Event::Finished(outcome)) => {}
            _ = closing.wait_for(|closing| *closing) => {}
        }
    }
}

/// Returns when a command must be cut: it was asked to stop and did not within its grace.
async fn cut(command: &Command) -> StopReason {
    let watch = command.watch_wall_time();
    let requested = command.stop_requested();
    tokio::pin!(watch, requested);
    let reason = tokio::select! {
        reason = &mut requested => reason,
        () = &mut watch => requested.await,
    };
    let grace = match reason {
        StopReason::Client => CANCEL_TIMEOUT,
        StopReason::Removal => Duration::ZERO,
        StopReason::CpuTime | StopReason::WallTime | StopReason::Output => LIMIT_GRACE,
    };
    tokio::time::sleep(grace).await;
    reason
}

/// The error record of a lost session.
fn lost(reason: Option<StopReason>, wanted_memory: bool) -> ErrorRecord {
    let why = match reason {
        _ if wanted_memory => "the session needed more memory than it may hold",
        None => "the session's engine failed",
        Some(StopReason::Removal) => return ended(),
        Some(StopReason::Client) => "the command did not stop when it was asked to",
        Some(_) => "the command went past a limit of the endpoint and did not stop",
    };
    let mut record = ErrorRecord::new(
        "SessionLost",
        ErrorCategory::ResourceUnavailable,
        format!("{why}: the session was ended, its variables and functions are lost"),
    );
    record.help = Arc::from("create a new session");
    record
}

fn ended() -> ErrorRecord {
    ErrorRecord::new("SessionEnded", ErrorCategory::OperationStopped, "the session was removed")
}
