//! Statements: blocks, conditions, loops, `switch`, `try`, jumps.

use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::declare::Function;
use super::flow::{Flow, Run};
use super::function::ScopeOf;
use super::streams::Sink;
use crate::bind::common::Action;
use crate::object::convert::truth;
use crate::object::text::display;
use crate::object::{Failure, Val, compare, fault, wildcard};
use crate::syntax::ast::{
    Block, Case, Chain, Expr, ExprKind, LoopForm, Statement, StatementKind, SwitchComparison, TypeName,
};

/// Whether a loop goes on after a round.
enum Round {
    On,
    Out,
}

impl Evaluator<'_> {
    /// Statements in order. An error that ends a statement only is written, and the next one runs.
    pub(crate) fn block(&mut self, block: &Block, out: &mut dyn Sink) -> Run {
        for statement in &block.statements {
            match self.statement(statement, out) {
                Err(Flow::Throw(failure)) if self.goes_on_after(&failure) => {
                    self.report_terminating(failure)?
                }
                other => other?,
            }
        }
        Ok(())
    }

    fn goes_on_after(&self, failure: &Failure) -> bool {
        !failure.ends_script && self.catching == 0 && self.error_preference() != Action::Stop
    }

    /// One statement.
    pub(crate) fn statement(&mut self, statement: &Statement, out: &mut dyn Sink) -> Run {
        self.tick()?;
        let result = self.deeper(1, |ev| ev.statement_inner(statement, out));
        self.located(result, statement.span)
    }

    fn statement_inner(&mut self, statement: &Statement, out: &mut dyn Sink) -> Run {
        match &statement.kind {
            StatementKind::Chain(chain) => self.chain(chain, out),
            StatementKind::Assignment { target, operator, value } => {
                self.assignment(target, *operator, value)?;
                self.ok = true;
                Ok(())
            }
            StatementKind::If { clauses, otherwise } => {
                for (condition, block) in clauses {
                    if self.condition(condition)? {
                        return self.block(block, out);
                    }
                }
                otherwise.as_ref().map_or(Ok(()), |block| self.block(block, out))
            }
            StatementKind::ForEach { variable, collection, body, label } => {
                let values = self.value_of(collection)?;
                self.foreach(variable, &values, body, label.as_ref(), out)
            }
            StatementKind::For { init, condition, step, body, label } => {
                if let Some(init) = init {
                    self.statement(init, &mut super::streams::Discard)?;
                }
                while condition.as_ref().map_or(Ok(true), |c| self.condition(c))? {
                    if let Round::Out = self.round(body, label.as_ref(), out)? {
                        break;
                    }
                    if let Some(step) = step {
                        self.statement(step, &mut super::streams::Discard)?;
                    }
                }
                Ok(())
            }
            StatementKind::Loop { form, condition, body, label } => {
                self.conditional_loop(*form, condition, body, label.as_ref(), out)
            }
            StatementKind::Switch { value, comparison, case, clauses, default, label } => {
                let value = self.value_of(value)?;
                self.switch(&value, (*comparison, *case), clauses, default.as_ref(), label.as_ref(), out)
            }
            StatementKind::Try { body, catches, finally } => {
                self.try_catch(body, catches, finally.as_ref(), out)
            }
            StatementKind::Function(declaration) => {
                self.refuse_shadowing(&declaration.name)?;
                let name = declaration.name.strip_prefix("local:").unwrap_or(&declaration.name);
                let (scope, name) =
                    match name.strip_prefix("global:").or_else(|| name.strip_prefix("script:")) {
                        Some(name) => (Rc::clone(&self.state.global), name),
                        None => (Rc::clone(&self.frame.scope), name),
                    };
                let source = Rc::clone(&self.frame.source);
                let function = self.prepared(Function::of_declaration(declaration, &source))?;
                scope.define(name, Rc::new(function));
                Ok(())
            }
            StatementKind::Return(value) => {
                if let Some(value) = value {
                    self.statement(value, out)?;
                }
                Err(Flow::Return)
            }
            StatementKind::Break(label) => Err(Flow::Break(label.clone())),
            StatementKind::Continue(label) => Err(Flow::Continue(label.clone())),
            StatementKind::Throw(value) => {
                let value = match value {
                    Some(value) => Some(self.value_of(value)?),
                    None => None,
                };
                Err(Flow::Throw(self.thrown(value)))
            }
            StatementKind::Exit(value) => {
                if let Some(value) = value {
                    self.value_of(value)?;
                }
                Err(Flow::Exit)
            }
        }
    }

    /// What a statement yields, as one value.
    pub(crate) fn value_of(&mut self, statement: &Statement) -> Run<Val> {
        if let StatementKind::Chain(chain) = &statement.kind
            && let Some(expression) = lone_expression(chain)
        {
            let value = self.deeper(1, |ev| ev.expr(expression));
            let value = self.located(value, statement.span)?;
            self.ok = true;
            return Ok(value);
        }
        let mut results = Vec::new();
        self.statement(statement, &mut results)?;
        Ok(Val::of_results(results))
    }

    /// Whether a condition holds.
    pub(crate) fn condition(&mut self, chain: &Chain) -> Run<bool> {
        self.tick()?;
        if let Some(expression) = lone_expression(chain) {
            let value = self.expr(expression);
            let value = self.located(value, chain.span)?;
            self.ok = true;
            return Ok(truth(&value));
        }
        let mut results = Vec::new();
        self.chain(chain, &mut results)?;
        Ok(truth(&Val::of_results(results)))
    }

    /// One round of a loop's body.
    fn round(&mut self, body: &Block, label: Option<&Rc<str>>, out: &mut dyn Sink) -> Run<Round> {
        self.tick()?;
        let own = |wanted: &Option<Rc<str>>| match wanted {
            None => true,
            Some(wanted) => label.is_some_and(|l| l.eq_ignore_ascii_case(wanted)),
        };
        match self.block(body, out) {
            Ok(()) => Ok(Round::On),
            Err(Flow::Break(wanted)) if own(&wanted) => Ok(Round::Out),
            Err(Flow::Continue(wanted)) if own(&wanted) => Ok(Round::On),
            Err(other) => Err(other),
        }
    }

    fn foreach(
        &mut self,
        variable: &str,
        values: &Val,
        body: &Block,
        label: Option<&Rc<str>>,
        out: &mut dyn Sink,
    ) -> Run {
        if values.is_null() {
            return Ok(());
        }
        for value in values.elements() {
            self.frame.scope.set(variable, value);
            if let Round::Out = self.round(body, label, out)? {
                break;
            }
        }
        Ok(())
    }

    fn conditional_loop(
        &mut self,
        form: LoopForm,
        condition: &Chain,
        body: &Block,
        label: Option<&Rc<str>>,
        out: &mut dyn Sink,
    ) -> Run {
        loop {
            if form == LoopForm::While && !self.condition(condition)? {
                return Ok(());
            }
            if let Round::Out = self.round(body, label, out)? {
                return Ok(());
            }
            let over = match form {
                LoopForm::While => false,
                LoopForm::DoWhile => !self.condition(condition)?,
                LoopForm::DoUntil => self.condition(condition)?,
            };
            if over {
                return Ok(());
            }
        }
    }

    fn switch(
        &mut self,
        value: &Val,
        how: (SwitchComparison, Case),
        clauses: &[(Expr, Block)],
        default: Option<&Block>,
        label: Option<&Rc<str>>,
        out: &mut dyn Sink,
    ) -> Run {
        let items = if value.is_null() { vec![Val::Null] } else { value.elements() };
        for item in items {
            let before = self.frame.scope.get_here("_");
            self.frame.scope.set("_", item.clone());
            let went = self.switch_item(&item, how, clauses, default, label, out);
            match before {
                Some(before) => self.frame.scope.set("_", before),
                None => drop(self.frame.scope.remove("_")),
            }
            if let Round::Out = went? {
                break;
            }
        }
        Ok(())
    }

    fn switch_item(
        &mut self,
        item: &Val,
        how: (SwitchComparison, Case),
        clauses: &[(Expr, Block)],
        default: Option<&Block>,
        label: Option<&Rc<str>>,
        out: &mut dyn Sink,
    ) -> Run<Round> {
        let mut matched = false;
        for (test, block) in clauses {
            if !self.switch_matches(item, how, test)? {
                continue;
            }
            matched = true;
            // `continue` goes to the next item, `break` leaves.
            match self.block(block, out) {
                Ok(()) => {}
                Err(Flow::Break(None)) => return Ok(Round::Out),
                Err(Flow::Continue(None)) => return Ok(Round::On),
                Err(Flow::Break(Some(wanted))) if label.is_some_and(|l| l.eq_ignore_ascii_case(&wanted)) => {
                    return Ok(Round::Out);
                }
                Err(Flow::Continue(Some(wanted)))
                    if label.is_some_and(|l| l.eq_ignore_ascii_case(&wanted)) =>
                {
                    return Ok(Round::On);
                }
                Err(other) => return Err(other),
            }
        }
        match default {
            Some(block) if !matched => self.round(block, label, out),
            _ => Ok(Round::On),
        }
    }

    fn switch_matches(&mut self, item: &Val, how: (SwitchComparison, Case), test: &Expr) -> Run<bool> {
        let ignore_case = how.1 == Case::Insensitive;
        if let ExprKind::ScriptBlock(_) = &test.kind {
            if let Val::Block(block) = self.expr(test)? {
                let mut results = Vec::new();
                self.call_block(&block, None, Vec::new(), ScopeOf::Caller, &mut results)?;
                return Ok(truth(&Val::of_results(results)));
            }
            return Ok(false);
        }
        let test = self.expr(test)?;
        Ok(match how.0 {
            SwitchComparison::Equal => compare::equal(item, &test, ignore_case),
            SwitchComparison::Wildcard => wildcard::Wildcard::new(&display(&test), ignore_case)
                .is_some_and(|pattern| pattern.matches(&display(item))),
            SwitchComparison::Regex => truth(&self.matched(item, &test, ignore_case)?),
        })
    }

    fn try_catch(
        &mut self,
        body: &Block,
        catches: &[(Vec<TypeName>, Block)],
        finally: Option<&Block>,
        out: &mut dyn Sink,
    ) -> Run {
        let guarded = !catches.is_empty();
        let outer = self.catching;
        self.catching += u32::from(guarded);
        let mut result = self.block(body, out);
        self.catching = outer;
        if let Err(Flow::Throw(failure)) = result {
            let wanted =
                |names: &Vec<TypeName>| names.is_empty() || names.iter().any(|n| failure.is_a(&n.name));
            result = match catches.iter().find(|(names, _)| wanted(names)) {
                Some((_, handler)) => self.handle(failure, handler, out),
                None => Err(Flow::Throw(failure)),
            };
        }
        let Some(finally) = finally else { return result };
        // A stop lets `finally` run; a second look at the flag would end it at once.
        let unwinding = self.unwinding;
        self.unwinding |= matches!(result, Err(Flow::Stopping));
        let last = self.block(finally, out);
        self.unwinding = unwinding;
        match (result, last) {
            (Err(Flow::Stopping), _) => Err(Flow::Stopping),
            (_, Err(flow)) => Err(flow),
            (result, Ok(())) => result,
        }
    }

    fn handle(&mut self, failure: Failure, handler: &Block, out: &mut dyn Sink) -> Run {
        let error = Val::Error(Rc::from(failure));
        self.remember(&error);
        let scope = Rc::clone(&self.frame.scope);
        let before = scope.get_here("_");
        scope.set("_", error);
        let result = self.block(handler, out);
        match before {
            Some(before) => scope.set("_", before),
            None => drop(scope.remove("_")),
        }
        result
    }

    /// The error that `throw` makes of a value; a bare `throw` in a handler throws what is handled again.
    fn thrown(&mut self, value: Option<Val>) -> Failure {
        let value = match value {
            Some(value) => value,
            None => match self.frame.scope.get("_") {
                Some(again @ Val::Error(_)) => again,
                _ => Val::str("ScriptHalted"),
            },
        };
        let mut failure = match &value {
            Val::Error(error) => Box::new((**error).clone()),
            Val::Object(object) if object.type_name().ends_with("Exception") => {
                let message = object.get("Message").map(|m| display(&m)).unwrap_or_default();
                let id: String = message.chars().take(200).collect();
                fault(&id, ErrorCategory::OperationStopped, message).exception(&object.type_name())
            }
            other => {
                let text = display(other);
                let id: String = text.chars().take(200).collect();
                let mut failure = fault(&id, ErrorCategory::OperationStopped, &text).about(other.clone());
                failure.thrown = Some(other.clone());
                failure
            }
        };
        if failure.record.id.is_empty() {
            failure.record.id = Arc::from("ScriptHalted");
        }
        failure.ends_script = true;
        failure
    }
}

/// The expression of a chain that is nothing else, where its value can be taken as it is.
fn lone_expression(chain: &Chain) -> Option<&Expr> {
    match (chain.rest.as_slice(), chain.first.stages.as_slice()) {
        ([], [crate::syntax::ast::Stage::Expression(expression)]) => Some(expression),
        _ => None,
    }
}
