//! What a policy is once everything about it has been checked: values that need no second look.

mod drive;
mod endpoint;
mod limits;
mod pattern;
mod reference;
mod role;
mod rule;

pub use drive::{Access, DriveGrant, DriveRoot};
pub(crate) use endpoint::{Assignment, Selector};
pub use endpoint::{CoreCommands, Endpoint, LanguageMode};
pub use limits::Limits;
pub(crate) use pattern::Pattern;
pub use reference::RuleRef;
pub(crate) use role::{Grant, Parameters, Role};
pub(crate) use rule::{Condition, ParameterRule};
