//! Converting an argument to a parameter's type. Scalars convert as PowerShell's do; nothing is ever constructed from
//! a hashtable or from text that names a type.

use bailiwick_objects::metadata::{ParameterInfo, ValueType};

use super::{Given, errors};
use crate::object::convert::{cast, truth};
use crate::object::text::display;
use crate::object::value::CUSTOM;
use crate::object::{Failure, Type, Val, limits};

/// The standard conversion, with what a mandatory parameter refuses.
pub(crate) fn convert(parameter: &ParameterInfo, given: &Given) -> Result<Val, Failure> {
    let source = match (&given.typed, parameter.value_type) {
        (Some(typed), ValueType::Text) => typed,
        _ => &given.value,
    };
    if parameter.mandatory {
        refuse_empty(parameter, source)?;
    }
    if parameter.collection {
        if source.is_null() {
            return Ok(Val::Null);
        }
        let items = source.elements();
        limits::admit_items(items.len())?;
        let items = items.iter().map(|item| scalar(parameter, item)).collect::<Result<Vec<_>, _>>()?;
        return Ok(Val::array(items));
    }
    scalar(parameter, source)
}

/// The same for a native command: its closed lists are its own, so they are held here.
pub(crate) fn convert_listed(parameter: &ParameterInfo, given: &Given) -> Result<Val, Failure> {
    let value = convert(parameter, given)?;
    if !parameter.one_of.is_empty() {
        for item in value.elements_or_none() {
            if !parameter.one_of.iter().any(|allowed| allowed.eq_ignore_ascii_case(&display(&item))) {
                return Err(errors::not_in_list(&parameter.name, &item, &parameter.one_of));
            }
        }
    }
    Ok(value)
}

fn refuse_empty(parameter: &ParameterInfo, value: &Val) -> Result<(), Failure> {
    let refuse = |id: &str, what: &str| Err(errors::empty(&parameter.name, id, what));
    match value {
        v if v.is_null() && parameter.value_type != ValueType::Any => {
            refuse("ParameterArgumentValidationErrorNullNotAllowed", "null")
        }
        Val::Str(text) if text.is_empty() && parameter.value_type == ValueType::Text => {
            refuse("ParameterArgumentValidationErrorEmptyStringNotAllowed", "an empty string")
        }
        Val::Array(items) if parameter.collection && items.items.borrow().is_empty() => {
            refuse("ParameterArgumentValidationErrorEmptyArrayNotAllowed", "an empty array")
        }
        _ => Ok(()),
    }
}

fn scalar(parameter: &ParameterInfo, value: &Val) -> Result<Val, Failure> {
    let (of, name) = match parameter.value_type {
        ValueType::Any => return Ok(value.clone()),
        ValueType::Boolean => (Type::Bool, "System.Boolean"),
        ValueType::Switch => (Type::Bool, "System.Management.Automation.SwitchParameter"),
        ValueType::Int32 => (Type::Int, "System.Int32"),
        ValueType::Int64 => (Type::Long, "System.Int64"),
        ValueType::Double => (Type::Double, "System.Double"),
        ValueType::Text => (Type::String, "System.String"),
        ValueType::DateTime => (Type::DateTime, "System.DateTime"),
        ValueType::TimeSpan => (Type::TimeSpan, "System.TimeSpan"),
        ValueType::Hashtable => (Type::Hashtable, "System.Collections.Hashtable"),
        ValueType::ScriptBlock => (Type::ScriptBlock, "System.Management.Automation.ScriptBlock"),
        ValueType::Object => (Type::Object, "System.Management.Automation.PSObject"),
    };
    let refuse = || errors::not_converted(&parameter.name, value, name);
    match (parameter.value_type, value) {
        (ValueType::Text, Val::Null | Val::Nothing) => Ok(Val::str("")),
        (ValueType::Text, v) => text(v).ok_or_else(refuse),
        // Flags are flags: a text is never read as one.
        (
            ValueType::Boolean | ValueType::Switch,
            Val::Bool(_) | Val::Int(_) | Val::Long(_) | Val::Double(_),
        ) => Ok(Val::Bool(truth(value))),
        (ValueType::Boolean | ValueType::Switch, _) => Err(refuse()),
        (ValueType::Object, Val::Object(_) | Val::Null | Val::Nothing) => Ok(value.clone()),
        (ValueType::Object, _) => Err(refuse()),
        (ValueType::Hashtable, Val::Table(_) | Val::Null | Val::Nothing) => Ok(value.clone()),
        (ValueType::ScriptBlock, Val::Block(_) | Val::Null | Val::Nothing) => Ok(value.clone()),
        (ValueType::Hashtable | ValueType::ScriptBlock, _) => Err(refuse()),
        (_, v) if v.is_null() || is_scalar(v) => cast(value, &of).map_err(|_| refuse()),
        _ => Err(refuse()),
    }
}

fn is_scalar(value: &Val) -> bool {
    !matches!(
        value,
        Val::Array(_)
            | Val::Table(_)
            | Val::Object(_)
            | Val::Block(_)
            | Val::Error(_)
            | Val::Type(_)
            | Val::Bytes(_)
            | Val::Secure(_)
    )
}

/// A value as text: scalars, an array's elements joined, and the objects that have a text of their own (an item's
/// full name).
fn text(value: &Val) -> Option<Val> {
    match value {
        Val::Str(_) => Some(value.clone()),
        Val::Object(object) if &*object.type_name() != CUSTOM => {
            let shown = display(value);
            (shown != *object.type_name()).then(|| Val::from(shown))
        }
        v if is_scalar(v) => Some(Val::from(display(v))),
        _ => None,
    }
}
