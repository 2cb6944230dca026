//! The language as a guest component: the world `engine` on one side, the pure library on the other. Nothing is
//! decided or evaluated here; what crosses is converted in [`convert`], and what the host offers stands behind the
//! language's `Host` in [`host`].

mod bindings;
mod convert;
mod formatting;
mod host;
mod session;

pub use formatting::Formatter;

/// What the component exports.
#[derive(Debug)]
pub struct Engine;
