//! Effectful commands: bound here, decided and run by the host. What crosses is the canonical form: canonical names,
//! typed values, paths with their drive.

use std::rc::Rc;

use bailiwick_objects::metadata::{CommandInfo, StreamKind, ValueType};
use bailiwick_objects::{ErrorRecord, Hashtable, Value};

use super::flow::{Flow, Run};
use super::pipeline::Stage;
use super::streams::Sink;
use super::{Evaluator, Frame};
use crate::bind::{self, Argument, Bound, values};
use crate::host::{BoundCommand, Fed, RefusalKind, Running, Step};
use crate::object::text::display;
use crate::object::{Failure, Fault, Val, cross};

/// A call of an effectful command.
pub(super) struct Effect {
    info: Rc<CommandInfo>,
    typed: String,
    bound: Bound,
    fed: bool,
    running: Option<Box<dyn Running>>,
}

/// Binds a call.
pub(super) fn stage(
    ev: &mut Evaluator<'_>,
    info: Rc<CommandInfo>,
    arguments: Vec<Argument>,
    typed: String,
    fed: bool,
) -> Run<Effect> {
    let commons: Vec<&str> = info.common_parameters.iter().map(String::as_str).collect();
    let bound =
        bind::bind_line(&info, &commons, arguments, false, fed, &mut |p, given| values::convert(p, given));
    let bound = match bound {
        Ok(bound) => bound,
        Err(failure) => return Err(refuse(ev, &info.name, failure).into()),
    };
    Ok(Effect { info, typed, bound, fed, running: None })
}

/// A refusal by the binder, told to the host.
pub(crate) fn refuse(ev: &mut Evaluator<'_>, command: &str, failure: Failure) -> Failure {
    let kind = match &*failure.record.id {
        "NamedParameterNotFound" | "AmbiguousParameter" | "PositionalParameterNotFound" => {
            RefusalKind::UnknownParameter
        }
        _ => RefusalKind::Binding,
    };
    let failure = failure.by(command);
    ev.refused(kind, command, failure)
}

impl Effect {
    /// The canonical form of what was bound.
    fn arguments(&self, ev: &Evaluator<'_>, values: &[(usize, Val)]) -> Result<Hashtable, Failure> {
        let mut entries = Vec::with_capacity(values.len());
        for (at, value) in values {
            let Some(parameter) = self.info.parameters.get(*at) else { continue };
            if matches!(value, Val::Block(_)) || parameter.value_type == ValueType::ScriptBlock {
                return Err(bind_refusal(&parameter.name, value));
            }
            let value = if parameter.path { qualified(&ev.state.location, value) } else { value.clone() };
            entries.push((Value::string(&parameter.name), cross::to_value(&value)));
        }
        Ok(Hashtable { ordered: true, entries })
    }

    /// The location, for a command that works there when no path is given: policy is to see which path it is.
    fn at_location(&self, ev: &Evaluator<'_>) -> Option<(usize, Val)> {
        let is_path = |at: usize| self.info.parameters.get(at).is_some_and(|parameter| parameter.path);
        if self.fed || ev.state.location.is_empty() || self.bound.values.iter().any(|(at, _)| is_path(*at)) {
            return None;
        }
        let at = self.info.parameters.iter().position(|parameter| {
            let in_default = parameter.sets.is_empty() || parameter.sets.contains(&self.info.default_set);
            parameter.path && parameter.position == Some(0) && !parameter.mandatory && in_default
        })?;
        Some((at, Val::from(&*ev.state.location)))
    }

    /// A record of the host, as an error of this command.
    fn failure(&self, record: ErrorRecord) -> Failure {
        let mut failure = Fault::of_record(record);
        if failure.record.command.is_empty() {
            failure.record.command = std::sync::Arc::from(self.info.name.as_str());
        }
        failure
    }

    /// The frame that carries this call's common parameters.
    fn frame(&self, ev: &Evaluator<'_>) -> Rc<Frame> {
        let common = &self.bound.common;
        Rc::new(Frame {
            common: (!common.is_default()).then(|| Rc::new(common.clone())),
            command: Rc::from(self.info.name.as_str()),
            ..(*ev.frame).clone()
        })
    }

    fn nonterminating(&self, ev: &mut Evaluator<'_>, failure: Failure) -> Run {
        let frame = self.frame(ev);
        ev.within(frame, |ev| ev.write_error(failure))
    }

    /// Takes what the command has to say until it wants input or ends. True: it wants input.
    fn drain(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run<bool> {
        loop {
            ev.flush()?;
            ev.poll()?;
            let Some(running) = self.running.as_mut() else { return Ok(false) };
            match running.next() {
                Step::Records(StreamKind::Output, values) => {
                    for value in &values {
                        out.write(ev, cross::to_live(value))?;
                    }
                }
                Step::Records(kind, values) => {
                    for value in values {
                        self.other_stream(ev, kind, value)?;
                    }
                }
                Step::WantsInput => return Ok(true),
                Step::Done(error) => {
                    self.running = None;
                    return match error {
                        Some(record) => Err(Flow::Throw(self.failure(*record))),
                        None => Ok(false),
                    };
                }
            }
        }
    }

    fn other_stream(&self, ev: &mut Evaluator<'_>, kind: StreamKind, value: Value) -> Run {
        match value {
            Value::Error(record) if kind == StreamKind::Error => {
                let failure = self.failure(*record);
                self.nonterminating(ev, failure)
            }
            value => ev.within(self.frame(ev), |ev| ev.write_message(kind, cross::to_live(&value))),
        }
    }
}

fn bind_refusal(name: &str, value: &Val) -> Failure {
    bind::not_converted(name, value, "a value that may leave the session: script blocks do not")
}

impl Stage for Effect {
    fn begin(&mut self, ev: &mut Evaluator<'_>, _: &mut dyn Sink) -> Run {
        let mut values = self.bound.values.clone();
        values.extend(self.at_location(ev));
        let arguments = match self.arguments(ev, &values) {
            Ok(arguments) => arguments,
            Err(failure) => return Err(refuse(ev, &self.info.name, failure).into()),
        };
        ev.flush()?;
        let call = BoundCommand {
            name: self.info.name.clone(),
            typed: std::mem::take(&mut self.typed),
            arguments,
            pipeline_input: self.fed,
        };
        match ev.host.invoke(call) {
            Ok(running) => self.running = Some(running),
            Err(record) => return Err(self.failure(*record).into()),
        }
        Ok(())
    }

    fn process(&mut self, ev: &mut Evaluator<'_>, input: Option<Val>, out: &mut dyn Sink) -> Run {
        let Some(value) = input else {
            // The arguments alone are the one record; `end` takes what comes of it.
            return Ok(());
        };
        let info = Rc::clone(&self.info);
        let record = bind::bind_record(&info, &self.bound, &value, &mut |p, given| values::convert(p, given))
            .and_then(|values| self.arguments(ev, &values));
        let record = match record {
            Ok(record) => record,
            Err(failure) => {
                let failure = refuse(ev, &info.name, failure);
                return self.nonterminating(ev, failure);
            }
        };
        loop {
            ev.flush()?;
            ev.poll()?;
            let Some(running) = self.running.as_mut() else {
                // It ended by itself: it wants nothing more.
                return Err(Flow::Enough);
            };
            match running.feed(&record) {
                Fed::Taken => return self.drain(ev, out).map(drop),
                Fed::OutputWaiting => {
                    if !self.drain(ev, out)? {
                        return Err(Flow::Enough);
                    }
                }
                Fed::Refused(error) => {
                    let failure = self.failure(*error);
                    return self.nonterminating(ev, failure);
                }
            }
        }
    }

    fn end(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        if let Some(running) = self.running.as_mut() {
            running.end_input();
        }
        while self.running.is_some() {
            if self.drain(ev, out)?
                && let Some(running) = self.running.as_mut()
            {
                running.end_input();
                ev.poll()?;
            }
        }
        Ok(())
    }
}

/// A path parameter's value against the session's location.
fn qualified(location: &str, value: &Val) -> Val {
    match value {
        Val::Array(items) => {
            Val::array(items.items.borrow().iter().map(|item| qualified(location, item)).collect())
        }
        Val::Str(path) => Val::from(crate::commands::location::qualify(location, path)),
        Val::Null | Val::Nothing => Val::Null,
        other => Val::from(crate::commands::location::qualify(location, &display(other))),
    }
}
