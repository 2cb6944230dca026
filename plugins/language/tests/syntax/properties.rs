//! What holds of every text.

use bailiwick_language::syntax::span::Span;
use bailiwick_language::syntax::{parse, tokens};
use proptest::prelude::*;

/// All spans of a tree, by its debug form: no kind of node can be forgotten.
fn spans(tree: &str) -> Vec<Span> {
    let number =
        |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
    tree.match_indices("Span { start: ")
        .map(|(at, mark)| {
            let rest = &tree[at + mark.len()..];
            let end = rest.find("end: ").unwrap();
            Span { start: number(rest), end: number(&rest[end + 5..]) }
        })
        .collect()
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let place = |span: &Span| text.get(span.start as usize..span.end as usize);
    match parse(text) {
        Ok(body) => {
            for span in spans(&format!("{body:?}")) {
                prop_assert!(place(&span).is_some(), "{span:?} of {text:?}");
            }
        }
        Err(errors) => {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(place(&error.span).is_some(), "{error:?} of {text:?}");
                prop_assert!(!error.message.is_empty());
            }
        }
    }
    let mut end = 0;
    for token in tokens(text) {
        prop_assert!(token.span.start >= end && token.span.end > token.span.start, "{token:?} of {text:?}");
        prop_assert!(place(&token.span).is_some(), "{token:?} of {text:?}");
        end = token.span.end;
    }
    Ok(())
}

/// Strings made of what means something to the language.
fn tokens_of_the_language() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        " ", " ", " ", "\n", "\r\n", "`", "`\n", "#", "<#", "#>", "'", "\"", "@'\n", "\n'@", "@\"\n",
        "\n\"@", "$", "$a", "$env:b", "${c d}", "$_", "$?", "$a:", "@a", "(", ")", "$(", "@(", "@{", "{",
        "}", "[", "]", "[int]", "[a(1)]", ",", ";", "|", "||", "&", "&&", ".", "..", "::", ":", "?", "??",
        "?.", "?[", "=", "+=", "-=", "??=", "+", "-", "*", "/", "%", "!", "++", "--", "--%", "-eq", "-ceq",
        "-not", "-f", "-split", "-join", "-is", "-and", "-Name", "-Name:", ">", ">>", "2>", "2>&1", "*>",
        "<", "1", "1.5", "0x1F", "1kb", "1e3", "5foo", "if", "else", "elseif", "foreach", "in", "for",
        "while", "do", "until", "switch", "default", "try", "catch", "finally", "function", "filter",
        "param", "begin", "process", "end", "return", "break", "throw", "exit", "class", "x", "Get-Item",
        "a/b", "é", "–eq", "\u{201c}", "\u{2019}", "\u{a0}",
    ];
    proptest::collection::vec(proptest::sample::select(WORDS), 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_or_refused_with_spans_inside_of_it(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_sequence_of_tokens_is_read_or_refused_with_spans_inside_of_it(text in tokens_of_the_language()) {
        check(&text)?;
    }

    #[test]
    fn colours_cover_every_visible_character_of_what_is_read(text in tokens_of_the_language()) {
        if parse(&text).is_ok() {
            let mut covered = vec![false; text.len()];
            for token in tokens(&text) {
                covered[token.span.start as usize..token.span.end as usize].fill(true);
            }
            for (at, c) in text.char_indices() {
                prop_assert!(covered[at] || c.is_whitespace() || c == '`', "{c:?} at {at} of {text:?}");
            }
        }
    }
}
