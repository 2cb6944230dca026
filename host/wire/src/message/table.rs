//! The one table of message kinds. A line of it is a number, a name, who sends it, the largest body, the lane it is
//! written in, the states of the link in which it may come, a sentence, and its fields by key. Types, codec, `Debug`
//! and the table of `docs/wire.md` come from it.

use std::fmt;

use bailiwick_objects::metadata::{StreamKind, View};

use super::record::{EndReason, EndpointSummary, Limits, Method, Secret, SessionInfo, Status};
use super::{Facts, Lane};
use crate::cbor::{Malformed, Reader, Writer};
use crate::error::ProtocolError;
use crate::failure::FailureCode;
use crate::id::{CommandId, SessionId};
use crate::link::{LinkState, Side};

macro_rules! messages {
    ($(
        $(#[doc = $doc:literal])+
        $number:literal $name:ident ($sender:ident, $limit:ident, $lane:ident, $states:ident) {
            $( $(#[doc = $field_doc:literal])+ $key:literal $field:ident : $type:ty, )*
        }
    )+) => {
        /// The kinds of messages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind { $( $(#[doc = $doc])+ $name = $number ),+ }

        impl Kind {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$( Self::$name ),+];

            /// What the table says of it.
            pub const fn facts(self) -> &'static Facts {
                match self { $(
                    Self::$name => &Facts {
                        name: stringify!($name),
                        sender: $sender,
                        limit: $limit,
                        lane: Lane::$lane,
                        states: $states,
                        sentence: concat!($($doc),+),
                        fields: &[$( ($key, stringify!($field), stringify!($type)) ),*],
                    },
                )+ }
            }
        }

        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $name { $( $(#[doc = $field_doc])+ pub $field: $type, )* }
        )+

        /// A message.
        #[derive(Clone, PartialEq, Eq)]
        pub enum Message { $( $(#[doc = $doc])+ $name($name) ),+ }

        impl Message {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $( Self::$name(_) => Kind::$name ),+ }
            }

            /// Its body: a map whose key 0 is the kind.
            pub(crate) fn body(&self) -> Vec<u8> {
                let mut writer = Writer::default();
                let out = &mut writer;
                match self { $( Self::$name(message) => {
                    write_fields!(message, out, 1, { out.unsigned(0); out.unsigned($number) }, $( $key $field ),*);
                } )+ }
                writer.bytes
            }

            /// Reads a body strictly.
            pub(crate) fn from_body(body: &[u8]) -> Result<Self, ProtocolError> {
                let mut from = Reader::new(body);
                let (kind, pairs) = read_kind(&mut from)?;
                let read = |from: &mut Reader<'_>| -> Result<Self, Malformed> {
                    match kind { $( Kind::$name => {
                        read_fields!($name, from, 1..pairs, Some(0), $( $key $field: $type ),*).map(Self::$name)
                    } )+ }
                };
                let message = read(&mut from).and_then(|message| from.finish().map(|()| message));
                message.map_err(|fault| ProtocolError::malformed(kind.facts().name, fault))
            }
        }

        impl fmt::Debug for Message {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $( Self::$name(message) => fmt::Debug::fmt(message, f) ),+ }
            }
        }

        $( impl From<$name> for Message {
            fn from(message: $name) -> Self {
                Self::$name(message)
            }
        } )+
    };
}

/// Bytes of a body before the peer is known.
pub(crate) const EARLY: u32 = 4 << 10;
/// Bytes of a body that steers.
const SMALL: u32 = 1 << 10;
/// Bytes of a body that carries data.
pub(crate) const LARGE: u32 = 32 << 10;

const CLIENT: Option<Side> = Some(Side::Client);
const SERVER: Option<Side> = Some(Side::Server);
const BOTH: Option<Side> = None;

const GREETING: &[LinkState] = &[LinkState::Greeting];
const AUTHENTICATING: &[LinkState] = &[LinkState::Authenticating];
const OPEN: &[LinkState] = &[LinkState::Open, LinkState::Draining];
const ANY: &[LinkState] =
    &[LinkState::Greeting, LinkState::Authenticating, LinkState::Open, LinkState::Draining];

messages! {
    /// Offers protocol versions.
    1 Hello (CLIENT, EARLY, Control, GREETING) {
        /// At most 16, the preferred one first.
        1 versions: Vec<u16>,
    }
    /// Chooses one of them.
    2 HelloReply (SERVER, EARLY, Control, GREETING) {
        /// The version spoken from here on.
        1 version: u16,
    }
    /// Says who the client is.
    3 Authenticate (CLIENT, EARLY, Control, AUTHENTICATING) {
        /// How.
        1 method: Method,
        /// With the method token only.
        2 token: Option<Secret>,
    }
    /// Tells the client who it is here and what holds for this connection.
    4 Authenticated (SERVER, EARLY, Control, AUTHENTICATING) {
        /// The user's name.
        1 user: String,
        /// What the host can do beyond this version.
        2 features: Vec<String>,
        /// What the connection may do.
        3 limits: Limits,
    }
    /// Shows that the sender lives.
    5 Heartbeat (BOTH, SMALL, Control, OPEN) {
        /// The receiver answers with one that wants none.
        1 wants_reply: bool,
    }
    /// Is the last message of its sender.
    6 Goodbye (BOTH, EARLY, Last, ANY) {
        /// Why.
        1 code: FailureCode,
        /// One sentence for people; may be empty.
        2 message: String,
        /// With `VERSION_UNSUPPORTED`: what is spoken here.
        3 versions: Option<Vec<u16>>,
    }
    /// Asks for the endpoints that the caller may use.
    16 ListEndpoints (CLIENT, SMALL, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
    }
    /// Asks for a new session.
    17 CreateSession (CLIENT, EARLY, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Absent: the host's default, or the caller's only one.
        2 endpoint: Option<String>,
        /// Absent: the host makes one.
        3 name: Option<String>,
        /// Of the client's screen, in columns.
        4 width: u32,
        /// Somebody can answer a prompt.
        5 interactive: bool,
        /// In seconds; absent: the endpoint's.
        6 idle_timeout: Option<u64>,
    }
    /// Asks for the live sessions of the caller.
    18 ListSessions (CLIENT, SMALL, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
    }
    /// Ends a session.
    19 RemoveSession (CLIENT, SMALL, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Which.
        2 session: SessionId,
    }
    /// Runs a command in a session.
    20 Execute (CLIENT, LARGE, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Where.
        2 session: SessionId,
        /// Chosen at random by the client; never executed twice in a session.
        3 command: CommandId,
        /// The text, or this part of it.
        4 text: String,
        /// A batch, the values of `$args`, or this part of it.
        5 arguments: Vec<u8>,
        /// Input follows.
        6 has_input: bool,
        /// Another part follows, with the same request, session, command and `has_input`.
        7 more: bool,
    }
    /// Feeds a command.
    21 Input (CLIENT, LARGE, Data, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// Counts the command's Input frames from 0.
        3 seq: u64,
        /// Another fragment of this batch follows.
        4 more: bool,
        /// A batch, or this fragment of it.
        5 batch: Vec<u8>,
    }
    /// Says that no input follows.
    22 EndInput (CLIENT, SMALL, Data, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// How many Input frames there were.
        3 seq: u64,
    }
    /// Stops a command; harmless if it has ended.
    23 Stop (CLIENT, SMALL, Control, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
    }
    /// Grants Output payload: so many bytes more.
    24 Credit (CLIENT, SMALL, Control, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// Added to what is left.
        3 bytes: u32,
    }
    /// Answers ListEndpoints.
    32 Endpoints (SERVER, LARGE, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// In name order; one that has the name of the one before continues its commands.
        2 endpoints: Vec<EndpointSummary>,
        /// Another page follows.
        3 more: bool,
    }
    /// Answers CreateSession.
    33 SessionCreated (SERVER, LARGE, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// The session, on every page.
        2 info: SessionInfo,
        /// Default views of its objects.
        3 views: Vec<View>,
        /// Another page follows, with more views.
        4 more: bool,
    }
    /// Answers ListSessions.
    34 Sessions (SERVER, LARGE, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// The oldest first.
        2 sessions: Vec<SessionInfo>,
        /// Another page follows.
        3 more: bool,
    }
    /// Answers RemoveSession.
    35 Removed (SERVER, SMALL, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Which.
        2 session: SessionId,
    }
    /// Answers Execute: the command will run and end with Finished.
    36 Accepted (SERVER, SMALL, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Where.
        2 session: SessionId,
        /// Which.
        3 command: CommandId,
    }
    /// Carries records of one stream.
    37 Output (SERVER, LARGE, Data, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// Counts the command's Output frames from 0.
        3 seq: u64,
        /// Which stream.
        4 stream: StreamKind,
        /// Another fragment of this batch follows.
        5 more: bool,
        /// A batch, or this fragment of it.
        6 batch: Vec<u8>,
    }
    /// Ends a command.
    38 Finished (SERVER, LARGE, Data, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// How many Output frames there were.
        3 seq: u64,
        /// How it ended.
        4 status: Status,
        /// An error record was written.
        5 had_errors: bool,
        /// Policy refused something.
        6 refused: bool,
        /// The session's location, drive-qualified; empty: none.
        7 location: String,
        /// A batch of one error record: what ended it.
        8 error: Option<Vec<u8>>,
    }
    /// Grants Input payload: so many bytes more.
    39 InputCredit (SERVER, SMALL, Control, OPEN) {
        /// Where.
        1 session: SessionId,
        /// Which.
        2 command: CommandId,
        /// Added to what is left.
        3 bytes: u32,
    }
    /// Answers any request that was not done.
    40 Failed (SERVER, EARLY, Data, OPEN) {
        /// The number of the request.
        1 request: u64,
        /// Why, for programs.
        2 code: FailureCode,
        /// Why, for people.
        3 message: String,
        /// What to do about it; may be empty.
        4 help: String,
    }
    /// Tells that a session has ended without having been asked to.
    41 SessionEnded (SERVER, EARLY, Data, OPEN) {
        /// Which.
        1 session: SessionId,
        /// Why, for programs.
        2 reason: EndReason,
        /// Why, for people.
        3 message: String,
    }
}

impl Kind {
    /// Its number on the wire.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind of a number.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| u64::from(kind.number()) == number)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().name)
    }
}

impl Message {
    /// The session whose order it keeps, if it belongs to one.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::RemoveSession(RemoveSession { session, .. })
            | Self::Execute(Execute { session, .. })
            | Self::Input(Input { session, .. })
            | Self::EndInput(EndInput { session, .. })
            | Self::Stop(Stop { session, .. })
            | Self::Credit(Credit { session, .. })
            | Self::SessionCreated(SessionCreated { info: SessionInfo { id: session, .. }, .. })
            | Self::Removed(Removed { session, .. })
            | Self::Accepted(Accepted { session, .. })
            | Self::Output(Output { session, .. })
            | Self::Finished(Finished { session, .. })
            | Self::InputCredit(InputCredit { session, .. })
            | Self::SessionEnded(SessionEnded { session, .. }) => Some(*session),
            _ => None,
        }
    }

    /// The number of the request it makes, if it makes one.
    pub(crate) fn asks(&self) -> Option<u64> {
        match self {
            Self::ListEndpoints(ListEndpoints { request })
            | Self::CreateSession(CreateSession { request, .. })
            | Self::ListSessions(ListSessions { request })
            | Self::RemoveSession(RemoveSession { request, .. })
            | Self::Execute(Execute { request, .. }) => Some(*request),
            _ => None,
        }
    }
}

/// Reads the head of a body: the number of pairs and, under key 0, the kind.
pub(crate) fn read_kind(from: &mut Reader<'_>) -> Result<(Kind, u64), ProtocolError> {
    let head = from.map().and_then(|pairs| match (pairs, from.key(None)) {
        (0, _) => Err(from.fault("it is empty")),
        (_, Ok(0)) => Ok((pairs, from.unsigned()?)),
        (_, Ok(_)) => Err(from.fault("its first key is not 0, the kind")),
        (_, Err(fault)) => Err(fault),
    });
    let (pairs, number) = head.map_err(|fault| ProtocolError::malformed("a message", fault))?;
    match Kind::from_number(number) {
        Some(kind) => Ok((kind, pairs)),
        None => Err(ProtocolError::UnknownKind { number }),
    }
}
