//! Values as JSON, on one line: what `ConvertTo-Json -Compress` gives for finished values, at any depth. Numbers keep
//! all their digits, and a terminal that shows the text can't be acted upon.

use std::fmt::Write as _;

use bailiwick_objects::time::DateTime;
use bailiwick_objects::{ErrorRecord, Hashtable, TimeSpan, Value};
use indexmap::IndexMap;

use crate::inert;

/// The JSON of a value, on one line.
pub(crate) fn text(of: &Value) -> String {
    let mut out = String::new();
    value(&mut out, of);
    out
}

/// The JSON of a string.
pub(crate) fn string_text(of: &str) -> String {
    let mut out = String::new();
    string(&mut out, of);
    out
}

/// The JSON of an error record: what scripts match on, and why policy refused.
pub(crate) fn error_text(of: &ErrorRecord) -> String {
    let mut out = String::new();
    error(&mut out, of);
    out
}

/// JSON of another writer, with what JSON need not escape but a terminal would act upon escaped, too: such characters
/// are in strings only.
pub(crate) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if inert::is_active(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn value(out: &mut String, of: &Value) {
    match of {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int32(number) => display(out, number),
        Value::Int64(number) => display(out, number),
        Value::Double(number) => double(out, *number),
        Value::Decimal(number) => display(out, number),
        Value::BigInt(number) => display(out, number),
        Value::Char(c) => string(out, c.encode_utf8(&mut [0; 4])),
        Value::String(text) | Value::Uri(text) | Value::ScriptBlock(text) | Value::Regex(text) => {
            string(out, text)
        }
        Value::DateTime(point) => string(out, &datetime(*point)),
        Value::TimeSpan(span) => timespan(out, *span),
        Value::Guid(bytes) => string(out, &Value::guid_text(bytes)),
        Value::Version(parts) => version(out, parts),
        Value::Bytes(bytes) => list(out, bytes, display),
        Value::Array(items) => list(out, items, value),
        Value::Hashtable(table) => hashtable(out, table),
        Value::SecureString(_) => string(out, of.type_name()),
        Value::Error(record) => error(out, record),
        Value::Object(object) => map(out, object.properties(), value),
    }
}

fn display(out: &mut String, of: &impl std::fmt::Display) {
    // Writing to a string does not fail.
    let _ = write!(out, "{of}");
}

/// As .NET writes it: whole numbers keep a `.0`, and what JSON has no number for is a string.
fn double(out: &mut String, number: f64) {
    match number {
        n if n.is_nan() => out.push_str("\"NaN\""),
        n if n == f64::INFINITY => out.push_str("\"Infinity\""),
        n if n == f64::NEG_INFINITY => out.push_str("\"-Infinity\""),
        // The shortest digits that read back, with an exponent where there would be many zeros.
        n => {
            let _ = write!(out, "{n:?}");
        }
    }
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if inert::is_active(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// ISO 8601, the fraction of the second without zeros at its end.
fn datetime(point: DateTime) -> String {
    let text = point.to_string();
    let Some((seconds, rest)) = text.split_once('.') else { return text };
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let fraction = rest.strip_suffix(zone).unwrap_or(rest).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{seconds}{point}{fraction}{zone}")
}

/// .NET's properties of a span, in the order that `ConvertTo-Json` gives them.
fn timespan(out: &mut String, TimeSpan(ticks): TimeSpan) {
    const SECOND: i64 = 10_000_000;
    const DAY: i64 = 86_400 * SECOND;
    #[expect(clippy::cast_precision_loss, reason = ".NET's totals are doubles, too")]
    let total = |unit: i64| Value::Double(ticks as f64 / unit as f64);
    let part = |unit: i64, of: i64| Value::Int64(ticks / unit % of);
    let entries = [
        ("Ticks", Value::Int64(ticks)),
        ("Days", Value::Int64(ticks / DAY)),
        ("Hours", part(DAY / 24, 24)),
        ("Milliseconds", part(SECOND / 1000, 1000)),
        ("Microseconds", part(10, 1000)),
        ("Nanoseconds", Value::Int64(ticks % 10 * 100)),
        ("Minutes", part(60 * SECOND, 60)),
        ("Seconds", part(SECOND, 60)),
        ("TotalDays", total(DAY)),
        ("TotalHours", total(DAY / 24)),
        ("TotalMilliseconds", total(SECOND / 1000)),
        ("TotalMicroseconds", total(10)),
        ("TotalNanoseconds", Value::Double(ticks_in_nanoseconds(ticks))),
        ("TotalMinutes", total(60 * SECOND)),
        ("TotalSeconds", total(SECOND)),
    ];
    map(out, entries.iter().map(|(name, part)| (*name, part)), value);
}

#[expect(clippy::cast_precision_loss, reason = ".NET's totals are doubles, too")]
fn ticks_in_nanoseconds(ticks: i64) -> f64 {
    ticks as f64 * 100.0
}

fn version(out: &mut String, parts: &[u32]) {
    // .NET's version has four parts, and -1 for those that were not given.
    let part = |at: usize| parts.get(at).map_or(Value::Int64(-1), |part| Value::Int64(i64::from(*part)));
    let half = |shift: u32| {
        parts.get(3).map_or(Value::Int64(-1), |part| Value::Int64(i64::from((part >> shift) & 0xffff)))
    };
    let entries = [
        ("Major", part(0)),
        ("Minor", part(1)),
        ("Build", part(2)),
        ("Revision", part(3)),
        ("MajorRevision", half(16)),
        ("MinorRevision", half(0)),
    ];
    map(out, entries.iter().map(|(name, part)| (*name, part)), value);
}

/// Keys become text; of two keys with one text the last counts, since an object can't hold both.
fn hashtable(out: &mut String, table: &Hashtable) {
    let entries: IndexMap<String, &Value> =
        table.entries.iter().map(|(key, value)| (key_text(key), value)).collect();
    map(out, entries.iter().map(|(key, value)| (key.as_str(), *value)), value);
}

fn key_text(key: &Value) -> String {
    match key {
        Value::String(text) | Value::Uri(text) => text.to_string(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Double(number) => number.to_string(),
        Value::TimeSpan(span) => span.to_string(),
        Value::Version(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
        other => {
            let json = text(other);
            json.strip_prefix('"')
                .and_then(|inner| inner.strip_suffix('"'))
                .map_or(json.clone(), str::to_owned)
        }
    }
}

fn error(out: &mut String, record: &ErrorRecord) {
    let text = |text: &str| Value::string(text);
    let mut entries = vec![
        ("FullyQualifiedErrorId", text(&record.id)),
        ("Category", text(record.category.name())),
        ("Message", text(&record.message)),
    ];
    if !record.command.is_empty() {
        entries.push(("Command", text(&record.command)));
    }
    if !record.target.is_null() {
        entries.push(("TargetObject", record.target.clone()));
    }
    if let Some(position) = &record.position {
        entries.push(("Line", Value::Int64(i64::from(position.line))));
        entries.push(("Column", Value::Int64(i64::from(position.column))));
    }
    if let Some(refusal) = &record.refusal {
        entries.push(("Rule", text(&refusal.rule)));
    }
    if !record.help.is_empty() {
        entries.push(("Help", text(&record.help)));
    }
    map(out, entries.iter().map(|(name, part)| (*name, part)), value);
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn map<'v>(
    out: &mut String,
    entries: impl Iterator<Item = (&'v str, &'v Value)>,
    write: impl Fn(&mut String, &Value),
) {
    out.push('{');
    for (at, (name, entry)) in entries.enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(out, name);
        out.push(':');
        write(out, entry);
    }
    out.push('}');
}

#[cfg(test)]
mod tests;
