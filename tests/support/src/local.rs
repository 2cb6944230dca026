//! The same server within the test's process: everything is real but the process.

use std::sync::OnceLock;
use std::time::Duration;

use bailiwick_audit::{Audit, Options};
use bailiwick_client::Connection;
use bailiwick_policy::{Policy, Trust};
use bailiwick_runtime::{Host, HostOptions, Sandbox, SandboxOptions};
use bailiwick_server::{ServeError, Server, ServerOptions, TlsFiles};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::binary;
use crate::place::Place;
use crate::setup::Setup;
use crate::talk;

/// How long a stop may take.
const END: Duration = Duration::from_secs(60);

/// A server in this process, on a real port with real TLS. It ends with the test's runtime, or at [`Self::stop`].
#[derive(Debug)]
pub struct LocalHost {
    place: Place,
    host: Host,
    address: String,
    stop: oneshot::Sender<()>,
    running: JoinHandle<Result<(), ServeError>>,
}

impl LocalHost {
    /// Starts one under these policies (path in the policy folder, text) for these users (name, groups).
    ///
    /// # Panics
    /// It does not start.
    pub async fn start(policies: &[(&str, &str)], users: &[(&str, &[&str])]) -> Self {
        let setup = policies.iter().fold(Setup::new(), |setup, (name, text)| setup.policy(name, text));
        users.iter().fold(setup, |setup, (name, groups)| setup.user(name, groups)).start_local().await
    }

    pub(crate) async fn start_in(place: Place) -> Self {
        let sandbox = tokio::task::spawn_blocking(sandbox).await.unwrap();
        let policy = match Policy::load(&place.policies(), sandbox.catalog(), Trust::Refuse) {
            Ok(loaded) => loaded.policy,
            Err(faults) => panic!("the policies have faults:\n{faults}"),
        };
        let state = place.path().join("state");
        let options =
            HostOptions { default_endpoint: place.default_endpoint.clone(), ..HostOptions::new(&state) };
        // The audit lies in the state folder, which the host makes.
        place.write("state/.made", "");
        let (audit, _recovery) = Audit::open(&state.join("audit"), Options::default()).unwrap();
        let host = Host::new(sandbox, policy, audit, options).unwrap();
        let tls =
            TlsFiles { certificate: place.path().join("server.pem"), key: place.path().join("server.key") };
        let options = ServerOptions::new("127.0.0.1:0".parse().unwrap(), Some(tls));
        let server = Server::bind(host.clone(), options).unwrap();
        let address = server.local_addr().to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(server.run(async {
            let _ = stopped.await;
        }));
        Self { place, host, address, stop, running }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its folder.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The host behind the server.
    pub const fn host(&self) -> &Host {
        &self.host
    }

    /// Connects as a user.
    ///
    /// # Panics
    /// It can't.
    pub async fn client(&self, user: &str) -> Connection {
        talk::connect(&self.place, user, &self.address).await
    }

    /// What the audit holds.
    pub fn audit(&self) -> Vec<serde_json::Value> {
        self.place.audit()
    }

    /// Ends it in order.
    ///
    /// # Panics
    /// It does not end in time.
    pub async fn stop(self) -> Place {
        let _ = self.stop.send(());
        tokio::time::timeout(END, self.running).await.expect("the server ends").unwrap().unwrap();
        self.place
    }
}

/// One sandbox for all hosts of a process: starting one is the slow part.
fn sandbox() -> Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::start(SandboxOptions::new(binary::guest_cache())).unwrap()).clone()
}
