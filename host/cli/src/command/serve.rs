//! `bailiwick serve`: the host. Puts together what the configuration names, says which protections are in force, and
//! serves until a signal ends it. `--check` loads the same things and only says what is wrong with them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bailiwick_audit::{Audit, Options, Recovery, SyncMode};
use bailiwick_policy::host_config::{AuditSync, HostConfig};
use bailiwick_policy::{Fault, Policy, Trust};
use bailiwick_runtime::{Host, HostOptions, Sandbox, SandboxOptions};
use bailiwick_server::{Server, ServerOptions, TlsFiles};
use clap::Args as ClapArgs;

use crate::exit::{Exit, Problem};
use crate::folders::{self, HOST_CONFIG};
use crate::interrupt::Interrupts;
use crate::local;
use crate::output::{line, note};

/// How often the audit may sign what was written since the last signature.
const AUDIT_TICK: Duration = Duration::from_secs(5);
/// How long sessions have to end once a second signal came.
const HURRY: Duration = Duration::from_secs(2);

/// What to serve.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// The host's configuration
    #[arg(long, value_name = "FILE", default_value = HOST_CONFIG)]
    config: PathBuf,
    /// Load and check everything that would be served, say all that is wrong, and end
    #[arg(long)]
    check: bool,
}

/// Does it.
///
/// # Errors
/// Something that is to be served can't be used.
pub(crate) async fn run(args: Args) -> Result<Exit, Problem> {
    if args.check { check(&args.config).await } else { serve(&args.config).await }
}

async fn serve(path: &Path) -> Result<Exit, Problem> {
    // Caught before anything is started, so that no signal finds the host half made.
    let mut signals = Interrupts::open()?;
    let config = match HostConfig::load(path, Trust::Refuse) {
        Ok(loaded) => {
            warn(&loaded.lints);
            loaded.config
        }
        Err(faults) => return Err(Problem::Failed(format!("the configuration has faults\n\n{faults}"))),
    };
    let sandbox = start_sandbox(&config).await?;
    let policy = match Policy::load(&config.policies, sandbox.catalog(), Trust::Refuse) {
        Ok(loaded) => {
            warn(&loaded.lints);
            loaded.policy
        }
        Err(faults) => return Err(Problem::Failed(format!("the policies have faults\n\n{faults}"))),
    };
    if let Some(missing) = missing_default(&config, &policy) {
        return Err(Problem::Failed(missing));
    }
    let audit = open_audit(&config)?;
    let options = HostOptions {
        default_endpoint: config.default_endpoint.clone(),
        max_sessions: usize::try_from(config.limits.sessions).unwrap_or(usize::MAX),
        ..HostOptions::new(&config.state)
    };
    let host = Host::new(sandbox, policy, audit.clone(), options).map_err(failed)?;
    let server = Server::bind(host.clone(), server_options(&config)).map_err(failed)?;
    announce(&config, &host, &server);
    let ticking = tokio::spawn(tick(audit.clone()));
    let served = serve_until(server, &host, &mut signals).await;
    ticking.abort();
    audit.close().map_err(failed)?;
    served.map(|()| Exit::Done)
}

/// Serves until a signal, then until nothing runs or a second signal.
async fn serve_until(server: Server, host: &Host, signals: &mut Interrupts) -> Result<(), Problem> {
    let (ask, asked) = tokio::sync::oneshot::channel::<()>();
    let running = server.run(async {
        // An error means that the asking side went away, which ends the server, too.
        let _ = asked.await;
    });
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return ended.map_err(failed),
        _urgency = signals.next() => {}
    }
    note("ending: no more connections are taken, and commands may finish (signal again to end them now)");
    let _ = ask.send(());
    tokio::select! {
        ended = &mut running => ended.map_err(failed),
        _urgency = signals.next() => {
            note("ending now");
            host.shutdown(HURRY).await;
            Ok(())
        }
    }
}

async fn tick(audit: Audit) {
    let mut ticks = tokio::time::interval(AUDIT_TICK);
    loop {
        ticks.tick().await;
        if let Err(error) = audit.tick() {
            tracing::error!(%error, "the audit could not be signed");
        }
    }
}

async fn start_sandbox(config: &HostConfig) -> Result<Sandbox, Problem> {
    let options = SandboxOptions::new(&config.cache);
    let started = tokio::task::spawn_blocking(move || Sandbox::start(options)).await;
    started
        .map_err(|_ended| Problem::Failed("could not prepare the sandbox: its thread ended".to_owned()))?
        .map_err(failed)
}

fn open_audit(config: &HostConfig) -> Result<Audit, Problem> {
    let sync = match config.audit.sync {
        AuditSync::Written => SyncMode::Written,
        AuditSync::Disk => SyncMode::Disk,
    };
    let (audit, recovery) =
        Audit::open(&config.audit.path, Options { sync, ..Options::default() }).map_err(failed)?;
    if !recovery.clean() {
        let Recovery { cut, adopted, missing, .. } = recovery;
        tracing::warn!(cut, adopted, ?missing, "the last host did not end in order; its audit was repaired");
    }
    Ok(audit)
}

fn server_options(config: &HostConfig) -> ServerOptions {
    let mut options = ServerOptions::new(config.listen, tls_files(config));
    let connections = usize::try_from(config.limits.connections).unwrap_or(usize::MAX);
    let anonymous = usize::try_from(config.limits.unauthenticated).unwrap_or(usize::MAX);
    options.limits.connections = connections;
    options.limits.connections_per_source = options.limits.connections_per_source.min(connections);
    options.limits.connections_per_user = options.limits.connections_per_user.min(connections);
    options.limits.anonymous = anonymous;
    options.limits.anonymous_per_source = options.limits.anonymous_per_source.min(anonymous);
    options
}

fn tls_files(config: &HostConfig) -> Option<TlsFiles> {
    let tls = config.tls.as_ref()?;
    Some(TlsFiles { certificate: tls.certificate.clone(), key: tls.key.clone() })
}

fn missing_default(config: &HostConfig, policy: &Policy) -> Option<String> {
    let name = config.default_endpoint.as_deref().filter(|name| !policy.has_endpoint(name))?;
    let policies = config.policies.display();
    Some(format!(
        "`default_endpoint` is `{name}`, but `{policies}` has no such endpoint: name one that it has"
    ))
}

/// Says what protects this host. That nobody reads it does not keep the host from serving.
fn announce(config: &HostConfig, host: &Host, server: &Server) {
    let transport = match &config.tls {
        Some(tls) => {
            format!("TLS 1.3 with `{}`; clients prove a key of users.toml", tls.certificate.display())
        }
        None => {
            "no TLS: loopback only, and nobody can log in, since users are known by certificates".to_owned()
        }
    };
    let sync = match config.audit.sync {
        AuditSync::Written => "written before each effect",
        AuditSync::Disk => "on the disk before each effect",
    };
    let account = rustix::process::geteuid();
    let account = if account.is_root() {
        "root: every drive of the policies is open to this host; run it under an account of its own"
            .to_owned()
    } else {
        format!("uid {}, not root", account.as_raw())
    };
    let drives = if has_openat2() {
        "the kernel resolves paths beneath their root (openat2)"
    } else {
        "paths are resolved step by step beneath their root (no openat2 here)"
    };
    let modules = host.sandbox().catalog().modules();
    let commands: usize = modules.iter().map(|module| module.commands.len()).sum();
    let policy = host.policy();
    let lines = [
        format!(
            "policies: `{}`, {} users, digest {}",
            config.policies.display(),
            policy.subjects().len(),
            policy.digest()
        ),
        format!(
            "sandbox: wasmtime; {commands} commands of {} plugin{}, each session in an instance of its own",
            modules.len(),
            if modules.len() == 1 { "" } else { "s" }
        ),
        format!("drives: {drives}"),
        format!(
            "audit: `{}`, {sync}, signed by {}",
            config.audit.path.display(),
            host.audit().public_key().unwrap_or_default()
        ),
        format!("transport: {transport}"),
        format!("account: {account}"),
        format!("listening on {}", server.local_addr()),
    ];
    for text in lines {
        // Nobody has to read it.
        let _ = line(&text);
    }
}

fn has_openat2() -> bool {
    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    openat2(
        CWD,
        c".",
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
        ResolveFlags::BENEATH,
    )
    .is_ok()
}

/// Checks everything that can be checked without serving; leaves the host's folders as they are.
async fn check(path: &Path) -> Result<Exit, Problem> {
    let mut faults = Vec::new();
    let config = match HostConfig::load(path, Trust::Refuse) {
        Ok(loaded) => {
            warn(&loaded.lints);
            Some(loaded.config)
        }
        Err(found) => {
            faults.extend(found.iter().map(ToString::to_string));
            None
        }
    };
    if let Some(config) = &config {
        faults.extend(check_config(config).await?);
    }
    for fault in &faults {
        note(&format!("{fault}\n"));
    }
    if faults.is_empty() {
        line(&format!("`{}`: no faults", path.display()))?;
        Ok(Exit::Done)
    } else {
        Ok(Exit::Failed)
    }
}

async fn check_config(config: &HostConfig) -> Result<Vec<String>, Problem> {
    let mut faults = Vec::new();
    let (sandbox, _cache) = local::start_sandbox().await?;
    let policy = match Policy::load(&config.policies, sandbox.catalog(), Trust::Refuse) {
        Ok(loaded) => {
            warn(&loaded.lints);
            faults.extend(missing_default(config, &loaded.policy));
            loaded.policy
        }
        Err(found) => {
            faults.extend(found.iter().map(ToString::to_string));
            // The rest can be checked without them.
            Policy::built_in_unrestricted(sandbox.catalog())
        }
    };
    if config.audit.path.exists() {
        faults.extend(bailiwick_audit::read(&config.audit.path).err().map(|error| error.to_string()));
    }
    if let Some(files) = tls_files(config) {
        // The server's own loading of its identity, on a port that nobody knows.
        let state = folders::passing("check")?;
        let host = Host::new(sandbox, policy, Audit::discarding(), HostOptions::new(state.path()))
            .map_err(failed)?;
        let options = ServerOptions::new(std::net::SocketAddr::from(([127, 0, 0, 1], 0)), Some(files));
        faults.extend(Server::bind(host, options).err().map(|error| error.to_string()));
    }
    Ok(faults)
}

fn warn(lints: &[Fault]) {
    for lint in lints {
        note(&format!("{lint}\n"));
    }
}

fn failed(error: impl std::fmt::Display) -> Problem {
    Problem::Failed(error.to_string())
}
