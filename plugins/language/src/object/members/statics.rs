//! Static members: `[math]::Max(1, 2)`, `[string]::Join(',', $a)`, `[int]::MaxValue`, constructors by `::new`.

use std::rc::Rc;

use bailiwick_objects::time::DateTime;
use rust_decimal::prelude::FromPrimitive;

use super::scalars::{all_matches, first_match, replace};
use super::times::span_of;
use super::{arg_int, arg_text, no_overload, not_found, out_of_range};
use crate::object::convert::{cast, regex, to_f64, to_i32};
use crate::object::fault::Failure;
use crate::object::number::Num;
use crate::object::types::Type;
use crate::object::value::{Array, Val};
use crate::object::{compare, layout, limits, time};

type Static = fn(&[Val]) -> Result<Option<Val>, Failure>;

/// A static property, or a constant.
pub(crate) fn static_property(of: &Type, name: &str) -> Option<Val> {
    let name = name.to_ascii_lowercase();
    Some(match (of, name.as_str()) {
        (Type::Int, "maxvalue") => Val::Int(i32::MAX),
        (Type::Int, "minvalue") => Val::Int(i32::MIN),
        (Type::Long, "maxvalue") => Val::Long(i64::MAX),
        (Type::Long, "minvalue") => Val::Long(i64::MIN),
        (Type::Narrow(_, _, high), "maxvalue") => Val::Long(*high),
        (Type::Narrow(_, low, _), "minvalue") => Val::Long(*low),
        (Type::Double, "maxvalue") => Val::Double(f64::MAX),
        (Type::Double, "minvalue") => Val::Double(f64::MIN),
        (Type::Double, "epsilon") => Val::Double(f64::from_bits(1)),
        (Type::Double, "nan") => Val::Double(f64::NAN),
        (Type::Double, "positiveinfinity") => Val::Double(f64::INFINITY),
        (Type::Double, "negativeinfinity") => Val::Double(f64::NEG_INFINITY),
        (Type::Decimal, "maxvalue") => Val::Decimal(rust_decimal::Decimal::MAX),
        (Type::Decimal, "minvalue") => Val::Decimal(rust_decimal::Decimal::MIN),
        (Type::String, "empty") => Val::str(""),
        (Type::Guid, "empty") => Val::Guid(Rc::new([0; 16])),
        (Type::TimeSpan, "zero") => Val::TimeSpan(0),
        (Type::TimeSpan, "maxvalue") => Val::TimeSpan(i64::MAX),
        (Type::TimeSpan, "minvalue") => Val::TimeSpan(i64::MIN),
        (Type::DateTime, "maxvalue") => Val::DateTime(time::of_ticks(i128::from(DateTime::MAX_TICKS))?),
        (Type::DateTime, "minvalue") => Val::DateTime(time::of_ticks(0)?),
        (Type::DateTime, "unixepoch") => Val::DateTime(DateTime::from_unix_nanos(0)),
        (Type::Statics("System.Math"), "pi") => Val::Double(std::f64::consts::PI),
        (Type::Statics("System.Math"), "e") => Val::Double(std::f64::consts::E),
        (Type::Statics("System.Environment"), "newline") => Val::str("\n"),
        _ => return None,
    })
}

/// Calls a static method or constructor.
pub(crate) fn static_method(of: &Type, name: &str, arguments: &[Val]) -> Result<Val, Failure> {
    let table: &[(&str, Static)] = match of {
        Type::Statics("System.Math") => MATH,
        Type::Statics("System.Convert") => CONVERT,
        Type::String => STRING,
        Type::Char => CHAR,
        Type::DateTime => DATETIME,
        Type::TimeSpan => TIMESPAN,
        Type::Regex => REGEX,
        Type::Array(_) => ARRAY,
        Type::Double => DOUBLE,
        _ => &[],
    };
    let found =
        table.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, run)| run(arguments));
    let result = match found {
        Some(result) => result?,
        None if name.eq_ignore_ascii_case("parse") || name.eq_ignore_ascii_case("new") => {
            made(of, name, arguments)?
        }
        None => return Err(not_found(&of.full_name(), name)),
    };
    result.ok_or_else(|| no_overload(name, arguments.len()))
}

/// `[T]::Parse(text)` and `[T]::new(…)` of the types that a cast makes.
fn made(of: &Type, name: &str, arguments: &[Val]) -> Result<Option<Val>, Failure> {
    let parses = matches!(
        of,
        Type::Int
            | Type::Long
            | Type::Double
            | Type::Decimal
            | Type::Bool
            | Type::Guid
            | Type::Version
            | Type::Narrow(..)
            | Type::BigInt
            | Type::Uri
    );
    match (of, arguments) {
        (_, [Val::Str(_)]) if parses => cast(arguments.first().unwrap_or(&Val::Null), of).map(Some),
        (Type::List, []) => Ok(Some(Val::list(Vec::new()))),
        (Type::List, [Val::Array(items)]) => Ok(Some(Val::list(items.items.borrow().clone()))),
        (Type::List, [Val::Int(_)]) => Ok(Some(Val::list(Vec::new()))),
        (Type::Hashtable, []) => Ok(Some(Val::table(crate::object::Table::default()))),
        (Type::Ordered, []) => Ok(Some(Val::table(crate::object::Table::ordered()))),
        (Type::Custom | Type::Object, []) => Ok(Some(Val::object(crate::object::value::CUSTOM, []))),
        (Type::Version, parts) if (2..=4).contains(&parts.len()) => {
            let parts = parts
                .iter()
                .map(|p| {
                    u32::try_from(arg_int(p)?).map_err(|_| out_of_range("a part of a version is negative"))
                })
                .collect::<Result<Vec<_>, _>>()?;
            Ok(Some(Val::Version(Rc::from(parts))))
        }
        (Type::Version, [Val::Str(_)]) => cast(arguments.first().unwrap_or(&Val::Null), of).map(Some),
        (Type::Named(exception), [message, ..]) if name.eq_ignore_ascii_case("new") => {
            Ok(Some(Val::object(exception, [("Message", message.clone()), ("InnerException", Val::Null)])))
        }
        (Type::Named(exception), []) if name.eq_ignore_ascii_case("new") => {
            Ok(Some(Val::object(exception, [("Message", Val::str("")), ("InnerException", Val::Null)])))
        }
        (Type::List | Type::Hashtable | Type::Version, _) => Ok(None),
        _ if parses => Ok(None),
        _ => Err(not_found(&of.full_name(), name)),
    }
}

const MATH: &[(&str, Static)] = &[
    ("Abs", |a| match a {
        [n] => match Num::of(n) {
            Some(Num::Int(n)) => n
                .checked_abs()
                .map(|n| Some(Val::Int(n)))
                .ok_or_else(|| out_of_range("negating the minimum value is invalid")),
            Some(Num::Long(n)) => n
                .checked_abs()
                .map(|n| Some(Val::Long(n)))
                .ok_or_else(|| out_of_range("negating the minimum value is invalid")),
            Some(Num::Decimal(d)) => Ok(Some(Val::Decimal(d.abs()))),
            _ => Ok(Some(Val::Double(to_f64(n)?.abs()))),
        },
        _ => Ok(None),
    }),
    ("Max", |a| extreme(a, std::cmp::Ordering::Greater)),
    ("Min", |a| extreme(a, std::cmp::Ordering::Less)),
    ("Pow", |a| match a {
        [x, y] => Ok(Some(Val::Double(to_f64(x)?.powf(to_f64(y)?)))),
        _ => Ok(None),
    }),
    ("Round", round),
    ("Floor", |a| float(a, f64::floor)),
    ("Ceiling", |a| float(a, f64::ceil)),
    ("Truncate", |a| float(a, f64::trunc)),
    ("Sqrt", |a| float(a, f64::sqrt)),
    ("Cbrt", |a| float(a, f64::cbrt)),
    ("Exp", |a| float(a, f64::exp)),
    ("Log", |a| match a {
        [x] => Ok(Some(Val::Double(to_f64(x)?.ln()))),
        [x, base] => Ok(Some(Val::Double(to_f64(x)?.log(to_f64(base)?)))),
        _ => Ok(None),
    }),
    ("Log10", |a| float(a, f64::log10)),
    ("Log2", |a| float(a, f64::log2)),
    ("Sin", |a| float(a, f64::sin)),
    ("Cos", |a| float(a, f64::cos)),
    ("Tan", |a| float(a, f64::tan)),
    ("Atan", |a| float(a, f64::atan)),
    ("Atan2", |a| match a {
        [y, x] => Ok(Some(Val::Double(to_f64(y)?.atan2(to_f64(x)?)))),
        _ => Ok(None),
    }),
    ("Sign", |a| match a {
        [n] => {
            let n = to_f64(n)?;
            Ok(Some(Val::Int(i32::from(n > 0.0) - i32::from(n < 0.0))))
        }
        _ => Ok(None),
    }),
];

fn float(arguments: &[Val], with: fn(f64) -> f64) -> Result<Option<Val>, Failure> {
    match arguments {
        [n] => Ok(Some(Val::Double(with(to_f64(n)?)))),
        _ => Ok(None),
    }
}

fn extreme(arguments: &[Val], wanted: std::cmp::Ordering) -> Result<Option<Val>, Failure> {
    match arguments {
        [x, y] => {
            // Both in the wider of their types, as the overload that .NET would choose.
            let sum = crate::object::number::arithmetic(
                crate::object::number::Arithmetic::Add,
                &narrow(x),
                &narrow(y),
            )?;
            let chosen = if compare::order(x, y, false)? == wanted { x } else { y };
            cast(chosen, &Type::of(&sum)).map(Some)
        }
        _ => Ok(None),
    }
}

/// Zero of a number's type: only the type of a sum of such is wanted.
fn narrow(value: &Val) -> Val {
    match Num::of(value) {
        Some(Num::Int(_)) => Val::Int(0),
        Some(Num::Long(_)) => Val::Long(0),
        Some(Num::Decimal(_)) => Val::Decimal(0.into()),
        Some(other) => other.to_val(),
        None => value.clone(),
    }
}

fn round(arguments: &[Val]) -> Result<Option<Val>, Failure> {
    let Some(n) = arguments.first() else { return Ok(None) };
    let mut digits = 0;
    let mut away = false;
    for argument in arguments.iter().skip(1) {
        match argument {
            Val::Str(mode) => away = mode.eq_ignore_ascii_case("AwayFromZero"),
            other => {
                digits = u32::try_from(to_i32(other)?)
                    .ok()
                    .filter(|d| *d <= 15)
                    .ok_or_else(|| out_of_range("rounding digits must be between 0 and 15"))?
            }
        }
    }
    let strategy = if away {
        rust_decimal::RoundingStrategy::MidpointAwayFromZero
    } else {
        rust_decimal::RoundingStrategy::MidpointNearestEven
    };
    if let Val::Decimal(d) = n {
        return Ok(Some(Val::Decimal(d.round_dp_with_strategy(digits, strategy))));
    }
    let value = to_f64(n)?;
    let rounded = rust_decimal::Decimal::from_f64(value)
        .map(|d| Num::Decimal(d.round_dp_with_strategy(digits, strategy)).to_f64())
        .unwrap_or_else(|| value.round_ties_even());
    Ok(Some(Val::Double(rounded)))
}

const CONVERT: &[(&str, Static)] = &[
    ("ToInt32", |a| based(a, &Type::Int)),
    ("ToInt64", |a| based(a, &Type::Long)),
    ("ToDouble", |a| one(a, &Type::Double)),
    ("ToDecimal", |a| one(a, &Type::Decimal)),
    ("ToBoolean", |a| one(a, &Type::Bool)),
    ("ToChar", |a| one(a, &Type::Char)),
    ("ToDateTime", |a| one(a, &Type::DateTime)),
    ("ToString", |a| match a {
        [value] => cast(value, &Type::String).map(Some),
        [value, base] => {
            let n = to_i32(value)?;
            Ok(Some(Val::from(match to_i32(base)? {
                2 => format!("{n:b}"),
                8 => format!("{n:o}"),
                10 => n.to_string(),
                16 => format!("{n:x}"),
                _ => {
                    return Err(super::thrown("System.ArgumentException", "the base must be 2, 8, 10 or 16"));
                }
            })))
        }
        _ => Ok(None),
    }),
];

fn one(arguments: &[Val], of: &Type) -> Result<Option<Val>, Failure> {
    match arguments {
        [value] => cast(value, of).map(Some),
        _ => Ok(None),
    }
}

fn based(arguments: &[Val], of: &Type) -> Result<Option<Val>, Failure> {
    match arguments {
        [value] => cast(value, of).map(Some),
        [value, base] => {
            let base = u32::try_from(to_i32(base)?).ok().filter(|b| matches!(b, 2 | 8 | 10 | 16));
            let base = base.ok_or_else(|| {
                super::thrown("System.ArgumentException", "the base must be 2, 8, 10 or 16")
            })?;
            let digits = arg_text(value).to_ascii_lowercase();
            let digits = if base == 16 { digits.strip_prefix("0x").unwrap_or(&digits) } else { &digits };
            let n = i64::from_str_radix(digits, base).map_err(|_| {
                super::thrown("System.FormatException", "could not find any recognizable digits")
            })?;
            cast(&Val::Long(n), of).map(Some)
        }
        _ => Ok(None),
    }
}

const STRING: &[(&str, Static)] = &[
    ("IsNullOrEmpty", |a| match a {
        [v] => Ok(Some(Val::Bool(arg_text(v).is_empty()))),
        _ => Ok(None),
    }),
    ("IsNullOrWhiteSpace", |a| match a {
        [v] => Ok(Some(Val::Bool(arg_text(v).trim().is_empty()))),
        _ => Ok(None),
    }),
    ("Join", |a| match a {
        [separator, items @ ..] => {
            let items: Vec<String> = match items {
                [one] => one.elements_or_none().iter().map(arg_text).collect(),
                many => many.iter().map(arg_text).collect(),
            };
            let separator = arg_text(separator);
            limits::admit_text(items.iter().map(|i| i.len() + separator.len()).sum())?;
            Ok(Some(Val::from(items.join(&separator))))
        }
        [] => Ok(None),
    }),
    ("Concat", |a| {
        let items: Vec<String> = a.iter().flat_map(Val::elements_or_none).map(|v| arg_text(&v)).collect();
        limits::admit_text(items.iter().map(String::len).sum())?;
        Ok(Some(Val::from(items.concat())))
    }),
    ("Format", |a| match a {
        [format, Val::Array(items)] => {
            layout::composite(&arg_text(format), &items.items.borrow()).map(|t| Some(Val::from(t)))
        }
        [format, items @ ..] => layout::composite(&arg_text(format), items).map(|t| Some(Val::from(t))),
        [] => Ok(None),
    }),
    ("Compare", |a| match a {
        [x, y] => Ok(Some(Val::Int(compare::collate(&arg_text(x), &arg_text(y), false) as i32))),
        [x, y, ignore] => Ok(Some(Val::Int(compare::collate(
            &arg_text(x),
            &arg_text(y),
            crate::object::convert::truth(ignore),
        ) as i32))),
        _ => Ok(None),
    }),
    ("new", |a| match a {
        [c, count] => {
            let count = usize::try_from(to_i32(count)?).map_err(|_| out_of_range("the count is negative"))?;
            let c = arg_text(c);
            limits::admit_text(count.saturating_mul(c.len()))?;
            Ok(Some(Val::from(c.repeat(count))))
        }
        [chars] => Ok(Some(Val::from(chars.elements().iter().map(arg_text).collect::<String>()))),
        _ => Ok(None),
    }),
];

const CHAR: &[(&str, Static)] = &[
    ("IsDigit", |a| test(a, |c| c.is_ascii_digit())),
    ("IsLetter", |a| test(a, char::is_alphabetic)),
    ("IsLetterOrDigit", |a| test(a, char::is_alphanumeric)),
    ("IsUpper", |a| test(a, char::is_uppercase)),
    ("IsLower", |a| test(a, char::is_lowercase)),
    ("IsWhiteSpace", |a| test(a, char::is_whitespace)),
    ("IsPunctuation", |a| test(a, |c| c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c))),
    ("ToUpper", |a| mapped(a, |c| c.to_uppercase().next().unwrap_or(c))),
    ("ToLower", |a| mapped(a, |c| c.to_lowercase().next().unwrap_or(c))),
];

fn test(arguments: &[Val], with: fn(char) -> bool) -> Result<Option<Val>, Failure> {
    Ok(mapped_char(arguments)?.map(|c| Val::Bool(with(c))))
}

fn mapped(arguments: &[Val], with: fn(char) -> char) -> Result<Option<Val>, Failure> {
    Ok(mapped_char(arguments)?.map(|c| Val::Char(with(c))))
}

fn mapped_char(arguments: &[Val]) -> Result<Option<char>, Failure> {
    match arguments {
        [value] => match cast(value, &Type::Char)? {
            Val::Char(c) => Ok(Some(c)),
            _ => Ok(None),
        },
        [text, at] => {
            let at = usize::try_from(to_i32(at)?).unwrap_or(usize::MAX);
            arg_text(text)
                .chars()
                .nth(at)
                .map(Some)
                .ok_or_else(|| out_of_range("the index lies outside the text"))
        }
        _ => Ok(None),
    }
}

const DATETIME: &[(&str, Static)] = &[
    ("Parse", |a| one(a, &Type::DateTime)),
    ("ParseExact", |_| {
        Err(super::thrown(
            "System.NotSupportedException",
            "`ParseExact` is not supported by this version; use `Parse` or a cast",
        ))
    }),
    ("DaysInMonth", |a| match a {
        [y, m] => {
            let (y, m) = (to_i32(y)?, to_i32(m)?);
            if !(1..=9999).contains(&y) || !(1..=12).contains(&m) {
                return Err(out_of_range("the year or the month is out of range"));
            }
            Ok(i32::try_from(time::days_in(i64::from(y), i64::from(m))).ok().map(Val::Int))
        }
        _ => Ok(None),
    }),
    ("IsLeapYear", |a| match a {
        [y] => Ok(Some(Val::Bool(time::days_in(i64::from(to_i32(y)?), 2) == 29))),
        _ => Ok(None),
    }),
    ("new", |a| {
        let parts = a.iter().map(to_i32).collect::<Result<Vec<_>, _>>()?;
        let part = |at: usize| i64::from(parts.get(at).copied().unwrap_or(0));
        if !matches!(parts.len(), 3 | 6) {
            return Ok(None);
        }
        time::date(part(0), part(1), part(2), part(3), part(4), part(5))
            .map(|at| Some(Val::DateTime(at)))
            .ok_or_else(|| out_of_range("year, month, and day parameters describe an unrepresentable date"))
    }),
];

const TIMESPAN: &[(&str, Static)] = &[
    ("Parse", |a| one(a, &Type::TimeSpan)),
    ("FromDays", |a| a.first().map_or(Ok(None), |n| span_of(n, 'd'))),
    ("FromHours", |a| a.first().map_or(Ok(None), |n| span_of(n, 'h'))),
    ("FromMinutes", |a| a.first().map_or(Ok(None), |n| span_of(n, 'm'))),
    ("FromSeconds", |a| a.first().map_or(Ok(None), |n| span_of(n, 's'))),
    ("FromMilliseconds", |a| a.first().map_or(Ok(None), |n| span_of(n, 'f'))),
    ("FromTicks", |a| a.first().map_or(Ok(None), |n| cast(n, &Type::TimeSpan).map(Some))),
    ("new", |a| {
        let parts = a.iter().map(to_i32).collect::<Result<Vec<_>, _>>()?;
        let seconds = match *parts.as_slice() {
            [h, m, s] => [0, h, m, s],
            [d, h, m, s] => [d, h, m, s],
            _ => return Ok(None),
        };
        let total: i64 = seconds.iter().zip([86_400, 3600, 60, 1]).map(|(n, f)| i64::from(*n) * f).sum();
        total
            .checked_mul(10_000_000)
            .map(|t| Some(Val::TimeSpan(t)))
            .ok_or_else(|| out_of_range("the span would lie outside its range"))
    }),
];

const REGEX: &[(&str, Static)] = &[
    ("IsMatch", |a| on_regex(a, |r, input, _| Ok(Val::Bool(r.regex.is_match(input))))),
    ("Match", |a| on_regex(a, |r, input, _| Ok(first_match(&r.regex, input)))),
    ("Matches", |a| on_regex(a, |r, input, _| all_matches(r, input))),
    ("Split", |a| on_regex(a, |r, input, _| Ok(Val::array(r.regex.split(input).map(Val::str).collect())))),
    ("Replace", |a| on_regex(a, |r, input, to| replace(&r.regex, input, to).map(Val::from))),
    ("Escape", |a| match a {
        [text] => Ok(Some(Val::from(escape(&arg_text(text))))),
        _ => Ok(None),
    }),
    ("new", |a| match a {
        [pattern] => regex(&arg_text(pattern), false).map(Some),
        _ => Ok(None),
    }),
];

fn on_regex(
    arguments: &[Val],
    with: fn(&Rc<crate::object::value::RegexVal>, &str, &str) -> Result<Val, Failure>,
) -> Result<Option<Val>, Failure> {
    let (Some(input), Some(pattern)) = (arguments.first(), arguments.get(1)) else { return Ok(None) };
    let third = arguments.get(2).map(arg_text).unwrap_or_default();
    let ignore_case = arguments
        .last()
        .is_some_and(|last| arguments.len() > 2 && arg_text(last).eq_ignore_ascii_case("IgnoreCase"));
    match regex(&arg_text(pattern), ignore_case)? {
        Val::Regex(r) => with(&r, &arg_text(input), &third).map(Some),
        _ => Ok(None),
    }
}

/// .NET's `Regex.Escape`.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => {
                if "\\*+?|{[()^$.# ".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
    out
}

const ARRAY: &[(&str, Static)] = &[
    ("Reverse", |a| in_place(a, |array| array.items.borrow_mut().reverse())),
    ("Sort", |a| in_place(a, super::collections::sort)),
    ("IndexOf", |a| match a {
        [array, wanted] => super::method(array, "IndexOf", std::slice::from_ref(wanted)).map(Some),
        _ => Ok(None),
    }),
];

fn in_place(arguments: &[Val], with: fn(&Array)) -> Result<Option<Val>, Failure> {
    match arguments {
        [Val::Array(array)] => {
            with(array);
            Ok(Some(Val::Nothing))
        }
        _ => Ok(None),
    }
}

const DOUBLE: &[(&str, Static)] = &[
    ("IsNaN", |a| a.first().map_or(Ok(None), |n| Ok(Some(Val::Bool(to_f64(n)?.is_nan()))))),
    ("IsInfinity", |a| a.first().map_or(Ok(None), |n| Ok(Some(Val::Bool(to_f64(n)?.is_infinite()))))),
];
