//! Each way to be refused, beside its neighbour that is allowed and has its effect.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::desk::{Desk, Refusal, id};

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_no_role_grants_is_not_there() {
    let desk = Desk::open("none").await;
    let hidden = Refusal { id: "CommandNotFoundException", rule: None, reason: "unknown-command" };
    desk.allowed("Set-Content User:/note kept").await;
    desk.refused("Remove-Item User:/note", hidden).await;
    assert_eq!(fs::read_to_string(desk.own("note")).unwrap(), "kept\n");
    assert_eq!(desk.allowed("Get-Content User:/note").await, ["kept"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a66_a_parameter_that_no_grant_lists_is_not_there() {
    let desk = Desk::open("none").await;
    let hidden = Refusal { id: "NamedParameterNotFound", rule: None, reason: "unknown-parameter" };
    desk.refused("Get-Content Logs:/web/access.log -Tail 1", hidden).await;
    desk.refused("Get-Content -LiteralPath Logs:/web/access.log", hidden).await;
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a68_a_parameter_with_a_rule_must_be_given() {
    let desk = Desk::open("none").await;
    let missing = Refusal {
        id: "MissingMandatoryParameter",
        rule: Some("role helper, Get-Item, parameter Filter"),
        reason: "parameter-missing",
    };
    desk.refused("Get-Item Logs:/web/access.log", missing).await;
    let given = desk.allowed("Get-Item Logs:/web/access.log -Filter *.log").await;
    assert_eq!(given, ["access.log"]);
    // One with `optional = true` may be left out.
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a68_a_parameter_with_a_rule_is_missed_by_every_route() {
    let desk = Desk::open("full").await;
    let missing = Refusal {
        id: "MissingMandatoryParameter",
        rule: Some("role helper, Get-Item, parameter Filter"),
        reason: "parameter-missing",
    };
    for text in [
        "gi Logs:/web/access.log",
        "Items\\Get-Item -Pa Logs:/web/access.log",
        "$p = @{ Path = 'Logs:/web/access.log' }; Get-Item @p",
        "[pscustomobject]@{ Path = 'Logs:/web/access.log' } | Get-Item",
        "& { Get-Item $args[0] } Logs:/web/access.log",
    ] {
        desk.refused(text, missing).await;
    }
    let twin = "$p = @{ Path = 'Logs:/web/access.log'; Filter = 'a*' }; Get-Item @p";
    assert_eq!(desk.allowed(twin).await, ["access.log"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_outside_of_its_range_is_refused() {
    let desk = Desk::open("none").await;
    let range = Refusal {
        id: "ParameterArgumentValidationError",
        rule: Some("role helper, Get-Content, parameter TotalCount (range)"),
        reason: "value-refused",
    };
    for count in ["0", "201", "-1", "1000000"] {
        desk.refused(&format!("Get-Content Logs:/web/access.log -TotalCount {count}"), range).await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log -TotalCount 200").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_is_none_of_the_listed_is_refused() {
    let desk = Desk::open("none").await;
    let one_of = Refusal {
        id: "ParameterArgumentValidationError",
        rule: Some("role helper, Set-Content, parameter Encoding (one_of)"),
        reason: "value-refused",
    };
    desk.refused("Set-Content User:/a x -Encoding ascii", one_of).await;
    desk.refused("Set-Content User:/a x -Encoding UTF8", one_of).await;
    desk.allowed("Set-Content User:/a x -Encoding utf8").await;
    assert_eq!(fs::read_to_string(desk.own("a")).unwrap(), "x\n");
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_breaks_its_pattern_is_refused() {
    let desk = Desk::open("none").await;
    let pattern = Refusal {
        id: "ParameterArgumentValidationError",
        rule: Some("role helper, Get-Content, parameter Filter (pattern)"),
        reason: "value-refused",
    };
    for value in ["access.log.gz", "*.log", "x;access.log", "ACCESS.log"] {
        desk.refused(&format!("Get-Content Logs:/web/* -Filter '{value}'"), pattern).await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/web/* -Filter access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_length_is_refused() {
    let desk = Desk::open("none").await;
    let length = Refusal {
        id: "ParameterArgumentValidationError",
        rule: Some("role helper, Set-Content, parameter Value (length)"),
        reason: "value-refused",
    };
    desk.refused("Set-Content User:/a ''", length).await;
    desk.refused(&format!("Set-Content User:/a {}", "x".repeat(20_001)), length).await;
    desk.allowed(&format!("Set-Content User:/a {}", "x".repeat(20_000))).await;
    assert_eq!(fs::metadata(desk.own("a")).unwrap().len(), 20_001);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_outside_of_what_its_rule_allows_is_refused() {
    let desk = Desk::open("none").await;
    let within = Refusal {
        id: "PathRefused",
        rule: Some("role helper, Get-Content, parameter Path (within)"),
        reason: "path-refused",
    };
    for path in
        ["Logs:/db/query.log", "Logs:/web/../db/query.log", "logs:\\db\\query.log", "Logs:/webx/a", "Logs:/"]
    {
        desk.refused(&format!("Get-Content {path}"), within).await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/db/../web/./access.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drive_of_another_role_is_refused() {
    let desk = Desk::open("none").await;
    let drive = Refusal {
        id: "DriveNotFound",
        rule: Some("role helper, Get-ChildItem"),
        reason: "drive-not-granted",
    };
    desk.refused("Get-ChildItem Vault:/", drive).await;
    // Each role's command on its own drive.
    assert_eq!(desk.allowed("Get-Content Vault:/secret.txt").await, ["kept"]);
    assert_eq!(desk.allowed("Get-ChildItem Logs:/web -Name -File").await, ["access.log"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b01_a_path_that_leads_above_its_drive_is_refused() {
    let desk = Desk::open("none").await;
    let above = Refusal { id: "PathRefused", rule: None, reason: "path-refused" };
    for path in
        ["Logs:/../x", "Logs:/web/../../x", "User:\\..\\bob-1\\x", "Logs:/../../../../../../etc/passwd"]
    {
        desk.refused(&format!("Get-Content {path}"), above).await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/web/old/../access.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_refused_where_there_is_none() {
    let desk = Desk::open("none").await;
    let mode = Refusal { id: "ScriptsNotAllowed", rule: None, reason: "language-mode" };
    desk.refused("$x = 1", mode).await;
    desk.refused("Get-Content Logs:/web/access.log; $x = 1", mode).await;
    desk.end().await;
    let desk = Desk::open("full").await;
    assert_eq!(desk.allowed("$x = 1; $x + 1").await, ["2"]);
    desk.end().await;
}

/// A refusal at the drive's own border: decided as allowed, since the path is within its rule, and refused as the file
/// turns out to be another one. The audit has the decision, and the drive's refusal beside it.
async fn refused_by_the_drive(desk: &Desk, text: &str, reason: &str) {
    let before = desk.host.audit().len();
    let files = desk.files();
    let ran = desk.run(text).await;
    let errors = ran.errors();
    assert!(ran.outcome.had_errors, "`{text}`: {:?}", ran.outcome);
    assert!(!errors.is_empty() && errors.iter().all(|error| id(&error.id) == reason), "`{text}`: {errors:?}");
    let new = desk.host.audit().split_off(before);
    let decisions: Vec<_> = new.iter().filter(|record| record["kind"] == "decision").collect();
    assert_eq!(decisions.len(), 1, "`{text}`: {decisions:?}");
    assert!(decisions[0]["rule"]["key"].as_str().is_some(), "`{text}`: {decisions:?}");
    let told = new.iter().filter(|record| record["event"] == "capability-refused").count();
    assert!(told >= 1, "`{text}`: {new:?}");
    assert_eq!(desk.files(), files, "`{text}` had an effect");
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b17_a_special_file_is_refused_and_blocks_nobody() {
    let desk = Desk::open("none").await;
    let fifo = desk.path("data/logs/web/pipe.log");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    refused_by_the_drive(&desk, "Get-Content Logs:/web/pipe.log", "SpecialFile").await;
    let socket = std::os::unix::net::UnixListener::bind(desk.path("data/logs/web/s.log")).unwrap();
    refused_by_the_drive(&desk, "Get-Content Logs:/web/s.log", "SpecialFile").await;
    drop(socket);
    // They are listed, which opens neither.
    assert_eq!(
        desk.allowed("Get-ChildItem Logs:/web -Name -File").await,
        ["access.log", "pipe.log", "s.log"]
    );
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b05_b06_a_link_that_leads_out_is_refused_and_one_that_stays_is_followed() {
    let desk = Desk::open("none").await;
    let web = desk.path("data/logs/web");
    symlink(desk.path("outside/passwd"), web.join("absolute.log")).unwrap();
    symlink("../../../outside/passwd", web.join("up.log")).unwrap();
    symlink("../../../outside", web.join("folder")).unwrap();
    symlink("up.log", web.join("chain.log")).unwrap();
    symlink("access.log", web.join("inside.log")).unwrap();
    for path in ["absolute.log", "up.log", "folder/passwd", "chain.log"] {
        refused_by_the_drive(&desk, &format!("Get-Content Logs:/web/{path}"), "PathOutsideDrive").await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/web/inside.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b12_a_file_of_a_read_only_drive_is_not_written() {
    let desk = Desk::open("none").await;
    refused_by_the_drive(&desk, "Set-Content Logs:/web/access.log x", "DriveReadOnly").await;
    desk.allowed("Set-Content User:/access.log x").await;
    assert_eq!(fs::read_to_string(desk.own("access.log")).unwrap(), "x\n");
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_beyond_the_quota_is_refused_and_what_was_there_stays() {
    let desk = Desk::open("none").await;
    let text = "x".repeat(19_999);
    for name in ["a", "b", "c"] {
        desk.allowed(&format!("Set-Content User:/{name} {text}")).await;
    }
    let ran = desk.run(&format!("Add-Content User:/a {text}")).await;
    assert_eq!(ran.errors().iter().map(|error| id(&error.id)).collect::<Vec<_>>(), ["QuotaExceeded"]);
    let used: u64 = ["a", "b", "c"].map(|name| fs::metadata(desk.own(name)).unwrap().len()).iter().sum();
    assert!(used <= 64 << 10, "{used}");
    assert!(fs::read_to_string(desk.own("a")).unwrap().starts_with(&text));
    // Room that is given back can be written again.
    desk.allowed("Set-Content User:/b less").await;
    desk.allowed(&format!("Set-Content User:/d {text}")).await;
    desk.end().await;
}
