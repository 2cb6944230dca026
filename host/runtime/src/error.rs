//! What can go wrong with a host, by whose fault: the operator's at start, the caller's at a request. Errors of
//! commands are error records, not these.

use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

/// Why a host could not start. For the operator: paths are shown.
#[derive(Debug, Error)]
pub enum StartError {
    /// The cache folder can't be used.
    #[error("could not use the cache folder `{}`: {problem}", path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What is wrong and what to do.
        problem: String,
    },
    /// wasmtime refused its configuration, or a guest does not compile.
    #[error("could not prepare {what}: {source}")]
    Wasmtime {
        /// What was prepared.
        what: String,
        /// wasmtime's words.
        source: wasmtime::Error,
    },
    /// A plugin needs an interface that no capability of this host provides.
    #[error("plugin `{plugin}` imports `{interface}`, which no capability of this host provides")]
    UnknownInterface {
        /// The plugin.
        plugin: String,
        /// The interface, with its package.
        interface: String,
    },
    /// The installed plugins' commands clash or are malformed.
    #[error("the installed plugins do not fit together: {0}")]
    Catalog(String),
    /// A thread could not be started.
    #[error("could not start {what}: {source}")]
    Thread {
        /// Which.
        what: &'static str,
        /// The system's words.
        source: std::io::Error,
    },
    /// The state folder can't be used.
    #[error("could not use the state folder: {0}")]
    State(String),
}

/// Why a session was not created.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum CreateError {
    /// Unknown, or not the caller's: the same answer for both.
    #[error("there is no endpoint `{0}` for you on this host")]
    NoSuchEndpoint(String),
    /// No endpoint was named, and there is no default.
    #[error("name an endpoint with `-n`: {}", if .0.is_empty() { "you have none on this host".to_owned() } else { format!("yours are {}", .0.join(", ")) })]
    WhichEndpoint(Vec<String>),
    /// The endpoint's or the host's limit on sessions.
    #[error("you have as many sessions as you may ({0}): remove one first")]
    TooManySessions(u32),
    /// The idle time-out asked for is none, or longer than the endpoint allows.
    #[error("the idle time-out must be more than 0 and at most {} s", .0.as_secs())]
    IdleTimeout(Duration),
    /// The host has as many sessions as it takes.
    #[error("the host has as many sessions as it takes: try again later")]
    HostFull,
    /// A drive of the policy can't be opened.
    #[error("drive `{0}` of this endpoint is not available: tell the operator")]
    Drive(String),
    /// The audit can't be written.
    #[error("the host can't write its audit and takes no sessions: tell the operator")]
    Audit,
    /// The host is shutting down.
    #[error("the host is shutting down")]
    ShuttingDown,
    /// The instance did not start; the host's log says why.
    #[error("the session could not be started: tell the operator")]
    Instance,
}

/// There is no such session of this caller's: unknown, somebody else's or removed, the same answer for all.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("you have no such session")]
pub struct NoSuchSession;

/// Why a command was not taken.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ExecuteError {
    /// See [`NoSuchSession`].
    #[error(transparent)]
    NoSuchSession(#[from] NoSuchSession),
    /// Too many commands wait for this session already.
    #[error("the session is busy, and as many commands as may wait for it do")]
    Busy,
    /// The session was lost or is being removed.
    #[error("the session has ended")]
    Ended,
}

/// Why objects could not be shown as text.
#[derive(Debug, Error)]
pub enum FormatError {
    /// The formatter's instance ended.
    #[error("the formatter stopped: {0}")]
    Instance(wasmtime::Error),
    /// The objects are not what they should be.
    #[error("the objects can't be shown: {0}")]
    Objects(String),
}
