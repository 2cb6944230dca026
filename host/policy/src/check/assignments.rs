//! Endpoints against roles and users: what is assigned exists, and someone holds it.

use std::sync::Arc;

use super::Report;
use crate::fault::Fault;
use crate::identity::Users;
use crate::model::{Assignment, Endpoint, Selector};
use crate::syntax::{AssignmentForm, At, EndpointForm, RoleForm, near};
use crate::text::quoted;

/// What an endpoint may name.
pub(super) struct Known<'k> {
    pub(super) forms: &'k [RoleForm],
    pub(super) unreadable: &'k [Arc<str>],
    /// None: not all of them could be read.
    pub(super) users: Option<&'k Users>,
}

pub(super) fn check(form: EndpointForm, known: &Known<'_>, report: &mut Report<'_>) -> Endpoint {
    let mut assignments = Vec::new();
    for AssignmentForm { selector, roles } in form.assignments {
        if let Some(users) = known.users {
            check_selector(&selector, users, report);
        }
        let mut names: Vec<Arc<str>> = Vec::new();
        for role in roles {
            if names.contains(&role.value) {
                let fault = role.place.fault(format!("the role `{}` stands twice in this list", role.value));
                report.faults.push(fault.help("remove one"));
                continue;
            }
            if let Some(fault) = missing(&role, known) {
                report.faults.push(fault);
            }
            names.push(role.value);
        }
        assignments.push(Assignment { selector: selector.value, roles: names });
    }
    if assignments.is_empty() {
        let fault = Fault::of_file(&form.shown, "nobody may use this endpoint");
        report.lints.push(fault.help("give roles to users or groups under `[endpoint.roles]`"));
    }
    Endpoint {
        name: form.name,
        description: form.description,
        language: form.language,
        core: form.core,
        limits: form.limits,
        assignments,
    }
}

fn missing(role: &At<Arc<str>>, known: &Known<'_>) -> Option<Fault> {
    let exists =
        known.forms.iter().any(|form| form.name == role.value) || known.unreadable.contains(&role.value);
    if exists {
        return None;
    }
    let names: Vec<_> = known.forms.iter().map(|form| &*form.name).collect();
    let help =
        near(&role.value, &names).unwrap_or_else(|| format!("add the file `roles/{}.toml`", role.value));
    Some(role.place.fault(format!("there is no role {}", quoted(&role.value))).help(help))
}

fn check_selector(selector: &At<Selector>, users: &Users, report: &mut Report<'_>) {
    match &selector.value {
        Selector::User(name) if users.named(name).is_none() => {
            let names: Vec<_> = users.all().map(|user| &*user.user).collect();
            let help = near(name, &names).unwrap_or_else(|| format!("add `[users.{name}]` to `users.toml`"));
            report.faults.push(selector.place.fault(format!("there is no user `{name}`")).help(help));
        }
        Selector::Group(name) if !users.all().any(|user| user.groups.contains(name)) => {
            let groups: Vec<_> = users.all().flat_map(|user| &user.groups).collect();
            let help = near(name, &groups)
                .unwrap_or_else(|| "groups are listed with users, in `users.toml`".to_owned());
            report.lints.push(selector.place.fault(format!("no user is in the group `{name}`")).help(help));
        }
        Selector::User(_) | Selector::Group(_) => {}
    }
}

/// Roles that no endpoint gives to anyone.
pub(super) fn unused_roles<'e>(
    endpoints: impl Iterator<Item = &'e Arc<Endpoint>> + Clone,
    forms: &[RoleForm],
    report: &mut Report<'_>,
) {
    for form in forms {
        let is_used =
            |endpoint: &Arc<Endpoint>| endpoint.assignments.iter().any(|a| a.roles.contains(&form.name));
        if !endpoints.clone().any(is_used) {
            let fault = Fault::of_file(&form.shown, "no endpoint gives this role to anyone");
            report
                .lints
                .push(fault.help("name it under `[endpoint.roles]` of an endpoint, or remove the file"));
        }
    }
}
