//! `host.toml`: where the host listens, what it serves and where it keeps things.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::fault::{Fault, Faults};
use crate::load::{Findings, Trust, check_one, read_one};
use crate::syntax::{At, Document, Fields, NameKind, Shape, Source};
use crate::text::quoted;

const TOP: Shape = Shape {
    title: "`host.toml`",
    keys: &["version", "listen", "tls", "policies", "state", "cache", "audit", "default_endpoint", "limits"],
    later: &["administrators", "broker", "metrics", "socket", "tokens", "unix", "users"],
};
const TLS: Shape =
    Shape { title: "`[tls]`", keys: &["certificate", "key"], later: &["client_ca", "acme", "reload"] };
const AUDIT: Shape =
    Shape { title: "`[audit]`", keys: &["path", "sync"], later: &["checkpoints", "key", "rotate", "syslog"] };
const LIMITS: Shape = Shape {
    title: "`[limits]`",
    keys: &["sessions", "connections", "unauthenticated"],
    later: &["cpu", "memory", "rate"],
};

/// The port when `listen` names none.
pub const PORT: u16 = 7985;

/// What `host.toml` says.
///
/// # Defaults
/// Loopback only, port 7985; policies in `/etc/bailiwick`; state, audit and cache under `/var/lib/bailiwick`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The server's certificate; none: loopback only.
    pub tls: Option<Tls>,
    /// The policy folder.
    pub policies: PathBuf,
    /// Where users' drives and other state are kept.
    pub state: PathBuf,
    /// The audit.
    pub audit: AuditConfig,
    /// Where compiled components are kept.
    pub cache: PathBuf,
    /// The endpoint of a client that names none.
    pub default_endpoint: Option<String>,
    /// The host's own limits.
    pub limits: HostLimits,
}

/// The server's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Where and how the audit is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditConfig {
    /// Its folder.
    pub path: PathBuf,
    /// What has happened to a decision when its effect begins.
    pub sync: AuditSync,
}

/// What has happened to a decision when its effect begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditSync {
    /// It was given to the system: survives a kill of the host.
    #[default]
    Written,
    /// It is on the disk: survives a loss of power.
    Disk,
}

/// The host's own limits, over all endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostLimits {
    /// Live sessions.
    pub sessions: u32,
    /// Open connections.
    pub connections: u32,
    /// Connections that have not authenticated yet.
    pub unauthenticated: u32,
}

impl Default for HostLimits {
    fn default() -> Self {
        Self { sessions: 100, connections: 256, unauthenticated: 32 }
    }
}

impl Default for HostConfig {
    fn default() -> Self {
        let state = PathBuf::from("/var/lib/bailiwick");
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT),
            tls: None,
            policies: PathBuf::from("/etc/bailiwick"),
            audit: AuditConfig { path: state.join("audit"), sync: AuditSync::Written },
            cache: state.join("cache"),
            state,
            default_endpoint: None,
            limits: HostLimits::default(),
        }
    }
}

/// A configuration, and what is worth a look about its file.
#[derive(Debug)]
pub struct LoadedHost {
    /// The configuration.
    pub config: HostConfig,
    /// Not wrong, but perhaps not meant.
    pub lints: Vec<Fault>,
}

impl HostConfig {
    /// Loads the file, and asks of the files that `[tls]` names who could have changed or read them.
    ///
    /// # Errors
    /// All that is wrong with it, at once.
    pub fn load(path: &Path, trust: Trust) -> Result<LoadedHost, Faults> {
        let mut findings = Findings::default();
        let bytes = read_one(path, trust, &mut findings);
        let shown = path.display().to_string();
        let config = bytes.and_then(|bytes| parse(&shown, bytes, &mut findings.faults));
        if let Some(tls) = config.as_ref().and_then(|config| config.tls.as_ref()) {
            check_one(&tls.certificate, false, trust, &mut findings);
            check_one(&tls.key, true, trust, &mut findings);
        }
        let Findings { faults, lints } = findings;
        finish(config, faults, lints, &shown)
    }

    /// Reads the file's text from memory.
    ///
    /// # Errors
    /// All that is wrong with it, at once.
    pub fn from_source(name: &str, text: &str) -> Result<LoadedHost, Faults> {
        let mut faults = Vec::new();
        let config = parse(name, text.as_bytes().to_vec(), &mut faults);
        finish(config, faults, Vec::new(), name)
    }
}

fn finish(
    config: Option<HostConfig>,
    mut faults: Vec<Fault>,
    lints: Vec<Fault>,
    shown: &str,
) -> Result<LoadedHost, Faults> {
    if config.is_none() && faults.is_empty() {
        faults.push(Fault::of_file(shown, "the file cannot be read"));
    }
    match (config, Faults::of(faults)) {
        (Some(config), None) => Ok(LoadedHost { config, lints }),
        (_, Some(faults)) => Err(faults),
        (None, None) => Ok(LoadedHost { config: HostConfig::default(), lints }),
    }
}

fn parse(shown: &str, bytes: Vec<u8>, faults: &mut Vec<Fault>) -> Option<HostConfig> {
    let source = match Source::new("host.toml", shown, bytes) {
        Ok(source) => Arc::new(source),
        Err(fault) => {
            faults.push(fault);
            return None;
        }
    };
    let document = Document::parse(&source, faults);
    let top = document.top(TOP, faults);
    let mut config = HostConfig::default();
    let listen = top.text("listen", faults);
    let address = listen.as_ref().and_then(|text| read_address(text, faults));
    config.listen = address.unwrap_or(config.listen);
    config.tls = top.item("tls").and_then(|item| item.fields(TLS, faults)).and_then(|fields| {
        let certificate =
            fields.required("certificate", faults).and_then(|_| path(&fields, "certificate", faults));
        let key = fields.required("key", faults).and_then(|_| path(&fields, "key", faults));
        Some(Tls { certificate: certificate?, key: key? })
    });
    if let Some(listen) = &listen
        && !config.listen.ip().is_loopback()
        && top.get("tls").is_none()
    {
        let fault = listen.place.fault(format!("listening on {} needs TLS", config.listen));
        faults.push(fault.help("add `[tls]` with `certificate` and `key`, or listen on 127.0.0.1"));
    }
    if let Some(policies) = path(&top, "policies", faults) {
        config.policies = policies;
    }
    if let Some(state) = path(&top, "state", faults) {
        config.audit.path = state.join("audit");
        config.cache = state.join("cache");
        config.state = state;
    }
    if let Some(cache) = path(&top, "cache", faults) {
        config.cache = cache;
    }
    read_audit(&top, &mut config.audit, faults);
    config.default_endpoint = top
        .text("default_endpoint", faults)
        .and_then(|name| NameKind::Endpoint.parse(name, faults))
        .map(|name| name.value.to_string());
    if let Some(fields) = top.item("limits").and_then(|item| item.fields(LIMITS, faults)) {
        let mut count = |key: &str, otherwise: u32| {
            fields.item(key).and_then(|item| item.count(faults)).map_or(otherwise, |at| at.value)
        };
        config.limits = HostLimits {
            sessions: count("sessions", config.limits.sessions),
            connections: count("connections", config.limits.connections),
            unauthenticated: count("unauthenticated", config.limits.unauthenticated),
        };
    }
    Some(config)
}

fn read_address(text: &At<String>, faults: &mut Vec<Fault>) -> Option<SocketAddr> {
    let parsed = text.value.parse::<SocketAddr>();
    let parsed = parsed.or_else(|_| text.value.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT)));
    if parsed.is_err() {
        faults.push(
            text.place.fault(format!("{} is not an address to listen on", quoted(&text.value))).help(
                format!("write a numeric address, with or without a port, for example \"127.0.0.1:{PORT}\""),
            ),
        );
    }
    parsed.ok()
}

fn read_audit(top: &Fields<'_>, audit: &mut AuditConfig, faults: &mut Vec<Fault>) {
    let Some(fields) = top.item("audit").and_then(|item| item.fields(AUDIT, faults)) else { return };
    if let Some(folder) = path(&fields, "path", faults) {
        audit.path = folder;
    }
    let words = [("written", AuditSync::Written), ("disk", AuditSync::Disk)];
    if let Some(sync) = fields.word("sync", &words, &[], faults) {
        audit.sync = sync.value;
    }
}

fn path(fields: &Fields<'_>, key: &str, faults: &mut Vec<Fault>) -> Option<PathBuf> {
    let text = fields.text(key, faults)?;
    let path = Path::new(&text.value);
    let plain = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if path.is_absolute() && plain && !text.value.contains(['\0', '$', '~']) {
        return Some(path.to_owned());
    }
    faults.push(
        text.place
            .fault(format!("`{key}` is not a plain absolute path: {}", quoted(&text.value)))
            .help("write it out from `/`, without `..`, `~` and variables"),
    );
    None
}
