//! Frames: what is taken, what is refused, and when.

use crate::samples::{COMMAND, SESSION, any_message, framed, samples, stream};
use bailiwick_wire::message::{Credit, Hello, Input, Output};
use bailiwick_wire::{FrameLimit, Message, ProtocolError, decode, encode};
use bytes::BytesMut;
use proptest::prelude::*;

fn decode_open(bytes: &[u8]) -> Result<Option<Message>, ProtocolError> {
    decode(&mut BytesMut::from(bytes), FrameLimit::OPEN)
}

fn decode_all(buf: &mut BytesMut) -> Result<Vec<Message>, ProtocolError> {
    let mut messages = Vec::new();
    while let Some(message) = decode(buf, FrameLimit::OPEN)? {
        messages.push(message);
    }
    Ok(messages)
}

#[test]
fn every_kind_reads_back() {
    for message in samples() {
        assert_eq!(decode_open(&encode(&message).unwrap()), Ok(Some(message)));
    }
}

#[test]
fn row_e01_a_zero_or_tiny_frame_is_refused() {
    for length in 0..3_u8 {
        let error = decode_open(&[0, 0, 0, length]).unwrap_err();
        assert_eq!(error, ProtocolError::TooShort { length: u32::from(length) });
    }
}

#[test]
fn row_e01_less_than_a_head_is_not_yet_a_frame() {
    for bytes in [&[][..], &[0], &[0, 0, 0]] {
        assert_eq!(decode_open(bytes), Ok(None));
    }
}

#[test]
fn row_e03_a_length_bomb_is_refused_by_its_head_alone() {
    let mut buf = BytesMut::from(&[0xff, 0xff, 0xff, 0xff][..]);
    let error = decode(&mut buf, FrameLimit::OPEN).unwrap_err();
    assert_eq!(error, ProtocolError::TooLong { length: u32::MAX, limit: 32_768 });
}

#[test]
fn row_e03_nothing_is_reserved_by_an_announced_length() {
    let mut buf = BytesMut::with_capacity(64);
    buf.extend_from_slice(&[0, 0, 0x80, 0, 0xa1]);
    assert_eq!(decode(&mut buf, FrameLimit::OPEN), Ok(None));
    assert!(buf.capacity() <= 64);
}

#[test]
fn row_e03_frames_before_authentication_are_tiny() {
    let error = decode(&mut BytesMut::from(&[0, 0, 0x10, 1][..]), FrameLimit::EARLY).unwrap_err();
    assert_eq!(error, ProtocolError::TooLong { length: 4097, limit: 4096 });
}

#[test]
fn a_frame_too_long_for_its_kind_is_refused_before_it_has_arrived() {
    // A Heartbeat of 32,000 bytes: only its first ones are here.
    let mut bytes = vec![0, 0, 0x7d, 0, 0xa2, 0x00, 0x05, 0x01];
    bytes.extend([0; 8]);
    assert_eq!(decode_open(&bytes), Err(ProtocolError::TooLong { length: 32_000, limit: 1024 }));
}

#[test]
fn a_message_too_long_for_its_kind_is_not_sent() {
    let batch = vec![0; 40_000];
    let message = Input { session: SESSION, command: COMMAND, seq: 0, more: false, batch }.into();
    assert!(encode(&message).unwrap_err().to_string().contains("longer than a frame of 32768 bytes"));
}

#[test]
fn row_e05_bytes_after_the_message_are_refused() {
    for message in samples() {
        let mut body = encode(&message).unwrap().split_off(4);
        body.push(0);
        let error = decode_open(&framed(&body)).unwrap_err();
        assert!(error.to_string().contains("bytes follow the message"), "{message:?}: {error}");
    }
}

#[test]
fn row_e05_a_body_shorter_than_its_message_is_refused() {
    for message in samples() {
        let body = encode(&message).unwrap().split_off(4);
        for length in 3..body.len() {
            assert!(decode_open(&framed(&body[..length])).is_err(), "{message:?} cut to {length}");
        }
    }
}

#[test]
fn row_e06_every_number_that_is_no_kind_is_refused() {
    for number in 0..=255_u8 {
        let body = if number < 24 { vec![0xa1, 0x00, number] } else { vec![0xa1, 0x00, 0x18, number] };
        let known = bailiwick_wire::Kind::from_number(u64::from(number)).is_some();
        let error = decode_open(&framed(&body)).unwrap_err();
        let unknown = error == ProtocolError::UnknownKind { number: u64::from(number) };
        assert_eq!(unknown, !known, "{number}: {error}");
    }
}

/// A body by its parts: hex digits, spaces between them.
fn body(digits: &str) -> BytesMut {
    framed(&hex::decode(digits.replace(' ', "")).unwrap())
}

#[test]
fn row_e12_payloads_that_are_not_the_message_are_refused() {
    let cases = [
        ("an array for a map", "82 00 01", "it is not a map"),
        ("kind not first", "a2 01 01 00 12", "its first key is not 0"),
        ("a text key", "a1 61 30 01", "it is not an unsigned number"),
        ("an unknown key", "a3 00 12 01 01 02 00", "it has a key that this version does not know"),
        ("a duplicate key", "a3 00 12 01 01 01 01", "its keys are not ascending"),
        ("keys out of order", "a3 00 05 02 f5 01 f5", "it has a key that this version does not know"),
        ("a missing field", "a1 00 12", "it is missing"),
        ("a wrong type", "a2 00 12 01 61 31", "it is not an unsigned number"),
        ("a negative number", "a2 00 12 01 20", "it is not an unsigned number"),
        ("not the shortest form", "a2 00 12 01 18 01", "a number is not in its shortest form"),
        ("a length of indefinite form", "bf 00 12 01 01 ff", "a length is indefinite or reserved"),
        ("a reserved length", "a2 00 12 01 1c", "a length is indefinite or reserved"),
        ("a tag", "a2 00 12 01 c1 01", "it is not an unsigned number"),
        ("a float", "a2 00 12 01 f9 7e 00", "it is not an unsigned number"),
        ("null", "a2 00 12 01 f6", "it is not an unsigned number"),
        ("not a boolean", "a2 00 05 01 01", "it is not a boolean"),
        ("bytes that are not UTF-8", "a3 00 03 01 01 02 61 ff", "it is not UTF-8"),
        ("text for bytes", "a3 00 13 01 01 02 61 78", "it is not bytes"),
        ("an identifier of one byte", "a3 00 13 01 01 02 41 78", "an identifier is 16 bytes"),
        ("a number of no list", "a2 00 03 01 09", "the number is none of the list"),
        ("a number too large", "a2 00 02 01 1a 00 01 00 00", "the number is too large"),
        ("a huge array", "a2 00 01 01 9b ff ff ff ff ff ff ff ff", "the bytes end inside a value"),
        ("a huge text", "a3 00 03 01 01 02 7b ff ff ff ff ff ff ff ff", "the bytes end inside a value"),
        ("a map of huge size", "bb ff ff ff ff ff ff ff ff 00 12 01 01", "the bytes end inside a value"),
    ];
    for (what, digits, expected) in cases {
        let error = decode(&mut body(digits), FrameLimit::OPEN).unwrap_err().to_string();
        assert!(error.contains(expected), "{what}: {error}");
    }
}

#[test]
fn row_e12_nesting_is_refused_at_its_first_level() {
    let mut bytes = vec![0xa2, 0x00, 0x01, 0x01];
    bytes.extend([0x81; 30_000]);
    bytes.push(0x00);
    let error = decode(&mut framed(&bytes), FrameLimit::OPEN).unwrap_err();
    assert!(matches!(error, ProtocolError::TooLong { limit: 4096, .. }), "{error}");
    bytes.truncate(4_000);
    let error = decode(&mut framed(&bytes), FrameLimit::OPEN).unwrap_err();
    assert!(error.to_string().contains("`versions` of Hello is malformed at byte 5"), "{error}");
}

#[test]
fn a_token_is_never_shown() {
    let shown = format!("{:?}", samples());
    assert!(shown.contains("***") && !shown.contains("t0ken"), "{shown}");
}

proptest! {
    #[test]
    fn any_message_reads_back(message in any_message()) {
        let frame = encode(&message).unwrap();
        prop_assert_eq!(decode_open(&frame), Ok(Some(message)));
    }

    #[test]
    fn row_e13_any_chunking_gives_the_same_messages(
        messages in prop::collection::vec(any_message(), 1..8),
        cuts in prop::collection::vec(1_usize..200, 1..60),
    ) {
        let bytes = stream(&messages);
        let mut rest = bytes.as_slice();
        let (mut buf, mut got) = (BytesMut::new(), Vec::new());
        for cut in cuts.iter().cycle() {
            let (chunk, tail) = rest.split_at((*cut).min(rest.len()));
            buf.extend_from_slice(chunk);
            got.extend(decode_all(&mut buf).unwrap());
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(got, messages);
        prop_assert!(buf.is_empty());
    }

    #[test]
    fn row_e04_a_frame_cut_anywhere_is_never_a_message(message in any_message()) {
        let frame = encode(&message).unwrap();
        for length in 0..frame.len() {
            prop_assert_eq!(decode_open(&frame[..length]), Ok(None), "cut to {}", length);
        }
    }

    #[test]
    fn row_e12_any_bytes_are_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut buf = BytesMut::from(&bytes[..]);
        let _ = decode_all(&mut buf);
        let _ = decode(&mut framed(&bytes), FrameLimit::EARLY);
    }

    #[test]
    fn what_is_accepted_has_one_encoding(message in any_message(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut frame = encode(&message).unwrap();
        let at = 4 + at.index(frame.len() - 4);
        frame[at] = byte;
        if let Ok(Some(other)) = decode_open(&frame) {
            prop_assert_eq!(encode(&other).unwrap(), frame);
        }
    }
}

#[test]
fn the_largest_payload_fits_a_frame() {
    let longest = "x".repeat(32_768 - 256);
    let (fragment, more) = bailiwick_wire::split_batch(longest.as_bytes()).next().unwrap();
    assert!(!more);
    let (session, command, batch) = (SESSION, COMMAND, fragment.to_vec());
    let stream = bailiwick_objects::metadata::StreamKind::Output;
    let output = Output { session, command, seq: u64::MAX, stream, more, batch };
    assert!(encode(&output.into()).is_ok());
    assert!(encode(&Hello { versions: vec![u16::MAX; 16] }.into()).is_ok());
    assert!(encode(&Credit { session, command, bytes: u32::MAX }.into()).is_ok());
}
