//! The name of a rule: what every decision carries.

use std::fmt;
use std::sync::Arc;

/// A rule of the policy: where it stands and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RuleRef {
    /// The file, relative to the policy folder.
    pub file: Arc<str>,
    /// Its line, counted from 1; 0 for a rule that is built in.
    pub line: u32,
    /// What it is, for example `role log-reader, Get-Content, parameter Path (within)`.
    pub key: Arc<str>,
}

impl fmt::Display for RuleRef {
    /// `file:line (key)`, for operators and the audit; users are shown `key` alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({})", self.file, self.line, self.key)
    }
}
