//! The binary as a script sees it: its output and its exit status, where no host is needed.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use support::{Place, Run};

#[test]
fn no_command_line_at_all_is_a_usage_error_that_shows_help() {
    let run = Place::new().run(&[]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("Usage: bailiwick"), "{run:?}");
}

#[test]
fn help_and_version_are_answers() {
    for word in ["--help", "--version"] {
        let run = Place::new().run(&[word]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.contains("bailiwick"), "{run:?}");
    }
}

#[test]
fn usage_errors_end_with_two() {
    let lines: &[&[&str]] = &[
        &["nonsense"],
        &["invoke", "-c", "1"],
        &["invoke", "--local"],
        &["invoke", "--local", "-C", "web1", "-c", "1"],
        &["invoke", "--local", "-c", "1", "-f", "x"],
        &["invoke", "--local", "-c", "1", "--timeout", "0s"],
        &["invoke", "--local", "-c", "1", "--as", "alice"],
        &["invoke", "--local", "-c", "1", "--policies", "."],
        &["invoke", "--local", "--input", "-", "-"],
        &["invoke", "--local", "-c", "1", "-o", "xml"],
        &["enter"],
        &["session", "get"],
        &["session", "new", "web1"],
        &["audit", "verify", "--record", "7"],
    ];
    for line in lines {
        let run = Place::new().run(line);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{line:?}: {run:?}");
        assert!(run.stderr.starts_with("error: "), "{line:?}: {run:?}");
    }
}

#[test]
fn an_address_of_a_later_version_is_refused_by_name() {
    for host in ["ssh://bob@web1", "web1,web2"] {
        for line in [vec!["enter", host], vec!["invoke", "-C", host, "-c", "1"], vec!["endpoints", host]] {
            let run = Place::new().run(&line);
            assert_eq!(run.status, 2);
            assert!(run.stderr.contains("not supported by this version"), "{run:?}");
        }
    }
}

#[test]
fn a_host_that_is_not_there_ends_with_four() {
    let place = Place::new();
    place.ok(&["key", "user", "alice"]);
    // Port 1 of loopback: nobody listens there, and nobody may without being root.
    let run = place.run(&["invoke", "-C", "127.0.0.1:1", "-c", "1"]);
    assert_eq!(run.status, 4, "{run:?}");
}

#[test]
fn a_client_without_an_identity_is_told_how_to_make_one() {
    let run = Place::new().run(&["endpoints", "127.0.0.1:1"]);
    assert_ne!(run.status, 0);
    assert!(run.stderr.contains("bailiwick key"), "{run:?}");
}

#[test]
fn a_users_identity_is_private_and_its_line_is_printed() {
    let place = Place::new();
    let run = place.ok(&["key", "user", "alice"]);
    let line = run.stdout.trim_end();
    assert!(line.starts_with("certificates = [\"spki-sha256:") && line.ends_with("=\"]"), "{run:?}");
    let path = place.path("config/bailiwick/identity.pem");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = place.ok(&["key", "show", path.to_str().unwrap()]);
    let pin = shown.stdout.lines().next().unwrap();
    assert!(line.contains(pin), "{shown:?}");
    assert!(shown.stdout.contains("subject: CN=alice"), "{shown:?}");
}

#[test]
fn an_identity_is_replaced_only_when_forced() {
    let place = Place::new();
    let first = place.ok(&["key", "user", "alice"]).stdout;
    let again = place.run(&["key", "user", "alice"]);
    assert_eq!(again.status, 1);
    assert!(again.stderr.contains("--force"), "{again:?}");
    let forced = place.ok(&["key", "user", "alice", "--force"]).stdout;
    assert_ne!(first, forced);
}

#[test]
fn an_authority_signs_a_host_and_a_user() {
    let place = Place::new();
    place.ok(&["key", "ca", "test authority", "--out", "ca"]);
    let pin = place.ok(&["key", "server", "web1.example", "--ca", "ca", "--out", "host"]).stdout;
    place.ok(&["key", "user", "alice", "--ca", "ca", "--out", "alice"]);
    for (file, mode) in [("ca/ca.key", 0o600), ("host/server.key", 0o600), ("host/server.pem", 0o644)] {
        assert_eq!(fs::metadata(place.path(file)).unwrap().permissions().mode() & 0o777, mode, "{file}");
    }
    let host = place.ok(&["key", "show", "host/server.pem"]).stdout;
    assert!(host.starts_with(&pin) && host.contains("issuer: CN=test authority"), "{host}");
    let alice = place.ok(&["key", "show", "alice/identity.pem"]).stdout;
    assert!(alice.contains("issuer: CN=test authority"), "{alice}");
}

#[test]
fn an_authority_that_is_not_there_is_named() {
    let run = Place::new().run(&["key", "server", "--ca", "nowhere", "--out", "host"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("nowhere/ca.pem"), "{run:?}");
}

#[test]
fn an_audit_that_is_not_there_is_broken() {
    let run = Place::new().run(&["audit", "verify", "nowhere"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
}

#[test]
fn an_intact_audit_is_verified_shown_and_filtered() {
    let place = Place::new();
    place.audit("audit");
    let verified = place.ok(&["audit", "verify", "audit"]).stdout;
    assert!(verified.starts_with("intact: "), "{verified}");
    let shown = place.ok(&["audit", "show", "audit"]).stdout;
    assert!(shown.contains("Get-Content") && shown.contains("role r, Get-Content"), "{shown}");
    let denied = place.ok(&["audit", "show", "audit", "--denied", "-o", "json"]).stdout;
    let denied: Vec<serde_json::Value> =
        denied.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(denied.len(), 1);
    assert_eq!(denied[0]["user"], "bob");
    assert_eq!(place.ok(&["audit", "show", "audit", "--user", "nobody"]).stdout, "");
    let events = place.ok(&["audit", "show", "audit", "--kind", "event", "--session", "s1"]).stdout;
    assert_eq!(events.lines().count(), 1, "{events}");
}

#[test]
fn a_known_record_anchors_a_verification() {
    let place = Place::new();
    place.audit("audit");
    let verified = place.ok(&["audit", "verify", "audit"]).stdout;
    let record = verified.lines().nth(1).and_then(|line| line.strip_prefix("last record: ")).unwrap();
    place.ok(&["audit", "verify", "audit", "--record", record]);
    let number = record.split_once(':').unwrap().0;
    let other = format!("{number}:{}", "0".repeat(64));
    assert_eq!(place.run(&["audit", "verify", "audit", "--record", &other]).status, 1);
}

#[test]
fn a_changed_audit_is_broken_and_its_first_wrong_record_named() {
    let place = Place::new();
    place.audit("audit");
    let path = place.path("audit/audit.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("bob", "eve")).unwrap();
    let run = place.run(&["audit", "verify", "audit"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("the audit is broken at record 2"), "{run:?}");
}

#[test]
fn a_faulty_policy_is_shown_with_a_caret() {
    let place = Place::new();
    place.policies("policies");
    let path = place.path("policies/roles/reader.toml");
    let text = fs::read_to_string(&path).unwrap().replace("Get-Content", "Get-Contnet");
    fs::write(&path, text).unwrap();
    let run = place.run(&["policy", "check", "policies"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("^^^") && run.stderr.contains("reader.toml:"), "{run:?}");
    assert!(run.stderr.ends_with("1 fault\n"), "{run:?}");
}

#[test]
fn a_sound_policy_is_counted() {
    let place = Place::new();
    place.policies("policies");
    let run = place.ok(&["policy", "check", "policies"]);
    assert_eq!(run.stdout, "1 endpoint, 1 role, 1 user: no faults\n");
}

#[test]
fn each_output_object_is_a_line_of_json() {
    let run = local(&["-o", "json", "-c", "1..3 | ForEach-Object { $_ * 2 }"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "2\n4\n6\n", ""));
}

#[test]
fn text_is_what_a_console_shows() {
    let run = local(&["-c", "'one'; 2"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "one\n2\n", ""));
}

#[test]
fn records_of_all_streams_come_in_order() {
    let run = local(&["-o", "records", "-c", "1; Write-Warning careful; Write-Error -Message wrong; 2"]);
    assert_eq!(run.status, 1, "{run:?}");
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let streams: Vec<_> = lines.iter().map(|line| line["stream"].as_str().unwrap()).collect();
    assert_eq!(streams, ["output", "warning", "error", "output"]);
    assert_eq!(lines[0]["value"], 1);
    let error = &lines[2]["value"];
    assert_eq!(error["Message"], "wrong");
    assert!(error["FullyQualifiedErrorId"].is_string() && error["Category"].is_string(), "{error}");
}

#[test]
fn an_error_is_text_on_stderr_and_ends_with_one() {
    let run = local(&["-o", "json", "-c", "Write-Error -Message wrong; 1"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, "1\n"), "{run:?}");
    assert!(run.stderr.contains("wrong"), "{run:?}");
}

#[test]
fn an_unknown_command_is_not_found() {
    let run = local(&["-o", "records", "-c", "Get-Nothing"]);
    assert_ne!(run.status, 0);
    assert!(run.stdout.contains("CommandNotFoundException"), "{run:?}");
}

#[test]
fn lines_of_stdin_are_strings_in_the_pipeline() {
    let place = Place::new();
    let arguments =
        ["invoke", "--local", "-o", "json", "--input", "-", "-c", "$input | ForEach-Object { \"<$_>\" }"];
    let run = place.feed(&arguments, "one\ntwo\n");
    assert_eq!((run.status, run.stdout.as_str()), (0, "\"<one>\"\n\"<two>\"\n"), "{run:?}");
}

#[test]
fn a_script_is_read_from_stdin_or_a_file() {
    let place = Place::new();
    assert_eq!(place.feed(&["invoke", "--local", "-o", "json", "-"], "1\n2\n").stdout, "1\n2\n");
    fs::write(place.path("script.ps1"), "3\n4\n").unwrap();
    assert_eq!(place.ok(&["invoke", "--local", "-o", "json", "-f", "script.ps1"]).stdout, "3\n4\n");
}

#[test]
fn a_script_that_runs_too_long_is_stopped() {
    let run = local(&["--timeout", "300ms", "-c", "while ($true) { }"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stderr.contains("300 ms"), "{run:?}");
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    let place = Place::new();
    let run = place.half_read(&["invoke", "--local", "-o", "json", "-c", "1..100000"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let run = local(&["-c", "\"a`e[2Jb\"; Write-Warning \"c`e[2Jd\""]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{run:?}");
}

#[test]
fn the_scratch_drive_is_empty_and_goes_with_the_session() {
    let place = Place::new();
    let write = "Set-Content -Path Scratch:/a.txt -Value hello; Get-Content -Path Scratch:/a.txt";
    assert_eq!(place.ok(&["invoke", "--local", "-o", "json", "-c", write]).stdout, "\"hello\"\n");
    let look = "Test-Path -Path Scratch:/a.txt";
    assert_eq!(place.ok(&["invoke", "--local", "-o", "json", "-c", look]).stdout, "false\n");
    assert_eq!(fs::read_dir(place.path("temp")).unwrap().count(), 0);
}

#[test]
fn a_refusal_ends_with_three_and_names_its_rule() {
    let place = Place::new();
    place.policies("policies");
    let line = |script| {
        ["invoke", "--local", "--policies", "policies", "--as", "alice", "-o", "records", "-c", script]
    };
    let allowed = place.run(&line("Get-Content -Path Data:/open.txt"));
    assert_eq!(allowed.status, 0, "{allowed:?}");
    let refused = place.run(&line("Get-Content -Path Data:/closed.txt"));
    assert_eq!(refused.status, 3, "{refused:?}");
    let record: serde_json::Value = serde_json::from_str(refused.stdout.lines().next().unwrap()).unwrap();
    assert!(record["value"]["Rule"].as_str().unwrap().contains("role reader"), "{refused:?}");
}

#[test]
fn a_user_whom_the_policies_do_not_name_gets_no_session() {
    let place = Place::new();
    place.policies("policies");
    let run = place.run(&["invoke", "--local", "--policies", "policies", "--as", "mallory", "-c", "1"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("`mallory`"), "{run:?}");
}

#[test]
fn an_endpoint_that_is_not_there_is_refused() {
    let run = local(&["-n", "elsewhere", "-c", "1"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert!(run.stderr.contains("`elsewhere`"), "{run:?}");
}

#[test]
fn a_configuration_that_is_not_there_is_a_fault() {
    let run = Place::new().run(&["serve", "--check", "--config", "nowhere.toml"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("nowhere.toml"), "{run:?}");
}

fn local(arguments: &[&str]) -> Run {
    Place::new().run(&[&["invoke", "--local"], arguments].concat())
}
