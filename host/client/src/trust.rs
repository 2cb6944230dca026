//! Which server is the right one: its key is pinned in the known hosts, or a CA vouches for its name.
//!
//! Under pinning the key alone counts: names and dates in the certificate mean nothing. The signature of the handshake
//! is verified either way, so that showing a certificate is not enough.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::ConnectError;
use crate::identity::{Identity, IdentityError};
use crate::known_hosts::Pin;
use crate::target::Target;

/// Asks the user whether a key is the right one.
pub type Ask = Arc<dyn Fn(&UnknownKey) -> bool + Send + Sync>;

/// How the server is recognised.
#[derive(Clone)]
pub enum ServerTrust {
    /// A CA of this PEM file vouches for the host's name.
    Ca(PathBuf),
    /// By its key.
    KnownHosts {
        /// The file with the keys known so far.
        path: PathBuf,
        /// Asks about a key that is not known, and remembers it on yes; without it such a server is refused.
        ask: Option<Ask>,
    },
}

/// A key that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// Whose.
    pub target: Target,
    /// The key.
    pub pin: Pin,
}

impl fmt::Debug for ServerTrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ca(path) => f.debug_tuple("Ca").field(path).finish(),
            Self::KnownHosts { path, ask } => {
                f.debug_struct("KnownHosts").field("path", path).field("asks", &ask.is_some()).finish()
            }
        }
    }
}

/// TLS 1.3 with a server whose key is one of these; `seen` takes the key of another.
pub(crate) fn pinned(
    identity: &Identity,
    pins: Vec<Pin>,
    seen: Arc<Mutex<Option<Pin>>>,
) -> Result<ClientConfig, rustls::Error> {
    let provider = provider();
    let verifier = Pinned { pins, seen, provider: provider.clone() };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    with_identity(builder, identity)
}

/// TLS 1.3 with a server that a CA of the file vouches for.
pub(crate) fn vouched(
    target: &Target,
    identity: &Identity,
    path: &std::path::Path,
) -> Result<ClientConfig, ConnectError> {
    let content = |what: String| IdentityError::Content { path: path.to_owned(), what };
    let pem = std::fs::read(path).map_err(|cause| IdentityError::Read { path: path.to_owned(), cause })?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let added = certificate.map_err(|error| error.to_string());
        added.and_then(|root| roots.add(root).map_err(|error| error.to_string())).map_err(content)?;
    }
    if roots.is_empty() {
        return Err(content("it has no certificate".into()).into());
    }
    let tls = |error: rustls::Error| ConnectError::Tls { target: target.clone(), cause: error.to_string() };
    let builder = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(tls)?
        .with_root_certificates(roots);
    with_identity(builder, identity).map_err(tls)
}

fn with_identity(
    builder: rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>,
    identity: &Identity,
) -> Result<ClientConfig, rustls::Error> {
    match identity {
        Identity::Certificate { chain, key } => builder.with_client_auth_cert(chain.clone(), key.clone_key()),
        Identity::Token(_) => Ok(builder.with_no_client_auth()),
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

#[derive(Debug)]
struct Pinned {
    pins: Vec<Pin>,
    seen: Arc<Mutex<Option<Pin>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let pin = Pin::of(certificate).ok_or(CertificateError::BadEncoding)?;
        if self.pins.contains(&pin) {
            return Ok(ServerCertVerified::assertion());
        }
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(pin);
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 is not spoken".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
