//! Endpoints: what a client names to get a session.

use std::sync::Arc;

use crate::identity::Subject;
use crate::model::limits::Limits;

/// An endpoint.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// What a client names.
    pub name: Arc<str>,
    /// One sentence for the user.
    pub description: String,
    /// How much of the language its sessions speak.
    pub language: LanguageMode,
    /// Which native commands its sessions see.
    pub core: CoreCommands,
    /// What its sessions may use.
    pub limits: Limits,
    /// Who holds which roles, in the order of the file.
    pub(crate) assignments: Vec<Assignment>,
}

/// Whom an assignment of roles is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Selector {
    User(Arc<str>),
    Group(Arc<str>),
}

/// Roles given to one selector.
#[derive(Debug, Clone)]
pub(crate) struct Assignment {
    pub(crate) selector: Selector,
    pub(crate) roles: Vec<Arc<str>>,
}

/// How much of the language a session speaks: PowerShell's modes. A missing language means [`LanguageMode::No`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LanguageMode {
    /// Commands and their parameters only.
    No,
    /// Also a few variables and operators. No policy of this version has it.
    Restricted,
    /// Also scripts, with limits on types. No policy of this version has it.
    Constrained,
    /// All of it.
    Full,
}

/// Which native commands a session sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoreCommands {
    /// All of them.
    Standard,
    /// The few that a session cannot do without, as JEA has them.
    Minimal,
    /// None.
    None,
}

impl Endpoint {
    /// True if the endpoint gives the subject anything, be it an empty list of roles.
    pub(crate) fn admits(&self, subject: &Subject) -> bool {
        self.assignments.iter().any(|assignment| subject.matches(&assignment.selector))
    }

    /// The subject's roles, each once, in the order of the file; none if the endpoint is not hers.
    pub(crate) fn roles_of(&self, subject: &Subject) -> Option<Vec<Arc<str>>> {
        if !self.admits(subject) {
            return None;
        }
        let mut roles: Vec<Arc<str>> = Vec::new();
        for assignment in self.assignments.iter().filter(|a| subject.matches(&a.selector)) {
            for role in &assignment.roles {
                if !roles.contains(role) {
                    roles.push(Arc::clone(role));
                }
            }
        }
        Some(roles)
    }
}
