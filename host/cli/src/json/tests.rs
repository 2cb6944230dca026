//! The JSON of values: one line each, the value and its text.

use bailiwick_objects::time::DateTime;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Hashtable, Object, TimeSpan, Value};

use super::{error_text, escaped, text};

#[test]
fn numbers_keep_all_their_digits() {
    assert_eq!(text(&Value::Int64(i64::MIN)), "-9223372036854775808");
    assert_eq!(text(&Value::Decimal("1.50".parse().unwrap())), "1.50");
    assert_eq!(
        text(&Value::BigInt("123456789012345678901234567890".parse().unwrap())),
        "123456789012345678901234567890"
    );
    assert_eq!(text(&Value::Double(0.1)), "0.1");
    assert_eq!(text(&Value::Double(2.0)), "2.0");
    assert_eq!(text(&Value::Double(1e300)), "1e300");
}

#[test]
fn what_json_has_no_number_for_is_a_string() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(Value::Double);
    assert_eq!(text(&Value::Array(numbers.into())), r#"["NaN","Infinity","-Infinity"]"#);
}

#[test]
fn every_double_is_read_back_as_itself() {
    for number in [f64::MIN_POSITIVE, f64::MAX, 1e16, 1e-7, -0.0, 123_456_789.123] {
        let read: f64 = serde_json::from_str(&text(&Value::Double(number))).unwrap();
        assert_eq!(read.to_bits(), number.to_bits());
    }
}

#[test]
fn a_datetime_is_iso_without_zeros_at_its_end() {
    for (iso, json) in [
        ("2026-02-28T23:30:00", "\"2026-02-28T23:30:00\""),
        ("2026-02-28T23:30:00.5-05:30", "\"2026-02-28T23:30:00.5-05:30\""),
        ("2026-02-28T23:30:00.0000010Z", "\"2026-02-28T23:30:00.000001Z\""),
        ("2026-02-28T23:30:00Z", "\"2026-02-28T23:30:00Z\""),
    ] {
        assert_eq!(text(&Value::DateTime(DateTime::from_iso(iso).unwrap())), json);
    }
}

#[test]
fn a_timespan_has_the_properties_of_dot_net() {
    let json: serde_json::Value =
        serde_json::from_str(&text(&Value::TimeSpan(TimeSpan(900_000_000)))).unwrap();
    assert_eq!((json["Minutes"].as_i64(), json["Seconds"].as_i64()), (Some(1), Some(30)));
    assert_eq!(json["TotalMinutes"].as_f64(), Some(1.5));
}

#[test]
fn a_version_has_four_parts() {
    let json = text(&Value::Version(vec![7, 4]));
    assert_eq!(
        json,
        r#"{"Major":7,"Minor":4,"Build":-1,"Revision":-1,"MajorRevision":-1,"MinorRevision":-1}"#
    );
}

#[test]
fn texts_are_texts() {
    assert_eq!(text(&Value::Guid(*b"0123456789abcdef")), "\"30313233-3435-3637-3839-616263646566\"");
    assert_eq!(text(&Value::Char('é')), "\"é\"");
    assert_eq!(text(&Value::Uri("a:b".into())), "\"a:b\"");
    assert_eq!(text(&Value::Regex("a+".into())), "\"a+\"");
}

#[test]
fn bytes_are_numbers() {
    assert_eq!(text(&Value::Bytes(vec![0, 255])), "[0,255]");
}

#[test]
fn a_secure_string_is_not_shown() {
    assert!(!text(&Value::SecureString("hunter2".into())).contains("hunter2"));
}

#[test]
fn an_object_is_its_properties_in_their_order() {
    let inner = Value::Object(Object::custom([("B", Value::Null), ("A", Value::Bool(true))]));
    let outer = Value::Object(Object::custom([("Inner", inner)]));
    assert_eq!(text(&outer), r#"{"Inner":{"B":null,"A":true}}"#);
}

#[test]
fn of_two_keys_with_one_text_the_last_counts() {
    let entries = vec![(Value::Int32(1), Value::from("a")), (Value::from("1"), Value::from("b"))];
    assert_eq!(text(&Value::Hashtable(Hashtable { ordered: true, entries })), r#"{"1":"b"}"#);
}

#[test]
fn a_terminal_is_not_acted_upon() {
    let json = text(&Value::from("\u{1b}[2J\u{9b}\u{202e}\"\\\n"));
    assert_eq!(json, r#""\u001b[2J\u009b\u202e\"\\\n""#);
    let read: String = serde_json::from_str(&json).unwrap();
    assert_eq!(read, "\u{1b}[2J\u{9b}\u{202e}\"\\\n");
}

#[test]
fn a_character_beyond_the_first_plane_is_escaped_as_two() {
    let read: String = serde_json::from_str(&text(&Value::from("\u{e0041}"))).unwrap();
    assert_eq!(read, "\u{e0041}");
}

#[test]
fn an_error_record_carries_what_scripts_match_on() {
    let record = ErrorRecord::new("Denied,Get-Item", ErrorCategory::PermissionDenied, "no").refused("role r");
    assert_eq!(
        error_text(&record),
        r#"{"FullyQualifiedErrorId":"Denied,Get-Item","Category":"PermissionDenied","Message":"no","Rule":"role r"}"#
    );
}

#[test]
fn json_of_another_writer_does_not_act_upon_a_terminal_either() {
    assert_eq!(escaped("\"\u{9b}\u{202e}é\""), "\"\\u009b\\u202eé\"");
}
