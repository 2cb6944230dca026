//! Which grant decides, and which denial is told. One decision a line: `allow: ROLE`, or the reason and the rule.

use bailiwick_objects::Value;

use crate::support::{ask, authority, authority_of, load_roles, verdict};

const NAMED: &str = "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { one_of = [\"web-a\", \"web-b\"] }\n";

fn name(text: &str) -> (&'static str, Value) {
    ("Name", Value::from(text))
}

#[test]
fn a_grant_allows_what_its_rules_say_and_nothing_else() {
    let ops = authority(NAMED);
    let ask = |arguments: &[(&str, Value)]| verdict(&ops, "Restart-Service", arguments);
    let rule = "role ops, Restart-Service, parameter Name (one_of)";
    assert_eq!(ask(&[name("web-a")]), "allow: ops");
    assert_eq!(ask(&[name("web-c")]), format!("value-refused: {rule}"));
    assert_eq!(verdict(&ops, "Get-Content", &[]), "command-not-visible");
    assert_eq!(verdict(&ops, "Nope-Item", &[]), "command-not-visible");
}

#[test]
fn row_f04_what_is_left_out_is_closed() {
    let bare = authority("[[command]]\nname = \"Get-Content\"\n");
    assert_eq!(verdict(&bare, "Get-Content", &[]), "allow: ops");
    assert_eq!(
        verdict(&bare, "Get-Content", &[("TotalCount", Value::Int64(1))]),
        "parameter-not-granted: role ops, Get-Content"
    );
    let empty = authority("");
    assert!(empty.commands().is_empty());
    assert!(empty.drives().is_empty());
    assert_eq!(verdict(&empty, "Get-Content", &[]), "command-not-visible");
}

#[test]
fn row_a21_each_element_is_ruled() {
    let ops = authority(NAMED);
    let names =
        |names: &[&str]| ("Name", Value::Array(names.iter().map(|name| Value::from(*name)).collect()));
    let ask = |argument| verdict(&ops, "Restart-Service", &[argument]);
    assert_eq!(ask(names(&["web-a", "web-b"])), "allow: ops");
    let refused = "value-refused: role ops, Restart-Service, parameter Name (one_of)";
    assert_eq!(ask(names(&["web-a", "web-c"])), refused);
    assert_eq!(ask(names(&["web-c", "web-a"])), refused);
    let nested = Value::Array(vec![Value::from("web-a"), Value::Array(vec![Value::from("web-c")])]);
    assert_eq!(ask(("Name", nested)), "malformed");
    let table = Value::Hashtable(bailiwick_objects::Hashtable::default());
    assert_eq!(ask(("Name", table)), "malformed");
    assert_eq!(ask(("Name", Value::Array(vec![Value::from("web-a"); 200_001]))), "malformed");
}

#[test]
fn row_a66_no_other_parameter_reaches_the_same_effect() {
    let ops = authority(NAMED);
    let object = Value::Object(bailiwick_objects::Object::new("Service", [("Name", Value::from("web-c"))]));
    for (parameter, value) in
        [("DisplayName", Value::from("web-c")), ("InputObject", object), ("Force", Value::Bool(true))]
    {
        assert_eq!(
            verdict(&ops, "Restart-Service", &[name("web-a"), (parameter, value)]),
            "parameter-not-granted: role ops, Restart-Service"
        );
    }
    assert_eq!(verdict(&ops, "Restart-Service", &[name("web-a")]), "allow: ops");
}

#[test]
fn row_a67_empty_values_are_ruled_like_any_other() {
    let ops = authority(NAMED);
    let ask = |argument| verdict(&ops, "Restart-Service", &[argument]);
    assert_eq!(ask(name("")), "value-refused: role ops, Restart-Service, parameter Name (one_of)");
    assert_eq!(ask(("Name", Value::Null)), "malformed");
    assert_eq!(ask(("Name", Value::Array(Vec::new()))), "parameter-missing");
    assert_eq!(verdict(&ops, "Restart-Service", &[]), "parameter-missing");
    // An empty list satisfies "each element" of any rule; the rule is on the value, and there is none.
    let content = authority(
        "[[command]]\nname = \"Get-Content\"\n[command.parameters]\nPath = { within = \"Logs:/\" }\n[drives.Logs]\nroot = \"/srv/logs\"\naccess = \"read\"\n",
    );
    assert_eq!(
        verdict(&content, "Get-Content", &[("Path", Value::Array(Vec::new()))]),
        "path-refused: role ops, Get-Content, parameter Path (within)"
    );
}

#[test]
fn row_a67_a_parameter_bound_twice_is_refused() {
    let ops = authority(NAMED);
    assert_eq!(verdict(&ops, "Restart-Service", &[name("web-a"), name("web-b")]), "malformed");
    assert_eq!(verdict(&ops, "Restart-Service", &[name("web-a"), name("web-a")]), "malformed");
}

#[test]
fn row_a68_a_ruled_parameter_must_be_given() {
    let role = |rule: &str| {
        format!("[[command]]\nname = \"Get-Content\"\n[command.parameters]\nTotalCount = {rule}\n")
    };
    let strict = authority(&role("{ range = \"1..10\" }"));
    assert_eq!(
        verdict(&strict, "Get-Content", &[]),
        "parameter-missing: role ops, Get-Content, parameter TotalCount"
    );
    assert_eq!(verdict(&strict, "Get-Content", &[("TotalCount", Value::Int64(3))]), "allow: ops");
}

#[test]
fn row_a68_twin_an_optional_or_unruled_parameter_may_be_left_out() {
    let role = |rule: &str| {
        format!("[[command]]\nname = \"Get-Content\"\n[command.parameters]\nTotalCount = {rule}\n")
    };
    let optional = authority(&role("{ range = \"1..10\", optional = true }"));
    assert_eq!(verdict(&optional, "Get-Content", &[]), "allow: ops");
    assert_eq!(
        verdict(&optional, "Get-Content", &[("TotalCount", Value::Int64(11))]),
        "value-refused: role ops, Get-Content, parameter TotalCount (range)"
    );
    assert_eq!(verdict(&authority(&role("\"any\"")), "Get-Content", &[]), "allow: ops");
    assert_eq!(verdict(&authority(&role("{ allow_control = true }")), "Get-Content", &[]), "allow: ops");
}

const FIRST: &str = "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { one_of = [\"web-a\"] }\nForce = \"any\"\n";
const SECOND: &str = "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { one_of = [\"web-a\", \"web-b\"] }\n";

#[test]
fn row_f15_roles_are_joined_grant_by_grant_and_never_multiplied() {
    let both = authority_of(&[("first", FIRST), ("second", SECOND)]);
    let force = ("Force", Value::Bool(true));
    assert_eq!(verdict(&both, "Restart-Service", &[name("web-a")]), "allow: first");
    assert_eq!(verdict(&both, "Restart-Service", &[name("web-b")]), "allow: second");
    assert_eq!(verdict(&both, "Restart-Service", &[name("web-a"), force.clone()]), "allow: first");
    // Neither role allows web-b with -Force: one lacks the value, the other the parameter.
    assert_eq!(
        verdict(&both, "Restart-Service", &[name("web-b"), force]),
        "value-refused: role first, Restart-Service, parameter Name (one_of)"
    );
}

#[test]
fn row_f14_the_order_of_roles_chooses_the_role_and_never_the_verdict() {
    let orders = [[("first", FIRST), ("second", SECOND)], [("second", SECOND), ("first", FIRST)]];
    let force = ("Force", Value::Bool(true));
    let records: Vec<Vec<(&str, Value)>> = vec![
        vec![name("web-a")],
        vec![name("web-b")],
        vec![name("web-c")],
        vec![name("web-a"), force.clone()],
        vec![name("web-b"), force],
        vec![],
    ];
    for record in records {
        let verdicts = orders.map(|order| ask(&authority_of(&order), "Restart-Service", &record).is_ok());
        assert_eq!(verdicts[0], verdicts[1], "{record:?}");
    }
    let reversed = authority_of(&orders[1]);
    assert_eq!(verdict(&reversed, "Restart-Service", &[name("web-a")]), "allow: second");
}

const REMOVE: &str = "[[command]]\nname = \"Copy-Item\"\nparameters = \"any\"\n[drives.User]\nper_user = true\naccess = \"write\"\n";
const LOGS: &str = "[[command]]\nname = \"Get-Content\"\nparameters = \"any\"\n[drives.Logs]\nroot = \"/srv/logs\"\naccess = \"write\"\n";

#[test]
fn row_f16_one_roles_command_never_meets_another_roles_drive() {
    let both = authority_of(&[("files", REMOVE), ("logs", LOGS)]);
    let copy = |from: &str, to: &str| {
        verdict(&both, "Copy-Item", &[("Path", Value::from(from)), ("Destination", Value::from(to))])
    };
    assert_eq!(copy("User:/a", "User:/b"), "allow: files");
    assert_eq!(copy("Logs:/a", "User:/b"), "drive-not-granted: role files, Copy-Item");
    assert_eq!(copy("User:/a", "Logs:/b"), "drive-not-granted: role files, Copy-Item");
    assert_eq!(verdict(&both, "Get-Content", &[("Path", Value::from("Logs:/a"))]), "allow: logs");
    assert_eq!(
        verdict(&both, "Get-Content", &[("Path", Value::from("User:/a"))]),
        "drive-not-granted: role logs, Get-Content"
    );
}

#[test]
fn an_allowed_record_holds_the_role_whose_drives_it_may_use() {
    let both = authority_of(&[("files", REMOVE), ("logs", LOGS)]);
    let names =
        |role: &str| both.role_drives(role).iter().map(|drive| drive.name.clone()).collect::<Vec<_>>();
    assert_eq!(names("files"), ["User"]);
    assert_eq!(names("logs"), ["Logs"]);
    assert_eq!(names("nobody"), Vec::<String>::new());
    let union: Vec<_> = both.drives().iter().map(|drive| drive.name.clone()).collect();
    assert_eq!(union, ["Logs", "User"]);
}

#[test]
fn row_f15_a_role_that_voids_anothers_limits_is_pointed_out() {
    let wide = "[[command]]\nname = \"Restart-Service\"\nparameters = \"any\"\n";
    let loaded = load_roles(&[("strict", FIRST), ("wide", wide)]).unwrap();
    let lints: Vec<_> = loaded.lints.iter().map(ToString::to_string).collect();
    assert_eq!(
        lints.join("\n"),
        "roles/wide.toml:3:8: the role `wide` voids the limits of `strict` on `Restart-Service` for `alice`
  3 | name = \"Restart-Service\"
    |        ^^^^^^^^^^^^^^^^^
  note: the limits are at roles/strict.toml:3
  help: each role's rules stay with its own grant, and the wider one allows more; is that meant?"
    );
    assert!(load_roles(&[("strict", FIRST), ("other", SECOND)]).unwrap().lints.is_empty());
}

#[test]
fn of_several_grants_the_one_that_came_furthest_explains() {
    let none = "[[command]]\nname = \"Restart-Service\"\n";
    let both = authority_of(&[("first", FIRST), ("bare", none)]);
    assert_eq!(
        verdict(&both, "Restart-Service", &[name("web-c")]),
        "value-refused: role first, Restart-Service, parameter Name (one_of)"
    );
    let reversed = authority_of(&[("bare", none), ("first", FIRST)]);
    assert_eq!(
        verdict(&reversed, "Restart-Service", &[name("web-c")]),
        "value-refused: role first, Restart-Service, parameter Name (one_of)"
    );
}

#[test]
fn a_refusal_says_the_value_and_the_rule() {
    let denial = ask(&authority(NAMED), "Restart-Service", &[name("web-c")]).unwrap_err();
    let record = denial.to_error_record();
    assert_eq!(&*record.id, "ParameterArgumentValidationError,Restart-Service");
    assert_eq!(
        &*record.message,
        "cannot validate argument on parameter `Name`: `web-c` is not one of the allowed values"
    );
    assert_eq!(&*record.help, "allowed: `web-a`, `web-b`");
    assert_eq!(&*record.refusal.unwrap().rule, "role ops, Restart-Service, parameter Name (one_of)");
    let rule = denial.rule.unwrap();
    assert_eq!((&*rule.file, rule.line), ("roles/ops.toml", 5));
}

#[test]
fn row_a56_a_refusal_never_holds_a_path_of_the_host() {
    let both = authority_of(&[("files", REMOVE), ("logs", LOGS)]);
    for path in ["/srv/logs/a", "Logs:/../a", "Nope:/a", "User:/a"] {
        let denial = ask(&both, "Get-Content", &[("Path", Value::from(path))]).unwrap_err();
        let record = denial.to_error_record();
        for text in [&record.help, &record.refusal.unwrap().rule] {
            assert!(!text.contains("/srv"), "{text}");
            assert!(!text.contains(".toml"), "{text}");
        }
    }
}
