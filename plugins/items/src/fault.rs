//! What went wrong with an item, as PowerShell's error records: its ids, its categories, and never a path of the host.

use std::io;

use bailiwick_sdk::{ErrorCategory, ErrorRecord, Output, Value};

use crate::drive::{DrivePath, PathFault};
use crate::tree::Limit;

/// How a cmdlet names its errors.
#[derive(Debug)]
pub(crate) struct Naming {
    /// PowerShell's class of the cmdlet, the second half of each id.
    pub(crate) class: &'static str,
    /// The first half when access is denied.
    pub(crate) unauthorized: &'static str,
    /// The first half of other failures of input and output, and their category.
    pub(crate) io: (&'static str, ErrorCategory),
    /// What was being done: `read`, `remove`, ….
    pub(crate) doing: &'static str,
}

impl Naming {
    /// A record about a path.
    pub(crate) fn record(
        &self,
        id: &str,
        category: ErrorCategory,
        path: impl ToString,
        message: impl AsRef<str>,
    ) -> ErrorRecord {
        let id = format!("{id},Microsoft.PowerShell.Commands.{}", self.class);
        ErrorRecord::new(id, category, message).with_target(Value::from(path.to_string()))
    }

    /// No such item.
    pub(crate) fn not_found(&self, path: &DrivePath) -> ErrorRecord {
        let message = format!("cannot find path `{path}`: it does not exist");
        self.record("PathNotFound", ErrorCategory::ObjectNotFound, path, message)
    }

    /// The text is no path of a drive.
    pub(crate) fn bad_path(&self, text: &str, fault: PathFault) -> ErrorRecord {
        let message = format!("cannot {} `{}`: {fault}", self.doing, text.escape_debug());
        let (id, category) = match fault {
            PathFault::NoDrive => ("DriveNotFound", ErrorCategory::ObjectNotFound),
            PathFault::AboveRoot | PathFault::ControlCharacter | PathFault::NoName => {
                ("InvalidPath", ErrorCategory::InvalidArgument)
            }
        };
        self.record(id, category, text, message)
    }

    /// A failure of `std`, with the reason that the capability left, if it left one.
    pub(crate) fn io(&self, out: &mut Output, path: &DrivePath, error: &io::Error) -> ErrorRecord {
        // Taken in any case, so that it is not told of a later failure.
        let reason = out.take_reason();
        if error.kind() == io::ErrorKind::NotFound {
            return self.not_found(path);
        }
        let doing = self.doing;
        if let Some(reason) = reason {
            let category = category_of(&reason.error_id, error.kind()).unwrap_or(self.io.1);
            let message = format!("cannot {doing} `{path}`: {}", reason.message);
            return self.record(&reason.error_id, category, path, message);
        }
        if let Some(limit) = error.get_ref().and_then(|inner| inner.downcast_ref::<Limit>()) {
            let message = format!("cannot {doing} `{path}`: {limit}");
            return self.record(self.io.0, ErrorCategory::LimitsExceeded, path, message);
        }
        // The kind's own text: that of the error may be longer than a user should read.
        let message = format!("cannot {doing} `{path}`: {}", error.kind());
        match category_of("", error.kind()) {
            Some(ErrorCategory::PermissionDenied) => {
                self.record(self.unauthorized, ErrorCategory::PermissionDenied, path, message)
            }
            category => self.record(self.io.0, category.unwrap_or(self.io.1), path, message),
        }
    }
}

fn category_of(reason: &str, kind: io::ErrorKind) -> Option<ErrorCategory> {
    match (reason, kind) {
        ("QuotaExceeded", _) | (_, io::ErrorKind::QuotaExceeded | io::ErrorKind::StorageFull) => {
            Some(ErrorCategory::QuotaExceeded)
        }
        (_, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) => {
            Some(ErrorCategory::PermissionDenied)
        }
        ("DriveReadOnly" | "PathOutsideDrive" | "SpecialFile", _) => Some(ErrorCategory::PermissionDenied),
        (_, io::ErrorKind::AlreadyExists) => Some(ErrorCategory::ResourceExists),
        _ => None,
    }
}
