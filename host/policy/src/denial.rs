//! Refusals: why, by which rule, and what the user is told. A refusal names the rule of what the caller can see, and
//! answers alike for what is hidden and what does not exist.

use std::sync::Arc;

use bailiwick_objects::{ErrorCategory, ErrorRecord, Refusal, Value};

use crate::model::RuleRef;
use crate::text::quoted;

/// A refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Denial {
    /// Why.
    pub reason: DenyReason,
    /// The command, by its canonical name if the caller can see it.
    pub command: String,
    /// The nearest rule, if there is one that may be named.
    pub rule: Option<RuleRef>,
    /// One sentence for the user.
    pub message: String,
    /// What the user may do instead; may be empty.
    pub help: String,
    /// The name, value or path that was refused.
    pub target: Value,
}

/// Why something was refused. The audit, exit codes and error ids are told apart by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DenyReason {
    /// No grant names the command, or there is none of that name.
    CommandNotVisible,
    /// No grant lists the parameter, or there is none of that name.
    ParameterNotGranted,
    /// A parameter that must be given was not.
    ParameterMissing,
    /// A value breaks its parameter's rule.
    ValueRefused,
    /// A path is none, or lies outside what its parameter's rule allows.
    PathRefused,
    /// A path names a drive that the role does not hold.
    DriveNotGranted,
    /// The record is not what the command's metadata says.
    Malformed,
}

impl DenyReason {
    /// The lower-case name that the audit uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommandNotVisible => "command-not-visible",
            Self::ParameterNotGranted => "parameter-not-granted",
            Self::ParameterMissing => "parameter-missing",
            Self::ValueRefused => "value-refused",
            Self::PathRefused => "path-refused",
            Self::DriveNotGranted => "drive-not-granted",
            Self::Malformed => "malformed",
        }
    }

    /// PowerShell's error id where it has one, without the command.
    pub const fn error_id(self) -> &'static str {
        match self {
            Self::CommandNotVisible => "CommandNotFoundException",
            Self::ParameterNotGranted => "NamedParameterNotFound",
            Self::ParameterMissing => "MissingMandatoryParameter",
            Self::ValueRefused => "ParameterArgumentValidationError",
            Self::PathRefused => "PathRefused",
            Self::DriveNotGranted => "DriveNotFound",
            Self::Malformed => "MalformedRecord",
        }
    }

    const fn category(self) -> ErrorCategory {
        match self {
            Self::CommandNotVisible | Self::DriveNotGranted => ErrorCategory::ObjectNotFound,
            Self::ParameterNotGranted | Self::ParameterMissing => ErrorCategory::InvalidArgument,
            Self::ValueRefused | Self::Malformed => ErrorCategory::InvalidData,
            Self::PathRefused => ErrorCategory::PermissionDenied,
        }
    }
}

impl Denial {
    pub(crate) fn new(reason: DenyReason, command: &str, message: String) -> Box<Self> {
        let (command, help, target) = (command.to_owned(), String::new(), Value::Null);
        Box::new(Self { reason, command, rule: None, message, help, target })
    }

    #[must_use]
    pub(crate) fn by(mut self: Box<Self>, rule: RuleRef) -> Box<Self> {
        self.rule = Some(rule);
        self
    }

    #[must_use]
    pub(crate) fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = help.into();
        self
    }

    #[must_use]
    pub(crate) fn target(mut self: Box<Self>, target: Value) -> Box<Self> {
        self.target = target;
        self
    }

    /// The answer for a command that is hidden or does not exist.
    pub(crate) fn not_visible(command: &str, endpoint: &str) -> Box<Self> {
        let message = format!("the term {} is not available on endpoint `{endpoint}`", quoted(command));
        Self::new(DenyReason::CommandNotVisible, command, message)
            .target(Value::string(command))
            .help("`Get-Command` lists what is available")
    }

    /// The answer for a parameter that is hidden or does not exist.
    pub(crate) fn no_such_parameter(command: &str, parameter: &str) -> Box<Self> {
        let message =
            format!("a parameter cannot be found that matches parameter name {}", quoted(parameter));
        Self::new(DenyReason::ParameterNotGranted, command, message).target(Value::string(parameter))
    }

    /// A parameter that must be given was not.
    pub(crate) fn missing(command: &str, parameter: &str) -> Box<Self> {
        let message = format!(
            "cannot process command because of one or more missing mandatory parameters: {parameter}"
        );
        Self::new(DenyReason::ParameterMissing, command, message).target(Value::string(parameter))
    }

    /// What the user sees: the error record, with the rule's name but not its file.
    pub fn to_error_record(&self) -> ErrorRecord {
        let id = self.reason.error_id();
        let id = match self.reason {
            DenyReason::CommandNotVisible => id.to_owned(),
            _ => format!("{id},{}", self.command),
        };
        let rule = self.rule.as_ref().map_or_else(|| Arc::from(""), |rule| Arc::clone(&rule.key));
        ErrorRecord {
            target: self.target.clone(),
            command: self.command.as_str().into(),
            help: self.help.as_str().into(),
            refusal: Some(Refusal { rule }),
            ..ErrorRecord::new(id, self.reason.category(), &self.message)
        }
    }
}
