//! Quotes, escapes, here-strings and expansion: the value is exactly what stands between the quotes.

use bailiwick_language::syntax::ast::{ExprKind, Stage, StatementKind, StringPart};
use bailiwick_language::syntax::parse;
use proptest::prelude::*;

use crate::{error, errors, tree};

/// The value of the text's one string or the one argument of its one command.
fn value(text: &str) -> String {
    let body = parse(text).unwrap_or_else(|errors| panic!("`{text}`: {errors:?}"));
    let [statement] = body.end.statements.as_slice() else { panic!("`{text}` is not one statement") };
    let StatementKind::Chain(chain) = &statement.kind else { panic!("`{text}` is not a pipeline") };
    assert!(chain.rest.is_empty() && chain.first.stages.len() == 1, "`{text}` is not one element");
    let string = match &chain.first.stages[0] {
        Stage::Expression(string) => string,
        Stage::Command(command) => match command.elements.as_slice() {
            [bailiwick_language::syntax::ast::Element::Argument(argument)] => argument,
            other => panic!("`{text}` has other elements: {other:?}"),
        },
        Stage::Redirected(..) => panic!("`{text}` is redirected"),
    };
    match &string.kind {
        ExprKind::String { value, .. } => value.to_string(),
        other => panic!("`{text}` is {other:?}"),
    }
}

#[test]
fn single_quotes_keep_everything_but_doubled_quotes() {
    assert_eq!(value("'a $b `n \"c\"'"), "a $b `n \"c\"");
    assert_eq!(value("'it''s'"), "it's");
    assert_eq!(value("''"), "");
}

#[test]
fn double_quotes_expand_and_escape() {
    assert_eq!(value("\"a`tb\"\"c`\"d`$e\""), "a\tb\"c\"d$e");
    assert_eq!(tree("\"a $b c\""), "(string 'a ' $b ' c')");
    assert_eq!(tree("\"$a$b\""), "(string $a $b)");
    assert_eq!(tree("\"$env:X $script:y ${a b}\""), "(string $env:X ' ' $script:y ' ' $a b)");
}

#[test]
fn only_the_variable_expands_not_its_member() {
    assert_eq!(tree("\"$a.b[0]\""), "(string $a '.b[0]')");
    assert_eq!(tree("\"$a::b\""), "(string $a '::b')");
}

#[test]
fn a_dollar_that_starts_nothing_is_a_dollar() {
    assert_eq!(value("\"5$ $ $%\""), "5$ $ $%");
}

#[test]
fn a_colon_without_a_name_behind_is_refused() {
    assert_eq!(errors("\"$a: b\""), [("InvalidVariableReferenceWithDrive", 1)]);
    assert_eq!(tree("\"${a}: b\""), "(string $a ': b')");
}

#[test]
fn sub_expressions_are_parsed_where_they_stand() {
    assert_eq!(tree("\"a$(1+2)b\""), "(string 'a' ($ (Add 1 2)) 'b')");
    assert_eq!(tree("\"$(\"$(\"x\")\")\""), "(string ($ (string ($ 'x'))))");
    assert_eq!(tree("\"$(f ')' \"`\"\")\""), "(string ($ (f ')' '\\\"')))");
}

#[test]
fn spans_inside_of_strings_are_those_of_the_text() {
    let text = "f \"é$(1 + $x)\"";
    let body = parse(text).unwrap();
    let StatementKind::Chain(chain) = &body.end.statements[0].kind else { panic!("no chain") };
    let Stage::Command(command) = &chain.first.stages[0] else { panic!("no command") };
    let bailiwick_language::syntax::ast::Element::Argument(argument) = &command.elements[0] else {
        panic!("no argument")
    };
    let ExprKind::Expandable { parts, .. } = &argument.kind else { panic!("no expansion") };
    let StringPart::Expr(inner) = &parts[1] else { panic!("no expression") };
    assert_eq!(&text[inner.span.start as usize..inner.span.end as usize], "$(1 + $x)");
}

#[test]
fn every_escape_has_its_character() {
    assert_eq!(value("\"`0`a`b`e`f`n`r`t`v`u{41}`u{1F600}`q``\""), "\0\u{7}\u{8}\u{1b}\u{c}\n\r\t\u{b}A😀q`");
}

#[test]
fn row_a33_nul_is_part_of_the_value_and_cuts_nothing() {
    assert_eq!(value("\"a`0b\""), "a\0b");
    assert_eq!(value("f a`0b"), "a\0b");
    assert_eq!(value("'a\0b'"), "a\0b");
    assert_eq!(value("f a\0b"), "a\0b");
    assert_eq!(tree("f`0g x"), "(f\\0g x)");
}

#[test]
fn malformed_unicode_escapes_are_refused() {
    assert_eq!(errors("\"`u{}\""), [("InvalidUnicodeEscapeSequence", 1)]);
    assert_eq!(errors("\"`u41\""), [("InvalidUnicodeEscapeSequence", 1)]);
    assert_eq!(errors("\"`u{219z}\""), [("InvalidUnicodeEscapeSequence", 7)]);
    assert_eq!(errors("\"`u{1234567}\""), [("TooManyDigitsInUnicodeEscapeSequence", 10)]);
    assert_eq!(errors("\"`u{110000}\""), [("InvalidUnicodeEscapeSequenceValue", 4)]);
    assert_eq!(errors("\"`u{D800}\""), [("InvalidUnicodeEscapeSequenceValue", 4)]);
    assert_eq!(errors("\"`u{41"), [("MissingUnicodeEscapeSequenceTerminator", 6)]);
}

#[test]
fn typographic_quotes_are_quotes() {
    assert_eq!(value("\u{2018}a\u{2019}"), "a");
    assert_eq!(value("\u{201c}a\u{201d}"), "a");
    assert_eq!(value("'a\u{2019}'b'"), "a'b");
}

#[test]
fn here_strings_hold_what_stands_between_their_lines() {
    assert_eq!(value("@'\na 'b'\n  c\n'@"), "a 'b'\n  c");
    assert_eq!(value("@'\n'@"), "");
    assert_eq!(value("@'\r\na\r\nb\r\n'@"), "a\r\nb");
    assert_eq!(tree("@\"\n\"a\" $b\n\"@"), "(string '\\\"a\\\" ' $b)");
    assert_eq!(tree("@\"\n$(1)\n\"@.Length"), "(. (string ($ 1)) Length)");
}

#[test]
fn a_here_string_closes_only_at_the_start_of_a_line() {
    assert_eq!(value("@'\na '@\n'@"), "a '@");
    assert_eq!(error("@'\na\n '@"), "TerminatorExpectedAtEndOfString");
    assert_eq!(error("@'a\n'@"), "UnexpectedCharactersAfterHereStringHeader");
}

#[test]
fn row_a32_an_unterminated_quote_is_refused_where_it_opens() {
    assert_eq!(errors("f 'a"), [("TerminatorExpectedAtEndOfString", 2)]);
    assert_eq!(errors("f \"a"), [("TerminatorExpectedAtEndOfString", 2)]);
    assert_eq!(errors("f \"a$(1"), [("MissingEndParenthesisInSubexpression", 7)]);
    assert_eq!(errors("f 'web-a''; x"), [("TerminatorExpectedAtEndOfString", 2)]);
}

#[test]
fn row_a32_quotes_do_not_end_where_they_seem_to() {
    assert_eq!(value("f 'web-a''; Restart-Service web-c'"), "web-a'; Restart-Service web-c");
    assert_eq!(value("f \"web-a`\"; x\""), "web-a\"; x");
    assert_eq!(tree("f \"web-a\"; g"), "(f 'web-a') (g)");
    assert_eq!(value("f web-`u{61}"), "web-a");
    assert_eq!(value("f \"web-`u{37}\""), "web-7");
}

#[test]
fn row_a32_a_backtick_at_the_very_end_is_refused() {
    assert_eq!(errors("f a`"), [("IncompleteString", 3)]);
    assert_eq!(errors("f \"a`"), [("TerminatorExpectedAtEndOfString", 2)]);
}

#[test]
fn row_a32_a_here_string_in_a_here_string_is_text() {
    assert_eq!(value("f @'\n@\"\nx\n\"@\n'@"), "@\"\nx\n\"@");
}

#[test]
fn words_join_their_quoted_parts() {
    assert_eq!(value("f a'b c'd"), "ab cd");
    assert_eq!(value("f a\"b c\"d"), "ab cd");
    assert_eq!(value("f a` b"), "a b");
    assert_eq!(tree("f foo$x/bar"), "(f (word 'foo' $x '/bar'))");
    assert_eq!(tree("f $x/bar $x-$y $(1)b"), "(f (word $x '/bar') (word $x '-' $y) ($ 1) b)");
    assert_eq!(tree("f a$(1)b"), "(f (word 'a' ($ 1) 'b'))");
}

proptest! {
    #[test]
    fn row_a32_a_single_quoted_value_comes_back(text in any::<String>()) {
        // Every quote that PowerShell knows is doubled; nothing else needs care.
        let mut quoted = String::new();
        for c in text.chars() {
            quoted.push(c);
            if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
                quoted.push(c);
            }
        }
        prop_assert_eq!(value(&format!("f '{quoted}'")), text);
    }

    #[test]
    fn row_a32_a_double_quoted_value_comes_back(text in any::<String>()) {
        let mut quoted = String::new();
        for c in text.chars() {
            match c {
                '\0' => quoted.push_str("`0"),
                '`' | '$' | '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' => quoted.extend(['`', c]),
                _ => quoted.push(c),
            }
        }
        prop_assert_eq!(value(&format!("f \"{quoted}\"")), text);
    }

    #[test]
    fn row_a32_a_wholly_escaped_value_comes_back(text in any::<String>()) {
        let quoted: String = text.chars().map(|c| format!("`u{{{:x}}}", u32::from(c))).collect();
        prop_assert_eq!(value(&format!("\"{quoted}\"")), text);
    }
}
