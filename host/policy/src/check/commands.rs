//! Grants of commands against the catalog: the command exists under exactly that name, and is granted once.

use std::sync::Arc;

use bailiwick_objects::metadata::{COMMON_PARAMETERS, CommandInfo};

use super::{Report, rules};
use crate::catalog::Catalog;
use crate::fault::Fault;
use crate::model::{Grant, ParameterRule, Parameters, RuleRef};
use crate::syntax::{At, CommandForm, ParametersForm, RoleForm, RuleForm, near};
use crate::text::quoted;
use crate::view::HARMLESS_COMMON;

pub(super) fn check(form: &RoleForm, catalog: &Catalog, report: &mut Report<'_>) -> Vec<Grant> {
    let mut grants: Vec<Grant> = Vec::new();
    let mut seen: Vec<(Arc<str>, &At<String>)> = Vec::new();
    for command in &form.commands {
        let Some(info) = resolve(&command.name, catalog, report.faults) else { continue };
        let name: Arc<str> = info.name.as_str().into();
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) {
            report.faults.push(
                command
                    .name
                    .place
                    .fault(format!("the command `{name}` is granted twice in this role"))
                    .note(format!("first at {}", first.place.shown()))
                    .help("join the two, or move one to a role of its own"),
            );
        }
        seen.push((Arc::clone(&name), &command.name));
        let key = format!("role {}, {name}", form.name);
        let rule = RuleRef { file: Arc::clone(&form.file), line: command.name.place.line(), key: key.into() };
        let parameters = parameters(form, command, info, &rule, report);
        grants.push(Grant { command: name, parameters, rule });
    }
    grants
}

/// The command of exactly this name. Another spelling of one is refused by naming it: a policy is read by people, and
/// says what it means.
fn resolve<'c>(name: &At<String>, catalog: &'c Catalog, faults: &mut Vec<Fault>) -> Option<&'c CommandInfo> {
    let text = &name.value;
    if let Some(info) = catalog.command(text) {
        if info.name != *text {
            faults.push(
                name.place
                    .fault(format!("{} is another spelling of `{}`", quoted(text), info.name))
                    .help(format!("write `{}`", info.name)),
            );
        }
        return Some(info);
    }
    let unqualified = text.rsplit(['\\', '/']).next().and_then(|tail| catalog.command(tail));
    faults.push(if text.contains(['*', '?', '[']) {
        name.place
            .fault("wildcards in command names are not supported by this version")
            .help("name each command: a wildcard grants what is installed later, too")
    } else if let Some(native) = catalog.native(text) {
        name.place
            .fault(format!("`{native}` is a native command and takes no grant"))
            .help("native commands have no effect; `core` of the endpoint says whether sessions see them")
    } else if let Some(info) = unqualified {
        name.place
            .fault(format!("{} is another spelling of `{}`", quoted(text), info.name))
            .help(format!("write `{}`", info.name))
    } else {
        let names: Vec<_> = catalog.commands().map(|info| info.name.as_str()).collect();
        let help = near(text, &names).unwrap_or_else(|| format!("installed: {}", names.join(", ")));
        name.place.fault(format!("there is no command {}", quoted(text))).help(help)
    });
    None
}

fn parameters(
    form: &RoleForm,
    command: &CommandForm,
    info: &CommandInfo,
    rule: &RuleRef,
    report: &mut Report<'_>,
) -> Parameters {
    let listed: &[(At<String>, RuleForm)] = match &command.parameters {
        ParametersForm::Any => return Parameters::Any,
        ParametersForm::None => &[],
        ParametersForm::Listed(listed) => listed,
    };
    let mut rules: Vec<ParameterRule> = Vec::new();
    let mut common: Vec<String> = Vec::new();
    for (name, written) in listed {
        let found = COMMON_PARAMETERS.iter().find(|common| common.eq_ignore_ascii_case(&name.value));
        if let Some(parameter) = found {
            if let Some(parameter) = common_parameter(name, parameter, written, report.faults) {
                common.push(parameter);
            }
        } else if let Some(checked) = rules::check(form, info, name, written, rule, report) {
            rules.push(checked);
        }
    }
    let never = info
        .parameters
        .iter()
        .find(|p| p.mandatory && p.sets.is_empty() && !rules.iter().any(|rule| *rule.parameter == *p.name));
    if let Some(parameter) = never {
        let message = format!("`{}` can never run: its mandatory parameter is not listed", info.name);
        let help = format!("list `{}` under `[command.parameters]`", parameter.name);
        report.lints.push(command.name.place.fault(message).help(help));
    }
    Parameters::Listed { rules, common }
}

/// A common parameter in a closed list. The engine acts on these, so that the host could not enforce a rule on one.
fn common_parameter(
    name: &At<String>,
    parameter: &str,
    written: &RuleForm,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let problem = if parameter != name.value {
        (
            format!("{} is another spelling of `{parameter}`", quoted(&name.value)),
            format!("write `{parameter}`"),
        )
    } else if !HARMLESS_COMMON.contains(&parameter) {
        (
            format!("the common parameter `{parameter}` cannot be granted"),
            "sessions of `language = \"full\"` have it; in others it would reach variables or the debugger"
                .to_owned(),
        )
    } else if written.has_condition() {
        (
            format!("the common parameter `{parameter}` takes no rule"),
            format!("write `{parameter} = \"any\"`, or leave it out"),
        )
    } else {
        return Some(parameter.to_owned());
    };
    faults.push(name.place.fault(problem.0).help(problem.1));
    None
}
