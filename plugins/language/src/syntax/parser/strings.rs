//! Strings in quotes and here-strings. What they expand is parsed where it stands, so its spans are those of the
//! whole text and nothing is read twice.

use std::rc::Rc;

use super::{Parse, Parser, span};
use crate::syntax::ast::{Expr, ExprKind, StringPart};
use crate::syntax::chars::{is_double_quote, is_newline, is_single_quote, is_space};
use crate::syntax::lexer::escape::escape;
use crate::syntax::lexer::variable::{starts_variable, variable};
use crate::syntax::token::TokenKind;

pub(super) const fn is_quote(c: char) -> bool {
    is_single_quote(c) || is_double_quote(c)
}

/// A string while it is read.
#[derive(Default)]
pub(super) struct Pieces {
    parts: Vec<StringPart>,
    pub(super) text: String,
}

impl Pieces {
    pub(super) fn expression(&mut self, part: Expr) {
        self.end_text();
        self.parts.push(StringPart::Expr(part));
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(StringPart::Text(Rc::from(std::mem::take(&mut self.text))));
        }
    }

    pub(super) fn into_kind(mut self, bare: bool) -> ExprKind {
        if self.parts.is_empty() {
            return ExprKind::String { value: Rc::from(self.text), bare };
        }
        self.end_text();
        ExprKind::Expandable { parts: self.parts, bare }
    }
}

impl Parser<'_> {
    /// `'…'` or `"…"`.
    pub(super) fn quoted(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let mut pieces = Pieces::default();
        if self.cursor.peek().is_some_and(is_single_quote) {
            self.single_quoted_into(&mut pieces.text)?;
            self.token(TokenKind::String, start);
        } else {
            self.double_quoted_into(&mut pieces)?;
        }
        Ok(self.expr_from(pieces.into_kind(false), start))
    }

    /// A doubled quote stands for one; nothing else is special.
    pub(super) fn single_quoted_into(&mut self, text: &mut String) -> Parse<()> {
        let start = self.cursor.at();
        self.cursor.bump();
        loop {
            match self.cursor.bump() {
                Some(c) if is_single_quote(c) => match self.cursor.peek() {
                    Some(second) if is_single_quote(second) => {
                        text.push(second);
                        self.cursor.bump();
                    }
                    _ => return Ok(()),
                },
                Some(c) => text.push(c),
                None => return self.unterminated(start, "'"),
            }
        }
    }

    pub(super) fn double_quoted_into(&mut self, pieces: &mut Pieces) -> Parse<()> {
        let start = self.cursor.at();
        self.cursor.bump();
        let mut marked = start;
        loop {
            let at = self.cursor.at();
            match self.cursor.peek() {
                Some(c) if is_double_quote(c) => {
                    self.cursor.bump();
                    match self.cursor.peek() {
                        Some(second) if is_double_quote(second) => {
                            pieces.text.push(second);
                            self.cursor.bump();
                        }
                        _ => {
                            self.token(TokenKind::String, marked);
                            return Ok(());
                        }
                    }
                }
                Some('$') if self.expands() => {
                    self.mark_between(TokenKind::String, marked, at);
                    let part = self.string_variable()?;
                    pieces.expression(part);
                    marked = self.cursor.at();
                }
                Some(_) => self.string_char(pieces)?,
                None => return self.unterminated(start, "\""),
            }
        }
    }

    fn unterminated<T>(&mut self, start: usize, quote: &str) -> Parse<T> {
        let opening = span(start, self.text.len());
        self.mark_between(TokenKind::String, start, self.text.len());
        let message = format!("close the string with `{quote}`");
        Err(self.report("TerminatorExpectedAtEndOfString", message, opening))
    }

    fn string_char(&mut self, pieces: &mut Pieces) -> Parse<()> {
        match self.cursor.bump() {
            Some('`') => match escape(&mut self.cursor) {
                Ok(escaped) => pieces.text.extend(escaped),
                Err(bad) => return Err(self.bad_escape(bad)),
            },
            other => pieces.text.extend(other),
        }
        Ok(())
    }

    fn expands(&self) -> bool {
        self.cursor.peek_second().is_some_and(|c| c == '(' || starts_variable(c))
    }

    /// A variable or sub-expression inside of a string or word; the cursor stands at `$`.
    pub(super) fn string_variable(&mut self) -> Parse<Expr> {
        self.count()?;
        let start = self.cursor.at();
        if self.cursor.peek_second() == Some('(') {
            return self.sub_expression();
        }
        self.cursor.bump();
        let name = variable(&mut self.cursor, false).map_err(|bad| self.bad_escape(bad))?;
        self.token(TokenKind::Variable, start);
        let braced = self.cursor.since(start).ends_with('}');
        if !braced && self.cursor.peek() == Some(':') && self.cursor.peek_second() != Some(':') {
            self.cursor.bump();
            return self.error_since(
                "InvalidVariableReferenceWithDrive",
                format!(
                    "no name follows the colon: write `${{{}}}` to end the variable before it",
                    name.name
                ),
                start,
            );
        }
        Ok(self.expr_from(ExprKind::Variable(name), start))
    }

    /// `@'…'@` or `@"…"@`: from behind the opening's line end to before the closing's.
    pub(super) fn here_string(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        self.cursor.bump();
        let expands = self.cursor.bump().is_some_and(is_double_quote);
        self.cursor.eat_while(is_space);
        if !self.cursor.eat_newline() {
            self.last_end = self.cursor.at();
            if self.cursor.peek().is_none() {
                return self.unterminated_here(start);
            }
            return self
                .missing("UnexpectedCharactersAfterHereStringHeader", "begin a here-string on a new line");
        }
        let mut pieces = Pieces::default();
        let mut marked = start;
        if self.here_string_ends(expands) {
            self.token(TokenKind::String, marked);
            return Ok(self.expr_from(pieces.into_kind(false), start));
        }
        loop {
            let at = self.cursor.at();
            match self.cursor.peek() {
                None => return self.unterminated_here(start),
                Some(c) if is_newline(c) => {
                    self.cursor.eat_newline();
                    if self.here_string_ends(expands) {
                        self.token(TokenKind::String, marked);
                        return Ok(self.expr_from(pieces.into_kind(false), start));
                    }
                    pieces.text.push_str(self.cursor.since(at));
                }
                Some('$') if expands && self.expands() => {
                    self.mark_between(TokenKind::String, marked, at);
                    let part = self.string_variable()?;
                    pieces.expression(part);
                    marked = self.cursor.at();
                }
                Some('`') if expands => self.string_char(&mut pieces)?,
                Some(c) => {
                    pieces.text.push(c);
                    self.cursor.bump();
                }
            }
        }
    }

    /// Eats the closing mark, if the line starts with it.
    fn here_string_ends(&mut self, expands: bool) -> bool {
        let closes = |c: char| if expands { is_double_quote(c) } else { is_single_quote(c) };
        let found = self.cursor.peek().is_some_and(closes) && self.cursor.peek_second() == Some('@');
        if found {
            self.cursor.bump();
            self.cursor.bump();
        }
        found
    }

    fn unterminated_here<T>(&mut self, start: usize) -> Parse<T> {
        let opening = span(start, self.text.len());
        self.mark_between(TokenKind::String, start, self.text.len());
        Err(self.report(
            "TerminatorExpectedAtEndOfString",
            "close the here-string with its quote and `@` at the start of a line",
            opening,
        ))
    }
}
