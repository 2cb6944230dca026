//! Native commands: which are seen, and what they tell.

use bailiwick_language::session::{CoreCommands, LanguageMode};

use crate::bench::{Bench, configuration, full, no};

fn with_core(core: CoreCommands) -> Bench {
    Bench::of(bailiwick_language::session::Configuration { core, ..configuration(LanguageMode::No) })
}

#[test]
fn the_minimal_set_is_small_and_the_empty_set_is_empty() {
    let mut minimal = with_core(CoreCommands::Minimal);
    assert_eq!(minimal.run("Get-Service | Measure-Object | Select-Object Count"), "@{Count=2}");
    assert_eq!(minimal.run("Get-Service | Sort-Object Name"), "!CommandNotFoundException");
    let mut none = with_core(CoreCommands::None);
    assert_eq!(none.run("Get-Service | Select-Object Name"), "!CommandNotFoundException");
    assert_eq!(none.run("Get-Command"), "!CommandNotFoundException");
}

#[test]
fn get_command_lists_what_is_visible_and_nothing_else() {
    assert_eq!(no("Get-Command *-Service | ForEach-Object Name"), "Get-Service Restart-Service");
    assert_eq!(no("Get-Command -Module items | ForEach-Object Name"), "Get-Content Test-Path");
    assert_eq!(no("Get-Command Remove-Item"), "!CommandNotFoundException,Get-Command");
    assert_eq!(full("function Get-Mine { }; Get-Command Get-Mine | % CommandType"), "Function");
    assert_eq!(no("Get-Command Set-Variable"), "!CommandNotFoundException,Get-Command");
    assert_eq!(
        no("gcm cat | Select-Object CommandType, Definition"),
        "@{CommandType=Alias; Definition=Get-Content}"
    );
}

#[test]
fn get_help_tells_the_values_that_may_be_given() {
    assert_eq!(full("(Get-Help Invoke-Report).Parameters | ? Name -EQ Side | % AllowedValues"), "blue green");
    assert_eq!(
        full("(Get-Help Get-Service).Syntax"),
        "Get-Service [[-Name] <string[]>] [<CommonParameters>]"
    );
    assert_eq!(no("Get-Help Remove-Item"), "!HelpNotFound,Get-Help");
    assert_eq!(full("(Get-Help *-Service).Count"), "2");
}

#[test]
fn every_native_command_tells_what_it_is_for() {
    let script = "Get-Command -CommandType Cmdlet | % { Get-Help $_.Name } | ? { -not $_.Synopsis } | % Name";
    assert_eq!(full(script), "");
    let script = "Get-Command -Module Microsoft.PowerShell.* | % { Get-Help $_.Name } | % Parameters | ? { -not $_.Description } | % Name";
    assert_eq!(full(script), "");
}

#[test]
fn json_is_written_as_powershell_writes_it() {
    assert_eq!(
        full("[pscustomobject]@{ a = 1; b = @() } | ConvertTo-Json"),
        "{\n  \"a\": 1,\n  \"b\": []\n}"
    );
    assert_eq!(full("1.0, 'é', $true | ConvertTo-Json -Compress"), "[1.0,\"é\",true]");
    assert_eq!(
        full("@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Depth 1 -Compress"),
        "{\"a\":{\"b\":\"System.Collections.Hashtable\"}}"
    );
    assert_eq!(full("'{\"a\": }' | ConvertFrom-Json"), "!System.ArgumentException,ConvertFrom-Json");
}

#[test]
fn drives_are_those_of_the_session() {
    assert_eq!(no("Get-PSDrive | ForEach-Object Name"), "Logs User");
}
