//! Faults and how they are shown: path, line, column, the line, a caret, what to do. Plain text without colours, so
//! that it reads the same in a terminal, a log and a test.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::syntax::Source;

/// One thing that is wrong with a file, or (as a lint) worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    file: Arc<str>,
    spot: Option<Box<Spot>>,
    message: String,
    notes: Vec<String>,
    help: Option<String>,
}

/// Where in a file, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot {
    line: u32,
    column: u32,
    text: String,
    /// Characters before the caret in `text`, which may be a cut of the line.
    indent: usize,
    width: usize,
}

impl Fault {
    /// A fault of a file or folder as a whole.
    pub(crate) fn of_file(file: impl AsRef<str>, message: impl Into<String>) -> Self {
        Self {
            file: file.as_ref().into(),
            spot: None,
            message: message.into(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// A fault at a place of a source.
    pub(crate) fn at(source: &Source, span: &Range<usize>, message: impl Into<String>) -> Self {
        let (line, column, text) = source.position(span.start);
        let width = source.characters(span.start..span.end.min(source.line_end(span.start)));
        Self {
            file: source.shown(),
            spot: Some(Box::new(Spot::cut(line, column, text, width))),
            message: message.into(),
            notes: Vec::new(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place or fact.
    #[must_use]
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The file, as the operator named its folder.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Line and column, counted from 1; none if the fault is of the file as a whole.
    pub fn position(&self) -> Option<(u32, u32)> {
        self.spot.as_ref().map(|spot| (spot.line, spot.column))
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn advice(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl Spot {
    /// Keeps about a screen's width of a long line around the caret.
    fn cut(line: u32, column: u32, text: &str, width: usize) -> Self {
        const BEFORE: usize = 60;
        const SHOWN: usize = 120;
        let at = usize::try_from(column.saturating_sub(1)).unwrap_or(0);
        let skipped = at.saturating_sub(BEFORE);
        let text: String = text.chars().skip(skipped).take(SHOWN).map(printable).collect();
        let indent = at - skipped;
        let room = text.chars().count().saturating_sub(indent).max(1);
        Self { line, column, text, indent, width: width.clamp(1, room) }
    }
}

/// Keeps one column a character: a tab or a control character must neither move the caret nor act on a terminal.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() || crate::syntax::is_bidi_control(c) => '\u{fffd}',
        c => c,
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spot {
            Some(spot) => {
                let number = spot.line.to_string();
                let gutter = " ".repeat(number.len());
                let indent = " ".repeat(spot.indent);
                let caret = "^".repeat(spot.width);
                writeln!(f, "{}:{}:{}: {}", self.file, spot.line, spot.column, self.message)?;
                writeln!(f, "  {number} | {}", spot.text.trim_end())?;
                write!(f, "  {gutter} | {indent}{caret}")?;
            }
            None => write!(f, "{}: {}", self.file, self.message)?,
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}

/// All that is wrong with a set of files, in the order of files and lines. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, or nothing if there are none.
    pub(crate) fn of(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort_by(|a, b| (&*a.file, a.position()).cmp(&(&*b.file, b.position())));
        faults.dedup();
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// Each of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.0.iter()
    }

    /// How many there are: at least one.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
