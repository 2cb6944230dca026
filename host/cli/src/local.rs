//! A session in this process: the same sandbox, policy and boundary as a host's, without a connection. Its drives and
//! state are in a private folder that goes with it, and nothing is audited: it is the user's own.

use std::path::Path;

use bailiwick_audit::Audit;
use bailiwick_objects::metadata::View;
use bailiwick_objects::{Limits, Value, batch, decode};
use bailiwick_policy::{Policy, Subject, Trust};
use bailiwick_runtime::{
    CommandText, CreateError, Event as HostEvent, Execution, Host, HostOptions, Sandbox, SandboxOptions,
    SessionInfo, SessionOptions,
};
use tempfile::TempDir;

use crate::exit::Problem;
use crate::folders::{self, Cache};
use crate::session::{Event, Events, Input, Session};
use crate::terminal;

/// Instances that a client needs at a time: a session, its plugins, a formatter.
const INSTANCES: u32 = 64;
/// The user of the built-in policy.
const LOCAL_USER: &str = "local";

/// Starts a sandbox over the user's cache. The cache must be kept as long as the sandbox.
///
/// # Errors
/// The guests don't start.
pub(crate) async fn start_sandbox() -> Result<(Sandbox, Cache), Problem> {
    let cache = Cache::open()?;
    let options = SandboxOptions { instances: INSTANCES, ..SandboxOptions::new(cache.path()) };
    let started = tokio::task::spawn_blocking(move || Sandbox::start(options)).await;
    match started {
        Ok(Ok(sandbox)) => Ok((sandbox, cache)),
        Ok(Err(error)) => Err(Problem::Failed(error.to_string())),
        Err(_ended) => Err(Problem::Failed("could not prepare the sandbox: its thread ended".to_owned())),
    }
}

/// A session in this process.
#[derive(Debug)]
pub(crate) struct LocalSession {
    host: Host,
    subject: Subject,
    info: SessionInfo,
    sandbox: Sandbox,
    /// Dropped last: they hold what the session uses.
    _state: TempDir,
    _cache: Cache,
}

impl LocalSession {
    /// Makes one under the policies of a folder, or under the built-in one.
    ///
    /// # Errors
    /// The policies are faulty, or don't let this user use that endpoint.
    pub(crate) async fn start(
        policies: Option<&Path>,
        user: Option<&str>,
        endpoint: Option<&str>,
    ) -> Result<Self, Problem> {
        let (sandbox, cache) = start_sandbox().await?;
        let policy = match policies {
            Some(folder) => {
                let loaded = Policy::load(folder, sandbox.catalog(), Trust::Lint);
                loaded
                    .map_err(|faults| Problem::Failed(format!("the policies have faults\n\n{faults}")))?
                    .policy
            }
            None => Policy::built_in_unrestricted(sandbox.catalog()),
        };
        let user = user.unwrap_or(LOCAL_USER);
        let subject = policy.subject(user).ok_or_else(|| {
            Problem::Failed(format!(
                "the policies have no user `{user}`: name one of `users.toml` with `--as`"
            ))
        })?;
        let state = folders::passing("local")?;
        let host = Host::new(sandbox.clone(), policy, Audit::discarding(), HostOptions::new(state.path()))
            .map_err(|error| Problem::Failed(error.to_string()))?;
        let options = SessionOptions { width: terminal::width(), ..SessionOptions::default() };
        let info = host.create(&subject, endpoint, options).await.map_err(not_created)?;
        Ok(Self { host, subject, info, sandbox, _state: state, _cache: cache })
    }

    /// The sandbox below, for a formatter.
    pub(crate) fn sandbox(&self) -> Sandbox {
        self.sandbox.clone()
    }
}

fn not_created(error: CreateError) -> Problem {
    let text = error.to_string();
    match error {
        CreateError::NoSuchEndpoint(_) | CreateError::WhichEndpoint(_) => Problem::Refused(text),
        _ => Problem::Failed(text),
    }
}

impl Session for LocalSession {
    type Events = LocalEvents;

    fn host(&self) -> &str {
        "local"
    }

    fn location(&self) -> &str {
        &self.info.location
    }

    fn views(&self) -> &[View] {
        &self.info.views
    }

    async fn execute(&self, text: &str, has_input: bool) -> Result<LocalEvents, Problem> {
        let command = CommandText { text: text.to_owned(), arguments: Vec::new(), has_input };
        match self.host.execute(&self.subject, self.info.id, command) {
            Ok(execution) => Ok(LocalEvents { execution }),
            Err(busy @ bailiwick_runtime::ExecuteError::Busy) => Err(Problem::Failed(busy.to_string())),
            Err(gone) => Err(Problem::SessionLost(gone.to_string())),
        }
    }

    async fn end(self) -> Result<(), Problem> {
        // Already gone: that is what was wanted.
        let _ = self.host.remove(&self.subject, self.info.id).await;
        Ok(())
    }
}

/// A command in a session of this process.
#[derive(Debug)]
pub(crate) struct LocalEvents {
    execution: Execution,
}

impl Events for LocalEvents {
    type Input = bailiwick_runtime::Input;

    async fn next(&mut self) -> Result<Event, Problem> {
        match self.execution.next().await {
            Some(HostEvent::Records { stream, batch }) => Ok(Event::Records(stream, decoded(&batch)?)),
            Some(HostEvent::Finished(outcome)) => Ok(Event::Finished(outcome)),
            None => Err(Problem::SessionLost("the session ended before its command".to_owned())),
        }
    }

    fn stop(&mut self) {
        self.execution.stop();
    }

    fn input(&mut self) -> Option<Self::Input> {
        self.execution.input()
    }
}

impl Input for bailiwick_runtime::Input {
    async fn send(&mut self, records: &[Value]) -> bool {
        Self::send(self, batch::encode(records)).await.is_ok()
    }

    fn end(self) {
        // Here dropping it is the end.
    }
}

/// The values of a batch, which may come from a host that is not to be trusted.
///
/// # Errors
/// It is no batch.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Vec<Value>, Problem> {
    decode(bytes, &Limits::default()).map_err(|error| {
        Problem::SessionLost(format!("the session sent objects that can't be read: {error}"))
    })
}
