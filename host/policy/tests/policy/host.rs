//! `host.toml`.

use bailiwick_policy::host_config::{AuditSync, HostConfig};

fn load(text: &str) -> Result<HostConfig, String> {
    HostConfig::from_source("host.toml", text)
        .map(|loaded| loaded.config)
        .map_err(|faults| faults.to_string())
}

#[test]
fn an_empty_file_listens_on_loopback() {
    let config = load("version = 1\n").unwrap();
    assert_eq!(config, HostConfig::default());
    assert!(config.listen.ip().is_loopback());
}

#[test]
fn every_key_is_read() {
    let config = load(
        "version = 1\nlisten = \"[::1]:9\"\npolicies = \"/p\"\nstate = \"/s\"\ncache = \"/c\"\ndefault_endpoint = \"helpdesk\"\n[tls]\ncertificate = \"/a.pem\"\nkey = \"/a.key\"\n[audit]\npath = \"/log\"\nsync = \"disk\"\n[limits]\nsessions = 1\nconnections = 2\nunauthenticated = 3\n",
    )
    .unwrap();
    assert_eq!(config.listen.to_string(), "[::1]:9");
    assert_eq!(config.audit.sync, AuditSync::Disk);
    assert_eq!(config.tls.unwrap().key.to_str(), Some("/a.key"));
    assert_eq!(config.limits.unauthenticated, 3);
    assert_eq!(config.default_endpoint.as_deref(), Some("helpdesk"));
}

#[test]
fn the_state_folder_moves_audit_and_cache_unless_they_are_set() {
    let config = load("version = 1\nstate = \"/s\"\ncache = \"/c\"\n").unwrap();
    assert_eq!(config.audit.path.to_str(), Some("/s/audit"));
    assert_eq!(config.cache.to_str(), Some("/c"));
}

#[test]
fn an_address_without_a_port_has_the_programs() {
    assert_eq!(load("version = 1\nlisten = \"127.0.0.2\"\n").unwrap().listen.to_string(), "127.0.0.2:7985");
}

#[test]
fn listening_beyond_loopback_needs_tls() {
    assert_eq!(
        load("version = 1\nlisten = \"0.0.0.0:7985\"\n").unwrap_err(),
        "host.toml:2:10: listening on 0.0.0.0:7985 needs TLS
  2 | listen = \"0.0.0.0:7985\"
    |          ^^^^^^^^^^^^^^
  help: add `[tls]` with `certificate` and `key`, or listen on 127.0.0.1"
    );
    let tls = "[tls]\ncertificate = \"/a.pem\"\nkey = \"/a.key\"\n";
    assert!(load(&format!("version = 1\nlisten = \"0.0.0.0:7985\"\n{tls}")).is_ok());
}

#[test]
fn what_is_wrong_is_told_all_at_once() {
    let faults = load(
        "version = 1\nlisten = \"localhost\"\npolicies = \"policies\"\nunix = \"/s\"\nlistn = 1\n[tls]\nkey = \"~/k\"\n[audit]\nsync = \"later\"\n[limits]\nsessions = 0\n",
    )
    .unwrap_err();
    for expected in [
        "host.toml:2:10: `localhost` is not an address to listen on",
        "host.toml:3:12: `policies` is not a plain absolute path: `policies`",
        "host.toml:4:1: `unix` in `host.toml` is not supported by this version",
        "host.toml:5:1: unknown key `listn` in `host.toml`",
        "host.toml:6:1: the key `certificate` is missing in `[tls]`",
        "host.toml:7:7: `key` is not a plain absolute path: `~/k`",
        "host.toml:9:8: `sync` cannot be `later`",
        "host.toml:11:12: expected an integer from 1 to 4294967295",
    ] {
        assert!(faults.contains(expected), "{expected} in\n{faults}");
    }
}
