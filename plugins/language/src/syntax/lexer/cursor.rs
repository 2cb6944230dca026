//! A place in the text that only moves by whole characters, and the skipping of what separates tokens.

use crate::syntax::chars::{is_newline, is_space};

/// A place in a text. Cheap to copy: looking ahead is copying it.
#[derive(Debug, Clone, Copy)]
pub(in crate::syntax) struct Cursor<'a> {
    text: &'a str,
    // INVARIANT: on a character boundary within the text.
    at: usize,
    // Where the last skip of either kind began and ended: many rules look for their operator behind the same blanks.
    spaces: (usize, usize),
    lines: (usize, usize),
}

/// What stood where white space was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Skipped {
    /// A comment, from, to.
    Comment(usize, usize),
    /// `<#` at this place without `#>`.
    OpenComment(usize),
    /// A backtick as the text's last character.
    LastBacktick(usize),
}

impl<'a> Cursor<'a> {
    pub(in crate::syntax) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, spaces: (usize::MAX, 0), lines: (usize::MAX, 0) }
    }

    pub(in crate::syntax) const fn at(&self) -> usize {
        self.at
    }

    /// Goes back to (or on to) a place that [`Self::at`] gave.
    pub(in crate::syntax) const fn go(&mut self, at: usize) {
        self.at = at;
    }

    pub(in crate::syntax) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text between two places that [`Self::at`] gave.
    pub(in crate::syntax) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(in crate::syntax) fn since(&self, start: usize) -> &'a str {
        self.between(start, self.at)
    }

    pub(in crate::syntax) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(in crate::syntax) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(in crate::syntax) fn peek_third(&self) -> Option<char> {
        self.rest().chars().nth(2)
    }

    pub(in crate::syntax) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(in crate::syntax) fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    pub(in crate::syntax) fn eat_text(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    pub(in crate::syntax) fn eat_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        while let Some(c) = self.peek()
            && wanted(c)
        {
            self.at += c.len_utf8();
        }
        self.since(start)
    }

    /// Eats one line end: `\n`, `\r\n`, `\r`.
    pub(in crate::syntax) fn eat_newline(&mut self) -> bool {
        let cr = self.eat('\r');
        self.eat('\n') || cr
    }

    /// Skips blanks, comments and continued line ends; stops at a line end.
    pub(in crate::syntax) fn skip_space(&mut self, found: &mut Vec<Skipped>) {
        if self.spaces.0 == self.at {
            self.at = self.spaces.1;
            return;
        }
        let start = self.at;
        while self.skip_one(found) {}
        self.spaces = (start, self.at);
    }

    /// As [`Self::skip_space`], and line ends too.
    pub(in crate::syntax) fn skip_lines(&mut self, found: &mut Vec<Skipped>) {
        if self.lines.0 == self.at {
            self.at = self.lines.1;
            return;
        }
        let start = self.at;
        loop {
            self.skip_space(found);
            if !self.eat_newline() {
                break;
            }
        }
        self.lines = (start, self.at);
    }

    fn skip_one(&mut self, found: &mut Vec<Skipped>) -> bool {
        let start = self.at;
        match self.peek() {
            Some(c) if is_space(c) => {
                self.eat_while(is_space);
            }
            Some('#') => {
                self.eat_while(|c| !is_newline(c));
                found.push(Skipped::Comment(start, self.at));
            }
            Some('<') if self.eat_text("<#") => match self.rest().find("#>") {
                Some(length) => {
                    self.at += length + 2;
                    found.push(Skipped::Comment(start, self.at));
                }
                None => {
                    self.at = self.text.len();
                    found.push(Skipped::OpenComment(start));
                }
            },
            Some('`') => match self.peek_second() {
                Some(c) if is_newline(c) => {
                    self.at += 1;
                    self.eat_newline();
                }
                Some(c) if is_space(c) => {
                    self.at += 1;
                }
                Some(_) => return false,
                None => {
                    self.at += 1;
                    found.push(Skipped::LastBacktick(start));
                }
            },
            _ => return false,
        }
        true
    }
}
