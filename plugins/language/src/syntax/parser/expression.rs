//! Expressions by precedence: ternary, operators between two operands, arrays by comma, operators before one.

use super::{Parse, Parser};
use crate::syntax::ast::{Expr, ExprKind, PostfixOp, UnaryOp};
use crate::syntax::chars::is_dash;
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Parse<Expr> {
        self.nested(|p| {
            let start = p.cursor.at();
            let condition = p.binary(0)?;
            if !p.at_ternary() {
                return Ok(condition);
            }
            p.operator(1);
            let chosen = p.ternary_branch("?")?;
            let before = p.cursor.at();
            p.skip_lines();
            if p.cursor.peek() != Some(':') {
                p.cursor.go(before);
                return p.missing(
                    "MissingColonInTernaryExpression",
                    "write `:` and the other value of `… ? … : …`",
                );
            }
            p.operator(1);
            let other = p.ternary_branch(":")?;
            Ok(p.expr_from(ExprKind::Ternary(Box::new(condition), Box::new(chosen), Box::new(other)), start))
        })
    }

    fn at_ternary(&mut self) -> bool {
        let before = self.cursor.at();
        self.skip_space();
        // `?.` and `?[` directly behind their operand were taken with it.
        let second = self.cursor.peek_second();
        let found = self.cursor.peek() == Some('?') && !matches!(second, Some('?' | '.'));
        if !found {
            self.cursor.go(before);
        }
        found
    }

    fn ternary_branch(&mut self, behind: &str) -> Parse<Expr> {
        self.operand_follows("ExpectedValueExpression", behind)?;
        self.expression()
    }

    /// Eats an operator of so many bytes.
    fn operator(&mut self, length: usize) {
        let start = self.cursor.at();
        self.cursor.go(start + length);
        self.token(TokenKind::Operator, start);
    }

    /// Goes to the operand behind an operator, on this line or a later one.
    fn operand_follows(&mut self, id: &'static str, operator: &str) -> Parse<()> {
        self.skip_lines();
        if self.starts_expression() {
            return Ok(());
        }
        self.missing(id, format!("write a value behind `{operator}`"))
    }

    fn binary(&mut self, least: u8) -> Parse<Expr> {
        let start = self.cursor.at();
        let outer = std::mem::replace(&mut self.height, 0);
        let mut left = self.array()?;
        loop {
            let before = self.cursor.at();
            self.skip_space();
            let Some(operator) = self.peek_operator().filter(|operator| operator.precedence >= least) else {
                self.cursor.go(before);
                break;
            };
            let at = self.cursor.at();
            self.operator(operator.length);
            let written = self.cursor.since(at);
            self.operand_follows("ExpectedValueExpression", written)?;
            let right = self.binary(operator.precedence + 1)?;
            self.grow()?;
            left = self.expr_from(ExprKind::Binary(operator.op, Box::new(left), Box::new(right)), start);
        }
        self.height = self.height.max(outer);
        Ok(left)
    }

    /// Values joined by commas, or one value.
    fn array(&mut self) -> Parse<Expr> {
        self.skip_space();
        let start = self.cursor.at();
        let first = self.unary()?;
        if self.comma_separates || !self.comma_ahead() {
            return Ok(first);
        }
        let mut elements = vec![first];
        while self.comma_ahead() {
            self.eat_mark(',');
            self.skip_lines();
            if !self.starts_expression() {
                return self.missing("MissingExpressionAfterToken", "write a value behind the comma");
            }
            elements.push(self.unary()?);
        }
        self.grow()?;
        Ok(self.expr_from(ExprKind::ArrayLiteral(elements), start))
    }

    fn comma_ahead(&mut self) -> bool {
        let before = self.cursor.at();
        self.skip_space();
        let found = self.cursor.peek() == Some(',');
        if !found {
            self.cursor.go(before);
        }
        found
    }

    pub(super) fn unary(&mut self) -> Parse<Expr> {
        self.nested(|p| {
            p.skip_space();
            let start = p.cursor.at();
            let Some((operator, length)) = p.unary_operator()? else {
                return p.operand();
            };
            p.operator(length);
            let written = p.cursor.since(start);
            p.operand_follows("MissingExpressionAfterOperator", written)?;
            let operand = p.unary()?;
            if matches!(operator, UnaryOp::Increment | UnaryOp::Decrement) && !is_place(&operand) {
                return p.not_a_place(&operand);
            }
            Ok(p.expr_from(ExprKind::Unary(operator, Box::new(operand)), start))
        })
    }

    /// The operator before an operand and its length; none where an operand starts, a signed number included.
    fn unary_operator(&mut self) -> Parse<Option<(UnaryOp, usize)>> {
        let start = self.cursor.at();
        let second = self.cursor.peek_second();
        Ok(match self.cursor.peek() {
            Some('!') => Some((UnaryOp::Not, 1)),
            Some(',') => Some((UnaryOp::Comma, 1)),
            Some('+') if second == Some('+') => Some((UnaryOp::Increment, 2)),
            Some('+') if self.number_ahead() => None,
            Some('+') => Some((UnaryOp::Plus, 1)),
            Some(dash) if is_dash(dash) => {
                let length = dash.len_utf8();
                match second {
                    Some(second) if is_dash(second) => Some((UnaryOp::Decrement, length + second.len_utf8())),
                    Some(second) if second.is_ascii_alphabetic() => {
                        let word = self.dash_word();
                        let operator = match word.as_str() {
                            "not" => UnaryOp::Not,
                            "bnot" => UnaryOp::BitNot,
                            "split" | "isplit" | "csplit" => UnaryOp::Split,
                            "join" => UnaryOp::Join,
                            _ => {
                                self.last_end = start + length;
                                return self.missing(
                                    "MissingExpressionAfterOperator",
                                    "write a value behind the operator",
                                );
                            }
                        };
                        Some((operator, length + word.len()))
                    }
                    _ if self.number_ahead() => None,
                    _ => Some((UnaryOp::Minus, length)),
                }
            }
            _ => None,
        })
    }

    /// A value with its members, casts before it and `++` behind it.
    fn operand(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        if self.cursor.peek() == Some('[') {
            return self.type_or_cast();
        }
        let value = self.postfixed_primary()?;
        let before = self.cursor.at();
        self.skip_space();
        let operator = match (self.cursor.peek(), self.cursor.peek_second()) {
            (Some('+'), Some('+')) => Some(PostfixOp::Increment),
            (Some(a), Some(b)) if is_dash(a) && is_dash(b) => Some(PostfixOp::Decrement),
            _ => None,
        };
        match operator {
            Some(operator) if is_place(&value) => {
                let at = self.cursor.at();
                self.cursor.bump();
                self.cursor.bump();
                self.token(TokenKind::Operator, at);
                Ok(self.expr_from(ExprKind::Postfix(operator, Box::new(value)), start))
            }
            Some(_) => self.not_a_place(&value),
            None => {
                self.cursor.go(before);
                Ok(value)
            }
        }
    }

    fn not_a_place<T>(&mut self, value: &Expr) -> Parse<T> {
        let message = "`++` and `--` need a variable, a property or an element";
        Err(self.report("OperatorRequiresVariableOrProperty", message, value.span))
    }

    /// `[type]` by itself, with members, or before what it converts.
    fn type_or_cast(&mut self) -> Parse<Expr> {
        let start = self.cursor.at();
        if self.at_attribute() {
            self.attribute()?;
            let id = "UnexpectedAttribute";
            return self.error_since(id, "an attribute can only stand before a parameter", start);
        }
        let name = self.type_literal()?;
        let behind = self.cursor.at();
        self.skip_space();
        let casts = match self.cursor.peek() {
            // `[a], [b]` is a list of types.
            Some(',') => false,
            Some(c) if is_dash(c) => self.dash_is_unary(),
            _ => self.starts_expression(),
        };
        if casts {
            let operand = self.unary()?;
            return Ok(self.expr_from(ExprKind::Cast(name, Box::new(operand)), start));
        }
        self.cursor.go(behind);
        let literal = self.expr_from(ExprKind::Type(name), start);
        self.postfixes(literal, start)
    }

    /// Whether the dash at the cursor belongs to an operand: `[int]-5`, but not `[int] -eq $type`.
    fn dash_is_unary(&self) -> bool {
        match self.cursor.peek_second() {
            Some(c) if c.is_ascii_alphabetic() => {
                matches!(self.dash_word().as_str(), "not" | "bnot" | "split" | "isplit" | "csplit" | "join")
            }
            _ => true,
        }
    }
}

fn is_place(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Variable(_) | ExprKind::Member { .. } | ExprKind::Index { .. } => true,
        ExprKind::Cast(_, inner) => is_place(inner),
        _ => false,
    }
}
