//! One value as text, as a line of output, a table's cell or a list's value shows it.

use bailiwick_objects::{Hashtable, Object, Value};

use super::number::double_text;
use super::time::{date_time_text, time_span_text};

/// How many elements of a collection a cell shows: PowerShell's `$FormatEnumerationLimit`.
const ENUMERATION_LIMIT: usize = 4;

/// How deep a cell looks into nested values.
const DEPTH: u32 = 4;

/// The text of a value: for scalars as `"$value"` gives it, collections in braces. Not yet inert.
pub fn text(value: &Value) -> String {
    shown(value, DEPTH)
}

/// Whether a column of such values stands right.
pub(super) const fn is_number(value: &Value) -> bool {
    matches!(
        value,
        Value::Int32(_) | Value::Int64(_) | Value::Double(_) | Value::Decimal(_) | Value::BigInt(_)
    )
}

fn shown(value: &Value, depth: u32) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Int32(number) => number.to_string(),
        Value::Int64(number) => number.to_string(),
        Value::Double(number) => double_text(*number),
        Value::Decimal(number) => number.to_string(),
        Value::BigInt(number) => number.to_string(),
        Value::Char(c) => c.to_string(),
        Value::String(text) | Value::Uri(text) | Value::ScriptBlock(text) | Value::Regex(text) => {
            text.to_string()
        }
        Value::DateTime(at) => date_time_text(*at),
        Value::TimeSpan(span) => time_span_text(*span),
        Value::Guid(bytes) => guid(bytes),
        Value::Version(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
        Value::SecureString(_) => "System.Security.SecureString".into(),
        Value::Error(record) => record.message.to_string(),
        Value::Bytes(bytes) => braces(bytes.iter().map(u8::to_string)),
        Value::Array(_) | Value::Hashtable(_) | Value::Object(_) if depth == 0 => "…".into(),
        Value::Array(items) => braces(items.iter().map(|item| shown(item, depth - 1))),
        Value::Hashtable(Hashtable { entries, .. }) => braces(
            entries
                .iter()
                .map(|(key, entry)| format!("[{}, {}]", shown(key, depth - 1), shown(entry, depth - 1))),
        ),
        Value::Object(object) => properties(object, depth - 1),
    }
}

fn braces(items: impl Iterator<Item = String>) -> String {
    let mut items = items;
    let first: Vec<String> = items.by_ref().take(ENUMERATION_LIMIT).collect();
    let more = if items.next().is_some() { "…" } else { "" };
    format!("{{{}{more}}}", first.join(", "))
}

fn properties(object: &Object, depth: u32) -> String {
    let pairs = object.shape.properties.iter().zip(&object.values);
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", shown(value, depth))).collect();
    format!("@{{{}}}", pairs.join("; "))
}

fn guid(bytes: &[u8; 16]) -> String {
    let mut out = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{byte:02x}"));
    }
    out
}
