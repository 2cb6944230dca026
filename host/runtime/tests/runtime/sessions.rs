//! Sessions from end to end without a wire: what they run, keep, refuse and return.

use crate::support::Fixture;
use std::time::Duration;

use bailiwick_objects::Value;
use bailiwick_runtime::{CreateError, ExecuteError, NoSuchSession, SessionEnd, SessionOptions, Status};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_computes_and_writes_each_record() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "1..3 | ForEach-Object { $_ * 2 }").await;
    assert_eq!(ran.output, [Value::Int32(2), Value::Int32(4), Value::Int32(6)]);
    assert_eq!(ran.outcome.status, Status::Completed);
    assert!(!ran.outcome.had_errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn variables_and_functions_are_kept_between_commands() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    fixture.run("alice", session, "$n = 20; function Add-One($x) { $x + 1 }").await;
    let ran = fixture.run("alice", session, "Add-One $n").await;
    assert_eq!(ran.output, [Value::Int32(21)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_granted_file_is_read_and_limited_by_its_rule() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    let ran = fixture.run("alice", session, "Get-Content Logs:/web/access.log -TotalCount 2").await;
    assert_eq!(ran.texts(), ["one", "two"], "{:?}", ran.errors);
    let ran = fixture.run("alice", session, "Get-Content Logs:/web/access.log -TotalCount 50").await;
    assert!(ran.output.is_empty());
    assert!(ran.outcome.refused);
    assert_eq!(ran.error_ids(), ["ParameterArgumentValidationError,Get-Content"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_outside_of_the_rule_is_refused_with_its_rule() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    let ran = fixture.run("alice", session, "Get-Content Logs:/secret.log").await;
    assert!(ran.outcome.refused);
    let refusal = ran.errors[0].refusal.clone().expect("a refusal");
    assert!(refusal.rule.contains("Get-Content"), "{refusal:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_f16_one_roles_verb_never_meets_another_roles_drive() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    // `own` grants Set-Content with any parameter, but only `reader` holds Logs.
    let ran = fixture.run("alice", session, "Set-Content Logs:/web/access.log x").await;
    assert!(ran.outcome.refused, "{:?}", ran.errors);
    let twin = fixture.run("alice", session, "Set-Content User:/note x").await;
    assert!(twin.errors.is_empty(), "{:?}", twin.errors);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a55_a_hidden_command_and_one_that_does_not_exist_get_the_same_answer() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    let hidden = fixture.run("alice", session, "Remove-Item Logs:/x").await;
    let absent = fixture.run("alice", session, "Nope00-Item Logs:/x").await;
    assert_eq!(hidden.error_ids(), ["CommandNotFoundException"]);
    assert_eq!(hidden.errors[0].message.replace("Remove-Item", "Nope00-Item"), &*absent.errors[0].message);
    assert_eq!(hidden.errors[0].refusal, absent.errors[0].refusal);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a19_each_piped_record_is_ruled_and_the_good_ones_have_their_effect() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    let text = "'Logs:/web/access.log', 'Logs:/secret.log', 'Logs:/web/access.log' | Get-Content";
    let ran = fixture.run("alice", session, text).await;
    // Strings bind Get-Content's path only by property name; what is bound is ruled record by record.
    assert!(ran.texts().iter().all(|line| line != "hidden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_is_on_record_with_its_rule() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    fixture.run("alice", session, "Get-Content Logs:/web/access.log -TotalCount 1").await;
    fixture.run("alice", session, "Get-Content Logs:/secret.log").await;
    fixture.host.remove(&fixture.subject("alice"), session).await.unwrap();
    let lines = fixture.audit_lines().join("\n");
    assert!(lines.contains("Get-Content") && lines.contains("reader"), "{lines}");
    bailiwick_audit::verify(&fixture.dir.path().join("audit")).expect("the chain holds");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_e26_another_users_session_does_not_exist() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    let bob = fixture.subject("bob");
    assert_eq!(fixture.host.remove(&bob, session).await, Err(NoSuchSession));
    let executed = fixture.host.execute(&bob, session, Default::default());
    assert_eq!(executed.err(), Some(ExecuteError::NoSuchSession(NoSuchSession)));
    assert!(fixture.host.sessions(&bob).is_empty());
    assert_eq!(fixture.host.sessions(&fixture.subject("alice")).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_e41_a_user_has_no_more_sessions_than_the_endpoint_allows_and_gets_the_place_back() {
    let fixture = Fixture::start();
    let alice = fixture.subject("alice");
    let first = fixture.session("alice", "tool").await;
    fixture.session("alice", "tool").await;
    fixture.session("alice", "tool").await;
    let fourth = fixture.host.create(&alice, Some("tool"), SessionOptions::default()).await;
    assert_eq!(fourth.err(), Some(CreateError::TooManySessions(3)));
    fixture.host.remove(&alice, first).await.unwrap();
    fixture.session("alice", "tool").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_not_hers_and_one_that_is_not_there_get_the_same_answer() {
    let fixture = Fixture::with(|logs| {
        let mut files = crate::support::policies(logs);
        files.push((
            "endpoints/admin.toml".to_owned(),
            "version = 1\n[endpoint]\ndescription = \"x\"\n[endpoint.roles]\n\"user:bob\" = [\"own\"]\n"
                .to_owned(),
        ));
        files
    });
    let alice = fixture.subject("alice");
    for name in ["admin", "nothing"] {
        let created = fixture.host.create(&alice, Some(name), SessionOptions::default()).await;
        assert_eq!(created.err(), Some(CreateError::NoSuchEndpoint(name.to_owned())));
    }
    fixture.session("bob", "admin").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_idle_for_its_time_ends_and_gives_its_place_back() {
    let fixture = Fixture::start();
    let alice = fixture.subject("alice");
    let idle_timeout = Some(Duration::from_millis(50));
    let options = SessionOptions { idle_timeout, ..SessionOptions::default() };
    let session = fixture.host.create(&alice, Some("tool"), options).await.unwrap().id;
    assert_eq!(fixture.host.ended(&alice, session).await, Ok(SessionEnd::Idle));
    let executed = fixture.host.execute(&alice, session, Default::default());
    assert!(matches!(executed, Err(ExecuteError::Ended | ExecuteError::NoSuchSession(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn row_e48_an_idle_time_out_of_nothing_or_beyond_the_endpoints_is_refused() {
    let fixture = Fixture::start();
    let alice = fixture.subject("alice");
    for idle in [Duration::ZERO, Duration::from_secs(12 * 3_600 + 1), Duration::MAX] {
        let options = SessionOptions { idle_timeout: Some(idle), ..SessionOptions::default() };
        let created = fixture.host.create(&alice, Some("tool"), options).await;
        assert!(matches!(created, Err(CreateError::IdleTimeout(_))), "{idle:?}");
    }
    let longest =
        SessionOptions { idle_timeout: Some(Duration::from_secs(12 * 3_600)), ..SessionOptions::default() };
    fixture.host.create(&alice, Some("tool"), longest).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn past_a_thousand_refusals_of_the_engine_in_one_command_only_their_number_is_recorded() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    let text = "foreach ($n in 1..1003) { try { Nope-Thing } catch { } }";
    let ran = fixture.run("alice", session, text).await;
    assert_eq!(ran.outcome.status, Status::Completed, "{:?}", ran.errors.first());
    fixture.host.remove(&fixture.subject("alice"), session).await.unwrap();
    let lines = fixture.audit_lines();
    let denials = lines.iter().filter(|line| line.contains("kind: \"decision\"")).count();
    let counts: Vec<_> = lines.iter().filter(|line| line.contains("refusals-not-listed")).collect();
    assert_eq!((denials, counts.len()), (1_000, 1));
    assert!(counts[0].contains("Number(3)"), "{}", counts[0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_drive_refuses_is_a_refusal_that_names_the_drives_rule() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "tool").await;
    let ran = fixture.run("alice", session, "Set-Content User:/big ('x' * 2000000)").await;
    assert!(ran.outcome.refused, "{:?}", ran.errors);
    assert!(ran.errors[0].id.starts_with("QuotaExceeded"), "{:?}", ran.errors);
    assert_eq!(ran.errors[0].refusal.as_ref().map(|refusal| &*refusal.rule), Some("role own, drive User"));
    let absent = fixture.run("alice", session, "Get-Content User:/absent").await;
    assert!(!absent.outcome.refused && absent.outcome.had_errors, "a file that is not there is no refusal");
}

#[tokio::test(flavor = "multi_thread")]
async fn location_is_kept_between_commands_and_paths_follow_it() {
    let fixture = Fixture::start();
    let session = fixture.session("alice", "desk").await;
    let ran = fixture.run("alice", session, "Set-Location Logs:/web").await;
    assert_eq!(ran.outcome.location, "Logs:/web", "{:?}", ran.errors);
    let ran = fixture.run("alice", session, "Get-Content access.log -TotalCount 1").await;
    assert_eq!(ran.texts(), ["one"], "{:?}", ran.errors);
}
