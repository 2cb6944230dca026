//! What is not a batch is refused: without a panic, and without the memory that it announces.
#![cfg(test)]

use bailiwick_objects::batch::{DecodeError, Limits, decode, encode};
use bailiwick_objects::value::{Hashtable, Object, Value};

/// A batch without shapes, of one value written as these bytes.
fn of_value(value: &[u8]) -> Vec<u8> {
    [&[0x83, 0x01, 0x80, 0x81][..], value].concat()
}

fn refusal(bytes: &[u8]) -> &'static str {
    decode(bytes, &Limits::default()).map_err(|DecodeError { what, .. }| what).unwrap_err()
}

#[test]
fn row_d13_a_depth_of_a_hundred_thousand_is_refused() {
    assert_eq!(refusal(&of_value(&[0x82, 0x00].repeat(100_000))), "nested deeper than allowed");
    let unlimited = Limits { depth: u32::MAX, ..Limits::default() };
    let error = decode(&of_value(&[0x82, 0x00].repeat(100_000)), &unlimited).unwrap_err();
    assert_eq!(error.what, "nested deeper than allowed");
    // The deepest that is allowed, of each kind, passes.
    let deepest = (0..64).fold(Value::Null, |inside, _| Value::Array(vec![inside]));
    assert!(decode(&encode(&[deepest]), &Limits::default()).is_ok());
}

#[test]
fn depth_counts_each_kind_of_nesting() {
    let table = Value::Hashtable(Hashtable::of([("k", Value::Null)]));
    let object = Value::Object(Object::new("T", [("P", Value::Null)]));
    for value in [Value::Array(vec![]), table, object] {
        let bytes = encode(&[value]);
        assert!(decode(&bytes, &Limits { depth: 1, ..Limits::default() }).is_ok());
        assert!(decode(&bytes, &Limits { depth: 0, ..Limits::default() }).is_err());
    }
}

#[test]
fn row_d13_a_length_of_two_to_the_63_is_refused_for_every_type_with_a_length() {
    for major in [0x5b_u8, 0x7b, 0x9b, 0xbb] {
        let announced = [&[major][..], &(1_u64 << 63).to_be_bytes()].concat();
        assert!(decode(&announced, &Limits::default()).is_err());
        assert!(decode(&of_value(&announced), &Limits::default()).is_err());
        // After the code of an array.
        let nested = [&[0x82, 0x00][..], &announced].concat();
        assert!(decode(&of_value(&nested), &Limits::default()).is_err());
    }
}

#[test]
fn row_d13_more_items_than_bytes_are_refused_before_any_is_read() {
    // 2^32 - 1 nulls announced, three sent.
    let bytes = of_value(&[0x9a, 0xff, 0xff, 0xff, 0xff, 0x00, 0xf6, 0xf6, 0xf6]);
    let error = decode(&bytes, &Limits::default()).unwrap_err();
    assert_eq!(error, DecodeError { what: "end of the batch inside a value", at: 4 });
}

#[test]
fn row_d13_trailing_bytes_are_refused() {
    let mut bytes = encode(&[Value::from(1)]);
    bytes.push(0xf6);
    assert_eq!(refusal(&bytes), "bytes after the batch");
    bytes.pop();
    assert!(decode(&bytes, &Limits::default()).is_ok());
}

#[test]
fn row_d13_duplicate_keys_are_refused_whatever_their_case_and_type() {
    let table = |one: Value, two: Value| {
        encode(&[Value::Hashtable(Hashtable {
            ordered: true,
            entries: vec![(one, true.into()), (two, true.into())],
        })])
    };
    for (one, two) in [
        (Value::from("Name"), Value::from("nAME")),
        (Value::from(""), Value::from("")),
        (Value::from(7), Value::from(7)),
        (Value::Double(f64::NAN), Value::Double(-f64::NAN)),
        (Value::Guid([1; 16]), Value::Guid([1; 16])),
    ] {
        assert_eq!(refusal(&table(one, two)), "key written twice");
    }
    for (one, two) in [
        (Value::from("Name"), Value::from("Names")),
        (Value::from("é"), Value::from("É")),
        (Value::from(7), Value::from(7_i64)),
        (Value::from("7"), Value::from(7)),
        (Value::from("a"), Value::Uri("a".into())),
        (Value::Double(0.0), Value::Double(-0.0)),
    ] {
        assert!(decode(&table(one, two), &Limits::default()).is_ok());
    }
}

#[test]
fn row_d13_null_as_a_key_is_refused() {
    let table = Hashtable { ordered: false, entries: vec![(Value::Null, Value::Null)] };
    assert_eq!(refusal(&encode(&[Value::Hashtable(table)])), "null as a key");
}

#[test]
fn row_d13_invalid_utf_8_is_refused_in_every_text() {
    for text in [&[0x61, 0xff][..], &[0x62, 0xc0, 0x80], &[0x63, 0xed, 0xa0, 0x80]] {
        assert_eq!(refusal(&of_value(text)), "text that is not UTF-8");
        for code in [11, 12, 13, 14] {
            assert_eq!(refusal(&of_value(&[&[0x82, code], text].concat())), "text that is not UTF-8");
        }
        let shape = [&[0x83, 0x01, 0x81, 0x82, 0x81][..], text, &[0x80, 0x80]].concat();
        assert_eq!(refusal(&shape), "text that is not UTF-8");
    }
}

#[test]
fn row_d13_every_tag_is_refused_once_or_nested() {
    for tag in 0xc0_u8..=0xd7 {
        assert_eq!(refusal(&of_value(&[tag, 0xf6])), "tag");
    }
    assert_eq!(refusal(&of_value(&[0xd9, 0xd9, 0xf7, 0xf6])), "tag");
    assert_eq!(refusal(&[0xd9, 0xd9, 0xf7, 0x83, 0x01, 0x80, 0x80]), "tag");
    assert_eq!(refusal(&of_value(&[0xc1; 100_000])), "tag");
}

#[test]
fn row_d13_unknown_codes_are_refused() {
    for code in 16_u8..=23 {
        assert_eq!(refusal(&of_value(&[0x82, code, 0xf6])), "unknown code");
    }
    assert_eq!(refusal(&of_value(&[0x82, 0x1b, 0, 0, 0, 1, 0, 0, 0, 0, 0xf6])), "unknown code");
    assert_eq!(refusal(&of_value(&[0x80])), "empty array where a code opens it");
}

#[test]
fn row_d13_indefinite_lengths_are_refused_ended_or_not() {
    for bytes in
        [&[0x9f, 0x00, 0xff][..], &[0x9f, 0x00], &[0x7f, 0x61, 0x61, 0xff], &[0x5f, 0x41, 0x61, 0xff]]
    {
        assert!(decode(&of_value(bytes), &Limits::default()).is_err());
    }
    for bytes in [
        &[0x9f, 0x01, 0x80, 0x80, 0xff][..],
        &[0x83, 0x01, 0x9f, 0xff, 0x80],
        &[0x83, 0x01, 0x80, 0x9f, 0xff],
    ] {
        assert_eq!(refusal(bytes), "item without its length");
    }
}

#[test]
fn row_d13_every_single_opening_byte_alone_is_no_value() {
    for byte in 0_u8..=255 {
        if let Ok(values) = decode(&of_value(&[byte]), &Limits::default()) {
            assert_eq!(encode(&values), of_value(&[byte]));
        }
    }
}

#[test]
fn a_batch_larger_than_the_limit_is_refused_unread() {
    let bytes = encode(&[Value::Bytes(vec![0; 100])]);
    let exact = Limits { bytes: bytes.len(), ..Limits::default() };
    assert!(decode(&bytes, &exact).is_ok());
    let less = Limits { bytes: bytes.len() - 1, ..Limits::default() };
    assert_eq!(decode(&bytes, &less).unwrap_err().what, "batch larger than allowed");
}

#[test]
fn the_error_says_what_and_where() {
    let error = decode(&of_value(&[0xc1, 0x00]), &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "tag at byte 4");
}
