//! Decisions. One function, pure and total: the same record and roles always give the same answer, with its reason.

use std::sync::Arc;

use bailiwick_objects::{Hashtable, Value};

use crate::bound::{Argument, BoundRecord};
use crate::bound::{push_children, text_of};
use crate::denial::{Denial, DenyReason};
use crate::model::{Condition, Grant, ParameterRule, Parameters, Role, RuleRef};
use crate::path::DrivePath;
use crate::text;

/// What becomes of a record.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It may run: the only way to obtain an [`Allowed`].
    Allow(Allowed),
    /// It may not.
    Deny(Box<Denial>),
}

/// A record that was allowed: what is to be run, and for which role.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed {
    /// The role whose grant decided; the record runs with this role's drives and no other.
    pub role: Arc<str>,
    /// The grant.
    pub rule: RuleRef,
    record: BoundRecord,
}

impl Allowed {
    /// The record that was decided.
    pub const fn record(&self) -> &BoundRecord {
        &self.record
    }

    /// What the plugin is given: canonical names, decided values.
    pub fn arguments(&self) -> Hashtable {
        self.record.arguments()
    }
}

/// Decides by the first role whose grant allows the record and which holds each drive it names. If none does, the
/// grant that came nearest says why.
pub(crate) fn decide(endpoint: &str, roles: &[Arc<Role>], record: BoundRecord) -> Decision {
    let command = &record.command().name;
    let mut nearest: Option<(Progress, Box<Denial>)> = None;
    let mut allowed = None;
    for (role, grant) in roles.iter().filter_map(|role| Some((role, role.grant(command)?))) {
        match weigh(role, grant, &record) {
            Ok(()) => {
                allowed = Some((Arc::clone(&role.name), grant.rule.clone()));
                break;
            }
            Err((progress, denial)) => {
                if nearest.as_ref().is_none_or(|(best, _)| progress > *best) {
                    nearest = Some((progress, denial));
                }
            }
        }
    }
    match (allowed, nearest) {
        (Some((role, rule)), _) => Decision::Allow(Allowed { role, rule, record }),
        (None, Some((_, denial))) => Decision::Deny(denial),
        (None, None) => Decision::Deny(Denial::not_visible(command, endpoint)),
    }
}

/// How near a grant came before it refused: whether its role holds the drives that the record names, then the stage,
/// then how many rules of that stage held.
type Progress = (bool, Stage, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Names,
    Required,
    Values,
    Drives,
}

fn weigh(role: &Role, grant: &Grant, record: &BoundRecord) -> Result<(), (Progress, Box<Denial>)> {
    let command = &record.command().name;
    let stranger = record.paths().find(|path| role.drive(path.drive()).is_none());
    let at = |stage: Stage, held: usize| (stranger.is_none(), stage, held);
    if let Some(extra) = record.arguments.iter().find(|argument| !grant.parameters.lists(&argument.parameter))
    {
        let denial = Denial::no_such_parameter(command, &extra.parameter).by(grant.rule.clone());
        return Err((at(Stage::Names, 0), denial));
    }
    let rules: &[ParameterRule] = match &grant.parameters {
        Parameters::Any => {
            refuse_nul(grant, record).map_err(|denial| (at(Stage::Values, 0), denial))?;
            &[]
        }
        Parameters::Listed { rules, .. } => rules,
    };
    let is_missing = |rule: &&ParameterRule| rule.required && record.argument(&rule.parameter).is_none();
    if let Some(rule) = rules.iter().find(is_missing) {
        let denial = Denial::missing(command, &rule.parameter)
            .by(rule.rule.clone())
            .help("policy rules the value of this parameter, so that it must be given");
        return Err((at(Stage::Required, 0), denial));
    }
    let given = rules.iter().filter_map(|rule| Some((rule, record.argument(&rule.parameter)?)));
    for (held, (rule, argument)) in given.enumerate() {
        admit(command, rule, argument).map_err(|denial| (at(Stage::Values, held), denial))?;
    }
    if let Some(path) = stranger {
        let drive = path.drive();
        let message = format!(
            "cannot run `{command}` on drive `{drive}`: the role that allows it does not hold the drive"
        );
        let denial = Denial::new(DenyReason::DriveNotGranted, command, message)
            .target(Value::from(path.to_string()))
            .by(grant.rule.clone())
            .help("a command reaches the drives of the role that allows it, never those of another");
        return Err((at(Stage::Drives, 0), denial));
    }
    Ok(())
}

/// Applies one parameter's rule to each element of its value.
fn admit(command: &str, rule: &ParameterRule, argument: &Argument) -> Result<(), Box<Denial>> {
    if !rule.allow_control
        && let Some(found) = text_holding(&argument.value, text::is_control)
    {
        return Err(refuse_control(command, &rule.parameter, found, &rule.rule));
    }
    let elements = elements(&argument.value);
    for condition in &rule.conditions {
        if elements.is_empty() {
            return Err(refuse(command, rule, condition, &argument.value));
        }
        let paths = argument.paths.iter().map(Some).chain(std::iter::repeat(None));
        for (element, path) in elements.iter().zip(paths) {
            let expands = path.is_some_and(DrivePath::has_wildcards) && !is_literal(&rule.parameter);
            let holds = match condition {
                Condition::Within(places) => path.is_some_and(|path| {
                    places.iter().any(|place| path.is_within(place) && !(expands && place.has_wildcards()))
                }),
                // What a wildcard expands to is not known here, so that no rule on the name could hold for it.
                other => !expands && holds(other, element),
            };
            if !holds && expands && !matches!(condition, Condition::Within(_)) {
                return Err(refuse_wildcards(command, rule, condition, element));
            }
            if !holds {
                return Err(refuse(command, rule, condition, element));
            }
        }
    }
    Ok(())
}

/// PowerShell's path parameters expand wildcards, but for those that say that they are literal.
fn is_literal(parameter: &str) -> bool {
    parameter.get(.."Literal".len()).is_some_and(|start| start.eq_ignore_ascii_case("Literal"))
}

fn refuse_wildcards(
    command: &str,
    rule: &ParameterRule,
    condition: &Condition,
    element: &Value,
) -> Box<Denial> {
    let message = format!(
        "cannot validate argument on parameter `{}`: {} holds wildcards, and its rule is about one name",
        rule.parameter,
        shown(element)
    );
    Denial::new(DenyReason::ValueRefused, command, message)
        .by(RuleRef { key: format!("{} ({})", rule.rule.key, condition.key()).into(), ..rule.rule.clone() })
        .target(element.clone())
        .help("name each path without `*`, `?`, `[` and backticks")
}

fn holds(condition: &Condition, element: &Value) -> bool {
    match (condition, element) {
        (Condition::OneOf(values), Value::String(text)) => values.contains(text),
        (Condition::Pattern(pattern), Value::String(text)) => pattern.admits(text),
        (Condition::Length { low, high }, Value::String(text)) => {
            u64::try_from(text.chars().count()).is_ok_and(|length| (*low..=*high).contains(&length))
        }
        (Condition::Range { low, high }, Value::Int32(number)) => {
            (*low..=*high).contains(&i64::from(*number))
        }
        (Condition::Range { low, high }, Value::Int64(number)) => (*low..=*high).contains(number),
        (Condition::Range { low, high }, Value::Double(number)) => {
            *number >= bound_of(*low) && *number <= bound_of(*high)
        }
        _ => false,
    }
}

/// A bound as a double. Loading admits only bounds that a double holds exactly.
#[expect(clippy::cast_precision_loss, reason = "bounds on doubles are at most 2^53, which loading checks")]
const fn bound_of(number: i64) -> f64 {
    number as f64
}

fn refuse(command: &str, rule: &ParameterRule, condition: &Condition, element: &Value) -> Box<Denial> {
    let key = condition.key();
    let named = RuleRef { key: format!("{} ({key})", rule.rule.key).into(), ..rule.rule.clone() };
    let shown = shown(element);
    let parameter = &rule.parameter;
    if let Condition::Within(places) = condition {
        let places: Vec<_> = places.iter().map(ToString::to_string).collect();
        let message = format!("access to the path {shown} is denied for parameter `{parameter}`");
        return Denial::new(DenyReason::PathRefused, command, message)
            .by(named)
            .target(element.clone())
            .help(format!("allowed: {}, and what is below", places.join(", ")));
    }
    let (what, help) = match condition {
        Condition::OneOf(values) => ("is not one of the allowed values", allowed(values)),
        Condition::Pattern(pattern) => {
            ("does not match the allowed pattern", format!("the whole value must match `{}`", pattern.text()))
        }
        Condition::Range { low, high } => {
            ("is not in the allowed range", format!("allowed: {low} to {high}"))
        }
        Condition::Length { low, high } => {
            ("is not of an allowed length", format!("allowed: {low} to {high} characters"))
        }
        Condition::Within(_) => ("is not allowed", String::new()),
    };
    let message = format!("cannot validate argument on parameter `{parameter}`: {shown} {what}");
    Denial::new(DenyReason::ValueRefused, command, message).by(named).target(element.clone()).help(help)
}

/// The values that a list allows; a long list is cut.
fn allowed(values: &[Arc<str>]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<_> = values.iter().take(SHOWN).map(|value| text::quoted(value)).collect();
    let rest = values.len().saturating_sub(SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("allowed: {}{more}", shown.join(", "))
}

fn shown(element: &Value) -> String {
    match element {
        Value::SecureString(_) => "`***`".to_owned(),
        Value::Int32(number) => text::quoted(&number.to_string()),
        Value::Int64(number) => text::quoted(&number.to_string()),
        Value::Double(number) => text::quoted(&number.to_string()),
        Value::Bool(value) => text::quoted(if *value { "True" } else { "False" }),
        Value::Null => "`$null`".to_owned(),
        Value::Array(items) if items.is_empty() => "an empty list".to_owned(),
        other => text_of(other).map_or_else(|| "the value".to_owned(), text::quoted),
    }
}

/// The elements of a value: of an array, at any depth; else itself.
fn elements(value: &Value) -> Vec<&Value> {
    let Value::Array(items) = value else { return vec![value] };
    let mut elements = Vec::with_capacity(items.len());
    let mut waiting: Vec<&Value> = items.iter().rev().collect();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            element => elements.push(element),
        }
    }
    elements
}

/// Some text in a value, at any depth, that holds such a character.
fn text_holding(value: &Value, is_it: impl Fn(char) -> bool) -> Option<&Value> {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if text_of(value).is_some_and(|text| text.chars().any(&is_it)) {
            return Some(value);
        }
        push_children(value, &mut waiting);
    }
    None
}

/// `parameters = "any"` rules no value; but what reads text up to a NUL would see another value than was decided.
fn refuse_nul(grant: &Grant, record: &BoundRecord) -> Result<(), Box<Denial>> {
    for argument in &record.arguments {
        if let Some(found) = text_holding(&argument.value, |c| c == '\0') {
            return Err(refuse_control(&grant.command, &argument.parameter, found, &grant.rule));
        }
    }
    Ok(())
}

fn refuse_control(command: &str, parameter: &str, found: &Value, rule: &RuleRef) -> Box<Denial> {
    let shown = shown(found);
    let message =
        format!("cannot validate argument on parameter `{parameter}`: {shown} holds a control character");
    Denial::new(DenyReason::ValueRefused, command, message).by(rule.clone()).target(found.clone())
}
