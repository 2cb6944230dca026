//! The decoder of batches: what it takes has one form.
#![no_main]

use bailiwick_objects::{decode, encode};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(values) = decode(bytes, &Default::default()) {
        assert_eq!(encode(&values), bytes);
    }
});
