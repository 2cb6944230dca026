//! `@{ key = value; … }`.

use std::collections::HashSet;
use std::rc::Rc;

use super::{Parse, Parser};
use crate::syntax::ast::{Expr, ExprKind, Number, Statement};
use crate::syntax::chars::{continues_name, is_newline, starts_name};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    pub(super) fn hash_literal(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        self.cursor.go(start + 2);
        self.token(TokenKind::Punctuation, start);
        let entries = self.bracketed(Self::hash_entries)?;
        if !self.eat_mark('}') {
            return self.missing("IncompleteHashLiteral", "close the hashtable with `}`");
        }
        Ok(self.expr_from(ExprKind::Hashtable(entries), start))
    }

    fn hash_entries(&mut self) -> Parse<Vec<(Expr, Statement)>> {
        let mut entries = Vec::new();
        let mut names = HashSet::new();
        loop {
            self.skip_separators();
            if matches!(self.cursor.peek(), None | Some('}')) {
                return Ok(entries);
            }
            let key = self.hash_key()?;
            if let Some(name) = constant(&key)
                && !names.insert(name)
            {
                let message = "two entries of the hashtable have this key";
                return Err(self.report("DuplicateKeyInHashLiteral", message, key.span));
            }
            self.skip_lines();
            if !self.eat_mark('=') {
                return self.missing("MissingEqualsInHashLiteral", "write `=` and a value behind the key");
            }
            self.skip_lines();
            if self.at_end_of_statement() {
                return self.missing("MissingStatementInHashLiteral", "write the key's value behind `=`");
            }
            let value = self.statement()?;
            entries.push((key, value));
            self.skip_space();
            match self.cursor.peek() {
                None | Some(';' | '}') => {}
                Some(c) if is_newline(c) => {}
                Some(_) => {
                    return self
                        .missing("IncompleteHashLiteral", "end the key's value with `;` or a new line");
                }
            }
        }
    }

    fn hash_key(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        if self.cursor.peek().is_some_and(starts_name) {
            let value = Rc::from(self.cursor.eat_while(continues_name));
            self.token(TokenKind::Member, start);
            return Ok(self.expr_from(ExprKind::String { value, bare: true }, start));
        }
        if !self.starts_expression() {
            return self.unexpected();
        }
        self.unary()
    }
}

/// What makes two keys the same, of those that are constants.
fn constant(key: &Expr) -> Option<String> {
    match &key.kind {
        ExprKind::String { value, .. } => Some(format!("s{}", value.to_lowercase())),
        ExprKind::Number(Number::Int32(value)) => Some(format!("i{value}")),
        _ => None,
    }
}
