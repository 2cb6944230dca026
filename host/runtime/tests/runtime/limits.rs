//! Limits: what a runaway costs, and what it does not.

use crate::support::Fixture;
use bailiwick_objects::Value;
use bailiwick_runtime::{CommandText, Event, Status};

#[tokio::test(flavor = "multi_thread")]
async fn row_d02_an_endless_loop_is_stopped_at_its_cpu_limit_and_the_session_goes_on() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "while ($true) { $x = 1 }").await;
    assert_eq!(ran.outcome.status, Status::Stopped);
    assert!(ran.error_ids().contains(&"CommandCpuTimeExceeded"), "{:?}", ran.error_ids());
    let next = fixture.run("alice", session, "'still here'").await;
    assert_eq!(next.texts(), ["still here"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d06_a_memory_bomb_costs_its_session_and_no_other() {
    let fixture = Fixture::with(|logs| {
        let mut files = crate::support::policies(logs);
        for (_, text) in &mut files {
            *text = text.replace("cpu_per_command = \"300ms\"", "cpu_per_command = \"20s\"");
        }
        files
    });
    let bomb = fixture.session("alice", "tool").await;
    let sibling = fixture.session("bob", "tool").await;
    let ran = fixture.run("alice", bomb, "$a = @(); while ($true) { $a += , ('x' * 100000) }").await;
    assert_eq!(ran.outcome.status, Status::SessionLost, "{:?}", ran.error_ids());
    assert!(ran.error_ids().contains(&"SessionLost"));
    let next = fixture.run("bob", sibling, "6 * 7").await;
    assert_eq!(next.output, [Value::Int32(42)]);
    fixture.session("alice", "tool").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_keeps_the_session_and_what_it_knew() {
    let fixture = Fixture::start();
    let alice = fixture.subject("alice");
    let session = fixture.session("alice", "tool").await;
    fixture.run("alice", session, "$kept = 'yes'").await;
    let text = CommandText { text: "'started'; while ($true) { }".to_owned(), ..CommandText::default() };
    let mut execution = fixture.host.execute(&alice, session, text).unwrap();
    // The first record shows that it runs; batching may hold it back until the stop, which is as good.
    execution.stop();
    let mut last = None;
    while let Some(event) = execution.next().await {
        if let Event::Finished(outcome) = event {
            last = Some(outcome);
        }
    }
    assert_eq!(last.unwrap().status, Status::Stopped);
    let ran = fixture.run("alice", session, "$kept").await;
    assert_eq!(ran.texts(), ["yes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_d10_output_past_the_limit_ends_the_command_and_keeps_what_came_before() {
    let fixture = Fixture::with(|logs| {
        let mut files = crate::support::policies(logs);
        for (_, text) in &mut files {
            *text = text
                .replace("command_time = \"20s\"", "command_time = \"20s\"\noutput_per_command = \"1MiB\"");
            *text = text.replace("cpu_per_command = \"300ms\"", "cpu_per_command = \"20s\"");
        }
        files
    });
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "while ($true) { 'x' * 1000 }").await;
    assert!(ran.error_ids().contains(&"CommandOutputExceeded"), "{:?}", ran.error_ids());
    assert!(ran.output.len() > 900 && ran.output.len() < 1_100, "{}", ran.output.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_session_returns_its_place_while_a_command_runs() {
    let fixture = Fixture::start();
    let alice = fixture.subject("alice");
    let session = fixture.session("alice", "tool").await;
    let text = CommandText { text: "while ($true) { }".to_owned(), ..CommandText::default() };
    let mut execution = fixture.host.execute(&alice, session, text).unwrap();
    fixture.host.remove(&alice, session).await.unwrap();
    assert_eq!(fixture.host.session_count(), 0);
    while let Some(event) = execution.next().await {
        if let Event::Finished(outcome) = event {
            assert_eq!(outcome.status, Status::SessionLost);
        }
    }
}

/// Calls itself and pipes what comes into an effectful command, which is open until the calls inside are over.
const NESTED: &str = "function Nest($n) { if ($n -gt 0) { Nest ($n - 1) | Set-Content User:/nested }; 'x' }";

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_effectful_commands_are_open_inside_each_other() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    fixture.run("alice", session, NESTED).await;
    let ran = fixture.run("alice", session, "$null = Nest 70; 'after'").await;
    assert!(
        ran.error_ids().iter().any(|id| id.starts_with("SessionMemoryExceeded")),
        "{:?}",
        ran.error_ids()
    );
    let twin = fixture.run("alice", session, "$null = Nest 10; 'after'").await;
    assert!(twin.errors.is_empty(), "{:?}", twin.errors);
    assert_eq!(twin.texts(), ["after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_the_host_holds_count_as_the_sessions_memory() {
    let fixture = Fixture::with(|logs| {
        let mut files = crate::support::policies(logs);
        for (_, text) in &mut files {
            *text = text.replace("memory = \"64MiB\"", "memory = \"32MiB\"");
        }
        files
    });
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "$big = 'x' * 7000000; Set-Content User:/big $big").await;
    assert!(
        ran.error_ids().iter().any(|id| id.starts_with("SessionMemoryExceeded")),
        "{:?}",
        ran.error_ids()
    );
    // Of a session of its own: linear memory that an engine once took is not given back before its end.
    let other = fixture.session("alice", "tool").await;
    let twin = fixture.run("alice", other, "$small = 'x' * 70000; Set-Content User:/small $small").await;
    assert!(twin.errors.is_empty(), "{:?}", twin.errors);
}
