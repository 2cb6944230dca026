//! Parameter sets and what is mandatory. At least one set must hold all that was bound, and have all its mandatory
//! parameters bound.

use std::collections::BTreeSet;

use bailiwick_objects::Value;
use bailiwick_objects::metadata::{CommandInfo, ParameterInfo};

use super::{Argument, malformed};
use crate::denial::Denial;

pub(super) fn require_one(command: &CommandInfo, arguments: &[Argument]) -> Result<(), Box<Denial>> {
    let is_given = |parameter: &ParameterInfo| {
        arguments.iter().any(|argument| *argument.parameter == *parameter.name && !is_empty(&argument.value))
    };
    let is_bound =
        |parameter: &ParameterInfo| arguments.iter().any(|argument| *argument.parameter == *parameter.name);
    let named: BTreeSet<&str> = command.parameters.iter().flat_map(|p| &p.sets).map(String::as_str).collect();
    let bound: Vec<_> = command.parameters.iter().filter(|p| is_bound(p)).collect();
    let holds = |set: &str| bound.iter().all(|p| belongs(p, set));
    // A command without sets has one, of which all its parameters are members.
    let mut candidates: Vec<&str> =
        if named.is_empty() { vec![""] } else { named.into_iter().filter(|set| holds(set)).collect() };
    if candidates.is_empty() {
        return Err(malformed(
            command,
            "parameter set cannot be resolved using the specified named parameters",
        ));
    }
    // The default first: if all lack something, what it lacks is what the user is told.
    candidates.sort_by_key(|set| *set != command.default_set);
    let lacking =
        |set: &str| command.parameters.iter().find(|p| p.mandatory && belongs(p, set) && !is_given(p));
    match candidates.iter().map(|set| lacking(set)).collect::<Option<Vec<_>>>() {
        Some(missing) => match missing.first() {
            Some(parameter) => Err(Denial::missing(&command.name, &parameter.name)),
            None => Ok(()),
        },
        None => Ok(()),
    }
}

fn belongs(parameter: &ParameterInfo, set: &str) -> bool {
    parameter.sets.is_empty() || parameter.sets.iter().any(|member| member == set)
}

/// What PowerShell does not take for a mandatory parameter's value. Empty strings are left to the rules.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
