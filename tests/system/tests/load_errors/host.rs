//! Faults of `host.toml` and of the files it names: the host says them when it is checked and when it is started.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::doors::{assert_host_is_refused, edit, host_faults, refused, serve, serve_check, shipped};

const WHAT: &str = "the configuration has faults";

#[test]
fn an_unbroken_configuration_has_no_faults() {
    let place = shipped();
    let said = serve_check(&place);
    assert_eq!((said.code, said.stdout.as_str()), (Some(0), "`host.toml`: no faults\n"), "{}", said.stderr);
}

#[test]
fn an_endpoint_that_clients_get_by_default_but_is_not_there() {
    let place = shipped();
    edit(&place, "host.toml", "\"helpdesk\"", "\"helpdesc\"");
    let fault = "`default_endpoint` is `helpdesc`, but `policies` has no such endpoint: name one that it has";
    refused(serve_check(&place), format!("{fault}\n\n"));
    refused(serve(&place), format!("bailiwick: {fault}\n"));
}

#[test]
fn row_f05_a_configuration_that_is_missing() {
    let place = shipped();
    fs::remove_file(place.config()).unwrap();
    assert_host_is_refused(
        &place,
        WHAT,
        "host.toml: it cannot be opened: No such file or directory (os error 2)",
    );
}

#[test]
fn row_f21_a_configuration_that_others_can_write() {
    let place = shipped();
    fs::set_permissions(place.config(), Permissions::from_mode(0o666)).unwrap();
    assert_host_is_refused(
        &place,
        WHAT,
        "host.toml: others could change the policy: its mode is 0666
  help: take the right to write from group and others, or keep the policies elsewhere",
    );
}

#[test]
fn row_f21_a_private_key_that_everyone_can_read() {
    let place = shipped();
    fs::set_permissions(place.path().join("server.key"), Permissions::from_mode(0o644)).unwrap();
    assert_host_is_refused(
        &place,
        WHAT,
        "server.key: everyone can read this secret: its mode is 0644
  help: take the right to read from others",
    );
}

#[test]
fn a_certificate_that_is_missing() {
    let place = shipped();
    fs::remove_file(place.path().join("server.pem")).unwrap();
    assert_host_is_refused(
        &place,
        WHAT,
        "server.pem: it cannot be opened: No such file or directory (os error 2)",
    );
}

#[test]
fn a_certificate_that_is_none() {
    let place = shipped();
    place.write("server.pem", "no certificate\n");
    let fault = "could not read `server.pem`: it holds no certificate in PEM form";
    refused(serve_check(&place), format!("{fault}\n\n"));
    refused(serve(&place), format!("bailiwick: {fault}\n"));
}

#[test]
fn listening_beyond_loopback_without_tls() {
    let place = shipped();
    place.write("host.toml", "version = 1\nlisten = \"0.0.0.0:0\"\n");
    assert_host_is_refused(
        &place,
        WHAT,
        r#"host.toml:2:10: listening on 0.0.0.0:0 needs TLS
  2 | listen = "0.0.0.0:0"
    |          ^^^^^^^^^^^
  help: add `[tls]` with `certificate` and `key`, or listen on 127.0.0.1"#,
    );
}

#[test]
fn faults_of_the_configuration_are_told_all_at_once() {
    let place = shipped();
    place.write("host.toml", "version = 1\nlisten = \"localhost\"\nstate = \"state\"\n");
    assert_host_is_refused(
        &place,
        WHAT,
        r#"host.toml:2:10: `localhost` is not an address to listen on
  2 | listen = "localhost"
    |          ^^^^^^^^^^^
  help: write a numeric address, with or without a port, for example "127.0.0.1:7985"

host.toml:3:9: `state` is not a plain absolute path: `state`
  3 | state = "state"
    |         ^^^^^^^
  help: write it out from `/`, without `..`, `~` and variables"#,
    );
}

host_faults! {
    row_f01_an_unknown_key: "listen =" => "listne =",
        r#"host.toml:2:1: unknown key `listne` in `host.toml`
  2 | listne = "127.0.0.1:0"
    | ^^^^^^
  help: did you mean `listen`?"#;

    row_f02_an_unknown_word: "[tls]" => "[audit]\nsync = \"later\"\n\n[tls]",
        r#"host.toml:9:8: `sync` cannot be `later`
  9 | sync = "later"
    |        ^^^^^^^
  help: use "written" or "disk""#;

    row_f03_a_number_where_a_string_belongs: "\"127.0.0.1:0\"" => "7985",
        "host.toml:2:10: expected a string, found an integer
  2 | listen = 7985
    |          ^^^^";

    row_f06_a_key_twice: "version = 1" => "version = 1\nversion = 1",
        "host.toml:2:1: not TOML: duplicate key
  2 | version = 1
    | ^^^^^^^
  note: first at host.toml:1:1";

    row_f33_a_limit_of_zero: "[tls]" => "[limits]\nsessions = 0\n\n[tls]",
        "host.toml:9:12: expected an integer from 1 to 4294967295
  9 | sessions = 0
    |            ^
  help: 0 never means unlimited; leave the key out for the default";

    row_f34_a_version_of_the_future: "version = 1" => "version = 2",
        "host.toml:1:11: this version of the policy format is not supported
  1 | version = 2
    |           ^
  help: this program reads `version = 1` only";

    row_f28_a_relative_path: "{folder}/policies" => "policies",
        r#"host.toml:3:12: `policies` is not a plain absolute path: `policies`
  3 | policies = "policies"
    |            ^^^^^^^^^^
  help: write it out from `/`, without `..`, `~` and variables"#;

    row_f28_a_path_with_a_variable: "{folder}/state" => "$HOME/state",
        r#"host.toml:4:9: `state` is not a plain absolute path: `$HOME/state`
  4 | state = "$HOME/state"
    |         ^^^^^^^^^^^^^
  help: write it out from `/`, without `..`, `~` and variables"#;

    a_name_to_listen_on_that_is_no_address: "127.0.0.1:0" => "localhost:7985",
        r#"host.toml:2:10: `localhost:7985` is not an address to listen on
  2 | listen = "localhost:7985"
    |          ^^^^^^^^^^^^^^^^
  help: write a numeric address, with or without a port, for example "127.0.0.1:7985""#;

    a_default_endpoint_in_no_form_of_a_name: "\"helpdesk\"" => "\"Helpdesk\"",
        r#"host.toml:6:20: `Helpdesk` is not an endpoint name
  6 | default_endpoint = "Helpdesk"
    |                    ^^^^^^^^^^
  help: use 1 to 64 lower-case ASCII letters, digits and hyphens, a letter first"#;

    a_certificate_without_its_key: "key = \"{folder}/server.key\"" => "",
        "host.toml:8:1: the key `key` is missing in `[tls]`
  8 | [tls]
    | ^^^^^";

    a_key_of_a_later_version: "[tls]" => "unix = \"/run/bailiwick\"\n[tls]",
        r#"host.toml:8:1: `unix` in `host.toml` is not supported by this version
  8 | unix = "/run/bailiwick"
    | ^^^^
  help: remove it: a rule that is not enforced must not look as if it were"#;
}
