//! One file's text: refused if its bytes could mislead a reader, with the arithmetic of lines and columns.

use std::ops::Range;
use std::sync::Arc;

use crate::fault::Fault;

/// A policy file larger than this is refused: it would be a mistake or an attack, and nobody could review it.
pub(crate) const MAX_FILE_BYTES: usize = 256 << 10;

/// The text of one file.
#[derive(Debug)]
pub(crate) struct Source {
    relative: Arc<str>,
    shown: Arc<str>,
    text: String,
    /// Offset of the first byte of each line.
    lines: Vec<usize>,
}

impl Source {
    /// Takes a file's bytes. `relative` is its name in rules, `shown` its name in faults.
    pub(crate) fn new(relative: &str, shown: &str, bytes: Vec<u8>) -> Result<Self, Fault> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(Fault::of_file(shown, format!("the file is larger than {MAX_FILE_BYTES} bytes"))
                .help("split it: each role and each endpoint is a file of its own"));
        }
        if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
            return Err(Fault::of_file(shown, "the file begins with a byte order mark")
                .help("save it as UTF-8 without one"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Fault::of_file(shown, format!("the file is not UTF-8: byte {at} is invalid"))
        })?;
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let source = Self { relative: relative.into(), shown: shown.into(), text, lines };
        match source.text.char_indices().find(|(_, c)| *c == '\0' || is_bidi_control(*c)) {
            Some((at, c)) => Err(Fault::at(
                &source,
                &(at..at + c.len_utf8()),
                format!("the character U+{:04X} is refused everywhere in a policy file", u32::from(c)),
            )
            .help("it can make the text read differently from what it says; remove it")),
            None => Ok(source),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The name in rules: relative to the policy folder.
    pub(crate) fn relative(&self) -> Arc<str> {
        Arc::clone(&self.relative)
    }

    /// The name in faults: as the operator reaches it.
    pub(crate) fn shown(&self) -> Arc<str> {
        Arc::clone(&self.shown)
    }

    /// Line and column (in characters, from 1) of an offset, with the line's text.
    pub(crate) fn position(&self, at: usize) -> (u32, u32, &str) {
        let at = at.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.characters(start..at) + 1;
        let text = self.text.get(start..self.line_end(at)).unwrap_or("");
        (clamp(line), clamp(column), text.trim_end_matches('\r'))
    }

    /// Where the line of an offset ends, its line break excluded.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        rest.find('\n').map_or(self.text.len(), |length| at + length)
    }

    /// How many characters a range holds.
    pub(crate) fn characters(&self, range: Range<usize>) -> usize {
        self.text.get(range).map_or(0, |text| text.chars().count())
    }
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Characters that reorder the text around them.
pub(crate) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
