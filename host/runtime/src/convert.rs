//! Between the WIT interface `metadata` and `bailiwick_objects::metadata`: the same things in two vocabularies.

use bailiwick_objects::metadata as objects;

use crate::bindings::engine::bailiwick::guest::metadata as wit;
use crate::bindings::plugin::exports::bailiwick::guest::plugin as wit_plugin;

/// What a plugin said of itself.
pub(crate) fn module_info(from: wit_plugin::ModuleInfo) -> objects::ModuleInfo {
    objects::ModuleInfo {
        name: from.name,
        version: from.version,
        commands: from.commands.into_iter().map(command_from).collect(),
        views: from.views.into_iter().map(view_from).collect(),
    }
}

fn command_from(from: wit::Command) -> objects::CommandInfo {
    objects::CommandInfo {
        name: from.name,
        module: from.module,
        aliases: from.aliases,
        parameters: from.parameters.into_iter().map(parameter_from).collect(),
        default_set: from.default_set,
        output_types: from.output_types,
        synopsis: from.synopsis,
        description: from.description,
        examples: from
            .examples
            .into_iter()
            .map(|example| objects::Example { code: example.code, remarks: example.remarks })
            .collect(),
        common_parameters: from.common_parameters,
    }
}

fn parameter_from(from: wit::Parameter) -> objects::ParameterInfo {
    objects::ParameterInfo {
        name: from.name,
        aliases: from.aliases,
        value_type: value_type_from(from.value_type),
        collection: from.collection,
        mandatory: from.mandatory,
        position: from.position,
        by_value: from.by_value,
        by_property_name: from.by_property_name,
        sets: from.sets,
        path: from.path,
        one_of: from.one_of,
        help: from.help,
    }
}

const fn value_type_from(from: wit::ValueType) -> objects::ValueType {
    match from {
        wit::ValueType::Any => objects::ValueType::Any,
        wit::ValueType::Boolean => objects::ValueType::Boolean,
        wit::ValueType::Switch => objects::ValueType::Switch,
        wit::ValueType::Int32 => objects::ValueType::Int32,
        wit::ValueType::Int64 => objects::ValueType::Int64,
        wit::ValueType::Double => objects::ValueType::Double,
        wit::ValueType::Text => objects::ValueType::Text,
        wit::ValueType::Datetime => objects::ValueType::DateTime,
        wit::ValueType::Timespan => objects::ValueType::TimeSpan,
        wit::ValueType::Hashtable => objects::ValueType::Hashtable,
        wit::ValueType::ScriptBlock => objects::ValueType::ScriptBlock,
        wit::ValueType::Object => objects::ValueType::Object,
    }
}

fn view_from(from: wit::View) -> objects::View {
    objects::View {
        type_name: from.type_name,
        columns: from.columns.into_iter().map(column_from).collect(),
        group_by: from.group_by.map(column_from),
        properties: from.properties,
    }
}

fn column_from(from: wit::Column) -> objects::Column {
    objects::Column {
        label: from.label,
        property: from.property,
        width: from.width,
        alignment: match from.alignment {
            wit::Alignment::Left => objects::Alignment::Left,
            wit::Alignment::Right => objects::Alignment::Right,
        },
    }
}

/// A command for the engine.
pub(crate) fn command(from: &objects::CommandInfo) -> wit::Command {
    wit::Command {
        name: from.name.clone(),
        module: from.module.clone(),
        aliases: from.aliases.clone(),
        parameters: from.parameters.iter().map(parameter).collect(),
        default_set: from.default_set.clone(),
        output_types: from.output_types.clone(),
        synopsis: from.synopsis.clone(),
        description: from.description.clone(),
        examples: from
            .examples
            .iter()
            .map(|example| wit::Example { code: example.code.clone(), remarks: example.remarks.clone() })
            .collect(),
        common_parameters: from.common_parameters.clone(),
    }
}

fn parameter(from: &objects::ParameterInfo) -> wit::Parameter {
    wit::Parameter {
        name: from.name.clone(),
        aliases: from.aliases.clone(),
        value_type: value_type(from.value_type),
        collection: from.collection,
        mandatory: from.mandatory,
        position: from.position,
        by_value: from.by_value,
        by_property_name: from.by_property_name,
        sets: from.sets.clone(),
        path: from.path,
        one_of: from.one_of.clone(),
        help: from.help.clone(),
    }
}

const fn value_type(from: objects::ValueType) -> wit::ValueType {
    match from {
        objects::ValueType::Any => wit::ValueType::Any,
        objects::ValueType::Boolean => wit::ValueType::Boolean,
        objects::ValueType::Switch => wit::ValueType::Switch,
        objects::ValueType::Int32 => wit::ValueType::Int32,
        objects::ValueType::Int64 => wit::ValueType::Int64,
        objects::ValueType::Double => wit::ValueType::Double,
        objects::ValueType::Text => wit::ValueType::Text,
        objects::ValueType::DateTime => wit::ValueType::Datetime,
        objects::ValueType::TimeSpan => wit::ValueType::Timespan,
        objects::ValueType::Hashtable => wit::ValueType::Hashtable,
        objects::ValueType::ScriptBlock => wit::ValueType::ScriptBlock,
        objects::ValueType::Object => wit::ValueType::Object,
    }
}

/// A view for the engine.
pub(crate) fn view(from: &objects::View) -> wit::View {
    wit::View {
        type_name: from.type_name.clone(),
        columns: from.columns.iter().map(column).collect(),
        group_by: from.group_by.as_ref().map(column),
        properties: from.properties.clone(),
    }
}

fn column(from: &objects::Column) -> wit::Column {
    wit::Column {
        label: from.label.clone(),
        property: from.property.clone(),
        width: from.width,
        alignment: match from.alignment {
            objects::Alignment::Left => wit::Alignment::Left,
            objects::Alignment::Right => wit::Alignment::Right,
        },
    }
}

/// A stream a guest named.
pub(crate) const fn stream_from(from: wit::Stream) -> objects::StreamKind {
    match from {
        wit::Stream::Output => objects::StreamKind::Output,
        wit::Stream::Error => objects::StreamKind::Error,
        wit::Stream::Warning => objects::StreamKind::Warning,
        wit::Stream::Verbose => objects::StreamKind::Verbose,
        wit::Stream::Debug => objects::StreamKind::Debug,
        wit::Stream::Information => objects::StreamKind::Information,
        wit::Stream::Progress => objects::StreamKind::Progress,
    }
}

/// A stream for the engine.
pub(crate) const fn stream(from: objects::StreamKind) -> wit::Stream {
    match from {
        objects::StreamKind::Output => wit::Stream::Output,
        objects::StreamKind::Error => wit::Stream::Error,
        objects::StreamKind::Warning => wit::Stream::Warning,
        objects::StreamKind::Verbose => wit::Stream::Verbose,
        objects::StreamKind::Debug => wit::Stream::Debug,
        objects::StreamKind::Information => wit::Stream::Information,
        objects::StreamKind::Progress => wit::Stream::Progress,
    }
}
