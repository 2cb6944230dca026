//! Paths as policy sees them: a drive and names below its root, in one canonical form. Nothing here looks at a disk;
//! what a name leads to is the drive capability's business.

use std::fmt;

use crate::syntax::NameKind;
use crate::text::is_control;

/// Bytes of a path's text.
const MAX_BYTES: usize = 4_096;
/// Bytes of one name: what file systems allow.
const MAX_SEGMENT_BYTES: usize = 255;

/// A drive-qualified path without `.`, `..` and empty names. Its text is `Drive:/a/b`.
///
/// Drive names are equal without ASCII case; names on the drive are compared byte by byte, and never decoded or
/// normalised. Only `/` and `\` separate.
///
/// ```
/// use bailiwick_policy::path::DrivePath;
/// let path = DrivePath::parse(r"Logs:\nginx\.\old\..\error.log").unwrap();
/// assert_eq!(path.to_string(), "Logs:/nginx/error.log");
/// assert!(DrivePath::parse("Logs:/../etc/passwd").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DrivePath {
    drive: String,
    segments: Vec<String>,
}

/// Why a text is not a drive path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// No `Drive:` in front.
    #[error("it names no drive")]
    NoDrive,
    /// What stands before the colon cannot be a drive's name.
    #[error("its drive name has characters that no drive name has")]
    BadDrive,
    /// `..` leads above the root.
    #[error("it leads above the root of its drive")]
    AboveRoot,
    /// A name that becomes none, `.` or `..` once the backticks of its escapes are taken off.
    #[error("a name in it means another once its backticks are taken off")]
    Escaped,
    /// A control character.
    #[error("it holds a control character")]
    Control,
    /// The whole, or one name of it.
    #[error("it is too long")]
    TooLong,
}

impl DrivePath {
    /// Parses a path and makes it canonical.
    ///
    /// # Errors
    /// No drive, a drive name that is none, `..` above the root, a control character, too long.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        if text.len() > MAX_BYTES {
            return Err(PathFault::TooLong);
        }
        if text.chars().any(is_control) {
            return Err(PathFault::Control);
        }
        let (drive, rest) = text.split_once(':').ok_or(PathFault::NoDrive)?;
        if drive.contains(['/', '\\']) || drive.is_empty() {
            return Err(PathFault::NoDrive);
        }
        if !NameKind::Drive.admits(drive) {
            return Err(PathFault::BadDrive);
        }
        let mut segments: Vec<String> = Vec::new();
        for segment in rest.split(['/', '\\']) {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop().ok_or(PathFault::AboveRoot)?;
                }
                name if is_disguised(name) => return Err(PathFault::Escaped),
                name if name.len() > MAX_SEGMENT_BYTES => return Err(PathFault::TooLong),
                name => segments.push(name.to_owned()),
            }
        }
        Ok(Self { drive: drive.to_owned(), segments })
    }

    /// The drive's name.
    pub fn drive(&self) -> &str {
        &self.drive
    }

    /// The names below the root, from the top.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// True if some name has a wildcard in it, or the backtick of an escaped one: a command that expands wildcards may
    /// reach other names than this one.
    pub fn has_wildcards(&self) -> bool {
        self.segments.iter().any(|segment| segment.contains(['*', '?', '[', '`']))
    }

    /// True if this is `base` or below it.
    pub fn is_within(&self, base: &Self) -> bool {
        self.drive.eq_ignore_ascii_case(&base.drive) && self.segments.starts_with(&base.segments)
    }

    /// The same path with its drive as the policy spells it.
    pub(crate) fn on(self, drive: &str) -> Self {
        Self { drive: drive.to_owned(), segments: self.segments }
    }
}

/// True for names such as `` .`. `` that a command which takes escapes off would walk as `..`.
fn is_disguised(name: &str) -> bool {
    name.contains('`') && name.chars().all(|c| matches!(c, '`' | '.')) && name.matches('.').count() <= 2
}

impl fmt::Display for DrivePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:/{}", self.drive, self.segments.join("/"))
    }
}
