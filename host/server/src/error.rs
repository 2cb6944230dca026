//! Why a server can't serve: for the operator, so paths are shown. What a peer sees is `failure`'s.

use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// Why a server can't serve.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Plain TCP leaves the machine.
    #[error("refused to listen on `{0}` without TLS: set `tls` in host.toml, or listen on 127.0.0.1")]
    PlainBeyondLoopback(SocketAddr),
    /// The address can't be had.
    #[error("could not listen on `{listen}`: {source}")]
    Bind {
        /// The address.
        listen: SocketAddr,
        /// The system's words.
        source: std::io::Error,
    },
    /// A file of the server's identity can't be read.
    #[error("could not read `{}`: {problem}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what to do.
        problem: String,
    },
    /// Others may read the private key.
    #[error("the private key `{}` can be read or written by others (mode {mode:03o}): run `chmod 600` on it", path.display())]
    KeyExposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Certificate and key are not a pair that TLS can use.
    #[error("could not use the certificate `{}`: {source}", path.display())]
    Identity {
        /// The certificate's file.
        path: PathBuf,
        /// rustls's words.
        source: rustls::Error,
    },
}
