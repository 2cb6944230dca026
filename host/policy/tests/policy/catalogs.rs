//! Catalogs: modules that cannot stand beside each other.

use bailiwick_objects::metadata::{CommandInfo, ModuleInfo, ParameterInfo, ValueType};
use bailiwick_policy::Catalog;

use crate::support::{catalog, command, parameter};

fn module(name: &str, commands: Vec<CommandInfo>) -> ModuleInfo {
    ModuleInfo { name: name.to_owned(), version: "1.0.0".to_owned(), commands, views: Vec::new() }
}

fn refused(modules: Vec<ModuleInfo>) -> String {
    Catalog::new(modules, vec!["Where-Object".to_owned()]).unwrap_err().to_string()
}

#[test]
fn a_command_is_found_by_any_of_its_names_in_any_case() {
    let catalog = catalog();
    for name in ["Restart-Service", "restart-service", "RSV"] {
        assert_eq!(catalog.command(name).unwrap().name, "Restart-Service");
    }
    assert!(catalog.command("Where-Object").is_none());
    assert_eq!(catalog.modules().len(), 1);
}

#[test]
fn two_commands_never_answer_to_one_name() {
    let named =
        |name: &str, alias: &str| CommandInfo { aliases: vec![alias.to_owned()], ..command(name, vec![]) };
    assert_eq!(
        refused(vec![module("A", vec![named("Get-A", "g")]), module("B", vec![named("Get-B", "G")])]),
        "`G` of module `B` is also a name of `Get-A`: remove one of the modules"
    );
    assert_eq!(
        refused(vec![module("A", vec![command("where-object", vec![])])]),
        "`where-object` of module `A` is also a name of `Where-Object`: remove one of the modules"
    );
}

#[test]
fn two_parameters_never_answer_to_one_name() {
    let aliased = ParameterInfo { aliases: vec!["PATH".to_owned()], ..parameter("To", ValueType::Text) };
    let twice = command("Get-A", vec![parameter("Path", ValueType::Text), aliased]);
    assert_eq!(
        refused(vec![module("A", vec![twice])]),
        "the command `Get-A` has two parameters that answer to `PATH`: its module is faulty"
    );
    let common = command("Get-A", vec![parameter("OutVariable", ValueType::Text)]);
    assert!(refused(vec![module("A", vec![common])]).contains("OutVariable"));
}

#[test]
fn a_name_that_no_policy_could_write_is_refused() {
    for name in ["", "1a", "Get A", "Get-A\n", "Gеt-A", "a*", "M\\Get-A", &"a".repeat(129)] {
        assert!(refused(vec![module("A", vec![command(name, vec![])])]).contains("is not a name"), "{name}");
    }
}
