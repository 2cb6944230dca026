//! `[version]`, `[regex]`, `[type]`, `[uri]`, script blocks and error records.

use std::rc::Rc;
use std::sync::Arc;

use super::{Getter, Members, arg_text};
use crate::object::fault::{Failure, Fault};
use crate::object::value::{RegexVal, Val};
use crate::object::{limits, text, types::Type};

pub(super) const VERSION: Members = Members {
    properties: &[
        ("Major", |v| nth(v, 0)),
        ("Minor", |v| nth(v, 1)),
        ("Build", |v| nth(v, 2)),
        ("Revision", |v| nth(v, 3)),
    ],
    methods: &[],
};

fn nth(value: &Val, at: usize) -> Option<Val> {
    match value {
        Val::Version(parts) => {
            Some(parts.get(at).and_then(|n| i32::try_from(*n).ok()).map_or(Val::Int(-1), Val::Int))
        }
        _ => None,
    }
}

pub(super) const REGEX: Members = Members {
    properties: &[],
    methods: &[
        ("IsMatch", |v, a| match (v, a) {
            (Val::Regex(r), [input]) => Ok(Some(Val::Bool(r.regex.is_match(&arg_text(input))))),
            _ => Ok(None),
        }),
        ("Match", |v, a| match (v, a) {
            (Val::Regex(r), [input]) => Ok(Some(first_match(&r.regex, &arg_text(input)))),
            _ => Ok(None),
        }),
        ("Matches", |v, a| match (v, a) {
            (Val::Regex(r), [input]) => all_matches(r, &arg_text(input)).map(Some),
            _ => Ok(None),
        }),
        ("Replace", |v, a| match (v, a) {
            (Val::Regex(r), [input, to]) => {
                replace(&r.regex, &arg_text(input), &arg_text(to)).map(|t| Some(Val::from(t)))
            }
            _ => Ok(None),
        }),
        ("Split", |v, a| match (v, a) {
            (Val::Regex(r), [input]) => {
                Ok(Some(Val::array(r.regex.split(&arg_text(input)).map(Val::str).collect())))
            }
            _ => Ok(None),
        }),
    ],
};

/// The first match as an object with `Success`, `Value`, `Index`, `Length` and `Groups`.
pub(super) fn first_match(regex: &regex::Regex, input: &str) -> Val {
    match regex.captures(input) {
        Some(captures) => match_object(input, &captures),
        None => Val::object(
            "System.Text.RegularExpressions.Match",
            [
                ("Success", Val::Bool(false)),
                ("Value", Val::str("")),
                ("Index", Val::Int(0)),
                ("Length", Val::Int(0)),
            ],
        ),
    }
}

pub(super) fn all_matches(regex: &Rc<RegexVal>, input: &str) -> Result<Val, Failure> {
    let mut found = Vec::new();
    for captures in regex.regex.captures_iter(input) {
        limits::admit_items(found.len() + 1)?;
        found.push(match_object(input, &captures));
    }
    Ok(Val::array(found))
}

fn match_object(input: &str, captures: &regex::Captures<'_>) -> Val {
    let group = |m: Option<regex::Match<'_>>| {
        let shown = m.map_or("", |m| m.as_str());
        let index = m.and_then(|m| input.get(..m.start())).map_or(0, |head| head.chars().count());
        [
            ("Success", Val::Bool(m.is_some())),
            ("Value", Val::str(shown)),
            ("Index", Val::count(index)),
            ("Length", Val::count(shown.chars().count())),
        ]
    };
    let groups =
        captures.iter().map(|m| Val::object("System.Text.RegularExpressions.Group", group(m))).collect();
    let whole = group(captures.get(0)).into_iter().chain([("Groups", Val::array(groups))]);
    Val::object("System.Text.RegularExpressions.Match", whole)
}

/// `-replace`: .NET's `$1`, `${name}`, `$&`, `$$` in the replacement.
pub(crate) fn replace(regex: &regex::Regex, input: &str, to: &str) -> Result<String, Failure> {
    let template = replacement(to);
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(input) {
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(input.get(last..whole.start()).unwrap_or(""));
        captures.expand(&template, &mut out);
        last = whole.end();
        limits::admit_text(out.len())?;
    }
    out.push_str(input.get(last..).unwrap_or(""));
    limits::admit_text(out.len())?;
    Ok(out)
}

/// .NET's replacement text in the regex crate's words: `$1a` is group 1 and an `a` there, and a lone `$` stays one.
fn replacement(to: &str) -> String {
    let mut out = String::new();
    let mut chars = to.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '$' {
            out.push(c);
            continue;
        }
        match chars.peek() {
            Some('$') => {
                chars.next();
                out.push_str("$$");
            }
            Some('&' | '0') => {
                chars.next();
                out.push_str("${0}");
            }
            Some('{') => out.push('$'),
            Some(d) if d.is_ascii_digit() => {
                out.push_str("${");
                while let Some(d) = chars.next_if(char::is_ascii_digit) {
                    out.push(d);
                }
                out.push('}');
            }
            _ => out.push_str("$$"),
        }
    }
    out
}

pub(super) const TYPE: Members = Members {
    properties: &[
        ("Name", |v| named(v).map(|t| Val::from(short(&t.full_name())))),
        ("FullName", |v| named(v).map(|t| Val::from(t.full_name()))),
        ("IsArray", |v| named(v).map(|t| Val::Bool(matches!(t, Type::Array(_))))),
        ("BaseType", |v| {
            named(v).map(|t| {
                Val::Type(if matches!(t, Type::Array(_)) {
                    Type::Named(Arc::from("System.Array"))
                } else {
                    Type::Object
                })
            })
        }),
    ],
    methods: &[],
};

fn named(value: &Val) -> Option<&Type> {
    match value {
        Val::Type(of) => Some(of),
        _ => None,
    }
}

fn short(full: &str) -> String {
    full.rsplit('.').next().unwrap_or(full).to_owned()
}

pub(super) const BLOCK: Members = Members { properties: &[("File", |_| Some(Val::Null))], methods: &[] };

pub(super) const URI: Members = Members {
    properties: &[
        ("OriginalString", |v| v.as_str().map(Val::str)),
        ("AbsoluteUri", |v| v.as_str().map(Val::str)),
        ("Scheme", |v| v.as_str().and_then(|u| u.split_once(':')).map(|(scheme, _)| Val::str(scheme))),
        ("Host", |v| authority(v).map(|a| Val::str(a.split([':', '/']).next().unwrap_or(a)))),
    ],
    methods: &[],
};

fn authority(value: &Val) -> Option<&str> {
    let (_, rest) = value.as_str()?.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    Some(host.rsplit('@').next().unwrap_or(host))
}

pub(super) const ERROR: Members = Members { properties: ERROR_PROPERTIES, methods: &[] };

const ERROR_PROPERTIES: &[(&str, Getter)] = &[
    ("Exception", |v| {
        error(v).map(|f| {
            let message = ("Message", Val::Str(Arc::clone(&f.record.message)));
            Val::object(&f.exception, [message, ("InnerException", Val::Null)])
        })
    }),
    ("TargetObject", |v| error(v).map(|f| f.thrown.clone().unwrap_or_else(|| f.target.clone()))),
    ("CategoryInfo", |v| {
        error(v).map(|f| {
            let parts = [
                ("Category", Val::from(format!("{:?}", f.record.category))),
                ("Activity", Val::Str(Arc::clone(&f.record.command))),
                ("Reason", Val::from(short(&f.exception))),
                ("TargetName", Val::from(text::display(&f.target))),
            ];
            Val::object("System.Management.Automation.ErrorCategoryInfo", parts)
        })
    }),
    ("FullyQualifiedErrorId", |v| error(v).map(|f| Val::Str(Arc::clone(&f.record.id)))),
    ("ErrorDetails", |_| Some(Val::Null)),
    ("InvocationInfo", |v| {
        error(v).map(|f| {
            let at = f.record.position.as_ref();
            let number = |n: Option<u32>| Val::count(n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0));
            let parts = [
                ("MyCommand", Val::Str(Arc::clone(&f.record.command))),
                ("ScriptLineNumber", number(at.map(|p| p.line))),
                ("OffsetInLine", number(at.map(|p| p.column))),
                ("Line", at.map_or(Val::str(""), |p| Val::Str(Arc::clone(&p.text)))),
            ];
            Val::object("System.Management.Automation.InvocationInfo", parts)
        })
    }),
];

fn error(value: &Val) -> Option<&Rc<Fault>> {
    match value {
        Val::Error(fault) => Some(fault),
        _ => None,
    }
}
