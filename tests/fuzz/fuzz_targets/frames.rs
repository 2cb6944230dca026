//! The frame decoder and the link.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bailiwick_wire::fuzzing::frames(bytes));
