//! Where records go: sinks between the stages of a pipeline, the client's streams behind them, and redirections.

use std::cell::RefCell;
use std::rc::Rc;

use bailiwick_objects::Value;
use bailiwick_objects::metadata::StreamKind;

use super::flow::{Flow, Run};
use super::pipeline::Slot;
use super::{Evaluator, Frame};
use crate::object::{Val, cross, limits};

/// Takes the output of something that runs.
pub(crate) trait Sink {
    fn write(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run;
}

/// Collects.
impl Sink for Vec<Val> {
    fn write(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run {
        ev.tick()?;
        limits::admit_items(self.len() + 1)?;
        self.push(value);
        Ok(())
    }
}

/// Throws away.
pub(crate) struct Discard;

impl Sink for Discard {
    fn write(&mut self, ev: &mut Evaluator<'_>, _: Val) -> Run {
        ev.tick()
    }
}

/// The client's output stream.
pub(crate) struct Client;

impl Sink for Client {
    fn write(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run {
        ev.tick()?;
        ev.send(StreamKind::Output, &value)
    }
}

/// What handing a record to the next stage weighs: 1,600 stages of a lean command used up the stack.
const STAGE_WEIGHT: u32 = 4;

/// The stages behind one, and what is behind the last.
pub(crate) struct Downstream<'a> {
    pub stages: &'a mut [Slot],
    /// The index of the first of them in its pipeline.
    pub index: usize,
    pub pipe: u64,
    /// The frame of the pipeline: the stages run in it, whatever frame wrote the record.
    pub home: &'a Rc<Frame>,
    pub out: &'a mut dyn Sink,
}

impl Sink for Downstream<'_> {
    fn write(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run {
        ev.tick()?;
        let outer = std::mem::replace(&mut ev.frame, Rc::clone(self.home));
        let result = self.deliver(ev, value);
        ev.frame = outer;
        result
    }
}

impl Downstream<'_> {
    fn deliver(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run {
        let Some((head, rest)) = self.stages.split_first_mut() else { return self.out.write(ev, value) };
        let (pipe, stage) = (self.pipe, self.index);
        let mut next =
            Downstream { stages: rest, index: stage + 1, pipe, home: self.home, out: &mut *self.out };
        ev.deeper(STAGE_WEIGHT, |ev| head.process(ev, Some(value), &mut next)).map_err(|flow| match flow {
            Flow::Enough => Flow::StopUpstream { pipe, stage },
            other => other,
        })
    }
}

/// A redirection in force.
pub(crate) struct Redirect {
    /// Streams it takes, by number.
    pub from: Vec<StreamKind>,
    /// Where they go: into the command's output, or nowhere.
    pub to: Option<Rc<RefCell<Vec<Val>>>>,
    pub outer: Option<Rc<Redirect>>,
}

/// Records on their way to the client, batched.
#[derive(Default)]
pub(crate) struct Emitter {
    pending: Vec<Value>,
    kind: Option<StreamKind>,
    bytes: usize,
    /// For how many looks at the stop flag something has been pending.
    waited: u32,
}

/// Records and bytes of one batch.
const BATCH_RECORDS: usize = 64;
const BATCH_BYTES: usize = 16 << 10;
/// Looks at the stop flag that a record waits for its batch to fill: milliseconds.
const LOOKS: u32 = 64;

impl Evaluator<'_> {
    /// Writes to a stream beside the output: through redirections, else to the client.
    pub(crate) fn write_stream(&mut self, kind: StreamKind, value: Val) -> Run {
        let mut redirect = self.frame.redirect.clone();
        while let Some(here) = redirect {
            if here.from.contains(&kind) {
                if let Some(to) = &here.to {
                    limits::admit_items(to.borrow().len() + 1)?;
                    to.borrow_mut().push(value);
                }
                return Ok(());
            }
            redirect = here.outer.clone();
        }
        self.send(kind, &value)
    }

    /// Writes the elements of a value: arrays one by one.
    pub(crate) fn write_elements(&mut self, value: Val, out: &mut dyn Sink) -> Run {
        match value {
            Val::Nothing => Ok(()),
            Val::Array(array) => {
                // By index: a downstream stage may change the array that is enumerated.
                let mut at = 0;
                loop {
                    let Some(item) = array.items.borrow().get(at).cloned() else { return Ok(()) };
                    out.write(self, item)?;
                    at += 1;
                }
            }
            Val::Bytes(bytes) => {
                bytes.iter().try_for_each(|byte| out.write(self, Val::Int(i32::from(*byte))))
            }
            other => out.write(self, other),
        }
    }

    pub(crate) fn send(&mut self, kind: StreamKind, value: &Val) -> Run {
        if kind == StreamKind::Error {
            self.had_errors = true;
        }
        if self.emitter.kind != Some(kind) {
            self.flush()?;
            self.emitter.kind = Some(kind);
        }
        let value = cross::to_value(value);
        self.emitter.bytes += weight(&value);
        self.emitter.pending.push(value);
        if self.emitter.pending.len() >= BATCH_RECORDS || self.emitter.bytes >= BATCH_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Hands over what has waited long enough, so that a long computation keeps no record back.
    pub(crate) fn flush_waiting(&mut self) -> Run {
        if self.emitter.pending.is_empty() {
            return Ok(());
        }
        self.emitter.waited += 1;
        if self.emitter.waited >= LOOKS { self.flush() } else { Ok(()) }
    }

    /// Hands over what is batched: before anything that may wait, and at the end.
    pub(crate) fn flush(&mut self) -> Run {
        let pending = std::mem::take(&mut self.emitter.pending);
        self.emitter.bytes = 0;
        self.emitter.waited = 0;
        let Some(kind) = self.emitter.kind.filter(|_| !pending.is_empty()) else { return Ok(()) };
        match self.host.emit(kind, &pending) {
            Err(_) if !self.unwinding => Err(Flow::Stopping),
            _ => Ok(()),
        }
    }
}

/// About how many bytes a value takes in a batch.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) | Value::Uri(text) | Value::ScriptBlock(text) => text.len() + 3,
        Value::Bytes(bytes) => bytes.len() + 3,
        Value::Array(items) => 3 + items.iter().map(weight).sum::<usize>(),
        Value::Hashtable(table) => {
            3 + table.entries.iter().map(|(k, v)| weight(k) + weight(v)).sum::<usize>()
        }
        Value::Object(object) => 3 + object.values.iter().map(weight).sum::<usize>(),
        Value::Error(_) => 256,
        _ => 9,
    }
}
