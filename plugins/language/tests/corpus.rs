//! The fuzz corpus of the lexer and parser, replayed.
#![cfg(test)]

use bailiwick_language::syntax::{parse, tokens};

#[test]
fn row_a62_the_corpus_of_the_parser_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus/parser");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let shown = path.display();
        if let Err(errors) = parse(&text) {
            assert!(!errors.is_empty(), "{shown}");
            for error in errors {
                let span = error.span.start as usize..error.span.end as usize;
                assert!(text.get(span).is_some(), "{shown}: {error:?}");
            }
        }
        let mut end = 0;
        for token in tokens(&text) {
            assert!(token.span.start >= end && token.span.end > token.span.start, "{shown}: {token:?}");
            end = token.span.end;
        }
        assert!(end as usize <= text.len(), "{shown}");
        count += 1;
    }
    assert!(count >= 12, "only {count} inputs in {folder}");
}
