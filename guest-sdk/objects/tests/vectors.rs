//! The tables of `docs/objects.md` hold: each value is written as the bytes there say, and reads back from them; each
//! batch that the page calls refused is refused for the reason it gives.
#![cfg(test)]

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_objects::batch::{Limits, decode, encode};
use bailiwick_objects::error_record::{ErrorCategory, ErrorRecord, Position};
use bailiwick_objects::time::{DateTime, Kind, TimeSpan};
use bailiwick_objects::value::{Hashtable, Object, Shape, Value};
use num_bigint::BigInt;
use rust_decimal::Decimal;

const PAGE: &str = include_str!("../../../docs/objects.md");

/// The values of the page, under the names that its table gives them.
fn values() -> BTreeMap<&'static str, Vec<Value>> {
    let datetime = |text| Value::DateTime(DateTime::from_iso(text).unwrap());
    let file = Arc::new(Shape {
        type_names: vec!["System.IO.FileInfo".into()],
        properties: vec!["Name".into(), "Length".into()],
    });
    let file = |name: &str, length: i64| {
        Value::Object(Object { shape: Arc::clone(&file), values: vec![name.into(), length.into()] })
    };
    let mut error = ErrorRecord::new("Id,Get-Item", ErrorCategory::ObjectNotFound, "no such item")
        .with_target("Logs:/a")
        .with_command("Get-Item")
        .with_help("look")
        .refused("role r");
    error.position = Some(Position { line: 1, column: 2, text: "gi a".into() });
    let plain_error = ErrorRecord::new("Id", ErrorCategory::NotSpecified, "no");
    BTreeMap::from([
        ("nothing", vec![]),
        ("null", vec![Value::Null]),
        ("false and true", vec![false.into(), true.into()]),
        ("int32 0", vec![0.into()]),
        ("int32 -2147483648", vec![i32::MIN.into()]),
        ("int64 0", vec![0_i64.into()]),
        ("int64 2147483648", vec![2_147_483_648_i64.into()]),
        ("int64 -9223372036854775808", vec![i64::MIN.into()]),
        ("double 1.5", vec![1.5.into()]),
        ("double NaN", vec![f64::NAN.into()]),
        ("double -0", vec![(-0.0).into()]),
        ("decimal 1.50", vec![Value::Decimal(Decimal::new(150, 2))]),
        ("decimal -79228162514264337593543950335", vec![Value::Decimal(Decimal::MIN)]),
        ("bigint 0", vec![Value::BigInt(BigInt::from(0))]),
        ("bigint -65536", vec![Value::BigInt(BigInt::from(-65536))]),
        ("char é", vec![Value::Char('é')]),
        ("string \"é\"", vec!["é".into()]),
        ("bytes 00 ff", vec![Value::Bytes(vec![0, 255])]),
        ("datetime 2026-08-01T00:00:00, kind not said", vec![datetime("2026-08-01")]),
        ("datetime 1970-01-01T00:00:00Z", vec![datetime("1970-01-01T00:00:00Z")]),
        ("datetime 2026-08-01T12:00:00.5-05:30", vec![datetime("2026-08-01T12:00:00.5-05:30")]),
        ("timespan -1 tick", vec![Value::TimeSpan(TimeSpan(-1))]),
        ("guid 30313233-3435-3637-3839-616263646566", vec![Value::Guid(*b"0123456789abcdef")]),
        ("version 7.4", vec![Value::Version(vec![7, 4])]),
        ("uri a:b", vec![Value::Uri("a:b".into())]),
        ("script block 1", vec![Value::ScriptBlock("1".into())]),
        ("regex a+", vec![Value::Regex("a+".into())]),
        ("secure string s", vec![Value::SecureString("s".into())]),
        ("array of null and 1", vec![Value::Array(vec![Value::Null, 1.into()])]),
        ("empty array", vec![Value::Array(vec![])]),
        ("hashtable A=1", vec![Hashtable { ordered: false, entries: vec![("A".into(), 1.into())] }.into()]),
        (
            "ordered hashtable 1=A",
            vec![Hashtable { ordered: true, entries: vec![(1.into(), "A".into())] }.into()],
        ),
        ("two files of one shape", vec![file("a", 1), file("b", 2)]),
        ("error record", vec![error.into()]),
        ("error record of the fewest parts", vec![plain_error.into()]),
    ])
}

/// The rows of the table under a heading: the cells between the bars, code marks taken off.
fn table(heading: &str) -> Vec<(String, String)> {
    let section = PAGE.split(&format!("\n## {heading}\n")).nth(1).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> =
            row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        (cells[0].to_owned(), cells[1].to_owned())
    })
    .collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn each_value_of_the_page_is_written_as_it_says() {
    let values = values();
    let rows = table("Test vectors");
    let named: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    for (name, values) in &values {
        assert!(named.contains(name), "docs/objects.md lacks `{name}`: {}", hex(&encode(values)));
    }
    for (name, text) in &rows {
        let values = values.get(name.as_str()).unwrap_or_else(|| panic!("no value for `{name}`"));
        assert_eq!(hex(&encode(values)), hex(&bytes(text)), "{name}");
        assert_eq!(decode(&bytes(text), &Limits::default()).as_ref(), Ok(values), "{name}");
    }
}

#[test]
fn row_d13_each_refused_batch_of_the_page_is_refused_for_its_reason() {
    let rows = table("Refused");
    assert!(!rows.is_empty());
    for (text, reason) in rows {
        let error = decode(&bytes(&text), &Limits::default()).unwrap_err();
        assert_eq!(error.what, reason, "{text}");
    }
}

#[test]
fn a_local_time_keeps_its_offset() {
    let point = DateTime { ticks: 0, kind: Kind::Local { offset: -840 } };
    assert_eq!(decode(&encode(&[point.into()]), &Limits::default()), Ok(vec![point.into()]));
}
