//! Checks that need more than one file, or the catalog: what is named exists, what is ruled can be ruled, what is said
//! twice is said alike. All faults are found, not the first.

mod assignments;
mod commands;
mod drives;
mod merge;
mod rules;
mod users;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::fault::Fault;
use crate::model::Role;
use crate::policy::Inner;
use crate::syntax::{EndpointForm, RoleForm, UserForm};

/// What the files say.
#[derive(Default)]
pub(crate) struct Forms {
    pub(crate) endpoints: Vec<EndpointForm>,
    pub(crate) roles: Vec<RoleForm>,
    /// None: there is no `users.toml`.
    pub(crate) users: Option<Vec<UserForm>>,
    /// `users.toml` was read without a fault, so that a user it does not name does not exist.
    pub(crate) users_complete: bool,
    /// Some endpoint file was there, readable or not.
    pub(crate) has_endpoints: bool,
    /// Roles whose file is there but could not be read: not also reported as missing.
    pub(crate) unreadable_roles: Vec<Arc<str>>,
}

/// Everything wrong, and everything worth a look.
pub(crate) struct Report<'r> {
    pub(crate) faults: &'r mut Vec<Fault>,
    pub(crate) lints: &'r mut Vec<Fault>,
}

/// Joins the forms to a policy. It is complete only if no fault was reported.
pub(crate) fn policy(
    forms: Forms,
    root: Option<&Path>,
    catalog: &Catalog,
    digest: String,
    faults: &mut Vec<Fault>,
    lints: &mut Vec<Fault>,
) -> Inner {
    let mut report = Report { faults, lints };
    let users = users::check(forms.users.unwrap_or_default(), &mut report);
    let mut roles: BTreeMap<Arc<str>, Arc<Role>> = BTreeMap::new();
    for form in &forms.roles {
        let drives = drives::check(form, root, &mut report);
        let grants = commands::check(form, catalog, &mut report);
        let role = Role { name: Arc::clone(&form.name), grants, drives };
        roles.insert(Arc::clone(&form.name), Arc::new(role));
    }
    let known = assignments::Known {
        forms: &forms.roles,
        unreadable: &forms.unreadable_roles,
        users: forms.users_complete.then_some(&users),
    };
    let endpoints: BTreeMap<_, _> = forms
        .endpoints
        .into_iter()
        .map(|form| assignments::check(form, &known, &mut report))
        .map(|endpoint| (Arc::clone(&endpoint.name), Arc::new(endpoint)))
        .collect();
    assignments::unused_roles(endpoints.values(), &forms.roles, &mut report);
    for endpoint in endpoints.values() {
        merge::check(endpoint, &users, &roles, &forms.roles, catalog, &mut report);
    }
    Inner { catalog: catalog.clone(), endpoints, roles, users, digest }
}
