//! How running code leaves what it is in: errors, jumps, stops.

use std::rc::Rc;

use crate::host::Stopping;
use crate::object::Failure;

/// A reason to leave.
#[derive(Debug)]
pub(crate) enum Flow {
    /// An error on its way to a `catch`.
    Throw(Failure),
    /// `break`, with its label.
    Break(Option<Rc<str>>),
    /// `continue`, with its label.
    Continue(Option<Rc<str>>),
    /// `return`: its value is written already.
    Return,
    /// `exit`.
    Exit,
    /// The command is being stopped.
    Stopping,
    /// A stage wants no more input.
    Enough,
    /// The same on its way up to the pipeline whose stage it is.
    StopUpstream { pipe: u64, stage: usize },
}

/// The result of running something.
pub(crate) type Run<T = ()> = Result<T, Flow>;

impl From<Failure> for Flow {
    fn from(failure: Failure) -> Self {
        Self::Throw(failure)
    }
}

impl From<Stopping> for Flow {
    fn from(_: Stopping) -> Self {
        Self::Stopping
    }
}
