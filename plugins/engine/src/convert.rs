//! Between the bindings' types and the language's. Batches from the host are decoded strictly; a malformed one is a
//! fault of the host and reads as an error record, never as a trap.

use bailiwick_language::session::{Configuration, CoreCommands, Drive, LanguageMode};
use bailiwick_objects::metadata::{
    Alignment, Column, CommandInfo, Example, ParameterInfo, StreamKind, ValueType, View,
};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Limits, Value, decode};

use crate::bindings::{metadata, session};

/// The values of a batch.
pub(crate) fn values(batch: &[u8]) -> Result<Vec<Value>, Box<ErrorRecord>> {
    decode(batch, &Limits::default()).map_err(|error| {
        let message = format!("the host sent a batch of objects that cannot be read: {error}");
        Box::new(ErrorRecord::new("MalformedBatch", ErrorCategory::ProtocolError, message))
    })
}

/// The error record of a batch of one.
pub(crate) fn error_record(batch: &[u8]) -> Box<ErrorRecord> {
    match values(batch).map(|values| values.into_iter().next()) {
        Ok(Some(Value::Error(record))) => record,
        Ok(_) => Box::new(ErrorRecord::new(
            "MalformedBatch",
            ErrorCategory::ProtocolError,
            "the host sent a batch without an error record",
        )),
        Err(record) => record,
    }
}

pub(crate) fn command(c: metadata::Command) -> CommandInfo {
    CommandInfo {
        name: c.name,
        module: c.module,
        aliases: c.aliases,
        parameters: c.parameters.into_iter().map(parameter).collect(),
        default_set: c.default_set,
        output_types: c.output_types,
        synopsis: c.synopsis,
        description: c.description,
        examples: c.examples.into_iter().map(|e| Example { code: e.code, remarks: e.remarks }).collect(),
        common_parameters: c.common_parameters,
    }
}

fn parameter(p: metadata::Parameter) -> ParameterInfo {
    ParameterInfo {
        name: p.name,
        aliases: p.aliases,
        value_type: value_type(p.value_type),
        collection: p.collection,
        mandatory: p.mandatory,
        position: p.position,
        by_value: p.by_value,
        by_property_name: p.by_property_name,
        sets: p.sets,
        path: p.path,
        one_of: p.one_of,
        help: p.help,
    }
}

const fn value_type(of: metadata::ValueType) -> ValueType {
    match of {
        metadata::ValueType::Any => ValueType::Any,
        metadata::ValueType::Boolean => ValueType::Boolean,
        metadata::ValueType::Switch => ValueType::Switch,
        metadata::ValueType::Int32 => ValueType::Int32,
        metadata::ValueType::Int64 => ValueType::Int64,
        metadata::ValueType::Double => ValueType::Double,
        metadata::ValueType::Text => ValueType::Text,
        metadata::ValueType::Datetime => ValueType::DateTime,
        metadata::ValueType::Timespan => ValueType::TimeSpan,
        metadata::ValueType::Hashtable => ValueType::Hashtable,
        metadata::ValueType::ScriptBlock => ValueType::ScriptBlock,
        metadata::ValueType::Object => ValueType::Object,
    }
}

pub(crate) fn view(v: metadata::View) -> View {
    View {
        type_name: v.type_name,
        columns: v.columns.into_iter().map(column).collect(),
        group_by: v.group_by.map(column),
        properties: v.properties,
    }
}

fn column(c: metadata::Column) -> Column {
    let alignment = match c.alignment {
        metadata::Alignment::Left => Alignment::Left,
        metadata::Alignment::Right => Alignment::Right,
    };
    Column { label: c.label, property: c.property, width: c.width, alignment }
}

pub(crate) const fn stream_out(kind: StreamKind) -> metadata::Stream {
    match kind {
        StreamKind::Output => metadata::Stream::Output,
        StreamKind::Error => metadata::Stream::Error,
        StreamKind::Warning => metadata::Stream::Warning,
        StreamKind::Verbose => metadata::Stream::Verbose,
        StreamKind::Debug => metadata::Stream::Debug,
        StreamKind::Information => metadata::Stream::Information,
        StreamKind::Progress => metadata::Stream::Progress,
    }
}

pub(crate) const fn stream_in(kind: metadata::Stream) -> StreamKind {
    match kind {
        metadata::Stream::Output => StreamKind::Output,
        metadata::Stream::Error => StreamKind::Error,
        metadata::Stream::Warning => StreamKind::Warning,
        metadata::Stream::Verbose => StreamKind::Verbose,
        metadata::Stream::Debug => StreamKind::Debug,
        metadata::Stream::Information => StreamKind::Information,
        metadata::Stream::Progress => StreamKind::Progress,
    }
}

pub(crate) fn configuration(c: session::Configuration) -> Configuration {
    let mode = match c.mode {
        session::LanguageMode::NoLanguage => LanguageMode::No,
        session::LanguageMode::Restricted => LanguageMode::Restricted,
        session::LanguageMode::Constrained => LanguageMode::Constrained,
        session::LanguageMode::Full => LanguageMode::Full,
    };
    let core = match c.core {
        session::CoreCommands::Standard => CoreCommands::Standard,
        session::CoreCommands::Minimal => CoreCommands::Minimal,
        session::CoreCommands::None => CoreCommands::None,
    };
    let drive = |d: session::Drive| Drive { name: d.name, writable: d.writable, description: d.description };
    Configuration {
        endpoint: c.endpoint,
        user: c.user,
        computer: c.computer,
        mode,
        core,
        drives: c.drives.into_iter().map(drive).collect(),
        location: c.location,
        width: c.width,
        views: c.views.into_iter().map(view).collect(),
    }
}
