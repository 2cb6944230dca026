//! What the language asks of whoever hosts it. In the engine guest the WIT interface `host` stands behind this; in
//! native tests a table of commands does.

use std::rc::Rc;

use bailiwick_objects::metadata::{CommandInfo, StreamKind};
use bailiwick_objects::{ErrorRecord, Hashtable, Value};

/// The command is being stopped: unwind, run `finally`, return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopping;

/// The host of a session.
pub trait Host {
    /// The effectful command of this canonical name or alias, if the session may see it.
    fn lookup(&mut self, name: &str) -> Option<Rc<CommandInfo>>;
    /// All effectful commands that the session may see.
    fn commands(&mut self) -> Vec<Rc<CommandInfo>>;
    /// Asks for an effectful command to be run: the decision point.
    ///
    /// # Errors
    /// The refusal.
    fn invoke(&mut self, call: BoundCommand) -> Result<Box<dyn Running>, Box<ErrorRecord>>;
    /// Says what the engine refused by itself.
    fn refused(&mut self, kind: RefusalKind, name: &str, error_id: &str);
    /// Writes records to the client.
    ///
    /// # Errors
    /// The command is being stopped.
    fn emit(&mut self, stream: StreamKind, values: &[Value]) -> Result<(), Stopping>;
    /// The next records of the client's input; none after the last.
    ///
    /// # Errors
    /// The command is being stopped.
    fn read_input(&mut self) -> Result<Option<Vec<Value>>, Stopping>;
    /// True once the command is to be stopped.
    fn stopping(&mut self) -> bool;
}

/// An effectful command in canonical form.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundCommand {
    /// The canonical name.
    pub name: String,
    /// Its text as typed.
    pub typed: String,
    /// Canonical parameter names and typed values that the command line bound.
    pub arguments: Hashtable,
    /// Records will be fed.
    pub pipeline_input: bool,
}

/// What the engine refuses by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum RefusalKind {
    LanguageMode,
    Parse,
    UnknownCommand,
    UnknownParameter,
    Binding,
}

/// An effectful command that runs. Dropping it is a cooperative stop.
pub trait Running {
    /// Feeds what the pipeline bound for one record.
    fn feed(&mut self, bound: &Hashtable) -> Fed;
    /// What it has to say next.
    fn next(&mut self) -> Step;
    /// No more records.
    fn end_input(&mut self);
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Fed {
    /// It is being processed.
    Taken,
    /// Call `next` until [`Step::WantsInput`], then feed it again.
    OutputWaiting,
    /// Policy refused this record; the next may be fed.
    Refused(Box<ErrorRecord>),
}

/// What a running command says.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Records of a stream.
    Records(StreamKind, Vec<Value>),
    /// The last record is processed.
    WantsInput,
    /// It ended; the error is what ended it early.
    Done(Option<Box<ErrorRecord>>),
}
