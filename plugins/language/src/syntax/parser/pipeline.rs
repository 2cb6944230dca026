//! Assignments, chains (`&&`, `||`) and pipelines.

use super::{Parse, Parser};
use crate::syntax::ast::{
    AssignOp, Chain, ChainOp, Expr, ExprKind, Pipeline, Stage, Statement, StatementKind,
};
use crate::syntax::chars::{is_dash, is_newline, is_space};
use crate::syntax::lexer::variable::starts_variable;
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// A statement that starts with none of the keywords.
    pub(super) fn assignment_or_chain(&mut self) -> Parse<Statement> {
        self.nested(|p| {
            p.skip_space();
            let start = p.cursor.at();
            if !p.starts_expression() {
                let chain = p.chain(start, None)?;
                return Ok(Statement { kind: StatementKind::Chain(chain), span: p.span_from(start) });
            }
            let target = p.expression()?;
            let kind = match p.assign_operator() {
                Some(operator) => p.assignment(target, operator)?,
                None => StatementKind::Chain(p.chain(start, Some(target))?),
            };
            Ok(Statement { kind, span: p.span_from(start) })
        })
    }

    fn assignment(&mut self, target: Expr, operator: AssignOp) -> Parse<StatementKind> {
        if !is_assignable(&target) {
            let message = "only a variable, a property or an element can be assigned to";
            return Err(self.report("InvalidLeftHandSide", message, target.span));
        }
        self.skip_lines();
        if self.at_end_of_statement() {
            return self.missing("ExpectedValueExpression", "write a value behind the assignment operator");
        }
        Ok(StatementKind::Assignment { target, operator, value: Box::new(self.statement()?) })
    }

    fn assign_operator(&mut self) -> Option<AssignOp> {
        let before = self.cursor.at();
        self.skip_space();
        let start = self.cursor.at();
        let operator = if self.cursor.eat_text("??=") {
            Some(AssignOp::Coalesce)
        } else {
            let operator = match self.cursor.peek() {
                Some('=') => Some(AssignOp::Set),
                Some('+') => Some(AssignOp::Add),
                Some('*') => Some(AssignOp::Multiply),
                Some('/') => Some(AssignOp::Divide),
                Some('%') => Some(AssignOp::Remainder),
                Some(c) if is_dash(c) => Some(AssignOp::Subtract),
                _ => None,
            };
            match operator {
                Some(AssignOp::Set) => {
                    self.cursor.bump();
                    operator
                }
                Some(_) if self.cursor.peek_second() == Some('=') => {
                    self.cursor.bump();
                    self.cursor.bump();
                    operator
                }
                _ => None,
            }
        };
        match operator {
            Some(_) => self.token(TokenKind::Operator, start),
            None => self.cursor.go(before),
        }
        operator
    }

    fn chain(&mut self, start: usize, first: Option<Expr>) -> Parse<Chain> {
        let first = self.pipeline(start, first)?;
        let mut rest = Vec::new();
        loop {
            self.skip_space();
            let at = self.cursor.at();
            let operator = if self.cursor.eat_text("&&") {
                ChainOp::And
            } else if self.cursor.eat_text("||") {
                ChainOp::Or
            } else if self.cursor.eat('&') {
                self.token(TokenKind::Operator, at);
                return self.unsupported("running in the background with `&`", at);
            } else {
                break;
            };
            self.token(TokenKind::Operator, at);
            self.skip_lines();
            if self.at_end_of_statement() {
                return self.missing("EmptyPipelineChainElement", "write a pipeline behind `&&` or `||`");
            }
            let next = self.cursor.at();
            let expression = if self.starts_expression() { Some(self.expression()?) } else { None };
            rest.push((operator, self.pipeline(next, expression)?));
        }
        Ok(Chain { first, rest, span: self.span_from(start) })
    }

    fn pipeline(&mut self, start: usize, first: Option<Expr>) -> Parse<Pipeline> {
        let stage = match first {
            Some(expression) => {
                let redirections = self.redirections()?;
                if redirections.is_empty() {
                    Stage::Expression(expression)
                } else {
                    Stage::Redirected(expression, redirections)
                }
            }
            None => Stage::Command(self.command()?),
        };
        let mut stages = vec![stage];
        while self.pipe() {
            self.skip_lines();
            if self.at_end_of_statement() {
                return self.missing("EmptyPipeElement", "write a command behind `|`");
            }
            let at = self.cursor.at();
            if self.starts_expression() {
                self.expression()?;
                return self.error_since(
                    "ExpressionsMustBeFirstInPipeline",
                    "an expression can only be the first element of a pipeline",
                    at,
                );
            }
            stages.push(Stage::Command(self.command()?));
        }
        Ok(Pipeline { stages, span: self.span_from(start) })
    }

    /// Eats `|`, also as the first thing of the next line.
    fn pipe(&mut self) -> bool {
        self.skip_space();
        if self.cursor.peek().is_some_and(is_newline) {
            if self.no_pipe_behind == Some(self.cursor.at()) {
                return false;
            }
            let mut ahead = self.cursor;
            ahead.eat_newline();
            loop {
                ahead.eat_while(is_space);
                match ahead.peek() {
                    // Lines that are only a comment may stand between, empty lines may not.
                    Some('#') => {
                        ahead.eat_while(|c| !is_newline(c));
                        ahead.eat_newline();
                    }
                    Some('|') if ahead.peek_second() != Some('|') => break,
                    _ => {
                        self.no_pipe_behind = Some(self.cursor.at());
                        return false;
                    }
                }
            }
            self.skip_lines();
        }
        let start = self.cursor.at();
        if self.cursor.peek() != Some('|') || self.cursor.peek_second() == Some('|') {
            return false;
        }
        self.cursor.bump();
        self.token(TokenKind::Operator, start);
        true
    }

    /// Whether what is at the cursor is read as an expression; else it is a command.
    pub(super) fn starts_expression(&self) -> bool {
        let Some(c) = self.cursor.peek() else { return false };
        let second = self.cursor.peek_second();
        match c {
            '$' => second.is_some_and(|c| c == '(' || starts_variable(c)),
            '@' => second
                .is_some_and(|c| matches!(c, '(' | '{') || super::strings::is_quote(c) || starts_variable(c)),
            '(' | '{' | '[' | ',' | '!' | '+' => true,
            c if is_dash(c) || super::strings::is_quote(c) => true,
            '.' | '0'..='9' => self.number_ahead(),
            _ => false,
        }
    }
}

fn is_assignable(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Variable(variable) => !variable.splatted,
        ExprKind::Member { null_conditional, .. } | ExprKind::Index { null_conditional, .. } => {
            !null_conditional
        }
        ExprKind::Cast(_, inner) => is_assignable(inner),
        ExprKind::ArrayLiteral(elements) => elements.iter().all(is_assignable),
        // `($a, $b) = …` assigns to both.
        ExprKind::Paren(inner) => match &inner.kind {
            StatementKind::Chain(chain) => match chain.first.stages.as_slice() {
                [Stage::Expression(inner)] => chain.rest.is_empty() && is_assignable(inner),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}
