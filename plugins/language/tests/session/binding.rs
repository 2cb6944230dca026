//! How command lines and pipelines become bound records.

use crate::bench::Bench;

fn calls(script: &str) -> Vec<String> {
    let mut bench = Bench::full();
    bench.run(script);
    bench.calls()
}

/// The call that a line makes, or the error ids that it ends with.
fn bound(script: &str) -> String {
    let mut bench = Bench::full();
    let answer = bench.run(script);
    let calls = bench.calls();
    if calls.is_empty() { answer } else { calls.join(" | ") }
}

#[test]
fn an_alias_keeps_the_rules_of_its_target_row_a14() {
    let mut bench = Bench::full();
    bench.run("gsv web-a");
    assert_eq!(bench.calls(), ["Get-Service {Name=[web-a]}"]);
    assert!(bench.run("gsv web-c").contains("ParameterArgumentValidationError"));
    assert_eq!(bench.run("gci"), "!CommandNotFoundException", "its target is not visible");
}

#[test]
fn splatting_binds_as_typing_does_row_a15() {
    assert_eq!(
        calls("$p = @{ Name = 'web-c' }; Restart-Service @p"),
        ["refused Restart-Service {Name=[web-c]}"]
    );
    assert_eq!(calls("$p = , 'web-c'; Restart-Service @p"), ["refused Restart-Service {Name=[web-c]}"]);
    assert_eq!(
        calls("function f { Restart-Service @args }; f web-c"),
        ["refused Restart-Service {Name=[web-c]}"]
    );
    assert_eq!(
        bound("$p = @{ Name = 'web-c' }; Restart-Service @p -Name web-a"),
        "!ParameterAlreadyBound,Restart-Service"
    );
    assert_eq!(calls("$p = @{ Name = 'web-a' }; Restart-Service @p"), ["Restart-Service {Name=[web-a]}"]);
    assert_eq!(Bench::no_language().run("Restart-Service @p"), "!ScriptsNotAllowed");
}

#[test]
fn abbreviations_become_canonical_names_row_a16() {
    for script in [
        "Restart-Service -Na web-c",
        "Restart-Service -Name:web-c",
        "Restart-Service -NAME web-c",
        "Restart-Service -nam 'web-c'",
    ] {
        assert_eq!(calls(script), ["refused Restart-Service {Name=[web-c]}"], "{script}");
    }
    let mut bench = Bench::full();
    assert_eq!(bench.run("Restart-Service -N web-c"), "!AmbiguousParameter,Restart-Service");
    let message = bench.errors().remove(0).message;
    assert!(
        message.contains("-Name") && message.contains("-Notes") && !message.contains("-Force"),
        "{message}"
    );
}

#[test]
fn parameter_aliases_become_canonical_names_row_a17() {
    for script in [
        "Restart-Service -ServiceName web-c",
        "Restart-Service -SN web-c",
        "Restart-Service -sn:web-c",
        "Restart-Service -Serv web-c",
    ] {
        assert_eq!(calls(script), ["refused Restart-Service {Name=[web-c]}"], "{script}");
    }
}

#[test]
fn positions_become_canonical_names_row_a18() {
    assert_eq!(calls("Restart-Service web-c"), ["refused Restart-Service {Name=[web-c]}"]);
    assert_eq!(bound("Restart-Service web-a extra"), "!PositionalParameterNotFound,Restart-Service");
    assert_eq!(bound("Invoke-Report 5"), "!PositionalParameterNotFound,Invoke-Report");
}

#[test]
fn each_pipeline_record_is_ruled_before_its_effect_row_a19() {
    let mut bench = Bench::full();
    let answer = bench.run("'web-a', 'web-c', 'web-b' | Restart-Service");
    assert_eq!(
        bench.calls(),
        ["Restart-Service {}", "Restart-Service fed {Name=[web-a]}", "Restart-Service fed {Name=[web-b]}"]
    );
    assert!(answer.starts_with("!ParameterArgumentValidationError"), "{answer}");
    let error = bench.errors().remove(0);
    assert!(error.refusal.is_some() && !error.help.is_empty() && &*error.command == "Restart-Service");
    assert!(error.position.is_some() || error.refusal.is_some());
}

#[test]
fn the_clients_records_are_bound_like_any_others_row_a19() {
    let mut bench = Bench::no_language();
    bench.host.input.extend([vec!["web-a".into()], vec!["web-c".into()]]);
    assert!(bench.run("Restart-Service").contains("ParameterArgumentValidationError"));
    assert_eq!(bench.calls(), ["Restart-Service {}", "Restart-Service fed {Name=[web-a]}"]);
}

#[test]
fn properties_bind_listed_parameters_only_row_a20() {
    let fed = |script: &str| calls(script).pop().unwrap_or_default();
    assert_eq!(
        fed("[pscustomobject]@{ Name = 'web-a'; Force = $true } | Restart-Service"),
        "Restart-Service fed {Name=[web-a]}"
    );
    assert_eq!(
        fed("[pscustomobject]@{ ServiceName = 'web-a' } | Restart-Service"),
        "Restart-Service fed {Name=[web-a]}"
    );
    let mut bench = Bench::full();
    assert!(
        bench
            .run("[pscustomobject]@{ SN = 'web-c' } | Restart-Service")
            .contains("ParameterArgumentValidationError")
    );
    assert!(bench.run("[pscustomobject]@{ Other = 1 } | Restart-Service").contains("CannotConvertArgument"));
}

#[test]
fn arrays_bind_element_by_element_and_nothing_nests_row_a21() {
    assert_eq!(calls("Get-Service -Name web-a, web-b"), ["Get-Service {Name=[web-a, web-b]}"]);
    assert_eq!(calls("Get-Service -Name web-a, web-c"), ["refused Get-Service {Name=[web-a, web-c]}"]);
    assert_eq!(bound("Get-Service @('web-a', @('web-c'))"), "!CannotConvertArgumentNoMessage,Get-Service");
    assert_eq!(bound("Get-Service @{ a = 1 }"), "!CannotConvertArgumentNoMessage,Get-Service");
    assert!(bound("Get-Service ('x' * 3), ('a'..'c')").contains("CannotConvertArgument"));
}

#[test]
fn conversion_is_limited_to_scalars_row_a09() {
    for (script, expected) in [
        ("Invoke-Report -Thing @{ FileName = '/bin/sh' }", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Label @{ FileName = '/bin/sh' }", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Filter '1'", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Flag 'true'", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count x", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count 1, 2", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Table text", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count '5' -Flag $true -Label 5", "Invoke-Report {Count=5; Flag=True; Label=5}"),
        (
            "Invoke-Report -Table @{ a = 1 } -Thing ([pscustomobject]@{ b = 2 })",
            "Invoke-Report {Table={a=1}; Thing=@{b=2}}",
        ),
        ("Invoke-Report -Anything 1, x -Force", "Invoke-Report {Anything=[1, x]; Force=True}"),
    ] {
        assert_eq!(bound(script), expected, "{script}");
    }
}

#[test]
fn numbers_are_converted_once_row_a36() {
    for (script, expected) in [
        ("Invoke-Report -Count 1e3", "Invoke-Report {Count=1000}"),
        ("Invoke-Report -Count 0x7fffffff", "Invoke-Report {Count=2147483647}"),
        ("Invoke-Report -Count 1PB", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Long 1PB", "Invoke-Report {Long=1125899906842624L}"),
        ("Invoke-Report -Count 1_0", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count '٣'", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count 99999999999999999999", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count NaN", "!CannotConvertArgumentNoMessage,Invoke-Report"),
        ("Invoke-Report -Count 10.0", "Invoke-Report {Count=10}"),
        ("Invoke-Report -Count '50'", "Invoke-Report {Count=50}"),
        ("Invoke-Report -Count -1", "Invoke-Report {Count=-1}"),
        ("Invoke-Report -Label 0x10", "Invoke-Report {Label=0x10}"),
        ("Invoke-Report -Label 1.50", "Invoke-Report {Label=1.50}"),
    ] {
        assert_eq!(bound(script), expected, "{script}");
    }
}

#[test]
fn duplicate_empty_and_missing_values_are_errors_at_once_row_a67() {
    for (script, expected) in [
        ("Restart-Service -Name web-a -Name web-c", "!ParameterAlreadyBound,Restart-Service"),
        ("Restart-Service web-a -Name web-c", "!PositionalParameterNotFound,Restart-Service"),
        ("Restart-Service -Name", "!MissingArgument,Restart-Service"),
        ("Restart-Service -Name $null", "!ParameterArgumentValidationErrorNullNotAllowed,Restart-Service"),
        (
            "Restart-Service -Name ''",
            "!ParameterArgumentValidationErrorEmptyStringNotAllowed,Restart-Service",
        ),
        (
            "Restart-Service -Name @()",
            "!ParameterArgumentValidationErrorEmptyArrayNotAllowed,Restart-Service",
        ),
        ("Restart-Service", "!MissingMandatoryParameter,Restart-Service"),
        ("Get-Service -Name ''", "Get-Service {Name=[]}"),
    ] {
        assert_eq!(bound(script), expected, "{script}");
    }
}

#[test]
fn a_parameter_that_is_left_out_is_left_out_row_a68() {
    assert_eq!(bound("Restart-Service -Notes x"), "!MissingMandatoryParameter,Restart-Service");
    assert_eq!(bound("Invoke-Report"), "Invoke-Report {}");
}

#[test]
fn common_parameters_are_a_closed_list_row_a40() {
    for name in [
        "OutVariable",
        "OV",
        "ErrorVariable",
        "EV",
        "PipelineVariable",
        "PV",
        "InformationVariable",
        "OutBuffer",
        "WarningAction",
    ] {
        assert_eq!(bound(&format!("Get-Service -{name} x")), "!NamedParameterNotFound,Get-Service", "{name}");
    }
    // Those that are listed are acted on here and never forwarded.
    assert_eq!(calls("Get-Service web-a -ErrorAction Stop -Verbose"), ["Get-Service {Name=[web-a]}"]);
    let mut bench = Bench::full();
    assert_eq!(bench.run("Get-Service -ErrorAction Nonsense"), "!CannotConvertArgumentNoMessage,Get-Service");
    assert_eq!(bench.refused(), ["Binding Get-Service CannotConvertArgumentNoMessage"]);
}

#[test]
fn default_values_of_parameters_do_not_exist_row_a39() {
    let script = "$PSDefaultParameterValues = @{ 'Restart-Service:Name' = 'web-c'; '*:Force' = $true }; Restart-Service";
    assert_eq!(bound(script), "!MissingMandatoryParameter,Restart-Service");
}

#[test]
fn what_a_nested_command_yields_is_bound_like_any_value_row_a65() {
    assert_eq!(
        calls("Restart-Service -Name (Write-Output web-c)"),
        ["refused Restart-Service {Name=[web-c]}"]
    );
    assert_eq!(calls("Restart-Service -Name (Write-Output web-a)"), ["Restart-Service {Name=[web-a]}"]);
    assert!(bound("Get-Service -Name (1..3000000)").contains("LimitExceeded"));
}

#[test]
fn a_name_reaches_only_what_is_visible_row_a37() {
    for name in [
        "OtherMod\\Restart-Service",
        "\\Get-Service",
        "global:Get-Service",
        "Core\\Select-Object",
        "services\\Get-Content",
        "a\\services\\Get-Service",
    ] {
        let mut bench = Bench::full();
        assert_eq!(bench.run(&format!("& '{name}'")), "!CommandNotFoundException", "{name}");
        assert_eq!(bench.calls(), Vec::<String>::new());
    }
    assert_eq!(calls("services\\Get-Service web-a"), ["Get-Service {Name=[web-a]}"]);
    assert_eq!(Bench::full().run("Microsoft.PowerShell.Utility\\Write-Output 1"), "1");
}

#[test]
fn a_path_is_no_command_row_a38() {
    for name in ["/bin/sh", "./Get-Service", "~/x", "User:/x.ps1", "../bin/id"] {
        for mut bench in [Bench::full(), Bench::no_language()] {
            assert_eq!(bench.run(name), "!CommandNotFoundException", "{name}");
            assert_eq!(bench.refused(), [format!("UnknownCommand {name} CommandNotFoundException")]);
        }
    }
    assert_eq!(Bench::full().run(". 'User:/x.ps1'"), "!CommandNotFoundException");
}

#[test]
fn hidden_and_nonexistent_commands_answer_alike() {
    let mut bench = Bench::no_language();
    bench.run("Remove-Item x");
    let hidden = bench.errors().remove(0);
    bench.run("Nope-Thing x");
    let absent = bench.errors().remove(0);
    assert_eq!(hidden.message.replace("Remove-Item", "?"), absent.message.replace("Nope-Thing", "?"));
    assert_eq!(&*absent.message, "the term `Nope-Thing` is not available on endpoint `bench`");
}

#[test]
fn a_visible_command_cannot_be_redefined_row_a12() {
    for script in [
        "function Get-Service { 'mine' }",
        "function global:Out-Default { 'mine' }",
        "function GET-SERVICE { 'mine' }",
        "filter Restart-Service { 'mine' }",
        "function services\\Get-Service { 'mine' }",
    ] {
        let mut bench = Bench::full();
        assert_eq!(bench.run(script), "!CommandNameReserved", "{script}");
        assert!(bench.refused().iter().any(|r| r.starts_with("LanguageMode")));
        bench.run("Get-Service web-a");
        assert_eq!(bench.calls(), ["Get-Service {Name=[web-a]}"]);
    }
    assert_eq!(Bench::full().run("function Get-Mine { 'mine' }; Get-Mine"), "mine");
}

#[test]
fn aliases_cannot_be_made_row_a13() {
    for script in
        ["Set-Alias Get-Service Remove-Item", "New-Alias x Get-Service", "New-Item alias:x -Value y"]
    {
        assert_eq!(Bench::full().run(script), "!CommandNotFoundException", "{script}");
    }
    assert_eq!(Bench::full().run("$alias:x = 'y'"), "!NotSupported");
}
