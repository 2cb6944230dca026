//! What a session may see: the commands that some grant names, reduced to what some grant allows. Decisions do not
//! read this; it only keeps the language from offering what would be refused.

use std::sync::Arc;

use bailiwick_objects::metadata::{COMMON_PARAMETERS, CommandInfo, ParameterInfo};

use crate::model::{Access, Condition, DriveGrant, Grant, LanguageMode, Parameters, Role};

/// The common parameters that cannot name a variable, start a debugger or change what a command does.
pub(crate) const HARMLESS_COMMON: [&str; 4] =
    ["ErrorAction", "WarningAction", "InformationAction", "Verbose"];

/// A command as the holder of the roles sees it; nothing if no grant names it.
pub(crate) fn of(command: &CommandInfo, roles: &[Arc<Role>], language: LanguageMode) -> Option<CommandInfo> {
    let grants: Vec<&Grant> = roles.iter().filter_map(|role| role.grant(&command.name)).collect();
    if grants.is_empty() {
        return None;
    }
    let parameters = command.parameters.iter().filter_map(|parameter| reduced(parameter, &grants)).collect();
    Some(CommandInfo { parameters, common_parameters: common(&grants, language), ..command.clone() })
}

fn reduced(parameter: &ParameterInfo, grants: &[&Grant]) -> Option<ParameterInfo> {
    let mut lists: Vec<Option<&[Arc<str>]>> = Vec::new();
    for grant in grants.iter().filter(|grant| grant.parameters.lists(&parameter.name)) {
        lists.push(closed_list(&grant.parameters, &parameter.name));
    }
    if lists.is_empty() {
        return None;
    }
    let mut reduced = parameter.clone();
    // A list is shown only if each grant has one: a grant without one allows more than the list would say.
    if let Some(lists) = lists.into_iter().collect::<Option<Vec<_>>>() {
        reduced.one_of.clear();
        for value in lists.into_iter().flatten() {
            if !reduced.one_of.iter().any(|known| **known == **value) {
                reduced.one_of.push(value.to_string());
            }
        }
    }
    Some(reduced)
}

fn closed_list<'g>(parameters: &'g Parameters, name: &str) -> Option<&'g [Arc<str>]> {
    let Parameters::Listed { rules, .. } = parameters else { return None };
    let rule = rules.iter().find(|rule| *rule.parameter == *name)?;
    rule.conditions.iter().find_map(|condition| match condition {
        Condition::OneOf(values) => Some(values.as_slice()),
        _ => None,
    })
}

fn common(grants: &[&Grant], language: LanguageMode) -> Vec<String> {
    if language == LanguageMode::Full {
        return COMMON_PARAMETERS.map(str::to_owned).to_vec();
    }
    let allowed = |name: &&str| {
        grants.iter().any(|grant| match &grant.parameters {
            Parameters::Any => HARMLESS_COMMON.contains(name),
            Parameters::Listed { common, .. } => common.iter().any(|listed| listed == name),
        })
    };
    COMMON_PARAMETERS.iter().filter(|name| allowed(name)).map(|name| (*name).to_owned()).collect()
}

/// One drive of each name, by name: the first that may write, else the first. Loading has made sure that drives of one
/// name are one drive.
pub(crate) fn union_of_drives(roles: &[Arc<Role>]) -> Vec<DriveGrant> {
    let mut union: Vec<DriveGrant> = Vec::new();
    for drive in roles.iter().flat_map(|role| &role.drives) {
        match union.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&drive.name)) {
            None => union.push(drive.clone()),
            Some(known) if known.access == Access::Read && drive.access == Access::Write => {
                *known = drive.clone();
            }
            Some(_) => {}
        }
    }
    union.sort_by(|a, b| a.name.cmp(&b.name));
    union
}
