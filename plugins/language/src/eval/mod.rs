//! The evaluator: runs the typed tree against a session's state and its host. Pipelines push: a stage hands each
//! record on as it comes, so the first leaves before the last enters.
//!
//! What a command is and how its parameters bind live elsewhere; here is how the tree runs, and the limits that hold
//! while it does.

mod access;
mod assign;
mod declare;
mod effect;
mod expression;
pub(crate) mod flow;
pub(crate) mod function;
pub(crate) mod mode;
pub(crate) mod operators;
pub(crate) mod pipeline;
pub(crate) mod resolve;
pub(crate) mod scope;
mod statement;
pub(crate) mod streams;
mod texts;
mod variables;

pub(crate) use self::effect::refuse as effect_refusal;

use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::error_record::Position;
use bailiwick_objects::metadata::StreamKind;

use self::flow::{Flow, Run};
use self::scope::Scope;
use self::streams::{Emitter, Redirect};
use crate::bind::common::{Action, Common};
use crate::host::{Host, RefusalKind};
use crate::object::{Failure, Fault, Val, fault};
use crate::session::State;
use crate::syntax::span::Span;

/// Units of nesting: a statement or an expression is one, a call several. Measured in the sandbox, the leanest mix of
/// them (`1 + (f ($n - 1))`) used up 2 MiB of stack at 3,900 units; others took 4,200 to 6,100. This is half of it.
const MAX_DEPTH: u32 = 2000;
/// What a call of a function or script block weighs beside its statements.
pub(crate) const CALL_WEIGHT: u32 = 6;
/// Steps between two looks at the stop flag.
const STEPS_PER_POLL: u32 = 128;
/// Records that `$Error` keeps.
const MAX_ERRORS: usize = 256;

/// One run of a text.
pub(crate) struct Evaluator<'h> {
    pub host: &'h mut dyn Host,
    pub state: &'h mut State,
    /// What the code that runs now sees around it.
    pub frame: Rc<Frame>,
    pub emitter: Emitter,
    /// `$?`.
    pub ok: bool,
    /// An error record was written.
    pub had_errors: bool,
    /// A terminating error was not caught.
    pub failed: bool,
    /// Native commands that ran.
    pub natives: u32,
    /// `try` bodies around the code that runs now.
    pub catching: u32,
    /// The command is being stopped and `finally` blocks run.
    pub unwinding: bool,
    /// The client's records, until something reads them.
    pub has_input: bool,
    steps: u32,
    depth: u32,
    pipes: u64,
}

/// What code sees around it. Frames are swapped, never changed: a record that flows downstream runs there in the frame
/// of the pipeline, not of the command that wrote it.
#[derive(Clone)]
pub(crate) struct Frame {
    pub scope: Rc<Scope>,
    /// The text that spans point into.
    pub source: Rc<str>,
    pub redirect: Option<Rc<Redirect>>,
    /// Common parameters of the native command that runs now.
    pub common: Option<Rc<Common>>,
    /// The command that runs now, for error records.
    pub command: Rc<str>,
}

impl<'h> Evaluator<'h> {
    pub(crate) fn new(
        host: &'h mut dyn Host,
        state: &'h mut State,
        source: Rc<str>,
        has_input: bool,
    ) -> Self {
        let frame = Frame {
            scope: Rc::clone(&state.global),
            source,
            redirect: None,
            common: None,
            command: Rc::from(""),
        };
        Self {
            host,
            state,
            frame: Rc::new(frame),
            emitter: Emitter::default(),
            ok: true,
            had_errors: false,
            failed: false,
            natives: 0,
            catching: 0,
            unwinding: false,
            has_input,
            steps: 0,
            depth: 0,
            pipes: 0,
        }
    }

    /// Runs something in another frame.
    pub(crate) fn within<T>(&mut self, frame: Rc<Frame>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.frame, frame);
        let result = run(self);
        self.frame = outer;
        result
    }

    /// Counts a step of work and looks at the stop flag now and then.
    pub(crate) fn tick(&mut self) -> Run {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(STEPS_PER_POLL) { self.poll() } else { Ok(()) }
    }

    /// Looks at the stop flag, and hands over what has waited long enough for its batch.
    pub(crate) fn poll(&mut self) -> Run {
        if self.unwinding {
            return Ok(());
        }
        if self.host.stopping() {
            return Err(Flow::Stopping);
        }
        self.flush_waiting()
    }

    /// Runs something nested, unless it is nested too deep.
    pub(crate) fn deeper<T>(&mut self, weight: u32, run: impl FnOnce(&mut Self) -> Run<T>) -> Run<T> {
        if self.depth + weight > MAX_DEPTH {
            let mut failure = fault(
                "CallDepthOverflow",
                ErrorCategory::InvalidOperation,
                "the script failed due to call depth overflow; call less deeply",
            )
            .exception("System.Management.Automation.ScriptCallDepthException");
            // Going on behind each of the calls would multiply the work: it ends the whole text.
            failure.ends_script = true;
            return Err(failure.into());
        }
        self.depth += weight;
        let result = run(self);
        self.depth -= weight;
        result
    }

    /// The text of a span.
    pub(crate) fn text_of(&self, span: Span) -> &str {
        let (start, end) = (usize::try_from(span.start), usize::try_from(span.end));
        match (start, end) {
            (Ok(start), Ok(end)) => self.frame.source.get(start..end).unwrap_or(""),
            _ => "",
        }
    }

    /// Says where an error came from, unless that is said already.
    pub(crate) fn locate(&self, failure: &mut Fault, span: Span) {
        if failure.record.position.is_none() {
            failure.record.position = position(&self.frame.source, span);
        }
    }

    /// Says where an error came from, on its way up.
    pub(crate) fn located<T>(&self, result: Run<T>, span: Span) -> Run<T> {
        match result {
            Err(Flow::Throw(mut failure)) => {
                self.locate(&mut failure, span);
                Err(Flow::Throw(failure))
            }
            other => other,
        }
    }

    /// What is done about errors here: the command's `-ErrorAction`, else the preference variable.
    fn error_action(&self) -> Action {
        self.frame.common.as_ref().and_then(|c| c.error).unwrap_or_else(|| self.error_preference())
    }

    pub(crate) fn error_preference(&self) -> Action {
        self.frame.scope.get("erroractionpreference").and_then(|v| Action::of(&v)).unwrap_or(Action::Continue)
    }

    /// Writes a non-terminating error; it becomes a terminating one where the error action says so.
    pub(crate) fn write_error(&mut self, failure: Failure) -> Run {
        let action = self.error_action();
        self.report(failure, action)
    }

    /// Writes an error that ended its statement, and goes on.
    pub(crate) fn report_terminating(&mut self, failure: Failure) -> Run {
        let action = self.error_preference();
        self.failed = true;
        self.report(failure, action)
    }

    fn report(&mut self, mut failure: Failure, action: Action) -> Run {
        self.ok = false;
        match action {
            Action::Ignore => return Ok(()),
            Action::Stop => {
                failure.ends_script = true;
                return Err(failure.into());
            }
            Action::SilentlyContinue | Action::Continue => {}
        }
        let value = Val::Error(Rc::from(failure));
        self.remember(&value);
        if action == Action::SilentlyContinue {
            return Ok(());
        }
        self.write_stream(StreamKind::Error, value)
    }

    /// Puts an error in front of `$Error`.
    pub(crate) fn remember(&mut self, value: &Val) {
        let mut errors = self.state.errors.items.borrow_mut();
        errors.insert(0, value.clone());
        errors.truncate(MAX_ERRORS);
    }

    /// Tells the host what the engine refused by itself, and hands the refusal on.
    pub(crate) fn refused(&mut self, kind: RefusalKind, name: &str, failure: Failure) -> Failure {
        let id = failure.record.id.split(',').next().unwrap_or("").to_owned();
        self.host.refused(kind, name, &id);
        failure
    }

    /// Writes a message to one of the streams that a preference rules.
    pub(crate) fn write_message(&mut self, kind: StreamKind, value: Val) -> Run {
        let common = self.frame.common.as_ref();
        let asked =
            |flag: Option<bool>| flag.map(|on| if on { Action::Continue } else { Action::SilentlyContinue });
        let (given, name, default) = match kind {
            StreamKind::Warning => (common.and_then(|c| c.warning), "warningpreference", Action::Continue),
            StreamKind::Verbose => {
                (asked(common.and_then(|c| c.verbose)), "verbosepreference", Action::SilentlyContinue)
            }
            StreamKind::Debug => {
                (asked(common.and_then(|c| c.debug)), "debugpreference", Action::SilentlyContinue)
            }
            StreamKind::Information => {
                (common.and_then(|c| c.information), "informationpreference", Action::SilentlyContinue)
            }
            StreamKind::Output | StreamKind::Error | StreamKind::Progress => {
                return self.write_stream(kind, value);
            }
        };
        let preferred = || self.frame.scope.get(name).and_then(|v| Action::of(&v)).unwrap_or(default);
        match given.unwrap_or_else(preferred) {
            Action::Continue => self.write_stream(kind, value),
            Action::SilentlyContinue | Action::Ignore => Ok(()),
            Action::Stop => {
                let mut failure = fault(
                    "ActionPreferenceStop",
                    ErrorCategory::OperationStopped,
                    format!(
                        "the running command stopped because of a preference: {}",
                        crate::object::text::display(&value)
                    ),
                );
                failure.ends_script = true;
                Err(failure.into())
            }
        }
    }

    pub(crate) fn next_pipe(&mut self) -> u64 {
        self.pipes += 1;
        self.pipes
    }

    /// The next batch of the client's records, if there is one.
    pub(crate) fn read_input(&mut self) -> Run<Option<Vec<Val>>> {
        if !self.has_input {
            return Ok(None);
        }
        self.flush()?;
        match self.host.read_input() {
            Ok(Some(values)) => Ok(Some(values.iter().map(crate::object::cross::to_live).collect())),
            Ok(None) => {
                self.has_input = false;
                Ok(None)
            }
            Err(_) => Err(Flow::Stopping),
        }
    }
}

/// The place of a span in its text; none if it has none.
pub(crate) fn position(source: &str, span: Span) -> Option<Position> {
    let start = usize::try_from(span.start).ok()?;
    let before = source.get(..start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..)?.chars().count() + 1;
    let text: String = source.get(line_start..)?.lines().next().unwrap_or("").chars().take(500).collect();
    Some(Position {
        line: u32::try_from(line).ok()?,
        column: u32::try_from(column).ok()?,
        text: Arc::from(text.trim_end_matches('\r')),
    })
}
