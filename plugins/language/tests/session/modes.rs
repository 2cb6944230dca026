//! Language modes: one minimal script for each kind of node, and what each mode says to it.

use bailiwick_language::session::{ConfigureError, LanguageMode, NodeKind, Session};

use crate::bench::{Bench, configuration, no};

/// One minimal script for each kind of node. A kind without a script does not compile.
fn script(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Parameters => "param($x) Get-Service",
        NodeKind::NamedBlock => "process { Get-Service }",
        NodeKind::Assignment => "$x = 1",
        NodeKind::If => "if ($true) { Get-Service }",
        NodeKind::ForEach => "foreach ($x in 1) { Get-Service }",
        NodeKind::For => "for (;$false;) { Get-Service }",
        NodeKind::Loop => "while ($false) { Get-Service }",
        NodeKind::Switch => "switch (1) { 1 { Get-Service } }",
        NodeKind::Try => "try { Get-Service } catch { }",
        NodeKind::Function => "function f { Get-Service }",
        NodeKind::Return => "return",
        NodeKind::Break => "break",
        NodeKind::Continue => "continue",
        NodeKind::Throw => "throw 'x'",
        NodeKind::Exit => "exit",
        NodeKind::ChainOperator => "Get-Service && Get-Service",
        NodeKind::ExpressionStage => "'x'",
        NodeKind::Command => "Get-Service",
        NodeKind::Invocation => "& Get-Service",
        NodeKind::ComputedName => "& \"Get-$x\"",
        NodeKind::Parameter => "Get-Service -Name:web-a",
        NodeKind::EndOfParameters => "Get-Service -- web-a",
        NodeKind::Splat => "Get-Service @x",
        NodeKind::Redirection => "Get-Service 2>&1",
        NodeKind::Number => "Get-Service 1",
        NodeKind::String => "Get-Service 'a' \"b\"",
        NodeKind::Expandable => "Get-Service \"$x\"",
        NodeKind::Constant => "Write-Output $true",
        NodeKind::Variable => "Get-Service $x",
        NodeKind::Type => "Get-Service ([int])",
        NodeKind::Cast => "[int]'1'",
        NodeKind::ArrayLiteral => "Get-Service web-a, web-b",
        NodeKind::ArrayExpression => "Get-Service @('a')",
        NodeKind::SubExpression => "Get-Service $('a')",
        NodeKind::Paren => "Get-Service ('a')",
        NodeKind::Hashtable => "Get-Service @{ a = 1 }",
        NodeKind::ScriptBlock => "Get-Service { 'a' }",
        NodeKind::Unary => "-not 1",
        NodeKind::Postfix => "$x++",
        NodeKind::Binary => "1 + 1",
        NodeKind::Ternary => "$true ? 1 : 2",
        NodeKind::Member => "'x'.Length",
        NodeKind::MethodCall => "'x'.GetType()",
        NodeKind::Index => "'x'[0]",
    }
}

#[test]
fn every_kind_of_node_is_ruled_on_in_every_mode_row_a61() {
    for kind in NodeKind::ALL {
        assert!(kind.allowed_in(LanguageMode::Full), "{kind:?}");
        assert!(!kind.allowed_in(LanguageMode::Restricted) && !kind.allowed_in(LanguageMode::Constrained));
        let mut bench = Bench::no_language();
        bench.run(script(kind));
        let refused = bench.refused().iter().any(|r| r.contains("ScriptsNotAllowed"));
        assert_eq!(refused, !kind.allowed_in(LanguageMode::No), "{kind:?}: {}", script(kind));
        if refused {
            assert_eq!(bench.calls(), Vec::<String>::new(), "{kind:?} ran something");
            assert_eq!(&*bench.errors().remove(0).id, "ScriptsNotAllowed");
        }
        let mut full = Bench::full();
        full.run(script(kind));
        assert!(!full.refused().iter().any(|r| r.contains("LanguageMode")), "{kind:?} in full");
    }
}

#[test]
fn modes_of_a_later_version_are_refused_when_a_session_is_made_row_a61() {
    for mode in [LanguageMode::Restricted, LanguageMode::Constrained] {
        let error = Session::new(configuration(mode)).unwrap_err();
        assert_eq!(error, ConfigureError::Mode(mode));
        assert!(error.to_string().contains("not supported by this version"));
    }
}

#[test]
fn a_script_block_is_refused_and_never_runs_row_a02() {
    for script in [
        "Get-Service | Where-Object { Restart-Service web-a }",
        "Get-Service | ForEach-Object -Process { Restart-Service web-a }",
        "Invoke-Report -Filter { Restart-Service web-a }",
    ] {
        let mut bench = Bench::no_language();
        assert_eq!(bench.run(script), "!ScriptsNotAllowed");
        assert_eq!(bench.calls(), Vec::<String>::new());
    }
    // The neighbour without a block works.
    assert_eq!(no("Get-Service | Where-Object Name -EQ web-a | Select-Object Name"), "@{Name=web-a}");
}

#[test]
fn a_script_block_does_not_cross_to_a_command_row_a02() {
    let mut bench = Bench::full();
    assert_eq!(bench.run("Invoke-Report -Filter { 1 }"), "!CannotConvertArgumentNoMessage,Invoke-Report");
    assert_eq!(bench.calls(), Vec::<String>::new());
}

#[test]
fn variables_of_drives_are_refused_row_a05() {
    for script in ["${Logs:secret.txt}", "Get-Content ${Logs:secret.txt}", "${function:Get-Service} = { 1 }"]
    {
        assert_eq!(no(script), "!ScriptsNotAllowed", "{script}");
    }
    assert_eq!(crate::bench::full("${Logs:secret.txt}"), "!NotSupported");
    assert_eq!(crate::bench::full("${function:Get-Service} = { 1 }"), "!NotSupported");
}

#[test]
fn nothing_changes_the_mode_row_a06() {
    let mut bench = Bench::no_language();
    for script in [
        "$x = 1",
        "$ExecutionContext.SessionState.LanguageMode = 'FullLanguage'",
        "Set-Variable x 1",
        "New-Variable x -Option AllScope",
    ] {
        let answer = bench.run(script);
        assert!(
            answer == "!ScriptsNotAllowed" || answer == "!CommandNotFoundException",
            "{script}: {answer}"
        );
        assert_eq!(bench.run("1 + 1"), "!ScriptsNotAllowed");
        assert_eq!(bench.run("{}"), "!ScriptsNotAllowed");
    }
}

#[test]
fn members_and_methods_are_refused_row_a07() {
    for script in [
        "'x'.GetType()",
        "(Get-Service web-a).Stop()",
        "$o.$m()",
        "$t::$m()",
        "$t::($names[0])()",
        "'x'.Length",
    ] {
        assert_eq!(no(script), "!ScriptsNotAllowed", "{script}");
    }
}

#[test]
fn a_text_that_is_refused_in_part_does_not_run_at_all_row_a34() {
    for script in [
        "Get-Service web-a; $x = 1",
        "Get-Service web-a\n'x'",
        "Get-Service web-a; (",
        "Get-Service web-a && Get-Service",
    ] {
        let mut bench = Bench::no_language();
        assert!(bench.run(script).starts_with('!'), "{script}");
        assert_eq!(bench.calls(), Vec::<String>::new(), "{script}");
        assert_eq!(bench.refused().len(), 1, "{script}");
    }
    let mut bench = Bench::no_language();
    bench.run("Get-Service web-a; Nope-Thing; Get-Service web-b");
    assert_eq!(bench.calls().len(), 2);
}

#[test]
fn the_stop_parsing_token_is_refused_and_two_dashes_end_the_parameters_row_a35() {
    let mut bench = Bench::no_language();
    assert!(bench.run("Get-Service --% -Name web-c").starts_with('!'));
    assert_eq!(bench.calls(), Vec::<String>::new());
    bench.run("Get-Service -- web-a");
    assert_eq!(bench.calls(), ["Get-Service {Name=[web-a]}"]);
    bench.run("Get-Service -- -Name web-c");
    assert!(bench.calls().is_empty());
}

#[test]
fn redirections_are_refused_row_a43() {
    for script in [
        "Get-Service > /etc/x",
        "Get-Service 2> User:/e",
        "Get-Service >> Logs:/a",
        "Get-Service *>&1",
        "Get-Service > variable:x",
    ] {
        assert_eq!(no(script), "!ScriptsNotAllowed", "{script}");
        assert!(
            crate::bench::full(script).contains("RedirectionNotSupported") || script.contains("*>&1"),
            "{script}"
        );
    }
    assert_eq!(no("Get-Service | Out-File x"), "!CommandNotFoundException");
}

#[test]
fn commands_with_constants_work_without_language() {
    assert_eq!(no("Write-Output 1 | Measure-Object | Select-Object Count"), "@{Count=1}");
    assert_eq!(no("Write-Output 3, 1, 2 | Sort-Object -Descending | Select-Object -First 2"), "3 2");
    assert_eq!(no("Write-Output $true $null"), "!PositionalParameterNotFound,Write-Output");
    assert_eq!(
        no("Get-Service | Where-Object Status -Like r* | Select-Object -ExpandProperty Name"),
        "web-a"
    );
    assert_eq!(no("Get-Service | ForEach-Object Name"), "web-a web-b");
}
