//! `[string]`.

use std::sync::Arc;

use super::{Members, Method, arg_int, arg_text, out_of_range};
use crate::object::convert::cast;
use crate::object::fault::Failure;
use crate::object::types::Type;
use crate::object::value::Val;
use crate::object::{compare, limits};

pub(super) const MEMBERS: Members = Members {
    properties: &[("Length", |v| Some(Val::count(units(of(v))))), ("Chars", |_| None)],
    methods: METHODS,
};

const METHODS: &[(&str, Method)] = &[
    ("ToUpper", |v, _| text(of(v).to_uppercase())),
    ("ToLower", |v, _| text(of(v).to_lowercase())),
    ("ToUpperInvariant", |v, _| text(of(v).to_uppercase())),
    ("ToLowerInvariant", |v, _| text(of(v).to_lowercase())),
    ("Trim", |v, a| trimmed(v, a, true, true)),
    ("TrimStart", |v, a| trimmed(v, a, true, false)),
    ("TrimEnd", |v, a| trimmed(v, a, false, true)),
    ("Contains", |v, a| with_case(v, a, |s, part| s.contains(part))),
    ("StartsWith", |v, a| with_case(v, a, |s, part| s.starts_with(part))),
    ("EndsWith", |v, a| with_case(v, a, |s, part| s.ends_with(part))),
    ("IndexOf", |v, a| position(v, a, |s, part| s.find(part))),
    ("LastIndexOf", |v, a| position(v, a, |s, part| s.rfind(part))),
    ("IndexOfAny", |v, a| match a {
        [set] => {
            let set = set_of(set);
            Ok(Some(of(v).chars().position(|c| set.contains(&c)).map_or(Val::Int(-1), Val::count)))
        }
        _ => Ok(None),
    }),
    ("Substring", substring),
    ("Replace", |v, a| match a {
        [from, to] => {
            let (from, to) = (arg_text(from), arg_text(to));
            if from.is_empty() {
                return Err(super::thrown("System.ArgumentException", "the text to replace is empty"));
            }
            let count = of(v).matches(&from).count();
            limits::admit_text(of(v).len().saturating_add(count.saturating_mul(to.len())))?;
            text(of(v).replace(&from, &to))
        }
        _ => Ok(None),
    }),
    ("Remove", |v, a| {
        let chars: Vec<char> = of(v).chars().collect();
        let Some(start) = a.first() else { return Ok(None) };
        let (start, count) = range(start, a.get(1), chars.len())?;
        text(chars.iter().take(start).chain(chars.iter().skip(start + count)).collect())
    }),
    ("Insert", |v, a| match a {
        [at, what] => {
            let chars: Vec<char> = of(v).chars().collect();
            let (at, _) = range(at, None, chars.len())?;
            let mut out: String = chars.iter().take(at).collect();
            out.push_str(&arg_text(what));
            out.extend(chars.iter().skip(at));
            limits::admit_text(out.len())?;
            text(out)
        }
        _ => Ok(None),
    }),
    ("PadLeft", |v, a| padded(v, a, true)),
    ("PadRight", |v, a| padded(v, a, false)),
    ("Split", split),
    ("ToCharArray", |v, _| Ok(Some(Val::array(of(v).chars().map(Val::Char).collect())))),
    ("CompareTo", |v, a| match a {
        [other] => Ok(Some(Val::Int(compare::collate(of(v), &arg_text(other), false) as i32))),
        _ => Ok(None),
    }),
    ("Equals", |v, a| match a {
        [other] => Ok(Some(Val::Bool(other.as_str() == Some(of(v))))),
        [other, mode] => Ok(Some(Val::Bool(compare::same_text(of(v), &arg_text(other), ignores_case(mode))))),
        _ => Ok(None),
    }),
];

fn of(value: &Val) -> &str {
    value.as_str().unwrap_or("")
}

/// Characters, which is what positions count here.
fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

fn text(text: String) -> Result<Option<Val>, Failure> {
    Ok(Some(Val::from(text)))
}

fn set_of(value: &Val) -> Vec<char> {
    value.elements().iter().flat_map(|v| arg_text(v).chars().collect::<Vec<_>>()).collect()
}

fn trimmed(value: &Val, arguments: &[Val], start: bool, end: bool) -> Result<Option<Val>, Failure> {
    let set: Vec<char> = arguments.iter().flat_map(set_of).collect();
    let cut = |c: char| if set.is_empty() { c.is_whitespace() } else { set.contains(&c) };
    let mut s = of(value);
    if start {
        s = s.trim_start_matches(cut);
    }
    if end {
        s = s.trim_end_matches(cut);
    }
    Ok(Some(Val::str(s)))
}

fn ignores_case(mode: &Val) -> bool {
    match mode {
        Val::Bool(b) => *b,
        other => arg_text(other).to_ascii_lowercase().ends_with("ignorecase"),
    }
}

fn with_case(value: &Val, arguments: &[Val], test: fn(&str, &str) -> bool) -> Result<Option<Val>, Failure> {
    Ok(match arguments {
        [part] => Some(Val::Bool(test(of(value), &arg_text(part)))),
        [part, mode, ..] if ignores_case(mode) => {
            Some(Val::Bool(test(&of(value).to_uppercase(), &arg_text(part).to_uppercase())))
        }
        [part, ..] => Some(Val::Bool(test(of(value), &arg_text(part)))),
        [] => None,
    })
}

fn position(
    value: &Val,
    arguments: &[Val],
    find: fn(&str, &str) -> Option<usize>,
) -> Result<Option<Val>, Failure> {
    let Some(part) = arguments.first() else { return Ok(None) };
    let s = of(value);
    let (skip, folded) = match arguments.get(1) {
        Some(mode @ Val::Str(_)) => (0, ignores_case(mode)),
        Some(start) => (range(start, None, units(s))?.0, false),
        None => (0, false),
    };
    let from: String = s.chars().skip(skip).collect();
    let (from, part) =
        if folded { (from.to_uppercase(), arg_text(part).to_uppercase()) } else { (from, arg_text(part)) };
    let at = find(&from, &part).and_then(|bytes| from.get(..bytes)).map(units);
    Ok(Some(at.map_or(Val::Int(-1), |at| Val::count(at + skip))))
}

/// A start and a count within so many characters.
fn range(start: &Val, count: Option<&Val>, length: usize) -> Result<(usize, usize), Failure> {
    let start = usize::try_from(arg_int(start)?).ok().filter(|s| *s <= length);
    let start = start.ok_or_else(|| out_of_range("the start index lies outside the text"))?;
    let count = match count {
        Some(count) => usize::try_from(arg_int(count)?).ok().filter(|c| *c <= length - start),
        None => Some(length - start),
    };
    Ok((
        start,
        count.ok_or_else(|| out_of_range("index and length must refer to a location within the string"))?,
    ))
}

fn substring(value: &Val, arguments: &[Val]) -> Result<Option<Val>, Failure> {
    let Some(start) = arguments.first() else { return Ok(None) };
    let (start, count) = range(start, arguments.get(1), units(of(value)))?;
    text(of(value).chars().skip(start).take(count).collect())
}

fn padded(value: &Val, arguments: &[Val], left: bool) -> Result<Option<Val>, Failure> {
    let Some(width) = arguments.first() else { return Ok(None) };
    let width = usize::try_from(arg_int(width)?).map_err(|_| out_of_range("the width is negative"))?;
    limits::admit_text(width)?;
    let fill = match arguments.get(1) {
        Some(fill) => match cast(fill, &Type::Char)? {
            Val::Char(c) => c,
            _ => ' ',
        },
        None => ' ',
    };
    let fill: String = std::iter::repeat_n(fill, width.saturating_sub(units(of(value)))).collect();
    text(if left { fill + of(value) } else { format!("{}{fill}", of(value)) })
}

fn split(value: &Val, arguments: &[Val]) -> Result<Option<Val>, Failure> {
    let mut remove_empty = false;
    let mut limit = usize::MAX;
    let mut separators: Vec<Arc<str>> = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        match argument {
            Val::Int(n) if at > 0 => limit = usize::try_from(*n).unwrap_or(0).max(1),
            Val::Str(s) if at > 0 && s.eq_ignore_ascii_case("RemoveEmptyEntries") => remove_empty = true,
            Val::Str(s) if at > 0 && s.eq_ignore_ascii_case("None") => {}
            Val::Array(items) => {
                separators.extend(items.items.borrow().iter().map(|i| Arc::from(arg_text(i))))
            }
            other => separators.push(Arc::from(arg_text(other))),
        }
    }
    let s = of(value);
    let mut parts = Vec::new();
    let mut rest = s;
    while parts.len() + 1 < limit {
        let next = match separators.as_slice() {
            [] => rest
                .find(char::is_whitespace)
                .and_then(|at| Some((at, rest.get(at..)?.chars().next()?.len_utf8()))),
            _ => separators
                .iter()
                .filter(|sep| !sep.is_empty())
                .filter_map(|sep| rest.find(&**sep).map(|at| (at, sep.len())))
                .min_by_key(|(at, len)| (*at, std::cmp::Reverse(*len))),
        };
        let Some((at, len)) = next else { break };
        let (head, tail) = (rest.get(..at).unwrap_or(""), rest.get(at + len..).unwrap_or(""));
        if !(remove_empty && head.is_empty()) {
            parts.push(Val::str(head));
        }
        limits::admit_items(parts.len())?;
        rest = tail;
    }
    if !(remove_empty && rest.is_empty()) {
        parts.push(Val::str(rest));
    }
    Ok(Some(Val::array(parts)))
}
