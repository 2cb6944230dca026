//! Number literals: their types, suffixes and limits.

use crate::{error, tree};

#[test]
fn a_whole_number_takes_the_first_type_that_holds_it() {
    assert_eq!(tree("2147483647"), "2147483647");
    assert_eq!(tree("2147483648"), "2147483648l");
    assert_eq!(tree("9223372036854775808"), "9223372036854775808d");
    assert_eq!(tree("79228162514264337593543950336"), "7.922816251426434e28");
}

#[test]
fn a_sign_directly_before_a_number_belongs_to_it() {
    assert_eq!(tree("-2147483648"), "-2147483648");
    assert_eq!(tree("+5"), "5");
    assert_eq!(tree("- 5"), "(Minus 5)");
    assert_eq!(tree("-1..3"), "(Range -1 3)");
}

#[test]
fn a_fraction_or_exponent_makes_a_double() {
    assert_eq!(tree("1.5"), "1.5");
    assert_eq!(tree("1e3"), "1000.0");
    assert_eq!(tree("1E-2"), "0.01");
    assert_eq!(tree(".5"), "0.5");
    assert_eq!(tree("5."), "5.0");
}

#[test]
fn multipliers_are_powers_of_1024() {
    assert_eq!(tree("1kb"), "1024");
    assert_eq!(tree("2MB"), "2097152");
    assert_eq!(tree("4gb"), "4294967296l");
    assert_eq!(tree("1TB"), "1099511627776l");
    assert_eq!(tree("1pb"), "1125899906842624l");
    assert_eq!(tree("1.5kb"), "1536.0");
    assert_eq!(tree("1lkb"), "1024l");
}

#[test]
fn suffixes_say_the_type() {
    assert_eq!(tree("5l"), "5l");
    assert_eq!(tree("5L"), "5l");
    assert_eq!(tree("1.10d"), "1.10d");
    assert_eq!(tree("1e2d"), "100d");
    assert_eq!(tree("5n"), "5n");
    assert_eq!(tree("127y"), "127");
    assert_eq!(tree("255uy"), "255");
    assert_eq!(tree("32767s"), "32767");
    assert_eq!(tree("65535us"), "65535");
    assert_eq!(tree("5u"), "5l");
    assert_eq!(tree("18446744073709551615ul"), "18446744073709551615n");
}

#[test]
fn an_integer_suffix_rounds_a_fraction_half_to_even() {
    assert_eq!(tree("1.5l"), "2l");
    assert_eq!(tree("2.5l"), "2l");
}

#[test]
fn hexadecimal_and_binary_of_full_width_carry_a_sign() {
    assert_eq!(tree("0x1F"), "31");
    assert_eq!(tree("0x7fffffff"), "2147483647");
    assert_eq!(tree("0xFFFFFFFF"), "-1");
    assert_eq!(tree("0xFFFFFFFFu"), "4294967295l");
    assert_eq!(tree("0xFFFFFFFFFFFFFFFF"), "-1");
    assert_eq!(tree("0b101"), "5");
    assert_eq!(tree("-0x10"), "-16");
    assert_eq!(tree("0x10kb"), "16384");
}

#[test]
fn a_value_that_its_type_cannot_hold_is_refused() {
    assert_eq!(error("300uy"), "BadNumericConstant");
    assert_eq!(error("-1u"), "BadNumericConstant");
    assert_eq!(error("9223372036854775808l"), "BadNumericConstant");
}

#[test]
fn a_number_of_thousands_of_digits_is_refused() {
    assert_eq!(error(&"9".repeat(5000)), "BadNumericConstant");
    assert_eq!(error(&format!("0x{}", "f".repeat(5000))), "BadNumericConstant");
}

#[test]
fn what_only_looks_like_a_number_is_a_word() {
    assert_eq!(tree("7z a"), "(7z a)");
    assert_eq!(tree("f 1_0 ٣ 0x 1e 5foo 1.2.3 5+3 1..3"), "(f 1_0 ٣ 0x 1e 5foo 1.2.3 5+3 1..3)");
}

#[test]
fn a_number_as_an_argument_keeps_its_text() {
    assert_eq!(
        tree("f 5 -5 0x10 1.50 007 1kb +3 1e3"),
        "(f 5:5 -5:-5 16:0x10 1.5:1.50 7:007 1024:1kb 3:+3 1000.0:1e3)"
    );
}

#[test]
fn an_argument_beyond_its_suffix_is_a_word() {
    assert_eq!(tree("f 300uy"), "(f 300uy)");
}
