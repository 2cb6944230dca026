//! What a peer did wrong. Every one of these ends the connection: there is no resynchronisation.

use crate::cbor::Malformed;
use crate::failure::FailureCode;
use crate::link::{LinkState, Side};
use crate::message::{Goodbye, Kind, Message};

/// The peer broke the protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// A frame that cannot hold a message.
    #[error("a frame of {length} bytes holds no message")]
    TooShort {
        /// As announced.
        length: u32,
    },
    /// A frame above the limit; nothing of it was buffered beyond its first bytes.
    #[error("a frame of {length} bytes is longer than the {limit} bytes allowed here")]
    TooLong {
        /// As announced.
        length: u32,
        /// What is allowed.
        limit: u32,
    },
    /// No message has this number.
    #[error("there is no message kind {number}")]
    UnknownKind {
        /// As received.
        number: u64,
    },
    /// The body is not the message that its kind says.
    #[error("`{field}` of {kind} is malformed at byte {at}: {what}")]
    Malformed {
        /// The kind, `a message` where it is not known.
        kind: &'static str,
        /// The field, or `body`.
        field: &'static str,
        /// What is wrong.
        what: &'static str,
        /// Offset in the body.
        at: usize,
    },
    /// A message that has no place here.
    #[error("got {got} while {state}; expected {expected}")]
    Unexpected {
        /// What came.
        got: Kind,
        /// Where the link stood.
        state: LinkState,
        /// What could have come.
        expected: String,
    },
    /// A message that only the other side may send.
    #[error("got {got}, which only a {side} sends")]
    WrongSide {
        /// What came.
        got: Kind,
        /// Who may send it.
        side: Side,
    },
    /// A version that was not offered.
    #[error("the peer chose version {version}, which was not offered")]
    VersionNotOffered {
        /// As received.
        version: u16,
    },
    /// A request number is used once.
    #[error("request {got} was made before, or too long ago to tell")]
    RequestRepeated {
        /// As received.
        got: u64,
    },
    /// An answer or a command's message that nothing was asked for.
    #[error("got {got} for a request or command that was not made")]
    Unasked {
        /// What came.
        got: Kind,
    },
    /// Too many things were begun and not ended.
    #[error("too many {what} at once; at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// What is allowed.
        limit: usize,
    },
    /// Frames of a command are numbered without gaps.
    #[error("got frame {got} of a command; expected frame {expected}")]
    Sequence {
        /// As received.
        got: u64,
        /// The next one.
        expected: u64,
    },
    /// Fragments of one batch stand together, in one stream, within the limit.
    #[error("fragments do not make a batch: {what}")]
    Fragments {
        /// What is wrong.
        what: &'static str,
    },
    /// More payload than was granted.
    #[error("the peer sent {sent} bytes of payload with a credit of {left}")]
    Credit {
        /// Of this frame.
        sent: u64,
        /// Before it.
        left: u64,
    },
}

impl ProtocolError {
    /// The last thing to say to the peer.
    pub fn to_goodbye(&self) -> Message {
        Message::Goodbye(Goodbye { code: FailureCode::ProtoError, message: self.to_string(), versions: None })
    }

    pub(crate) fn malformed(kind: &'static str, fault: Malformed) -> Self {
        let field = if fault.field.is_empty() { "body" } else { fault.field };
        Self::Malformed { kind, field, what: fault.what, at: fault.at }
    }
}
