//! Which sessions were made through this door, by which connection, and which commands each was given: so that a
//! command id is executed once, whichever connection of its user repeats it, and one command runs at a time.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bailiwick_policy::UserId;
use bailiwick_runtime::{ExecuteError, NoSuchSession, SessionId};
use bailiwick_wire::CommandId;
use bailiwick_wire::message::EndReason;
use tokio::sync::mpsc;

use crate::failure::RequestError;

/// Commands of one session. None is ever forgotten while the session lives, so there is an end to them.
const COMMANDS: usize = 100_000;

/// Tells a connection which of its sessions ended without its asking, and why.
pub(crate) type Notices = mpsc::UnboundedSender<(SessionId, EndReason)>;

/// The sessions of a server.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    sessions: Mutex<HashMap<SessionId, Entry>>,
}

#[derive(Debug)]
struct Entry {
    owner: UserId,
    maker: Notices,
    commands: HashSet<CommandId>,
    running: Option<CommandId>,
}

/// A command's turn in its session, over when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    ledger: Arc<Ledger>,
    session: SessionId,
    command: CommandId,
}

impl Ledger {
    /// A connection created a session.
    pub(crate) fn opened(&self, session: SessionId, owner: &UserId, maker: &Notices) {
        let entry =
            Entry { owner: owner.clone(), maker: maker.clone(), commands: HashSet::new(), running: None };
        self.locked().insert(session, entry);
    }

    /// A session was removed. Returns the way to the connection that created it.
    pub(crate) fn closed(&self, session: SessionId) -> Option<Notices> {
        self.locked().remove(&session).map(|entry| entry.maker)
    }

    /// Enters a command before it is executed.
    ///
    /// # Errors
    /// The session is not the caller's, the command was entered before, another runs, or there were too many.
    pub(crate) fn enter(
        self: &Arc<Self>,
        session: SessionId,
        caller: &UserId,
        command: CommandId,
    ) -> Result<Turn, RequestError> {
        let mut sessions = self.locked();
        let entry = sessions.get_mut(&session).filter(|entry| entry.owner == *caller).ok_or(NoSuchSession)?;
        if entry.commands.contains(&command) {
            return Err(RequestError::Duplicate);
        }
        if entry.running.is_some() {
            return Err(ExecuteError::Busy.into());
        }
        if entry.commands.len() >= COMMANDS {
            return Err(RequestError::Limit("the session has had 100,000 commands: create a new one"));
        }
        entry.commands.insert(command);
        entry.running = Some(command);
        Ok(Turn { ledger: Arc::clone(self), session, command })
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<SessionId, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// The command was not executed after all: it may be given again.
    pub(crate) fn take_back(self) {
        if let Some(entry) = self.ledger.locked().get_mut(&self.session) {
            entry.commands.remove(&self.command);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(entry) = self.ledger.locked().get_mut(&self.session) {
            entry.running = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: SessionId = SessionId::from_bytes([7; 16]);
    const COMMAND: CommandId = CommandId([1; 16]);
    const OTHER: CommandId = CommandId([2; 16]);

    fn user(name: &str) -> UserId {
        UserId::parse(name).unwrap()
    }

    fn ledger() -> Arc<Ledger> {
        let ledger = Arc::new(Ledger::default());
        ledger.opened(SESSION, &user("alice"), &mpsc::unbounded_channel().0);
        ledger
    }

    #[test]
    fn row_e42_a_command_is_entered_once() {
        let ledger = ledger();
        let turn = ledger.enter(SESSION, &user("alice"), COMMAND).unwrap();
        assert!(matches!(ledger.enter(SESSION, &user("alice"), COMMAND), Err(RequestError::Duplicate)));
        drop(turn);
        assert!(matches!(ledger.enter(SESSION, &user("alice"), COMMAND), Err(RequestError::Duplicate)));
    }

    #[test]
    fn a_command_that_was_not_executed_may_be_given_again() {
        let ledger = ledger();
        ledger.enter(SESSION, &user("alice"), COMMAND).unwrap().take_back();
        assert!(ledger.enter(SESSION, &user("alice"), COMMAND).is_ok());
    }

    #[test]
    fn one_command_of_a_session_has_its_turn() {
        let ledger = ledger();
        let turn = ledger.enter(SESSION, &user("alice"), COMMAND).unwrap();
        let busy = ledger.enter(SESSION, &user("alice"), OTHER);
        assert!(matches!(busy, Err(RequestError::Execute(ExecuteError::Busy))));
        drop(turn);
        assert!(ledger.enter(SESSION, &user("alice"), OTHER).is_ok());
    }

    #[test]
    fn row_e26_another_user_learns_nothing_of_a_command() {
        let ledger = ledger();
        let _turn = ledger.enter(SESSION, &user("alice"), COMMAND).unwrap();
        assert!(matches!(ledger.enter(SESSION, &user("bob"), COMMAND), Err(RequestError::NoSuchSession(_))));
    }

    #[test]
    fn row_e42_a_session_has_an_end_of_commands() {
        let ledger = ledger();
        for number in 0..COMMANDS as u128 {
            ledger.enter(SESSION, &user("alice"), CommandId(number.to_be_bytes())).unwrap();
        }
        let more = ledger.enter(SESSION, &user("alice"), CommandId([0xff; 16]));
        assert!(matches!(more, Err(RequestError::Limit(_))));
    }
}
