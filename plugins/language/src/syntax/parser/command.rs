//! Commands: how they are called, their names, parameters and arguments.

use std::rc::Rc;

use super::{Parse, Parser};
use crate::syntax::ast::{Command, Element, Expr, ExprKind, Invocation};
use crate::syntax::chars::{ends_word, is_dash, is_newline, is_space, starts_name};
use crate::syntax::lexer::number;
use crate::syntax::lexer::variable::{starts_variable, variable};
use crate::syntax::token::TokenKind;

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Parse<Command> {
        self.nested(Self::command_inside)
    }

    fn command_inside(&mut self) -> Parse<Command> {
        let start = self.cursor.at();
        let invocation = self.invocation();
        if invocation != Invocation::Plain {
            self.token(TokenKind::Operator, start);
            self.skip_space();
        }
        let name = self.command_name(invocation)?;
        let mut command = Command {
            invocation,
            name,
            elements: Vec::new(),
            redirections: Vec::new(),
            span: self.span_from(start),
        };
        self.elements(&mut command)?;
        command.span = self.span_from(start);
        Ok(command)
    }

    fn invocation(&mut self) -> Invocation {
        let second = self.cursor.peek_second();
        match self.cursor.peek() {
            Some('&') if second != Some('&') => {
                self.cursor.bump();
                Invocation::Call
            }
            // `.\script` and `..` are names.
            Some('.')
                if second.is_none_or(|c| {
                    ends_word(c) || matches!(c, '$' | '@') || super::strings::is_quote(c)
                }) =>
            {
                self.cursor.bump();
                Invocation::DotSource
            }
            _ => Invocation::Plain,
        }
    }

    fn command_name(&mut self, invocation: Invocation) -> Parse<Expr> {
        let start = self.cursor.at();
        if invocation == Invocation::Plain {
            return match self.cursor.peek() {
                Some('|') if self.cursor.peek_second() != Some('|') => {
                    self.cursor.bump();
                    self.token(TokenKind::Operator, start);
                    self.error_since("EmptyPipeElement", "write a command before `|`", start)
                }
                Some('<' | '>') => {
                    self.cursor.bump();
                    self.token(TokenKind::Operator, start);
                    self.error_since("MissingCommand", "write a command before its redirection", start)
                }
                Some(c) if !ends_word(c) => self.word(TokenKind::Command),
                _ => self.unexpected(),
            };
        }
        match self.cursor.peek() {
            Some(c) if !ends_word(c) || matches!(c, '(' | '{') => {
                if c == '@' && self.cursor.peek_second().is_some_and(starts_variable) {
                    return self.splat_not_permitted();
                }
                self.single_argument_as(TokenKind::Command)
            }
            _ => self.missing("MissingExpression", "write what to call behind `&` or `.`"),
        }
    }

    fn elements(&mut self, command: &mut Command) -> Parse<()> {
        let mut all_are_arguments = false;
        loop {
            self.skip_space();
            let start = self.cursor.at();
            if let Some(redirection) = self.redirection()? {
                command.redirections.push(redirection);
                continue;
            }
            match self.cursor.peek() {
                None | Some(';' | '|' | ')' | '}' | '&') => return Ok(()),
                Some(c) if is_newline(c) => return Ok(()),
                Some(',') => {
                    return self.error_since("MissingArgument", "write an argument before the comma", start);
                }
                Some('@') if self.cursor.peek_second().is_some_and(|c| c != '{' && starts_variable(c)) => {
                    self.cursor.bump();
                    let name = variable(&mut self.cursor, true).map_err(|bad| self.bad_escape(bad))?;
                    self.token(TokenKind::Variable, start);
                    let name = name
                        .scope
                        .map_or(name.name.clone(), |scope| Rc::from(format!("{scope}:{}", name.name)));
                    command.elements.push(Element::Splat { name, span: self.span_from(start) });
                }
                Some(c) if is_dash(c) && !all_are_arguments => {
                    let element = self.dashed()?;
                    all_are_arguments = matches!(element, Element::EndOfParameters(_));
                    command.elements.push(element);
                }
                Some(_) => command.elements.push(Element::Argument(self.argument()?)),
            }
        }
    }

    /// What starts with a dash: a parameter, `--`, a number or a word.
    fn dashed(&mut self) -> Parse<Element> {
        let start = self.cursor.at();
        match self.cursor.peek_second() {
            Some(c) if is_dash(c) => match self.cursor.peek_third() {
                Some('%') => {
                    self.cursor.eat_while(|c| !is_newline(c));
                    self.token(TokenKind::Unknown, start);
                    self.unsupported("the stop-parsing token `--%`", start)
                }
                third if third.is_none_or(ends_word) => {
                    self.cursor.bump();
                    self.cursor.bump();
                    self.token(TokenKind::Parameter, start);
                    Ok(Element::EndOfParameters(self.span_from(start)))
                }
                _ => Ok(Element::Argument(self.argument()?)),
            },
            Some(c) if starts_name(c) || c == '?' => self.parameter_element(),
            _ => Ok(Element::Argument(self.argument()?)),
        }
    }

    fn parameter_element(&mut self) -> Parse<Element> {
        let start = self.cursor.at();
        self.cursor.bump();
        let name = self
            .cursor
            .eat_while(|c| !ends_word(c) && !matches!(c, '.' | '[' | ':') && !super::strings::is_quote(c));
        if self.cursor.peek().is_some_and(super::strings::is_quote) {
            // A quote makes it a word: `-a"b c"` is one argument.
            self.cursor.go(start);
            return Ok(Element::Argument(self.argument()?));
        }
        let name = Rc::from(name);
        let has_value = self.cursor.eat(':');
        self.token(TokenKind::Parameter, start);
        let mut value = None;
        if has_value {
            self.skip_space();
            if self.at_end_of_statement() {
                let message = format!("write a value behind `-{name}:`");
                return self.missing("ParameterRequiresArgument", message);
            }
            value = Some(self.argument()?);
        }
        Ok(Element::Parameter { name, value, span: self.span_from(start) })
    }

    /// One argument, or several joined by commas.
    fn argument(&mut self) -> Parse<Expr> {
        self.nested(|p| {
            let start = p.cursor.at();
            let first = p.single_argument()?;
            if !p.comma_follows() {
                return Ok(first);
            }
            let mut elements = vec![first];
            while p.comma_follows() {
                p.eat_mark(',');
                p.skip_lines();
                if p.at_end_of_statement() || p.cursor.peek() == Some(',') {
                    return p.missing("MissingExpression", "write an argument behind the comma");
                }
                elements.push(p.single_argument()?);
            }
            Ok(p.expr_from(ExprKind::ArrayLiteral(elements), start))
        })
    }

    fn comma_follows(&mut self) -> bool {
        let before = self.cursor.at();
        self.skip_space();
        let found = self.cursor.peek() == Some(',');
        if !found {
            self.cursor.go(before);
        }
        found
    }

    pub(super) fn single_argument(&mut self) -> Parse<Expr> {
        self.single_argument_as(TokenKind::Argument)
    }

    fn single_argument_as(&mut self, kind: TokenKind) -> Parse<Expr> {
        let Some(c) = self.cursor.peek() else {
            return self.missing("MissingArgument", "write an argument");
        };
        let second = self.cursor.peek_second();
        match c {
            '(' | '{' => self.postfixed_primary(),
            '@' if second.is_some_and(|c| matches!(c, '(' | '{') || super::strings::is_quote(c)) => {
                self.postfixed_primary()
            }
            '@' if second.is_some_and(starts_variable) => self.splat_not_permitted(),
            '$' if second == Some('(') || self.variable_is_whole_argument() => self.postfixed_primary(),
            c if super::strings::is_quote(c) => self.postfixed_primary(),
            c if ends_word(c) => self.unexpected(),
            _ => match self.number_argument() {
                Some(number) => Ok(number),
                None => self.word(kind),
            },
        }
    }

    /// Whether the variable at the cursor is an argument by itself (with members and indexes): `$a`, `$a.b`, `$a[0]`,
    /// but not `$a/b`, which is a word.
    fn variable_is_whole_argument(&self) -> bool {
        let mut ahead = self.cursor;
        ahead.bump();
        if !ahead.peek().is_some_and(starts_variable) {
            return false;
        }
        // A variable that cannot be read is reported where it is read.
        if variable(&mut ahead, false).is_err() {
            return true;
        }
        let rest = ahead.rest();
        ahead.peek().is_none_or(|c| ends_word(c) || matches!(c, '.' | '['))
            || ["::", "?.", "?["].iter().any(|operator| rest.starts_with(operator))
    }

    fn number_argument(&mut self) -> Option<Expr> {
        let start = self.cursor.at();
        let c = self.cursor.peek()?;
        if !(c.is_ascii_digit() || c == '.' || c == '+' || is_dash(c)) {
            return None;
        }
        let scanned = number::scan(self.cursor.rest())?;
        let end = start + scanned.length;
        let value = scanned.value?;
        let behind = self.cursor.between(end, self.text.len()).chars().next();
        if !behind.is_none_or(|c| ends_word(c) || is_space(c)) {
            return None;
        }
        self.cursor.go(end);
        self.token(TokenKind::Number, start);
        let text = Rc::from(self.cursor.since(start));
        Some(self.expr_from(ExprKind::NumberText { value, text }, start))
    }
}
