//! Keys and certificates for hosts and users: a small authority, what it signs, and the pin by which `users.toml` and
//! clients know a public key. Makes them; where they are kept is `command::key`'s.

use std::time::{SystemTime, UNIX_EPOCH};

use bailiwick_objects::time::{Civil, DateTime};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PublicKeyData as _, SerialNumber,
};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use x509_parser::pem::Pem;

/// How a pin begins in `users.toml` and in a client's known hosts.
const PIN: &str = "spki-sha256:";
const TICKS_PER_DAY: i64 = 864_000_000_000;

/// Why a key or certificate could not be made or read.
#[derive(Debug, Error)]
pub(crate) enum PkiError {
    /// The names, or the authority's files, are not what they should be.
    #[error("could not make the {what}: {source}")]
    Make {
        /// What was to be made.
        what: &'static str,
        /// Why not.
        source: rcgen::Error,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// Not a certificate in PEM.
    #[error("there is no certificate in it: name a PEM file with a `BEGIN CERTIFICATE` part")]
    NoCertificate,
}

/// A certificate and its private key, both in PEM.
pub(crate) struct Credential {
    /// The certificate.
    pub(crate) certificate: String,
    /// The private key.
    pub(crate) key: String,
    /// The pin of its public key.
    pub(crate) pin: String,
}

/// A certificate authority that signs.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Makes an authority.
    ///
    /// # Errors
    /// The name can't stand in a certificate.
    pub(crate) fn make(name: &str, days: u32) -> Result<Credential, PkiError> {
        let mut params = params(name, Vec::new(), days)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        finish("authority", &params, None)
    }

    /// Takes an authority's certificate and key.
    ///
    /// # Errors
    /// They are not what they should be.
    pub(crate) fn open(certificate: &str, key: &str) -> Result<Self, PkiError> {
        let make = |source| PkiError::Make { what: "signature of this authority", source };
        let key = KeyPair::from_pem(key).map_err(make)?;
        Ok(Self { issuer: Issuer::from_ca_cert_pem(certificate, key).map_err(make)? })
    }
}

/// Makes a host's credential for the names by which clients reach it; without an authority it signs itself.
///
/// # Errors
/// A name can't stand in a certificate.
pub(crate) fn server(
    names: &[String],
    days: u32,
    authority: Option<&Authority>,
) -> Result<Credential, PkiError> {
    let common = names.first().map_or("bailiwick", String::as_str);
    let mut params = params(common, names.to_vec(), days)?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    finish("host's certificate", &params, authority)
}

/// Makes a user's credential. The name in it is for people; hosts know the user by the pin.
///
/// # Errors
/// The name can't stand in a certificate.
pub(crate) fn user(name: &str, days: u32, authority: Option<&Authority>) -> Result<Credential, PkiError> {
    let mut params = params(name, Vec::new(), days)?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    finish("user's certificate", &params, authority)
}

/// What a certificate says, for people.
#[derive(Debug)]
pub(crate) struct Description {
    /// The pin of its public key.
    pub(crate) pin: String,
    /// Whom it names.
    pub(crate) subject: String,
    /// Who signed it.
    pub(crate) issuer: String,
    /// From when it holds.
    pub(crate) from: String,
    /// Until when it holds.
    pub(crate) until: String,
}

/// Reads the first certificate of a PEM text.
///
/// # Errors
/// There is none.
pub(crate) fn describe(pem: &[u8]) -> Result<Description, PkiError> {
    for part in Pem::iter_from_buffer(pem) {
        let part = part.map_err(|_malformed| PkiError::NoCertificate)?;
        if part.label != "CERTIFICATE" {
            continue;
        }
        let certificate = part.parse_x509().map_err(|_malformed| PkiError::NoCertificate)?;
        let validity = certificate.validity();
        let time = |seconds: i64| DateTime::from_unix_nanos(i128::from(seconds) * 1_000_000_000).to_string();
        return Ok(Description {
            pin: pin(certificate.public_key().raw),
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            from: time(validity.not_before.timestamp()),
            until: time(validity.not_after.timestamp()),
        });
    }
    Err(PkiError::NoCertificate)
}

fn pin(spki: &[u8]) -> String {
    format!("{PIN}{}", STANDARD.encode(Sha256::digest(spki)))
}

fn params(name: &str, names: Vec<String>, days: u32) -> Result<CertificateParams, PkiError> {
    let make = |source| PkiError::Make { what: "certificate", source };
    let mut params = CertificateParams::new(names).map_err(make)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    // A clock that is a little behind must not refuse a certificate that was made just now.
    let (first, last) = (day(-1), day(i64::from(days)));
    params.not_before = rcgen::date_time_ymd(i32::from(first.year), first.month, first.day);
    params.not_after = rcgen::date_time_ymd(i32::from(last.year), last.month, last.day);
    let mut serial = [0_u8; 16];
    getrandom::fill(&mut serial)?;
    if let Some(first) = serial.first_mut() {
        // A serial number is positive: its first bit is not set.
        *first &= 0x7f;
    }
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    Ok(params)
}

fn day(days_from_now: i64) -> Civil {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let mut point = DateTime::from_unix_nanos(i128::try_from(now).unwrap_or(0));
    let away = days_from_now.saturating_mul(TICKS_PER_DAY);
    point.ticks = point.ticks.saturating_add(away).clamp(0, DateTime::MAX_TICKS);
    point.civil()
}

fn finish(
    what: &'static str,
    params: &CertificateParams,
    authority: Option<&Authority>,
) -> Result<Credential, PkiError> {
    let make = |source| PkiError::Make { what, source };
    let key = KeyPair::generate().map_err(make)?;
    let certificate = match authority {
        Some(authority) => params.clone().signed_by(&key, &authority.issuer),
        None => params.clone().self_signed(&key),
    };
    let certificate = certificate.map_err(make)?.pem();
    Ok(Credential { certificate, key: key.serialize_pem(), pin: pin(&key.subject_public_key_info()) })
}

#[cfg(test)]
mod tests {
    use super::{Authority, describe, server, user};

    #[test]
    fn a_user_signed_by_an_authority_says_so_and_keeps_her_pin() {
        let root = Authority::make("test authority", 10).unwrap();
        let authority = Authority::open(&root.certificate, &root.key).unwrap();
        let alice = user("alice", 10, Some(&authority)).unwrap();
        let said = describe(alice.certificate.as_bytes()).unwrap();
        assert_eq!(said.pin, alice.pin);
        assert_eq!((said.subject.as_str(), said.issuer.as_str()), ("CN=alice", "CN=test authority"));
    }

    #[test]
    fn a_server_without_an_authority_signs_itself() {
        let host = server(&["host.example".to_owned(), "127.0.0.1".to_owned()], 10, None).unwrap();
        let said = describe(host.certificate.as_bytes()).unwrap();
        assert_eq!(said.subject, said.issuer);
        assert!(said.pin.starts_with("spki-sha256:"));
    }

    #[test]
    fn a_name_that_no_certificate_can_hold_is_refused() {
        assert!(server(&["näme".to_owned()], 10, None).is_err());
    }

    #[test]
    fn a_private_key_is_no_certificate() {
        let root = Authority::make("test authority", 10).unwrap();
        assert!(describe(root.key.as_bytes()).is_err());
        assert!(describe(b"").is_err());
    }
}
