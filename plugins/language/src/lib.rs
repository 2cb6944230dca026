//! The language: lexer, parser, binder, evaluator, formatter, object model. A pure library: what it needs of the
//! world it asks of a [`host::Host`].
//!
//! [`session::Session`] is the entry; [`syntax`] knows text, `object` knows values, `bind` knows parameters, `eval`
//! runs the tree, `commands` holds the native commands, and [`format`](mod@format) turns finished objects into
//! console text.
#![forbid(unsafe_code)]

mod bind;
mod commands;
mod eval;
pub mod format;
pub mod host;
mod object;
pub mod session;
pub mod syntax;

/// The names of all native commands, in their order.
pub fn native_commands() -> Vec<String> {
    commands::all().iter().map(|native| native.info.name.clone()).collect()
}
