//! Redirections, behind commands and expressions.

use super::{Parse, Parser};
use crate::syntax::ast::{RedirectTarget, Redirection};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// All redirections at the cursor.
    pub(super) fn redirections(&mut self) -> Parse<Vec<Redirection>> {
        let mut all = Vec::new();
        loop {
            let before = self.cursor.at();
            self.skip_space();
            match self.redirection()? {
                Some(redirection) => all.push(redirection),
                None => {
                    self.cursor.go(before);
                    return Ok(all);
                }
            }
        }
    }

    /// Whether `>`, `2>` or `*>` is at the cursor.
    pub(super) fn at_redirection(&self) -> bool {
        match self.cursor.peek() {
            Some('>' | '<') => true,
            Some('1'..='6' | '*') => self.cursor.peek_second() == Some('>'),
            _ => false,
        }
    }

    /// One redirection, if there is one.
    pub(super) fn redirection(&mut self) -> Parse<Option<Redirection>> {
        if !self.at_redirection() {
            return Ok(None);
        }
        let start = self.cursor.at();
        let from = match self.cursor.bump() {
            Some('<') => {
                self.token(TokenKind::Operator, start);
                return self.error_since("RedirectionNotSupported", "`<` is reserved for future use", start);
            }
            Some('*') => None,
            Some(c) if c != '>' => c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()),
            _ => Some(1),
        };
        self.cursor.go(start);
        if self.cursor.peek() != Some('>') {
            self.cursor.bump();
        }
        self.cursor.eat('>');
        let append = self.cursor.eat('>');
        let merges = !append
            && self.cursor.peek() == Some('&')
            && self.cursor.peek_second().is_some_and(|c| c.is_ascii_digit());
        let to = if merges {
            self.cursor.bump();
            let stream = self.cursor.bump();
            self.token(TokenKind::Operator, start);
            if stream != Some('1') || from == Some(1) {
                let message = "streams can only be merged into the output stream, `&1`";
                return self.error_since("RedirectionNotSupported", message, start);
            }
            RedirectTarget::Stream(1)
        } else {
            self.token(TokenKind::Operator, start);
            self.skip_space();
            if self.at_end_of_statement() || self.at_redirection() {
                return self
                    .missing("MissingFileSpecification", "write a file's name behind the redirection");
            }
            RedirectTarget::File { name: self.single_argument()?, append }
        };
        Ok(Some(Redirection { from, to, span: self.span_from(start) }))
    }
}
