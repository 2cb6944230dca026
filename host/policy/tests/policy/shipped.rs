//! The policies that ship with the program: they load without a lint, and do what their comments say.

use std::path::Path;

use bailiwick_objects::Value;
use bailiwick_objects::metadata::{CommandInfo, ModuleInfo, ParameterInfo, ValueType};
use bailiwick_policy::host_config::HostConfig;
use bailiwick_policy::{Authority, Catalog, LanguageMode, Policy, Trust};

use crate::support::{command, parameter, verdict};

/// The drive cmdlets, with the parameters that the policies name.
fn catalog() -> Catalog {
    let path = |name: &str, mandatory: bool| {
        let mut path = parameter(name, ValueType::Text);
        path.path = true;
        path.collection = true;
        path.mandatory = mandatory;
        path
    };
    let mut value = parameter("Value", ValueType::Any);
    value.collection = true;
    let item_type = parameter("ItemType", ValueType::Text);
    let number = |name: &str| parameter(name, ValueType::Int64);
    let recurse = parameter("Recurse", ValueType::Switch);
    let of_set = |name: &str| ParameterInfo { sets: vec![name.to_owned()], ..path(name, true) };
    let mut content = command(
        "Get-Content",
        vec![of_set("Path"), of_set("LiteralPath"), number("TotalCount"), number("Tail")],
    );
    content.default_set = "Path".to_owned();
    let mut test = command(
        "Test-Path",
        vec![of_set("Path"), of_set("LiteralPath"), parameter("PathType", ValueType::Text)],
    );
    test.default_set = "Path".to_owned();
    let commands: Vec<CommandInfo> = vec![
        command("Get-ChildItem", vec![path("Path", false), recurse.clone()]),
        command("Get-Item", vec![path("Path", true)]),
        content,
        command("Set-Content", vec![path("Path", true), value.clone()]),
        command("Add-Content", vec![path("Path", true), value.clone()]),
        command("New-Item", vec![path("Path", true), item_type, value]),
        command("Remove-Item", vec![path("Path", true), recurse]),
        command("Copy-Item", vec![path("Path", true), path("Destination", false)]),
        command("Move-Item", vec![path("Path", true), path("Destination", false)]),
        test,
    ];
    let module =
        ModuleInfo { name: "Items".to_owned(), version: "1.0.0".to_owned(), commands, views: Vec::new() };
    Catalog::new(vec![module], vec!["Where-Object".to_owned()]).unwrap()
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies"))
}

fn policy() -> Policy {
    let loaded = Policy::load(folder(), &catalog(), Trust::Lint).unwrap_or_else(|faults| panic!("{faults}"));
    // Where the checkout lies is not the policies' fault.
    let lints: Vec<_> = loaded.lints.iter().filter(|lint| !lint.message().contains("could change")).collect();
    assert!(lints.is_empty(), "{lints:#?}");
    loaded.policy
}

fn of(user: &str, endpoint: &str) -> Authority {
    let policy = policy();
    policy.authority(endpoint, &policy.subject(user).unwrap()).unwrap()
}

#[test]
fn the_shipped_policies_load_without_a_lint() {
    let policy = policy();
    let alice = policy.subject("alice").unwrap();
    let endpoints: Vec<_> =
        policy.endpoints_of(&alice).iter().map(|endpoint| endpoint.name.to_string()).collect();
    assert_eq!(endpoints, ["helpdesk", "toolbox"]);
    assert_eq!(of("alice", "helpdesk").endpoint().language, LanguageMode::No);
    assert_eq!(of("alice", "toolbox").endpoint().language, LanguageMode::Full);
}

#[test]
fn the_shipped_host_configuration_loads() {
    let text = std::fs::read_to_string(folder().join("host.toml")).unwrap();
    let config = HostConfig::from_source("host.toml", &text).unwrap().config;
    assert_eq!(config.default_endpoint.as_deref(), Some("helpdesk"));
}

#[test]
fn the_help_desk_reads_logs_and_accounts_and_keeps_notes() {
    let bob = of("bob", "helpdesk");
    let ask = |command: &str, arguments: &[(&str, Value)]| verdict(&bob, command, arguments);
    let path = |path: &str| ("Path", Value::from(path));
    let value = ("Value", Value::from("a\nb"));
    assert_eq!(ask("Get-ChildItem", &[path("Logs:/")]), "allow: log-reader");
    assert_eq!(ask("Get-Content", &[path("Logs:/apt/history.log")]), "allow: log-reader");
    assert_eq!(ask("Get-Content", &[path("Logs:/dpkg.log"), ("Tail", Value::Int64(5))]), "allow: log-reader");
    assert_eq!(
        ask("Get-Content", &[path("Logs:/dpkg.log"), ("Tail", Value::Int64(500))]),
        "value-refused: role log-reader, Get-Content, parameter Tail (range)"
    );
    assert_eq!(
        ask("Get-Content", &[path("Logs:/btmp")]),
        "value-refused: role log-reader, Get-Content, parameter Path (pattern)"
    );
    assert_eq!(
        ask("Get-Content", &[("LiteralPath", Value::from("Logs:/btmp"))]),
        "value-refused: role log-reader, Get-Content, parameter LiteralPath (pattern)"
    );
    assert_eq!(ask("Get-Content", &[("Tail", Value::Int64(5))]), "parameter-missing");
    assert_eq!(ask("Get-Content", &[path("Etc:/passwd")]), "allow: account-reader");
    assert!(ask("Get-Content", &[path("Etc:/shadow")]).contains("refused"));
    assert_eq!(ask("Test-Path", &[path("Etc:/hosts")]), "allow: account-reader");
    assert_eq!(ask("Set-Content", &[path("User:/todo.txt"), value.clone()]), "allow: notes");
    assert_eq!(
        ask("Set-Content", &[path("Logs:/x.log"), value]),
        "path-refused: role notes, Set-Content, parameter Path (within)"
    );
    assert_eq!(ask("Remove-Item", &[path("User:/todo.txt")]), "command-not-visible");
    assert_eq!(ask("Get-ChildItem", &[path("Etc:/")]), "drive-not-granted: role log-reader, Get-ChildItem");
}

#[test]
fn one_colleague_reads_settings_that_another_does_not() {
    let profile = [("Path", Value::from("Etc:/profile"))];
    assert_eq!(verdict(&of("alice", "helpdesk"), "Get-Content", &profile), "allow: settings-reader");
    assert!(verdict(&of("bob", "helpdesk"), "Get-Content", &profile).contains("refused"));
    for user in ["alice", "bob"] {
        let found = verdict(&of(user, "helpdesk"), "Get-Content", &[("Path", Value::from("Etc:/shadow"))]);
        assert!(found.contains("refused"), "{user}: {found}");
    }
}

#[test]
fn the_toolbox_holds_the_users_own_drive_only() {
    let bob = of("bob", "toolbox");
    let ask = |command: &str, arguments: &[(&str, Value)]| verdict(&bob, command, arguments);
    let path = |path: &str| ("Path", Value::from(path));
    assert_eq!(ask("Remove-Item", &[path("User:/todo.txt")]), "allow: notes-owner");
    assert_eq!(
        ask("Remove-Item", &[path("User:/a/..")]),
        "value-refused: role notes-owner, Remove-Item, parameter Path (pattern)"
    );
    let copy = [path("Logs:/dpkg.log"), ("Destination", Value::from("User:/"))];
    assert_eq!(ask("Copy-Item", &copy), "drive-not-granted");
    let drives: Vec<_> = bob.drives().iter().map(|drive| drive.name.clone()).collect();
    assert_eq!(drives, ["User"]);
    assert_eq!(verdict(&bob, "Get-Content", &[("Path", Value::from("Logs:/dpkg.log"))]), "drive-not-granted");
}
