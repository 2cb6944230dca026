//! The one place where an error of the host becomes what a peer sees: a code for programs, a sentence for people and
//! what to do about it. No host path, no other user's name, nothing of the policy beyond the caller's own.

use bailiwick_runtime::{CreateError, ExecuteError, NoSuchSession};
use bailiwick_wire::FailureCode;
use bailiwick_wire::message::Failed;
use thiserror::Error;

use crate::identity::LoginError;

/// Bytes of a message: it may repeat what the peer said, and must fit a frame.
const MESSAGE: usize = 3 << 10;

/// Why a request was not done.
#[derive(Debug, Error)]
pub(crate) enum RequestError {
    #[error(transparent)]
    Create(#[from] CreateError),
    #[error(transparent)]
    Execute(#[from] ExecuteError),
    #[error(transparent)]
    NoSuchSession(#[from] NoSuchSession),
    #[error("this command was given before and is not executed again")]
    Duplicate,
    #[error("{0}")]
    Limit(&'static str),
    #[error("the host is shutting down")]
    ShuttingDown,
    #[error("the host failed: tell the operator")]
    Internal,
}

impl RequestError {
    /// The answer to a request.
    pub(crate) fn answer(&self, request: u64) -> Failed {
        let (code, help) = failure(self);
        let mut message = self.to_string();
        message.truncate(message.floor_char_boundary(MESSAGE));
        Failed { request, code, message, help: help.to_owned() }
    }
}

/// What the peer sees of a request's error, beside its message: a code, and what to do.
pub(crate) const fn failure(error: &RequestError) -> (FailureCode, &'static str) {
    match error {
        RequestError::Create(error) => create(error),
        RequestError::Execute(ExecuteError::NoSuchSession(_)) | RequestError::NoSuchSession(_) => {
            (FailureCode::NoSuchSession, "list your sessions, or create one")
        }
        RequestError::Execute(ExecuteError::Busy) => {
            (FailureCode::Busy, "wait for a command to end, or stop one")
        }
        RequestError::Execute(ExecuteError::Ended) => (FailureCode::NoSuchSession, "create a new session"),
        RequestError::Duplicate => (FailureCode::Duplicate, ""),
        RequestError::Limit(_) => (FailureCode::Limit, ""),
        RequestError::ShuttingDown => (FailureCode::ShuttingDown, "try again later"),
        RequestError::Internal => (FailureCode::Internal, ""),
    }
}

const fn create(error: &CreateError) -> (FailureCode, &'static str) {
    match error {
        CreateError::NoSuchEndpoint(_) => (FailureCode::NoSuchEndpoint, "list your endpoints"),
        CreateError::WhichEndpoint(_) => (FailureCode::NoSuchEndpoint, ""),
        CreateError::TooManySessions(_) | CreateError::HostFull | CreateError::IdleTimeout(_) => {
            (FailureCode::Limit, "")
        }
        CreateError::Drive(_) | CreateError::Audit => (FailureCode::Unavailable, ""),
        CreateError::ShuttingDown => (FailureCode::ShuttingDown, "try again later"),
        CreateError::Instance => (FailureCode::Internal, ""),
    }
}

/// What the peer sees of a refused login. Why its identity is nobody's is for the audit alone.
pub(crate) const fn login(error: LoginError) -> (FailureCode, &'static str) {
    match error {
        LoginError::Identity(_) | LoginError::NoCertificate | LoginError::TokenBesideCertificate => {
            (FailureCode::AuthFailed, "the identity was refused: ask the operator to add your certificate")
        }
        LoginError::Token => (
            FailureCode::Unsupported,
            "tokens are not supported by this version: connect with TLS and a certificate",
        ),
        LoginError::TooManyConnections => {
            (FailureCode::Limit, "you have as many connections as one user may have: close one first")
        }
        LoginError::Audit => (
            FailureCode::Unavailable,
            "the host can't write its audit and takes nobody in: tell the operator",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_a_foreign_and_an_unknown_session_look_alike() {
        let removed = RequestError::from(ExecuteError::NoSuchSession(NoSuchSession));
        let unknown = RequestError::from(NoSuchSession);
        assert_eq!(removed.answer(1), unknown.answer(1));
        assert_eq!(unknown.answer(1).code, FailureCode::NoSuchSession);
    }

    #[test]
    fn row_e66_a_refused_identity_does_not_say_why() {
        let unknown = login(LoginError::Identity(bailiwick_policy::IdentityError::Unknown));
        let ambiguous = login(LoginError::Identity(bailiwick_policy::IdentityError::Ambiguous));
        assert_eq!(unknown, ambiguous);
        assert_eq!(unknown, login(LoginError::NoCertificate));
    }
}
