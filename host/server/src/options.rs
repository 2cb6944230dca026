//! How a server is set up: where it listens, with which key, within which limits.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How a server is set up.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Where to listen; port 0: one of the system's choosing.
    pub listen: SocketAddr,
    /// The server's key and certificate; none: plain TCP, which is refused beyond loopback.
    pub tls: Option<TlsFiles>,
    /// How much of what.
    pub limits: Limits,
}

impl ServerOptions {
    /// The default limits.
    pub fn new(listen: SocketAddr, tls: Option<TlsFiles>) -> Self {
        Self { listen, tls, limits: Limits::default() }
    }
}

/// PEM files of the server's identity.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate, and what it was issued by after it.
    pub certificate: PathBuf,
    /// Its private key: readable by the host alone.
    pub key: PathBuf,
}

/// How much of what the door allows. What a session may use is its endpoint's to say.
///
/// # Defaults
/// A login has 10 s in all, a frame 30 s, a write 60 s. A heartbeat is asked for after 3 min of silence, the
/// connection ends after 4. 1,024 connections, 128 of one address, 32 of one user; of those that are not logged in yet
/// 256, 64 of one address: beyond that the oldest gives way, so that a flood of idle connections keeps nobody out.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first byte to the identity, TLS included.
    pub login: Duration,
    /// From the first byte of a frame to its last.
    pub frame: Duration,
    /// One frame out: a peer that reads nothing for so long is given up.
    pub write: Duration,
    /// After so much silence the peer is asked for a heartbeat.
    pub heartbeat: Duration,
    /// After so much silence the connection ends.
    pub silence: Duration,
    /// How long a server that is shutting down waits for commands.
    pub drain: Duration,
    /// How long one end waits for the other's goodbye after its own.
    pub farewell: Duration,
    /// Connections in all.
    pub connections: usize,
    /// Connections from one address (of IPv6: one /64).
    pub connections_per_source: usize,
    /// Connections of one user.
    pub connections_per_user: usize,
    /// Connections without an identity yet.
    pub anonymous: usize,
    /// The same from one address.
    pub anonymous_per_source: usize,
    /// Requests of one connection that are being answered.
    pub requests: usize,
    /// Commands of one connection that run or wait.
    pub commands: usize,
    /// Of those, the ones that take input: each may hold a batch of it.
    pub commands_with_input: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            login: Duration::from_secs(10),
            frame: Duration::from_secs(30),
            write: Duration::from_secs(60),
            heartbeat: Duration::from_secs(180),
            silence: Duration::from_secs(240),
            drain: Duration::from_secs(30),
            farewell: Duration::from_secs(2),
            connections: 1024,
            connections_per_source: 128,
            connections_per_user: 32,
            anonymous: 256,
            anonymous_per_source: 64,
            requests: 16,
            commands: 256,
            commands_with_input: 8,
        }
    }
}
