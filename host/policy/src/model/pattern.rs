//! A pattern over a whole value.

use std::sync::Arc;

use regex::bytes::{Regex, RegexBuilder};

/// Longer patterns are not reviewed by anyone.
const MAX_PATTERN_CHARACTERS: usize = 1_000;
/// Bytes of the compiled program. With the value's cap this bounds the time of a match.
const MAX_PROGRAM_BYTES: usize = 256 << 10;
/// Nesting of groups.
const MAX_NESTING: u32 = 32;

/// A regular expression that must match a value from its first byte to its last. Classes (`\d`, `\w`, `\s`, `\b`) and
/// `(?i)` are ASCII unless the pattern itself says `(?u)`; matching takes time linear in the value.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    text: Arc<str>,
    whole: Regex,
}

impl Pattern {
    /// A value longer than this (in bytes) never matches.
    pub(crate) const MAX_VALUE_BYTES: usize = 16 << 10;

    /// Compiles a pattern.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        if text.chars().count() > MAX_PATTERN_CHARACTERS {
            return Err(format!("it is longer than {MAX_PATTERN_CHARACTERS} characters"));
        }
        // Alone first: `a)|(b` is no pattern, but would be one inside the group below.
        compile(text)?;
        // The group keeps alternatives and flags inside. The line break ends a comment of `(?x)`, which would swallow
        // the end of the group; outside that mode it is not needed, and would be matched.
        let whole = match compile(&format!(r"\A(?:{text})\z")) {
            Ok(whole) => whole,
            Err(_) => compile(&format!("\\A(?:{text}\n)\\z"))?,
        };
        Ok(Self { text: text.into(), whole })
    }

    /// True if the whole value matches.
    pub(crate) fn admits(&self, value: &str) -> bool {
        value.len() <= Self::MAX_VALUE_BYTES && self.whole.is_match(value.as_bytes())
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

fn compile(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text)
        .unicode(false)
        .size_limit(MAX_PROGRAM_BYTES)
        .nest_limit(MAX_NESTING)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "it is too large once compiled".to_owned(),
            other => reason(&other.to_string()),
        })
}

/// The last line of the crate's drawing: the sentence itself.
fn reason(text: &str) -> String {
    let line = text.lines().last().unwrap_or("it cannot be compiled");
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
