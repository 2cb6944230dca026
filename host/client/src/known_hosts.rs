//! The file of server keys that a user has trusted before: lines `host:port spki-sha256:BASE64`.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use crate::target::Target;

const PREFIX: &str = "spki-sha256:";

/// The SHA-256 of a public key, in the form of its certificate (SubjectPublicKeyInfo).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pin(pub [u8; 32]);

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KnownHostsError {
    /// It cannot be read or written.
    #[error("cannot {doing} the known hosts `{path}`: {cause}")]
    File {
        /// `read` or `write`.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A line is something else.
    #[error(
        "line {line} of the known hosts `{path}` is not `host:port spki-sha256:BASE64`; correct or delete it"
    )]
    Line {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
}

impl Pin {
    /// The pin of a certificate's key; none if the certificate cannot be read.
    pub fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let parsed = rustls::server::ParsedCertificate::try_from(certificate).ok()?;
        Some(Self(Sha256::digest(parsed.subject_public_key_info()).into()))
    }

    /// Reads `spki-sha256:BASE64`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The keys known for a host; a file that is not there knows none. Every line is checked, whoever it is for.
pub(crate) fn pins_of(path: &Path, target: &Target) -> Result<Vec<Pin>, KnownHostsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(KnownHostsError::File { doing: "read", path: path.to_owned(), cause }),
    };
    let mut pins = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = line
            .split_once(' ')
            .and_then(|(host, pin)| Some((Target::parse(host).ok()?, Pin::parse(pin.trim())?)));
        match read {
            Some((host, pin)) if host == *target => pins.push(pin),
            Some(_) => {}
            None => return Err(KnownHostsError::Line { path: path.to_owned(), line: number + 1 }),
        }
    }
    Ok(pins)
}

/// Adds a key for a host; makes the file and its folder, private to the user, if they are not there.
pub(crate) fn remember(path: &Path, target: &Target, pin: Pin) -> Result<(), KnownHostsError> {
    let file = |cause| KnownHostsError::File { doing: "write", path: path.to_owned(), cause };
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(file)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let unfinished = std::fs::read(path).is_ok_and(|text| !text.is_empty() && !text.ends_with(b"\n"));
    let before = if unfinished { "\n" } else { "" };
    let mut known = options.open(path).map_err(file)?;
    known.write_all(format!("{before}{target} {pin}\n").as_bytes()).map_err(file)
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Target {
        Target::parse(text).unwrap()
    }

    #[test]
    fn a_key_that_was_remembered_is_known_for_that_host_and_port_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/known_hosts");
        remember(&path, &target("web1"), Pin([1; 32])).unwrap();
        remember(&path, &target("web2:80"), Pin([2; 32])).unwrap();
        assert_eq!(pins_of(&path, &target("WEB1:7985")).unwrap(), [Pin([1; 32])]);
        assert_eq!(pins_of(&path, &target("web2")).unwrap(), []);
    }

    #[test]
    fn a_line_that_is_something_else_is_refused_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_hosts");
        for line in ["web1", "web1 sha256:AAAA", "web1 spki-sha256:AAAA", "ssh://x spki-sha256:AAAA"] {
            std::fs::write(&path, format!("# mine\n\n{line}\n")).unwrap();
            let error = pins_of(&path, &target("other")).unwrap_err();
            assert!(matches!(error, KnownHostsError::Line { line: 3, .. }), "{line}: {error}");
        }
    }

    #[test]
    fn a_last_line_without_an_end_stays_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_hosts");
        std::fs::write(&path, format!("web1:7985 {}", Pin([1; 32]))).unwrap();
        remember(&path, &target("web2"), Pin([2; 32])).unwrap();
        assert_eq!(pins_of(&path, &target("web1")).unwrap(), [Pin([1; 32])]);
        assert_eq!(pins_of(&path, &target("web2")).unwrap(), [Pin([2; 32])]);
    }

    #[test]
    fn a_file_that_is_not_there_knows_nobody() {
        assert_eq!(pins_of(Path::new("/nowhere/known_hosts"), &target("web1")).unwrap(), []);
    }
}
