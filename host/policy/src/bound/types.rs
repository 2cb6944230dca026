//! Values against the types of their parameters. The engine has converted them already, so nothing is converted here:
//! a value of another type is refused.

use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, ValueType};
use bailiwick_objects::{Hashtable, Value};

use super::malformed;
use crate::denial::Denial;

/// Values in a record, at any depth.
const MAX_VALUES: usize = 200_000;
/// Bytes of one string.
const MAX_STRING_BYTES: usize = 8 << 20;

/// Refuses records that are too large to be ruled in bounded time, and values that never cross to a plugin.
pub(super) fn require_size(command: &CommandInfo, arguments: &Hashtable) -> Result<(), Box<Denial>> {
    let mut count = 0_usize;
    let mut waiting: Vec<&Value> = arguments.entries.iter().flat_map(|(key, value)| [key, value]).collect();
    while let Some(value) = waiting.pop() {
        count += 1;
        if count > MAX_VALUES {
            return Err(malformed(command, "the record holds too many values"));
        }
        if text_of(value).is_some_and(|text| text.len() > MAX_STRING_BYTES) {
            return Err(malformed(command, "a string is too long"));
        }
        if matches!(value, Value::ScriptBlock(_)) {
            return Err(malformed(command, "a script block cannot be an argument of this command"));
        }
        push_children(value, &mut waiting);
    }
    Ok(())
}

/// The text of a value that is text, whatever its type.
pub(crate) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::String(text)
        | Value::Uri(text)
        | Value::ScriptBlock(text)
        | Value::Regex(text)
        | Value::SecureString(text) => Some(text),
        _ => None,
    }
}

/// Adds what a value holds.
pub(crate) fn push_children<'v>(value: &'v Value, waiting: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => waiting.extend(items),
        Value::Hashtable(table) => waiting.extend(table.entries.iter().flat_map(|(key, value)| [key, value])),
        Value::Object(object) => waiting.extend(&object.values),
        Value::Error(record) => waiting.push(&record.target),
        _ => {}
    }
}

/// The value in the one form its parameter has: an array for a collection, else a single value.
pub(super) fn canonical(
    command: &CommandInfo,
    parameter: &ParameterInfo,
    value: &Value,
) -> Result<Value, Box<Denial>> {
    let wrong = || {
        let what = format!("the value of parameter `{}` is not of its type", parameter.name);
        malformed(command, &what).target(Value::string(&parameter.name))
    };
    match (parameter.collection, value) {
        (true, Value::Array(items)) => {
            if items.iter().all(|item| is_of(parameter.value_type, item)) {
                Ok(value.clone())
            } else {
                Err(wrong())
            }
        }
        (true, single) if is_of(parameter.value_type, single) => Ok(Value::Array(vec![single.clone()])),
        (false, single) if is_of(parameter.value_type, single) => Ok(single.clone()),
        _ => Err(wrong()),
    }
}

const fn is_of(value_type: ValueType, value: &Value) -> bool {
    match value_type {
        ValueType::Any => true,
        ValueType::Boolean | ValueType::Switch => matches!(value, Value::Bool(_)),
        ValueType::Int32 => matches!(value, Value::Int32(_)),
        ValueType::Int64 => matches!(value, Value::Int64(_)),
        ValueType::Double => matches!(value, Value::Double(_)),
        ValueType::Text => matches!(value, Value::String(_)),
        ValueType::DateTime => matches!(value, Value::DateTime(_)),
        ValueType::TimeSpan => matches!(value, Value::TimeSpan(_)),
        ValueType::Hashtable => matches!(value, Value::Hashtable(_)),
        // Script blocks never cross to a plugin.
        ValueType::ScriptBlock => false,
        ValueType::Object => matches!(value, Value::Object(_)),
    }
}
