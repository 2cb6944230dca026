//! Property tests: what is encoded is decoded as it was, and each value has one encoding.
#![cfg(test)]

use std::sync::Arc;

use bailiwick_objects::batch::{MAX_DEPTH, decode, encode};
use bailiwick_objects::error_record::{ErrorCategory, ErrorRecord, Position, Refusal};
use bailiwick_objects::time::{DateTime, Kind, TimeSpan};
use bailiwick_objects::value::{Hashtable, Object, Shape, Value};
use bailiwick_objects::{BatchWriter, Limits};
use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;

fn text() -> impl Strategy<Value = Arc<str>> {
    "[\\PC\n\0é𝄞]{0,12}".prop_map(|text| Arc::from(text.as_str()))
}

fn datetime() -> impl Strategy<Value = DateTime> {
    let kind = prop_oneof![
        Just(Kind::Unspecified),
        Just(Kind::Utc),
        (-840_i16..=840).prop_map(|offset| Kind::Local { offset })
    ];
    (0..=DateTime::MAX_TICKS, kind).prop_map(|(ticks, kind)| DateTime { ticks, kind })
}

fn leaf() -> impl Strategy<Value = Value> {
    let numbers = prop_oneof![
        any::<i32>().prop_map(Value::Int32),
        any::<i64>().prop_map(Value::Int64),
        (-70_000_i64..70_000).prop_map(Value::Int64),
        any::<f64>().prop_map(Value::Double),
        any::<u64>().prop_map(|bits| Value::Double(f64::from_bits(bits))),
        (any::<(u32, u32, u32, bool)>(), 0_u32..=28).prop_map(|((low, middle, high, negative), scale)| {
            Value::Decimal(Decimal::from_parts(low, middle, high, negative, scale))
        }),
        vec(any::<u8>(), 0..40).prop_map(|bytes| Value::BigInt(BigInt::from_signed_bytes_be(&bytes))),
    ];
    let texts = prop_oneof![
        text().prop_map(Value::String),
        text().prop_map(Value::Uri),
        text().prop_map(Value::ScriptBlock),
        text().prop_map(Value::Regex),
        text().prop_map(Value::SecureString),
        any::<char>().prop_map(Value::Char),
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        numbers,
        texts,
        datetime().prop_map(Value::DateTime),
        any::<i64>().prop_map(|ticks| Value::TimeSpan(TimeSpan(ticks))),
        any::<[u8; 16]>().prop_map(Value::Guid),
        vec(any::<u32>(), 2..=4).prop_map(Value::Version),
        vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
    ]
}

fn error_record(target: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let position = (any::<u32>(), any::<u32>(), text());
    let refusal = proptest::option::of(text().prop_map(|rule| Refusal { rule }));
    (text(), 0_u8..32, target, proptest::option::of(position), refusal).prop_map(
        |(text, category, target, position, refusal)| {
            let mut record = ErrorRecord::new(&text, ErrorCategory::from_number(category).unwrap(), &text)
                .with_target(target)
                .with_command(&text)
                .with_help(&text);
            record.position = position.map(|(line, column, text)| Position { line, column, text });
            record.refusal = refusal;
            Value::from(record)
        },
    )
}

/// Keys as a hashtable has them: not null, distinct.
fn table(entries: Vec<(Value, Value)>, ordered: bool) -> Value {
    let mut table = Hashtable { ordered, entries: Vec::new() };
    for (key, value) in entries {
        let same = |other: &Value| match (other, &key) {
            (Value::String(one), Value::String(two)) => one.eq_ignore_ascii_case(two),
            (one, two) => one == two,
        };
        if !key.is_null() && !table.entries.iter().any(|(other, _)| same(other)) {
            table.entries.push((key, value));
        }
    }
    Value::Hashtable(table)
}

/// An object with as many of these property names as there are values.
fn object(type_names: Vec<Arc<str>>, values: Vec<Value>) -> Value {
    let properties = (0..values.len()).map(|at| Arc::from(format!("Property{at}"))).collect();
    Value::Object(Object { shape: Arc::new(Shape { type_names, properties }), values })
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            (vec((inner.clone(), inner.clone()), 0..6), any::<bool>())
                .prop_map(|(entries, o)| table(entries, o)),
            (vec(text(), 0..3), vec(inner.clone(), 0..5)).prop_map(|(names, values)| object(names, values)),
            error_record(inner),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_as_it_was(values in vec(value(), 0..5)) {
        let bytes = encode(&values);
        let decoded = decode(&bytes, &Limits::default());
        prop_assert_eq!(decoded.as_ref(), Ok(&values));
        prop_assert_eq!(encode(&decoded.unwrap()), bytes);
    }

    #[test]
    fn what_decodes_is_what_would_be_encoded(bytes in vec(any::<u8>(), 0..64)) {
        let batch = [&[0x83, 0x01, 0x80][..], &bytes].concat();
        for bytes in [bytes, batch] {
            if let Ok(values) = decode(&bytes, &Limits::default()) {
                prop_assert_eq!(encode(&values), bytes);
            }
        }
    }

    #[test]
    fn row_d13_one_changed_byte_is_an_error_or_another_batch(
        values in vec(value(), 1..4),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode(&values);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(decoded) = decode(&bytes, &Limits::default()) {
            prop_assert_eq!(encode(&decoded), bytes);
        }
    }

    #[test]
    fn row_d13_a_batch_cut_at_any_byte_is_refused(values in vec(value(), 0..3)) {
        let bytes = encode(&values);
        for end in 0..bytes.len() {
            prop_assert!(decode(&bytes[..end], &Limits::default()).is_err());
        }
    }

    #[test]
    fn a_batch_written_value_by_value_is_the_batch(values in vec(value(), 0..5)) {
        let mut writer = BatchWriter::new();
        values.iter().for_each(|value| writer.push(value));
        prop_assert_eq!(writer.count(), values.len() as u64);
        prop_assert_eq!(writer.take(), encode(&values));
        prop_assert_eq!(writer.take(), encode(&[]));
    }
}

#[test]
fn a_shape_is_named_once() {
    let file = |name: &str| Value::Object(Object::new("System.IO.FileInfo", [("Name", Value::from(name))]));
    let bytes = encode(&[file("a"), file("b"), Value::Array(vec![file("c")])]);
    let names = bytes.windows(18).filter(|window| window == b"System.IO.FileInfo").count();
    assert_eq!(names, 1);
}

#[test]
fn objects_of_one_shape_share_it_when_decoded() {
    let file = |name: &str| Value::Object(Object::new("File", [("Name", Value::from(name))]));
    let decoded = decode(&encode(&[file("a"), file("b")]), &Limits::default()).unwrap();
    let [Value::Object(one), Value::Object(two)] = &decoded[..] else { panic!("not two objects") };
    assert!(Arc::ptr_eq(&one.shape, &two.shape));
}

#[test]
fn what_is_nested_too_deep_is_written_as_its_type_name() {
    let nest = |depth: u32| (0..depth).fold(Value::Null, |inside, _| Value::Array(vec![inside]));
    let deepest = nest(MAX_DEPTH);
    assert!(!deepest.is_deeper_than(MAX_DEPTH));
    assert_eq!(decode(&encode(std::slice::from_ref(&deepest)), &Limits::default()), Ok(vec![deepest]));

    let deeper = nest(MAX_DEPTH + 1);
    assert!(deeper.is_deeper_than(MAX_DEPTH));
    let expected =
        (0..MAX_DEPTH).fold(Value::from("System.Object[]"), |inside, _| Value::Array(vec![inside]));
    assert_eq!(decode(&encode(&[deeper]), &Limits::default()), Ok(vec![expected]));
}

#[test]
fn an_object_is_encoded_with_one_value_for_each_property() {
    let shape = Arc::new(Shape { type_names: vec![], properties: vec!["A".into(), "B".into()] });
    let with = |values: Vec<Value>| Value::Object(Object { shape: Arc::clone(&shape), values });
    let (few, many) = (with(vec![true.into()]), with(vec![true.into(), Value::Null, false.into()]));
    let right = with(vec![true.into(), Value::Null]);
    assert_eq!(decode(&encode(&[few, many]), &Limits::default()), Ok(vec![right.clone(), right]));
}
