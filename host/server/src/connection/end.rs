//! How a connection ends, what the peer is told of it and what the audit is.

use bailiwick_wire::message::Goodbye;
use bailiwick_wire::{FailureCode, ProtocolError};

use crate::failure;
use crate::identity::LoginError;

/// Why a connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The peer said goodbye.
    Goodbye,
    /// The peer closed between frames.
    Gone,
    /// Reading or writing failed.
    Lost(String),
    /// The peer broke the protocol.
    Fault(ProtocolError),
    /// No version in common.
    Version,
    /// The identity was refused.
    Refused(LoginError),
    /// The peer took too long.
    TimedOut(&'static str),
    /// Others needed the place.
    Evicted,
    /// The peer went beyond a limit.
    Limit(&'static str),
    /// The host is shutting down.
    ShuttingDown,
    /// A fault of ours.
    Internal,
}

impl From<ProtocolError> for End {
    fn from(error: ProtocolError) -> Self {
        Self::Fault(error)
    }
}

impl End {
    /// The last thing to say, if anybody listens.
    pub(crate) fn farewell(&self) -> Option<Goodbye> {
        let (code, message) = match self {
            Self::Gone | Self::Lost(_) => return None,
            Self::Goodbye => (FailureCode::Done, String::new()),
            Self::Fault(error) => (FailureCode::ProtoError, error.to_string()),
            Self::Version => {
                return Some(Goodbye {
                    code: FailureCode::VersionUnsupported,
                    message: "no version offered is spoken here".to_owned(),
                    versions: Some(vec![bailiwick_wire::VERSION]),
                });
            }
            Self::Refused(error) => {
                let (code, message) = failure::login(*error);
                (code, message.to_owned())
            }
            Self::TimedOut(what) => (FailureCode::TimedOut, (*what).to_owned()),
            Self::Evicted => (FailureCode::Limit, "too many connections wait to log in".to_owned()),
            Self::Limit(what) => (FailureCode::Limit, (*what).to_owned()),
            Self::ShuttingDown => (FailureCode::ShuttingDown, "the host is shutting down".to_owned()),
            Self::Internal => (FailureCode::Internal, "the host failed: tell the operator".to_owned()),
        };
        Some(Goodbye { code, message, versions: None })
    }

    /// Whether the farewell comes after what waits to be said, not instead of it.
    pub(crate) const fn in_order(&self) -> bool {
        matches!(self, Self::Goodbye | Self::ShuttingDown)
    }

    /// For the audit.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Goodbye => "the peer said goodbye".to_owned(),
            Self::Gone => "the peer closed without a goodbye".to_owned(),
            Self::Lost(problem) => problem.clone(),
            other => other.farewell().map(|goodbye| goodbye.message).unwrap_or_default(),
        }
    }
}
