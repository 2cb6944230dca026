//! A session on a host: finds the identity and the known hosts, connects, and speaks of the session in the words of
//! `session`. What goes over the connection is `bailiwick-client`'s.

use std::sync::Arc;

use bailiwick_client::{
    CommandText, ConnectError, ConnectOptions, Connection, Event as HostEvent, Execution, FailureCode,
    Identity, RequestError, ServerTrust, SessionOptions, Status as WireStatus, Target, UnknownKey,
    default_folder,
};
use bailiwick_objects::Value;
use bailiwick_objects::metadata::View;
use bailiwick_runtime::{Outcome, Status};

use crate::arguments::Connect;
use crate::exit::Problem;
use crate::folders::{IDENTITY, KNOWN_HOSTS};
use crate::session::{Event, Events, Input, Session};
use crate::terminal;

/// Connects to a host.
///
/// # Errors
/// There is no identity, the host can't be reached, it is not the right one, or it refuses.
pub(crate) async fn connect(target: &Target, arguments: &Connect) -> Result<Connection, Problem> {
    let folder = || default_folder().map_err(|error| unreachable(&error.into()));
    let identity = match &arguments.identity {
        Some(path) => path.clone(),
        None => folder()?.join(IDENTITY),
    };
    let identity = Identity::load(&identity).map_err(|error| unreachable(&error.into()))?;
    let trust = match &arguments.ca {
        Some(path) => ServerTrust::Ca(path.clone()),
        None => ServerTrust::KnownHosts {
            path: folder()?.join(KNOWN_HOSTS),
            ask: terminal::is_interactive().then(|| Arc::new(ask) as bailiwick_client::Ask),
        },
    };
    let connected = Connection::connect(target, &identity, &trust, &ConnectOptions::default()).await;
    connected.map_err(|error| unreachable(&error))
}

fn unreachable(error: &ConnectError) -> Problem {
    Problem::Unreachable(error.to_string())
}

fn ask(unknown: &UnknownKey) -> bool {
    let UnknownKey { target, pin } = unknown;
    terminal::affirms(&format!(
        "The key of `{target}` is not known:\n  {pin}\nCompare it with what `bailiwick key show` prints for the \
         host's certificate, before anything is sent there."
    ))
}

/// Why a host did not do what it was asked, outside a command.
pub(crate) fn refused(error: &RequestError) -> Problem {
    match error {
        RequestError::Failed { code, message, help } => {
            let text = if help.is_empty() { message.clone() } else { format!("{message}: {help}") };
            match code {
                FailureCode::NoSuchEndpoint => Problem::Refused(text),
                _ => Problem::Failed(text),
            }
        }
        RequestError::Lost { .. } => Problem::Unreachable(error.to_string()),
        _ => Problem::Failed(error.to_string()),
    }
}

/// A session on a host, over a connection of its own.
#[derive(Debug)]
pub(crate) struct RemoteSession {
    name: String,
    connection: Connection,
    session: bailiwick_client::Session,
}

impl RemoteSession {
    /// Connects and makes one.
    ///
    /// # Errors
    /// There is no connection, or the host refuses.
    pub(crate) async fn start(
        target: &Target,
        arguments: &Connect,
        endpoint: Option<&str>,
    ) -> Result<Self, Problem> {
        let connection = connect(target, arguments).await?;
        Self::over(connection, target.host(), endpoint).await
    }

    /// Makes one over a connection; `name` is the host's in the prompt.
    ///
    /// # Errors
    /// The host refuses.
    pub(crate) async fn over(
        connection: Connection,
        name: &str,
        endpoint: Option<&str>,
    ) -> Result<Self, Problem> {
        let options = SessionOptions { width: terminal::width(), ..SessionOptions::default() };
        match connection.create(endpoint, options).await {
            Ok(session) => Ok(Self { name: name.to_owned(), connection, session }),
            Err(error) => {
                connection.close().await;
                Err(refused(&error))
            }
        }
    }
}

impl Session for RemoteSession {
    type Events = RemoteEvents;

    fn host(&self) -> &str {
        &self.name
    }

    fn location(&self) -> &str {
        &self.session.info().location
    }

    fn views(&self) -> &[View] {
        self.session.views()
    }

    async fn execute(&self, text: &str, has_input: bool) -> Result<RemoteEvents, Problem> {
        let command = CommandText { has_input, ..CommandText::new(text) };
        let execution = self.session.execute(command).await.map_err(|error| match &error {
            RequestError::Lost { .. } | RequestError::Failed { code: FailureCode::NoSuchSession, .. } => {
                Problem::SessionLost(error.to_string())
            }
            _ => refused(&error),
        })?;
        Ok(RemoteEvents { execution })
    }

    async fn end(self) -> Result<(), Problem> {
        let Self { connection, session, .. } = self;
        let removed = match session.remove().await {
            // Gone already: that is what was wanted.
            Ok(()) | Err(RequestError::Failed { code: FailureCode::NoSuchSession, .. }) => Ok(()),
            Err(error) => Err(Problem::SessionLost(error.to_string())),
        };
        connection.close().await;
        removed
    }
}

/// A command in a session on a host.
#[derive(Debug)]
pub(crate) struct RemoteEvents {
    execution: Execution,
}

impl Events for RemoteEvents {
    type Input = bailiwick_client::Input;

    async fn next(&mut self) -> Result<Event, Problem> {
        match self.execution.next().await {
            Some(HostEvent::Records { stream, values }) => Ok(Event::Records(stream, values)),
            Some(HostEvent::Finished(outcome)) => Ok(Event::Finished(converted(outcome))),
            None => Err(Problem::SessionLost("the command ended without saying how".to_owned())),
        }
    }

    fn stop(&mut self) {
        self.execution.stop();
    }

    fn input(&mut self) -> Option<Self::Input> {
        self.execution.input()
    }
}

impl Input for bailiwick_client::Input {
    async fn send(&mut self, records: &[Value]) -> bool {
        Self::send(self, records).await.is_ok()
    }

    fn end(self) {
        // The command ended before its input did: its outcome says how.
        let _ = Self::end(self);
    }
}

fn converted(outcome: bailiwick_client::Outcome) -> Outcome {
    let bailiwick_client::Outcome { status, had_errors, refused, location, error } = outcome;
    let status = match status {
        WireStatus::Completed => Status::Completed,
        WireStatus::Failed => Status::Failed,
        WireStatus::Stopped => Status::Stopped,
        WireStatus::SessionLost => Status::SessionLost,
    };
    Outcome { status, had_errors, refused, location, error }
}
