//! Errors while they are live: the record that will be shown, the exception's type for `catch`, and what `throw` was
//! given.

use std::sync::Arc;

use bailiwick_objects::{ErrorCategory, ErrorRecord};

use super::value::Val;

/// An error on its way to a `catch` or to the error stream.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// What is shown; its target is filled when it crosses a boundary.
    pub record: ErrorRecord,
    /// .NET's name of the exception, which `catch [type]` matches.
    pub exception: Arc<str>,
    /// What it was about.
    pub target: Val,
    /// The value that `throw` was given, if it was not a text.
    pub thrown: Option<Val>,
    /// Ends the whole text, not only its statement: made by `throw` or by an error action of `Stop`.
    pub ends_script: bool,
}

/// Errors are boxed so that results stay small.
pub(crate) type Failure = Box<Fault>;

/// A fault with PowerShell's id.
pub(crate) fn fault(id: &str, category: ErrorCategory, message: impl AsRef<str>) -> Failure {
    Box::new(Fault {
        record: ErrorRecord::new(id, category, message),
        exception: Arc::from("System.Management.Automation.RuntimeException"),
        target: Val::Null,
        thrown: None,
        ends_script: false,
    })
}

/// A wrong argument of an operator, cast or method.
pub(crate) fn invalid(id: &str, message: impl AsRef<str>) -> Failure {
    fault(id, ErrorCategory::InvalidArgument, message)
}

impl Fault {
    /// A fault from a finished record.
    pub(crate) fn of_record(record: ErrorRecord) -> Failure {
        let target = super::cross::to_live(&record.target);
        Box::new(Self {
            record,
            exception: Arc::from("System.Management.Automation.RuntimeException"),
            target,
            thrown: None,
            ends_script: false,
        })
    }

    /// Names the exception's type.
    pub(crate) fn exception(mut self: Box<Self>, name: &str) -> Failure {
        self.exception = Arc::from(name);
        self
    }

    /// Says what it was about.
    pub(crate) fn about(mut self: Box<Self>, target: Val) -> Failure {
        self.target = target;
        self
    }

    /// Says what to do about it.
    pub(crate) fn help(mut self: Box<Self>, help: &str) -> Failure {
        self.record.help = Arc::from(help);
        self
    }

    /// Names the command in the record, unless one is named already. The id stays as it is: errors that the engine
    /// itself makes have no command behind it.
    pub(crate) fn of_command(mut self: Box<Self>, command: &str) -> Failure {
        if self.record.command.is_empty() {
            self.record.command = Arc::from(command);
        }
        self
    }

    /// Names the command that wrote it, in the record and behind the id, unless one is named already.
    pub(crate) fn by(self: Box<Self>, command: &str) -> Failure {
        let mut this = self.of_command(command);
        if !this.record.id.contains(',') {
            this.record.id = Arc::from(format!("{},{command}", this.record.id));
        }
        this
    }

    /// Whether `catch [name]` takes it: the exception's own name, or a base of it.
    pub(crate) fn is_a(&self, name: &str) -> bool {
        let wanted = bare(name);
        if wanted.eq_ignore_ascii_case("Exception") || wanted.eq_ignore_ascii_case("SystemException") {
            return true;
        }
        if bare(&self.exception).eq_ignore_ascii_case(wanted) {
            return true;
        }
        wanted.eq_ignore_ascii_case("RuntimeException") && self.exception.starts_with("System.Management")
    }
}

fn bare(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
