//! A session: what is configured once and what is kept between commands, and how one text is executed.

use std::rc::Rc;

use bailiwick_objects::metadata::{StreamKind, View};
use bailiwick_objects::{ErrorCategory, Value};

use crate::eval::flow::Flow;
pub use crate::eval::mode::NodeKind;
use crate::eval::scope::Scope;
use crate::eval::streams::Client;
use crate::eval::{Evaluator, mode, position};
use crate::host::{Host, RefusalKind};
use crate::object::cross::to_live;
use crate::object::{Array, Failure, Val, fault};
use crate::syntax::{self, SyntaxError, ast::ScriptBody};

/// PowerShell's language modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are PowerShell's")]
pub enum LanguageMode {
    No,
    Restricted,
    Constrained,
    Full,
}

/// Which native commands a session sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoreCommands {
    /// All of them.
    Standard,
    /// Those that a session cannot well be without, as PowerShell's restricted sessions have them.
    Minimal,
    /// None.
    None,
}

/// A drive, as far as the language knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Without the colon.
    pub name: String,
    /// Changes may be allowed.
    pub writable: bool,
    /// One sentence.
    pub description: String,
}

/// What a session is made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// The endpoint's name.
    pub endpoint: String,
    /// Whose session it is.
    pub user: String,
    /// The host's name.
    pub computer: String,
    /// What texts may hold.
    pub mode: LanguageMode,
    /// Which native commands there are.
    pub core: CoreCommands,
    /// In the order of their names.
    pub drives: Vec<Drive>,
    /// Drive-qualified; empty: none.
    pub location: String,
    /// Width of the client's screen in columns.
    pub width: u32,
    /// Default views of types.
    pub views: Vec<View>,
}

/// Why a session cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigureError {
    /// A mode that this version does not serve.
    #[error(
        "cannot configure the session: language mode `{0:?}` is not supported by this version; use `none` or `full`"
    )]
    Mode(LanguageMode),
}

/// One text to execute.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CommandText {
    /// As typed.
    pub text: String,
    /// `$args`.
    pub arguments: Vec<Value>,
    /// The client feeds records.
    pub has_input: bool,
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Status {
    Completed,
    /// A terminating error was not caught.
    Failed,
    Stopped,
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// An error record was written, terminating or not.
    pub had_errors: bool,
    /// The location afterwards; empty: none.
    pub location: String,
    /// How many native commands ran.
    pub native_commands: u32,
}

/// What a session keeps.
pub(crate) struct State {
    pub config: Configuration,
    pub global: Rc<Scope>,
    pub location: String,
    /// `$Error`.
    pub errors: Rc<Array>,
}

/// A session of the language.
pub struct Session {
    state: State,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("config", &self.state.config).finish_non_exhaustive()
    }
}

impl Session {
    /// A session without history.
    ///
    /// # Errors
    /// The configuration asks for what this version does not serve.
    pub fn new(config: Configuration) -> Result<Self, ConfigureError> {
        if matches!(config.mode, LanguageMode::Restricted | LanguageMode::Constrained) {
            return Err(ConfigureError::Mode(config.mode));
        }
        let location = config.location.clone();
        let errors = Rc::new(Array { items: Vec::new().into(), list: true });
        Ok(Self { state: State { config, global: Rc::new(Scope::default()), location, errors } })
    }

    /// The configuration it was made with.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.state.config
    }

    /// Executes a text. Nothing of it runs if any of it is no text of the session's language mode.
    pub fn execute(&mut self, host: &mut dyn Host, command: &CommandText) -> Outcome {
        let source: Rc<str> = Rc::from(command.text.as_str());
        let mut ev = Evaluator::new(host, &mut self.state, Rc::clone(&source), command.has_input);
        let status = match admitted(&mut ev, &source) {
            Ok(body) => run(&mut ev, &body, &command.arguments),
            Err(failures) => refuse(&mut ev, failures),
        };
        let status = match ev.flush() {
            Err(Flow::Stopping) => Status::Stopped,
            _ => status,
        };
        let (had_errors, native_commands) = (ev.had_errors, ev.natives);
        Outcome { status, had_errors, location: self.state.location.clone(), native_commands }
    }
}

/// The tree of a text, parsed and allowed by the mode.
fn admitted(ev: &mut Evaluator<'_>, source: &Rc<str>) -> Result<ScriptBody, Vec<Failure>> {
    let body = match syntax::parse(source) {
        Ok(body) => body,
        Err(errors) => {
            if let Some(first) = errors.first() {
                ev.host.refused(RefusalKind::Parse, &shortened(source), first.id);
            }
            return Err(errors.iter().map(|error| syntax_failure(source, error)).collect());
        }
    };
    if let Err(refused) = mode::check(&body, ev.state.config.mode) {
        let mut failure = refused.failure();
        failure.record.position = position(source, refused.span);
        return Err(vec![ev.refused(RefusalKind::LanguageMode, &shortened(source), failure)]);
    }
    Ok(body)
}

fn shortened(text: &str) -> String {
    text.chars().take(500).collect()
}

fn syntax_failure(source: &str, error: &SyntaxError) -> Failure {
    let mut failure = fault(error.id, ErrorCategory::ParserError, &error.message)
        .exception("System.Management.Automation.ParseException");
    failure.record.position = position(source, error.span);
    failure
}

fn refuse(ev: &mut Evaluator<'_>, failures: Vec<Failure>) -> Status {
    for failure in failures {
        let value = Val::Error(Rc::from(failure));
        ev.remember(&value);
        if ev.send(StreamKind::Error, &value).is_err() {
            return Status::Stopped;
        }
    }
    Status::Failed
}

fn run(ev: &mut Evaluator<'_>, body: &ScriptBody, arguments: &[Value]) -> Status {
    let arguments = Val::array(arguments.iter().map(to_live).collect());
    let global = Rc::clone(&ev.state.global);
    global.set("args", arguments.clone());
    let result = if body.params.is_empty() && body.begin.is_none() && body.process.is_none() {
        ev.block(&body.end, &mut Client)
    } else {
        ev.script(body, arguments)
    };
    match result {
        Ok(()) | Err(Flow::Return | Flow::Exit | Flow::Break(_) | Flow::Continue(_)) => {}
        Err(Flow::Stopping) => return Status::Stopped,
        // A stage that wants no more input, where nothing is upstream.
        Err(Flow::Enough | Flow::StopUpstream { .. }) => {}
        Err(Flow::Throw(failure)) => {
            ev.ok = false;
            let value = Val::Error(Rc::from(failure));
            ev.remember(&value);
            if ev.send(StreamKind::Error, &value).is_err() {
                return Status::Stopped;
            }
            return Status::Failed;
        }
    }
    if ev.failed { Status::Failed } else { Status::Completed }
}
