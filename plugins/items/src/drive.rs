//! Paths of drives, and where the drives are.

use std::fmt;
use std::path::PathBuf;

use crate::wildcard::unescaped;

/// Where the drives are: one folder each, named as the drive.
#[derive(Debug)]
pub struct Root(());

#[cfg(not(target_arch = "wasm32"))]
thread_local! {
    static FOLDER: std::cell::RefCell<PathBuf> = std::cell::RefCell::new(PathBuf::from("/drives"));
}

impl Root {
    /// Puts the drives of this thread's cmdlets into a folder: for tests, which have no host.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn set(folder: &std::path::Path) {
        FOLDER.with_borrow_mut(|root| folder.clone_into(root));
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn folder() -> PathBuf {
        FOLDER.with_borrow(Clone::clone)
    }

    #[cfg(target_arch = "wasm32")]
    fn folder() -> PathBuf {
        PathBuf::from("/drives")
    }
}

/// A path of a drive, `Logs:/a/b`: no segment is empty, `.`, `..` or holds a separator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DrivePath {
    drive: String,
    segments: Vec<String>,
}

/// Why a text is no path of a drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathFault {
    #[error("it names no drive: write it as `Drive:/folder/file`")]
    NoDrive,
    #[error("it leads above the root of its drive")]
    AboveRoot,
    #[error("it holds a control character")]
    ControlCharacter,
    #[error("a name in it stands for nothing, or for another folder")]
    NoName,
}

impl DrivePath {
    /// Reads a path. `/` and `\` separate; `.` and `..` are resolved.
    pub(crate) fn parse(text: &str) -> Result<Self, PathFault> {
        if text.chars().any(char::is_control) {
            return Err(PathFault::ControlCharacter);
        }
        let (drive, rest) = text.split_once(':').ok_or(PathFault::NoDrive)?;
        if drive.is_empty() || drive == "." || drive == ".." || drive.contains(['/', '\\']) {
            return Err(PathFault::NoDrive);
        }
        let mut segments = Vec::new();
        for segment in rest.split(['/', '\\']) {
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop().ok_or(PathFault::AboveRoot)?),
                name => segments.push(name.to_owned()),
            }
        }
        Ok(Self { drive: drive.to_owned(), segments })
    }

    pub(crate) fn drive(&self) -> &str {
        &self.drive
    }

    pub(crate) fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The root of its drive.
    pub(crate) fn root(&self) -> Self {
        Self { drive: self.drive.clone(), segments: Vec::new() }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.segments.is_empty()
    }

    /// The last segment; of a root the drive's name.
    pub(crate) fn name(&self) -> &str {
        self.segments.last().unwrap_or(&self.drive)
    }

    /// The folder it is in; nothing for a root.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (_, segments) = self.segments.split_last()?;
        Some(Self { drive: self.drive.clone(), segments: segments.to_vec() })
    }

    /// The path of a name in it, as a folder's listing gives it.
    pub(crate) fn child(&self, name: &str) -> Self {
        let mut child = self.clone();
        child.segments.push(name.to_owned());
        child
    }

    /// The path that a path without wildcards stands for: without the backticks of its segments. A backtick makes no
    /// name of what is none: policy ruled the path as it was written, and took `` .`. `` for a name.
    pub(crate) fn unescaped(&self) -> Result<Self, PathFault> {
        let segments =
            self.segments.iter().map(|segment| unescaped_name(segment)).collect::<Result<_, _>>()?;
        Ok(Self { drive: self.drive.clone(), segments })
    }

    /// Whether it is `folder` or in it, by its names.
    pub(crate) fn is_within(&self, folder: &Self) -> bool {
        self.drive.eq_ignore_ascii_case(&folder.drive) && self.segments.starts_with(&folder.segments)
    }

    /// The segments after those of `folder`, joined.
    pub(crate) fn relative_to(&self, folder: &Self) -> String {
        self.segments.get(folder.segments.len()..).unwrap_or_default().join("/")
    }

    /// Where `std::fs` finds it.
    pub(crate) fn real(&self) -> PathBuf {
        let mut real = Root::folder();
        real.push(&self.drive);
        real.extend(&self.segments);
        real
    }
}

/// The name that a segment without wildcards stands for.
pub(crate) fn unescaped_name(segment: &str) -> Result<String, PathFault> {
    let name = unescaped(segment);
    if matches!(&*name, "" | "." | "..") { Err(PathFault::NoName) } else { Ok(name) }
}

impl fmt::Display for DrivePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:/{}", self.drive, self.segments.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::{DrivePath, PathFault};

    #[test]
    fn separators_dots_and_repetitions_are_resolved() {
        for text in ["Logs:/a/b", "Logs:a/b", r"Logs:\a\b", "Logs://a/./b/", "Logs:/a/x/../b"] {
            assert_eq!(
                DrivePath::parse(text).map(|path| path.to_string()),
                Ok("Logs:/a/b".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_path_of_a_drive_is_refused() {
        for (text, fault) in [
            ("", PathFault::NoDrive),
            ("/etc/passwd", PathFault::NoDrive),
            ("..:/x", PathFault::NoDrive),
            ("a/b:/x", PathFault::NoDrive),
            ("Logs:/..", PathFault::AboveRoot),
            ("Logs:/a/../../b", PathFault::AboveRoot),
            ("Logs:/a\0b", PathFault::ControlCharacter),
        ] {
            assert_eq!(DrivePath::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn a_backtick_makes_no_dots_of_a_name() {
        let unescaped = |text| DrivePath::parse(text).unwrap().unescaped().map(|path| path.to_string());
        assert_eq!(unescaped("L:/a`[1`]/.`.b"), Ok("L:/a[1]/..b".to_owned()));
        for text in ["L:/a/.`./b", "L:/a/`.`./b", "L:/`../b", "L:/`", "L:/a/`.", "L:/.`"] {
            assert_eq!(unescaped(text), Err(PathFault::NoName), "{text}");
        }
    }

    #[test]
    fn a_root_has_no_parent_and_the_name_of_its_drive() {
        let root = DrivePath::parse("Logs:").unwrap();
        assert_eq!((root.parent(), root.name(), root.to_string().as_str()), (None, "Logs", "Logs:/"));
    }

    #[test]
    fn within_is_by_whole_names() {
        let parse = |text| DrivePath::parse(text).unwrap();
        assert!(parse("L:/a/b").is_within(&parse("L:/a")));
        assert!(!parse("L:/ab").is_within(&parse("L:/a")));
        assert_eq!(parse("L:/a/b/c").relative_to(&parse("L:/a")), "b/c");
    }
}
