//! Effectful commands: what the host is asked, in which order, and what becomes of its answers.

use bailiwick_language::session::Status;

use crate::bench::Bench;

#[test]
fn the_first_record_leaves_before_the_last_enters() {
    let mut bench = Bench::full();
    assert_eq!(bench.run("'web-a', 'web-b' | Get-Service | ForEach-Object Name"), "web-a web-b");
    let events = bench.events();
    let at = |wanted: &str| events.iter().position(|e| e == wanted).unwrap();
    assert!(at("output web-a") < at("fed {Name=[web-b]}"), "{events:?}");
}

#[test]
fn what_wants_no_more_ends_what_feeds_it() {
    let mut bench = Bench::full();
    assert_eq!(
        bench.run("Get-Service web-a, web-b, x, y | Select-Object -First 1 -ExpandProperty Name; 'after'"),
        "web-a after"
    );
    let events = bench.events();
    let dropped = events.iter().position(|e| e == "dropped Get-Service").unwrap();
    let after = events.iter().position(|e| e == "output after").unwrap();
    assert!(dropped < after, "{events:?}");
    assert_eq!(bench.run("1..1000000000 | Select-Object -First 2"), "1 2");
}

#[test]
fn a_refusal_keeps_its_rule_and_gains_command_and_place() {
    let mut bench = Bench::full();
    assert_eq!(bench.execute("'x'\nRestart-Service web-c; 'next'").status, Status::Failed);
    let error = bench.errors().remove(0);
    assert_eq!(&*error.id, "ParameterArgumentValidationError");
    assert_eq!(&*error.refusal.unwrap().rule, "role web-restart, parameter Name (one_of)");
    assert_eq!((&*error.command, error.position.unwrap().line), ("Restart-Service", 2));
    assert_eq!(bench.run("try { Restart-Service web-c } catch { 'caught' }"), "caught");
}

#[test]
fn a_later_stage_is_decided_before_an_earlier_one_acts() {
    let mut bench = Bench::full();
    bench.run("Get-Service web-a | Restart-Service -Notes web-c");
    assert!(!bench.events().iter().any(|e| e.starts_with("fed")));
    assert_eq!(
        bench.run("Get-Service web-a | Restart-Service -Nope 1"),
        "!NamedParameterNotFound,Restart-Service"
    );
    assert_eq!(bench.calls().iter().filter(|c| c.starts_with("Get-Service")).count(), 1);
}

#[test]
fn relative_paths_are_made_drive_qualified() {
    let mut bench = Bench::no_language();
    bench.run("Get-Content web/a.log, User:/x, /etc/passwd, ..\\b");
    assert_eq!(bench.calls(), ["Get-Content {Path=[Logs:/web/a.log, User:/x, /etc/passwd, Logs:/..\\b]}"]);
}

#[test]
fn a_location_is_changed_after_the_host_was_asked() {
    let mut bench = Bench::no_language();
    assert_eq!(bench.execute("Set-Location web/../nginx").location, "Logs:/nginx");
    assert_eq!(bench.calls(), ["Test-Path {LiteralPath=Logs:/nginx; PathType=Container}"]);
    bench.run("Get-Content x");
    assert_eq!(bench.calls(), ["Get-Content {Path=[Logs:/nginx/x]}"]);
    assert_eq!(bench.run("cd missing"), "!PathNotFound,Set-Location");
    assert_eq!(bench.run("cd Nowhere:/"), "!DriveNotFound,Set-Location");
    assert_eq!(bench.run("cd ../../x"), "!PathNotFound,Set-Location");
    assert_eq!(bench.run("cd ..; pwd"), "@{Drive=Logs; Path=Logs:/}");
    assert_eq!(bench.run("cd user:/; Get-Location | Select-Object Path"), "@{Path=User:/}");
}

#[test]
fn the_error_action_is_the_engines() {
    let mut bench = Bench::full();
    assert_eq!(bench.run("Get-Content missing; 'next'"), "!PathNotFound next");
    assert_eq!(bench.run("Get-Content missing -ErrorAction SilentlyContinue; 'next'"), "next");
    assert_eq!(bench.run("Get-Content missing -EA Stop; 'next'"), "!PathNotFound");
    assert_eq!(bench.run("try { Get-Content missing -ErrorAction Stop } catch { 'caught' }"), "caught");
    assert_eq!(bench.calls(), vec!["Get-Content {Path=[Logs:/missing]}"; 4]);
}

#[test]
fn an_outcome_says_how_it_ended() {
    let mut bench = Bench::full();
    let outcome = bench.execute("1..3 | Sort-Object | Out-Null");
    assert_eq!((outcome.status, outcome.had_errors, outcome.native_commands), (Status::Completed, false, 2));
    let outcome = bench.execute("Write-Error x");
    assert_eq!((outcome.status, outcome.had_errors), (Status::Completed, true));
    let outcome = bench.execute("throw 'x'");
    assert_eq!((outcome.status, outcome.had_errors), (Status::Failed, true));
    let outcome = bench.execute("'a' 'b'");
    assert_eq!((outcome.status, outcome.had_errors), (Status::Failed, true));
}

#[test]
fn a_stop_runs_finally_and_ends() {
    let mut bench = Bench::full();
    bench.host.stop_after = Some(3);
    assert_eq!(bench.run("try { while ($true) { } } finally { 'cleaned' }; 'never'"), "cleaned stopped");
}

#[test]
fn the_clients_records_are_read_as_they_are_needed() {
    let mut bench = Bench::full();
    bench.host.input.extend([vec![1.into(), 2.into()], vec![3.into()]]);
    assert_eq!(bench.run("$input | ForEach-Object { $_ * 2 }"), "2 4 6");
    let events = bench.events();
    assert_eq!(
        events,
        ["read", "output 2", "output 4", "read", "output 6", "read"]
            .map(String::from)
            .to_vec()
            .into_iter()
            .collect::<Vec<_>>()
    );
    bench.host.input.push_back(vec![1.into(), 2.into()]);
    assert_eq!(bench.run("ForEach-Object { $_ + 1 }"), "2 3");
}
