//! Calls of functions, filters and script blocks: scopes, bound parameters, `begin`, `process`, `end`.

use std::rc::Rc;

use bailiwick_objects::metadata::ParameterInfo;

use super::declare::{Function, converted};
use super::flow::{Flow, Run};
use super::pipeline::Stage;
use super::scope::Scope;
use super::streams::Sink;
use super::{CALL_WEIGHT, Evaluator, Frame};
use crate::bind::{self, Argument, Bound, Given};
use crate::host::RefusalKind;
use crate::object::convert::cast;
use crate::object::{self, Block, Table, Type, Val};
use crate::syntax::ast::{self, ScriptBody};

/// Which scope a call runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeOf {
    New,
    /// Dot-sourced.
    Caller,
}

/// A call of a function.
pub(crate) struct Call {
    function: Rc<Function>,
    bound: Bound,
    scope: Rc<Scope>,
    frame: Rc<Frame>,
    input: Vec<Val>,
    /// The binding of pipeline records needs parameters that take them.
    takes_records: bool,
    /// Not dot-sourced.
    own_scope: bool,
}

/// Binds a call and makes its scope. Defaults and validation run code: binding is as deep as the call itself.
pub(crate) fn stage(
    ev: &mut Evaluator<'_>,
    function: Rc<Function>,
    arguments: Vec<Argument>,
    scope_of: ScopeOf,
    fed: bool,
) -> Run<Call> {
    ev.deeper(CALL_WEIGHT, |ev| bound(ev, function, arguments, scope_of, fed))
}

fn bound(
    ev: &mut Evaluator<'_>,
    function: Rc<Function>,
    arguments: Vec<Argument>,
    scope_of: ScopeOf,
    fed: bool,
) -> Run<Call> {
    let scope = match scope_of {
        ScopeOf::New => Scope::child(&ev.frame.scope),
        ScopeOf::Caller => Rc::clone(&ev.frame.scope),
    };
    let commons = function.commons();
    let takes_rest = !function.advanced || function.remaining.is_some();
    let (declared, info) = (Rc::clone(&function.parameters), Rc::clone(&function.info));
    let mut failed = None;
    let mut convert = |parameter: &ParameterInfo, given: &Given| {
        let more =
            info.parameters.iter().position(|p| p.name == parameter.name).and_then(|at| declared.get(at));
        converted(ev, parameter, more, given, &mut failed)
    };
    let bound = bind::bind_line(&function.info, &commons, arguments, takes_rest, fed, &mut convert);
    if let Some(flow) = failed {
        return Err(flow);
    }
    let bound = bound.map_err(|failure| {
        let failure = failure.by(&function.name);
        ev.refused(RefusalKind::Binding, &function.name, failure)
    })?;
    let common = &bound.common;
    let preferences = [
        ("ErrorActionPreference", common.error.map(|a| a.name())),
        ("WarningPreference", common.warning.map(|a| a.name())),
        ("InformationPreference", common.information.map(|a| a.name())),
        ("VerbosePreference", common.verbose.map(|on| if on { "Continue" } else { "SilentlyContinue" })),
        ("DebugPreference", common.debug.map(|on| if on { "Continue" } else { "SilentlyContinue" })),
    ];
    for (name, value) in preferences {
        if let Some(value) = value {
            scope.set(name, Val::str(value));
        }
    }
    let frame = Rc::new(Frame {
        scope: Rc::clone(&scope),
        source: Rc::clone(&function.source),
        redirect: ev.frame.redirect.clone(),
        common: None,
        command: Rc::clone(&function.name),
    });
    let takes_records = function.info.parameters.iter().any(|p| p.by_value || p.by_property_name);
    let mut call = Call {
        function,
        bound,
        scope,
        frame,
        input: Vec::new(),
        takes_records,
        own_scope: scope_of == ScopeOf::New,
    };
    call.set_parameters(ev)?;
    Ok(call)
}

impl Call {
    /// Sets the variables of what the command line bound, then the defaults of what it did not.
    fn set_parameters(&mut self, ev: &mut Evaluator<'_>) -> Run {
        let function = Rc::clone(&self.function);
        for (at, value) in &self.bound.values {
            if let Some(parameter) = function.info.parameters.get(*at) {
                let of = function.parameters.get(*at).and_then(|d| d.of.clone());
                self.scope.declare(&parameter.name, value.clone(), of);
            }
        }
        if let Some(at) = function.remaining
            && !self.bound.rest.is_empty()
            && !self.bound.values.iter().any(|(bound, _)| *bound == at)
        {
            self.bound.values.push((at, Val::array(std::mem::take(&mut self.bound.rest))));
        }
        let mut bound = Table::ordered();
        for (at, value) in &self.bound.values {
            if let Some(parameter) = function.info.parameters.get(*at) {
                bound.set_text(&parameter.name, value.clone());
            }
        }
        self.scope.set("PSBoundParameters", Val::table(bound));
        self.scope.set("args", Val::array(std::mem::take(&mut self.bound.rest)));
        for (at, parameter) in function.info.parameters.iter().enumerate() {
            if self.bound.values.iter().any(|(bound, _)| *bound == at) {
                continue;
            }
            let declared = function.parameters.get(at);
            let of = declared.and_then(|d| d.of.clone());
            let value = match declared.and_then(|d| d.default.as_ref()) {
                Some(default) => {
                    let value = ev.within(Rc::clone(&self.frame), |ev| ev.expr(default))?;
                    match &of {
                        Some(of) => cast(&value, of)?,
                        None => value,
                    }
                }
                None => empty_of(of.as_ref()),
            };
            self.scope.declare(&parameter.name, value, of);
        }
        Ok(())
    }

    fn run(&mut self, ev: &mut Evaluator<'_>, block: &ast::Block, out: &mut dyn Sink) -> Run {
        // Redirections are those in force now, not when the call was bound.
        let frame = Frame { redirect: ev.frame.redirect.clone(), ..(*self.frame).clone() };
        let result = ev.within(Rc::new(frame), |ev| ev.deeper(CALL_WEIGHT, |ev| ev.block(block, out)));
        match result {
            Err(Flow::Return) => Ok(()),
            other => other,
        }
    }
}

fn empty_of(of: Option<&Type>) -> Val {
    match of {
        Some(Type::String) => Val::str(""),
        Some(Type::Switch | Type::Bool) => Val::Bool(false),
        Some(Type::Int | Type::Narrow(..)) => Val::Int(0),
        Some(Type::Long) => Val::Long(0),
        Some(Type::Double | Type::Single) => Val::Double(0.0),
        Some(Type::Decimal) => Val::Decimal(0.into()),
        _ => Val::Null,
    }
}

impl Stage for Call {
    fn begin(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        let body = Rc::clone(&self.function.body);
        match &body.begin {
            Some(block) => self.run(ev, block, out),
            None => Ok(()),
        }
    }

    fn process(&mut self, ev: &mut Evaluator<'_>, input: Option<Val>, out: &mut dyn Sink) -> Run {
        let body = Rc::clone(&self.function.body);
        let Some(value) = input else {
            return match &body.process {
                Some(block) => self.run(ev, block, out),
                None => Ok(()),
            };
        };
        if self.takes_records
            && let Err(flow) = self.bind_input(ev, &value)
        {
            return match flow {
                Flow::Throw(failure) => ev.write_error(failure.by(&self.function.name)),
                other => Err(other),
            };
        }
        match &body.process {
            Some(block) => {
                self.scope.set("_", value);
                self.run(ev, block, out)
            }
            None => {
                object::limits::admit_items(self.input.len() + 1)?;
                self.input.push(value);
                Ok(())
            }
        }
    }

    fn end(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        let body = Rc::clone(&self.function.body);
        if body.process.is_none() {
            let input = std::mem::take(&mut self.input);
            if self.own_scope || !input.is_empty() {
                self.scope.set("input", Val::array(input));
            }
        }
        self.run(ev, &body.end, out)
    }
}

impl Call {
    fn bind_input(&mut self, ev: &mut Evaluator<'_>, value: &Val) -> Run {
        let function = Rc::clone(&self.function);
        let mut failed = None;
        let mut convert = |parameter: &ParameterInfo, given: &Given| {
            let at = function.info.parameters.iter().position(|p| p.name == parameter.name);
            converted(ev, parameter, at.and_then(|at| function.parameters.get(at)), given, &mut failed)
        };
        let record = bind::bind_record(&function.info, &self.bound, value, &mut convert);
        if let Some(flow) = failed {
            return Err(flow);
        }
        for (at, value) in record? {
            if let Some(parameter) = function.info.parameters.get(at) {
                self.scope.set(&parameter.name, value);
            }
        }
        Ok(())
    }
}

impl Evaluator<'_> {
    /// Calls a script block for one record: `$_` is set for its time, values of `arguments` bind its parameters.
    pub(crate) fn call_block(
        &mut self,
        block: &Rc<Block>,
        underscore: Option<Val>,
        arguments: Vec<Val>,
        scope: ScopeOf,
        out: &mut dyn Sink,
    ) -> Run {
        let plain =
            block.body.params.is_empty() && block.body.begin.is_none() && block.body.process.is_none();
        if plain && scope == ScopeOf::Caller && arguments.is_empty() {
            let frame = Frame { source: Rc::clone(&block.source), common: None, ..(*self.frame).clone() };
            let here = Rc::clone(&frame.scope);
            let before = underscore.map(|value| {
                let before = here.get_here("_");
                here.set("_", value);
                before
            });
            let body = Rc::clone(&block.body);
            let result =
                self.within(Rc::new(frame), |ev| ev.deeper(CALL_WEIGHT, |ev| ev.block(&body.end, out)));
            match before {
                Some(Some(value)) => here.set("_", value),
                Some(None) => drop(here.remove("_")),
                None => {}
            }
            return match result {
                Err(Flow::Return) => Ok(()),
                other => other,
            };
        }
        let function = Rc::new(self.prepared(Function::of_block(block))?);
        let arguments = arguments.into_iter().map(|v| Argument::Value(Given::of(v))).collect();
        let outer = Rc::clone(&self.frame);
        let frame = Frame { common: None, ..(*outer).clone() };
        self.within(Rc::new(frame), |ev| {
            let mut call = stage(ev, function, arguments, scope, false)?;
            let set = underscore
                .map(|value| (Rc::clone(&call.scope), call.scope.get_here("_"), call.scope.set("_", value)));
            let result = call
                .begin(ev, out)
                .and_then(|()| call.process(ev, None, out))
                .and_then(|()| call.end(ev, out));
            if let Some((scope, Some(before), ())) = set {
                scope.set("_", before);
            }
            result
        })
    }
}

impl Evaluator<'_> {
    /// A text with `param`, `begin` or `process` of its own: a script, called with its arguments in the session's
    /// scope.
    pub(crate) fn script(&mut self, body: &ScriptBody, arguments: Val) -> Run {
        let source = Rc::clone(&self.frame.source);
        let block = Block { body: Rc::new(body.clone()), text: Rc::clone(&source), source };
        let block = Rc::new(block);
        self.call_block(
            &block,
            None,
            arguments.elements_or_none(),
            ScopeOf::Caller,
            &mut super::streams::Client,
        )
    }
}
