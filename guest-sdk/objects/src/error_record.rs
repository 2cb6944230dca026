//! Error records: what PowerShell writes to the error stream, with the ids that scripts match on.

use std::fmt;
use std::sync::Arc;

use crate::value::Value;

/// An error record. `docs/errors.md` lists the ids.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorRecord {
    /// PowerShell's `FullyQualifiedErrorId`, for example `ParameterArgumentValidationError,Restart-Service`.
    pub id: Arc<str>,
    /// PowerShell's category.
    pub category: ErrorCategory,
    /// One sentence for the user; no host path, nobody else's data.
    pub message: Arc<str>,
    /// What it was about: the object, path or name.
    pub target: Value,
    /// The command that wrote it, empty if none.
    pub command: Arc<str>,
    /// Where in the command's text: 1-based line and column and the line itself; absent if it has no place there.
    pub position: Option<Position>,
    /// What to do about it, one sentence; may be empty.
    pub help: Arc<str>,
    /// Present if policy refused: clients exit with 3, and show the rule.
    pub refusal: Option<Refusal>,
}

/// A place in a command's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1, in characters.
    pub column: u32,
    /// The line's text.
    pub text: Arc<str>,
}

/// Why policy refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule that refused, as the caller may see it, for example
    /// `role web-restart, Restart-Service, parameter Name (one_of)`. Empty when no rule may be named.
    pub rule: Arc<str>,
}

/// PowerShell's `ErrorCategory`, with its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are PowerShell's and say what they are")]
pub enum ErrorCategory {
    #[default]
    NotSpecified = 0,
    OpenError = 1,
    CloseError = 2,
    DeviceError = 3,
    DeadlockDetected = 4,
    InvalidArgument = 5,
    InvalidData = 6,
    InvalidOperation = 7,
    InvalidResult = 8,
    InvalidType = 9,
    MetadataError = 10,
    NotImplemented = 11,
    NotInstalled = 12,
    ObjectNotFound = 13,
    OperationStopped = 14,
    OperationTimeout = 15,
    SyntaxError = 16,
    ParserError = 17,
    PermissionDenied = 18,
    ResourceBusy = 19,
    ResourceExists = 20,
    ResourceUnavailable = 21,
    ReadError = 22,
    WriteError = 23,
    FromStdErr = 24,
    SecurityError = 25,
    ProtocolError = 26,
    ConnectionError = 27,
    AuthenticationError = 28,
    LimitsExceeded = 29,
    QuotaExceeded = 30,
    NotEnabled = 31,
}

impl ErrorCategory {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 32] = [
        Self::NotSpecified,
        Self::OpenError,
        Self::CloseError,
        Self::DeviceError,
        Self::DeadlockDetected,
        Self::InvalidArgument,
        Self::InvalidData,
        Self::InvalidOperation,
        Self::InvalidResult,
        Self::InvalidType,
        Self::MetadataError,
        Self::NotImplemented,
        Self::NotInstalled,
        Self::ObjectNotFound,
        Self::OperationStopped,
        Self::OperationTimeout,
        Self::SyntaxError,
        Self::ParserError,
        Self::PermissionDenied,
        Self::ResourceBusy,
        Self::ResourceExists,
        Self::ResourceUnavailable,
        Self::ReadError,
        Self::WriteError,
        Self::FromStdErr,
        Self::SecurityError,
        Self::ProtocolError,
        Self::ConnectionError,
        Self::AuthenticationError,
        Self::LimitsExceeded,
        Self::QuotaExceeded,
        Self::NotEnabled,
    ];

    /// The category of PowerShell's number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The category of this name, compared without ASCII case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name().eq_ignore_ascii_case(name))
    }

    /// PowerShell's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotSpecified => "NotSpecified",
            Self::OpenError => "OpenError",
            Self::CloseError => "CloseError",
            Self::DeviceError => "DeviceError",
            Self::DeadlockDetected => "DeadlockDetected",
            Self::InvalidArgument => "InvalidArgument",
            Self::InvalidData => "InvalidData",
            Self::InvalidOperation => "InvalidOperation",
            Self::InvalidResult => "InvalidResult",
            Self::InvalidType => "InvalidType",
            Self::MetadataError => "MetadataError",
            Self::NotImplemented => "NotImplemented",
            Self::NotInstalled => "NotInstalled",
            Self::ObjectNotFound => "ObjectNotFound",
            Self::OperationStopped => "OperationStopped",
            Self::OperationTimeout => "OperationTimeout",
            Self::SyntaxError => "SyntaxError",
            Self::ParserError => "ParserError",
            Self::PermissionDenied => "PermissionDenied",
            Self::ResourceBusy => "ResourceBusy",
            Self::ResourceExists => "ResourceExists",
            Self::ResourceUnavailable => "ResourceUnavailable",
            Self::ReadError => "ReadError",
            Self::WriteError => "WriteError",
            Self::FromStdErr => "FromStdErr",
            Self::SecurityError => "SecurityError",
            Self::ProtocolError => "ProtocolError",
            Self::ConnectionError => "ConnectionError",
            Self::AuthenticationError => "AuthenticationError",
            Self::LimitsExceeded => "LimitsExceeded",
            Self::QuotaExceeded => "QuotaExceeded",
            Self::NotEnabled => "NotEnabled",
        }
    }
}

impl fmt::Display for ErrorCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for ErrorRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ErrorRecord {}

impl ErrorRecord {
    /// A record without target, command, place, help or refusal.
    pub fn new(id: impl AsRef<str>, category: ErrorCategory, message: impl AsRef<str>) -> Self {
        Self {
            id: Arc::from(id.as_ref()),
            category,
            message: Arc::from(message.as_ref()),
            target: Value::Null,
            command: Arc::from(""),
            position: None,
            help: Arc::from(""),
            refusal: None,
        }
    }

    /// Says what it was about.
    #[must_use]
    pub fn with_target(mut self, target: impl Into<Value>) -> Self {
        self.target = target.into();
        self
    }

    /// Says which command wrote it.
    #[must_use]
    pub fn with_command(mut self, command: impl AsRef<str>) -> Self {
        self.command = Arc::from(command.as_ref());
        self
    }

    /// Says where in the command's text.
    #[must_use]
    pub fn with_position(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl AsRef<str>) -> Self {
        self.help = Arc::from(help.as_ref());
        self
    }

    /// Marks it as refused by policy, by this rule; empty if no rule may be named.
    #[must_use]
    pub fn refused(mut self, rule: impl AsRef<str>) -> Self {
        self.refusal = Some(Refusal { rule: Arc::from(rule.as_ref()) });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorCategory, ErrorRecord};

    #[test]
    fn a_category_is_found_by_its_number_and_its_name() {
        for (number, category) in (0_u8..).zip(ErrorCategory::ALL) {
            assert_eq!(category as u8, number);
            assert_eq!(ErrorCategory::from_number(number), Some(category));
            assert_eq!(ErrorCategory::from_name(&category.to_string().to_uppercase()), Some(category));
        }
        assert_eq!(ErrorCategory::from_number(32), None);
        assert_eq!(ErrorCategory::from_name("Sadness"), None);
    }

    #[test]
    fn a_refusal_keeps_its_rule() {
        let record = ErrorRecord::new("A,B", ErrorCategory::PermissionDenied, "no").refused("role r");
        assert_eq!(record.refusal.map(|refusal| refusal.rule.to_string()), Some("role r".into()));
    }
}
