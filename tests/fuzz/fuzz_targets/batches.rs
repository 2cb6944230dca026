//! The decoder of batches.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| drop(bailiwick_objects::decode(bytes, &Default::default())));
