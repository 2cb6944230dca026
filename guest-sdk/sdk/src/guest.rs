//! The component side: the one place that holds the bindings of the plugin world. Only on wasm32.

use std::cell::RefCell;
use std::marker::PhantomData;

use bailiwick_objects::metadata::{self as ours, StreamKind};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value, encode};

use crate::cmdlet::Run;
use crate::module::Module;
use crate::output::{Reason, Sink, Stopped};

#[expect(missing_docs, reason = "generated: the documentation is in the world")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "plugin-world",
        pub_export_macro: true,
        export_macro_name: "export_component",
        default_bindings_module: "bailiwick_sdk::guest::bindings",
    });
}

use bindings::bailiwick::guest::metadata as theirs;
use bindings::bailiwick::guest::streams;
use bindings::exports::bailiwick::guest::plugin;

/// Makes a component of a function, in scope, that gives a [`Module`]. Stands under `cfg(target_arch = "wasm32")`.
#[macro_export]
macro_rules! export {
    ($module:ident) => {
        #[expect(unsafe_code, reason = "the component's exports are raw functions; the SDK's bindings write them")]
        mod component {
            pub(crate) struct Provided;
            impl $crate::guest::Provide for Provided {
                fn module() -> $crate::Module {
                    super::$module()
                }
            }
            type Component = $crate::guest::Component<Provided>;
            $crate::guest::bindings::export_component!(Component with_types_in $crate::guest::bindings);
        }
    };
}

/// Gives the module that a component exports.
pub trait Provide: 'static {
    /// The module.
    fn module() -> Module;
}

/// The exports of a component, for the module that `P` gives.
#[derive(Debug)]
pub struct Component<P>(PhantomData<P>);

impl<P: Provide> plugin::Guest for Component<P> {
    type Invocation = Invocation<P>;

    fn describe() -> plugin::ModuleInfo {
        let info = P::module().info();
        plugin::ModuleInfo {
            name: info.name,
            version: info.version,
            commands: info.commands.into_iter().map(command).collect(),
            views: info.views.into_iter().map(view).collect(),
        }
    }
}

/// One run of a cmdlet.
pub struct Invocation<P> {
    run: RefCell<Run>,
    provide: PhantomData<P>,
}

impl<P> std::fmt::Debug for Invocation<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invocation").finish_non_exhaustive()
    }
}

impl<P: Provide> plugin::GuestInvocation for Invocation<P> {
    fn new(command: String) -> Self {
        Self { run: RefCell::new(P::module().start(&command, Box::new(HostSink))), provide: PhantomData }
    }

    fn process(&self, record: Vec<u8>) -> Result<(), Vec<u8>> {
        self.run.try_borrow_mut().map_err(|_| busy())?.process(&record)
    }

    fn end(&self) -> Result<(), Vec<u8>> {
        self.run.try_borrow_mut().map_err(|_| busy())?.end()
    }
}

/// The host called into a run from within an import of the same run.
fn busy() -> Vec<u8> {
    let message = "the cmdlet is still processing its last record";
    encode(&[Value::from(ErrorRecord::new("InvocationBusy", ErrorCategory::InvalidOperation, message))])
}

struct HostSink;

impl Sink for HostSink {
    fn emit(&mut self, stream: StreamKind, batch: Vec<u8>) -> Result<(), Stopped> {
        let stream = match stream {
            StreamKind::Output => theirs::Stream::Output,
            StreamKind::Error => theirs::Stream::Error,
            StreamKind::Warning => theirs::Stream::Warning,
            StreamKind::Verbose => theirs::Stream::Verbose,
            StreamKind::Debug => theirs::Stream::Debug,
            StreamKind::Information => theirs::Stream::Information,
            StreamKind::Progress => theirs::Stream::Progress,
        };
        streams::emit(stream, &batch).map_err(|()| Stopped)
    }

    fn stopping(&self) -> bool {
        streams::stopping()
    }

    fn take_reason(&mut self) -> Option<Reason> {
        streams::take_reason().map(|reason| Reason { error_id: reason.error_id, message: reason.message })
    }
}

fn command(command: ours::CommandInfo) -> theirs::Command {
    theirs::Command {
        name: command.name,
        module: command.module,
        aliases: command.aliases,
        parameters: command.parameters.into_iter().map(parameter).collect(),
        default_set: command.default_set,
        output_types: command.output_types,
        synopsis: command.synopsis,
        description: command.description,
        examples: command.examples.into_iter().map(example).collect(),
        common_parameters: command.common_parameters,
    }
}

fn example(example: ours::Example) -> theirs::Example {
    theirs::Example { code: example.code, remarks: example.remarks }
}

fn parameter(parameter: ours::ParameterInfo) -> theirs::Parameter {
    theirs::Parameter {
        name: parameter.name,
        aliases: parameter.aliases,
        value_type: value_type(parameter.value_type),
        collection: parameter.collection,
        mandatory: parameter.mandatory,
        position: parameter.position,
        by_value: parameter.by_value,
        by_property_name: parameter.by_property_name,
        sets: parameter.sets,
        path: parameter.path,
        one_of: parameter.one_of,
        help: parameter.help,
    }
}

fn value_type(value_type: ours::ValueType) -> theirs::ValueType {
    match value_type {
        ours::ValueType::Any => theirs::ValueType::Any,
        ours::ValueType::Boolean => theirs::ValueType::Boolean,
        ours::ValueType::Switch => theirs::ValueType::Switch,
        ours::ValueType::Int32 => theirs::ValueType::Int32,
        ours::ValueType::Int64 => theirs::ValueType::Int64,
        ours::ValueType::Double => theirs::ValueType::Double,
        ours::ValueType::Text => theirs::ValueType::Text,
        ours::ValueType::DateTime => theirs::ValueType::Datetime,
        ours::ValueType::TimeSpan => theirs::ValueType::Timespan,
        ours::ValueType::Hashtable => theirs::ValueType::Hashtable,
        ours::ValueType::ScriptBlock => theirs::ValueType::ScriptBlock,
        ours::ValueType::Object => theirs::ValueType::Object,
    }
}

fn view(view: ours::View) -> theirs::View {
    theirs::View {
        type_name: view.type_name,
        columns: view.columns.into_iter().map(column).collect(),
        group_by: view.group_by.map(column),
        properties: view.properties,
    }
}

fn column(column: ours::Column) -> theirs::Column {
    theirs::Column {
        label: column.label,
        property: column.property,
        width: column.width,
        alignment: match column.alignment {
            ours::Alignment::Left => theirs::Alignment::Left,
            ours::Alignment::Right => theirs::Alignment::Right,
        },
    }
}
