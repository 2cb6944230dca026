//! The exported session: one for each instance.

use std::cell::RefCell;

use bailiwick_language::session::{CommandText, Session, Status};

use crate::bindings::session as wit;
use crate::host::Imports;
use crate::{Engine, convert};

thread_local! {
    /// The session, while nothing executes. It is taken out to execute and put back afterwards: no borrow is held
    /// across an import.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

impl wit::Guest for Engine {
    fn configure(c: wit::Configuration) -> Result<(), String> {
        if SESSION.with(|slot| slot.borrow().is_some()) {
            return Err("cannot configure the session: it is configured already".into());
        }
        let session = Session::new(convert::configuration(c)).map_err(|error| error.to_string())?;
        SESSION.with(|slot| *slot.borrow_mut() = Some(session));
        Ok(())
    }

    fn execute(c: wit::CommandText) -> wit::Outcome {
        let Some(mut session) = SESSION.with(|slot| slot.borrow_mut().take()) else { return unconfigured() };
        let arguments = convert::values(&c.arguments).unwrap_or_default();
        let command = CommandText { text: c.text, arguments, has_input: c.has_input };
        let outcome = session.execute(&mut Imports, &command);
        SESSION.with(|slot| *slot.borrow_mut() = Some(session));
        let status = match outcome.status {
            Status::Completed => wit::Status::Completed,
            Status::Failed => wit::Status::Failed,
            Status::Stopped => wit::Status::Stopped,
        };
        wit::Outcome {
            status,
            had_errors: outcome.had_errors,
            location: outcome.location,
            native_commands: outcome.native_commands,
        }
    }

    fn native_commands() -> Vec<String> {
        bailiwick_language::native_commands()
    }
}

/// The outcome of a session that does not exist.
fn unconfigured() -> wit::Outcome {
    wit::Outcome {
        status: wit::Status::Failed,
        had_errors: true,
        location: String::new(),
        native_commands: 0,
    }
}
