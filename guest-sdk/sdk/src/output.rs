//! What a cmdlet writes. Records of one stream are sent together where that delays none: when enough have gathered, when
//! another stream is written to, and whenever the cmdlet returns.

use bailiwick_objects::batch::{BatchWriter, encode};
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value};

use crate::cmdlet::Failure;

/// Records that are sent together at most.
const BATCH_RECORDS: u64 = 64;
/// Bytes after which a batch is sent.
const BATCH_BYTES: usize = 16 << 10;

/// Where batches go: the host, or the recording of a test.
pub(crate) trait Sink {
    fn emit(&mut self, stream: StreamKind, batch: Vec<u8>) -> Result<(), Stopped>;
    fn stopping(&self) -> bool;
    fn take_reason(&mut self) -> Option<Reason>;
}

/// The command is being stopped: return, the sooner the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pipeline has been stopped")]
pub struct Stopped;

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        Self::new(ErrorRecord::new("PipelineStopped", ErrorCategory::OperationStopped, stopped.to_string()))
    }
}

/// Why a capability refused or failed, in words that the user may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// An error id.
    pub error_id: String,
    /// A sentence.
    pub message: String,
}

/// The streams of a running cmdlet.
pub struct Output {
    command: String,
    sink: Box<dyn Sink>,
    waiting: BatchWriter,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("command", &self.command).finish_non_exhaustive()
    }
}

impl Output {
    pub(crate) fn new(command: &str, sink: Box<dyn Sink>) -> Self {
        Self { command: command.to_owned(), sink, waiting: BatchWriter::new() }
    }

    /// Writes an object to the output stream.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn write(&mut self, value: impl Into<Value>) -> Result<(), Stopped> {
        self.waiting.push(&value.into());
        if self.waiting.count() >= BATCH_RECORDS || self.waiting.bytes() >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes an error about one item; the cmdlet goes on (a non-terminating error).
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn error(&mut self, record: impl Into<Failure>) -> Result<(), Stopped> {
        let record = self.attribute(record.into());
        self.send(StreamKind::Error, Value::Error(record))
    }

    /// Writes a warning.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn warning(&mut self, text: &str) -> Result<(), Stopped> {
        self.send(StreamKind::Warning, text)
    }

    /// Writes a line that is shown with `-Verbose`.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn verbose(&mut self, text: &str) -> Result<(), Stopped> {
        self.send(StreamKind::Verbose, text)
    }

    /// Writes a line that is shown with `-Debug`.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn debug(&mut self, text: &str) -> Result<(), Stopped> {
        self.send(StreamKind::Debug, text)
    }

    /// Sends what was written and waits.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn flush(&mut self) -> Result<(), Stopped> {
        if self.waiting.count() == 0 {
            return Ok(());
        }
        self.sink.emit(StreamKind::Output, self.waiting.take())
    }

    /// True once the command is to be stopped: everything that can loop for long asks.
    pub fn stopping(&self) -> bool {
        self.sink.stopping()
    }

    /// As [`stopping`](Self::stopping), for `?`.
    ///
    /// # Errors
    /// The command is being stopped.
    pub fn check_stopping(&self) -> Result<(), Stopped> {
        if self.stopping() { Err(Stopped) } else { Ok(()) }
    }

    /// Why the last capability that failed did so: `std` reports errors of files and streams without a reason. Ask
    /// right after the failure; the answer is given once.
    pub fn take_reason(&mut self) -> Option<Reason> {
        self.sink.take_reason()
    }

    /// An error record says which command wrote it.
    pub(crate) fn attribute(&self, record: Failure) -> Failure {
        if record.command.is_empty() { record.with_command(&self.command).into() } else { record }
    }

    /// Writes to another stream than output, in order with it.
    fn send(&mut self, stream: StreamKind, value: impl Into<Value>) -> Result<(), Stopped> {
        self.flush()?;
        self.sink.emit(stream, encode(&[value.into()]))
    }
}
