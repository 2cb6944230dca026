//! Rules on values: each value once, with the verdict.

use bailiwick_objects::Value;

use crate::support::{admits, ask, authority, ruled, verdict};

/// Each text with whether the parameter `Note` under the rule may have it.
fn notes(rule: &str, table: &[(&str, bool)]) {
    let authority = ruled("Note", rule);
    for (text, expected) in table {
        assert_eq!(admits(&authority, "Note", Value::from(*text)), *expected, "{rule} with {text:?}");
    }
}

#[test]
fn row_a23_a_pattern_matches_the_whole_value() {
    notes(
        "{ pattern = 'web-[a-z]' }",
        &[("web-a", true), ("x;web-a", false), ("web-a/../../x", false), ("web-ab", false), ("web-", false)],
    );
}

#[test]
fn row_a24_alternatives_and_flags_stay_inside_the_pattern() {
    notes(
        "{ pattern = 'web-a|web-b' }",
        &[("web-a", true), ("web-b", true), ("web-aZZ", false), ("xweb-b", false)],
    );
    notes("{ pattern = 'web-ab|web-a' }", &[("web-a", true), ("web-ab", true), ("web-abc", false)]);
    notes("{ pattern = 'web|web-a' }", &[("web-a", true), ("web", true), ("web-", false)]);
    notes("{ pattern = '(?m)^web-a$' }", &[("web-a", true), ("x\nweb-a", false), ("web-a\n", false)]);
    notes("{ pattern = '(?m)^web-a$', allow_control = true }", &[("web-a", true), ("x\nweb-a", false)]);
    notes("{ pattern = '(?s)a.b', allow_control = true }", &[("a\nb", true), ("a\nb\n", false)]);
    notes(
        "{ pattern = '(?x) web - a # the first' }",
        &[("web-a", true), ("web - a", false), ("web-a\n", false)],
    );
    notes("{ pattern = '(?x)a|b # either' }", &[("a", true), ("b", true), ("ab", false), ("b ", false)]);
    notes("{ pattern = '' }", &[("", true), ("a", false)]);
    notes("{ pattern = '|a' }", &[("", true), ("a", true), ("b", false)]);
    notes("{ pattern = '^a|b$' }", &[("a", true), ("b", true), ("axxx", false), ("xb", false)]);
    notes("{ pattern = '\\Aa\\z|b' }", &[("a", true), ("b", true), ("ab", false)]);
}

#[test]
fn row_a25_control_characters_are_refused() {
    let table = [
        ("web-a", true),
        ("web-a\nRestart-Service web-c", false),
        ("web-a\r", false),
        ("web\ta", false),
        ("web\u{85}a", false),
        ("web\u{2028}a", false),
        ("web\u{7f}", false),
    ];
    notes("{ pattern = '[^;]*' }", &table);
    notes("\"any\"", &table);
    notes("{ length = \"0..100\" }", &table);
}

#[test]
fn row_a25_twin_a_rule_may_allow_control_characters() {
    notes(
        "{ pattern = '[^;]*', allow_control = true }",
        &[("a\nb", true), ("a\u{85}b", true), ("a;b", false)],
    );
}

#[test]
fn row_a26_classes_and_case_folding_are_ascii() {
    notes("{ pattern = '(?i)web-k' }", &[("WEB-K", true), ("web-\u{212a}", false)]);
    notes("{ pattern = '\\d+' }", &[("34", true), ("٣٤", false)]);
    notes("{ pattern = '\\w+' }", &[("web", true), ("веб", false)]);
    notes("{ pattern = '[[:alpha:]]+' }", &[("web", true), ("é", false)]);
    notes("{ pattern = 'a\\sb' }", &[("a b", true), ("a\u{a0}b", false)]);
}

#[test]
fn row_a26_twin_a_pattern_may_opt_in_to_unicode() {
    notes("{ pattern = '(?u)\\w+' }", &[("веб", true), ("web", true), ("-", false)]);
}

#[test]
fn row_a27_a_closed_list_compares_exactly() {
    notes(
        "{ one_of = [\"web-a\", \"web-b\"] }",
        &[
            ("web-a", true),
            ("web-b", true),
            ("WEB-A", false),
            ("web-a ", false),
            (" web-a", false),
            ("\"web-a\"", false),
            ("", false),
            ("web-*", false),
            ("web-a,web-b", false),
        ],
    );
}

#[test]
fn row_a30_nothing_is_normalised() {
    notes("{ one_of = [\"caf\u{e9}\"] }", &[("caf\u{e9}", true), ("cafe\u{301}", false)]);
    notes("{ one_of = [\"cafe\u{301}\"] }", &[("cafe\u{301}", true), ("caf\u{e9}", false)]);
}

#[test]
fn row_a33_a_nul_is_refused_whole_and_never_cuts_a_value() {
    let authority = ruled("Note", "{ one_of = [\"web-a\"] }");
    let denial = ask(
        &authority,
        "Restart-Service",
        &[("Name", Value::from("x")), ("Note", Value::from("web-a\0; web-c"))],
    )
    .unwrap_err();
    assert_eq!(denial.target, Value::from("web-a\0; web-c"));
    assert_eq!(
        denial.message,
        r"cannot validate argument on parameter `Note`: `web-a\u{0}; web-c` holds a control character"
    );
    let open = crate::support::authority("[[command]]\nname = \"Restart-Service\"\nparameters = \"any\"\n");
    assert!(admits(&open, "Note", Value::from("a\nb")));
    assert!(!admits(&open, "Note", Value::from("a\0b")));
}

#[test]
fn row_a36_a_range_rules_the_typed_number() {
    let count = ruled("Count", "{ range = \"1..100\" }");
    for (number, expected) in
        [(1, true), (50, true), (100, true), (0, false), (101, false), (-1, false), (i32::MIN, false)]
    {
        assert_eq!(admits(&count, "Count", Value::Int32(number)), expected, "{number}");
    }
    // Conversion is the binder's, once: anything but a number of the parameter's own type is refused.
    for value in [Value::from("50"), Value::Int64(50), Value::Double(50.0), Value::Bool(true), Value::Null] {
        assert!(!admits(&count, "Count", value));
    }
    let big = ruled("Big", "{ range = \"-5..9223372036854775807\" }");
    for (number, expected) in [(i64::MAX, true), (-5, true), (-6, false), (i64::MIN, false)] {
        assert_eq!(admits(&big, "Big", Value::Int64(number)), expected, "{number}");
    }
    let ratio = ruled("Ratio", "{ range = \"0..1\" }");
    for (number, expected) in [
        (0.0, true),
        (-0.0, true),
        (0.5, true),
        (1.0, true),
        (1.000_001, false),
        (f64::NAN, false),
        (f64::INFINITY, false),
    ] {
        assert_eq!(admits(&ratio, "Ratio", Value::Double(number)), expected, "{number}");
    }
}

#[test]
fn a_length_counts_characters() {
    notes(
        "{ length = \"2..3\" }",
        &[("a", false), ("ab", true), ("éé", true), ("ééé", true), ("éééé", false)],
    );
}

#[test]
fn row_f10_a_value_too_long_to_match_in_bounded_time_is_refused() {
    let authority = ruled("Note", "{ pattern = '(a+)+' }");
    assert!(admits(&authority, "Note", Value::from("a".repeat(16 << 10))));
    assert!(!admits(&authority, "Note", Value::from("a".repeat((16 << 10) + 1))));
    assert!(!admits(&authority, "Note", Value::from(format!("{}b", "a".repeat(10_000)))));
}

#[test]
fn a_value_without_rules_may_be_of_any_kind_but_a_ruled_one_must_be_text() {
    let table = Value::Hashtable(bailiwick_objects::Hashtable::of([("a", Value::from("b"))]));
    let free = ruled("Any", "\"any\"");
    assert!(admits(&free, "Any", table.clone()));
    let strict = ruled("Any", "{ one_of = [\"b\"] }");
    assert!(admits(&strict, "Any", Value::from("b")));
    assert!(!admits(&strict, "Any", table));
    assert!(!admits(&strict, "Any", Value::Null));
}

#[test]
fn control_characters_are_found_at_any_depth() {
    let deep = |text: &str| {
        let inner = Value::Array(vec![Value::from(1), Value::from(text)]);
        Value::Hashtable(bailiwick_objects::Hashtable::of([("a", inner)]))
    };
    let authority = ruled("Any", "\"any\"");
    assert!(admits(&authority, "Any", deep("b")));
    assert!(!admits(&authority, "Any", deep("b\nc")));
}

#[test]
fn a_secret_value_is_not_shown() {
    let authority = ruled("Any", "{ one_of = [\"b\"] }");
    let secret = Value::SecureString("hunter2\n".into());
    let denial =
        ask(&authority, "Restart-Service", &[("Name", Value::from("x")), ("Any", secret)]).unwrap_err();
    assert!(denial.message.contains("`***`"), "{}", denial.message);
    assert!(!denial.message.contains("hunter2"));
}

#[test]
fn row_b28_a_rule_about_one_name_takes_no_wildcards() {
    let authority = authority(
        "[drives.User]\nper_user = true\naccess = \"write\"\n[[command]]\nname = \"Get-Content\"\n\
         [command.parameters]\nPath = { pattern = 'User:/[^s][^/]*' }\n",
    );
    let path = |text: &str| verdict(&authority, "Get-Content", &[("Path", Value::from(text))]);
    assert_eq!(path("User:/open"), "allow: ops");
    for wild in ["User:/*", "User:/[s]ecret", "User:/?ecret", "User:/`secret"] {
        assert!(path(wild).starts_with("value-refused"), "{wild}: {}", path(wild));
    }
}

#[test]
fn row_b28_below_a_place_wildcards_are_allowed_and_a_disguised_parent_is_not() {
    let authority = authority(
        "[drives.User]\nper_user = true\naccess = \"write\"\n[[command]]\nname = \"Get-Content\"\n\
         [command.parameters]\nPath = { within = \"User:/web\" }\n",
    );
    let path = |text: &str| verdict(&authority, "Get-Content", &[("Path", Value::from(text))]);
    assert_eq!(path("User:/web/*.log"), "allow: ops");
    for disguised in
        ["User:/web/.`./secret", "User:/web/`.`./secret", "User:/web/..`/secret", "User:/`", "User:/w*"]
    {
        assert!(path(disguised).starts_with("path-refused"), "{disguised}: {}", path(disguised));
    }
}
