//! A connection that is open: the requests that belong to no session.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_wire::message::{
    Authenticated, CreateSession, EndpointSummary, ListEndpoints, ListSessions, RemoveSession, SessionInfo,
};
use bailiwick_wire::{Kind, Link, SessionId};
use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::error::RequestError;
use crate::session::{Session, SessionOptions};
use crate::shared::{Reply, Shared};
use crate::tasks;

/// How long an orderly close waits for the host's goodbye.
const GOODBYE: Duration = Duration::from_secs(5);

/// An open connection to a host. Cloning gives another handle to it; the last one to go (sessions and executions
/// count) says goodbye.
#[derive(Debug, Clone)]
pub struct Connection {
    handle: Arc<Handle>,
    user: Arc<str>,
    features: Arc<[String]>,
}

/// Keeps a connection open.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.goodbye();
    }
}

impl Connection {
    /// Starts the two tasks of a connection that has been authenticated; `buf` holds what was read beyond that.
    pub(crate) fn open<S>(stream: S, buf: BytesMut, link: Link, welcome: Authenticated) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + 'static,
    {
        let Authenticated { user, features, limits } = welcome;
        let shared = Arc::new(Shared::new(link, limits.window));
        let silence = Duration::from_secs(u64::from(limits.silence_seconds.clamp(3, 3_600)));
        let (from, to) = tokio::io::split(stream);
        tokio::spawn(tasks::read(from, buf, shared.clone(), silence));
        tokio::spawn(tasks::write(to, shared.clone(), silence));
        Self { handle: Arc::new(Handle { shared }), user: user.into(), features: features.into() }
    }

    /// Who the client is on the host.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// What the host can do beyond this version of the protocol.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// The endpoints that the user may use, in name order.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn endpoints(&self) -> Result<Vec<EndpointSummary>, RequestError> {
        let asked = self
            .handle
            .shared
            .ask(Kind::Endpoints, None, |request| vec![ListEndpoints { request }.into()])?;
        match answered(asked).await? {
            Reply::Endpoints(pieces) => Ok(whole(pieces)),
            _ => Ok(Vec::new()),
        }
    }

    /// Makes a session; without an endpoint's name, the host's default or the user's only one.
    ///
    /// # Errors
    /// The host refused it, or the connection is lost.
    pub async fn create(
        &self,
        endpoint: Option<&str>,
        options: SessionOptions,
    ) -> Result<Session, RequestError> {
        let SessionOptions { name, width, interactive, idle_timeout } = options;
        let endpoint = endpoint.map(str::to_owned);
        let idle_timeout = idle_timeout.map(|idle| idle.as_secs());
        let asked = self.handle.shared.ask(Kind::SessionCreated, None, |request| {
            vec![CreateSession { request, endpoint, name, width, interactive, idle_timeout }.into()]
        })?;
        match answered(asked).await? {
            Reply::Created(info, views) => Ok(Session::new(self.handle.clone(), *info, views)),
            _ => Err(RequestError::Lost { reason: "the answer was another".into() }),
        }
    }

    /// All live sessions of the user, of other connections too; the oldest first.
    ///
    /// # Errors
    /// The connection is lost.
    pub async fn sessions(&self) -> Result<Vec<SessionInfo>, RequestError> {
        let asked =
            self.handle.shared.ask(Kind::Sessions, None, |request| vec![ListSessions { request }.into()])?;
        match answered(asked).await? {
            Reply::Sessions(sessions) => Ok(sessions),
            _ => Ok(Vec::new()),
        }
    }

    /// Removes a session of the user.
    ///
    /// # Errors
    /// There is none of this id, or the connection is lost.
    pub async fn remove(&self, session: SessionId) -> Result<(), RequestError> {
        self.handle.remove(session).await
    }

    /// Says goodbye and waits a moment for the host's. Commands that still run are ended.
    pub async fn close(self) {
        self.handle.shared.goodbye();
        let mut ended = self.handle.shared.ended.subscribe();
        if timeout(GOODBYE, ended.wait_for(|ended| *ended)).await.is_err() {
            self.handle.shared.fail("the host did not say goodbye", None);
        }
    }
}

impl Handle {
    pub(crate) async fn remove(&self, session: SessionId) -> Result<(), RequestError> {
        let asked = self
            .shared
            .ask(Kind::Removed, None, |request| vec![RemoveSession { request, session }.into()])?;
        answered(asked).await.map(|_| ())
    }
}

pub(crate) async fn answered(
    asked: oneshot::Receiver<Result<Reply, RequestError>>,
) -> Result<Reply, RequestError> {
    match asked.await {
        Ok(answer) => answer,
        Err(_) => Err(RequestError::Lost { reason: "the connection ended".into() }),
    }
}

/// Puts together what was cut for the sake of frames: one of the same name continues the commands.
fn whole(pieces: Vec<EndpointSummary>) -> Vec<EndpointSummary> {
    let mut endpoints: Vec<EndpointSummary> = Vec::new();
    for piece in pieces {
        match endpoints.last_mut() {
            Some(last) if last.name == piece.name => last.commands.extend(piece.commands),
            _ => endpoints.push(piece),
        }
    }
    endpoints
}
