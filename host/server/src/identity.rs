//! Who a peer is. The transport says what was proved, the policy whose that is; what a peer calls itself never counts.

use bailiwick_policy::{IdentityError, Policy, Subject};
use bailiwick_wire::message::{Authenticate, Method};
use thiserror::Error;

/// What the transport proved of a peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// Nothing: plain TCP.
    None,
    /// It holds the private key whose public key (SubjectPublicKeyInfo) has this SHA-256.
    Certificate([u8; 32]),
}

/// Why an identity was refused: for the audit. The peer learns only that it was.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginError {
    /// The certificate is nobody's, or two users'.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The method needs a certificate, and the transport has none.
    #[error("a certificate was announced on a connection without TLS")]
    NoCertificate,
    /// A token beside a certificate: two sources of one identity.
    #[error("a token was sent with the method certificate")]
    TokenBesideCertificate,
    /// Tokens are of a later version.
    #[error("tokens are not supported by this version: connect with TLS and a certificate")]
    Token,
    /// The user has as many connections as one may have.
    #[error("the user has as many connections as one may have")]
    TooManyConnections,
    /// The audit can't be written.
    #[error("the audit can't be written")]
    Audit,
}

/// The subject of a connection.
///
/// # Errors
/// The credential is nobody's, or not of the kind that the message says.
pub(crate) fn subject(
    policy: &Policy,
    credential: &Credential,
    said: &Authenticate,
) -> Result<Subject, LoginError> {
    match (said.method, &said.token, credential) {
        (Method::Token, _, _) => Err(LoginError::Token),
        (Method::Certificate, Some(_), _) => Err(LoginError::TokenBesideCertificate),
        (Method::Certificate, None, Credential::None) => Err(LoginError::NoCertificate),
        (Method::Certificate, None, Credential::Certificate(spki)) => {
            Ok(policy.subject_of_certificate(spki)?)
        }
    }
}
