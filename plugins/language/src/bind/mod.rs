//! PowerShell's parameter binder over the metadata of commands: native commands, functions and effectful commands
//! bind the same way. What is typed becomes canonical names and typed values; what is not understood is an error with
//! PowerShell's id, never left out.
//!
//! Nothing here runs code or decides what may be called.

pub(crate) mod common;
mod errors;
mod line;
mod record;
pub(crate) mod values;

use std::rc::Rc;

use bailiwick_objects::metadata::ParameterInfo;

use crate::object::{Failure, Val};

pub(crate) use common::Common;
pub(crate) use errors::not_converted;
pub(crate) use line::bind_line;
pub(crate) use record::bind_record;

/// A value as the command line gave it.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub value: Val,
    /// The same with its numbers as they were typed, where that differs: what a text parameter binds.
    pub typed: Option<Val>,
}

impl Given {
    pub(crate) fn of(value: Val) -> Self {
        Self { value, typed: None }
    }
}

/// One element of a command line, evaluated.
#[derive(Debug, Clone)]
pub(crate) enum Argument {
    /// `-Name`, and what a colon or a splatted table gave with it.
    Named(Rc<str>, Option<Given>),
    /// A value, bound by its position or taken by the parameter before it.
    Value(Given),
    /// `--`: nothing after it is a parameter.
    EndOfParameters,
}

/// How one command's values are converted: standard for commands, by declaration for functions.
pub(crate) type Convert<'c> = dyn FnMut(&ParameterInfo, &Given) -> Result<Val, Failure> + 'c;

/// What a command line bound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bound {
    /// Index into the command's parameters, and the value.
    pub values: Vec<(usize, Val)>,
    /// Values beyond the parameters, of commands that take them.
    pub rest: Vec<Val>,
    pub common: Common,
    /// The parameter sets still possible; empty: the command has none.
    pub sets: Vec<String>,
}

impl Bound {
    fn has(&self, index: usize) -> bool {
        self.values.iter().any(|(bound, _)| *bound == index)
    }
}

/// Whether a parameter belongs to one of the sets still possible.
fn in_sets(parameter: &ParameterInfo, sets: &[String]) -> bool {
    parameter.sets.is_empty() || sets.is_empty() || parameter.sets.iter().any(|s| sets.contains(s))
}
