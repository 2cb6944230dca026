//! The language's host: the imports of the world.

use std::rc::Rc;

use bailiwick_language::host::{BoundCommand, Fed, Host, RefusalKind, Running, Step, Stopping};
use bailiwick_objects::metadata::{CommandInfo, StreamKind};
use bailiwick_objects::{ErrorRecord, Hashtable, Value, encode};

use crate::bindings::host;
use crate::convert;

/// The imports.
pub(crate) struct Imports;

impl Host for Imports {
    fn lookup(&mut self, name: &str) -> Option<Rc<CommandInfo>> {
        host::lookup(name).map(convert::command).map(Rc::new)
    }

    fn commands(&mut self) -> Vec<Rc<CommandInfo>> {
        host::commands().into_iter().map(convert::command).map(Rc::new).collect()
    }

    fn invoke(&mut self, call: BoundCommand) -> Result<Box<dyn Running>, Box<ErrorRecord>> {
        let request = host::BoundCommand {
            name: call.name,
            typed: call.typed,
            arguments: encode(&[Value::Hashtable(call.arguments)]),
            pipeline_input: call.pipeline_input,
        };
        match host::invoke(&request) {
            Ok(running) => Ok(Box::new(Effect(running))),
            Err(refusal) => Err(convert::error_record(&refusal)),
        }
    }

    fn refused(&mut self, kind: RefusalKind, name: &str, error_id: &str) {
        let kind = match kind {
            RefusalKind::LanguageMode => host::RefusalKind::LanguageMode,
            RefusalKind::Parse => host::RefusalKind::Parse,
            RefusalKind::UnknownCommand => host::RefusalKind::UnknownCommand,
            RefusalKind::UnknownParameter => host::RefusalKind::UnknownParameter,
            RefusalKind::Binding => host::RefusalKind::Binding,
        };
        host::refused(kind, name, error_id);
    }

    fn emit(&mut self, stream: StreamKind, values: &[Value]) -> Result<(), Stopping> {
        host::emit(convert::stream_out(stream), &encode(values)).map_err(|()| Stopping)
    }

    fn read_input(&mut self) -> Result<Option<Vec<Value>>, Stopping> {
        match host::read_input() {
            // What cannot be read is left out: the host decoded it before it handed it on.
            Ok(batch) => Ok(batch.map(|batch| convert::values(&batch).unwrap_or_default())),
            Err(()) => Err(Stopping),
        }
    }

    fn stopping(&mut self) -> bool {
        host::stopping()
    }
}

/// An effectful command that runs. Dropping the resource is the cooperative stop.
struct Effect(host::Running);

impl Running for Effect {
    fn feed(&mut self, bound: &Hashtable) -> Fed {
        match self.0.feed(&encode(&[Value::Hashtable(bound.clone())])) {
            host::Fed::Taken => Fed::Taken,
            host::Fed::OutputWaiting => Fed::OutputWaiting,
            host::Fed::Refused(batch) => Fed::Refused(convert::error_record(&batch)),
        }
    }

    fn next(&mut self) -> Step {
        match self.0.next() {
            host::Step::Records(records) => match convert::values(&records.objects) {
                Ok(values) => Step::Records(convert::stream_in(records.stream), values),
                Err(record) => Step::Done(Some(record)),
            },
            host::Step::WantsInput => Step::WantsInput,
            host::Step::Done(error) => Step::Done(error.map(|batch| convert::error_record(&batch))),
        }
    }

    fn end_input(&mut self) {
        self.0.end_input();
    }
}
