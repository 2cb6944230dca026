//! Sessions on wasmtime: the engine guest, plugins, limits, and the boundary between what a session asks for and
//! what happens.
//!
//! - [`Sandbox`]: wasmtime as this host uses it, the compiled components, the catalogue of installed commands.
//! - [`Host`]: policy, audit and the registry of sessions over one sandbox.
//! - a session: one store for its engine, one for each (plugin, role), one task that owns them.
//! - the boundary: where a bound command is decided, recorded and only then run.
//!
//! Nothing here speaks a protocol or reads a terminal; `bailiwick-server` and the command line do.

mod account;
mod bindings;
mod boundary;
mod command;
mod convert;
mod engine;
mod error;
mod formatter;
mod host;
mod meter;
mod plugin;
mod roster;
mod sandbox;
mod session;

pub use bailiwick_guests::Bundled;
pub use error::{CreateError, ExecuteError, FormatError, NoSuchSession, StartError};
pub use formatter::Formatter;
pub use host::{EndpointSummary, Host, HostOptions};
pub use sandbox::{Sandbox, SandboxOptions};
pub use session::execution::{Event, Execution, Input, Outcome, Status};
pub use session::{Availability, CommandText, SessionEnd, SessionId, SessionInfo, SessionOptions, State};
