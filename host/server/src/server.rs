//! A server: one listening socket, its connections, and how it ends.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::Duration;

use bailiwick_runtime::Host;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use crate::connection::{Connections, Peer, Phase};
use crate::error::ServeError;
use crate::identity::Credential;
use crate::listener::accept::{self, BackOff};
use crate::listener::places::Place;
use crate::listener::tls;
use crate::options::ServerOptions;

/// How long sessions have to end once their connections did.
const SESSIONS_END: Duration = Duration::from_secs(5);

/// A server that listens.
pub struct Server {
    host: Host,
    listener: TcpListener,
    address: SocketAddr,
    door: Door,
}

/// What each connection goes through.
#[derive(Clone)]
struct Door {
    connections: Connections,
    tls: Option<TlsAcceptor>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Listens. Peers wait until [`Self::run`]. Call it within a tokio runtime.
    ///
    /// # Errors
    /// Plain TCP beyond loopback, an address that can't be had, an identity that can't be used.
    pub fn bind(host: Host, options: ServerOptions) -> Result<Self, ServeError> {
        let ServerOptions { listen, tls, limits } = options;
        if tls.is_none() && !listen.ip().to_canonical().is_loopback() {
            return Err(ServeError::PlainBeyondLoopback(listen));
        }
        let tls = match tls {
            Some(files) => Some(TlsAcceptor::from(Arc::new(tls::config(&files)?))),
            None => None,
        };
        let bound = StdListener::bind(listen).and_then(|listener| {
            listener.set_nonblocking(true)?;
            let listener = TcpListener::from_std(listener)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        });
        let (listener, address) = bound.map_err(|source| ServeError::Bind { listen, source })?;
        let connections = Connections::new(host.clone(), limits);
        Ok(Self { host, listener, address, door: Door { connections, tls } })
    }

    /// Where it listens.
    pub const fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Serves until told to shut down; then takes nothing new, lets commands end within the drain limit, says
    /// goodbye to all and ends the host's sessions.
    ///
    /// # Errors
    /// None at present: what a server runs out of while it runs, it waits for.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<(), ServeError> {
        let Self { host, listener, door, .. } = self;
        let limits = door.connections.shared.limits.clone();
        let mut tasks = JoinSet::new();
        let mut back_off = BackOff::default();
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = tasks.join_next() => log_panic(ended),
                (stream, address) = accept::next(&listener, &mut back_off) => {
                    match door.connections.shared.places.take(Some(address.ip())) {
                        Ok(place) => {
                            tasks.spawn(door.clone().admit(stream, address, place));
                        }
                        Err(_full) => tracing::warn!(%address, "no place is left for a connection"),
                    }
                }
            }
        }
        drop(listener);
        door.connections.drain();
        if timeout(limits.drain, all_of(&mut tasks)).await.is_err() {
            door.connections.end();
            if timeout(limits.farewell * 6 + SESSIONS_END, all_of(&mut tasks)).await.is_err() {
                tracing::warn!("some connections did not end in time");
                tasks.shutdown().await;
            }
        }
        host.shutdown(SESSIONS_END).await;
        Ok(())
    }
}

impl Door {
    /// Takes one connection from its first byte to its last.
    async fn admit(self, stream: TcpStream, address: SocketAddr, place: Place) {
        let deadline = Instant::now() + self.connections.shared.limits.login;
        // Frames are small and answers are waited for: nothing is gained by holding them back.
        let _ = stream.set_nodelay(true);
        let peer = |credential| Peer { address: address.to_string(), source: Some(address.ip()), credential };
        let Some(acceptor) = &self.tls else {
            return self.connections.serve_in(place, deadline, stream, peer(Credential::None)).await;
        };
        let mut phases = self.connections.shared.phase.subscribe();
        let handshake = tokio::select! {
            () = place.evicted() => return,
            _ = phases.wait_for(|phase| *phase != Phase::Serving) => return,
            handshake = timeout_at(deadline, acceptor.accept(stream)) => handshake,
        };
        match handshake {
            Ok(Ok(stream)) => {
                let credential = tls::credential(stream.get_ref().1);
                self.connections.serve_in(place, deadline, stream, peer(credential)).await;
            }
            Ok(Err(error)) => self.refused(&error.to_string(), address),
            Err(_elapsed) => self.refused("the handshake took too long", address),
        }
    }

    fn refused(&self, reason: &str, address: SocketAddr) {
        self.connections.shared.events.handshake_failed(reason, &address.to_string());
    }
}

async fn all_of(tasks: &mut JoinSet<()>) {
    while let Some(ended) = tasks.join_next().await {
        log_panic(ended);
    }
}

fn log_panic(ended: Result<(), JoinError>) {
    if let Err(error) = ended.map_err(JoinError::try_into_panic) {
        match error {
            Ok(_panic) => tracing::error!("a connection panicked; the others go on"),
            Err(cancelled) => tracing::debug!(%cancelled, "a connection was cancelled"),
        }
    }
}
