//! Declarations of parameters: `param(…)` and the list behind a function's name.

use std::rc::Rc;

use super::{Parse, Parser};
use crate::syntax::ast::{ParamDecl, TypeName};
use crate::syntax::lexer::variable::{starts_variable, variable};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    /// `param (…)`; the cursor stands at the word.
    pub(super) fn param_block(&mut self) -> Parse<Vec<ParamDecl>> {
        self.eat_keyword();
        if !self.eat_mark_lines('(') {
            return self.missing("MissingOpenParenthesisAfterKeyword", "write `(` behind `param`");
        }
        self.parameter_list()
    }

    /// Declarations up to the closing parenthesis, which is eaten.
    pub(super) fn parameter_list(&mut self) -> Parse<Vec<ParamDecl>> {
        let params = self.bracketed(|p| {
            p.comma_separates = true;
            let mut params: Vec<ParamDecl> = Vec::new();
            let mut names = std::collections::HashSet::new();
            p.skip_lines();
            while p.cursor.peek() != Some(')') {
                let param = p.parameter()?;
                if !names.insert(param.name.to_lowercase()) {
                    let message = format!("two parameters have the name `{}`", param.name);
                    return Err(p.report("DuplicateFormalParameter", message, param.span));
                }
                params.push(param);
                if !p.eat_mark_lines(',') {
                    break;
                }
                p.skip_lines();
            }
            Ok(params)
        })?;
        if self.eat_mark_lines(')') {
            return Ok(params);
        }
        self.missing("MissingEndParenthesisInFunctionParameterList", "close the parameters with `)`")
    }

    fn parameter(&mut self) -> Parse<ParamDecl> {
        self.count()?;
        let start = self.cursor.at();
        let mut attributes = Vec::new();
        let mut type_name: Option<TypeName> = None;
        while self.cursor.peek() == Some('[') {
            if self.at_attribute() {
                attributes.push(self.attribute()?);
            } else {
                let at = self.cursor.at();
                let name = self.type_literal()?;
                if type_name.replace(name).is_some() {
                    return self.unsupported("a second type for one parameter", at);
                }
            }
            self.skip_lines();
        }
        let name = self.parameter_name()?;
        let before = self.cursor.at();
        self.skip_lines();
        let default = if self.eat_mark('=') {
            self.skip_lines();
            if !self.starts_expression() {
                return self
                    .missing("MissingExpressionAfterToken", "write the parameter's default behind `=`");
            }
            Some(self.expression()?)
        } else {
            self.cursor.go(before);
            None
        };
        Ok(ParamDecl { name, type_name, attributes, default, span: self.span_from(start) })
    }

    fn parameter_name(&mut self) -> Parse<Rc<str>> {
        let start = self.cursor.at();
        match (self.cursor.peek(), self.cursor.peek_second()) {
            (Some('$'), Some(c)) if starts_variable(c) => {
                self.cursor.bump();
                let name = variable(&mut self.cursor, false).map_err(|bad| self.bad_escape(bad))?;
                self.token(TokenKind::Variable, start);
                if name.scope.is_some() {
                    return self.error_since(
                        "InvalidParameterName",
                        "a parameter's name has no scope or drive",
                        start,
                    );
                }
                Ok(name.name)
            }
            (Some('@'), Some(c)) if starts_variable(c) => self.splat_not_permitted(),
            _ => {
                let id = "MissingEndParenthesisInFunctionParameterList";
                self.missing(id, "write a parameter, or close the parameters with `)`")
            }
        }
    }

    /// `@name` where no splat can be.
    pub(super) fn splat_not_permitted<T>(&mut self) -> Parse<T> {
        let start = self.cursor.at();
        self.cursor.bump();
        let name = variable(&mut self.cursor, true).map_err(|bad| self.bad_escape(bad))?;
        self.token(TokenKind::Variable, start);
        let message = format!("`@{0}` can only be a command's argument: write `${0}`", name.name);
        self.error_since("SplattingNotPermitted", message, start)
    }
}
