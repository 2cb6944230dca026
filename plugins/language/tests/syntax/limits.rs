//! Texts made to exhaust the parser: each is read or refused, in time that grows with its length, on a small stack.

use std::time::{Duration, Instant};

use bailiwick_language::syntax::{MAX_TEXT, parse, tokens};

/// A test's thread has 2 MiB; the engine has 1 MiB of smaller frames.
fn first_error(text: &str) -> Option<&'static str> {
    let _ = tokens(text);
    parse(text).err().map(|errors| errors[0].id)
}

const OPENINGS: &[&str] = &[
    "(",
    "$(",
    "@(",
    "{",
    "@{a=",
    "[int]",
    "!",
    "-",
    "- ",
    "-not ",
    "++",
    ",",
    "1+",
    "1,(",
    "$a[",
    "$a.b(",
    "$a.",
    "$x=",
    "1?1:",
    "1?",
    "a (",
    "a -b:(",
    "a b,(",
    "a >(",
    "&{",
    "if(1){",
    "if(",
    "while(1){",
    "switch(1){a{",
    "try{",
    "function f{",
    "\"$(",
    "@\"\n$(",
    "{param($a=(",
];

#[test]
fn row_a62_deep_nesting_is_refused() {
    for text in [
        "(".repeat(100_000),
        format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000)),
        "\"$(".repeat(10_000),
        format!("{}1{}", "\"$(".repeat(10_000), ")\"".repeat(10_000)),
        "{".repeat(100_000),
        "@{a=".repeat(100_000),
        "if(1){".repeat(100_000),
    ] {
        assert_eq!(first_error(&text), Some("NestingTooDeep"));
    }
}

#[test]
fn row_a62_every_opening_repeated_is_read_or_refused() {
    for opening in OPENINGS {
        first_error(&opening.repeat(20_000));
        first_error(&format!("{}1", opening.repeat(20_000)));
    }
}

#[test]
fn row_a62_two_openings_in_turn_are_read_or_refused() {
    for first in OPENINGS {
        for second in OPENINGS {
            first_error(&format!("{first}{second}").repeat(500));
        }
    }
}

#[test]
fn row_a62_trees_that_lean_to_the_left_are_as_limited_as_nested_ones() {
    for text in [
        "1+".repeat(100_000) + "1",
        "$a".to_string() + &".b".repeat(100_000),
        "$a".to_string() + &"[0]".repeat(100_000),
    ] {
        assert_eq!(first_error(&text), Some("NestingTooDeep"));
    }
    // A loop in each level must not multiply the levels.
    let sum = "+1".repeat(20);
    assert_eq!(
        first_error(&format!("{}1{}", "(".repeat(30), format!("{sum})").repeat(30))),
        Some("NestingTooDeep")
    );
    let default = format!("{}1{}", "{param($a=".repeat(20), format!("{sum})}}").repeat(20));
    assert_eq!(first_error(&default), Some("NestingTooDeep"));
}

#[test]
fn nesting_that_people_write_is_read() {
    assert_eq!(first_error(&format!("{}1{}", "(".repeat(30), ")".repeat(30))), None);
    assert_eq!(first_error(&format!("{}1{}", "if (1) { ".repeat(50), "}".repeat(50))), None);
    assert_eq!(first_error(&("1+".repeat(150) + "1")), None);
}

#[test]
fn row_a62_long_lists_are_read() {
    assert_eq!(first_error(&("f|".repeat(100_000) + "f")), None);
    assert_eq!(first_error(&("f;".repeat(50_000) + "f")), None);
    assert_eq!(first_error(&("f&&".repeat(100_000) + "f")), None);
    assert_eq!(first_error(&("1,".repeat(100_000) + "1")), None);
    assert_eq!(first_error(&("f ".to_string() + &"a ".repeat(100_000))), None);
    assert_eq!(first_error(&("if(1){}".to_string() + &"elseif(1){}".repeat(20_000))), None);
}

#[test]
fn row_a62_a_text_of_too_many_parts_is_refused() {
    for text in [
        "f|".repeat(500_000) + "f",
        "1;".repeat(500_000),
        "{}\n".repeat(300_000),
        format!("\"{}\"", "$a".repeat(500_000)),
    ] {
        assert_eq!(first_error(&text), Some("ScriptTooLong"));
    }
}

#[test]
fn row_a62_a_name_of_a_million_characters_is_read() {
    assert_eq!(first_error(&"a".repeat(1_000_000)), None);
    assert_eq!(first_error(&("$".to_string() + &"a".repeat(1_000_000))), None);
    assert_eq!(first_error(&("f -".to_string() + &"a".repeat(1_000_000))), None);
}

#[test]
fn row_a62_a_text_beyond_the_limit_is_refused_unread() {
    assert_eq!(first_error(&"f;".repeat(5 << 20)), Some("ScriptTooLong"));
    assert_eq!(first_error(&" ".repeat(MAX_TEXT + 1)), Some("ScriptTooLong"));
    assert_eq!(first_error(&" ".repeat(MAX_TEXT)), None);
}

#[test]
fn row_a62_time_grows_with_the_length() {
    // Far above what each takes, far below what it would take if something were read again at each level.
    const ENOUGH: Duration = Duration::from_secs(20);
    let blanks = " ".repeat(900_000);
    let comments = "\n# a comment of a line".repeat(40_000);
    for text in [
        format!("{}1{blanks}", "$a=".repeat(60)),
        format!("{}1{comments}\n", "$a=".repeat(60)),
        format!("{}1{blanks}{}", "(".repeat(30), ")".repeat(30)),
        format!("if(1){{}}{comments}"),
        "if(1){}\n\n".repeat(100_000),
        "'".repeat(999_999),
        "\"".repeat(999_999),
        "\"a".repeat(499_999),
        "<#".repeat(500_000),
        "@'\n".repeat(300_000),
        "9".repeat(1_000_000),
        format!("f {}", "-9".repeat(500_000)),
        "[".repeat(1_000_000),
        format!("[{}", "a".repeat(1_000_000)),
        "1 2\n".repeat(250_000),
        "}".repeat(1_000_000),
        "@{a=1;".to_string() + &(0..70_000).map(|n| format!("k{n}=1;")).collect::<String>() + "}",
    ] {
        let started = Instant::now();
        first_error(&text);
        assert!(started.elapsed() < ENOUGH, "{:?}… took {:?}", text.get(..20), started.elapsed());
    }
}
