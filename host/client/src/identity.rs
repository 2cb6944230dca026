//! Who the client is: a certificate with its key from a PEM file, or a token for a host on the same machine.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The environment variable that holds a token.
pub(crate) const TOKEN_VARIABLE: &str = "BAILIWICK_TOKEN";

/// No identity file is longer than this.
const FILE_LIMIT: u64 = 1 << 20;

/// Who the client is.
#[derive(Clone)]
pub enum Identity {
    /// A certificate, for TLS.
    Certificate {
        /// The client's own first.
        chain: Vec<CertificateDer<'static>>,
        /// Its key.
        key: Arc<PrivateKeyDer<'static>>,
    },
    /// A token, over plain TCP to this machine only.
    Token(String),
}

/// There is no usable identity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The file is not there or cannot be read.
    #[error(
        "cannot read the identity `{path}`: {cause}; make one with `bailiwick key`, or name another with `--identity`"
    )]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Others can read or change the key.
    #[error("the identity `{path}` is open to other users; run `chmod 600` on it")]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("the identity `{path}` is not a PEM file with a certificate and its private key: {what}")]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is missing or wrong.
        what: String,
    },
    /// No folder for it.
    #[error(
        "there is no folder for the identity; set `XDG_CONFIG_HOME` or `HOME`, or name a file with `--identity`"
    )]
    NoFolder,
}

impl Identity {
    /// Reads a PEM file with a certificate (and, after it, those that vouch for it) and its private key.
    ///
    /// # Errors
    /// The file cannot be read, is open to others, or holds something else.
    pub fn load(path: &Path) -> Result<Self, IdentityError> {
        let read = |cause| IdentityError::Read { path: path.to_owned(), cause };
        let content = |what: &str| IdentityError::Content { path: path.to_owned(), what: what.to_owned() };
        let file = std::fs::File::open(path).map_err(read)?;
        let facts = file.metadata().map_err(read)?;
        if is_open(&facts) {
            return Err(IdentityError::Open { path: path.to_owned() });
        }
        let mut pem = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(file, FILE_LIMIT), &mut pem).map_err(read)?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let chain = chain.map_err(|error| content(&error.to_string()))?;
        if chain.is_empty() {
            return Err(content("it has no certificate"));
        }
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|_| content("it has no private key"))?;
        Ok(Self::Certificate { chain, key: Arc::new(key) })
    }

    /// The token of the environment variable `BAILIWICK_TOKEN`, if it is set.
    pub fn from_environment() -> Option<Self> {
        std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty()).map(Self::Token)
    }
}

/// The folder with the client's identity and known hosts: `$XDG_CONFIG_HOME/bailiwick` or `~/.config/bailiwick`.
///
/// # Errors
/// Neither variable is set to an absolute path.
pub fn default_folder() -> Result<PathBuf, IdentityError> {
    let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
    base.map(|base| base.join("bailiwick")).ok_or(IdentityError::NoFolder)
}

#[cfg(unix)]
fn is_open(facts: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    facts.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
const fn is_open(_facts: &std::fs::Metadata) -> bool {
    false
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate { .. } => "Certificate(***)",
            Self::Token(_) => "Token(***)",
        })
    }
}
