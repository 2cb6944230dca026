//! Live values: what variables hold while a command runs. Identity, sharing and cycles are possible here; the
//! finished trees that cross a boundary are `bailiwick_objects::Value`, and [`cross`] turns one into the other.
//!
//! Nothing here knows syntax, scopes or commands.

pub(crate) mod compare;
pub(crate) mod convert;
pub(crate) mod cross;
pub(crate) mod fault;
pub(crate) mod layout;
pub(crate) mod limits;
pub(crate) mod members;
pub(crate) mod number;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod types;
pub(crate) mod value;
pub(crate) mod wildcard;

pub(crate) use fault::{Failure, Fault, fault};
pub(crate) use table::Table;
pub(crate) use types::Type;
pub(crate) use value::{Array, Block, Val};
