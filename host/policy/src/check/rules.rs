//! A parameter's rule against the parameter: it exists under exactly that name, and its type can be ruled so.

use std::sync::Arc;

use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, ValueType};

use super::Report;
use crate::fault::Fault;
use crate::model::{Condition, ParameterRule, RuleRef};
use crate::path::DrivePath;
use crate::syntax::{At, BoundsForm, Place, RoleForm, RuleForm, near};
use crate::text::quoted;

/// Whole numbers up to here are exact as doubles.
const MAX_EXACT: i64 = 1 << 53;

pub(super) fn check(
    form: &RoleForm,
    command: &CommandInfo,
    name: &At<String>,
    written: &RuleForm,
    grant: &RuleRef,
    report: &mut Report<'_>,
) -> Option<ParameterRule> {
    let parameter = resolve(command, name, report.faults)?;
    let mut conditions = Vec::new();
    if let Some(one_of) = &written.one_of {
        require_text(parameter, "one_of", &one_of.place, report.faults);
        check_values(parameter, &one_of.value, report);
        conditions.push(Condition::OneOf(one_of.value.iter().map(|at| Arc::clone(&at.value)).collect()));
    }
    if let Some(pattern) = &written.pattern {
        require_text(parameter, "pattern", &pattern.place, report.faults);
        if !pattern.value.text().is_ascii() {
            report.lints.push(non_ascii(&pattern.place, "pattern"));
        }
        conditions.push(Condition::Pattern(pattern.value.clone()));
    }
    if let Some(range) = &written.range {
        check_range(parameter, range, report.faults);
        conditions.push(Condition::Range { low: range.value.low, high: range.value.high });
    }
    if let Some(length) = &written.length {
        require_text(parameter, "length", &length.place, report.faults);
        // Reading has refused negative lengths.
        let [low, high] = [length.value.low, length.value.high].map(|n| u64::try_from(n).unwrap_or(0));
        conditions.push(Condition::Length { low, high });
    }
    if let Some(within) = &written.within {
        check_within(form, parameter, within, report.faults);
        conditions.push(Condition::Within(within.value.iter().map(|at| at.value.clone()).collect()));
    }
    let optional = written.optional.as_ref().is_some_and(|at| at.value);
    let key = format!("{}, parameter {}", grant.key, parameter.name);
    Some(ParameterRule {
        parameter: parameter.name.as_str().into(),
        required: !conditions.is_empty() && !optional,
        conditions,
        allow_control: written.allow_control,
        rule: RuleRef { file: Arc::clone(&grant.file), line: name.place.line(), key: key.into() },
    })
}

fn resolve<'c>(
    command: &'c CommandInfo,
    name: &At<String>,
    faults: &mut Vec<Fault>,
) -> Option<&'c ParameterInfo> {
    let text = &name.value;
    if let Some(parameter) = command.parameters.iter().find(|parameter| parameter.name == *text) {
        return Some(parameter);
    }
    let lower = text.to_ascii_lowercase();
    let mut prefixed = command
        .parameters
        .iter()
        .filter(|p| !lower.is_empty() && p.name.to_ascii_lowercase().starts_with(&lower));
    let abbreviated = prefixed.next().filter(|_| prefixed.next().is_none());
    faults.push(match command.parameter(text).or(abbreviated) {
        Some(parameter) => name
            .place
            .fault(format!("{} is another spelling of the parameter `{}`", quoted(text), parameter.name))
            .help(format!("write `{}`", parameter.name)),
        None => {
            let names: Vec<_> = command.parameters.iter().map(|p| p.name.as_str()).collect();
            let help = near(text, &names).unwrap_or_else(|| format!("its parameters: {}", names.join(", ")));
            name.place.fault(format!("`{}` has no parameter {}", command.name, quoted(text))).help(help)
        }
    });
    None
}

fn cannot(parameter: &ParameterInfo, key: &str, place: &Place, wanted: &str) -> Fault {
    place
        .fault(format!("`{key}` cannot rule the parameter `{}`", parameter.name))
        .help(format!("`{key}` is for {wanted}"))
}

fn require_text(parameter: &ParameterInfo, key: &str, place: &Place, faults: &mut Vec<Fault>) {
    if !matches!(parameter.value_type, ValueType::Text | ValueType::Any) {
        faults.push(cannot(parameter, key, place, "parameters that take text"));
    }
}

fn check_values(parameter: &ParameterInfo, values: &[At<Arc<str>>], report: &mut Report<'_>) {
    for At { value, place } in values {
        let known = parameter.one_of.is_empty() || parameter.one_of.iter().any(|known| **known == **value);
        if !known {
            let help = near(value, &parameter.one_of)
                .unwrap_or_else(|| format!("its values: {}", parameter.one_of.join(", ")));
            let message = format!("the parameter `{}` never has the value {}", parameter.name, quoted(value));
            report.faults.push(place.fault(message).help(help));
        }
        if parameter.path {
            let canonical = DrivePath::parse(value).map(|path| path.to_string());
            match canonical {
                Ok(canonical) if canonical == **value => {}
                Ok(canonical) => report.faults.push(
                    place
                        .fault(format!("the path {} is not in its canonical form", quoted(value)))
                        .help(format!("write \"{canonical}\"")),
                ),
                Err(error) => report.faults.push(
                    place
                        .fault(format!("{} is not a drive path: {error}", quoted(value)))
                        .help("write it as \"Drive:/folder\""),
                ),
            }
        }
        if !value.is_ascii() {
            report.lints.push(non_ascii(place, "one_of"));
        }
    }
}

fn non_ascii(place: &Place, key: &str) -> Fault {
    place
        .fault(format!("`{key}` holds characters beyond ASCII"))
        .help("values are compared byte by byte: another spelling that looks the same is another value")
}

fn check_range(parameter: &ParameterInfo, range: &At<BoundsForm>, faults: &mut Vec<Fault>) {
    let is_exact = |bound: i64| (-MAX_EXACT..=MAX_EXACT).contains(&bound);
    match parameter.value_type {
        ValueType::Int32 | ValueType::Int64 => {}
        ValueType::Double | ValueType::Any if is_exact(range.value.low) && is_exact(range.value.high) => {}
        ValueType::Double | ValueType::Any => faults.push(
            range
                .place
                .fault(format!("the parameter `{}` cannot hold these bounds exactly", parameter.name))
                .help(format!("stay between {} and {MAX_EXACT}", -MAX_EXACT)),
        ),
        _ => faults.push(cannot(parameter, "range", &range.place, "parameters that take numbers")),
    }
}

fn check_within(
    form: &RoleForm,
    parameter: &ParameterInfo,
    within: &At<Vec<At<DrivePath>>>,
    faults: &mut Vec<Fault>,
) {
    if !parameter.path {
        faults.push(cannot(parameter, "within", &within.place, "parameters that take paths"));
    }
    for path in &within.value {
        let drive = path.value.drive();
        let held = form.drives.iter().find(|held| held.name.value.eq_ignore_ascii_case(drive));
        let fault = match held {
            Some(held) if *held.name.value == *drive => continue,
            Some(held) => path
                .place
                .fault(format!("the drive `{drive}` is spelled `{}` in this role", held.name.value))
                .help(format!("write `{}:`", held.name.value)),
            None if form.faulty_drives.iter().any(|faulty| faulty == drive) => continue,
            None => {
                let names: Vec<_> = form.drives.iter().map(|drive| &*drive.name.value).collect();
                path.place.fault(format!("the role does not hold the drive `{drive}`")).help(
                    near(drive, &names).unwrap_or_else(|| format!("add `[drives.{drive}]` to this role")),
                )
            }
        };
        faults.push(fault);
    }
}
