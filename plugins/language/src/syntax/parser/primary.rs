//! Operands: literals, variables, brackets of all kinds, and the members, calls and indexes behind them.

use std::rc::Rc;

use super::{Parse, Parser};
use crate::syntax::ast::{Block, Expr, ExprKind, ScriptBlockLiteral};
use crate::syntax::chars::{continues_name, ends_number, starts_name};
use crate::syntax::lexer::number;
use crate::syntax::lexer::variable::{starts_variable, variable};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    pub(super) fn postfixed_primary(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let value = self.primary()?;
        self.postfixes(value, start)
    }

    fn primary(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let second = self.cursor.peek_second();
        match self.cursor.peek() {
            Some('$') if second == Some('(') => self.sub_expression(),
            Some('$') if second.is_some_and(starts_variable) => {
                self.cursor.bump();
                let name = variable(&mut self.cursor, false).map_err(|bad| self.bad_escape(bad))?;
                self.token(TokenKind::Variable, start);
                Ok(self.expr_from(ExprKind::Variable(name), start))
            }
            Some('@') => match second {
                Some('(') => {
                    let block = self.statement_block(2)?;
                    Ok(self.expr_from(ExprKind::ArrayExpression(block), start))
                }
                Some('{') => self.hash_literal(),
                Some(c) if super::strings::is_quote(c) => self.here_string(),
                Some(c) if starts_variable(c) => self.splat_not_permitted(),
                _ => self.unexpected(),
            },
            Some(c) if super::strings::is_quote(c) => self.quoted(),
            Some('(') => self.paren(),
            Some('{') => {
                self.eat_mark('{');
                let (body, text) = self.braced_body()?;
                let literal = ScriptBlockLiteral { body: Rc::new(body), text };
                Ok(self.expr_from(ExprKind::ScriptBlock(Rc::new(literal)), start))
            }
            Some(c) if c.is_ascii_digit() || c == '.' || c == '+' || super::super::chars::is_dash(c) => {
                self.number()
            }
            _ => self.missing("ExpectedExpression", "write a value"),
        }
    }

    /// `$( … )`.
    pub(super) fn sub_expression(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let block = self.statement_block(2)?;
        Ok(self.expr_from(ExprKind::SubExpression(block), start))
    }

    /// Statements in parentheses; the opening has so many bytes.
    fn statement_block(&mut self, opening: usize) -> Parse<Block> {
        let start = self.cursor.at();
        self.cursor.go(start + opening);
        self.token(TokenKind::Punctuation, start);
        let statements = self.bracketed(|p| Ok(p.statements(Some(')'))))?;
        if !self.eat_mark(')') {
            let id = "MissingEndParenthesisInSubexpression";
            return self.missing(id, "close the sub-expression with `)`");
        }
        Ok(Block { statements, span: self.span_from(start) })
    }

    fn paren(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        self.eat_mark('(');
        let inner = self.bracketed(|p| {
            p.skip_lines();
            if p.at_end_of_statement() {
                return p.missing("ExpectedExpression", "write a value behind `(`");
            }
            p.assignment_or_chain()
        })?;
        if !self.eat_mark_lines(')') {
            return self.missing("MissingEndParenthesisInExpression", "close the expression with `)`");
        }
        Ok(self.expr_from(ExprKind::Paren(Box::new(inner)), start))
    }

    /// Whether a number that ends as numbers do is at the cursor.
    pub(super) fn number_ahead(&self) -> bool {
        number::scan(self.cursor.rest()).is_some_and(|scanned| {
            let end = self.cursor.at() + scanned.length;
            self.cursor.between(end, self.text.len()).chars().next().is_none_or(ends_number)
        })
    }

    fn number(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let Some(scanned) = number::scan(self.cursor.rest()) else { return self.unexpected() };
        self.cursor.go(start + scanned.length);
        self.token(TokenKind::Number, start);
        match scanned.value {
            Some(value) => Ok(self.expr_from(ExprKind::Number(value), start)),
            None => {
                let written: String = self.cursor.since(start).chars().take(40).collect();
                let message = format!("no number of its type is `{written}`");
                self.error_since("BadNumericConstant", message, start)
            }
        }
    }

    /// Members, calls and indexes directly behind a value.
    pub(super) fn postfixes(&mut self, value: Expr, start: usize) -> Parse<Expr> {
        let mut value = value;
        loop {
            let rest = self.cursor.rest();
            let null_conditional = rest.starts_with("?.") || rest.starts_with("?[");
            let operator = rest.strip_prefix('?').filter(|_| null_conditional).unwrap_or(rest);
            let length = usize::from(null_conditional);
            if operator.starts_with('[') {
                value = self.index(value, start, null_conditional)?;
            } else if operator.starts_with("::") {
                value = self.member(value, start, length + 2, null_conditional)?;
            } else if operator.starts_with('.') && !operator.starts_with("..") {
                value = self.member(value, start, length + 1, null_conditional)?;
            } else {
                return Ok(value);
            }
            self.grow()?;
        }
    }

    fn index(&mut self, object: Expr, start: usize, null_conditional: bool) -> Parse<Expr> {
        let at = self.cursor.at();
        self.cursor.go(at + 1 + usize::from(null_conditional));
        self.token(TokenKind::Punctuation, at);
        let index = self.bracketed(|p| {
            p.skip_lines();
            if !p.starts_expression() {
                return p.missing("MissingArrayIndexExpression", "write an index behind `[`");
            }
            p.expression()
        })?;
        if !self.eat_mark_lines(']') {
            return self.missing("MissingEndSquareBracket", "close the index with `]`");
        }
        let kind = ExprKind::Index { object: Box::new(object), index: Box::new(index), null_conditional };
        Ok(self.expr_from(kind, start))
    }

    fn member(&mut self, object: Expr, start: usize, length: usize, null_conditional: bool) -> Parse<Expr> {
        let at = self.cursor.at();
        let is_static = self.cursor.rest().starts_with("::");
        self.cursor.go(at + length);
        self.token(TokenKind::Operator, at);
        self.skip_lines();
        let member = Box::new(self.member_name()?);
        let object = Box::new(object);
        let arguments = match self.cursor.peek() {
            Some('(') => Some(self.call_arguments()?),
            // `$list.Where{ … }`.
            Some('{') => Some(vec![self.primary()?]),
            _ => None,
        };
        let Some(arguments) = arguments else {
            let kind = ExprKind::Member { object, member, is_static, null_conditional };
            return Ok(self.expr_from(kind, start));
        };
        let kind = ExprKind::MethodCall { object, member, arguments, is_static, null_conditional };
        Ok(self.expr_from(kind, start))
    }

    fn member_name(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        let second = self.cursor.peek_second();
        match self.cursor.peek() {
            Some(c) if starts_name(c) || c.is_ascii_digit() => {
                let value = Rc::from(self.cursor.eat_while(continues_name));
                self.token(TokenKind::Member, start);
                Ok(self.expr_from(ExprKind::String { value, bare: true }, start))
            }
            Some('$') if second.is_some_and(|c| c == '(' || starts_variable(c)) => self.primary(),
            Some(c) if c == '(' || super::strings::is_quote(c) => self.primary(),
            _ => self.missing("MissingPropertyName", "write a member's name behind the dot"),
        }
    }

    fn call_arguments(&mut self) -> Parse<Vec<Expr>> {
        self.eat_mark('(');
        let arguments = self.bracketed(|p| {
            p.comma_separates = true;
            let mut arguments = Vec::new();
            p.skip_lines();
            while p.cursor.peek() != Some(')') {
                if !p.starts_expression() {
                    let id = if arguments.is_empty() {
                        "MissingEndParenthesisInMethodCall"
                    } else {
                        "MissingExpressionAfterToken"
                    };
                    return p.missing(id, "write an argument, or close the call with `)`");
                }
                arguments.push(p.expression()?);
                if !p.eat_mark_lines(',') {
                    break;
                }
                p.skip_lines();
                if p.cursor.peek() == Some(')') {
                    return p.missing("MissingExpressionAfterToken", "write an argument behind the comma");
                }
            }
            Ok(arguments)
        })?;
        if !self.eat_mark_lines(')') {
            return self.missing("MissingEndParenthesisInMethodCall", "close the call with `)`");
        }
        Ok(arguments)
    }
}
