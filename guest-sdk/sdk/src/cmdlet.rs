//! What a cmdlet is, and one run of it.

use bailiwick_objects::batch::{Limits, decode, encode};
use bailiwick_objects::metadata::CommandInfo;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value};

use crate::output::{Output, Sink};
use crate::parameters::Parameters;

/// An error record as a function returns it: boxed, because it is large. `?` and `.into()` box a record.
pub type Failure = Box<ErrorRecord>;

/// A cmdlet: made for each run, given each record in turn, then told that there are no more.
///
/// An error returned from [`process`](Self::process) or [`end`](Self::end) ends the run (a terminating error); one
/// about a single item is written with [`Output::error`], and the cmdlet goes on.
pub trait Cmdlet {
    /// What it is called and what it takes.
    fn info() -> CommandInfo
    where
        Self: Sized;

    /// One for a new run.
    fn new() -> Self
    where
        Self: Sized;

    /// Handles one record: the parameters of the command line and what the pipeline bound.
    ///
    /// # Errors
    /// What ends the run.
    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure>;

    /// After the last record.
    ///
    /// # Errors
    /// What ends the run.
    fn end(&mut self, out: &mut Output) -> Result<(), Failure> {
        let _ = out;
        Ok(())
    }
}

/// One run of a cmdlet, in bytes as the host gives and takes them.
pub(crate) struct Run {
    /// Absent if the module has no such cmdlet.
    cmdlet: Option<Box<dyn Cmdlet>>,
    command: String,
    out: Output,
}

impl Run {
    pub(crate) fn new(cmdlet: Option<Box<dyn Cmdlet>>, command: &str, sink: Box<dyn Sink>) -> Self {
        Self { cmdlet, command: command.to_owned(), out: Output::new(command, sink) }
    }

    /// A batch of one hashtable. The error is a batch of one error record.
    pub(crate) fn process(&mut self, record: &[u8]) -> Result<(), Vec<u8>> {
        let result = self.read(record).and_then(|parameters| match &mut self.cmdlet {
            Some(cmdlet) => cmdlet.process(&parameters, &mut self.out),
            None => Err(self.unknown().into()),
        });
        self.finish(result)
    }

    pub(crate) fn end(&mut self) -> Result<(), Vec<u8>> {
        let result = match &mut self.cmdlet {
            Some(cmdlet) => cmdlet.end(&mut self.out),
            None => Err(self.unknown().into()),
        };
        self.finish(result)
    }

    fn read(&self, record: &[u8]) -> Result<Parameters, Failure> {
        let malformed = |what: &str| {
            let message = format!("the record for `{}` is malformed: {what}", self.command);
            Failure::new(ErrorRecord::new("MalformedRecord", ErrorCategory::ProtocolError, message))
        };
        let values = decode(record, &Limits::default()).map_err(|error| malformed(&error.to_string()))?;
        match <[Value; 1]>::try_from(values) {
            Ok([Value::Hashtable(bound)]) => Ok(Parameters::new(&self.command, bound)),
            _ => Err(malformed("not one hashtable")),
        }
    }

    fn unknown(&self) -> ErrorRecord {
        let message = format!("the module has no cmdlet `{}`", self.command);
        ErrorRecord::new("CommandNotFoundException", ErrorCategory::ObjectNotFound, message)
    }

    /// What was written goes out before the caller feeds the next record, and before the error that ends the run.
    fn finish(&mut self, result: Result<(), Failure>) -> Result<(), Vec<u8>> {
        let result = self.out.flush().map_err(Failure::from).and(result);
        result.map_err(|record| encode(&[Value::Error(self.out.attribute(record))]))
    }
}
