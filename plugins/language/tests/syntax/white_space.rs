//! What separates words, and what does not.

use crate::{error, errors, tree};

#[test]
fn row_a31_the_documented_blanks_separate_words() {
    for blank in [
        ' ', '\t', '\u{b}', '\u{c}', '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2003}', '\u{200a}',
        '\u{2028}', '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
    ] {
        assert_eq!(tree(&format!("f{blank}a{blank}-B{blank}c")), "(f a -B c)", "{blank:?}");
    }
}

#[test]
fn row_a31_other_invisible_characters_are_part_of_the_word() {
    for c in ['\u{200b}', '\u{feff}', '\u{ad}', '\u{2060}', '\u{200d}', '\u{180e}'] {
        let name = format!("Get{c}Item");
        assert_eq!(tree(&name), format!("({})", name.escape_debug()), "{c:?}");
        let first = format!("{c}f x");
        assert_eq!(tree(&first), format!("({}f x)", c.to_string().escape_debug()), "{c:?}");
    }
}

#[test]
fn row_a31_every_line_end_ends_a_statement() {
    assert_eq!(tree("f\ng\r\nh\ri"), "(f) (g) (h) (i)");
}

#[test]
fn a_backtick_continues_a_line() {
    assert_eq!(tree("f `\n a `\r\n b"), "(f a b)");
    assert_eq!(tree("f a`\nb"), "(f a b)");
}

#[test]
fn comments_are_blanks() {
    assert_eq!(tree("f a # b\ng <# c\nd #> e"), "(f a) (g e)");
    assert_eq!(tree("f a#b"), "(f a#b)");
    assert_eq!(tree("# only"), "");
    assert_eq!(tree("1 <# x #> + <# y #> 2"), "(Add 1 2)");
}

#[test]
fn an_open_comment_is_refused() {
    assert_eq!(errors("f <# a"), [("MissingTerminatorMultiLineComment", 2)]);
}

#[test]
fn typographic_dashes_are_dashes() {
    for dash in ['\u{2013}', '\u{2014}', '\u{2015}'] {
        assert_eq!(tree(&format!("f {dash}Name x")), "(f -Name x)");
        assert_eq!(tree(&format!("5 {dash}eq 3 {dash} 2")), "(Equal 5 (Subtract 3 2))");
    }
}

#[test]
fn a_pipe_may_start_the_next_line() {
    assert_eq!(tree("f\n  | g\n# why\n  | h"), "(| (f) (g) (h))");
    assert_eq!(tree("f |\n\n g"), "(| (f) (g))");
    assert_eq!(error("f\n\n | g"), "EmptyPipeElement");
}

#[test]
fn operators_let_their_right_side_stand_on_the_next_line() {
    assert_eq!(tree("1 +\n2"), "(Add 1 2)");
    assert_eq!(tree("$a =\n1"), "(Set $a 1)");
    assert_eq!(tree("1,\n2"), "(, 1 2)");
    assert_eq!(tree("f a,\nb"), "(f (, a b))");
    assert_eq!(tree("f &&\ng"), "(And (f) (g))");
}
