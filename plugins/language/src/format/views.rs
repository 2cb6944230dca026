//! Which view an object gets: its type's, or one made from its properties. Also the objects that stand for scalars
//! which PowerShell shows as tables or lists.

use std::sync::Arc;

use bailiwick_objects::metadata::{Alignment, Column, View};
use bailiwick_objects::time::TimeSpan;
use bailiwick_objects::{Object, Value};

use super::text;

/// An object without a view and with more properties than this is a list.
const MOST_COLUMNS: usize = 4;

/// The type name of what Get-Command writes.
const COMMAND: &str = "System.Management.Automation.CommandInfo";

/// The type name of an entry of a hashtable.
const ENTRY: &str = "System.Collections.DictionaryEntry";

/// How wide PowerShell makes the names of a hashtable.
const ENTRY_NAME_WIDTH: u32 = 30;

/// The views at hand.
#[derive(Debug)]
pub(super) struct Views(Vec<View>);

/// How objects of one type are shown.
pub(super) enum Plan {
    Table {
        columns: Vec<Column>,
        group_by: Option<Column>,
    },
    /// Empty: each object's own properties.
    List {
        properties: Vec<Arc<str>>,
    },
}

impl Views {
    pub(super) fn new(mut views: Vec<View>) -> Self {
        views.push(entry_view());
        views.push(command_view());
        Self(views)
    }

    pub(super) fn plan(&self, object: &Object) -> Plan {
        match self.of(object) {
            Some(view) if !view.columns.is_empty() => {
                Plan::Table { columns: view.columns.clone(), group_by: view.group_by.clone() }
            }
            Some(view) if !view.properties.is_empty() => Plan::List {
                properties: view.properties.iter().map(|name| Arc::from(name.as_str())).collect(),
            },
            _ => made(object),
        }
    }

    fn of(&self, object: &Object) -> Option<&View> {
        object.shape.type_names.iter().find_map(|name| {
            let name = plain(name);
            self.0.iter().find(|view| plain(&view.type_name).eq_ignore_ascii_case(name))
        })
    }
}

/// The type name that decides whether an object continues a table or list.
pub(super) fn type_of(object: &Object) -> &str {
    object.shape.type_names.first().map_or("", |name| name)
}

/// An entry of a hashtable.
pub(super) fn entry(key: &Value, value: &Value) -> Object {
    Object::new(ENTRY, [("Name", key.clone()), ("Value", value.clone())])
}

/// Scalars that PowerShell shows by their properties.
pub(super) fn as_object(value: &Value) -> Option<Object> {
    match value {
        Value::Guid(_) => Some(Object::new("System.Guid", [("Guid", Value::string(text::text(value)))])),
        Value::Version(parts) => {
            let part = |at: usize| Value::Int64(parts.get(at).map_or(-1, |part| i64::from(*part)));
            let names = ["Major", "Minor", "Build", "Revision"].into_iter().enumerate();
            Some(Object::new("System.Version", names.map(|(at, name)| (name, part(at)))))
        }
        Value::TimeSpan(span) => Some(span_parts(*span)),
        _ => None,
    }
}

fn span_parts(TimeSpan(ticks): TimeSpan) -> Object {
    const MILLISECOND: i64 = 10_000;
    const SECOND: i64 = 1_000 * MILLISECOND;
    const MINUTE: i64 = 60 * SECOND;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    // A total is a quotient for reading; its last digits may round, as they do in .NET.
    let total = |unit: i64| Value::Double(ticks as f64 / unit as f64);
    Object::new(
        "System.TimeSpan",
        [
            ("Days", Value::Int64(ticks / DAY)),
            ("Hours", Value::Int64(ticks / HOUR % 24)),
            ("Minutes", Value::Int64(ticks / MINUTE % 60)),
            ("Seconds", Value::Int64(ticks / SECOND % 60)),
            ("Milliseconds", Value::Int64(ticks / MILLISECOND % 1_000)),
            ("Ticks", Value::Int64(ticks)),
            ("TotalDays", total(DAY)),
            ("TotalHours", total(HOUR)),
            ("TotalMinutes", total(MINUTE)),
            ("TotalSeconds", total(SECOND)),
            ("TotalMilliseconds", total(MILLISECOND)),
        ],
    )
}

fn made(object: &Object) -> Plan {
    if object.shape.properties.len() > MOST_COLUMNS {
        return Plan::List { properties: Vec::new() };
    }
    let columns = object.shape.properties.iter().zip(&object.values).map(|(name, value)| Column {
        label: name.to_string(),
        property: name.to_string(),
        width: None,
        alignment: if text::is_number(value) { Alignment::Right } else { Alignment::Left },
    });
    Plan::Table { columns: columns.collect(), group_by: None }
}

pub(super) fn plain(type_name: &str) -> &str {
    type_name.strip_prefix("Deserialized.").unwrap_or(type_name)
}

/// PowerShell's table of commands, without versions: what is installed with a host has the host's.
fn command_view() -> View {
    let column = |label: &str, width| Column {
        label: label.to_owned(),
        property: label.to_owned(),
        width,
        alignment: Alignment::Left,
    };
    View {
        type_name: COMMAND.to_owned(),
        columns: vec![column("CommandType", Some(15)), column("Name", Some(30)), column("Source", None)],
        group_by: None,
        properties: Vec::new(),
    }
}

fn entry_view() -> View {
    let column = |label: &str, width| Column {
        label: label.into(),
        property: label.into(),
        width,
        alignment: Alignment::Left,
    };
    View {
        type_name: ENTRY.into(),
        columns: vec![column("Name", Some(ENTRY_NAME_WIDTH)), column("Value", None)],
        group_by: None,
        properties: Vec::new(),
    }
}
