//! Roles that one user holds together: a drive's name means one place, and a role that undoes another's limits is
//! pointed out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Report;
use crate::catalog::Catalog;
use crate::identity::Users;
use crate::model::{Endpoint, Grant, Parameters, Role};
use crate::syntax::{DriveForm, RoleForm};

pub(super) fn check(
    endpoint: &Endpoint,
    users: &Users,
    roles: &BTreeMap<Arc<str>, Arc<Role>>,
    forms: &[RoleForm],
    catalog: &Catalog,
    report: &mut Report<'_>,
) {
    // Many users hold the same pair of roles; it is reported for the first.
    let mut pairs: BTreeSet<(Arc<str>, Arc<str>)> = BTreeSet::new();
    for user in users.all() {
        let names = endpoint.roles_of(user).unwrap_or_default();
        for (at, first) in names.iter().enumerate() {
            for second in names.iter().skip(at + 1) {
                if !pairs.insert((Arc::clone(first), Arc::clone(second))) {
                    continue;
                }
                let form = |name: &Arc<str>| forms.iter().find(|form| form.name == *name);
                if let (Some(first), Some(second)) = (form(first), form(second)) {
                    check_drives(first, second, &user.user, endpoint, report);
                }
                if let (Some(first), Some(second)) = (roles.get(first), roles.get(second)) {
                    for (strict, wide) in [(first, second), (second, first)] {
                        let meet =
                            |command: &str| !takes_paths(catalog, command) || share_drive(strict, wide);
                        check_limits(strict, wide, &user.user, &meet, forms, report);
                    }
                }
            }
        }
    }
}

fn check_drives(
    first: &RoleForm,
    second: &RoleForm,
    user: &str,
    endpoint: &Endpoint,
    report: &mut Report<'_>,
) {
    let same_name =
        |one: &DriveForm, other: &DriveForm| one.name.value.eq_ignore_ascii_case(&other.name.value);
    for drive in &second.drives {
        let Some(other) = first.drives.iter().find(|other| same_name(other, drive)) else { continue };
        let alike = drive.name.value == other.name.value
            && drive.root.value == other.root.value
            && (drive.quota == other.quota || drive.access != other.access);
        if !alike {
            report.faults.push(
                drive
                    .name
                    .place
                    .fault(format!(
                        "the drive `{}` is not the same in the roles `{}` and `{}`, which `{user}` holds on `{}`",
                        drive.name.value, first.name, second.name, endpoint.name
                    ))
                    .note(format!("the other is at {}", other.name.place.shown()))
                    .help("give both the same spelling, root and quota, or rename one"),
            );
        }
    }
}

fn takes_paths(catalog: &Catalog, command: &str) -> bool {
    catalog.command(command).is_some_and(|info| info.parameters.iter().any(|parameter| parameter.path))
}

/// A command on paths is limited by its role's drives already: without a common drive neither role voids the other.
fn share_drive(one: &Role, other: &Role) -> bool {
    one.drives.iter().any(|drive| other.drive(&drive.name).is_some())
}

/// Points out a command that `strict` limits and `wide` grants without those limits.
fn check_limits(
    strict: &Role,
    wide: &Role,
    user: &str,
    meet: &dyn Fn(&str) -> bool,
    forms: &[RoleForm],
    report: &mut Report<'_>,
) {
    for grant in strict.grants.iter().filter(|grant| meet(&grant.command)) {
        let Some(other) = wide.grant(&grant.command) else { continue };
        if !voids(grant, other) {
            continue;
        }
        let form = forms.iter().find(|form| form.name == wide.name);
        let place = form.and_then(|form| form.commands.iter().find(|c| *c.name.value == *other.command));
        if let Some(command) = place {
            let message = format!(
                "the role `{}` voids the limits of `{}` on `{}` for `{user}`",
                wide.name, strict.name, grant.command
            );
            let note = format!("the limits are at {}:{}", grant.rule.file, grant.rule.line);
            let help =
                "each role's rules stay with its own grant, and the wider one allows more; is that meant?";
            report.lints.push(command.name.place.fault(message).note(note).help(help));
        }
    }
}

fn voids(strict: &Grant, wide: &Grant) -> bool {
    let Parameters::Listed { rules, .. } = &strict.parameters else { return false };
    let mut ruled = rules.iter().filter(|rule| !rule.conditions.is_empty()).peekable();
    ruled.peek().is_some()
        && ruled.all(|rule| match &wide.parameters {
            Parameters::Any => true,
            Parameters::Listed { rules, .. } => rules
                .iter()
                .find(|other| other.parameter == rule.parameter)
                .is_some_and(|other| other.conditions.is_empty()),
        })
}
