//! Binding one pipeline record: by value, then by property name; only parameters that the command has are looked at,
//! so a property of another name binds nothing.

use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, ValueType};

use super::{Bound, Convert, Given, errors, in_sets};
use crate::object::members::own_property;
use crate::object::{Failure, Type, Val};

/// What one record binds, beside what the command line bound.
pub(crate) fn bind_record(
    info: &CommandInfo,
    line: &Bound,
    input: &Val,
    convert: &mut Convert<'_>,
) -> Result<Vec<(usize, Val)>, Failure> {
    let mut found: Vec<(usize, Val)> = Vec::new();
    let mut sets = line.sets.clone();
    let mut refused = None;
    // PowerShell's four rounds: without conversion first, so that an object's property wins over its text.
    for (by_value, coerce) in [(true, false), (false, false), (true, true), (false, true)] {
        for (at, parameter) in info.parameters.iter().enumerate() {
            let takes = if by_value { parameter.by_value } else { parameter.by_property_name };
            if !takes
                || line.has(at)
                || found.iter().any(|(bound, _)| *bound == at)
                || !in_sets(parameter, &sets)
            {
                continue;
            }
            let Some(value) = (if by_value { Some(input.clone()) } else { by_name(parameter, input) }) else {
                continue;
            };
            if !coerce && !fits(parameter, &value) {
                continue;
            }
            match convert(parameter, &Given::of(value)) {
                Ok(value) => {
                    found.push((at, value));
                    if !parameter.sets.is_empty() {
                        sets.retain(|set| parameter.sets.contains(set));
                    }
                }
                Err(failure) => refused = refused.or(Some(failure)),
            }
        }
    }
    if found.is_empty() {
        return Err(match refused {
            Some(failure) => failure,
            None => errors::input_not_bound(input),
        });
    }
    let set = match sets.as_slice() {
        [] => sets,
        all if all.contains(&info.default_set) => vec![info.default_set.clone()],
        all => all.iter().take(1).cloned().collect(),
    };
    let bound = |at: usize| line.has(at) || found.iter().any(|(bound, _)| *bound == at);
    let missing: Vec<&str> = info
        .parameters
        .iter()
        .enumerate()
        .filter(|(at, p)| p.mandatory && in_sets(p, &set) && !bound(*at))
        .map(|(_, p)| p.name.as_str())
        .collect();
    if missing.is_empty() { Ok(found) } else { Err(errors::missing(&missing)) }
}

fn by_name(parameter: &ParameterInfo, input: &Val) -> Option<Val> {
    if !matches!(input, Val::Object(_) | Val::Error(_) | Val::DateTime(_) | Val::Str(_) | Val::Version(_)) {
        return None;
    }
    std::iter::once(&parameter.name).chain(&parameter.aliases).find_map(|name| own_property(input, name))
}

/// Whether a value is of the parameter's type as it is.
fn fits(parameter: &ParameterInfo, value: &Val) -> bool {
    let of = match parameter.value_type {
        ValueType::Any => return true,
        ValueType::Boolean | ValueType::Switch => Type::Bool,
        ValueType::Int32 => Type::Int,
        ValueType::Int64 => Type::Long,
        ValueType::Double => Type::Double,
        ValueType::Text => Type::String,
        ValueType::DateTime => Type::DateTime,
        ValueType::TimeSpan => Type::TimeSpan,
        ValueType::Hashtable => return matches!(value, Val::Table(_)),
        ValueType::ScriptBlock => Type::ScriptBlock,
        ValueType::Object => return matches!(value, Val::Object(_)),
    };
    match value {
        Val::Array(items) if parameter.collection => {
            items.items.borrow().iter().all(|item| of.includes(item))
        }
        other => of.includes(other),
    }
}
