//! Pipelines: from the tree to stages, and records through them.

use std::cell::RefCell;
use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::StreamKind;

use super::declare::Function;
use super::flow::{Flow, Run};
use super::function::{self, ScopeOf};
use super::resolve::Resolved;
use super::streams::{Discard, Downstream, Redirect, Sink};
use super::{Evaluator, Frame, effect};
use crate::bind::{Argument, Given};
use crate::commands;
use crate::object::text::display;
use crate::object::{Val, fault};
use crate::syntax::ast::{
    self, BinaryOp, Chain, ChainOp, Command, Element, Expr, ExprKind, Invocation, PostfixOp, RedirectTarget,
    Redirection, UnaryOp,
};
use crate::syntax::span::Span;

/// One stage that runs. `process` gets a record, or nothing when the command stands first and no input comes.
pub(crate) trait Stage {
    fn begin(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run;
    fn process(&mut self, ev: &mut Evaluator<'_>, input: Option<Val>, out: &mut dyn Sink) -> Run;
    fn end(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run;
}

/// A stage in its pipeline: what it is called with, and whether it has begun.
pub(crate) struct Slot {
    stage: Box<dyn Stage>,
    begun: bool,
    span: Span,
    redirect: Option<Redirecting>,
}

/// What a command's redirections do.
struct Redirecting {
    /// Streams merged into the output.
    merged: Vec<StreamKind>,
    /// Streams thrown away.
    discarded: Vec<StreamKind>,
    discards_output: bool,
}

impl Slot {
    fn begin(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        self.run(ev, out, |stage, ev, out| stage.begin(ev, out))
    }

    pub(super) fn process(&mut self, ev: &mut Evaluator<'_>, input: Option<Val>, out: &mut dyn Sink) -> Run {
        self.begin(ev, out)?;
        self.run(ev, out, |stage, ev, out| stage.process(ev, input, out))
    }

    fn end(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        self.begin(ev, out)?;
        self.run(ev, out, |stage, ev, out| stage.end(ev, out))
    }

    fn run(
        &mut self,
        ev: &mut Evaluator<'_>,
        out: &mut dyn Sink,
        step: impl FnOnce(&mut dyn Stage, &mut Evaluator<'_>, &mut dyn Sink) -> Run,
    ) -> Run {
        let result = match &self.redirect {
            None => step(&mut *self.stage, ev, out),
            Some(redirect) => redirected(redirect, ev, out, |ev, out| step(&mut *self.stage, ev, out)),
        };
        ev.located(result, self.span)
    }
}

/// Runs a step with redirections in force. What is merged waits in a buffer only until the next record of the output:
/// the order stays that of writing.
fn redirected(
    redirect: &Redirecting,
    ev: &mut Evaluator<'_>,
    out: &mut dyn Sink,
    step: impl FnOnce(&mut Evaluator<'_>, &mut dyn Sink) -> Run,
) -> Run {
    let home = Rc::clone(&ev.frame);
    let merged = Rc::new(RefCell::new(Vec::new()));
    let thrown = Redirect { from: redirect.discarded.clone(), to: None, outer: home.redirect.clone() };
    let taken = Redirect {
        from: redirect.merged.clone(),
        to: Some(Rc::clone(&merged)),
        outer: Some(Rc::new(thrown)),
    };
    let frame = Frame { redirect: Some(Rc::new(taken)), ..(*home).clone() };
    let mut discard = Discard;
    let target: &mut dyn Sink = if redirect.discards_output { &mut discard } else { out };
    let mut sink = Merging { home, merged, out: target };
    let result = ev.within(Rc::new(frame), |ev| step(ev, &mut sink));
    sink.drain(ev)?;
    result
}

struct Merging<'a> {
    home: Rc<Frame>,
    merged: Rc<RefCell<Vec<Val>>>,
    out: &'a mut dyn Sink,
}

impl Merging<'_> {
    fn drain(&mut self, ev: &mut Evaluator<'_>) -> Run {
        let waiting = std::mem::take(&mut *self.merged.borrow_mut());
        let home = Rc::clone(&self.home);
        ev.within(home, |ev| waiting.into_iter().try_for_each(|value| self.out.write(ev, value)))
    }
}

impl Sink for Merging<'_> {
    fn write(&mut self, ev: &mut Evaluator<'_>, value: Val) -> Run {
        self.drain(ev)?;
        let home = Rc::clone(&self.home);
        ev.within(home, |ev| self.out.write(ev, value))
    }
}

impl Evaluator<'_> {
    /// Pipelines joined by `&&` and `||`.
    pub(crate) fn chain(&mut self, chain: &Chain, out: &mut dyn Sink) -> Run {
        if chain.rest.is_empty() {
            return self.pipeline(&chain.first, out);
        }
        self.link(&chain.first, out)?;
        for (op, pipeline) in &chain.rest {
            if self.ok == (*op == ChainOp::And) {
                self.link(pipeline, out)?;
            }
        }
        Ok(())
    }

    /// One pipeline of a chain: its failure decides what runs next, it does not end the chain.
    fn link(&mut self, pipeline: &ast::Pipeline, out: &mut dyn Sink) -> Run {
        match self.pipeline(pipeline, out) {
            Err(Flow::Throw(failure)) if !failure.ends_script && self.catching == 0 => {
                self.report_terminating(failure)
            }
            other => other,
        }
    }

    pub(crate) fn pipeline(&mut self, pipeline: &ast::Pipeline, out: &mut dyn Sink) -> Run {
        let result = self.pipeline_inner(pipeline, out);
        if result.is_err() {
            self.ok = false;
        }
        self.located(result, pipeline.span)
    }

    fn pipeline_inner(&mut self, pipeline: &ast::Pipeline, out: &mut dyn Sink) -> Run {
        let (first, commands) = match pipeline.stages.split_first() {
            Some((first @ (ast::Stage::Expression(_) | ast::Stage::Redirected(..)), [])) => {
                self.source(first, out)?;
                self.ok = true;
                return Ok(());
            }
            Some((first @ (ast::Stage::Expression(_) | ast::Stage::Redirected(..)), rest)) => {
                (Some(first), rest)
            }
            _ => (None, pipeline.stages.as_slice()),
        };
        let fed_by_client = first.is_none() && self.takes_client_input();
        let mut stages = Vec::with_capacity(commands.len());
        for (at, stage) in commands.iter().enumerate() {
            let fed = at > 0 || first.is_some() || fed_by_client;
            match stage {
                ast::Stage::Command(command) => {
                    let slot = self.stage_of(command, fed);
                    stages.push(self.located(slot, command.span)?);
                }
                ast::Stage::Expression(expression) | ast::Stage::Redirected(expression, _) => {
                    let failure = fault(
                        "ExpressionsMustBeFirstInPipeline",
                        ErrorCategory::ParserError,
                        "expressions are only allowed as the first element of a pipeline",
                    );
                    return self.located(Err(failure.into()), expression.span);
                }
            }
        }
        self.ok = true;
        match first {
            Some(first) => self.run_stages(stages, |ev, out| ev.source(first, out), out),
            None if fed_by_client => self.run_stages(
                stages,
                |ev, out| {
                    while let Some(batch) = ev.read_input()? {
                        batch.into_iter().try_for_each(|value| out.write(ev, value))?;
                    }
                    Ok(())
                },
                out,
            ),
            None => self.run_alone(stages, out),
        }
    }

    /// Whether the client's records go to the first command of this text. They do once, unless the text names
    /// `$input`.
    fn takes_client_input(&mut self) -> bool {
        self.has_input
            && Rc::ptr_eq(&self.frame.scope, &self.state.global)
            && !self.frame.source.to_ascii_lowercase().contains("$input")
    }

    /// Runs stages whose first is fed by something.
    pub(crate) fn run_stages(
        &mut self,
        mut stages: Vec<Slot>,
        feed: impl FnOnce(&mut Self, &mut dyn Sink) -> Run,
        out: &mut dyn Sink,
    ) -> Run {
        let home = Rc::clone(&self.frame);
        let pipe = self.next_pipe();
        let ended = self.begin_all(&mut stages, &home, pipe, out).and_then(|()| {
            let mut down = Downstream { stages: &mut stages, index: 0, pipe, home: &home, out: &mut *out };
            feed(self, &mut down)
        });
        self.finish(stages, ended, &home, pipe, out)
    }

    /// Runs stages whose first has no input.
    fn run_alone(&mut self, mut stages: Vec<Slot>, out: &mut dyn Sink) -> Run {
        let home = Rc::clone(&self.frame);
        let pipe = self.next_pipe();
        let ended = self.begin_all(&mut stages, &home, pipe, out).and_then(|()| {
            let Some((head, rest)) = stages.split_first_mut() else { return Ok(()) };
            let mut next = Downstream { stages: rest, index: 1, pipe, home: &home, out: &mut *out };
            head.process(self, None, &mut next).map_err(|flow| match flow {
                Flow::Enough => Flow::StopUpstream { pipe, stage: 0 },
                other => other,
            })
        });
        self.finish(stages, ended, &home, pipe, out)
    }

    fn begin_all(&mut self, stages: &mut [Slot], home: &Rc<Frame>, pipe: u64, out: &mut dyn Sink) -> Run {
        for at in 0..stages.len() {
            self.step(stages, at, home, pipe, out, Slot::begin)?;
        }
        Ok(())
    }

    /// One step of the stage at a place, with those behind it as its output.
    fn step(
        &mut self,
        stages: &mut [Slot],
        at: usize,
        home: &Rc<Frame>,
        pipe: u64,
        out: &mut dyn Sink,
        step: impl FnOnce(&mut Slot, &mut Self, &mut dyn Sink) -> Run,
    ) -> Run {
        let Some((head, rest)) = stages.get_mut(at..).and_then(<[Slot]>::split_first_mut) else {
            return Ok(());
        };
        let mut next = Downstream { stages: rest, index: at + 1, pipe, home, out };
        step(head, self, &mut next).map_err(|flow| match flow {
            Flow::Enough => Flow::StopUpstream { pipe, stage: at },
            other => other,
        })
    }

    /// Ends the stages in order. One that wanted no more ends those before it at once: they are dropped.
    fn finish(
        &mut self,
        stages: Vec<Slot>,
        ended: Run,
        home: &Rc<Frame>,
        pipe: u64,
        out: &mut dyn Sink,
    ) -> Run {
        let (mut stages, mut pipe, mut ended) = (stages, pipe, ended);
        let mut from = 0;
        loop {
            match ended {
                Err(Flow::StopUpstream { pipe: own, stage }) if own == pipe => {
                    drop(stages.drain(..stage.min(stages.len())));
                    // Places have moved: what stops is counted anew from here.
                    pipe = self.next_pipe();
                    from = 0;
                }
                other => other?,
            }
            if from >= stages.len() {
                return Ok(());
            }
            ended = self.step(&mut stages, from, home, pipe, out, Slot::end);
            from += usize::from(ended.is_ok());
        }
    }

    /// Writes what an expression yields, element by element; a range is not built first.
    pub(crate) fn stream(&mut self, expression: &Expr, out: &mut dyn Sink) -> Run {
        match &expression.kind {
            ExprKind::Binary(BinaryOp::Range, low, high) => {
                let (low, high) = (self.expr(low)?, self.expr(high)?);
                let range = super::operators::range(&low, &high);
                let range = self.located(range.map_err(Flow::from), expression.span)?;
                range.into_iter().try_for_each(|value| out.write(self, value))
            }
            ExprKind::Variable(variable) if &*variable.name == "input" && self.reads_client_input() => {
                while let Some(batch) = self.read_input()? {
                    batch.into_iter().try_for_each(|value| out.write(self, value))?;
                }
                Ok(())
            }
            ExprKind::Postfix(PostfixOp::Increment | PostfixOp::Decrement, _)
            | ExprKind::Unary(UnaryOp::Increment | UnaryOp::Decrement, _) => self.expr(expression).map(drop),
            _ => {
                let value = self.expr(expression)?;
                self.write_elements(value, out)
            }
        }
    }

    /// What an expression in front of a pipeline yields.
    fn source(&mut self, stage: &ast::Stage, out: &mut dyn Sink) -> Run {
        match stage {
            ast::Stage::Expression(expression) => self.stream(expression, out),
            ast::Stage::Redirected(expression, redirections) => match self.redirections(redirections)? {
                Some(redirect) => redirected(&redirect, self, out, |ev, out| ev.stream(expression, out)),
                None => self.stream(expression, out),
            },
            ast::Stage::Command(_) => Ok(()),
        }
    }

    fn reads_client_input(&self) -> bool {
        self.has_input && self.frame.scope.get("input").is_none()
    }

    /// The stage of a command, its arguments evaluated and bound.
    fn stage_of(&mut self, command: &Command, fed: bool) -> Run<Slot> {
        let redirect = self.redirections(&command.redirections)?;
        let stage = self.bare_stage(command, fed)?;
        Ok(Slot { stage, begun: false, span: command.span, redirect })
    }

    fn bare_stage(&mut self, command: &Command, fed: bool) -> Run<Box<dyn Stage>> {
        let scope = if command.invocation == Invocation::DotSource { ScopeOf::Caller } else { ScopeOf::New };
        let name = match (&command.name.kind, command.invocation) {
            (ExprKind::String { value, .. }, _) => Val::str(value),
            _ => self.expr(&command.name)?,
        };
        if let Val::Block(block) = &name {
            let function = Rc::new(self.prepared(Function::of_block(block))?);
            let arguments = self.arguments(&command.elements)?;
            return Ok(Box::new(function::stage(self, function, arguments, scope, fed)?));
        }
        let shown = display(&name);
        if name.is_null() || shown.is_empty() {
            return Err(fault(
                "BadExpression",
                ErrorCategory::InvalidOperation,
                "the expression after `&` or `.` in a pipeline element produced an object that was not valid: it must result in a command name or a script block",
            )
            .into());
        }
        let resolved = self.resolve(&shown)?;
        let arguments = self.arguments(&command.elements)?;
        Ok(match resolved {
            Resolved::Function(function) => Box::new(function::stage(self, function, arguments, scope, fed)?),
            Resolved::Native(native) => Box::new(commands::stage(self, native, arguments, fed)?),
            Resolved::Effectful(info) => {
                let typed = self.text_of(command.span).to_owned();
                Box::new(effect::stage(self, info, arguments, typed, fed)?)
            }
        })
    }

    /// The elements of a command line, evaluated from left to right.
    fn arguments(&mut self, elements: &[Element]) -> Run<Vec<Argument>> {
        let mut out = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::EndOfParameters(_) => out.push(Argument::EndOfParameters),
                Element::Parameter { name, value, .. } => {
                    let given = match value {
                        Some(value) => Some(self.given(value)?),
                        None => None,
                    };
                    out.push(Argument::Named(Rc::clone(name), given));
                }
                Element::Argument(value) => out.push(Argument::Value(self.given(value)?)),
                Element::Splat { name, .. } => {
                    let (scope, name) = match name.split_once(':') {
                        Some((scope, name)) => (Some(Rc::from(scope.to_lowercase())), Rc::from(name)),
                        None => (None, Rc::clone(name)),
                    };
                    let variable = ast::Variable { scope, name, splatted: false };
                    let value = self.variable(&variable)?;
                    splat(&value, &mut out);
                }
            }
        }
        Ok(out)
    }

    fn given(&mut self, expression: &Expr) -> Run<Given> {
        let value = self.expr(expression)?;
        let typed = match &expression.kind {
            ExprKind::NumberText { text, .. } => Some(Val::str(text)),
            ExprKind::ArrayLiteral(items)
                if items.iter().any(|i| matches!(i.kind, ExprKind::NumberText { .. })) =>
            {
                let own = value.elements();
                let texts = items.iter().zip(own).map(|(item, value)| match &item.kind {
                    ExprKind::NumberText { text, .. } => Val::str(text),
                    _ => value,
                });
                Some(Val::array(texts.collect()))
            }
            _ => None,
        };
        Ok(Given { value, typed })
    }

    fn redirections(&mut self, redirections: &[Redirection]) -> Run<Option<Redirecting>> {
        if redirections.is_empty() {
            return Ok(None);
        }
        let mut all = Redirecting { merged: Vec::new(), discarded: Vec::new(), discards_output: false };
        for redirection in redirections {
            let from: Vec<StreamKind> = match redirection.from {
                None => StreamKind::ALL.into_iter().filter(|k| *k != StreamKind::Progress).collect(),
                Some(number) => StreamKind::ALL.into_iter().filter(|k| *k as u8 == number).collect(),
            };
            match &redirection.to {
                RedirectTarget::Stream(1) => {
                    all.merged.extend(from.into_iter().filter(|k| *k != StreamKind::Output));
                }
                RedirectTarget::File { name: Expr { kind: ExprKind::Variable(v), .. }, .. }
                    if v.scope.is_none() && v.name.eq_ignore_ascii_case("null") =>
                {
                    all.discards_output |= from.contains(&StreamKind::Output);
                    all.discarded.extend(from.into_iter().filter(|k| *k != StreamKind::Output));
                }
                _ => {
                    let failure = fault(
                        "RedirectionNotSupported",
                        ErrorCategory::NotImplemented,
                        "redirection to a file is not supported by this version; use `Set-Content`, `Add-Content`, `2>&1` or `>$null`",
                    );
                    return self.located(Err(failure.into()), redirection.span);
                }
            }
        }
        Ok(Some(all))
    }
}

/// A splatted table gives parameters, a splatted array values.
fn splat(value: &Val, out: &mut Vec<Argument>) {
    match value {
        Val::Table(cell) => {
            for (key, value) in cell.table.borrow().iter() {
                out.push(Argument::Named(Rc::from(display(key)), Some(Given::of(value.clone()))));
            }
        }
        Val::Null | Val::Nothing => {}
        Val::Array(items) => {
            out.extend(items.items.borrow().iter().map(|item| Argument::Value(Given::of(item.clone()))));
        }
        other => out.push(Argument::Value(Given::of(other.clone()))),
    }
}
