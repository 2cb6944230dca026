//! Version 1 of the protocol between a client and a host: frames and messages, what may be said when, in which order
//! it is written, and how much may be under way. `docs/wire.md` is the specification.
//!
//! Bytes in, messages out. There is no I/O here, no clock and no randomness: `bailiwick-server` and
//! `bailiwick-client` bring those. Batches of objects pass through as bytes; `bailiwick-objects` reads them.
#![forbid(unsafe_code)]

mod cbor;
mod credit;
mod error;
mod failure;
mod fragments;
mod frame;
#[doc(hidden)]
pub mod fuzzing;
mod id;
mod link;
pub mod message;
mod outbox;
mod pages;

pub use credit::Window;
pub use error::ProtocolError;
pub use failure::FailureCode;
pub use fragments::{Executes, Joiner, split_batch, split_execute};
pub use frame::{EncodeError, decode, encode};
pub use id::{CommandId, SessionId};
pub use link::{FrameLimit, Link, LinkState, Side};
pub use message::{Kind, Message};
pub use outbox::Outbox;
pub use pages::{endpoint_pages, session_created_pages, session_pages};

/// The protocol version that this crate speaks.
pub const VERSION: u16 = 1;

/// The default port.
pub const PORT: u16 = 7985;

/// Bytes of Output (or Input) payload that may be under way for a command before anything is granted.
pub const INITIAL_WINDOW: u32 = 256 << 10;

/// Bytes of one batch, all its fragments together.
pub const BATCH_LIMIT: usize = 16 << 20;

/// Bytes of a command's text and arguments, all parts of its Execute together.
pub const EXECUTE_LIMIT: usize = 1 << 20;
