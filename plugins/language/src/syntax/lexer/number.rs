//! Number literals: decimal, hexadecimal, binary; fractions and exponents; type suffixes and multipliers. A type that
//! the language does not have takes the next larger one that it has, after its own range is checked.

use num_bigint::BigInt;
use rust_decimal::Decimal;

use crate::syntax::ast::Number;
use crate::syntax::chars::is_dash;

/// More digits than any type but `n` can hold; reading them would not take linear time.
const MOST_DIGITS: usize = 512;

/// What a text starts with.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::syntax) struct Scanned {
    /// Its length in bytes.
    pub(in crate::syntax) length: usize,
    /// What it stands for; none if its type cannot hold it.
    pub(in crate::syntax) value: Option<Number>,
}

/// Reads a number at the start of the text, with a sign if there is one. None if there is no number.
pub(in crate::syntax) fn scan(text: &str) -> Option<Scanned> {
    let mut rest = text;
    let negative = rest.chars().next().is_some_and(is_dash);
    if negative || rest.starts_with('+') {
        rest = behind_first(rest);
    }
    let digits = Digits::scan(&mut rest)?;
    let suffix = Suffix::scan(&mut rest);
    let multiplier = multiplier(&mut rest);
    let value = match &digits {
        _ if digits.length() > MOST_DIGITS => None,
        Digits::Radix(digits, radix) => radix_value(digits, *radix, negative, suffix, multiplier),
        Digits::Integer(digits) => BigInt::parse_bytes(digits.as_bytes(), 10)
            .and_then(|value| integer(signed(value, negative) * multiplier, suffix)),
        Digits::Real(written) => real(written, negative, suffix, multiplier),
    };
    Some(Scanned { length: text.len() - rest.len(), value })
}

enum Digits<'a> {
    Radix(&'a str, u32),
    Integer(&'a str),
    /// With `.` or exponent, in the form that Rust reads.
    Real(String),
}

impl<'a> Digits<'a> {
    fn scan(rest: &mut &'a str) -> Option<Self> {
        for (marks, radix) in [(["0x", "0X"], 16), (["0b", "0B"], 2)] {
            let behind = marks.iter().find_map(|mark| rest.strip_prefix(mark));
            if let Some(mut behind) = behind
                && let digits = take_while(&mut behind, |c| c.is_digit(radix))
                && !digits.is_empty()
            {
                *rest = behind;
                return Some(Self::Radix(digits, radix));
            }
        }
        let mut ahead = *rest;
        let whole = take_while(&mut ahead, |c| c.is_ascii_digit());
        let mut written = whole.to_string();
        let mut real = false;
        if ahead.starts_with('.') && !ahead.starts_with("..") {
            let mut behind = behind_first(ahead);
            let fraction = take_while(&mut behind, |c| c.is_ascii_digit());
            if whole.is_empty() && fraction.is_empty() {
                return None;
            }
            written = format!("{whole}.{fraction}");
            (ahead, real) = (behind, true);
        }
        if written.is_empty() {
            return None;
        }
        if ahead.starts_with(['e', 'E']) {
            let mut behind = behind_first(ahead);
            let minus = behind.chars().next().is_some_and(is_dash);
            if minus || behind.starts_with('+') {
                behind = behind_first(behind);
            }
            let exponent = take_while(&mut behind, |c| c.is_ascii_digit());
            if !exponent.is_empty() {
                written = format!("{written}e{}{exponent}", if minus { "-" } else { "" });
                (ahead, real) = (behind, true);
            }
        }
        *rest = ahead;
        Some(if real { Self::Real(written) } else { Self::Integer(whole) })
    }

    const fn length(&self) -> usize {
        match self {
            Self::Radix(digits, _) | Self::Integer(digits) => digits.len(),
            Self::Real(written) => written.len(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix {
    None,
    Long,
    Decimal,
    Big,
    SByte,
    Byte,
    Short,
    UShort,
    Unsigned,
    ULong,
}

impl Suffix {
    fn scan(rest: &mut &str) -> Self {
        // Longest first: `ul` is not `u`.
        const ALL: [(&str, Suffix); 9] = [
            ("ul", Suffix::ULong),
            ("us", Suffix::UShort),
            ("uy", Suffix::Byte),
            ("u", Suffix::Unsigned),
            ("l", Suffix::Long),
            ("d", Suffix::Decimal),
            ("n", Suffix::Big),
            ("y", Suffix::SByte),
            ("s", Suffix::Short),
        ];
        for (letters, suffix) in ALL {
            if take_letters(rest, letters) {
                return suffix;
            }
        }
        Self::None
    }
}

fn multiplier(rest: &mut &str) -> u64 {
    const ALL: [(&str, u64); 5] =
        [("kb", 1 << 10), ("mb", 1 << 20), ("gb", 1 << 30), ("tb", 1 << 40), ("pb", 1 << 50)];
    ALL.iter().find(|(letters, _)| take_letters(rest, letters)).map_or(1, |(_, factor)| *factor)
}

fn integer(value: BigInt, suffix: Suffix) -> Option<Number> {
    Some(match suffix {
        Suffix::None => {
            if let Ok(value) = i32::try_from(&value) {
                Number::Int32(value)
            } else if let Ok(value) = i64::try_from(&value) {
                Number::Int64(value)
            } else if let Some(value) = decimal(&value) {
                Number::Decimal(value)
            } else {
                Number::Double(value.to_string().parse().ok()?)
            }
        }
        Suffix::Long => Number::Int64(i64::try_from(&value).ok()?),
        Suffix::Decimal => Number::Decimal(decimal(&value)?),
        Suffix::Big => Number::BigInt(value),
        Suffix::SByte => Number::Int32(i8::try_from(&value).ok()?.into()),
        Suffix::Byte => Number::Int32(u8::try_from(&value).ok()?.into()),
        Suffix::Short => Number::Int32(i16::try_from(&value).ok()?.into()),
        Suffix::UShort => Number::Int32(u16::try_from(&value).ok()?.into()),
        Suffix::Unsigned | Suffix::ULong => {
            let value = u64::try_from(&value).ok()?;
            i64::try_from(value).map_or_else(|_| Number::BigInt(value.into()), Number::Int64)
        }
    })
}

fn radix_value(digits: &str, radix: u32, negative: bool, suffix: Suffix, multiplier: u64) -> Option<Number> {
    let value = BigInt::parse_bytes(digits.as_bytes(), radix)?;
    // As many digits as the type has bits: the first is the sign. `0xFFFFFFFF` is -1.
    let bits = digits.len() * if radix == 16 { 4 } else { 1 };
    let width: usize = match suffix {
        Suffix::None if bits == 32 => 32,
        Suffix::None | Suffix::Long => 64,
        Suffix::SByte => 8,
        Suffix::Short => 16,
        _ => 0,
    };
    let value = if bits == width && value.bit(u64::try_from(width).ok()? - 1) {
        value - (BigInt::from(1) << width)
    } else {
        value
    };
    integer(signed(value, negative) * multiplier, suffix)
}

fn real(written: &str, negative: bool, suffix: Suffix, multiplier: u64) -> Option<Number> {
    if suffix == Suffix::Decimal {
        let value = if written.contains('e') {
            Decimal::from_scientific(written).ok()?
        } else {
            written.trim_end_matches('.').parse::<Decimal>().ok()?
        };
        let value = value.checked_mul(Decimal::from(multiplier))?;
        return Some(Number::Decimal(if negative { -value } else { value }));
    }
    let value: f64 = written.parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "every multiplier is a power of two")]
    let value = if negative { -value } else { value } * multiplier as f64;
    if suffix == Suffix::None {
        return Some(Number::Double(value));
    }
    // An integer's suffix behind a fraction rounds it; half goes to even.
    let rounded = value.round_ties_even();
    if !rounded.is_finite() {
        return None;
    }
    integer(BigInt::parse_bytes(format!("{rounded:.0}").as_bytes(), 10)?, suffix)
}

fn decimal(value: &BigInt) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(i128::try_from(value).ok()?, 0).ok()
}

fn signed(value: BigInt, negative: bool) -> BigInt {
    if negative { -value } else { value }
}

fn behind_first(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.as_str()
}

fn take_while<'a>(rest: &mut &'a str, wanted: impl Fn(char) -> bool) -> &'a str {
    let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    let (taken, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
    *rest = behind;
    taken
}

fn take_letters(rest: &mut &str, letters: &str) -> bool {
    match rest.split_at_checked(letters.len()) {
        Some((head, behind)) if head.eq_ignore_ascii_case(letters) => {
            *rest = behind;
            true
        }
        _ => false,
    }
}
