//! Statements by their first word; what has none of the words is a pipeline. The statements with clauses and loops
//! are in `control`.

use std::rc::Rc;

use super::{Leaving, Parse, Parser};
use crate::syntax::ast::{FunctionDecl, ScriptBody, Statement, StatementKind};
use crate::syntax::chars::{continues_name, ends_word, is_newline, starts_name};
use crate::syntax::token::TokenKind;

impl StatementKind {
    /// Whether another statement may follow on the same line.
    pub(super) const fn ends_with_block(&self) -> bool {
        matches!(
            self,
            Self::If { .. }
                | Self::ForEach { .. }
                | Self::For { .. }
                | Self::Loop { .. }
                | Self::Switch { .. }
                | Self::Try { .. }
                | Self::Function(_)
        )
    }
}

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parse<Statement> {
        self.nested(Self::statement_inside)
    }

    fn statement_inside(&mut self) -> Parse<Statement> {
        self.skip_space();
        let start = self.cursor.at();
        let label = self.label();
        let Some(keyword) = self.peek_keyword() else {
            if label.is_some() {
                return self.missing("MissingLoopAfterLabel", "write a loop or `switch` behind the label");
            }
            return self.assignment_or_chain();
        };
        let kind = match keyword {
            "if" => self.if_statement()?,
            "foreach" => self.foreach_statement(label)?,
            "for" => self.for_statement(label)?,
            "while" => self.while_statement(label)?,
            "do" => self.do_statement(label)?,
            "switch" => self.switch_statement(label)?,
            "try" => self.try_statement()?,
            "function" | "filter" => self.function(keyword == "filter")?,
            "return" if self.leaving != Leaving::Free => return self.leaves_finally(keyword),
            "break" | "continue" if self.leaving == Leaving::InFinally => {
                return self.leaves_finally(keyword);
            }
            "return" => StatementKind::Return(self.value_behind_keyword()?),
            "throw" => StatementKind::Throw(self.value_behind_keyword()?),
            "exit" => StatementKind::Exit(self.value_behind_keyword()?),
            "break" => StatementKind::Break(self.target_label()?),
            "continue" => StatementKind::Continue(self.target_label()?),
            "class" | "enum" | "using" | "data" | "trap" | "workflow" => {
                self.eat_keyword();
                let failed = self.unsupported(&format!("the `{keyword}` statement"), start);
                if keyword != "using" {
                    self.skip_to_brace();
                }
                return failed;
            }
            // `else`, `process` and the like are words of their statement only.
            _ => return self.assignment_or_chain(),
        };
        Ok(Statement { kind, span: self.span_from(start) })
    }

    /// `:name` before a loop.
    fn label(&mut self) -> Option<Rc<str>> {
        let start = self.cursor.at();
        let mut ahead = self.cursor;
        if !ahead.eat(':') || !ahead.peek().is_some_and(starts_name) {
            return None;
        }
        let name: Rc<str> = Rc::from(ahead.eat_while(continues_name));
        if !ahead.peek().is_none_or(ends_word) {
            return None;
        }
        self.cursor = ahead;
        self.token(TokenKind::Label, start);
        self.skip_lines();
        Some(name)
    }

    fn leaves_finally<T>(&mut self, keyword: &str) -> Parse<T> {
        let start = self.cursor.at();
        self.eat_keyword();
        self.error_since(
            "ControlLeavingFinally",
            format!("`{keyword}` cannot leave a `finally` block"),
            start,
        )
    }

    fn value_behind_keyword(&mut self) -> Parse<Option<Box<Statement>>> {
        self.eat_keyword();
        if self.at_end_of_statement() {
            return Ok(None);
        }
        Ok(Some(Box::new(self.assignment_or_chain()?)))
    }

    fn target_label(&mut self) -> Parse<Option<Rc<str>>> {
        self.eat_keyword();
        if self.at_end_of_statement() {
            return Ok(None);
        }
        let start = self.cursor.at();
        if !self.cursor.peek().is_some_and(starts_name) {
            self.cursor.eat_while(|c| !ends_word(c));
            self.last_end = self.cursor.at();
            return self.unsupported("a label that is no plain name", start);
        }
        let name: Rc<str> = Rc::from(self.cursor.eat_while(continues_name));
        self.token(TokenKind::Label, start);
        Ok(Some(name))
    }

    pub(super) fn at_end_of_statement(&mut self) -> bool {
        self.skip_space();
        match self.cursor.peek() {
            None | Some(';' | '}' | ')' | '|') => true,
            Some('&') => self.cursor.peek_second() == Some('&'),
            Some(c) => is_newline(c),
        }
    }

    fn function(&mut self, is_filter: bool) -> Parse<StatementKind> {
        self.eat_keyword();
        self.skip_lines();
        let start = self.cursor.at();
        let name: Rc<str> = Rc::from(self.cursor.eat_while(|c| !ends_word(c)));
        if name.is_empty() {
            return self.missing("MissingNameAfterKeyword", "write the function's name");
        }
        self.token(TokenKind::Command, start);
        let params = if self.eat_mark_lines('(') { self.parameter_list()? } else { Vec::new() };
        if !self.eat_mark_lines('{') {
            return self.missing("MissingFunctionBody", format!("write the body of `{name}` in braces"));
        }
        let (mut body, text) = self.braced_body()?;
        if !params.is_empty() {
            if !body.params.is_empty() {
                return self.error_since(
                    "OnlyOneParameterListAllowed",
                    format!("`{name}` has parameters behind its name and in `param`: keep one"),
                    start,
                );
            }
            body.params = params;
        }
        if is_filter && body.begin.is_none() && body.process.is_none() {
            body.process = Some(std::mem::take(&mut body.end));
        }
        Ok(StatementKind::Function(Rc::new(FunctionDecl { name, body: Rc::new(body), text })))
    }

    /// A body behind its opening brace, to behind its closing one, with its text.
    pub(super) fn braced_body(&mut self) -> Parse<(ScriptBody, Rc<str>)> {
        let open = self.last_end - 1;
        let body = self.leaving(Leaving::Free, |p| {
            p.bracketed(|p| {
                let body = p.body(Some('}'))?;
                p.close_brace(open)?;
                Ok(body)
            })
        })?;
        let text = Rc::from(self.cursor.between(open + 1, self.last_end - 1));
        Ok((body, text))
    }
}
