//! What gets around a language mode or the binder, tried where there is no language. Each row has the neighbour that is
//! allowed.

use crate::desk::{Desk, ids};

/// Each text must be refused with one of these ids, without an effect, with exactly one decision that denies it.
async fn refused(desk: &Desk, tries: &[(&str, &[&str])]) {
    for (text, wanted) in tries {
        let before = desk.decisions().len();
        let files = desk.files();
        let ran = desk.run(text).await;
        let found = ids(&ran);
        assert_eq!(found.len(), 1, "`{text}`: {found:?} {:?}", ran.output());
        assert!(wanted.contains(&found[0].as_str()), "`{text}`: {found:?}");
        assert!(ran.outcome.had_errors, "`{text}`: {:?}", ran.outcome);
        assert_eq!(desk.files(), files, "`{text}` had an effect");
        let decisions = desk.decisions().split_off(before);
        let denied = decisions.iter().filter(|decision| decision["decision"] == "deny").count();
        assert_eq!(denied, 1, "`{text}`: {decisions:?}");
    }
}

const MODE: &[&str] = &["ScriptsNotAllowed"];
const UNKNOWN: &[&str] = &["CommandNotFoundException"];
const UNSUPPORTED: &[&str] = &["NotSupported"];
const PARAMETER: &[&str] = &["NamedParameterNotFound"];
const VALUE: &[&str] = &["CannotConvertArgumentNoMessage", "ParameterArgumentTransformationError"];

#[tokio::test(flavor = "multi_thread")]
async fn row_a02_a_script_block_is_refused_before_anything_runs() {
    let desk = Desk::open("none").await;
    desk.allowed("Set-Content User:/keep kept").await;
    let tries: &[(&str, &[&str])] = &[
        ("Get-ChildItem User:/ | Where-Object { Remove-Item User:/keep }", MODE),
        ("Get-ChildItem User:/ | ForEach-Object -Process { Set-Content User:/keep gone }", MODE),
        ("Get-ChildItem User:/ | Sort-Object { Set-Content User:/keep gone }", MODE),
        ("Write-Output { Set-Content User:/keep gone }", MODE),
        ("{ Set-Content User:/keep gone }", MODE),
    ];
    let before = desk.decisions().iter().filter(|decision| decision["source"] == "host").count();
    refused(&desk, tries).await;
    let after = desk.decisions().iter().filter(|decision| decision["source"] == "host").count();
    assert_eq!(before, after, "the first command of a refused text ran");
    assert_eq!(desk.allowed("Get-ChildItem User:/ | Where-Object Name -eq keep").await, ["keep"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a05_a_variable_that_names_a_drive_is_refused() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("${Logs:web/access.log}", MODE),
        ("${/etc/passwd}", MODE),
        ("Write-Output \"${User:x}\"", MODE),
        ("Write-Output ${env:PATH}", MODE),
        ("${function:Get-ChildItem} = { 1 }", MODE),
        ("${User:x} = 1", MODE),
    ];
    refused(&desk, tries).await;
    assert_eq!(desk.allowed("Write-Output '${User:x}'").await, ["${User:x}"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a06_the_mode_stays_what_it_was() {
    let desk = Desk::open("none").await;
    for text in [
        "$x = 1",
        "$ExecutionContext.SessionState.LanguageMode = 'FullLanguage'",
        "Set-Variable x 1",
        "New-Variable x 1 -Option AllScope",
        "$global:x = 1",
        "$env:x = 1",
    ] {
        refused(&desk, &[(text, &["ScriptsNotAllowed", "CommandNotFoundException"])]).await;
        refused(&desk, &[("1 + 1", MODE), ("{ }", MODE)]).await;
    }
    assert_eq!(desk.allowed("Write-Output 2").await, ["2"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a07_members_and_methods_are_refused() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("'x'.GetType()", MODE),
        ("'x'.Length", MODE),
        ("(Get-ChildItem User:/).Delete()", MODE),
        ("$o.$m()", MODE),
        ("$t::$m()", MODE),
        ("$t::($names[0])()", MODE),
        ("[System.IO.File]::ReadAllText('/etc/passwd')", MODE),
        ("Write-Output (Get-ChildItem User:/).Name", MODE),
    ];
    refused(&desk, tries).await;
    let names = desk.allowed("Get-ChildItem Logs:/web | Select-Object -ExpandProperty Name").await;
    assert_eq!(names, ["old", "access.log"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a11_no_file_becomes_code() {
    let desk = Desk::open("none").await;
    // Whoever parsed it would complain.
    desk.allowed("Set-Content User:/x.ps1 'function {'").await;
    let tries: &[(&str, &[&str])] = &[
        (". User:/x.ps1", MODE),
        ("& User:/x.ps1", MODE),
        (". { 1 }", MODE),
        ("User:/x.ps1", UNKNOWN),
        ("Import-Module User:/x.ps1", UNKNOWN),
        ("Import-LocalizedData -FileName User:/x.ps1", UNKNOWN),
        ("using module User:/x.ps1", UNSUPPORTED),
    ];
    refused(&desk, tries).await;
    assert_eq!(desk.allowed("Get-Content User:/x.ps1").await, ["function {"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a12_a13_no_name_is_taken_by_a_function_or_an_alias() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("function Get-ChildItem { 'mine' }", MODE),
        ("function global:Out-Default { 'mine' }", MODE),
        ("filter Get-ChildItem { 'mine' }", MODE),
        ("New-Item function:Get-ChildItem -Value x", UNKNOWN),
        ("Set-Alias Get-ChildItem Remove-Item", UNKNOWN),
        ("New-Alias gci Remove-Item", UNKNOWN),
        ("Set-Content alias:gci Remove-Item", &["PathRefused", "DriveNotFound"]),
        ("Get-ChildItem function:/", &["PathRefused", "DriveNotFound"]),
        ("rm User:/x", UNKNOWN),
    ];
    refused(&desk, tries).await;
    for name in ["Get-ChildItem", "gci", "dir", "ls"] {
        assert_eq!(desk.allowed(&format!("{name} Logs:/web -File -Name")).await, ["access.log"]);
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a15_splatting_is_refused() {
    let desk = Desk::open("none").await;
    refused(
        &desk,
        &[("Get-Content @p", MODE), ("Get-Content @args", MODE), ("Get-Content @{ Path = 'x' }", MODE)],
    )
    .await;
    assert_eq!(desk.allowed("Write-Output '@p'").await, ["@p"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a34_nothing_of_a_text_runs_if_its_language_is_refused() {
    let desk = Desk::open("none").await;
    for rest in [
        "; $x = 1",
        "\n$x = 1",
        " && Get-ChildItem User:/",
        " || Get-ChildItem User:/",
        "; if (1) { }",
        " &",
        "; 'open",
    ] {
        let before = desk.decisions().len();
        let ran = desk.run(&format!("Set-Content User:/half written{rest}")).await;
        assert!(ran.outcome.had_errors, "{rest}");
        assert!(!desk.own("half").exists(), "{rest}");
        assert_eq!(desk.decisions().len(), before + 1, "{rest}");
    }
    // A command is refused when its turn comes.
    let ran = desk.run("Set-Content User:/half written; Remove-Item User:/half").await;
    assert_eq!(ids(&ran), ["CommandNotFoundException"]);
    assert!(desk.own("half").exists());
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a35_stop_parsing_is_refused_and_what_follows_two_hyphens_is_ruled() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("Get-Content --% Logs:/web/access.log", UNSUPPORTED),
        ("Get-Content -- Logs:/db/query.log", &["PathRefused"]),
        ("Get-Content -- -Path Logs:/web/access.log", &["PositionalParameterNotFound", "PathRefused"]),
    ];
    refused(&desk, tries).await;
    assert_eq!(desk.allowed("Get-Content -- Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a37_a_qualified_name_reaches_nothing_more() {
    let desk = Desk::open("none").await;
    let texts = [
        "Items\\Remove-Item User:/x",
        "items\\remove-item User:/x",
        "\\Get-Content Logs:/web/access.log",
        "Items\\\\Get-Content Logs:/web/access.log",
        "global:Get-Content Logs:/web/access.log",
        "Core\\Select-Object",
        "Microsoft.PowerShell.Utility\\Invoke-Expression 1",
        "Microsoft.PowerShell.Management\\Get-Content Logs:/web/access.log",
        "Other\\Get-Content Logs:/web/access.log",
    ];
    for text in texts {
        refused(&desk, &[(text, UNKNOWN)]).await;
    }
    refused(&desk, &[("Items\\Get-Content Logs:/db/query.log", &["PathRefused"])]).await;
    assert_eq!(desk.allowed("Items\\Get-Content Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a38_a_path_is_no_command() {
    let desk = Desk::open("none").await;
    for text in
        ["/bin/sh", "./Get-Content x", "~/x", "../bin/id", "User:/x.ps1", "/usr/bin/id", "sh", "bash -c id"]
    {
        refused(&desk, &[(text, UNKNOWN)]).await;
    }
    refused(&desk, &[("\"C:\\x\"", MODE), ("& '/bin/sh'", MODE)]).await;
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a39_default_values_are_no_language() {
    let desk = Desk::open("none").await;
    let text = "$PSDefaultParameterValues['Get-Content:Path'] = 'Logs:/db/query.log'";
    refused(&desk, &[(text, MODE), ("Get-Content", &["MissingMandatoryParameter"])]).await;
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a40_common_parameters_that_write_variables_are_not_there() {
    let desk = Desk::open("none").await;
    let names = [
        "OutVariable",
        "OV",
        "PipelineVariable",
        "PV",
        "ErrorVariable",
        "EV",
        "WarningVariable",
        "InformationVariable",
    ];
    for name in names {
        for value in ["x", "+x", "function:Get-ChildItem", "env:PATH", "script:x", "alias:x"] {
            refused(&desk, &[(&format!("Get-ChildItem Logs:/web -{name} {value}"), PARAMETER)]).await;
        }
    }
    assert_eq!(desk.allowed("Get-ChildItem Logs:/web -File -ErrorAction Stop -Name").await, ["access.log"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a41_no_common_parameter_prompts_or_debugs() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("Get-ChildItem Logs:/web -ErrorAction Break", VALUE),
        ("Get-ChildItem Logs:/web -ErrorAction Inquire", VALUE),
        ("Get-ChildItem Logs:/web -ErrorAction Suspend", VALUE),
        ("Get-ChildItem Logs:/web -OutBuffer 2147483647", PARAMETER),
        ("Get-ChildItem Logs:/web -Debug", PARAMETER),
        ("Get-ChildItem Logs:/web -Confirm", PARAMETER),
        ("Get-ChildItem Logs:/web -WhatIf", PARAMETER),
        ("Get-ChildItem Logs:/web -ProgressAction Break", PARAMETER),
    ];
    refused(&desk, tries).await;
    assert_eq!(
        desk.allowed("Get-ChildItem Logs:/web -File -Name -ErrorAction SilentlyContinue").await,
        ["access.log"]
    );
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a43_a_redirection_writes_nothing() {
    let desk = Desk::open("none").await;
    for target in [
        "> /etc/cron.d/x",
        "> User:/e",
        "2> User:/e",
        ">> Logs:/web/access.log",
        "*> User:/e",
        "> variable:x",
        "2>&1",
    ] {
        refused(&desk, &[(&format!("Get-ChildItem Logs:/web {target}"), MODE)]).await;
    }
    for text in ["Get-ChildItem Logs:/web | Out-File User:/e", "Get-ChildItem Logs:/web | Tee-Object User:/e"]
    {
        refused(&desk, &[(text, UNKNOWN)]).await;
    }
    desk.allowed("Get-ChildItem Logs:/web -File -Name | Set-Content User:/e").await;
    assert_eq!(std::fs::read_to_string(desk.own("e")).unwrap(), "access.log\n");
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a44_a54_what_describes_commands_tells_only_of_those_that_are_visible() {
    let desk = Desk::open("none").await;
    for name in
        ["Remove-Item", "Items\\Remove-Item", "../../x", "//host/x", "/etc/passwd", "Logs:/web/access.log"]
    {
        let ran = desk.run(&format!("Get-Help {name}")).await;
        assert!(ran.output().is_empty() && ran.outcome.had_errors, "{name}: {ran:?}");
        let ran = desk.run(&format!("Get-Command {name}")).await;
        assert!(ran.output().is_empty(), "{name}: {ran:?}");
    }
    refused(&desk, &[("Get-Help Get-Content -Online", PARAMETER), ("Get-Command -All", PARAMETER)]).await;
    let many = desk.run(&format!("Get-Command -Name {}", "*".repeat(1_000))).await;
    assert!(!format!("{:?}", many.records).contains("Remove-Item"));
    let all = format!("{:?} {:?}", desk.run("Get-Help *").await, desk.run("Get-Command *").await);
    assert!(
        all.contains("Get-Content") && !all.contains("Remove-Item") && !all.contains("Copy-Item"),
        "{all}"
    );
    // A parameter that is not granted is not described either.
    let help = format!("{:?}", desk.run("Get-Help Get-Content").await);
    assert!(help.contains("TotalCount") && !help.contains("Encoding"), "{help}");
    for text in [
        "Get-ChildItem User:/ | Select-Object @{ n = 'x'; e = { 1 } }",
        "Get-ChildItem User:/ | Measure-Object -Property { 1 }",
    ] {
        refused(&desk, &[(text, MODE)]).await;
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a49_a50_nothing_runs_beside_the_session_or_opens_another() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("Start-Job { 1 }", MODE),
        ("Start-Job", UNKNOWN),
        ("Start-ThreadJob", UNKNOWN),
        ("Get-Job", UNKNOWN),
        ("Get-ChildItem Logs:/web &", UNSUPPORTED),
        ("ForEach-Object -Parallel { 1 }", MODE),
        ("New-PSSession localhost", UNKNOWN),
        ("Enter-PSSession -ConfigurationName admin", UNKNOWN),
        ("Invoke-Command -ComputerName localhost", UNKNOWN),
        ("ssh localhost", UNKNOWN),
    ];
    refused(&desk, tries).await;
    let twin =
        desk.connection.create(Some("desk"), bailiwick_client::SessionOptions::default()).await.unwrap();
    twin.remove().await.unwrap();
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a57_a58_a59_no_debugger_no_type_data_no_events() {
    let desk = Desk::open("none").await;
    for text in [
        "Set-PSBreakpoint -Script x",
        "Wait-Debugger",
        "Debug-Runspace 1",
        "Update-TypeData -TypeName x",
        "Update-FormatData User:/x.ps1xml",
        "Register-EngineEvent x",
        "Register-ObjectEvent x",
    ] {
        refused(&desk, &[(text, UNKNOWN)]).await;
    }
    refused(&desk, &[("try { 1 } finally { 2 }", MODE), ("trap { 1 }", UNSUPPORTED)]).await;
    assert_eq!(desk.allowed("Write-Output 1").await, ["1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a60_a61_every_kind_of_statement_and_expression_is_refused() {
    let desk = Desk::open("none").await;
    for text in [
        "param($x) $x",
        "begin { } process { }",
        "$x = 1",
        "$x += 1",
        "if (1) { }",
        "foreach ($i in 1) { }",
        "for (;;) { }",
        "while (1) { }",
        "do { } while (0)",
        "do { } until (1)",
        "switch (1) { 1 { } }",
        "try { } catch { }",
        "function f { }",
        "filter f { }",
        "return",
        "return 1",
        "break",
        "continue",
        "throw 'x'",
        "exit",
        "exit 1",
        "Write-Output 1 && Write-Output 2",
        "1",
        "'x'",
        "& Write-Output 1",
        ". Write-Output 1",
        "& $x",
        "Write-Output @x",
        "Write-Output 1 > $null",
        "Write-Output \"$x\"",
        "Write-Output \"$(1)\"",
        "Write-Output $x",
        "Write-Output [int]",
        "[int]",
        "[int]'1'",
        "Write-Output ([int]'1')",
        "Write-Output @(1)",
        "Write-Output $(1)",
        "Write-Output (1)",
        "Write-Output @{ a = 1 }",
        "Write-Output { 1 }",
        "-not 1",
        "$x++",
        "1 + 1",
        "1, 2 -join ''",
        "1 -eq 1",
        "1 ? 2 : 3",
        "'x'.Length",
        "'x'.ToUpper()",
        "(1, 2)[0]",
        "[math]::Pi",
        "[math]::Abs(1)",
        "1..3",
        "-split 'a b'",
        "'{0}' -f 1",
        "'a' -replace 'a', { 1 }",
    ] {
        let before = desk.decisions().len();
        let ran = desk.run(text).await;
        // `[int]` as an argument is a bare word, as in PowerShell.
        if text == "Write-Output [int]" {
            continue;
        }
        assert!(ran.output().is_empty(), "`{text}`: {ran:?}");
        assert_eq!(ids(&ran), ["ScriptsNotAllowed"], "`{text}`: {ran:?}");
        assert!(ran.outcome.refused, "`{text}`");
        assert_eq!(desk.decisions().len(), before + 1, "`{text}`");
    }
    for text in [
        "class X { }",
        "enum X { A }",
        "data { 1 }",
        "workflow x { }",
        "using namespace System",
        "dynamicparam { }",
    ] {
        let ran = desk.run(text).await;
        assert!(ran.output().is_empty() && ran.outcome.had_errors, "`{text}`: {ran:?}");
    }
    for (text, output) in [
        ("Write-Output 1", vec!["1"]),
        ("Write-Output 'x', \"y\", z", vec!["x", "y", "z"]),
        ("Write-Output 1, 2 | Measure-Object -Sum | Select-Object -ExpandProperty Count", vec!["2"]),
        ("Write-Output 1; Write-Output 2", vec!["1", "2"]),
        ("Write-Output -- -x", vec!["-x"]),
    ] {
        assert_eq!(desk.allowed(text).await, output, "`{text}`");
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a62_texts_that_nest_or_grow_without_bound_cost_nobody_anything() {
    let desk = Desk::open("none").await;
    let sibling =
        desk.connection.create(Some("desk"), bailiwick_client::SessionOptions::default()).await.unwrap();
    for text in [
        "(".repeat(100_000),
        "\"$(".repeat(10_000),
        "{".repeat(100_000),
        "@(".repeat(50_000),
        format!("Write-Output {}", "x ".repeat(20_000)),
        format!("Write-Output 1{}", " | Write-Output".repeat(2_000)),
        format!("Write-Output 1{}", " | Select-Object -First 1".repeat(1_900)),
        format!("Write-Output 1{}", " | Write-Output".repeat(20_000)),
        "a".repeat(900_000),
        format!("Write-Output {}1", "-".repeat(100_000)),
    ] {
        let start: String = text.chars().take(20).collect();
        let ran = desk.run(&text).await;
        let (errors, outcome) = (ran.errors(), &ran.outcome);
        assert_ne!(
            outcome.status,
            bailiwick_wire::message::Status::SessionLost,
            "`{start}…`: {errors:?} {outcome:?}"
        );
        assert!(ran.output().is_empty() || !outcome.had_errors, "`{start}…`: {errors:?}");
        assert_eq!(desk.allowed("Write-Output 1").await, ["1"], "after `{start}…`");
    }
    assert_eq!(texts_of(&sibling).await, ["1"]);
    desk.end().await;
}

async fn texts_of(session: &bailiwick_client::Session) -> Vec<String> {
    crate::desk::texts(&bailiwick_support::run(session, "Write-Output 1").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a65_a_nested_command_is_refused() {
    let desk = Desk::open("none").await;
    refused(
        &desk,
        &[
            ("Get-Content -Path (Get-Content User:/names)", MODE),
            ("Get-Content $(Get-Content User:/names)", MODE),
        ],
    )
    .await;
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a67_duplicate_empty_and_missing_values_are_errors_at_once() {
    let desk = Desk::open("none").await;
    let tries: &[(&str, &[&str])] = &[
        ("Get-Content -Path Logs:/web/access.log -Path Logs:/db/query.log", &["ParameterAlreadyBound"]),
        ("Get-Content -Path Logs:/web/access.log -Pa Logs:/db/query.log", &["ParameterAlreadyBound"]),
        ("Get-Content -Path", &["MissingArgument"]),
        ("Get-Content -Path ''", &["ParameterArgumentValidationErrorEmptyStringNotAllowed"]),
        ("Get-Content -Path $null", &["ParameterArgumentValidationErrorNullNotAllowed"]),
        ("Get-Content", &["MissingMandatoryParameter"]),
        ("Get-Content Logs:/web/access.log -TotalCount 99999999999999999999", VALUE),
    ];
    refused(&desk, tries).await;
    assert_eq!(desk.allowed("Get-Content -Path Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}
