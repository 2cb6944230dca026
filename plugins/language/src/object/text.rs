//! Values as text, in the invariant culture: what `[string]$x`, `"$x"` and `-join` show.

use num_bigint::BigInt;

use super::time;
use super::types::{kind_name, type_name};
use super::value::{CUSTOM, Val};

/// How deep nested arrays are shown; a cycle ends here.
const DEPTH: u32 = 8;

/// The text of a value.
pub(crate) fn display(value: &Val) -> String {
    let mut out = String::new();
    show(value, &mut out, DEPTH);
    out
}

fn show(value: &Val, out: &mut String, depth: u32) {
    match value {
        Val::Null | Val::Nothing => {}
        Val::Bool(b) => out.push_str(if *b { "True" } else { "False" }),
        Val::Int(n) => out.push_str(&n.to_string()),
        Val::Long(n) => out.push_str(&n.to_string()),
        Val::Double(d) => out.push_str(&double(*d)),
        Val::Decimal(d) => out.push_str(&d.to_string()),
        Val::BigInt(n) => out.push_str(&n.to_string()),
        Val::Char(c) => out.push(*c),
        Val::Str(text) | Val::Uri(text) => out.push_str(text),
        Val::DateTime(at) => out.push_str(&time::general(*at)),
        Val::TimeSpan(ticks) => out.push_str(&time::span(*ticks)),
        Val::Guid(bytes) => out.push_str(&guid(bytes)),
        Val::Version(parts) => out.push_str(&version(parts)),
        Val::Bytes(bytes) => join(bytes.iter().map(|b| Val::Int(i32::from(*b))), out, depth),
        Val::Array(array) if depth > 0 => join(array.items.borrow().iter().cloned(), out, depth),
        Val::Array(_) => out.push_str("System.Object[]"),
        Val::Table(_) => out.push_str(kind_name(value)),
        Val::Object(object) => {
            let body = object.body.borrow();
            if body.shape.type_names.first().is_none_or(|name| &**name == CUSTOM) {
                let shown: Vec<String> =
                    body.entries().map(|(name, value)| format!("{name}={}", inner(value))).collect();
                out.push_str(&format!("@{{{}}}", shown.join("; ")));
            } else if let Some(Val::Str(name)) = body.get("FullName").or_else(|| body.get("Name")) {
                out.push_str(&name);
            } else {
                out.push_str(&object.type_name());
            }
        }
        Val::Block(block) => out.push_str(&block.text),
        Val::Regex(regex) => out.push_str(&regex.pattern),
        Val::Secure(_) => out.push_str("System.Security.SecureString"),
        Val::Error(fault) => out.push_str(&fault.record.message),
        Val::Type(of) => out.push_str(&of.shown()),
    }
}

/// A property inside `@{…}`: objects there show as nothing, arrays as their type.
fn inner(value: &Val) -> String {
    match value {
        Val::Object(object) if &*object.type_name() == CUSTOM => String::new(),
        Val::Array(_) => type_name(value),
        other => display(other),
    }
}

fn join(items: impl Iterator<Item = Val>, out: &mut String, depth: u32) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(' ');
        }
        if out.len() > super::limits::MAX_TEXT {
            return;
        }
        show(&item, out, depth - 1);
    }
}

/// A double as .NET shows it: the shortest text that reads back as the same number, with an exponent from 1E+15 up
/// and below 1E-05.
pub(crate) fn double(d: f64) -> String {
    if d.is_nan() {
        return "NaN".into();
    }
    if d.is_infinite() {
        return if d > 0.0 { "∞".into() } else { "-∞".into() };
    }
    if d == 0.0 {
        return if d.is_sign_negative() { "-0".into() } else { "0".into() };
    }
    let scientific = format!("{d:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-5..15).contains(&exponent) {
        return format!("{d}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}E{sign}{:02}", exponent.unsigned_abs())
}

/// `01234567-89ab-cdef-0123-456789abcdef`.
pub(crate) fn guid(bytes: &[u8; 16]) -> String {
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

fn version(parts: &[u32]) -> String {
    parts.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// A number read from text as PowerShell's conversions do: blanks around it, a sign, hexadecimal, an exponent, a
/// multiplier. The smallest of int, long, decimal or double that holds it.
pub(crate) fn parse_number(text: &str) -> Option<Val> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Val::Int(0));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return hexadecimal(hex, negative);
    }
    let (digits, factor) = multiplier(digits);
    let digits = without_suffix(digits);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return match digits {
            "∞" | "Infinity" => Some(Val::Double(if negative { f64::NEG_INFINITY } else { f64::INFINITY })),
            "NaN" if !negative => Some(Val::Double(f64::NAN)),
            _ => None,
        };
    }
    if digits.chars().any(|c| !(c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'))) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        if digits.len() > 400 {
            return None;
        }
        let whole: BigInt = format!("{sign}{digits}").parse().ok()?;
        return Some(super::number::integer(whole * factor));
    }
    let value: f64 = format!("{sign}{digits}").parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "the multipliers are powers of two below 2^53")]
    Some(Val::Double(value * factor as f64))
}

fn hexadecimal(digits: &str, negative: bool) -> Option<Val> {
    if digits.is_empty() || digits.len() > 16 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let bits = u64::from_str_radix(digits, 16).ok()?;
    let value = match u32::try_from(bits) {
        Ok(bits) => Val::Int(bits.cast_signed()),
        Err(_) => Val::Long(bits.cast_signed()),
    };
    if negative { super::number::negate(&value).ok() } else { Some(value) }
}

/// A whole number without the letters that name its type in a literal.
fn without_suffix(digits: &str) -> &str {
    let head = digits.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = digits.get(head.len()..).unwrap_or("");
    let known = ["y", "uy", "s", "us", "l", "ul", "u", "n"].iter().any(|s| s.eq_ignore_ascii_case(suffix));
    if known && !head.is_empty() && head.bytes().all(|b| b.is_ascii_digit()) { head } else { digits }
}

fn multiplier(digits: &str) -> (&str, i64) {
    for (suffix, shift) in [("kb", 10), ("mb", 20), ("gb", 30), ("tb", 40), ("pb", 50)] {
        let at = digits.len().wrapping_sub(2);
        if let (Some(head), Some(tail)) = (digits.get(..at), digits.get(at..))
            && tail.eq_ignore_ascii_case(suffix)
        {
            return (head, 1 << shift);
        }
    }
    (digits, 1)
}
