//! Connections: one task reads and decides (`open`, before it `login`), one writes (`writer`), both over one `line`;
//! each command has a task of its own (`commands`). All of it runs over any pair of byte streams.

mod commands;
mod convert;
mod end;
mod frames;
mod line;
mod login;
mod open;
mod writer;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bailiwick_policy::Subject;
use bailiwick_runtime::Host;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use crate::events::Events;
use crate::identity::Credential;
use crate::ledger::Ledger;
use crate::listener::places::{Place, Places};
use crate::options::Limits;
use end::End;
use frames::Frames;
use line::Line;
use open::Open;

/// The connections of a host, wherever their bytes come from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Connections {
    pub(crate) shared: Arc<Shared>,
}

/// What all connections of a server share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) host: Host,
    pub(crate) limits: Limits,
    pub(crate) events: Events,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) places: Arc<Places>,
    pub(crate) phase: watch::Sender<Phase>,
}

/// Where a server stands between its start and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Everything is served.
    Serving,
    /// Nothing new is begun; what runs may end.
    Draining,
    /// What runs is stopped.
    Ending,
}

/// A peer, as its transport knows it.
#[derive(Debug, Clone)]
pub struct Peer {
    /// Where it is, for the audit.
    pub address: String,
    /// Whose share of the places it takes; none: nobody's.
    pub source: Option<IpAddr>,
    /// What it proved.
    pub credential: Credential,
}

impl Connections {
    /// The connections of a host.
    pub fn new(host: Host, limits: Limits) -> Self {
        let events = Events::new(host.audit().clone(), host.policy().digest());
        let places = Places::new(limits.clone());
        let (phase, _) = watch::channel(Phase::Serving);
        let ledger = Arc::default();
        Self { shared: Arc::new(Shared { host, limits, events, ledger, places, phase }) }
    }

    /// Serves one peer over a stream that is as safe as the credential says. Returns when the connection has ended
    /// and the sessions it made are gone.
    pub async fn serve<S>(&self, stream: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        match self.shared.places.take(peer.source) {
            Ok(place) => {
                let deadline = Instant::now() + self.shared.limits.login;
                self.serve_in(place, deadline, stream, peer).await;
            }
            Err(_full) => tracing::warn!(peer = peer.address, "no place is left for a connection"),
        }
    }

    /// Stops what is new; what runs may end.
    pub(crate) fn drain(&self) {
        self.shared.phase.send_replace(Phase::Draining);
    }

    /// Stops what runs.
    pub(crate) fn end(&self) {
        self.shared.phase.send_replace(Phase::Ending);
    }

    /// The same in a place that is held already, with a deadline for the login.
    pub(crate) async fn serve_in<S>(&self, place: Place, deadline: Instant, stream: S, peer: Peer)
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let shared = &self.shared;
        let (reader, writer) = tokio::io::split(stream);
        let line = Arc::new(Line::new());
        let writer = tokio::spawn(writer::run(writer, Arc::clone(&line), shared.limits.write));
        let mut frames = Frames::new(reader, &shared.limits);
        let login = self.login(&line, &mut frames, &peer, &place, deadline).await;
        let (subject, end) = match login {
            Ok(subject) => {
                let subject = Arc::new(subject);
                let mut open = Open::new(Arc::clone(shared), Arc::clone(&line), Arc::clone(&subject));
                let end = open.run(&mut frames).await;
                (Some(subject), end)
            }
            Err(end) => (None, end),
        };
        self.record(subject.as_deref(), &end, &peer);
        self.part(&end, &line, writer, &mut frames).await;
    }

    async fn login<R: AsyncRead + Unpin>(
        &self,
        line: &Line,
        frames: &mut Frames<R>,
        peer: &Peer,
        place: &Place,
        deadline: Instant,
    ) -> Result<Subject, End> {
        let mut phases = self.shared.phase.subscribe();
        let login = timeout_at(deadline, login::run(&self.shared, line, frames, peer, place));
        tokio::select! {
            biased;
            _ = phases.wait_for(|phase| *phase != Phase::Serving) => Err(End::ShuttingDown),
            () = place.evicted() => Err(End::Evicted),
            login = login => login.unwrap_or(Err(End::TimedOut("the login took too long"))),
        }
    }

    fn record(&self, subject: Option<&Subject>, end: &End, peer: &Peer) {
        let events = &self.shared.events;
        match (end, subject) {
            (End::Fault(error), _) => events.protocol_error(subject, &error.to_string(), &peer.address),
            (End::Refused(error), _) => events.refused(*error, &peer.credential, &peer.address),
            _ => {}
        }
        if let Some(subject) = subject {
            events.closed(subject, &end.reason(), &peer.address);
        }
        tracing::debug!(peer = peer.address, ?end, "a connection ended");
    }

    /// Says goodbye, and gives the peer a moment to hear it.
    async fn part<R: AsyncRead + Unpin>(
        &self,
        end: &End,
        line: &Line,
        mut writer: tokio::task::JoinHandle<()>,
        frames: &mut Frames<R>,
    ) {
        let farewell = end.farewell();
        let said = farewell.is_some();
        if let Some(goodbye) = farewell {
            line.goodbye(goodbye, !end.in_order());
        }
        line.close();
        // One that gave way has no place any more: it may not linger, or a flood of them would hold sockets without end.
        let patience = if matches!(end, End::Evicted) { Duration::ZERO } else { self.shared.limits.farewell };
        if timeout(patience, &mut writer).await.is_err() {
            writer.abort();
            return;
        }
        if said {
            frames.discard(Instant::now() + patience).await;
        }
    }
}
