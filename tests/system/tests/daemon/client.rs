//! The client against a real daemon: its answers, its formats and its exit statuses.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use bailiwick_support::{Setup, TestHost};
use serde_json::Value as Json;

fn host() -> TestHost {
    let endpoint = |language: &str| {
        format!(
            "version = 1\n[endpoint]\nlanguage = {language:?}\n[endpoint.roles]\n\"group:desk\" = [\"reader\"]\n\
             [limits]\ncpu_per_command = \"60s\"\n"
        )
    };
    let role = r#"
version = 1
[drives.Logs]
root = "{folder}/data"
access = "read"
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "Logs:/open" }
"#;
    Setup::new()
        .policy("endpoints/desk.toml", &endpoint("none"))
        .policy("endpoints/tool.toml", &endpoint("full"))
        .policy("roles/reader.toml", role)
        .file("data/open/a.txt", "one\ntwo\n")
        .file("data/closed.txt", "closed\n")
        .user("alice", &["desk"])
        .user("bob", &["desk"])
        .user("dave", &[])
        .default_endpoint("desk")
        .start()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn each_way_to_end_has_its_exit_status() {
    let host = host();
    let tool = |text: &str| host.cli("alice", &["invoke", "-C", "{host}", "-n", "tool", "-c", text]);
    let desk = |text: &str| host.cli("alice", &["invoke", "-C", "{host}", "-c", text]);
    let done = tool("1 + 1");
    assert_eq!((status(&done), stdout(&done).trim()), (Some(0), "2"), "{done:?}");
    for (failing, ran) in
        [("throw", tool("throw 'x'")), ("error", tool("Write-Error 'x'; 1")), ("parse", tool("("))]
    {
        assert_eq!(status(&ran), Some(1), "{failing}: {ran:?}");
    }
    for ran in [
        desk("Remove-Item Logs:/open/a.txt"),
        desk("Get-Content Logs:/closed.txt"),
        desk("$x = 1"),
        tool("Get-Content Logs:/closed.txt"),
    ] {
        assert_eq!(status(&ran), Some(3), "{ran:?}");
    }
    let read = desk("Get-Content Logs:/open/a.txt");
    assert_eq!((status(&read), stdout(&read)), (Some(0), "one\ntwo\n".to_owned()));
    // Nobody listens there; and an endpoint that is not hers.
    let nobody = host.cli("alice", &["invoke", "-C", "127.0.0.1:1", "-c", "1"]);
    assert_eq!(status(&nobody), Some(4), "{nobody:?}");
    let closed = host.cli("dave", &["invoke", "-C", "{host}", "-c", "Write-Output 1"]);
    assert_eq!(status(&closed), Some(3), "{closed:?}");
    // A session that breaks is lost.
    let lost = tool("$x = 'x'; while ($true) { $x = $x + $x + 'y' }");
    assert!(matches!(status(&lost), Some(1 | 5)), "{lost:?}");
}

#[test]
fn a_refusal_says_what_was_refused_and_by_which_rule() {
    let host = host();
    let ran = host.cli("alice", &["invoke", "-C", "{host}", "-c", "Get-Content Logs:/closed.txt"]);
    let said = stderr(&ran);
    for part in ["Logs:/closed.txt", "role reader, Get-Content, parameter Path"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(stdout(&ran), "");
}

#[test]
fn json_is_one_value_a_line() {
    let host = host();
    let text = "1..3 | ForEach-Object { $_ * 2 }; 'a\"b'; @{ n = 1 }; Write-Warning 'careful'";
    let ran = host.cli("alice", &["invoke", "-C", "{host}", "-n", "tool", "-o", "json", "-c", text]);
    assert_eq!(status(&ran), Some(0), "{ran:?}");
    let lines: Vec<Json> = stdout(&ran).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        lines,
        [serde_json::json!(2), 4.into(), 6.into(), "a\"b".into(), serde_json::json!({ "n": 1 })]
    );
    assert!(stderr(&ran).contains("careful"), "{ran:?}");
}

#[test]
fn records_are_one_line_each_in_order_with_their_stream() {
    let host = host();
    let text = "1; Write-Warning 'careful'; Get-Content Logs:/closed.txt; 2";
    let ran = host.cli("alice", &["invoke", "-C", "{host}", "-n", "tool", "-o", "records", "-c", text]);
    assert_eq!(status(&ran), Some(3), "{ran:?}");
    let lines: Vec<Json> = stdout(&ran).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let streams: Vec<_> = lines.iter().map(|line| line["stream"].as_str().unwrap()).collect();
    assert_eq!(streams, ["output", "warning", "error", "output"]);
    let error = &lines[2]["value"];
    assert!(error["FullyQualifiedErrorId"].as_str().unwrap().starts_with("PathRefused"), "{error}");
    assert_eq!(error["Category"], "PermissionDenied");
    assert!(
        error["Rule"].as_str().unwrap().starts_with("role reader, Get-Content, parameter Path"),
        "{error}"
    );
}

#[test]
fn lines_of_stdin_are_the_input_as_they_come() {
    let host = host();
    let mut child = host
        .command("alice")
        .args([
            "invoke",
            "-C",
            host.address(),
            "-n",
            "tool",
            "--input",
            "-",
            "-o",
            "json",
            "-c",
            "$input | ForEach-Object { \"<$_>\" }",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for line in ["a", "b c", ""] {
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
        assert_eq!(answers.next().unwrap().unwrap(), format!("\"<{line}>\""));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn row_d02_an_endless_loop_is_stopped_at_its_timeout() {
    let host = host();
    let started = Instant::now();
    let ran = host.cli(
        "alice",
        &["invoke", "-C", "{host}", "-n", "tool", "--timeout", "500ms", "-c", "'begun'; while ($true) { }"],
    );
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    assert!(matches!(status(&ran), Some(1 | 5)), "{ran:?}");
    assert_eq!(stdout(&ran).trim(), "begun");
    assert!(!stderr(&ran).is_empty(), "{ran:?}");
    let left = host.cli("alice", &["session", "get", "{host}", "-o", "json"]);
    assert_eq!(stdout(&left), "", "the session is still there");
}

#[test]
fn sessions_are_listed_and_removed_from_another_connection() {
    let host = host();
    let mut holder = host
        .command("alice")
        .args(["invoke", "-C", host.address(), "-n", "tool", "-c", "'ready'; while ($true) { }"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(holder.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "ready");
    let got = host.cli("alice", &["session", "get", "{host}", "-o", "json"]);
    let session: Json = serde_json::from_str(stdout(&got).trim()).unwrap();
    assert_eq!(
        (session["endpoint"].as_str(), session["availability"].as_str()),
        (Some("tool"), Some("Busy"))
    );
    let id = session["id"].as_str().unwrap();
    // Another user sees nothing of it, and can't remove it.
    assert_eq!(stdout(&host.cli("bob", &["session", "get", "{host}", "-o", "json"])), "");
    let theirs = host.cli("bob", &["session", "remove", "{host}", id]);
    assert_eq!(status(&theirs), Some(1), "{theirs:?}");
    let removed = host.cli("alice", &["session", "remove", "{host}", id]);
    assert_eq!(status(&removed), Some(0), "{removed:?}");
    assert_eq!(holder.wait().unwrap().code(), Some(5));
    assert_eq!(stdout(&host.cli("alice", &["session", "get", "{host}", "-o", "json"])), "");
    let again = host.cli("alice", &["session", "remove", "{host}", id]);
    assert_eq!(status(&again), Some(1), "{again:?}");
}

#[test]
fn the_daemon_ends_in_order_and_leaves_a_whole_audit() {
    let host = host();
    host.cli("alice", &["invoke", "-C", "{host}", "-c", "Get-Content Logs:/closed.txt"]);
    let (code, place) = host.stop();
    assert_eq!(code, Some(0));
    bailiwick_audit::verify(&place.path().join("state/audit")).unwrap();
    let denied = place.audit().iter().filter(|record| record["decision"] == "deny").count();
    assert_eq!(denied, 1);
}
