//! The door of a host: listeners, authentication, connections.
//!
//! - `listener`: who may knock: TCP, caps on connections, back-off; TLS 1.3 with a certificate of the client.
//! - `identity`: who a peer is. A key that `users.toml` names, nothing else; one identity a connection.
//! - `connection`: frames in, frames out; many sessions on one connection, none in another's way.
//! - `failure`: the one place where an error of the host becomes what a peer sees.
//!
//! Sessions themselves are `bailiwick-runtime`'s; the form of frames and what may be said when are `bailiwick-wire`'s.
#![forbid(unsafe_code)]

mod connection;
mod error;
mod events;
mod failure;
mod identity;
mod ledger;
mod listener;
mod options;
mod server;

pub use connection::{Connections, Peer};
pub use error::ServeError;
pub use identity::Credential;
pub use options::{Limits, ServerOptions, TlsFiles};
pub use server::Server;
