//! Records against the installed metadata: only the canonical form is taken.

use bailiwick_objects::{Hashtable, Object, Value};

use crate::support::{ask, authority, verdict};

const OPEN: &str = "[[command]]\nname = \"Restart-Service\"\nparameters = \"any\"\n[[command]]\nname = \"Get-Thing\"\nparameters = \"any\"\n[[command]]\nname = \"Get-Content\"\nparameters = \"any\"\n[drives.Logs]\nroot = \"/srv/logs\"\naccess = \"read\"\n";

fn open(arguments: &[(&str, Value)]) -> String {
    verdict(&authority(OPEN), "Restart-Service", arguments)
}

#[test]
fn row_a14_a_record_names_its_command_canonically() {
    let ops = authority(OPEN);
    let arguments = [("Name", Value::from("web-a"))];
    assert_eq!(verdict(&ops, "Restart-Service", &arguments), "allow: ops");
    for name in
        ["rsv", "restart-service", "Test\\Restart-Service", "Restart-Service ", "Restart-Service\0", ""]
    {
        assert_eq!(verdict(&ops, name, &arguments), "command-not-visible", "{name:?}");
    }
}

#[test]
fn row_a16_an_abbreviation_is_no_name() {
    for name in ["Na", "N", "NAME", "name", "Name ", ""] {
        let found = open(&[(name, Value::from("web-a"))]);
        assert_eq!(found, "parameter-not-granted: role ops, Restart-Service", "{name:?}");
    }
    assert_eq!(open(&[("Name", Value::from("web-a"))]), "allow: ops");
}

#[test]
fn row_a17_a_parameters_alias_is_no_name() {
    for name in ["ServiceName", "SN", "sn"] {
        let found = open(&[(name, Value::from("web-a"))]);
        assert_eq!(found, "parameter-not-granted: role ops, Restart-Service", "{name}");
    }
}

#[test]
fn row_a20_a_record_that_carries_an_unlisted_parameter_is_refused() {
    let ops = authority("[[command]]\nname = \"Restart-Service\"\n[command.parameters]\nName = \"any\"\n");
    let name = ("Name", Value::from("web-a"));
    assert_eq!(verdict(&ops, "Restart-Service", std::slice::from_ref(&name)), "allow: ops");
    assert_eq!(
        verdict(&ops, "Restart-Service", &[name, ("Force", Value::Bool(true))]),
        "parameter-not-granted: role ops, Restart-Service"
    );
}

#[test]
fn row_a40_a_common_parameter_in_a_record_is_refused() {
    for name in ["OutVariable", "ErrorAction", "Debug", "PipelineVariable", "Confirm", "WhatIf"] {
        let found = open(&[("Name", Value::from("x")), (name, Value::from("y"))]);
        assert_eq!(found, "parameter-not-granted: role ops, Restart-Service", "{name}");
    }
}

#[test]
fn row_a09_a_value_of_another_type_is_refused() {
    let table = || Value::Hashtable(Hashtable::of([("FileName", Value::from("/bin/sh"))]));
    let object = || Value::Object(Object::new("T", [("a", Value::from(1))]));
    let cases = [
        ("Force", Value::Bool(true), true),
        ("Force", Value::from("true"), false),
        ("Force", Value::from(1), false),
        ("Count", Value::from(1), true),
        ("Count", Value::from("1"), false),
        ("Big", Value::Int64(1), true),
        ("Big", Value::Int32(1), false),
        ("Ratio", Value::Double(1.0), true),
        ("Ratio", Value::from(1), false),
        ("Note", Value::from("a"), true),
        ("Note", Value::from(1), false),
        ("Note", table(), false),
        ("Note", Value::Array(vec![Value::from("a")]), false),
        ("Table", table(), true),
        ("Table", object(), false),
        ("InputObject", object(), true),
        ("InputObject", table(), false),
        ("Any", table(), true),
        ("Any", Value::ScriptBlock("Get-Content".into()), false),
        ("Any", Value::Array(vec![Value::ScriptBlock("Get-Content".into())]), false),
    ];
    for (name, value, expected) in cases {
        let found = open(&[("Name", Value::from("x")), (name, value.clone())]);
        assert_eq!(found, if expected { "allow: ops" } else { "malformed" }, "{name} = {value:?}");
    }
}

#[test]
fn a_collection_is_passed_on_as_an_array() {
    let ops = authority(OPEN);
    let table = Hashtable::of([("Force", Value::Bool(true)), ("Name", Value::from("web-a"))]);
    let record = ops.bind("Restart-Service", &table).unwrap();
    let expected =
        Hashtable::of([("Name", Value::Array(vec![Value::from("web-a")])), ("Force", Value::Bool(true))]);
    assert_eq!(record.arguments(), expected);
}

#[test]
fn a_parameters_name_must_be_a_string() {
    let mut table = Hashtable::default();
    table.entries.push((Value::from(1), Value::from("x")));
    assert!(authority(OPEN).bind("Restart-Service", &table).is_err());
}

#[test]
fn one_parameter_set_must_hold_all_that_is_bound() {
    let ops = authority(OPEN);
    let ask = |arguments: &[(&str, Value)]| verdict(&ops, "Get-Thing", arguments);
    let (name, id) = (("Name", Value::from("a")), ("Id", Value::from(1)));
    assert_eq!(ask(std::slice::from_ref(&name)), "allow: ops");
    assert_eq!(ask(std::slice::from_ref(&id)), "allow: ops");
    assert_eq!(ask(&[id.clone(), ("Detail", Value::Bool(true))]), "allow: ops");
    assert_eq!(ask(&[name, id]), "malformed");
    assert_eq!(ask(&[]), "parameter-missing");
}

#[test]
fn a_missing_mandatory_parameter_is_told_by_name() {
    let denial = ask(&authority(OPEN), "Get-Thing", &[]).unwrap_err().to_error_record();
    assert_eq!(&*denial.id, "MissingMandatoryParameter,Get-Thing");
    assert_eq!(
        &*denial.message,
        "cannot process command because of one or more missing mandatory parameters: Name"
    );
}

/// What becomes of a path of `Get-Content`: its canonical form, or the reason.
fn path(text: &str) -> String {
    let ops = authority(OPEN);
    match ops.bind("Get-Content", &Hashtable::of([("Path", Value::from(text))])) {
        Ok(record) => record.paths().map(ToString::to_string).collect(),
        Err(denial) => denial.reason.name().to_owned(),
    }
}

#[test]
fn row_b02_only_slashes_separate_and_nothing_is_decoded() {
    let cases = [
        ("Logs:/a/b", "Logs:/a/b"),
        (r"Logs:\a\b", "Logs:/a/b"),
        ("Logs:a", "Logs:/a"),
        ("Logs:", "Logs:/"),
        ("Logs://a///b/", "Logs:/a/b"),
        ("Logs:/./a/.", "Logs:/a"),
        ("Logs:/a/../b", "Logs:/b"),
        ("logs:/A", "Logs:/A"),
        ("LOGS:/a", "Logs:/a"),
        ("Logs:/%2e%2e/a", "Logs:/%2e%2e/a"),
        ("Logs:/a\u{2215}..\u{2215}b", "Logs:/a\u{2215}..\u{2215}b"),
        ("Logs:/\u{ff0f}a", "Logs:/\u{ff0f}a"),
        ("Logs:/...", "Logs:/..."),
        ("Logs:/.. /a", "Logs:/.. /a"),
        ("Logs:/a*/[b]?", "Logs:/a*/[b]?"),
        (r"Logs:\..\x", "path-refused"),
        (r"Logs:/..\../x", "path-refused"),
        ("Logs:/a/../../b", "path-refused"),
        ("Logs:/a\nb", "path-refused"),
        ("Logs:/a\0b", "path-refused"),
    ];
    for (text, expected) in cases {
        assert_eq!(path(text), expected, "{text:?}");
    }
    assert_eq!(path(&format!("Logs:/{}", "a".repeat(256))), "path-refused");
    assert_eq!(path(&format!("Logs:/{}", "a/".repeat(3_000))), "path-refused");
}

#[test]
fn row_b03_a_path_without_a_drive_is_refused() {
    for text in
        ["/etc/passwd", "etc/passwd", "", "..", r"\\host\share", "/Logs:/a", "../Logs:/a", ":/a", "::"]
    {
        assert_eq!(path(text), "path-refused", "{text:?}");
    }
    assert_eq!(path("Logs:/etc/passwd"), "Logs:/etc/passwd");
    assert_eq!(path("Logs:/Logs:/x"), "Logs:/Logs:/x");
}

#[test]
fn row_b31_a_drive_that_is_not_granted_does_not_exist() {
    for text in ["Env:/PATH", "Variable:x", "Function:f", "C:/x", "Users:/x"] {
        assert_eq!(path(text), "drive-not-granted", "{text}");
    }
    let denial = ask(&authority(OPEN), "Get-Content", &[("Path", Value::from("Env:/PATH"))]).unwrap_err();
    let record = denial.to_error_record();
    assert_eq!(&*record.id, "DriveNotFound,Get-Content");
    assert_eq!(&*record.message, "cannot find drive: a drive with the name `Env` does not exist");
    assert_eq!(&*record.help, "the drives of this session: Logs:");
}

#[test]
fn row_b02_what_was_ruled_is_what_is_passed_on() {
    let role = "[[command]]\nname = \"Get-Content\"\n[command.parameters]\nPath = { within = \"Logs:/web\" }\n[drives.Logs]\nroot = \"/srv/logs\"\naccess = \"read\"\n";
    let ops = authority(role);
    let verdict = |text: &str| verdict(&ops, "Get-Content", &[("Path", Value::from(text))]);
    let refused = "path-refused: role ops, Get-Content, parameter Path (within)";
    assert_eq!(verdict("Logs:/web/a.log"), "allow: ops");
    assert_eq!(verdict("logs:\\web"), "allow: ops");
    assert_eq!(verdict("Logs:/web/../db/a.log"), refused);
    assert_eq!(verdict("Logs:/web-other/a.log"), refused);
    assert_eq!(verdict("Logs:/WEB/a.log"), refused);
    assert_eq!(verdict("Logs:/*/a.log"), refused);
    assert_eq!(verdict("Logs:/"), refused);
    let record =
        ops.bind("Get-Content", &Hashtable::of([("Path", Value::from(r"logs:\web\x\..\a"))])).unwrap();
    let expected = Hashtable::of([("Path", Value::Array(vec![Value::from("Logs:/web/a")]))]);
    assert_eq!(record.arguments(), expected);
}
