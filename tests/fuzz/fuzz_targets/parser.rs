//! The language's lexer and parser.
#![no_main]

use bailiwick_language::syntax;

libfuzzer_sys::fuzz_target!(|text: &str| {
    drop(syntax::parse(text));
    drop(syntax::tokens(text));
});
