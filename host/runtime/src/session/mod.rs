//! A session: who owns it, what it is called, what it is doing. `actor` runs it, `execution` is a command as its
//! caller holds it.

pub(crate) mod actor;
pub(crate) mod execution;

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bailiwick_objects::Value;
use bailiwick_objects::metadata::View;
use bailiwick_policy::UserId;
use tokio::sync::{mpsc, watch};

use crate::account::Account;
use crate::error::ExecuteError;
use actor::Job;

/// A session's id: 128 bits of the system's generator. Knowing one gives no access: the owner is checked each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId([u8; 16]);

impl SessionId {
    /// A new one.
    ///
    /// # Errors
    /// The system's generator fails.
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The id of these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                formatter.write_str("-")?;
            }
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

/// What a client asks for with a session.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// Its name; none: `Session<n>`.
    pub name: Option<String>,
    /// Width of the client's screen in columns.
    pub width: u32,
    /// How long it may be idle before it ends; none: the endpoint's. At most the endpoint's maximum.
    pub idle_timeout: Option<Duration>,
}

impl Default for SessionOptions {
    /// No name, 120 columns, the endpoint's idle time-out.
    fn default() -> Self {
        Self { name: None, width: 120, idle_timeout: None }
    }
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEnd {
    /// Its owner removed it, or the host is shutting down.
    Removed,
    /// Nothing ran for its idle time-out.
    Idle,
    /// Its engine was lost.
    Lost,
}

/// PowerShell's states, as far as a session of this version has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It takes commands.
    Opened,
    /// Its engine was lost.
    Broken,
}

/// PowerShell's availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// Nothing runs.
    Available,
    /// A command runs.
    Busy,
    /// It takes no commands.
    None,
}

/// What the owner sees of a session.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    /// Its id.
    pub id: SessionId,
    /// Its name.
    pub name: String,
    /// The endpoint it was made from.
    pub endpoint: String,
    /// Its state.
    pub state: State,
    /// Whether it takes a command now.
    pub availability: Availability,
    /// Its location, drive-qualified; empty: none.
    pub location: String,
    /// When it was created.
    pub created: SystemTime,
    /// Default views of the types that its commands write.
    pub views: Vec<View>,
}

/// A command's text and what comes with it.
#[derive(Debug, Clone, Default)]
pub struct CommandText {
    /// UTF-8 source.
    pub text: String,
    /// The values of `$args`.
    pub arguments: Vec<Value>,
    /// The caller will feed records.
    pub has_input: bool,
}

/// Commands that may wait for one session, the running one not counted.
const WAITING: usize = 8;

/// A session as the registry holds it.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) name: String,
    pub(crate) endpoint: String,
    pub(crate) owner: UserId,
    pub(crate) created: SystemTime,
    pub(crate) views: Vec<View>,
    pub(crate) status: Arc<SessionStatus>,
    pub(crate) account: Arc<Account>,
    jobs: mpsc::Sender<Job>,
    close: watch::Sender<bool>,
}

/// What changes while a session lives: written by its actor.
#[derive(Debug)]
pub(crate) struct SessionStatus {
    state: Mutex<State>,
    location: Mutex<String>,
    /// Commands that run or wait.
    pending: AtomicUsize,
    end: Mutex<SessionEnd>,
}

impl SessionStatus {
    fn new(location: String) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State::Opened),
            location: Mutex::new(location),
            pending: AtomicUsize::new(0),
            end: Mutex::new(SessionEnd::Removed),
        })
    }

    pub(crate) fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it ended, once it did.
    fn end(&self) -> SessionEnd {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_end(&self, end: SessionEnd) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    fn set_state(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    fn location(&self) -> String {
        self.location.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_location(&self, location: String) {
        *self.location.lock().unwrap_or_else(PoisonError::into_inner) = location;
    }
}

impl Session {
    pub(crate) fn info(&self) -> SessionInfo {
        let state = self.status.state();
        let availability = match (state, self.status.pending.load(Ordering::Relaxed)) {
            (State::Broken, _) => Availability::None,
            (State::Opened, 0) => Availability::Available,
            (State::Opened, _) => Availability::Busy,
        };
        SessionInfo {
            id: self.id,
            name: self.name.clone(),
            endpoint: self.endpoint.clone(),
            state,
            availability,
            location: self.status.location(),
            created: self.created,
            views: self.views.clone(),
        }
    }

    /// Queues a command.
    ///
    /// # Errors
    /// The queue is full, or the session has ended.
    pub(crate) fn submit(&self, job: Job) -> Result<(), ExecuteError> {
        if self.status.state() == State::Broken {
            return Err(ExecuteError::Ended);
        }
        self.status.pending.fetch_add(1, Ordering::Relaxed);
        self.jobs.try_send(job).map_err(|error| {
            self.status.pending.fetch_sub(1, Ordering::Relaxed);
            match error {
                mpsc::error::TrySendError::Full(_) => ExecuteError::Busy,
                mpsc::error::TrySendError::Closed(_) => ExecuteError::Ended,
            }
        })
    }

    /// Waits for the end of the session, whatever it is. Its instances are gone then.
    pub(crate) async fn ended(&self) -> SessionEnd {
        self.jobs.closed().await;
        self.status.end()
    }

    /// Ends the session: what runs is cut, what waits is refused. Returns when its instances are gone.
    pub(crate) async fn close(&self) {
        self.close.send_replace(true);
        self.jobs.closed().await;
    }
}
