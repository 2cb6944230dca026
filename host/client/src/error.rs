//! Why there is no connection, and why a request was not done.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bailiwick_wire::{EncodeError, FailureCode, ProtocolError};

use crate::identity::{IdentityError, TOKEN_VARIABLE};
use crate::known_hosts::{KnownHostsError, Pin};
use crate::target::Target;

/// There is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// Nothing answers there.
    #[error("cannot reach `{target}`: {cause}")]
    Unreachable {
        /// Where.
        target: Target,
        /// Why.
        cause: std::io::Error,
    },
    /// It took too long.
    #[error("`{target}` did not answer within {} s; check that a host listens there", after.as_secs_f32())]
    TimedOut {
        /// Where.
        target: Target,
        /// How long was waited.
        after: Duration,
    },
    /// The server's key is not known and nobody can be asked.
    #[error(
        "the key of `{target}` is not known: {pin}; compare it with the server's, then connect once at a terminal or \
         add the line `{target} {pin}` to `{}`", file.display()
    )]
    UnknownServerKey {
        /// Where.
        target: Target,
        /// Its key.
        pin: Pin,
        /// The known hosts.
        file: PathBuf,
    },
    /// The user said that the key is not the right one.
    #[error("the key of `{target}` was not accepted: {pin}")]
    ServerKeyRefused {
        /// Where.
        target: Target,
        /// Its key.
        pin: Pin,
    },
    /// The server's key is not the one that is known.
    #[error(
        "THE KEY OF `{target}` HAS CHANGED to {pin}: somebody may be in between, or the server has a new key; if you \
         know that it has, delete its line from `{}`", file.display()
    )]
    ServerKeyChanged {
        /// Where.
        target: Target,
        /// The key it shows now.
        pin: Pin,
        /// The known hosts.
        file: PathBuf,
    },
    /// TLS did not come about: the certificate is not the CA's, or the server speaks something else.
    #[error(
        "no secure connection to `{target}`: {cause}; check the server's name, its certificate and `--ca`"
    )]
    Tls {
        /// Where.
        target: Target,
        /// Why.
        cause: String,
    },
    /// A token would leave this machine.
    #[error(
        "a token is only sent within this machine, and `{target}` is elsewhere; use an identity with a certificate and unset `{TOKEN_VARIABLE}`"
    )]
    TokenBeyondLoopback {
        /// Where.
        target: Target,
    },
    /// The host refused the identity.
    #[error("the host refused the identity; ask its operator to map your certificate or token to a user")]
    AuthFailed,
    /// No common version.
    #[error(
        "the host speaks versions {theirs:?} of the protocol, this client version {}",
        bailiwick_wire::VERSION
    )]
    Version {
        /// The host's.
        theirs: Vec<u16>,
    },
    /// The host said no for another reason.
    #[error("the host ended the connection ({code}): {message}")]
    Refused {
        /// For programs.
        code: FailureCode,
        /// For people.
        message: String,
    },
    /// The peer does not speak the protocol.
    #[error("the peer does not speak the protocol: {0}; check that a bailiwick host listens there")]
    Protocol(#[from] ProtocolError),
    /// The connection was cut while it was set up.
    #[error("the connection was cut while it was set up: {reason}")]
    Lost {
        /// How.
        reason: String,
    },
    /// No usable identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No usable known hosts.
    #[error(transparent)]
    KnownHosts(#[from] KnownHostsError),
}

/// A request was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The host said no.
    #[error("{message}")]
    Failed {
        /// For programs.
        code: FailureCode,
        /// For people.
        message: String,
        /// What to do about it; may be empty.
        help: String,
    },
    /// The connection is gone; whether the request was done is not known.
    #[error("the connection to the host is lost: {reason}")]
    Lost {
        /// How.
        reason: Arc<str>,
    },
    /// A name or another part of the request is longer than the protocol allows.
    #[error("the request is too long: {0}")]
    TooLong(#[from] EncodeError),
    /// The command is longer than the protocol allows.
    #[error(
        "a command of {bytes} bytes, its arguments included, is longer than {limit} bytes; feed data as input instead"
    )]
    CommandTooLong {
        /// Of text and arguments.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    NoRandom(String),
}
