//! Keys that belong to a later version. They are known by name so that a file written for one is refused with the
//! reason, and not as a spelling mistake.

/// Top of a role file.
pub(super) const ROLE: &[&str] = &[
    "address",
    "approval",
    "approvals",
    "conditions",
    "deny",
    "executable",
    "executables",
    "extends",
    "gate",
    "include",
    "logs",
    "merge_ok",
    "modules",
    "network",
    "plugins",
    "processes",
    "remoting",
    "run_as",
    "services",
    "when",
];

/// A `[[command]]`.
pub(super) const COMMAND: &[&str] =
    &["approval", "conditions", "confirm", "deny", "executable", "run_as", "unicode", "when", "wildcard_ok"];

/// A parameter's rule.
pub(super) const PARAMETER: &[&str] = &["conditions", "deny", "integer", "not", "unicode", "value", "when"];

/// A `[drives.NAME]`.
pub(super) const DRIVE: &[&str] = &["allow_mounts", "files", "run_as", "scope"];

/// Top of an endpoint file.
pub(super) const ENDPOINT_FILE: &[&str] = &["approvals", "conditions", "extends", "include", "transcripts"];

/// `[endpoint]`.
pub(super) const ENDPOINT: &[&str] = &[
    "aliases",
    "approvals",
    "conditions",
    "durable",
    "extends",
    "functions",
    "include",
    "modules",
    "plugins",
    "run_as",
    "startup",
    "time_zone",
    "transcripts",
];

/// `[limits]` of an endpoint.
pub(super) const LIMITS: &[&str] =
    &["buffer", "cancel_timeout", "jobs", "lifetime", "prompt_timeout", "queue", "snapshot"];

/// A `[users.NAME]`.
pub(super) const USER: &[&str] = &["administrator", "ssh_keys", "tokens", "unix"];

/// Selectors of `[endpoint.roles]`.
pub(super) const SELECTORS: &[&str] = &["os-group"];
