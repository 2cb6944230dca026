//! What holds for any input.

use bailiwick_objects::{Hashtable, Value};
use bailiwick_policy::path::DrivePath;
use bailiwick_policy::{Decision, Policy};
use proptest::prelude::*;

use crate::support::{USERS, admits, authority, authority_of, catalog, ruled};

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::Double),
        any::<String>().prop_map(Value::from),
        "web-[a-d]".prop_map(Value::from),
        "(Logs|User|C|)[:/\\\\.a-z*]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|entries| Value::Hashtable(Hashtable::of(entries))),
        ]
    })
}

const ROLE: &str = "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = { pattern = 'web-[a-c]' }\nForce = \"any\"\nCount = { range = \"1..9\", optional = true }\n[[command]]\nname = \"Get-Content\"\n[command.parameters]\nPath = { within = \"Logs:/a\" }\n[drives.Logs]\nroot = \"/srv/logs\"\naccess = \"read\"\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn binding_and_deciding_never_panic_and_allow_only_what_the_rules_say(
        command in prop_oneof![Just("Restart-Service".to_owned()), Just("Get-Content".to_owned()), any::<String>()],
        arguments in prop::collection::vec(
            ("(Name|Force|Count|Path|TotalCount|[a-zA-Z]{0,6})", any_value()), 0..4),
    ) {
        let ops = authority(ROLE);
        if let Ok(record) = ops.bind(&command, &Hashtable::of(arguments))
            && let Decision::Allow(allowed) = ops.decide(record)
        {
            let table = allowed.arguments();
            for (key, value) in &table.entries {
                match (key.as_str(), value) {
                    (Some("Name"), Value::Array(names)) => {
                        prop_assert!(!names.is_empty());
                        for name in names {
                            prop_assert!(["web-a", "web-b", "web-c"].contains(&name.as_str().unwrap()));
                        }
                    }
                    (Some("Count"), Value::Int32(count)) => prop_assert!((1..=9).contains(count)),
                    (Some("Force"), Value::Bool(_)) => {}
                    (Some("Path"), Value::Array(paths)) => {
                        for path in paths {
                            let path = path.as_str().unwrap();
                            prop_assert!(path == "Logs:/a" || path.starts_with("Logs:/a/"), "{path}");
                        }
                    }
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }
    }

    #[test]
    fn row_a23_a_pattern_accepts_what_it_matches_as_a_whole(value in "[a-c]{0,6}") {
        let expected = ["ab", "b", "c", "cc", "ccc"].contains(&value.as_str()) || value.chars().all(|c| c == 'c');
        let authority = ruled("Note", "{ pattern = 'ab|b|c*' }");
        prop_assert_eq!(admits(&authority, "Note", Value::from(value)), expected);
    }

    #[test]
    fn row_f14_the_order_of_grants_never_changes_the_verdict(
        sets in prop::collection::vec(prop::collection::btree_set("[a-d]", 1..4), 1..4),
        name in "[a-e]",
        force in any::<bool>(),
    ) {
        let names = ["r0", "r1", "r2"];
        let mut roles: Vec<(&str, String)> = names.into_iter().zip(&sets).map(|(name, set)| {
            let values: Vec<_> = set.iter().map(|value| format!("\"{value}\"")).collect();
            let force = if name == "r0" { "Force = \"any\"\n" } else { "" };
            (name, format!(
                "[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = {{ one_of = [{}] }}\n{force}",
                values.join(", ")
            ))
        }).collect();
        let mut arguments = vec![("Name", Value::from(name))];
        if force {
            arguments.push(("Force", Value::Bool(true)));
        }
        let ask = |roles: &[(&str, String)]| {
            let roles: Vec<_> = roles.iter().map(|(name, text)| (*name, text.as_str())).collect();
            crate::support::ask(&authority_of(&roles), "Restart-Service", &arguments).is_ok()
        };
        let forwards = ask(&roles);
        roles.reverse();
        prop_assert_eq!(forwards, ask(&roles));
    }

    #[test]
    fn a_path_that_parses_is_canonical(text in "[A-Za-z]{0,4}:?[/\\\\.a-c* ]{0,16}") {
        if let Ok(path) = DrivePath::parse(&text) {
            let shown = path.to_string();
            prop_assert_eq!(DrivePath::parse(&shown).unwrap(), path.clone());
            prop_assert!(path.segments().iter().all(|name| !matches!(name.as_str(), "" | "." | "..")));
            prop_assert!(!shown.contains('\\'));
        }
    }

    #[test]
    fn any_text_is_a_path_or_a_fault(text in any::<String>()) {
        let _ = DrivePath::parse(&text);
    }

    #[test]
    fn row_f38_any_file_is_a_policy_or_faults(role in any::<String>(), users in ".*", endpoint in ".*") {
        let files = vec![
            ("endpoints/a.toml".to_owned(), endpoint),
            ("roles/ops.toml".to_owned(), role),
            ("users.toml".to_owned(), users),
        ];
        if let Err(faults) = Policy::from_sources(files, &catalog()) {
            prop_assert!(!faults.to_string().is_empty());
        }
    }

    #[test]
    fn row_f38_a_damaged_file_is_a_policy_or_faults(at in 0_usize..400, with in any::<char>(), cut in any::<bool>()) {
        let mut text: Vec<char> = format!("version = 1\n{ROLE}").chars().collect();
        let at = at % text.len();
        if cut { text.truncate(at) } else { text[at] = with }
        let files = vec![
            ("endpoints/a.toml".to_owned(), crate::support::endpoint(&["ops"])),
            ("roles/ops.toml".to_owned(), text.into_iter().collect()),
            ("users.toml".to_owned(), USERS.to_owned()),
        ];
        if let Ok(loaded) = Policy::from_sources(files, &catalog()) {
            // Nobody whom the files do not name is let in, whatever else they say.
            let dave = loaded.policy.subject("dave").unwrap();
            prop_assert!(loaded.policy.endpoints_of(&dave).is_empty());
        }
    }
}
