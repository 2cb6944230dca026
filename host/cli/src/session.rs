//! What the verbs need of a session, wherever it lives: run a text, read its events, stop it, feed it, end it. The
//! session in this process (`local`) and the one behind a connection (`remote`) both offer it.

use bailiwick_objects::Value;
use bailiwick_objects::metadata::{StreamKind, View};
use bailiwick_runtime::{Outcome, Status};

use crate::exit::{Exit, Problem};

/// What a running command says.
#[derive(Debug)]
pub(crate) enum Event {
    /// Records of one stream.
    Records(StreamKind, Vec<Value>),
    /// The last event.
    Finished(Outcome),
}

/// A running command. Dropping it stops the command.
pub(crate) trait Events: Send {
    /// The way in for records.
    type Input: Input;

    /// The next event. Nothing is lost when the future is dropped.
    ///
    /// # Errors
    /// The session went away.
    fn next(&mut self) -> impl Future<Output = Result<Event, Problem>> + Send;

    /// Asks the command to stop.
    fn stop(&mut self);

    /// The way in, once, if the command was told that there is input.
    fn input(&mut self) -> Option<Self::Input>;
}

/// The way in for a command's records. Dropping it before its end may stop the command.
pub(crate) trait Input: Send {
    /// Sends records once the command is ready for them; false: it takes no more.
    fn send(&mut self, records: &[Value]) -> impl Future<Output = bool> + Send;

    /// Says that no more follows.
    fn end(self);
}

/// A session.
pub(crate) trait Session: Send + Sync {
    /// A command that runs in it.
    type Events: Events;

    /// The host's name for the prompt.
    fn host(&self) -> &str;

    /// Where it is when it begins, drive-qualified; empty: nowhere.
    fn location(&self) -> &str;

    /// How its objects are shown.
    fn views(&self) -> &[View];

    /// Runs a text.
    ///
    /// # Errors
    /// The session takes no command now, or went away.
    fn execute(
        &self,
        text: &str,
        has_input: bool,
    ) -> impl Future<Output = Result<Self::Events, Problem>> + Send;

    /// Ends it; returns once the host has let go of it.
    ///
    /// # Errors
    /// It can't be said whether it ended.
    fn end(self) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// The exit status that an outcome leads to.
pub(crate) const fn exit_of(outcome: &Outcome) -> Exit {
    match outcome.status {
        Status::SessionLost => Exit::SessionLost,
        _ if outcome.refused => Exit::Refused,
        Status::Failed | Status::Stopped => Exit::Failed,
        Status::Completed if outcome.had_errors => Exit::Failed,
        Status::Completed => Exit::Done,
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_runtime::{Outcome, Status};

    use super::exit_of;
    use crate::exit::Exit;

    #[test]
    fn the_worst_of_an_outcome_decides_the_exit_status() {
        let cases = [
            (Status::Completed, false, false, Exit::Done),
            (Status::Completed, true, false, Exit::Failed),
            (Status::Completed, true, true, Exit::Refused),
            (Status::Failed, true, false, Exit::Failed),
            (Status::Failed, true, true, Exit::Refused),
            (Status::Stopped, false, false, Exit::Failed),
            (Status::SessionLost, true, true, Exit::SessionLost),
        ];
        for (status, had_errors, refused, exit) in cases {
            let outcome = Outcome { status, had_errors, refused, location: String::new(), error: None };
            assert_eq!(exit_of(&outcome), exit, "{outcome:?}");
        }
    }
}
