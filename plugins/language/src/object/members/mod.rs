//! The members of the base types: one table a type, a member a line. What is not listed does not exist; there is no
//! reflection behind it.
//!
//! Methods that take script blocks (`.ForEach`, `.Where`) are the evaluator's.

mod collections;
mod scalars;
mod statics;
mod strings;
mod times;

use std::sync::Arc;

pub(crate) use scalars::replace as replace_text;
pub(crate) use statics::{static_method, static_property};

use super::fault::{Failure, fault};
use super::types::{Type, type_name};
use super::value::Val;
use super::{compare, convert, layout, text};
use bailiwick_objects::ErrorCategory;

/// Reads a property; none if the value has no such one.
type Getter = fn(&Val) -> Option<Val>;
/// Calls a method; none if no overload takes these arguments.
type Method = fn(&Val, &[Val]) -> Result<Option<Val>, Failure>;

/// The instance members of one type.
struct Members {
    properties: &'static [(&'static str, Getter)],
    methods: &'static [(&'static str, Method)],
}

fn members_of(value: &Val) -> Option<&'static Members> {
    Some(match value {
        Val::Str(_) => &strings::MEMBERS,
        Val::Array(_) | Val::Bytes(_) => &collections::ARRAY,
        Val::Table(_) => &collections::TABLE,
        Val::DateTime(_) => &times::DATETIME,
        Val::TimeSpan(_) => &times::TIMESPAN,
        Val::Version(_) => &scalars::VERSION,
        Val::Regex(_) => &scalars::REGEX,
        Val::Type(_) => &scalars::TYPE,
        Val::Error(_) => &scalars::ERROR,
        Val::Block(_) => &scalars::BLOCK,
        Val::Uri(_) => &scalars::URI,
        _ => return None,
    })
}

/// A property of a value: its own, its type's, or the `Count` and `Length` that everything has. Of an array without
/// such a property: that of its elements.
pub(crate) fn property(value: &Val, name: &str) -> Option<Val> {
    if let Some(found) = own_property(value, name) {
        return Some(found);
    }
    match value {
        Val::Array(array) => {
            let items = array.items.borrow();
            let mut found: Vec<Val> = Vec::new();
            for item in items.iter() {
                // One level only: an array in an array answers with its own properties.
                if let Some(one) = own_property(item, name) {
                    found.extend(one.elements());
                }
            }
            (!found.is_empty()).then(|| Val::of_results(found))
        }
        _ => universal(value, name),
    }
}

/// A property that the value itself has.
pub(crate) fn own_property(value: &Val, name: &str) -> Option<Val> {
    match value {
        Val::Object(object) => object.get(name).or_else(|| {
            (name.eq_ignore_ascii_case("pstypenames")).then(|| {
                let body = object.body.borrow();
                Val::array(body.shape.type_names.iter().map(|n| Val::Str(Arc::clone(n))).collect())
            })
        }),
        Val::Table(cell) => {
            let own = cell.table.borrow().get_text(name).cloned();
            own.or_else(|| of_table(value, name))
        }
        other => of_table(other, name),
    }
}

fn of_table(value: &Val, name: &str) -> Option<Val> {
    let members = members_of(value)?;
    members
        .properties
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .and_then(|(_, get)| get(value))
}

fn universal(value: &Val, name: &str) -> Option<Val> {
    if name.eq_ignore_ascii_case("Count") || name.eq_ignore_ascii_case("Length") {
        return Some(Val::Int(i32::from(!value.is_null())));
    }
    None
}

/// The names of a value's properties, in order of display.
pub(crate) fn property_names(value: &Val) -> Vec<Arc<str>> {
    match value {
        Val::Object(object) => object.body.borrow().shape.properties.clone(),
        Val::Table(cell) => {
            cell.table.borrow().iter().map(|(key, _)| Arc::from(text::display(key))).collect()
        }
        other => members_of(other)
            .map(|m| m.properties.iter().map(|(name, _)| Arc::from(*name)).collect())
            .unwrap_or_default(),
    }
}

/// Calls an instance method.
pub(crate) fn method(value: &Val, name: &str, arguments: &[Val]) -> Result<Val, Failure> {
    if value.is_null() {
        return Err(fault(
            "InvokeMethodOnNull",
            ErrorCategory::InvalidOperation,
            "you cannot call a method on a null-valued expression",
        ));
    }
    if let Some((_, run)) =
        members_of(value).and_then(|m| m.methods.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)))
    {
        return run(value, arguments)?.ok_or_else(|| no_overload(name, arguments.len()));
    }
    if let Some((_, run)) = UNIVERSAL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        return run(value, arguments)?.ok_or_else(|| no_overload(name, arguments.len()));
    }
    if let Val::Array(array) = value {
        let items = array.items.borrow().clone();
        if !items.is_empty() && items.iter().all(|item| !item.is_collection() && !item.is_null()) {
            let mut results = Vec::new();
            for item in &items {
                results.extend(method(item, name, arguments)?.elements());
            }
            return Ok(Val::of_results(results));
        }
    }
    Err(not_found(&type_name(value), name))
}

/// The failure of calling what does not exist.
pub(crate) fn not_found(on: &str, name: &str) -> Failure {
    fault(
        "MethodNotFound",
        ErrorCategory::InvalidOperation,
        format!("method invocation failed because `[{on}]` does not contain a method named `{name}`"),
    )
}

fn no_overload(name: &str, count: usize) -> Failure {
    fault(
        "MethodCountCouldNotFindBest",
        ErrorCategory::NotSpecified,
        format!("cannot find an overload for `{name}` and the argument count {count}"),
    )
    .exception("System.Management.Automation.MethodException")
}

/// A .NET exception out of a method.
fn thrown(exception: &str, message: &str) -> Failure {
    let short = exception.rsplit('.').next().unwrap_or(exception);
    fault(short, ErrorCategory::NotSpecified, message).exception(exception)
}

fn out_of_range(message: &str) -> Failure {
    thrown("System.ArgumentOutOfRangeException", message)
}

const UNIVERSAL: &[(&str, Method)] = &[
    ("GetType", |v, a| Ok(a.is_empty().then(|| Val::Type(Type::of(v))))),
    ("ToString", |v, a| match a {
        [] => Ok(Some(Val::from(to_string(v)))),
        [format, ..] => layout::value(v, &text::display(format)).map(|t| Some(Val::from(t))),
    }),
    ("Equals", |v, a| match a {
        [other] => Ok(Some(Val::Bool(Type::of(v) == Type::of(other) && compare::equal(v, other, false)))),
        _ => Ok(None),
    }),
    ("CompareTo", |v, a| match a {
        [other] => Ok(Some(Val::Int(compare::order(v, other, false)? as i32))),
        _ => Ok(None),
    }),
];

fn to_string(value: &Val) -> String {
    match value {
        Val::Array(_) | Val::Bytes(_) => type_name(value),
        other => text::display(other),
    }
}

fn arg_text(value: &Val) -> String {
    text::display(value)
}

fn arg_int(value: &Val) -> Result<i32, Failure> {
    convert::to_i32(value)
}
