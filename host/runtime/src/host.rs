//! A host: policy, audit and the registry of sessions over one sandbox. Every call names its subject; whose session
//! it is, is asked each time, and what is not the caller's does not exist for the caller.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bailiwick_audit::{Audit, Context, EventRecord, Record};
use bailiwick_policy::{Authority, LanguageMode, Policy, Subject};
use tokio::sync::mpsc;

use crate::account::Account;
use crate::boundary::Boundary;
use crate::command::Command;
use crate::error::{CreateError, ExecuteError, NoSuchSession, StartError};
use crate::plugin::instance::Warm;
use crate::roster::Roster;
use crate::sandbox::Sandbox;
use crate::session::actor::{self, Blueprint, Job};
use crate::session::execution::Execution;
use crate::session::{CommandText, Session, SessionEnd, SessionId, SessionInfo, SessionOptions};

/// Events of a command that wait for its client. Small: the client's credit is the buffer.
const EVENTS: usize = 8;
/// Batches of input that wait for a command.
const INPUTS: usize = 4;

/// How a host is set up.
///
/// # Defaults
/// No default endpoint, 500 sessions.
#[derive(Debug, Clone)]
pub struct HostOptions {
    /// Where per-user drives live.
    pub state_dir: PathBuf,
    /// The endpoint of those who name none.
    pub default_endpoint: Option<String>,
    /// Sessions of all users together.
    pub max_sessions: usize,
}

impl HostOptions {
    /// The defaults over a state folder.
    pub fn new(state_dir: impl Into<PathBuf>) -> Self {
        Self { state_dir: state_dir.into(), default_endpoint: None, max_sessions: 500 }
    }
}

/// What a subject learns of an endpoint that is open to her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSummary {
    /// Its name.
    pub name: String,
    /// The operator's sentence.
    pub description: String,
    /// Its language mode.
    pub language: LanguageMode,
    /// The effectful commands that she may run there, by name.
    pub commands: Vec<String>,
    /// The drives that she may reach there, by name, and whether she may write them.
    pub drives: Vec<(String, bool)>,
}

/// A host of sessions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Host {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    sandbox: Sandbox,
    policy: Policy,
    audit: Audit,
    roster: Roster,
    options: HostOptions,
    sessions: Mutex<HashMap<SessionId, Arc<Session>>>,
    /// Slots taken by sessions that are being started.
    starting: Mutex<HashMap<(String, String), u32>>,
    names: AtomicU64,
    closing: AtomicBool,
}

impl Host {
    /// Puts a host together.
    ///
    /// # Errors
    /// The state folder can't be used.
    pub fn new(
        sandbox: Sandbox,
        policy: Policy,
        audit: Audit,
        options: HostOptions,
    ) -> Result<Self, StartError> {
        let roster = Roster::new(&options.state_dir)?;
        let inner = Inner {
            sandbox,
            policy,
            audit,
            roster,
            options,
            sessions: Mutex::default(),
            starting: Mutex::default(),
            names: AtomicU64::new(1),
            closing: AtomicBool::new(false),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The policy that every session is made under.
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// Where decisions are recorded.
    pub fn audit(&self) -> &Audit {
        &self.inner.audit
    }

    /// The sandbox below.
    pub fn sandbox(&self) -> &Sandbox {
        &self.inner.sandbox
    }

    /// The endpoints that are open to a subject, in the order of their names.
    pub fn endpoints(&self, subject: &Subject) -> Vec<EndpointSummary> {
        let endpoints = self.inner.policy.endpoints_of(subject);
        endpoints
            .into_iter()
            .filter_map(|endpoint| self.inner.policy.authority(&endpoint.name, subject))
            .map(|authority| EndpointSummary {
                name: authority.endpoint().name.to_string(),
                description: authority.endpoint().description.to_string(),
                language: authority.endpoint().language,
                commands: authority.commands().into_iter().map(|command| command.name).collect(),
                drives: authority
                    .drives()
                    .into_iter()
                    .map(|drive| (drive.name.clone(), drive.access == bailiwick_policy::Access::Write))
                    .collect(),
            })
            .collect()
    }

    /// Creates a session. The endpoint: the one named, else the host's default, else the subject's only one.
    ///
    /// # Errors
    /// There is no such endpoint for her, a limit is reached, or the session can't be started.
    pub async fn create(
        &self,
        subject: &Subject,
        endpoint: Option<&str>,
        options: SessionOptions,
    ) -> Result<SessionInfo, CreateError> {
        if self.inner.closing.load(Ordering::Acquire) {
            return Err(CreateError::ShuttingDown);
        }
        if !self.inner.sandbox.executor().is_healthy() {
            tracing::error!("the epoch ticker stands still: no session is started, since none could be cut");
            return Err(CreateError::Instance);
        }
        let authority = self.authority(subject, endpoint)?;
        let longest = authority.endpoint().limits.max_idle_timeout;
        if options.idle_timeout.is_some_and(|idle| idle.is_zero() || idle > longest) {
            return Err(CreateError::IdleTimeout(longest));
        }
        let _slot = Slot::take(&self.inner, &authority)?;
        let id = SessionId::generate().map_err(|error| {
            tracing::error!(%error, "the system gives no random numbers");
            CreateError::Instance
        })?;
        let blueprint = self.blueprint(id, authority, options)?;
        let event = EventRecord::new(blueprint.boundary.context.clone(), "session-created")
            .with("name", blueprint.name.as_str());
        self.inner.audit.record(&Record::Event(event)).map_err(|error| {
            tracing::error!(%error, "the audit can't be written: no session is created");
            CreateError::Audit
        })?;
        let session = Arc::new(actor::start(blueprint).await?);
        let info = session.info();
        let too_late = {
            let mut sessions = self.sessions_locked();
            let closing = self.inner.closing.load(Ordering::Acquire);
            if !closing {
                sessions.insert(id, Arc::clone(&session));
            }
            closing
        };
        if too_late {
            session.close().await;
            return Err(CreateError::ShuttingDown);
        }
        self.forget_when_ended(session);
        Ok(info)
    }

    /// A session that ends by itself gives its place back.
    fn forget_when_ended(&self, session: Arc<Session>) {
        let host = Arc::downgrade(&self.inner);
        self.inner.sandbox.executor().handle().spawn(async move {
            session.ended().await;
            if let Some(inner) = host.upgrade() {
                inner.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&session.id);
            }
        });
    }

    /// Waits for the end of a session, and says why it ended.
    ///
    /// # Errors
    /// There is no such session of the subject's.
    pub async fn ended(&self, subject: &Subject, id: SessionId) -> Result<SessionEnd, NoSuchSession> {
        let session = self.sessions_locked().get(&id).filter(|session| session.owner == subject.id).cloned();
        Ok(session.ok_or(NoSuchSession)?.ended().await)
    }

    fn authority(&self, subject: &Subject, endpoint: Option<&str>) -> Result<Authority, CreateError> {
        let policy = &self.inner.policy;
        let named = endpoint.map(str::to_owned).or_else(|| {
            let default = self.inner.options.default_endpoint.as_deref()?;
            policy.authority(default, subject).map(|_hers| default.to_owned())
        });
        let name = match named {
            Some(name) => name,
            None => match policy.endpoints_of(subject).as_slice() {
                [only] => only.name.to_string(),
                several => {
                    return Err(CreateError::WhichEndpoint(
                        several.iter().map(|e| e.name.to_string()).collect(),
                    ));
                }
            },
        };
        policy.authority(&name, subject).ok_or(CreateError::NoSuchEndpoint(name))
    }

    fn blueprint(
        &self,
        id: SessionId,
        authority: Authority,
        options: SessionOptions,
    ) -> Result<Blueprint, CreateError> {
        let number = self.inner.names.fetch_add(1, Ordering::Relaxed);
        let name = options.name.clone().unwrap_or_else(|| format!("Session{number}"));
        let context = Context {
            user: authority.subject().user.to_string(),
            user_id: authority.subject().id.to_string(),
            session: id.to_string(),
            endpoint: authority.endpoint().name.to_string(),
            policy: self.inner.policy.digest().to_owned(),
        };
        let granted = self.inner.roster.grant(&authority)?;
        let account = Account::new(authority.endpoint().limits.memory);
        let boundary = Boundary {
            authority,
            audit: self.inner.audit.clone(),
            context,
            sandbox: self.inner.sandbox.clone(),
            granted,
            account,
            warm: Warm::default(),
        };
        let views = self.inner.sandbox.views();
        Ok(Blueprint { id, name, options, boundary: Arc::new(boundary), views })
    }

    /// The subject's own live sessions, the oldest first.
    pub fn sessions(&self, subject: &Subject) -> Vec<SessionInfo> {
        let sessions = self.sessions_locked();
        let mut own: Vec<_> = sessions
            .values()
            .filter(|session| session.owner == subject.id)
            .map(|session| session.info())
            .collect();
        own.sort_by_key(|info| (info.created, info.id));
        own
    }

    /// Ends a session and returns once its instances are gone.
    ///
    /// # Errors
    /// There is no such session of the subject's.
    pub async fn remove(&self, subject: &Subject, id: SessionId) -> Result<(), NoSuchSession> {
        let session = {
            let mut sessions = self.sessions_locked();
            match sessions.get(&id) {
                Some(session) if session.owner == subject.id => sessions.remove(&id).ok_or(NoSuchSession)?,
                _ => return Err(NoSuchSession),
            }
        };
        session.close().await;
        let context = Context {
            user: subject.user.to_string(),
            user_id: subject.id.to_string(),
            session: id.to_string(),
            endpoint: session.endpoint.clone(),
            policy: self.inner.policy.digest().to_owned(),
        };
        if let Err(error) =
            self.inner.audit.record(&Record::Event(EventRecord::new(context, "session-removed")))
        {
            tracing::error!(%error, "the audit can't be written: the end of a session is missing");
        }
        Ok(())
    }

    /// Runs a command in a session, after those that wait already.
    ///
    /// # Errors
    /// There is no such session of the subject's, it has ended, or too many commands wait.
    pub fn execute(
        &self,
        subject: &Subject,
        id: SessionId,
        text: CommandText,
    ) -> Result<Execution, ExecuteError> {
        let session = self.sessions_locked().get(&id).filter(|session| session.owner == subject.id).cloned();
        let session = session.ok_or(NoSuchSession)?;
        let authority = self.inner.policy.authority(&session.endpoint, subject).ok_or(ExecuteError::Ended)?;
        let (events, receiver) = mpsc::channel(EVENTS);
        let command = Command::new(&authority.endpoint().limits, events.clone());
        let (input, inputs) = if text.has_input {
            let (sender, receiver) = mpsc::channel(INPUTS);
            (Some(sender), Some(receiver))
        } else {
            (None, None)
        };
        session.submit(Job { text, command: Arc::clone(&command), events, input: inputs })?;
        Ok(Execution { command, events: receiver, input, finished: false })
    }

    /// Takes no more sessions and ends those that live, within the deadline.
    pub async fn shutdown(&self, deadline: Duration) {
        self.inner.closing.store(true, Ordering::Release);
        let sessions: Vec<_> = self.sessions_locked().drain().map(|(_, session)| session).collect();
        let all = futures::future::join_all(sessions.iter().map(|session| session.close()));
        if tokio::time::timeout(deadline, all).await.is_err() {
            tracing::warn!("some sessions did not end in time");
        }
    }

    /// How many sessions live, of all users: for the operator.
    pub fn session_count(&self) -> usize {
        self.sessions_locked().len()
    }

    /// Bytes of memory that the instances of all sessions hold together: for the operator.
    pub fn memory_used(&self) -> u64 {
        self.sessions_locked().values().map(|session| session.account.used()).sum()
    }

    fn sessions_locked(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<Session>>> {
        self.inner.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the sessions, held while one is being started, so that many at once can't pass the limit.
struct Slot<'a> {
    inner: &'a Inner,
    key: (String, String),
}

impl<'a> Slot<'a> {
    fn take(inner: &'a Inner, authority: &Authority) -> Result<Self, CreateError> {
        let endpoint = authority.endpoint();
        let key = (authority.subject().id.to_string(), endpoint.name.to_string());
        let sessions = inner.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let mut starting = inner.starting.lock().unwrap_or_else(PoisonError::into_inner);
        let live = sessions
            .values()
            .filter(|session| session.owner == authority.subject().id && session.endpoint == *endpoint.name)
            .count();
        let own = live + usize::try_from(starting.get(&key).copied().unwrap_or(0)).unwrap_or(usize::MAX);
        let limit = endpoint.limits.sessions_per_user;
        if own >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(CreateError::TooManySessions(limit));
        }
        let all = sessions.len() + starting.values().map(|n| usize::try_from(*n).unwrap_or(0)).sum::<usize>();
        if all >= inner.options.max_sessions {
            return Err(CreateError::HostFull);
        }
        *starting.entry(key.clone()).or_default() += 1;
        Ok(Self { inner, key })
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let mut starting = self.inner.starting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = starting.get_mut(&self.key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                starting.remove(&self.key);
            }
        }
    }
}
