//! Plugins that misbehave: what it costs them, and that it costs nobody else.

use std::path::Path;

use crate::support::Fixture;
use bailiwick_objects::Value;
use bailiwick_runtime::{Sandbox, SandboxOptions, Status};

/// The role holds a drive, since the plugin imports the interface of files.
const ROLE: &str = r#"
version = 1
[drives.User]
per_user = true
access = "write"
quota = "1MiB"
[[command]]
name = "Invoke-Trap"
parameters = "any"
[[command]]
name = "Invoke-Exit"
[[command]]
name = "Invoke-Loop"
[[command]]
name = "Invoke-Sleep"
[[command]]
name = "Invoke-MemoryBomb"
[[command]]
name = "Invoke-Flood"
[[command]]
name = "Get-Remembered"
[[command]]
name = "Read-Path"
parameters = "any"
"#;

/// The usual policies, and a role `misbehave` for the endpoint `tool`.
fn policies(logs: &Path) -> Vec<(String, String)> {
    let mut files = crate::support::policies(logs);
    for (name, text) in &mut files {
        if name == "endpoints/tool.toml" {
            *text = text.replace("[\"own\"]", "[\"misbehave\", \"own\"]");
        }
    }
    files.push(("roles/misbehave.toml".to_owned(), ROLE.to_owned()));
    files
}

fn fixture() -> Fixture {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let options = SandboxOptions {
        instances: 64,
        plugins: vec![bailiwick_guests::MISBEHAVE],
        ..SandboxOptions::new(cache)
    };
    Fixture::over(Sandbox::start(options).expect("the guests compile"), policies)
}

/// Runs a misdeed; afterwards the session must be as it was.
async fn costs_only_its_command(line: &str, error_id: &str) {
    let fixture = fixture();
    let session = fixture.session("alice", "tool").await;
    fixture.run("alice", session, "$kept = 'kept'").await;
    let ran = fixture.run("alice", session, line).await;
    assert!(ran.error_ids().iter().any(|id| id.starts_with(error_id)), "{:?}", ran.error_ids());
    assert_ne!(ran.outcome.status, Status::SessionLost);
    let next = fixture.run("alice", session, "$kept; Get-Remembered").await;
    assert_eq!(next.texts().first().map(String::as_str), Some("kept"), "{:?}", next.errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d01_a_trap_costs_its_command() {
    costs_only_its_command("Invoke-Trap", "PluginTrapped").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d01_an_exit_with_success_is_a_trap_too() {
    costs_only_its_command("Invoke-Exit", "PluginTrapped").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d02_a_loop_that_never_asks_is_cut_at_its_cpu_limit() {
    costs_only_its_command("Invoke-Loop", "CommandCpuTimeExceeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d06_a_plugin_that_takes_all_memory_costs_its_command() {
    costs_only_its_command("Invoke-MemoryBomb", "PluginMemoryExceeded").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d03_a_plugin_that_waits_for_ever_is_cut_at_the_commands_time() {
    let fixture = {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        let options = SandboxOptions {
            instances: 64,
            plugins: vec![bailiwick_guests::MISBEHAVE],
            ..SandboxOptions::new(cache)
        };
        Fixture::over(Sandbox::start(options).expect("the guests compile"), |logs| {
            let mut files = policies(logs);
            for (_, text) in &mut files {
                *text = text.replace("command_time = \"20s\"", "command_time = \"1s\"");
            }
            files
        })
    };
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "Invoke-Sleep").await;
    assert!(ran.error_ids().iter().any(|id| id.starts_with("CommandTimeout")), "{:?}", ran.error_ids());
    let next = fixture.run("alice", session, "1 + 1").await;
    assert_eq!(next.output, [Value::Int32(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_ends_when_its_reader_has_enough() {
    let fixture = fixture();
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "Invoke-Flood | Select-Object -First 2").await;
    assert_eq!(ran.texts(), ["flood", "flood"], "{:?}", ran.errors);
    assert_eq!(ran.outcome.status, Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d30_an_instance_is_one_sessions_and_never_anothers() {
    let fixture = fixture();
    let first = fixture.session("alice", "tool").await;
    let second = fixture.session("bob", "tool").await;
    fixture.run("alice", first, "Get-Remembered").await;
    let ran = fixture.run("bob", second, "Get-Remembered").await;
    assert_eq!(ran.output, [Value::Int64(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d31_an_instance_that_trapped_is_not_used_again() {
    let fixture = fixture();
    let session = fixture.session("alice", "tool").await;
    let before = fixture.run("alice", session, "Get-Remembered; Get-Remembered").await;
    assert_eq!(before.output, [Value::Int64(1), Value::Int64(2)], "a warm instance remembers");
    fixture.run("alice", session, "Invoke-Trap").await;
    let after = fixture.run("alice", session, "Get-Remembered").await;
    assert_eq!(after.output, [Value::Int64(1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d16_a_path_that_was_declared_as_text_reaches_no_file() {
    let fixture = fixture();
    let session = fixture.session("alice", "tool").await;
    for path in
        ["/etc/passwd", "/drives/User/x", "/drives/../etc/passwd", "../../etc/passwd", "/proc/self/environ"]
    {
        let ran = fixture.run("alice", session, &format!("Read-Path '{path}'")).await;
        let text = ran.texts().join("\n");
        assert!(text.is_empty() || text.starts_with("no: "), "{path}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d24_a_plugin_whose_interface_the_role_does_not_grant_is_refused() {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let options = SandboxOptions {
        instances: 64,
        plugins: vec![bailiwick_guests::MISBEHAVE],
        ..SandboxOptions::new(cache)
    };
    let fixture = Fixture::over(Sandbox::start(options).expect("the guests compile"), |logs| {
        let mut files = policies(logs);
        for (_, text) in &mut files {
            *text = text.replace("[\"misbehave\", \"own\"]", "[\"bare\", \"own\"]");
        }
        let bare = "version = 1\n[[command]]\nname = \"Get-Remembered\"\n";
        files.push(("roles/bare.toml".to_owned(), bare.to_owned()));
        files
    });
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "Get-Remembered").await;
    assert!(ran.error_ids().iter().any(|id| id.starts_with("PluginRefused")), "{:?}", ran.errors);
    assert!(ran.errors[0].message.contains("wasi:filesystem"), "{}", ran.errors[0].message);
}
