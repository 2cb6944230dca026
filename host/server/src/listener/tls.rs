//! TLS 1.3 with a certificate on both sides. A client's certificate is the carrier of a public key and nothing else:
//! no name, issuer or date in it counts, since `users.toml` names the key itself. What is hashed to find the user are
//! the very bytes that the handshake's signature was checked with, so that no two parsers can disagree about them.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate};
use rustls::{DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};
use sha2::{Digest as _, Sha256};

use crate::error::ServeError;
use crate::identity::Credential;
use crate::options::TlsFiles;

/// Bytes of a PEM file.
const PEM_LIMIT: u64 = 1 << 20;
/// Permissions that a private key must not have.
const OTHERS: u32 = 0o077;

/// The configuration of every handshake.
///
/// # Errors
/// The files can't be read, others may read the key, or they are not a pair.
pub(crate) fn config(files: &TlsFiles) -> Result<ServerConfig, ServeError> {
    let chain = certificates(&files.certificate)?;
    let key = private_key(&files.key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(AnyKey { algorithms: provider.signature_verification_algorithms });
    let identity = |source| ServeError::Identity { path: files.certificate.clone(), source };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(identity)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(identity)?;
    // Each connection proves its key afresh: nothing is resumed, nothing is sent early.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config)
}

/// What a finished handshake proved.
pub(crate) fn credential(connection: &rustls::ServerConnection) -> Credential {
    let certificate = connection.peer_certificates().and_then(|chain| chain.first());
    match certificate.and_then(|certificate| public_key(certificate).ok()) {
        Some(key) => Credential::Certificate(Sha256::digest(key.as_ref()).into()),
        None => Credential::None,
    }
}

fn public_key(certificate: &CertificateDer<'_>) -> Result<SubjectPublicKeyInfoDer<'static>, rustls::Error> {
    Ok(ParsedCertificate::try_from(certificate)?.subject_public_key_info())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ServeError> {
    let (_file, bytes) = read(path)?;
    let chain = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_none) => Err(unusable(path, "it holds no certificate in PEM form")),
        Err(error) => Err(unusable(path, &error.to_string())),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, ServeError> {
    let (file, bytes) = read(path)?;
    // Of the opened file: a name could point elsewhere by now.
    let mode =
        file.metadata().map_err(|error| unusable(path, &error.to_string()))?.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        return Err(ServeError::KeyExposed { path: path.to_owned(), mode });
    }
    PrivateKeyDer::from_pem_slice(&bytes)
        .map_err(|error| unusable(path, &format!("it holds no private key in PEM form ({error})")))
}

fn read(path: &Path) -> Result<(File, Vec<u8>), ServeError> {
    let file = File::open(path).map_err(|error| unusable(path, &error.to_string()))?;
    let mut bytes = Vec::new();
    let read = (&file).take(PEM_LIMIT).read_to_end(&mut bytes);
    read.map_err(|error| unusable(path, &error.to_string()))?;
    Ok((file, bytes))
}

fn unusable(path: &Path, problem: &str) -> ServeError {
    ServeError::File { path: path.to_owned(), problem: problem.to_owned() }
}

/// Takes any certificate whose private key signed the handshake. Whose key it is, is asked after the handshake.
#[derive(Debug)]
struct AnyKey {
    algorithms: WebPkiSupportedAlgorithms,
}

impl ClientCertVerifier for AnyKey {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        public_key(end_entity).map(|_key| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.2 is not spoken here".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let key = public_key(certificate)?;
        verify_tls13_signature_with_raw_key(message, &key, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
