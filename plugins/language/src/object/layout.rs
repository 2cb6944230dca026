//! The `-f` operator and `ToString(format)`: composite formats with .NET's numeric and date specifiers, in the
//! invariant culture. Widths and precisions are limited: they are allocated.

use bailiwick_objects::ErrorCategory;
use rust_decimal::prelude::ToPrimitive;

use super::fault::{Failure, fault};
use super::number::Num;
use super::text::display;
use super::value::Val;
use super::{limits, text, time};

/// Columns that one item may be padded to.
const MAX_WIDTH: usize = 4096;
/// Digits that a specifier may ask for.
const MAX_DIGITS: usize = 99;

/// `format -f arguments`.
pub(crate) fn composite(format: &str, arguments: &[Val]) -> Result<String, Failure> {
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' if chars.next_if_eq(&'{').is_some() => out.push('{'),
            '}' if chars.next_if_eq(&'}').is_some() => out.push('}'),
            '{' => {
                let mut item = String::new();
                loop {
                    match chars.next() {
                        Some('}') => break,
                        Some('{') | None => {
                            return Err(malformed("the input string was not in a correct format"));
                        }
                        Some(c) => item.push(c),
                    }
                }
                out.push_str(&one(&item, arguments)?);
                limits::admit_text(out.len())?;
            }
            '}' => return Err(malformed("the input string was not in a correct format")),
            c => out.push(c),
        }
    }
    Ok(out)
}

fn one(item: &str, arguments: &[Val]) -> Result<String, Failure> {
    let (head, specifier) = item.split_once(':').map_or((item, ""), |(h, s)| (h, s));
    let (index, width) = head.split_once(',').map_or((head, None), |(i, w)| (i, Some(w)));
    let index: usize =
        index.trim().parse().map_err(|_| malformed("the input string was not in a correct format"))?;
    let argument = arguments.get(index).ok_or_else(|| {
        malformed("index (zero based) must be greater than or equal to zero and less than the size of the argument list")
    })?;
    let shown = value(argument, specifier)?;
    let Some(width) = width else { return Ok(shown) };
    let width: i64 =
        width.trim().parse().map_err(|_| malformed("the input string was not in a correct format"))?;
    let columns = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    if columns > MAX_WIDTH {
        return Err(fault(
            "LimitExceeded",
            ErrorCategory::LimitsExceeded,
            format!("the width {width} of a format item is more than {MAX_WIDTH}; use a smaller one"),
        ));
    }
    let fill = " ".repeat(columns.saturating_sub(shown.chars().count()));
    Ok(if width < 0 { shown + &fill } else { fill + &shown })
}

/// One value by one specifier; an empty one is its plain text.
pub(crate) fn value(value: &Val, specifier: &str) -> Result<String, Failure> {
    if specifier.is_empty() {
        return Ok(display(value));
    }
    match value {
        Val::DateTime(at) => Ok(time::format(*at, specifier)),
        Val::Int(_) | Val::Long(_) | Val::Double(_) | Val::Decimal(_) | Val::BigInt(_) => {
            number(value, specifier)
        }
        Val::TimeSpan(ticks) => Ok(span(*ticks, specifier)),
        Val::Guid(_) if specifier.eq_ignore_ascii_case("N") => Ok(display(value).replace('-', "")),
        Val::Guid(_) if specifier.eq_ignore_ascii_case("B") => Ok(format!("{{{}}}", display(value))),
        other => Ok(display(other)),
    }
}

fn span(ticks: i64, specifier: &str) -> String {
    if matches!(specifier, "c" | "t" | "T" | "g" | "G") {
        return time::span(ticks);
    }
    let t = ticks.unsigned_abs();
    let mut out = String::new();
    let mut chars = specifier.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(chars.next());
            continue;
        }
        let mut run = 1;
        while "dhmsf".contains(c) && chars.next_if_eq(&c).is_some() {
            run += 1;
        }
        let seconds = t / 10_000_000;
        match c {
            'd' => out.push_str(&format!("{:0run$}", seconds / 86_400)),
            'h' => out.push_str(&format!("{:0run$}", seconds / 3600 % 24)),
            'm' => out.push_str(&format!("{:0run$}", seconds / 60 % 60)),
            's' => out.push_str(&format!("{:0run$}", seconds % 60)),
            'f' => out.extend(format!("{:07}", t % 10_000_000).chars().take(run)),
            other => out.push(other),
        }
    }
    out
}

fn number(value: &Val, specifier: &str) -> Result<String, Failure> {
    let Some(n) = Num::of(value) else { return Ok(display(value)) };
    let mut chars = specifier.chars();
    let kind = chars.next().unwrap_or('G');
    let digits = chars.as_str();
    if kind.is_ascii_alphabetic() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let precision: Option<usize> =
            if digits.is_empty() { None } else { digits.parse().ok().or(Some(usize::MAX)) };
        if precision.is_some_and(|p| p > MAX_DIGITS) {
            return Err(fault(
                "LimitExceeded",
                ErrorCategory::LimitsExceeded,
                format!("the precision of `{specifier}` is more than {MAX_DIGITS}; use a smaller one"),
            ));
        }
        return standard(value, &n, kind, precision).ok_or_else(|| malformed("format specifier was invalid"));
    }
    Ok(custom(&n, specifier))
}

fn standard(value: &Val, n: &Num, kind: char, precision: Option<usize>) -> Option<String> {
    let places = precision.unwrap_or(2);
    Some(match kind.to_ascii_uppercase() {
        'D' => {
            let whole =
                matches!(n, Num::Int(_) | Num::Long(_) | Num::Big(_)).then(|| n.to_whole()).flatten()?;
            let sign = if whole < 0 { "-" } else { "" };
            format!("{sign}{:0>width$}", whole.unsigned_abs(), width = precision.unwrap_or(1))
        }
        'X' => {
            let bits = match n {
                Num::Int(n) => u64::from(n.cast_unsigned()),
                Num::Long(n) => n.cast_unsigned(),
                _ => return None,
            };
            let width = precision.unwrap_or(1);
            if kind == 'X' { format!("{bits:0width$X}") } else { format!("{bits:0width$x}") }
        }
        'B' => format!(
            "{:0width$b}",
            n.to_whole().and_then(|n| u64::try_from(n).ok())?,
            width = precision.unwrap_or(1)
        ),
        'F' => fixed(n, places),
        'N' => grouped(&fixed(n, places)),
        'C' => {
            let shown = grouped(&fixed(n, places));
            match shown.strip_prefix('-') {
                Some(rest) => format!("(¤{rest})"),
                None => format!("¤{shown}"),
            }
        }
        'P' => {
            let hundredfold = match n.to_decimal().and_then(|d| d.checked_mul(100.into())) {
                Some(d) => Num::Decimal(d),
                None => Num::Double(n.to_f64() * 100.0),
            };
            format!("{} %", grouped(&fixed(&hundredfold, places)))
        }
        'E' => {
            let shown = format!("{:.*e}", precision.unwrap_or(6), n.to_f64());
            let (mantissa, exponent) = shown.split_once('e')?;
            let exponent: i32 = exponent.parse().ok()?;
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}{kind}{sign}{:03}", exponent.unsigned_abs())
        }
        'G' | 'R' => match precision {
            Some(p) if p > 0 && !matches!(n, Num::Big(_)) => significant(n.to_f64(), p),
            _ => display(value),
        },
        _ => return None,
    })
}

fn significant(d: f64, digits: usize) -> String {
    let rounded: f64 = format!("{:.*e}", digits - 1, d).parse().unwrap_or(d);
    text::double(rounded)
}

/// So many places, halves away from zero as .NET shows them.
fn fixed(n: &Num, places: usize) -> String {
    if let (Some(d), Ok(scale)) = (n.to_decimal(), u32::try_from(places.min(28))) {
        let rounded = d.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        return format!("{rounded:.places$}");
    }
    match n {
        Num::Big(n) if places == 0 => n.to_string(),
        Num::Big(n) => format!("{n}.{}", "0".repeat(places)),
        other => format!("{:.places$}", other.to_f64()),
    }
}

fn grouped(plain: &str) -> String {
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, rest) = plain.find('.').and_then(|dot| plain.split_at_checked(dot)).unwrap_or((plain, ""));
    let mut out = String::from(sign);
    let count = whole.chars().count();
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (count - at).is_multiple_of(3) && c.is_ascii_digit() {
            out.push(',');
        }
        out.push(c);
    }
    out + rest
}

/// A custom numeric format: `0`, `#`, `,`, `.`, `%`, literal text, sections for negative and zero.
fn custom(n: &Num, pattern: &str) -> String {
    let sections: Vec<&str> = pattern.split(';').collect();
    let value = n.to_f64();
    let (section, n) = match sections.as_slice() {
        [_, _, zero, ..] if value == 0.0 => (*zero, n.clone()),
        [_, negative, ..] if value < 0.0 && !negative.is_empty() => (*negative, absolute(n)),
        [first, ..] => (*first, n.clone()),
        [] => ("", n.clone()),
    };
    let percent = section.contains('%');
    let n = if percent { Num::Double(n.to_f64() * 100.0) } else { n };
    let (whole_part, fraction_part) = section.split_once('.').unwrap_or((section, ""));
    let zeros = |part: &str| part.chars().filter(|c| *c == '0').count();
    let places = fraction_part.chars().filter(|c| matches!(c, '0' | '#')).count().min(MAX_DIGITS);
    let shown = fixed(&n, places);
    let (sign, shown) = shown.strip_prefix('-').map_or(("", shown.as_str()), |rest| ("-", rest));
    let (whole, fraction) = shown.split_once('.').unwrap_or((shown, ""));
    let minimum = zeros(whole_part).min(MAX_DIGITS);
    let mut whole = format!("{:0>minimum$}", if whole == "0" && minimum == 0 { "" } else { whole });
    if whole_part.contains(',') {
        whole = grouped(&whole);
    }
    let needed = fraction_part.rfind('0').map_or(0, |at| {
        fraction_part.get(..=at).map_or(0, |head| head.chars().filter(|c| matches!(c, '0' | '#')).count())
    });
    let mut fraction = fraction.to_owned();
    while fraction.len() > needed && fraction.ends_with('0') {
        fraction.pop();
    }
    let literal = |part: &str, from_start: bool| -> String {
        let is_slot = |c: char| matches!(c, '0' | '#' | ',');
        let found = if from_start { part.find(is_slot) } else { part.rfind(is_slot).map(|at| at + 1) };
        let piece = match (found, from_start) {
            (Some(at), true) => part.get(..at),
            (Some(at), false) => part.get(at..),
            (None, _) => Some(part),
        };
        piece.unwrap_or("").replace(['\'', '"', '\\'], "")
    };
    let mut out = format!("{sign}{}{whole}", literal(whole_part, true));
    if section.contains('.') {
        if !fraction.is_empty() {
            out.push('.');
            out.push_str(&fraction);
        }
        out.push_str(&literal(fraction_part, false));
    } else if whole_part.contains(['0', '#']) {
        out.push_str(&literal(whole_part, false));
    }
    out
}

fn absolute(n: &Num) -> Num {
    match n {
        Num::Int(n) => Num::Long(i64::from(*n).abs()),
        Num::Decimal(d) => Num::Decimal(d.abs()),
        other => other.to_f64().to_f64().map_or_else(|| other.clone(), |d| Num::Double(d.abs())),
    }
}

fn malformed(why: &str) -> Failure {
    fault("FormatError", ErrorCategory::InvalidOperation, format!("error formatting a string: {why}"))
        .exception("System.FormatException")
}

#[cfg(test)]
mod tests {
    use super::composite;
    use crate::object::Val;

    #[test]
    fn numbers_follow_their_specifiers() {
        let f = |format: &str, n: Val| composite(format, &[n]).unwrap();
        assert_eq!(f("{0:N2}", Val::Double(1234.5)), "1,234.50");
        assert_eq!(f("{0:D5}|{0,8}|{0,-4}|", Val::Int(42)), "00042|      42|42  |");
        assert_eq!(f("{0:X}", Val::Int(255)), "FF");
        assert_eq!(f("{0:P1}", Val::Double(0.256)), "25.6 %");
        assert_eq!(f("{0:0.00} {0:#,##0.#}", Val::Double(1234.5)), "1234.50 1,234.5");
        assert_eq!(f("{{{0}}}", Val::Int(1)), "{1}");
    }

    #[test]
    fn a_huge_width_is_refused_row_a10() {
        let error = composite("{0,2000000000}", &[Val::Int(1)]).unwrap_err();
        assert_eq!(&*error.record.id, "LimitExceeded");
        assert_eq!(composite("{0,10}", &[Val::Int(1)]).unwrap(), "         1");
    }
}
