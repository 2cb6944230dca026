//! Both kinds of host serve the same things, so that a test may choose the quicker one.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use bailiwick_support::client::SessionOptions;
use bailiwick_support::{Setup, values};

fn setup() -> Setup {
    let endpoint = r#"
version = 1
[endpoint]
description = "A place to try things"
language = "full"
[endpoint.roles]
"group:testers" = ["worker"]
"#;
    let role = r#"
version = 1
[[command]]
name = "Get-Content"
parameters = "any"
[drives.Data]
root = "{folder}/data"
access = "read"
"#;
    Setup::new()
        .policy("endpoints/lab.toml", endpoint)
        .policy("roles/worker.toml", role)
        .file("data/note.txt", "hello")
        .user("alice", &["testers"])
}

async fn reads_a_file(connection: bailiwick_support::client::Connection) {
    let session = connection.create(Some("lab"), SessionOptions::default()).await.unwrap();
    let read = values(&session, "(Get-Content Data:/note.txt).ToUpper()").await;
    assert_eq!(format!("{read:?}").matches("HELLO").count(), 1, "{read:?}");
    session.remove().await.unwrap();
    connection.close().await;
}

#[tokio::test]
async fn a_host_in_this_process_serves_a_user() {
    let host = setup().start_local().await;
    reads_a_file(host.client("alice").await).await;
    assert!(host.audit().iter().any(|record| record["kind"] == "decision"));
    host.stop().await;
}

#[tokio::test]
async fn a_daemon_serves_a_user_and_ends_in_order() {
    let host = setup().start();
    reads_a_file(host.client("alice").await).await;
    assert!(host.audit().iter().any(|record| record["kind"] == "decision"));
    let (status, _place) = host.stop();
    assert_eq!(status, Some(0));
}

#[test]
fn the_program_runs_as_a_user_of_the_daemon() {
    let host = setup().start();
    let ran = host.cli("alice", &["invoke", "-C", "{host}", "-n", "lab", "-o", "json", "-c", "1 + 1"]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(ran.stdout, b"2\n");
}
