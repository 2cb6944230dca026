//! What a capability refused, told as a refusal: a cmdlet reports the capability's reason under its id, and here the
//! rule is added that the refused drive stands on.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick_objects::{ErrorRecord, Limits, Refusal, Value, batch};
use bailiwick_policy::BoundRecord;

use super::Boundary;
use crate::command::Command;
use crate::roster;

/// What a record of an invocation reached for, kept to name the rule of a refusal.
#[derive(Debug, Clone, Default)]
pub(super) struct Reach {
    rules: Vec<(String, Arc<str>)>,
}

impl Reach {
    /// The drives that a decided record names, with the rules of the role that holds them.
    pub(super) fn of(boundary: &Boundary, role: &str, record: &BoundRecord) -> Self {
        let held = boundary.authority.role_drives(role);
        let named = record.paths().filter_map(|path| held.iter().find(|drive| drive.name == path.drive()));
        Self { rules: named.map(|drive| (format!("{}:", drive.name), Arc::clone(&drive.rule.key))).collect() }
    }

    /// Marks the error records of a batch that tell of a capability's refusal. A batch without one stays as it is.
    pub(super) fn mark(&self, command: &Command, errors: Vec<u8>) -> Vec<u8> {
        let Ok(mut values) = batch::decode(&errors, &Limits::default()) else { return errors };
        let mut marked = false;
        for value in &mut values {
            if let Value::Error(error) = value {
                marked |= self.mark_one(error);
            }
        }
        if !marked {
            return errors;
        }
        command.refused.store(true, Ordering::Relaxed);
        batch::encode(&values)
    }

    /// The same for the error that ends an invocation.
    pub(super) fn mark_end(&self, command: &Command, error: &mut ErrorRecord) {
        if self.mark_one(error) {
            command.refused.store(true, Ordering::Relaxed);
        }
    }

    fn mark_one(&self, error: &mut ErrorRecord) -> bool {
        let id = error.id.split(',').next().unwrap_or_default();
        if !roster::refuses(id) {
            return false;
        }
        let target = error.target.as_str().unwrap_or_default();
        // The drive that the error is about; of a command on one drive, that one.
        let about = self.rules.iter().find(|(drive, _)| target.starts_with(drive.as_str())).or(
            match self.rules.as_slice() {
                [only] => Some(only),
                _ => None,
            },
        );
        let rule = about.map_or_else(|| Arc::from(""), |(_, rule)| Arc::clone(rule));
        error.refusal.get_or_insert(Refusal { rule });
        true
    }
}
