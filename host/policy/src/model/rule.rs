//! The rule on one parameter's values.

use std::sync::Arc;

use crate::model::pattern::Pattern;
use crate::model::reference::RuleRef;
use crate::path::DrivePath;

/// The rule on one parameter: every condition must hold for every element of the value.
#[derive(Debug)]
pub(crate) struct ParameterRule {
    /// The canonical name.
    pub(crate) parameter: Arc<str>,
    pub(crate) conditions: Vec<Condition>,
    /// Must be given.
    pub(crate) required: bool,
    /// Control characters may stand in its text.
    pub(crate) allow_control: bool,
    /// The rule; its key ends with the parameter's name.
    pub(crate) rule: RuleRef,
}

/// One condition on one value.
#[derive(Debug)]
pub(crate) enum Condition {
    /// Equals one of these, byte by byte.
    OneOf(Vec<Arc<str>>),
    /// Matches as a whole.
    Pattern(Pattern),
    /// A number from the one to the other, both included.
    Range { low: i64, high: i64 },
    /// So many characters.
    Length { low: u64, high: u64 },
    /// A path at or below one of these.
    Within(Vec<DrivePath>),
}

impl Condition {
    /// The key of the policy that states it.
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::OneOf(_) => "one_of",
            Self::Pattern(_) => "pattern",
            Self::Range { .. } => "range",
            Self::Length { .. } => "length",
            Self::Within(_) => "within",
        }
    }
}
