//! Bare words: a command's name and its arguments without quotes, with escapes, quotes and variables inside.

use super::strings::Pieces;
use super::{Parse, Parser};
use crate::syntax::ast::Expr;
use crate::syntax::chars::{ends_word, is_double_quote, is_newline, is_single_quote};
use crate::syntax::lexer::escape::escape;
use crate::syntax::lexer::variable::starts_variable;
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// A word of at least one character.
    pub(super) fn word(&mut self, kind: TokenKind) -> Parse<Expr> {
        let start = self.cursor.at();
        let mut pieces = Pieces::default();
        let mut marked = start;
        while let Some(c) = self.cursor.peek()
            && !ends_word(c)
        {
            let at = self.cursor.at();
            match c {
                '`' => {
                    if self.cursor.peek_second().is_none_or(is_newline) {
                        break;
                    }
                    self.cursor.bump();
                    match escape(&mut self.cursor) {
                        Ok(escaped) => pieces.text.extend(escaped),
                        Err(bad) => return Err(self.bad_escape(bad)),
                    }
                }
                '$' if self.cursor.peek_second().is_some_and(|c| c == '(' || starts_variable(c)) => {
                    self.mark_between(kind, marked, at);
                    let part = self.string_variable()?;
                    pieces.expression(part);
                    marked = self.cursor.at();
                }
                c if is_single_quote(c) => self.single_quoted_into(&mut pieces.text)?,
                c if is_double_quote(c) => {
                    self.mark_between(kind, marked, at);
                    self.double_quoted_into(&mut pieces)?;
                    marked = self.cursor.at();
                }
                c => {
                    pieces.text.push(c);
                    self.cursor.bump();
                }
            }
        }
        if self.cursor.at() == start {
            return self.unexpected();
        }
        self.token(kind, marked);
        Ok(self.expr_from(pieces.into_kind(true), start))
    }
}
