//! Runs cmdlets natively, without a host, through the same bytes: what a cmdlet's own tests need.

use std::cell::RefCell;
use std::rc::Rc;

use bailiwick_objects::batch::{Limits, decode, encode};
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorRecord, Hashtable, Value};

use crate::module::Module;
use crate::output::{Reason, Sink, Stopped};

/// Plays the host to a cmdlet.
#[derive(Debug, Default)]
pub struct TestHost {
    stop_after: Option<usize>,
    reason: Option<Reason>,
}

impl TestHost {
    /// A host that takes everything and stops nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops the cmdlet once it has sent so many batches.
    #[must_use]
    pub fn stop_after(mut self, batches: usize) -> Self {
        self.stop_after = Some(batches);
        self
    }

    /// The reason that a capability left.
    #[must_use]
    pub fn reason(mut self, error_id: &str, message: &str) -> Self {
        self.reason = Some(Reason { error_id: error_id.to_owned(), message: message.to_owned() });
        self
    }

    /// Runs a cmdlet over records of named values, to its end or its terminating error.
    pub fn run(self, module: &Module, command: &str, records: &[&[(&str, Value)]]) -> Recording {
        let state = Rc::new(RefCell::new(State { host: self, recording: Recording::default() }));
        let mut run = module.start(command, Box::new(TestSink(Rc::clone(&state))));
        let mut result = Ok(());
        for record in records {
            let bound = Hashtable::of(record.iter().map(|(name, value)| (*name, value.clone())));
            state.borrow_mut().recording.batches_by_record.push(0);
            result = run.process(&encode(&[Value::Hashtable(bound)]));
            if result.is_err() {
                break;
            }
        }
        if result.is_ok() {
            result = run.end();
        }
        let mut recording = std::mem::take(&mut state.borrow_mut().recording);
        recording.terminated = result.err().and_then(|batch| match values(&batch).pop() {
            Some(Value::Error(record)) => Some(*record),
            _ => None,
        });
        recording
    }
}

/// What a run wrote.
#[derive(Debug, Default)]
pub struct Recording {
    records: Vec<(StreamKind, Value)>,
    /// Batches sent during each record.
    batches_by_record: Vec<usize>,
    batches: usize,
    terminated: Option<ErrorRecord>,
}

impl Recording {
    /// Everything in its order, each record with its stream.
    pub fn records(&self) -> &[(StreamKind, Value)] {
        &self.records
    }

    /// What a stream holds.
    pub fn stream(&self, stream: StreamKind) -> Vec<Value> {
        self.records.iter().filter(|(of, _)| *of == stream).map(|(_, value)| value.clone()).collect()
    }

    /// The output stream.
    pub fn output(&self) -> Vec<Value> {
        self.stream(StreamKind::Output)
    }

    /// The error stream: errors that did not end the run.
    pub fn errors(&self) -> Vec<ErrorRecord> {
        let record = |value| match value {
            Value::Error(record) => Some(*record),
            _ => None,
        };
        self.stream(StreamKind::Error).into_iter().filter_map(record).collect()
    }

    /// The error that ended the run, if one did.
    pub fn terminated(&self) -> Option<&ErrorRecord> {
        self.terminated.as_ref()
    }

    /// How many batches were sent.
    pub fn batches(&self) -> usize {
        self.batches
    }

    /// How many batches were sent while each record was processed.
    pub fn batches_by_record(&self) -> &[usize] {
        &self.batches_by_record
    }
}

struct State {
    host: TestHost,
    recording: Recording,
}

struct TestSink(Rc<RefCell<State>>);

impl Sink for TestSink {
    fn emit(&mut self, stream: StreamKind, batch: Vec<u8>) -> Result<(), Stopped> {
        if self.stopping() {
            return Err(Stopped);
        }
        let mut state = self.0.borrow_mut();
        state.recording.batches += 1;
        if let Some(current) = state.recording.batches_by_record.last_mut() {
            *current += 1;
        }
        state.recording.records.extend(values(&batch).into_iter().map(|value| (stream, value)));
        Ok(())
    }

    fn stopping(&self) -> bool {
        let state = self.0.borrow();
        state.host.stop_after.is_some_and(|batches| state.recording.batches >= batches)
    }

    fn take_reason(&mut self) -> Option<Reason> {
        self.0.borrow_mut().host.reason.take()
    }
}

/// The SDK's own encoder wrote the batch: what does not decode would be its fault, and shows as missing records.
fn values(batch: &[u8]) -> Vec<Value> {
    decode(batch, &Limits::default()).unwrap_or_default()
}
