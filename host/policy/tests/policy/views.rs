//! What a session sees: no more than some grant allows.

use bailiwick_objects::Value;

use crate::support::{USERS, ask, authority, authority_of, load};

#[test]
fn a_command_is_visible_if_some_grant_names_it() {
    let ops = authority("[[command]]\nname = \"Restart-Service\"\n");
    assert_eq!(ops.lookup("Restart-Service").unwrap().name, "Restart-Service");
    assert_eq!(ops.lookup("restart-SERVICE").unwrap().name, "Restart-Service");
    assert_eq!(ops.lookup("rsv").unwrap().name, "Restart-Service");
    assert!(ops.lookup("Get-Content").is_none());
    assert!(ops.lookup("Nope-Item").is_none());
    let names: Vec<_> = ops.commands().into_iter().map(|command| command.name).collect();
    assert_eq!(names, ["Restart-Service"]);
}

#[test]
fn row_a55_hidden_and_missing_are_answered_alike() {
    let ops = authority("[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = \"any\"\n");
    let answer = |command: &str, parameter: &str| {
        let denial = ask(&ops, command, &[(parameter, Value::from("x"))]).unwrap_err();
        format!("{:?}", denial.to_error_record()).replace(command, "COMMAND").replace(parameter, "PARAMETER")
    };
    assert_eq!(answer("Get-Content", "Path"), answer("Nope-Item", "Path"));
    assert_eq!(answer("Restart-Service", "Force"), answer("Restart-Service", "Nope"));
    let loaded = load(&[
        ("endpoints/a.toml", "version = 1\n[endpoint]\n[endpoint.roles]\n\"user:bob\" = []\n"),
        ("users.toml", USERS),
    ]);
    let policy = loaded.unwrap().policy;
    let alice = policy.subject("alice").unwrap();
    assert!(policy.authority("a", &alice).is_none());
    assert!(policy.authority("nope", &alice).is_none());
    assert!(policy.authority("a", &policy.subject("bob").unwrap()).is_some());
}

#[test]
fn parameters_are_those_that_some_grant_lists() {
    let first =
        "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { one_of = [\"a\", \"b\"] }\n";
    let second = "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { one_of = [\"b\", \"c\"] }\nForce = \"any\"\n";
    let both = authority_of(&[("first", first), ("second", second)]).lookup("Restart-Service").unwrap();
    let names: Vec<_> = both.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["Name", "Force"]);
    assert_eq!(both.parameters[0].one_of, ["a", "b", "c"]);
    let open = "[[command]]\nname = \"Restart-Service\"\nparameters = \"any\"\n";
    let wide = authority_of(&[("first", first), ("open", open)]).lookup("Restart-Service").unwrap();
    assert!(wide.parameters[0].one_of.is_empty());
    assert_eq!(wide.parameters.len(), 11);
}

#[test]
fn row_a40_common_parameters_that_reach_variables_are_not_offered() {
    let role = |parameters: &str| format!("[[command]]\nname = \"Restart-Service\"\n{parameters}\n");
    let common = |parameters: &str| authority(&role(parameters)).lookup("rsv").unwrap().common_parameters;
    assert_eq!(
        common("parameters = \"any\""),
        ["ErrorAction", "InformationAction", "Verbose", "WarningAction"]
    );
    assert_eq!(common("[command.parameters]\nName = \"any\""), Vec::<String>::new());
    assert_eq!(common("[command.parameters]\nName = \"any\"\nVerbose = \"any\""), ["Verbose"]);
}

#[test]
fn a_session_of_the_full_language_has_all_common_parameters() {
    let loaded = load(&[
        (
            "endpoints/a.toml",
            "version = 1\n[endpoint]\nlanguage = \"full\"\n[endpoint.roles]\n\"user:bob\" = [\"r\"]\n",
        ),
        ("roles/r.toml", "version = 1\n[[command]]\nname = \"Restart-Service\"\n"),
        ("users.toml", USERS),
    ]);
    let policy = loaded.unwrap().policy;
    let bob = policy.authority("a", &policy.subject("bob").unwrap()).unwrap();
    assert_eq!(bob.lookup("rsv").unwrap().common_parameters.len(), 12);
}

#[test]
fn the_built_in_policy_shows_every_command_and_one_drive() {
    let catalog = crate::support::catalog();
    let policy = bailiwick_policy::Policy::built_in_unrestricted(&catalog);
    let local = policy.subject("local").unwrap();
    let endpoints: Vec<_> =
        policy.endpoints_of(&local).iter().map(|endpoint| endpoint.name.to_string()).collect();
    assert_eq!(endpoints, ["unrestricted"]);
    let authority = policy.authority("unrestricted", &local).unwrap();
    assert_eq!(authority.commands().len(), 4);
    let drives: Vec<_> = authority.drives().iter().map(|drive| drive.name.as_str()).collect();
    assert_eq!(drives, ["Scratch"]);
    assert!(ask(&authority, "Get-Content", &[("Path", Value::from("Scratch:/a"))]).is_ok());
    assert!(ask(&authority, "Get-Content", &[("Path", Value::from("Etc:/passwd"))]).is_err());
}
