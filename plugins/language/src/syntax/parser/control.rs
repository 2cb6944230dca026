//! Statements with conditions, loops, `switch` and `try`.

use std::rc::Rc;

use super::{Leaving, Parse, Parser};
use crate::syntax::ast::{
    Block, Case, Chain, Expr, ExprKind, LoopForm, Pipeline, Stage, Statement, StatementKind,
    SwitchComparison, TypeName,
};
use crate::syntax::chars::{continues_name, is_dash};
use crate::syntax::lexer::variable::{starts_variable, variable};
use crate::syntax::token::TokenKind;

/// The tests of a `switch` with their blocks, and its default.
type Clauses = (Vec<(Expr, Block)>, Option<Block>);

impl Parser<'_> {
    pub(super) fn if_statement(&mut self) -> Parse<StatementKind> {
        let mut clauses = Vec::new();
        let mut otherwise = None;
        loop {
            self.eat_keyword();
            if !self.eat_mark_lines('(') {
                return self
                    .missing("MissingOpenParenthesisInIfStatement", "write `(` and a condition behind `if`");
            }
            let condition = self.condition("IfStatementMissingCondition")?;
            let block = self.block("MissingStatementBlock", "write `{ … }` behind the condition")?;
            clauses.push((condition, block));
            match self.clause_keyword(&["elseif", "else"]) {
                Some("elseif") => {}
                Some(_) => {
                    self.eat_keyword();
                    otherwise =
                        Some(self.block("MissingStatementBlockAfterElse", "write `{ … }` behind `else`")?);
                    break;
                }
                None => break,
            }
        }
        Ok(StatementKind::If { clauses, otherwise })
    }

    /// One of these words on this line or a later one; if none is there the cursor stays.
    fn clause_keyword(&mut self, wanted: &[&str]) -> Option<&'static str> {
        let before = self.cursor.at();
        self.skip_lines();
        let found = self.peek_keyword().filter(|word| wanted.contains(word));
        if found.is_none() {
            self.cursor.go(before);
        }
        found
    }

    /// A condition behind its opening parenthesis, with the closing one. An assignment is a condition by its value.
    fn condition(&mut self, id: &'static str) -> Parse<Chain> {
        let condition = self.bracketed(|p| {
            p.skip_lines();
            if p.at_end_of_statement() {
                return p.missing(id, "write a condition behind `(`");
            }
            let statement = p.assignment_or_chain()?;
            Ok(as_chain(statement))
        })?;
        self.close_condition()?;
        Ok(condition)
    }

    fn close_condition(&mut self) -> Parse<()> {
        if self.eat_mark_lines(')') {
            return Ok(());
        }
        self.missing("MissingEndParenthesisAfterStatement", "close the condition with `)`")
    }

    fn open_behind(&mut self, keyword: &str) -> Parse<()> {
        if self.eat_mark_lines('(') {
            return Ok(());
        }
        self.missing("MissingOpenParenthesisAfterKeyword", format!("write `(` behind `{keyword}`"))
    }

    pub(super) fn foreach_statement(&mut self, label: Option<Rc<str>>) -> Parse<StatementKind> {
        let start = self.cursor.at();
        self.eat_keyword();
        self.skip_space();
        if self.cursor.peek().is_some_and(is_dash) {
            return self.unsupported("an option of `foreach`", start);
        }
        self.open_behind("foreach")?;
        let (variable, collection) = self.bracketed(|p| {
            p.skip_lines();
            let variable = p.loop_variable()?;
            p.skip_lines();
            let word = p.cursor.at();
            let mut ahead = p.cursor;
            if !ahead.eat_while(continues_name).eq_ignore_ascii_case("in") {
                return p.missing("MissingInInForeach", "write `in` behind the loop's variable");
            }
            p.cursor = ahead;
            p.token(TokenKind::Keyword, word);
            p.skip_lines();
            if p.at_end_of_statement() {
                return p.missing("MissingForeachExpression", "write what to go through behind `in`");
            }
            Ok((variable, Box::new(p.assignment_or_chain()?)))
        })?;
        if !self.eat_mark_lines(')') {
            return self.missing("MissingEndParenthesisAfterForeach", "close `foreach (` with `)`");
        }
        let body =
            self.in_loop(|p| p.block("MissingForeachStatement", "write `{ … }` behind `foreach (…)`"))?;
        Ok(StatementKind::ForEach { variable, collection, body, label })
    }

    fn loop_variable(&mut self) -> Parse<Rc<str>> {
        let start = self.cursor.at();
        match (self.cursor.peek(), self.cursor.peek_second()) {
            (Some('$'), Some(c)) if starts_variable(c) => {
                self.cursor.bump();
                let name = variable(&mut self.cursor, false).map_err(|bad| self.bad_escape(bad))?;
                self.token(TokenKind::Variable, start);
                if name.scope.is_some() {
                    return self.unsupported("a loop variable with a scope", start);
                }
                Ok(name.name)
            }
            (Some('@'), Some(c)) if starts_variable(c) => self.splat_not_permitted(),
            _ => self
                .missing("MissingVariableNameAfterForeach", "write the loop's variable behind `foreach (`"),
        }
    }

    pub(super) fn for_statement(&mut self, label: Option<Rc<str>>) -> Parse<StatementKind> {
        self.eat_keyword();
        self.open_behind("for")?;
        let (init, condition, step) = self.bracketed(|p| {
            let init = p.for_part()?;
            let condition = p.for_part()?.map(|statement| as_chain(*statement));
            Ok((init, condition, p.for_part()?))
        })?;
        self.close_condition()?;
        let body = self.loop_body()?;
        Ok(StatementKind::For { init, condition, step, body, label })
    }

    fn for_part(&mut self) -> Parse<Option<Box<Statement>>> {
        self.skip_lines();
        let part =
            if self.at_end_of_statement() { None } else { Some(Box::new(self.assignment_or_chain()?)) };
        self.skip_lines();
        self.eat_mark(';');
        Ok(part)
    }

    fn loop_body(&mut self) -> Parse<Block> {
        self.in_loop(|p| p.block("MissingLoopStatement", "write the loop's body, `{ … }`"))
    }

    fn in_loop<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let inside = if self.leaving == Leaving::Free { Leaving::Free } else { Leaving::InLoopInFinally };
        self.leaving(inside, read)
    }

    pub(super) fn while_statement(&mut self, label: Option<Rc<str>>) -> Parse<StatementKind> {
        self.eat_keyword();
        self.open_behind("while")?;
        let condition = self.condition("MissingExpressionAfterKeyword")?;
        let body = self.loop_body()?;
        Ok(StatementKind::Loop { form: LoopForm::While, condition, body, label })
    }

    pub(super) fn do_statement(&mut self, label: Option<Rc<str>>) -> Parse<StatementKind> {
        self.eat_keyword();
        let body = self.loop_body()?;
        let form = match self.clause_keyword(&["while", "until"]) {
            Some("while") => LoopForm::DoWhile,
            Some(_) => LoopForm::DoUntil,
            None => {
                return self.missing(
                    "MissingWhileOrUntilInDoWhile",
                    "write `while (…)` or `until (…)` behind the body",
                );
            }
        };
        self.eat_keyword();
        self.open_behind(if form == LoopForm::DoWhile { "while" } else { "until" })?;
        let condition = self.condition("MissingExpressionAfterKeyword")?;
        Ok(StatementKind::Loop { form, condition, body, label })
    }

    pub(super) fn switch_statement(&mut self, label: Option<Rc<str>>) -> Parse<StatementKind> {
        self.eat_keyword();
        let (comparison, case) = self.switch_options()?;
        if !self.eat_mark_lines('(') {
            return self.missing("PipelineValueRequired", "write `(…)`, what to compare, behind `switch`");
        }
        let value = self.bracketed(|p| {
            p.skip_lines();
            if p.at_end_of_statement() {
                return p.missing("PipelineValueRequired", "write what to compare behind `switch (`");
            }
            p.assignment_or_chain()
        })?;
        self.close_condition()?;
        if !self.eat_mark_lines('{') {
            return self.missing("MissingCurlyBraceInSwitchStatement", "write `{ … }` behind `switch (…)`");
        }
        let open = self.last_end - 1;
        let (clauses, default) = self.in_loop(|p| p.bracketed(|p| p.switch_clauses(open)))?;
        Ok(StatementKind::Switch { value: Box::new(value), comparison, case, clauses, default, label })
    }

    fn switch_options(&mut self) -> Parse<(SwitchComparison, Case)> {
        let mut comparison = SwitchComparison::Equal;
        let mut case = Case::Insensitive;
        loop {
            self.skip_space();
            let start = self.cursor.at();
            if !self.cursor.peek().is_some_and(is_dash) {
                return Ok((comparison, case));
            }
            self.cursor.bump();
            let name = self.cursor.eat_while(continues_name).to_ascii_lowercase();
            self.token(TokenKind::Parameter, start);
            let is = |whole: &str| !name.is_empty() && whole.starts_with(&name);
            if is("exact") {
                comparison = SwitchComparison::Equal;
            } else if is("wildcard") {
                comparison = SwitchComparison::Wildcard;
            } else if is("regex") {
                comparison = SwitchComparison::Regex;
            } else if is("casesensitive") {
                case = Case::Sensitive;
            } else if is("file") || is("parallel") {
                return self.unsupported(&format!("`switch -{name}`"), start);
            } else {
                return self.error_since(
                    "InvalidSwitchFlag",
                    format!("`switch` has no option `-{name}`"),
                    start,
                );
            }
        }
    }

    fn switch_clauses(&mut self, open: usize) -> Parse<Clauses> {
        let mut clauses = Vec::new();
        let mut default = None;
        loop {
            self.skip_separators();
            match self.cursor.peek() {
                Some('}') if clauses.is_empty() && default.is_none() => {
                    return self.missing("MissingSwitchConditionExpression", "write a value and its block");
                }
                None if clauses.is_empty() && default.is_none() => {
                    self.last_end = self.last_end.max(open);
                    return self.missing("MissingSwitchConditionExpression", "write a value and its block");
                }
                None | Some('}') => break,
                _ => {}
            }
            let start = self.cursor.at();
            if self.peek_keyword() == Some("default") {
                self.eat_keyword();
                if default.is_some() {
                    return self.error_since(
                        "MultipleSwitchDefaultClauses",
                        "one `default` is enough",
                        start,
                    );
                }
                default = Some(self.switch_block()?);
            } else {
                let test = self.switch_test()?;
                clauses.push((test, self.switch_block()?));
            }
        }
        self.close_brace(open)?;
        Ok((clauses, default))
    }

    fn switch_test(&mut self) -> Parse<Expr> {
        // A test is read as a command's argument is: `red { … }` needs no quotes.
        self.single_argument()
    }

    fn switch_block(&mut self) -> Parse<Block> {
        self.block("MissingSwitchStatementClause", "write `{ … }` behind the value")
    }

    pub(super) fn try_statement(&mut self) -> Parse<StatementKind> {
        self.eat_keyword();
        let body = self.block("MissingTryStatementBlock", "write `{ … }` behind `try`")?;
        let mut catches = Vec::new();
        while self.clause_keyword(&["catch"]).is_some() {
            self.eat_keyword();
            let types = self.caught_types()?;
            let handler = self.block("MissingCatchHandlerBlock", "write `{ … }` behind `catch`")?;
            catches.push((types, handler));
        }
        let mut finally = None;
        if self.clause_keyword(&["finally"]).is_some() {
            self.eat_keyword();
            finally = Some(self.leaving(Leaving::InFinally, |p| {
                p.block("MissingFinallyStatementBlock", "write `{ … }` behind `finally`")
            })?);
        }
        if catches.is_empty() && finally.is_none() {
            return self
                .missing("MissingCatchOrFinally", "write `catch { … }` or `finally { … }` behind the block");
        }
        Ok(StatementKind::Try { body, catches, finally })
    }

    fn caught_types(&mut self) -> Parse<Vec<TypeName>> {
        let mut types = Vec::new();
        loop {
            self.skip_lines();
            if self.cursor.peek() != Some('[') {
                if types.is_empty() {
                    return Ok(types);
                }
                return self.missing("MissingTypeLiteralToken", "write a type behind the comma");
            }
            types.push(self.type_literal()?);
            if !self.eat_mark_lines(',') {
                return Ok(types);
            }
        }
    }
}

fn as_chain(statement: Statement) -> Chain {
    let span = statement.span;
    match statement.kind {
        StatementKind::Chain(chain) => chain,
        _ => {
            let value = Expr { kind: ExprKind::Paren(Box::new(statement)), span };
            let first = Pipeline { stages: vec![Stage::Expression(value)], span };
            Chain { first, rest: Vec::new(), span }
        }
    }
}
