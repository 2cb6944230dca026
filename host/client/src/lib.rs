//! The client: connects to a host, shows who it is, knows whom it talks to, and runs commands in sessions.
//!
//! [`Connection::connect`] is the entry; [`Target`], [`Identity`] and [`ServerTrust`] say where to, as whom, and which
//! server is the right one. A connection carries any number of [`Session`]s, a session one [`Execution`] at a time.
//! Objects arrive as values; showing them is the caller's.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use bailiwick_client::{CommandText, ConnectOptions, Connection, Event, Identity, ServerTrust, SessionOptions, Target};
//!
//! let target = Target::parse("web1.example")?;
//! let folder = bailiwick_client::default_folder()?;
//! let identity = Identity::load(&folder.join("identity.pem"))?;
//! let trust = ServerTrust::KnownHosts { path: folder.join("known_hosts"), ask: None };
//! let connection = Connection::connect(&target, &identity, &trust, &ConnectOptions::default()).await?;
//! let session = connection.create(Some("helpdesk"), SessionOptions::default()).await?;
//! let mut execution = session.execute(CommandText::new("Get-ChildItem Logs:/")).await?;
//! while let Some(event) = execution.next().await {
//!     if let Event::Records { values, .. } = event {
//!         println!("{} records", values.len());
//!     }
//! }
//! connection.close().await;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod connect;
mod connection;
mod deserialized;
mod error;
mod execution;
mod identity;
mod input;
mod known_hosts;
mod session;
mod shared;
mod target;
mod tasks;
mod trust;

/// What hosts answer with, in the words of the wire.
pub use bailiwick_wire::{
    FailureCode,
    message::{EndpointSummary, Language, SessionInfo, Status},
};
pub use connect::{ConnectOptions, Credential};
pub use connection::Connection;
pub use error::{ConnectError, RequestError};
pub use execution::{CommandText, Event, Execution, Outcome, Stopper};
pub use identity::{Identity, IdentityError, default_folder};
pub use input::{Input, InputError};
pub use known_hosts::{KnownHostsError, Pin};
pub use session::{Session, SessionOptions};
pub use target::{Target, TargetError};
pub use trust::{Ask, ServerTrust, UnknownKey};
