//! The language's lexer and parser.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| drop(bailiwick_language::syntax::parse(text)));
