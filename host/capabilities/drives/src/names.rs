//! Paths as guests write them: checked for form, and turned into the bytes that the file system knows.
//!
//! A guest's paths are Unicode, the file system's are bytes. A byte that isn't part of valid UTF-8 is shown as the
//! character U+10FF00 plus its value, and so is each byte of a character of that range; so two names never look the
//! same, and what is shown can be typed. A path has one spelling: escapes that aren't needed are refused.

use std::ffi::CString;

use bailiwick_capability::limits::PATH_BYTES;

use crate::bindings::types::ErrorCode;
use crate::errors::{Failure, Outcome};

const ESCAPES: std::ops::RangeInclusive<char> = '\u{10ff80}'..='\u{10ffff}';

/// A relative path, without trailing separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuestPath {
    bytes: Vec<u8>,
    /// It ended in a separator or a dot, so it must be a folder.
    pub(crate) folder: bool,
}

impl GuestPath {
    /// Checks a path of a guest: not absolute, empty or too long, no NUL, no escape that isn't needed. `drive` is for the
    /// message.
    pub(crate) fn parse(path: &str, drive: &str) -> Outcome<Self> {
        if path.len() > PATH_BYTES {
            return Err(ErrorCode::NameTooLong.into());
        }
        if path.starts_with('/') {
            return Err(Failure::outside(&format!("{drive}:{path}")));
        }
        let mut bytes = decode(path)?;
        let mut folder = false;
        loop {
            if bytes.len() > 1 && bytes.ends_with(b"/") {
                bytes.pop();
            } else if bytes.ends_with(b"/.") {
                bytes.truncate(bytes.len() - 2);
            } else {
                break;
            }
            folder = true;
        }
        if bytes.is_empty() {
            return Err(ErrorCode::NoEntry.into());
        }
        Ok(Self { bytes, folder })
    }

    /// For the operating system.
    pub(crate) fn c_string(&self) -> Outcome<CString> {
        CString::new(self.bytes.clone()).map_err(|_| ErrorCode::Invalid.into())
    }

    /// The folder that holds the last name (`.` for this one), and that name, which is a proper one.
    pub(crate) fn split(&self) -> Outcome<(Self, CString)> {
        let at = self.bytes.iter().rposition(|b| *b == b'/');
        let name = self.bytes.get(at.map_or(0, |at| at + 1)..).unwrap_or_default();
        if matches!(name, b"." | b".." | b"") {
            return Err(ErrorCode::Invalid.into());
        }
        let parent = at.map_or(b".".as_slice(), |at| self.bytes.get(..at).unwrap_or_default());
        let name = CString::new(name).map_err(|_| Failure::from(ErrorCode::Invalid))?;
        Ok((Self { bytes: parent.to_vec(), folder: true }, name))
    }

    /// As the user may see it.
    pub(crate) fn shown(&self) -> String {
        encode(&self.bytes)
    }
}

/// The text that stands for a name's bytes.
pub(crate) fn encode(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    let escape = |text: &mut String, bytes: &[u8]| {
        text.extend(bytes.iter().filter_map(|b| char::from_u32(0x10_ff00 + u32::from(*b))));
    };
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            if ESCAPES.contains(&c) {
                escape(&mut text, c.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                text.push(c);
            }
        }
        escape(&mut text, chunk.invalid());
    }
    text
}

fn decode(path: &str) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '\0' => return Err(ErrorCode::Invalid.into()),
            c if ESCAPES.contains(&c) => bytes.push((u32::from(c) & 0xff) as u8),
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    if encode(&bytes) != path {
        return Err(ErrorCode::IllegalByteSequence.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(path: &str) -> Vec<u8> {
        GuestPath::parse(path, "D").unwrap().bytes
    }

    #[test]
    fn row_b03_an_absolute_path_is_outside() {
        assert!(GuestPath::parse("/etc/passwd", "D").is_err());
    }

    #[test]
    fn row_b07_a_trailing_separator_only_says_that_it_must_be_a_folder() {
        for spelling in ["l/", "l//", "l/.", "l/./", "l//./."] {
            let path = GuestPath::parse(spelling, "D").unwrap();
            assert_eq!((path.bytes.as_slice(), path.folder), (b"l".as_slice(), true), "{spelling}");
        }
    }

    #[test]
    fn row_b02_only_the_separator_separates() {
        for literal in ["%2e%2e", "..\\x", "\u{2215}", "\u{ff0f}"] {
            assert_eq!(bytes(literal), literal.as_bytes());
        }
    }

    #[test]
    fn row_d40_a_nul_and_a_path_past_the_limit_are_refused() {
        assert!(GuestPath::parse("a\0b", "D").is_err());
        assert!(GuestPath::parse(&"x".repeat(1 << 20), "D").is_err());
        assert!(GuestPath::parse("", "D").is_err());
    }

    #[test]
    fn a_last_name_is_never_a_dot() {
        for path in [".", "..", "a/.."] {
            assert!(GuestPath::parse(path, "D").unwrap().split().is_err(), "{path}");
        }
    }

    #[test]
    fn row_b19_an_escape_that_is_not_needed_is_refused() {
        assert!(GuestPath::parse("\u{10ffc3}\u{10ffa9}", "D").is_err());
    }

    proptest! {
        #[test]
        fn row_b19_every_name_is_shown_as_what_can_be_typed(name in proptest::collection::vec(1u8..=255, 1..40)) {
            prop_assert_eq!(decode(&encode(&name)).unwrap(), name);
        }

        #[test]
        fn row_b19_a_path_has_one_spelling(path in any::<String>()) {
            if let Ok(bytes) = decode(&path) {
                prop_assert_eq!(encode(&bytes), path);
            }
        }
    }
}
