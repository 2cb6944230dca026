//! The same attempts with the whole language: there they are computation inside a sandbox, and what holds is that
//! nothing has an effect that policy does not allow, and that everything with an effect is decided on.

use crate::desk::{Desk, ids};

/// The texts run or fail as they like, but nothing changes, and nothing is allowed but what is listed.
async fn without_effect(desk: &Desk, texts: &[&str], may: &[&str]) {
    for text in texts {
        let (before, files) = (desk.decisions().len(), desk.files());
        let ran = desk.run(text).await;
        assert_eq!(desk.files(), files, "`{text}` had an effect: {ran:?}");
        for decision in desk.decisions().split_off(before) {
            let command = decision["command"].as_str().unwrap_or_default();
            assert!(decision["decision"] == "deny" || may.contains(&command), "`{text}`: {decision}");
        }
    }
}

/// The texts fail with this id.
async fn failed(desk: &Desk, texts: &[&str], wanted: &[&str]) {
    for text in texts {
        let ran = desk.run(text).await;
        let found = ids(&ran);
        assert!(
            found.iter().any(|id| wanted.contains(&id.as_str())),
            "`{text}`: {found:?} {:?}",
            ran.output()
        );
        without_effect(desk, &[text], &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a02_what_a_script_block_invokes_is_decided_like_anything_else() {
    let desk = Desk::open("full").await;
    desk.allowed("Set-Content User:/keep kept").await;
    let texts = [
        "1..3 | Where-Object { Remove-Item User:/keep }",
        "1 | ForEach-Object -Process { Remove-Item User:/keep }",
        "1 | Sort-Object { Remove-Item User:/keep }",
        "1 | Select-Object @{ n = 'x'; e = { Remove-Item User:/keep } }",
        "& { Remove-Item User:/keep }",
        "$(Remove-Item User:/keep)",
        "\"$(Remove-Item User:/keep)\"",
        "$b = { Remove-Item User:/keep }; & $b; . $b; $b.Invoke()",
        "function f { Remove-Item User:/keep }; f",
        "try { throw 'x' } catch { Remove-Item User:/keep } finally { Remove-Item User:/keep }",
        "Set-Content -Path { 'Logs:/web/access.log' } -Value x",
        "'x' | Set-Content -Path { 'Vault:/x' }",
    ];
    without_effect(&desk, &texts, &[]).await;
    desk.allowed("1..3 | ForEach-Object { Set-Content User:/keep \"value $_\" }").await;
    assert_eq!(std::fs::read_to_string(desk.own("keep")).unwrap(), "value 3\n");
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a05_a_variable_reaches_no_drive() {
    let desk = Desk::open("full").await;
    let texts = [
        "${Logs:web/access.log}",
        "\"${User:x}\"",
        "${function:Get-ChildItem} = { 1 }",
        "${alias:gci} = 'rm'",
        "$env:PATH",
        "${User:x} = 1",
    ];
    for text in texts {
        let ran = desk.run(text).await;
        assert!(
            ran.outcome.had_errors || ran.output().iter().all(|v| **v == bailiwick_objects::Value::Null),
            "`{text}`: {ran:?}"
        );
    }
    without_effect(&desk, &texts, &[]).await;
    // A name in braces is a name, whatever it looks like.
    assert_eq!(desk.allowed("${/etc/passwd} = 'mine'; ${/etc/passwd}").await, ["mine"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a06_a07_a10_no_object_leads_out_of_the_language() {
    let desk = Desk::open("full").await;
    let texts = [
        "$ExecutionContext.SessionState.LanguageMode = 'NoLanguage'",
        "$ExecutionContext.InvokeCommand.InvokeScript('1')",
        "[System.IO.File]::ReadAllText('/etc/passwd')",
        "[System.Diagnostics.Process]::Start('/bin/sh')",
        "[System.Reflection.Assembly]::Load('x')",
        "'x'.GetType().Assembly.GetTypes()",
        "$m = 'Delete'; (Get-ChildItem Logs:/web)[0].$m()",
        "(Get-ChildItem Logs:/web)[0].CopyTo('User:/x')",
        "New-Object System.Net.WebClient",
        "Add-Type -TypeDefinition 'class X {}'",
        "Invoke-Expression 'Remove-Item User:/x'",
        "[scriptblock]::Create('Remove-Item User:/x').Invoke()",
        "{ Get-Command }.GetSteppablePipeline()",
        "(1).ForEach([IntPtr])",
        "'{0,2000000000}' -f 1",
    ];
    without_effect(&desk, &texts, &["Get-ChildItem"]).await;
    assert_eq!(desk.allowed("'x'.ToUpper()").await, ["X"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a11_no_file_becomes_code() {
    let desk = Desk::open("full").await;
    desk.allowed("Set-Content User:/x.ps1 'Set-Content User:/ran yes'").await;
    let texts = [
        ". User:/x.ps1",
        "& User:/x.ps1",
        "User:/x.ps1",
        "Import-Module User:/x.ps1",
        "& (Get-Content User:/x.ps1)",
        "iex (Get-Content User:/x.ps1)",
    ];
    without_effect(&desk, &texts, &["Get-Content"]).await;
    assert!(!desk.own("ran").exists());
    failed(&desk, &["using module User:/x.ps1"], &["NotSupported"]).await;
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a12_a13_a_function_or_alias_takes_no_commands_name() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "function Get-ChildItem { 'mine' }",
            "function get-childitem { 'mine' }",
            "function global:Get-ChildItem { 'mine' }",
            "function Out-Default { 'mine' }",
            "function gci { 'mine' }",
            "filter Where-Object { 'mine' }",
        ],
        &["CommandNameReserved", "NotSupported"],
    )
    .await;
    failed(
        &desk,
        &["Set-Alias Get-ChildItem Remove-Item", "New-Alias x Remove-Item", "New-Item function:x"],
        &["CommandNotFoundException"],
    )
    .await;
    assert_eq!(desk.allowed("gci Logs:/web -File -Name").await, ["access.log"]);
    assert_eq!(desk.allowed("function Get-Mine { 'mine' }; Get-Mine").await, ["mine"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a15_a39_splatted_and_default_values_are_ruled_like_typed_ones() {
    let desk = Desk::open("full").await;
    let denied = [
        "PathRefused",
        "ParameterAlreadyBound",
        "PositionalParameterNotFound",
        "MissingMandatoryParameter",
        "NamedParameterNotFound",
        "ParameterArgumentValidationError",
    ];
    failed(
        &desk,
        &[
            "$p = @{ Path = 'Logs:/db/query.log' }; Get-Content @p",
            "$p = , 'Logs:/db/query.log'; Get-Content @p",
            "$p = @{ Path = 'Logs:/web/access.log'; TotalCount = 201 }; Get-Content @p",
            "$p = @{ Path = 'Logs:/web/access.log' }; Get-Content @p -Path Logs:/db/query.log",
            "$p = @{ Path = 'Logs:/web/access.log'; Tail = 1 }; Get-Content @p",
            "& { Get-Content @args } Logs:/db/query.log",
            "$PSDefaultParameterValues = @{ 'Get-Content:Path' = 'Logs:/db/query.log' }; Get-Content",
            "$PSDefaultParameterValues = @{ '*:Path' = 'Logs:/db/query.log' }; Get-Content -TotalCount 1",
        ],
        &denied,
    )
    .await;
    let twin = "$p = @{ Path = 'Logs:/web/access.log'; TotalCount = 1 }; Get-Content @p";
    assert_eq!(desk.allowed(twin).await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a35_stop_parsing_and_two_hyphens_get_no_further() {
    let desk = Desk::open("full").await;
    let texts = [
        "Get-Content --% Logs:/db/query.log",
        "Get-Content -- Logs:/db/query.log",
        "Get-Content -- -Path Logs:/db/query.log",
    ];
    without_effect(&desk, &texts, &[]).await;
    assert_eq!(desk.allowed("Get-Content -- Logs:/web/access.log").await.len(), 4);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a37_a38_no_name_or_path_reaches_more() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "Items\\Remove-Item User:/x",
            "& 'Items\\Remove-Item' User:/x",
            "& '/bin/sh'",
            "/bin/sh",
            "~/x",
            "& \"C:\\x\"",
            "$c = 'Remove-Item'; & $c User:/x",
            "& (Get-Command Remove-Item) User:/x",
        ],
        &["CommandNotFoundException", "BadExpression", "RuntimeException"],
    )
    .await;
    assert_eq!(desk.allowed("& 'Items\\Get-Content' Logs:/web/access.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a40_a41_common_parameters_set_no_state_and_ask_nothing() {
    let desk = Desk::open("full").await;
    let texts = [
        "Get-ChildItem Logs:/web -OutVariable function:Get-ChildItem",
        "Write-Output 1 -OutVariable function:Get-ChildItem",
        "Write-Output 1 -OutVariable alias:gci",
        "Write-Output 1 -PipelineVariable env:PATH",
        "Write-Output 1 -ErrorVariable script:x",
        "Get-ChildItem Logs:/web -ErrorAction Break",
        "Get-ChildItem Logs:/web -ErrorAction Inquire",
        "Get-ChildItem Logs:/web -Debug",
        "Get-ChildItem Logs:/web -Confirm",
        "$ErrorActionPreference = 'Inquire'; Get-ChildItem Logs:/nope",
        "$ErrorActionPreference = 'Break'; Get-ChildItem Logs:/nope",
    ];
    without_effect(&desk, &texts, &["Get-ChildItem"]).await;
    desk.run("$ErrorActionPreference = 'Continue'").await;
    assert_eq!(desk.allowed("gci Logs:/web -File -Name").await, ["access.log"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a43_a_redirection_writes_no_file() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "1 > User:/e",
            "Write-Output 1 >> Logs:/web/access.log",
            "1 *> User:/e",
            "1 > /etc/cron.d/x",
            "1 > variable:x",
            "Write-Error x 2> User:/e",
        ],
        &["RedirectionNotSupported", "NotSupported"],
    )
    .await;
    failed(&desk, &["1 | Out-File User:/e", "1 | Tee-Object User:/e"], &["CommandNotFoundException"]).await;
    assert_eq!(desk.allowed("Write-Error 'x' 2>$null; 'on'").await, ["on"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a46_a_users_variables_change_no_commands_effect() {
    let desk = Desk::open("full").await;
    let plain = desk.allowed("Get-ChildItem Logs:/ -Recurse -Name").await;
    for name in [
        "OFS",
        "Path",
        "Filter",
        "PSModuleAutoLoadingPreference",
        "PSDefaultParameterValues",
        "PWD",
        "HOME",
        "Force",
        "args",
        "input",
        "_",
    ] {
        desk.run(&format!("${name} = 'Vault:/'")).await;
        assert_eq!(desk.allowed("Get-ChildItem Logs:/ -Recurse -Name").await, plain, "{name}");
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a49_a59_nothing_of_a_session_runs_beside_or_after_its_commands() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "Start-Job { 1 }",
            "Start-ThreadJob { 1 }",
            "1 | ForEach-Object -Parallel { 1 }",
            "Register-EngineEvent x -Action { 1 }",
        ],
        &["CommandNotFoundException", "NamedParameterNotFound"],
    )
    .await;
    failed(&desk, &["Get-ChildItem Logs:/web &", "trap { 1 }"], &["NotSupported"]).await;
    // A `finally` that never ends is bounded like anything else.
    let mut execution = desk
        .session
        .execute(bailiwick_client::CommandText::new(
            "try { 'begun'; while ($true) { } } finally { while ($true) { } }",
        ))
        .await
        .unwrap();
    let begun = execution.next().await;
    assert!(matches!(begun, Some(bailiwick_client::Event::Records { .. })), "{begun:?}");
    execution.stop();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(30), async {
        while let Some(event) = execution.next().await {
            if let bailiwick_client::Event::Finished(outcome) = event {
                return outcome;
            }
        }
        panic!("no end")
    })
    .await
    .unwrap();
    assert_ne!(ended.status, bailiwick_wire::message::Status::Completed);
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a60_statements_of_later_versions_are_refused_clearly() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "data { 1 }",
            "class X { }",
            "enum X { A }",
            "workflow x { }",
            "using namespace System",
            "using assembly x",
        ],
        &["NotSupported"],
    )
    .await;
    failed(&desk, &["configuration x { }"], &["CommandNotFoundException", "NotSupported"]).await;
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a62_texts_that_nest_without_bound_cost_one_command() {
    let desk = Desk::open("full").await;
    for (open, close) in [
        ("(", ")"),
        ("@(", ")"),
        ("$(", ")"),
        ("{", "}"),
        ("\"$(", ")\""),
        ("if (1) {", "}"),
        ("-", ""),
        ("!", ""),
        ("[int]", ""),
    ] {
        for depth in [200, 5_000, 50_000] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let ran = desk.run(&text).await;
            assert_ne!(
                ran.outcome.status,
                bailiwick_wire::message::Status::SessionLost,
                "{depth} × `{open}`"
            );
            assert_eq!(desk.allowed("'on'").await, ["on"], "after {depth} × `{open}`");
        }
    }
    assert_eq!(desk.allowed("((((1))))").await, ["1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a63_what_was_decided_is_what_runs() {
    let desk = Desk::open("full").await;
    for (n, value) in
        ["a; Remove-Item User:/x", "$(1)", "`n", "''", "\u{201d}; x", "-Path", "@args", "*", "a\\..\\b"]
            .into_iter()
            .enumerate()
    {
        let quoted = value.replace('\'', "''");
        desk.allowed(&format!("Set-Content -Path 'User:/f{n}' -Value '{quoted}'")).await;
        assert_eq!(std::fs::read_to_string(desk.own(&format!("f{n}"))).unwrap(), format!("{value}\n"));
        let decisions = desk.decisions();
        let arguments = &decisions.last().unwrap()["arguments"];
        assert!(arguments["Value"] == value || arguments["Value"][0] == value, "{arguments}");
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a65_each_value_that_a_nested_command_gives_is_ruled() {
    let desk = Desk::open("full").await;
    desk.allowed("Set-Content User:/names Logs:/db/query.log").await;
    let ran = desk.run("Get-Content -Path (Get-Content User:/names)").await;
    assert_eq!(ids(&ran), ["PathRefused"]);
    assert!(ran.output().is_empty());
    desk.allowed("Set-Content User:/names Logs:/web/access.log").await;
    assert_eq!(desk.allowed("Get-Content -Path (Get-Content User:/names) -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a67_an_empty_list_is_a_value_of_nothing() {
    let desk = Desk::open("full").await;
    failed(
        &desk,
        &[
            "Get-Content -Path @()",
            "Get-Content -Path $null",
            "Get-Content -Path ''",
            "$p = @{ Path = @() }; Get-Content @p",
            "Get-Content -Path @('Logs:/web/access.log', '')",
        ],
        &[
            "ParameterArgumentValidationErrorEmptyArrayNotAllowed",
            "ParameterArgumentValidationErrorNullNotAllowed",
            "ParameterArgumentValidationErrorEmptyStringNotAllowed",
            "PathRefused",
            "MissingMandatoryParameter",
        ],
    )
    .await;
    desk.end().await;
}
