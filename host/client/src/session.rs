//! A session on a host.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_objects::metadata::View;
use bailiwick_wire::message::{Execute, SessionInfo};
use bailiwick_wire::{CommandId, EXECUTE_LIMIT, Joiner, Kind, SessionId, Window, split_execute};
use tokio::sync::mpsc;

use crate::connection::{Handle, answered};
use crate::error::RequestError;
use crate::execution::{CommandText, Execution};
use crate::input::{Gate, Input};
use crate::shared::Command;

/// What a new session is to be like.
///
/// # Defaults
/// No name (the host makes one), 80 columns, nobody to answer prompts, the endpoint's idle time-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOptions {
    /// Its name.
    pub name: Option<String>,
    /// Of the screen, in columns.
    pub width: u32,
    /// Somebody can answer a prompt.
    pub interactive: bool,
    /// How long it may be idle; whole seconds.
    pub idle_timeout: Option<Duration>,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { name: None, width: 80, interactive: false, idle_timeout: None }
    }
}

/// A session on a host. It runs one command at a time and lives until it is removed or its connection ends.
#[derive(Debug, Clone)]
pub struct Session {
    handle: Arc<Handle>,
    info: SessionInfo,
    views: Arc<[View]>,
}

impl Session {
    pub(crate) fn new(handle: Arc<Handle>, info: SessionInfo, views: Vec<View>) -> Self {
        Self { handle, info, views: views.into() }
    }

    /// Its identifier.
    pub const fn id(&self) -> SessionId {
        self.info.id
    }

    /// What it was when it was made.
    pub const fn info(&self) -> &SessionInfo {
        &self.info
    }

    /// The default views of its objects.
    pub fn views(&self) -> &[View] {
        &self.views
    }

    /// Runs a command; returns once the host has accepted it.
    ///
    /// # Errors
    /// The host refused it (another one runs, the session is gone), it is too long, or the connection is lost.
    pub async fn execute(&self, command: CommandText) -> Result<Execution, RequestError> {
        let CommandText { text, arguments, has_input } = command;
        let arguments = if arguments.is_empty() { Vec::new() } else { bailiwick_objects::encode(&arguments) };
        let bytes = text.len() + arguments.len();
        if bytes > EXECUTE_LIMIT {
            return Err(RequestError::CommandTooLong { bytes, limit: EXECUTE_LIMIT });
        }
        let (session, shared) = (self.info.id, &self.handle.shared);
        let command = random_id()?;
        let (events, received) = mpsc::unbounded_channel();
        let gate = has_input.then(|| Arc::new(Gate::new(shared.window)));
        let input = gate.clone().map(|gate| Input::new(self.handle.clone(), gate, session, command));
        let window = Window::of(shared.window);
        let entry = Command { session, joiner: Joiner::default(), window, events, input: gate };
        let asked = shared.ask(Kind::Accepted, Some((command, entry)), |request| {
            let whole = Execute { request, session, command, text, arguments, has_input, more: false };
            split_execute(whole).into_iter().map(Into::into).collect()
        })?;
        // Made before the answer is there: who stops waiting for it drops it, and that stops the command.
        let execution = Execution::new(self.handle.clone(), session, command, received, input);
        answered(asked).await?;
        Ok(execution)
    }

    /// Removes the session from the host.
    ///
    /// # Errors
    /// It is gone already, or the connection is lost.
    pub async fn remove(self) -> Result<(), RequestError> {
        self.handle.remove(self.info.id).await
    }
}

fn random_id() -> Result<CommandId, RequestError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| RequestError::NoRandom(error.to_string()))?;
    Ok(CommandId(bytes))
}
