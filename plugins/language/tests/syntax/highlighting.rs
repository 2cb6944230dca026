//! Tokens for colouring.

use bailiwick_language::syntax::{TokenKind, tokens};

fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
    tokens(text)
        .iter()
        .map(|token| (token.kind, &text[token.span.start as usize..token.span.end as usize]))
        .collect()
}

#[test]
fn a_command_line_is_coloured_by_role() {
    assert_eq!(
        kinds("Get-Item -Path a$x 5 # why"),
        [
            (TokenKind::Command, "Get-Item"),
            (TokenKind::Parameter, "-Path"),
            (TokenKind::Argument, "a"),
            (TokenKind::Variable, "$x"),
            (TokenKind::Number, "5"),
            (TokenKind::Comment, "# why"),
        ]
    );
}

#[test]
fn strings_are_cut_at_what_they_expand() {
    assert_eq!(
        kinds("\"a $b c\""),
        [(TokenKind::String, "\"a "), (TokenKind::Variable, "$b"), (TokenKind::String, " c\"")]
    );
}

#[test]
fn statements_have_keywords_operators_and_brackets() {
    assert_eq!(
        kinds("if ($a -eq [int]) { $a.b }"),
        [
            (TokenKind::Keyword, "if"),
            (TokenKind::Punctuation, "("),
            (TokenKind::Variable, "$a"),
            (TokenKind::Operator, "-eq"),
            (TokenKind::Type, "[int]"),
            (TokenKind::Punctuation, ")"),
            (TokenKind::Punctuation, "{"),
            (TokenKind::Variable, "$a"),
            (TokenKind::Operator, "."),
            (TokenKind::Member, "b"),
            (TokenKind::Punctuation, "}"),
        ]
    );
}

#[test]
fn an_unfinished_line_is_coloured_as_far_as_it_goes() {
    assert_eq!(kinds("f 'a"), [(TokenKind::Command, "f"), (TokenKind::String, "'a")]);
    assert_eq!(kinds("f |"), [(TokenKind::Command, "f"), (TokenKind::Operator, "|")]);
}

#[test]
fn what_cannot_be_read_is_unknown() {
    assert_eq!(kinds("1 2"), [(TokenKind::Number, "1"), (TokenKind::Unknown, "2")]);
}
