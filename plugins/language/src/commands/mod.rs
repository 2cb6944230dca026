//! Native commands: computation inside the session, without effects. A file holds a command or a small family: its
//! metadata and help first, then what it does.
//!
//! The table [`all`] is the only list of them.

mod describe;
mod filter;
mod get_command;
mod get_help;
mod group;
mod json;
pub(crate) mod location;
mod measure;
mod member;
mod out;
mod properties;
mod select;
mod sort;
mod variable;
mod write;

use std::rc::Rc;
use std::sync::LazyLock;

use bailiwick_objects::metadata::CommandInfo;

use crate::bind::common::ACTED_ON;
use crate::bind::{self, Argument, Bound, values};
use crate::eval::effect_refusal;
use crate::eval::flow::{Flow, Run};
use crate::eval::pipeline::Stage;
use crate::eval::streams::Sink;
use crate::eval::{Evaluator, Frame};
use crate::object::convert::{to_index, truth};
use crate::object::text::display;
use crate::object::{Failure, Val};
use crate::session::{CoreCommands, LanguageMode, State};

/// A native command.
pub(crate) struct Native {
    pub info: CommandInfo,
    /// Makes one run of it.
    make: fn() -> Box<dyn Command>,
    /// Part of the minimal set.
    minimal: bool,
    /// Means something only where variables exist.
    full_only: bool,
}

/// One run of a native command.
pub(crate) trait Command {
    /// Before the first record.
    fn begin(&mut self, _: &mut Call<'_, '_>) -> Run {
        Ok(())
    }
    /// One record, or once without one when nothing is piped.
    fn process(&mut self, _: &mut Call<'_, '_>) -> Run {
        Ok(())
    }
    /// After the last.
    fn end(&mut self, _: &mut Call<'_, '_>) -> Run {
        Ok(())
    }
}

/// What a command sees of its call.
pub(crate) struct Call<'a, 'h> {
    pub ev: &'a mut Evaluator<'h>,
    info: &'static CommandInfo,
    line: &'a Bound,
    record: &'a [(usize, Val)],
    out: &'a mut dyn Sink,
}

impl Call<'_, '_> {
    /// The value bound to a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<Val> {
        let at = self.info.parameters.iter().position(|p| p.name == name)?;
        let of =
            |values: &[(usize, Val)]| values.iter().find(|(bound, _)| *bound == at).map(|(_, v)| v.clone());
        of(self.record).or_else(|| of(&self.line.values))
    }

    pub(crate) fn switch(&self, name: &str) -> bool {
        self.get(name).is_some_and(|v| truth(&v))
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).filter(|v| !v.is_null()).map(|v| display(&v))
    }

    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).map(|v| v.elements_or_none().iter().map(display).collect()).unwrap_or_default()
    }

    /// A count; negative ones are 0.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        let n = to_index(&self.get(name)?).ok()?;
        Some(usize::try_from(n).unwrap_or(0))
    }

    /// The record that `-InputObject` has, by the pipeline or by the command line.
    pub(crate) fn input(&self) -> Option<Val> {
        self.get("InputObject")
    }

    /// The records of this step: an array given on the command line counts as its elements.
    pub(crate) fn inputs(&self) -> Vec<Val> {
        match self.input() {
            Some(value) if self.record.is_empty() => value.elements(),
            Some(value) => vec![value],
            None => Vec::new(),
        }
    }

    pub(crate) fn write(&mut self, value: Val) -> Run {
        self.out.write(self.ev, value)
    }

    pub(crate) fn write_elements(&mut self, value: Val) -> Run {
        self.ev.write_elements(value, self.out)
    }

    /// Runs something that writes to this command's output.
    pub(crate) fn with_output<T>(&mut self, run: impl FnOnce(&mut Evaluator<'_>, &mut dyn Sink) -> T) -> T {
        run(self.ev, self.out)
    }

    /// Writes a non-terminating error of this command.
    pub(crate) fn error(&mut self, failure: Failure) -> Run {
        self.ev.write_error(failure.by(&self.info.name))
    }

    pub(crate) fn name(&self) -> &'static str {
        &self.info.name
    }
}

/// All native commands, in the order of their names.
pub(crate) fn all() -> &'static [Native] {
    static ALL: LazyLock<Vec<Native>> = LazyLock::new(|| {
        let mut all: Vec<Native> = [
            filter::commands(),
            get_command::commands(),
            get_help::commands(),
            group::commands(),
            json::commands(),
            location::commands(),
            measure::commands(),
            member::commands(),
            out::commands(),
            select::commands(),
            sort::commands(),
            variable::commands(),
            write::commands(),
        ]
        .into_iter()
        .flatten()
        .collect();
        all.sort_by(|a, b| a.info.name.cmp(&b.info.name));
        all
    });
    &ALL
}

/// The native command of a name, if the session sees it.
pub(crate) fn visible(state: &State, name: &str) -> Option<&'static Native> {
    all().iter().find(|native| native.info.name.eq_ignore_ascii_case(name) && sees(state, native))
}

/// Whether a session sees a native command.
pub(crate) fn sees(state: &State, native: &Native) -> bool {
    let in_set = match state.config.core {
        CoreCommands::Standard => true,
        CoreCommands::Minimal => native.minimal,
        CoreCommands::None => false,
    };
    in_set && (!native.full_only || state.config.mode == LanguageMode::Full)
}

/// A native command as a stage.
pub(crate) struct NativeStage {
    native: &'static Native,
    command: Box<dyn Command>,
    line: Bound,
    /// Takes pipeline input at all.
    piped: bool,
    /// Carries the common parameters, if there are any.
    common: Option<Rc<bind::Common>>,
}

/// Binds a call.
pub(crate) fn stage(
    ev: &mut Evaluator<'_>,
    native: &'static Native,
    arguments: Vec<Argument>,
    fed: bool,
) -> Run<NativeStage> {
    let commons: Vec<&str> = ACTED_ON.iter().map(|(name, _)| *name).collect();
    let bound = bind::bind_line(&native.info, &commons, arguments, false, fed, &mut |p, g| {
        values::convert_listed(p, g)
    });
    let line = match bound {
        Ok(line) => line,
        Err(failure) => return Err(effect_refusal(ev, &native.info.name, failure).into()),
    };
    ev.natives = ev.natives.saturating_add(1);
    let common = (!line.common.is_default()).then(|| Rc::new(line.common.clone()));
    let piped = native.info.parameters.iter().any(|p| p.by_value || p.by_property_name);
    Ok(NativeStage { native, command: (native.make)(), line, piped, common })
}

impl NativeStage {
    fn step(
        &mut self,
        ev: &mut Evaluator<'_>,
        record: &[(usize, Val)],
        out: &mut dyn Sink,
        step: impl FnOnce(&mut dyn Command, &mut Call<'_, '_>) -> Run,
    ) -> Run {
        let run = |ev: &mut Evaluator<'_>, command: &mut dyn Command, line: &Bound| {
            let mut call = Call { ev, info: &self.native.info, line, record, out };
            step(command, &mut call)
        };
        let result = match &self.common {
            None => run(ev, &mut *self.command, &self.line),
            Some(common) => {
                let frame = Frame {
                    common: Some(Rc::clone(common)),
                    command: Rc::from(self.native.info.name.as_str()),
                    ..(*ev.frame).clone()
                };
                ev.within(Rc::new(frame), |ev| run(ev, &mut *self.command, &self.line))
            }
        };
        match result {
            // An error with a place came out of a script block that the command called: it is not the command's own.
            Err(Flow::Throw(failure)) if failure.record.position.is_none() && !failure.ends_script => {
                Err(failure.by(&self.native.info.name).into())
            }
            other => other,
        }
    }
}

impl Stage for NativeStage {
    fn begin(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        self.step(ev, &[], out, |command, call| command.begin(call))
    }

    fn process(&mut self, ev: &mut Evaluator<'_>, input: Option<Val>, out: &mut dyn Sink) -> Run {
        let Some(value) = input else {
            return self.step(ev, &[], out, |command, call| command.process(call));
        };
        if !self.piped && self.native.info.parameters.is_empty() {
            return Ok(());
        }
        match bind::bind_record(&self.native.info, &self.line, &value, &mut |p, g| {
            values::convert_listed(p, g)
        }) {
            Ok(record) => self.step(ev, &record, out, |command, call| command.process(call)),
            Err(failure) => ev.write_error(failure.by(&self.native.info.name)),
        }
    }

    fn end(&mut self, ev: &mut Evaluator<'_>, out: &mut dyn Sink) -> Run {
        self.step(ev, &[], out, |command, call| command.end(call))
    }
}
