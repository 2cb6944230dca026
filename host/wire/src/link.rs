//! What may be said next on a connection: one state machine for both ends, moved by every message that is sent or
//! received. A message without a place in it ends the connection.
//!
//! The table of kinds says in which states each may come; the states here hold what the table cannot: that a hello is
//! said once, that the version chosen was offered, that a request number is used once, that nothing follows a goodbye.

use std::collections::BTreeSet;
use std::fmt;

use crate::error::ProtocolError;
use crate::message::{EARLY, Execute, Goodbye, Hello, HelloReply, Kind, LARGE, Message};

/// Versions that a hello may offer.
const VERSIONS_OFFERED: usize = 16;

/// Request numbers remembered: one that is lower than all of them counts as repeated.
const REQUESTS_REMEMBERED: usize = 1024;

/// Executes of which a part has come and the last has not.
pub(crate) const EXECUTES_UNFINISHED: usize = 64;

/// An end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Who connected.
    Client,
    /// Who was connected to.
    Server,
}

/// The states of a link, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// A version is being agreed.
    Greeting,
    /// The client says who it is.
    Authenticating,
    /// Requests, sessions, commands.
    Open,
    /// One end has said goodbye: it says nothing more.
    Draining,
    /// Both have.
    Closed,
}

/// Bytes that a body may have in a state of the link, whatever its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLimit(u32);

/// Where a connection stands, as seen from one end.
#[derive(Debug)]
pub struct Link {
    side: Side,
    state: State,
}

#[derive(Debug)]
enum State {
    Greeting(Greeting),
    Authenticating(Authenticating),
    Open(Open),
    Draining(Draining),
    Closed,
}

#[derive(Debug)]
struct Greeting {
    offered: Option<Vec<u16>>,
}

#[derive(Debug)]
struct Authenticating {
    asked: bool,
}

#[derive(Debug, Default)]
struct Open {
    /// The highest request number that has been forgotten.
    forgotten: Option<u64>,
    requests: BTreeSet<u64>,
    unfinished: BTreeSet<u64>,
}

#[derive(Debug)]
struct Draining {
    /// Who has said goodbye.
    by: Side,
    /// What the other end may still say; nothing before the link was open.
    open: Option<Open>,
}

impl Link {
    /// A link on which nothing has been said.
    pub const fn new(side: Side) -> Self {
        Self { side, state: State::Greeting(Greeting { offered: None }) }
    }

    /// Where it stands.
    pub const fn state(&self) -> LinkState {
        match &self.state {
            State::Greeting(_) => LinkState::Greeting,
            State::Authenticating(_) => LinkState::Authenticating,
            State::Open(_) => LinkState::Open,
            State::Draining(_) => LinkState::Draining,
            State::Closed => LinkState::Closed,
        }
    }

    /// What [`crate::decode`] may accept now.
    pub const fn frame_limit(&self) -> FrameLimit {
        match &self.state {
            State::Open(_) | State::Draining(Draining { open: Some(_), .. }) => FrameLimit(LARGE),
            _ => FrameLimit(EARLY),
        }
    }

    /// Takes account of a message from the peer. Act on it only after this.
    ///
    /// # Errors
    /// It has no place here; the connection is over.
    pub fn received(self, message: &Message) -> Result<Self, ProtocolError> {
        let peer = self.side.other();
        self.said(peer, message)
    }

    /// Takes account of a message of one's own, when it is handed over to be written.
    ///
    /// # Errors
    /// It has no place here: it must not be written, and the caller is at fault.
    pub fn sent(self, message: &Message) -> Result<Self, ProtocolError> {
        let own = self.side;
        self.said(own, message)
    }

    fn said(self, by: Side, message: &Message) -> Result<Self, ProtocolError> {
        let state = self.state();
        let facts = message.kind().facts();
        if let Some(side) = facts.sender.filter(|side| *side != by) {
            return Err(ProtocolError::WrongSide { got: message.kind(), side });
        }
        if !facts.states.contains(&state) {
            return Err(unexpected(message, state, by));
        }
        let state = match self.state {
            State::Greeting(greeting) => greeting.said(by, message)?,
            State::Authenticating(authenticating) => authenticating.said(by, message)?,
            State::Open(open) => open.said(by, message)?,
            State::Draining(draining) => draining.said(by, message)?,
            State::Closed => return Err(unexpected(message, state, by)),
        };
        Ok(Self { side: self.side, state })
    }
}

impl Greeting {
    fn said(self, by: Side, message: &Message) -> Result<State, ProtocolError> {
        match (message, self.offered) {
            (Message::Hello(Hello { versions }), None) if versions.len() <= VERSIONS_OFFERED => {
                Ok(State::Greeting(Self { offered: Some(versions.clone()) }))
            }
            (Message::Hello(_), None) => {
                Err(ProtocolError::TooMany { what: "versions in a hello", limit: VERSIONS_OFFERED })
            }
            (Message::HelloReply(HelloReply { version }), Some(offered)) => {
                if offered.contains(version) {
                    Ok(State::Authenticating(Authenticating { asked: false }))
                } else {
                    Err(ProtocolError::VersionNotOffered { version: *version })
                }
            }
            (Message::Goodbye(_), _) => Ok(State::Draining(Draining { by, open: None })),
            _ => Err(unexpected(message, LinkState::Greeting, by)),
        }
    }
}

impl Authenticating {
    fn said(self, by: Side, message: &Message) -> Result<State, ProtocolError> {
        match (message, self.asked) {
            (Message::Authenticate(_), false) => Ok(State::Authenticating(Self { asked: true })),
            (Message::Authenticated(_), true) => Ok(State::Open(Open::default())),
            (Message::Goodbye(_), _) => Ok(State::Draining(Draining { by, open: None })),
            _ => Err(unexpected(message, LinkState::Authenticating, by)),
        }
    }
}

impl Open {
    fn said(mut self, by: Side, message: &Message) -> Result<State, ProtocolError> {
        if let Message::Goodbye(_) = message {
            return Ok(State::Draining(Draining { by, open: Some(self) }));
        }
        self.request(message)?;
        Ok(State::Open(self))
    }

    /// A request number is used once, by all parts of an Execute together.
    fn request(&mut self, message: &Message) -> Result<(), ProtocolError> {
        let Some(got) = message.asks() else { return Ok(()) };
        let continues = matches!(message, Message::Execute(_)) && self.unfinished.remove(&got);
        let forgotten = self.forgotten.is_some_and(|forgotten| got <= forgotten);
        if !continues && (forgotten || !self.requests.insert(got)) {
            return Err(ProtocolError::RequestRepeated { got });
        }
        if let Message::Execute(Execute { more: true, .. }) = message {
            self.unfinished.insert(got);
        }
        if self.unfinished.len() > EXECUTES_UNFINISHED {
            return Err(ProtocolError::TooMany { what: "unfinished Executes", limit: EXECUTES_UNFINISHED });
        }
        if self.requests.len() > REQUESTS_REMEMBERED {
            self.forgotten = self.requests.pop_first();
        }
        Ok(())
    }
}

impl Draining {
    fn said(self, by: Side, message: &Message) -> Result<State, ProtocolError> {
        match (message, self.open) {
            _ if by == self.by => Err(unexpected(message, LinkState::Draining, by)),
            (Message::Goodbye(Goodbye { .. }), _) => Ok(State::Closed),
            (_, Some(mut open)) => {
                open.request(message)?;
                Ok(State::Draining(Self { by: self.by, open: Some(open) }))
            }
            (_, None) => Err(unexpected(message, LinkState::Draining, by)),
        }
    }
}

fn unexpected(message: &Message, state: LinkState, by: Side) -> ProtocolError {
    let expected = Kind::ALL.iter().filter(|kind| {
        let facts = kind.facts();
        facts.states.contains(&state) && facts.sender.is_none_or(|side| side == by)
    });
    let expected: Vec<&str> = expected.map(|kind| kind.facts().name).collect();
    let expected = if expected.is_empty() { "nothing".into() } else { expected.join(", ") };
    ProtocolError::Unexpected { got: message.kind(), state, expected }
}

impl Hello {
    /// The version to answer with: the first offered that is spoken here.
    pub fn choose(&self) -> Option<u16> {
        self.versions.iter().copied().find(|version| *version == crate::VERSION)
    }
}

impl Side {
    /// The end across from it.
    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

impl FrameLimit {
    /// Before the peer is known.
    pub const EARLY: Self = Self(EARLY);
    /// Once it is.
    pub const OPEN: Self = Self(LARGE);

    /// In bytes.
    pub const fn bytes(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

impl fmt::Display for LinkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "greeting",
            Self::Authenticating => "authenticating",
            Self::Open => "open",
            Self::Draining => "draining",
            Self::Closed => "closed",
        })
    }
}
