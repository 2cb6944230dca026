//! Drives: named places in the file system that a role holds.

use std::path::PathBuf;

use crate::model::reference::RuleRef;

/// A drive of a role. The capability that opens it enforces access and quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriveGrant {
    /// As the policy spells it.
    pub name: String,
    /// Where it begins.
    pub root: DriveRoot,
    /// What may be done there.
    pub access: Access,
    /// Bytes that the drive may hold; none: as the file system allows.
    pub quota: Option<u64>,
    /// One sentence for the user.
    pub description: String,
    /// The rule that grants it.
    pub rule: RuleRef,
}

/// Where a drive begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DriveRoot {
    /// A folder of the host: absolute, without `.` and `..`.
    Path(PathBuf),
    /// The user's own folder, under the host's state.
    PerUser,
}

/// What may be done on a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Listed and read, never changed.
    Read,
    /// Read and changed.
    Write,
}
