//! Users against each other: an id and a credential are one user's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Report;
use crate::identity::{Subject, UserId, Users};
use crate::syntax::{Place, UserForm};

pub(super) fn check(forms: Vec<UserForm>, report: &mut Report<'_>) -> Users {
    let mut users = Users::default();
    let mut ids: BTreeMap<Arc<str>, (Arc<str>, Place)> = BTreeMap::new();
    let mut certificates: BTreeMap<[u8; 32], (Arc<str>, Place)> = BTreeMap::new();
    for form in forms {
        let name = &form.name.value;
        if let Some((other, place)) = ids.get(&form.id.value) {
            report.faults.push(
                form.id
                    .place
                    .fault(format!("the id `{}` belongs to two users, `{other}` and `{name}`", form.id.value))
                    .note(format!("`{other}` has it at {}", place.shown()))
                    .help("give each user an id of its own: it names the user's own drive"),
            );
        }
        ids.insert(Arc::clone(&form.id.value), (Arc::clone(name), form.id.place.clone()));
        for certificate in &form.certificates {
            if let Some((other, place)) = certificates.get(&certificate.value) {
                report.faults.push(
                    certificate
                        .place
                        .fault(format!("the certificate maps to two users, `{other}` and `{name}`"))
                        .note(format!("`{other}` has it at {}", place.shown()))
                        .help("keep it with one user: a credential must say who someone is"),
                );
            }
            certificates.insert(certificate.value, (Arc::clone(name), certificate.place.clone()));
        }
        let id = UserId::checked(form.id.value);
        let subject = Subject { user: form.name.value, id, groups: form.groups };
        users.add(subject, form.certificates.into_iter().map(|certificate| certificate.value));
    }
    users
}
