//! The object model and its CBOR form, shared by the host and its guests.
//!
//! PowerShell's objects without .NET: [`Value`] is a finished tree, data that crosses a boundary; the engine has
//! live objects of its own (identity, cycles) and turns them into these. [`batch`] is the form on the wire and
//! between guests, [`metadata`] says what a command is. `docs/objects.md` specifies the bytes.
//!
//! Nothing here decides, evaluates or does I/O.
#![forbid(unsafe_code)]

pub mod batch;
pub mod error_record;
pub mod metadata;
pub mod time;
pub mod value;

pub use batch::{BatchWriter, DecodeError, Limits, decode, encode};
pub use error_record::{ErrorCategory, ErrorRecord, Position, Refusal};
pub use time::{DateTime, TimeSpan};
pub use value::{Hashtable, Object, Shape, Value};
