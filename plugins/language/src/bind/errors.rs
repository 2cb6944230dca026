//! The binder's errors, with PowerShell's ids.

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::CommandInfo;

use crate::object::text::display;
use crate::object::{Failure, Val, fault};

const EXCEPTION: &str = "System.Management.Automation.ParameterBindingException";

fn binding(id: &str, message: String) -> Failure {
    fault(id, ErrorCategory::InvalidArgument, message).exception(EXCEPTION)
}

pub(super) fn not_found(name: &str, info: &CommandInfo) -> Failure {
    let near = info
        .parameters
        .iter()
        .map(|p| (strsim::jaro_winkler(&p.name.to_lowercase(), &name.to_lowercase()), &p.name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let failure = binding(
        "NamedParameterNotFound",
        format!("a parameter cannot be found that matches parameter name `{name}`"),
    )
    .about(Val::str(name));
    match near {
        Some((_, near)) => failure.help(&format!("did you mean `-{near}`?")),
        None => failure,
    }
}

pub(super) fn ambiguous(name: &str, candidates: &[&str]) -> Failure {
    let shown: Vec<String> = candidates.iter().map(|c| format!("-{c}")).collect();
    binding(
        "AmbiguousParameter",
        format!(
            "parameter cannot be processed because the parameter name `{name}` is ambiguous: possible matches are {}",
            shown.join(" ")
        ),
    )
    .about(Val::str(name))
}

pub(super) fn already_bound(name: &str) -> Failure {
    binding(
        "ParameterAlreadyBound",
        format!("cannot bind parameter because parameter `{name}` is specified more than once"),
    )
    .help("to give several values to a parameter that takes them, use the array syntax, for example `-parameter value1,value2`")
    .about(Val::str(name))
}

pub(super) fn missing_argument(name: &str) -> Failure {
    binding(
        "MissingArgument",
        format!("missing an argument for parameter `{name}`; specify a value and try again"),
    )
    .about(Val::str(name))
}

pub(super) fn no_position(value: &Val) -> Failure {
    let shown: String = display(value).chars().take(100).collect();
    binding(
        "PositionalParameterNotFound",
        format!("a positional parameter cannot be found that accepts argument `{shown}`"),
    )
    .about(value.clone())
}

pub(super) fn missing(names: &[&str]) -> Failure {
    binding(
        "MissingMandatoryParameter",
        format!(
            "cannot process command because of one or more missing mandatory parameters: {}",
            names.join(" ")
        ),
    )
    .help("give the parameters on the command line: nothing asks for them")
}

pub(super) fn ambiguous_set() -> Failure {
    binding(
        "AmbiguousParameterSet",
        "parameter set cannot be resolved using the specified named parameters".into(),
    )
    .help("one or more parameters cannot be used together, or too few were provided")
}

/// A value that is not of the parameter's type.
pub(crate) fn not_converted(name: &str, value: &Val, to: &str) -> Failure {
    let shown: String = display(value).chars().take(100).collect();
    binding(
        "CannotConvertArgumentNoMessage",
        format!("cannot bind parameter `{name}`: cannot convert value `{shown}` to type `{to}`"),
    )
    .about(value.clone())
}

/// A value that a mandatory parameter may not have.
pub(super) fn empty(name: &str, id: &str, what: &str) -> Failure {
    fault(
        id,
        ErrorCategory::InvalidData,
        format!("cannot bind argument to parameter `{name}` because it is {what}"),
    )
    .exception("System.Management.Automation.ParameterBindingValidationException")
}

/// A value outside a closed list.
pub(super) fn not_in_list(name: &str, value: &Val, list: &[String]) -> Failure {
    let shown: String = display(value).chars().take(100).collect();
    fault(
        "ParameterArgumentValidationError",
        ErrorCategory::InvalidData,
        format!(
            "cannot validate argument on parameter `{name}`: `{shown}` does not belong to the set `{}`",
            list.join(",")
        ),
    )
    .exception("System.Management.Automation.ParameterBindingValidationException")
    .about(value.clone())
}

pub(super) fn input_not_bound(value: &Val) -> Failure {
    binding(
        "InputObjectNotBound",
        "the input object cannot be bound to any parameters for the command: it takes no such pipeline input"
            .into(),
    )
    .about(value.clone())
}
