//! The demo's stage: a private folder with policies, keys, state and audit, a host that listens on a port of the
//! system's choosing, and what a client needs to reach it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use bailiwick_audit::{Audit, Options};
use bailiwick_client::{ConnectOptions, Connection, Identity, ServerTrust, Target};
use bailiwick_policy::{Policy, Subject, Trust};
use bailiwick_runtime::{Host, HostOptions, Sandbox};
use bailiwick_server::{ServeError, Server, ServerOptions, TlsFiles};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::policies;
use crate::exit::Problem;
use crate::folders::{self, Cache, NewFile};
use crate::{local, pki};

/// Whose session the demo plays.
pub(super) const USER: &str = "alice";
/// How long the keys of the demo hold, in days.
const DAYS: u32 = 1;

/// A host that runs, and the way to it.
#[derive(Debug)]
pub(super) struct Stage {
    host: Host,
    subject: Subject,
    target: Target,
    identity: Identity,
    trust: ServerTrust,
    edited: bool,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), ServeError>>,
    /// Dropped last: they hold what all of the above uses.
    folder: TempDir,
    _cache: Cache,
}

impl Stage {
    /// Makes keys, installs policies, starts a host.
    ///
    /// # Errors
    /// A file can't be written, the policies have faults, or the host does not start.
    pub(super) async fn set(edited: Option<&Path>) -> Result<Self, Problem> {
        let (sandbox, cache) = local::start_sandbox().await?;
        let folder = folders::passing("demo")?;
        let keys = Keys::make(folder.path())?;
        let policy_folder = folder.path().join("policies");
        policies::install(edited, &policy_folder, USER, &keys.user_pin)?;
        let loaded = Policy::load(&policy_folder, sandbox.catalog(), Trust::Lint);
        let policy =
            loaded.map_err(|faults| Problem::Failed(format!("the policies have faults\n\n{faults}")))?.policy;
        let subject = policy
            .subject(USER)
            .ok_or_else(|| Problem::Failed(format!("the policies have no user `{USER}`")))?;
        let (audit, _fresh) =
            Audit::open(&folder.path().join("audit"), Options::default()).map_err(failed)?;
        let options = HostOptions::new(folder.path().join("state"));
        let host = Host::new(sandbox, policy, audit, options).map_err(failed)?;
        let tls = TlsFiles { certificate: keys.certificate.clone(), key: keys.key.clone() };
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let server = Server::bind(host.clone(), ServerOptions::new(listen, Some(tls))).map_err(failed)?;
        let target = Target::parse(&server.local_addr().to_string()).map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server.run(async {
            // Dropping the stage ends the host as well.
            let _ = stopped.await;
        }));
        let identity = Identity::load(&keys.identity).map_err(failed)?;
        let trust = ServerTrust::Ca(keys.authority);
        let edited = edited.is_some();
        Ok(Self { host, subject, target, identity, trust, edited, stop, serving, folder, _cache: cache })
    }

    /// A new connection, as the demo's user.
    ///
    /// # Errors
    /// There is none.
    pub(super) async fn connect(&self) -> Result<Connection, Problem> {
        let options = ConnectOptions::default();
        let connecting = Connection::connect(&self.target, &self.identity, &self.trust, &options);
        connecting.await.map_err(|error| Problem::Unreachable(error.to_string()))
    }

    /// Where the host listens.
    pub(super) fn address(&self) -> String {
        self.target.to_string()
    }

    /// The host itself, for what only an operator sees.
    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    /// The sandbox, for a formatter.
    pub(super) fn sandbox(&self) -> Sandbox {
        self.host.sandbox().clone()
    }

    /// Whether the reader brought policies.
    pub(super) const fn edited(&self) -> bool {
        self.edited
    }

    /// Where the user's own drive is on this machine.
    pub(super) fn own_drive(&self) -> PathBuf {
        self.folder.path().join("state").join("drives").join(self.subject.id.to_string())
    }

    /// Where the audit is.
    pub(super) fn audit_folder(&self) -> PathBuf {
        self.folder.path().join("audit")
    }

    /// Ends the host and removes the folder.
    ///
    /// # Errors
    /// The host did not end in order, or something of the folder stays.
    pub(super) async fn strike(self) -> Result<(), Problem> {
        let Self { stop, serving, folder, host, .. } = self;
        let _ = stop.send(());
        serving.await.map_err(failed)?.map_err(failed)?;
        host.audit().close().map_err(failed)?;
        let path = folder.path().to_owned();
        folder.close().map_err(|error| Problem::file("remove", &path, &error))
    }
}

/// The files of the identities.
struct Keys {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
    identity: PathBuf,
    user_pin: String,
}

impl Keys {
    fn make(folder: &Path) -> Result<Self, Problem> {
        let root = pki::Authority::make("Bailiwick demo", DAYS).map_err(failed)?;
        let authority = pki::Authority::open(&root.certificate, &root.key).map_err(failed)?;
        let server = pki::server(&["127.0.0.1".to_owned()], DAYS, Some(&authority)).map_err(failed)?;
        let user = pki::user(USER, DAYS, Some(&authority)).map_err(failed)?;
        let identity = format!("{}{}", user.certificate, user.key);
        let path = |name: &str| folder.join("keys").join(name);
        let keys = Self {
            authority: path("ca.pem"),
            certificate: path("server.pem"),
            key: path("server.key"),
            identity: path("identity.pem"),
            user_pin: user.pin,
        };
        let file = |path: &Path, text, secret| NewFile { path: path.to_owned(), text, secret };
        let files = [
            file(&keys.authority, &root.certificate, false),
            file(&keys.certificate, &server.certificate, false),
            file(&keys.key, &server.key, true),
            file(&keys.identity, &identity, true),
        ];
        folders::write_all(&files, false)?;
        Ok(keys)
    }
}

pub(super) fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::Failed(error.to_string())
}
