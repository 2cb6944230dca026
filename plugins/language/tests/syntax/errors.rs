//! Several errors of one text, where they are, and what follows none.

use bailiwick_language::syntax::{MAX_ERRORS, parse};

use crate::errors;

#[test]
fn every_failed_statement_is_reported() {
    assert_eq!(
        errors("1 + ;\n$a = 1\nf | ;\n1 2; 3 4"),
        [
            ("ExpectedValueExpression", 3),
            ("EmptyPipeElement", 16),
            ("UnexpectedToken", 21),
            ("UnexpectedToken", 26)
        ]
    );
}

#[test]
fn errors_inside_of_blocks_do_not_hide_each_other() {
    assert_eq!(
        errors("foreach ($x in 1) { $a = ; $b = }\n1 +"),
        [("ExpectedValueExpression", 24), ("ExpectedValueExpression", 31), ("ExpectedValueExpression", 37)]
    );
}

#[test]
fn what_a_failed_statement_opened_gives_no_error_of_its_own() {
    assert_eq!(errors("if ($x {\n f\n}\ng"), [("MissingEndParenthesisAfterStatement", 6)]);
    assert_eq!(errors("f @{ a = 1 b\n c = 2\n}\ng"), [("IncompleteHashLiteral", 10)]);
}

#[test]
fn a_stray_closing_bracket_is_refused() {
    assert_eq!(errors("f }"), [("UnexpectedToken", 2)]);
    assert_eq!(errors(")"), [("UnexpectedToken", 0)]);
    assert_eq!(errors("{ ) }"), [("UnexpectedToken", 2)]);
}

#[test]
fn what_is_missing_is_missing_behind_the_last_token() {
    assert_eq!(errors("if (1   "), [("MissingEndParenthesisAfterStatement", 5)]);
    assert_eq!(errors("while (1) { f"), [("MissingEndCurlyBrace", 11)]);
}

#[test]
fn only_so_many_errors_are_reported() {
    assert_eq!(errors(&"1 +;".repeat(100)).len(), MAX_ERRORS);
}

#[test]
fn messages_say_what_to_do() {
    let errors = parse("f |").unwrap_err();
    assert_eq!(errors[0].to_string(), "write a command behind `|`");
    let errors = parse("class A {}").unwrap_err();
    assert_eq!(errors[0].to_string(), "the `class` statement is not supported by this version");
}
