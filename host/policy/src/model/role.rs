//! Roles and their grants.

use std::sync::Arc;

use crate::model::drive::DriveGrant;
use crate::model::reference::RuleRef;
use crate::model::rule::ParameterRule;

/// A set of grants that endpoints give to users and groups.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) name: Arc<str>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) drives: Vec<DriveGrant>,
}

impl Role {
    /// The grant of a command, by its canonical name.
    pub(crate) fn grant(&self, command: &str) -> Option<&Grant> {
        self.grants.iter().find(|grant| *grant.command == *command)
    }

    /// The drive of this name, compared without ASCII case.
    pub(crate) fn drive(&self, name: &str) -> Option<&DriveGrant> {
        self.drives.iter().find(|drive| drive.name.eq_ignore_ascii_case(name))
    }
}

/// One command that may be run, with the rules on its parameters.
#[derive(Debug)]
pub(crate) struct Grant {
    /// The canonical name.
    pub(crate) command: Arc<str>,
    pub(crate) parameters: Parameters,
    pub(crate) rule: RuleRef,
}

/// Which parameters may be given.
#[derive(Debug)]
pub(crate) enum Parameters {
    /// Any, with any value.
    Any,
    /// These and no other.
    Listed { rules: Vec<ParameterRule>, common: Vec<String> },
}

impl Parameters {
    /// True if a grant with these may be given a parameter.
    pub(crate) fn lists(&self, parameter: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed { rules, .. } => rules.iter().any(|rule| *rule.parameter == *parameter),
        }
    }
}
