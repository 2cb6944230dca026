//! Records to JSON: what is masked, what is shortened and said to be, which characters are escaped.
//!
//! A record becomes one line whatever its strings hold; read back as JSON, each string that was kept is what it was.

use bailiwick_objects::{Hashtable, Value};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use crate::key::AuditKey;
use crate::record::{Context, DecisionRecord, EventRecord, OutcomeRecord, Record, Source, Verdict};

/// Strings longer than this (bytes) are kept as hash, length and start.
const LONG_STRING: usize = 2048;
/// How much of a long string is kept, in bytes.
const START: usize = 256;
/// Arguments, details and counts that render longer than this (bytes) are kept as hash and length.
const LONG_VALUE: usize = 64 << 10;
/// Values nested deeper than this are kept as a hash of what they hold. Decoded batches are not.
const DEEP: usize = 64;

/// The record's JSON, on one line.
pub(crate) fn record(seq: u64, time: &str, record: &Record, key: &AuditKey) -> String {
    let mut map = head(seq, time, kind(record));
    match record {
        Record::Decision(r) => decision(&mut map, r, key),
        Record::Outcome(r) => outcome(&mut map, r),
        Record::Event(r) => event(&mut map, r, key),
    }
    text(&Json::Object(map))
}

/// The record that begins a segment: the format and the public key.
pub(crate) fn begin(seq: u64, time: &str, key: &AuditKey) -> String {
    let mut map = head(seq, time, "begin");
    map.insert("format".into(), json!(1));
    map.insert("key".into(), json!(key.public()));
    text(&Json::Object(map))
}

/// The record that signs the one before it.
pub(crate) fn checkpoint(seq: u64, time: &str, signature: &str) -> String {
    let mut map = head(seq, time, "checkpoint");
    map.insert("signature".into(), json!(signature));
    text(&Json::Object(map))
}

fn kind(record: &Record) -> &'static str {
    match record {
        Record::Decision(_) => "decision",
        Record::Outcome(_) => "outcome",
        Record::Event(_) => "event",
    }
}

fn head(seq: u64, time: &str, kind: &str) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("seq".into(), json!(seq));
    map.insert("time".into(), json!(time));
    map.insert("kind".into(), json!(kind));
    map
}

fn context(map: &mut Map<String, Json>, context: &Context) {
    let Context { user, user_id, session, endpoint, policy } = context;
    for (name, value) in [
        ("user", user),
        ("user_id", user_id),
        ("session", session),
        ("endpoint", endpoint),
        ("policy", policy),
    ] {
        if !value.is_empty() {
            map.insert(name.into(), string(value));
        }
    }
}

fn decision(map: &mut Map<String, Json>, r: &DecisionRecord, key: &AuditKey) {
    context(map, &r.context);
    let source = match r.source {
        Source::Host => "host",
        Source::Engine => "engine",
    };
    let verdict = match r.verdict {
        Verdict::Allow => "allow",
        Verdict::Deny => "deny",
    };
    map.insert("source".into(), json!(source));
    map.insert("decision".into(), json!(verdict));
    map.insert("command".into(), string(&r.command));
    map.insert("typed".into(), string(&r.typed));
    map.insert("arguments".into(), bounded(arguments(&r.arguments, key)));
    if let Some(role) = &r.role {
        map.insert("role".into(), string(role));
    }
    if let Some(reason) = &r.reason {
        map.insert("reason".into(), string(reason));
    }
    if let Some(rule) = &r.rule {
        map.insert(
            "rule".into(),
            json!({ "file": string(&rule.file), "line": rule.line, "key": string(&rule.key) }),
        );
    }
    if let Some(invocation) = r.invocation {
        map.insert("invocation".into(), json!(invocation));
    }
}

fn outcome(map: &mut Map<String, Json>, r: &OutcomeRecord) {
    context(map, &r.context);
    if let Some(of) = r.of {
        map.insert("of".into(), json!(of));
    }
    map.insert("command".into(), string(&r.command));
    map.insert("status".into(), string(&r.status));
    if let Some(error) = &r.error {
        map.insert("error".into(), string(error));
    }
    map.insert("micros".into(), json!(r.micros));
    map.insert("output".into(), json!(r.output));
    if r.native > 0 {
        map.insert("native".into(), json!(r.native));
    }
}

fn event(map: &mut Map<String, Json>, r: &EventRecord, key: &AuditKey) {
    context(map, &r.context);
    map.insert("event".into(), string(&r.name));
    let details: Map<String, Json> =
        r.details.iter().map(|(name, detail)| (name.clone(), value(detail, key, 0))).collect();
    if !details.is_empty() {
        map.insert("details".into(), bounded(Json::Object(details)));
    }
}

/// Arguments by name. A table whose keys aren't distinct names is written as any other table.
fn arguments(table: &Hashtable, key: &AuditKey) -> Json {
    let mut map = Map::new();
    for (name, argument) in &table.entries {
        let Value::String(name) = name else { return hashtable(table, key, 0) };
        if map.insert(name.to_string(), value(argument, key, 0)).is_some() {
            return hashtable(table, key, 0);
        }
    }
    Json::Object(map)
}

fn hashtable(table: &Hashtable, key: &AuditKey, depth: usize) -> Json {
    let entries: Vec<Json> = table
        .entries
        .iter()
        .map(|(k, v)| json!([value(k, key, depth + 1), value(v, key, depth + 1)]))
        .collect();
    json!({ "type": "hashtable", "entries": entries })
}

fn value(of: &Value, key: &AuditKey, depth: usize) -> Json {
    if depth > DEEP {
        return json!({ "type": "deep-value", "keyed": key.keyed(format!("{of:?}").as_bytes()) });
    }
    let typed = |name: &str, value: Json| json!({ "type": name, "value": value });
    match of {
        Value::Null => Json::Null,
        Value::Bool(b) => json!(b),
        Value::Int32(n) => json!(n),
        Value::Int64(n) => json!(n),
        Value::Double(n) if n.is_finite() => json!(n),
        Value::Double(n) => typed("double", json!(n.to_string())),
        Value::Decimal(n) => typed("decimal", json!(n.to_string())),
        Value::BigInt(n) => typed("bigint", string(&n.to_string())),
        Value::Char(c) => typed("char", json!(c)),
        Value::String(s) => string(s),
        Value::DateTime(t) => {
            json!({ "type": "datetime", "ticks": t.ticks, "kind": format!("{:?}", t.kind) })
        }
        Value::TimeSpan(t) => typed("timespan", json!(t.0)),
        Value::Guid(bytes) => typed("guid", json!(hex::encode(bytes))),
        Value::Version(parts) => typed("version", json!(parts)),
        Value::Uri(s) => typed("uri", string(s)),
        Value::Bytes(bytes) => {
            json!({ "type": "bytes", "sha256": hex::encode(Sha256::digest(bytes)), "length": bytes.len() })
        }
        Value::Array(items) => items.iter().map(|item| value(item, key, depth + 1)).collect(),
        Value::Hashtable(table) => hashtable(table, key, depth),
        Value::ScriptBlock(s) => typed("scriptblock", string(s)),
        Value::Regex(s) => typed("regex", string(s)),
        Value::SecureString(s) => {
            json!({ "type": "securestring", "value": "***", "keyed": key.keyed(s.as_bytes()) })
        }
        Value::Error(e) => json!({ "type": "error", "id": string(&e.id), "message": string(&e.message) }),
        Value::Object(object) => {
            let names: Vec<Json> = object.shape.type_names.iter().map(|name| string(name)).collect();
            let properties: Vec<Json> = object
                .shape
                .properties
                .iter()
                .zip(&object.values)
                .map(|(name, v)| json!([string(name), value(v, key, depth + 1)]))
                .collect();
            json!({ "type": "object", "names": names, "properties": properties })
        }
    }
}

/// A string, or what stands for one that is too long.
fn string(of: &str) -> Json {
    if of.len() <= LONG_STRING {
        return json!(of);
    }
    let start = of.get(..of.floor_char_boundary(START)).unwrap_or_default();
    json!({
        "type": "long-string",
        "sha256": hex::encode(Sha256::digest(of)),
        "length": of.len(),
        "start": start,
    })
}

/// A value, or what stands for one that renders too long. Secrets are masked by then.
fn bounded(of: Json) -> Json {
    let rendered = text(&of);
    if rendered.len() <= LONG_VALUE {
        return of;
    }
    json!({
        "type": "long-value",
        "sha256": hex::encode(Sha256::digest(&rendered)),
        "length": rendered.len(),
    })
}

/// JSON in ASCII wherever a character could mislead: what isn't plainly visible is written as `\u`.
fn text(of: &Json) -> String {
    // Outside strings JSON is ASCII and has no DEL, so every character replaced here is inside one.
    let plain = of.to_string();
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        if misleads(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Controls (C0 is escaped by JSON already, DEL and C1 are not), line separators, characters without width, the
/// bidirectional controls, interlinear and tag characters, private and unassigned specials.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bailiwick_objects::Value;

    use super::*;

    fn rendered(typed: &str, arguments: Hashtable) -> String {
        let mut decision = DecisionRecord::new(Context::default(), Verdict::Deny, "Get-Item", arguments);
        decision.typed = typed.into();
        record(1, "t", &Record::Decision(decision), &AuditKey::random().unwrap())
    }

    #[test]
    fn row_e58_controls_and_bidirectional_marks_are_escaped_and_come_back() {
        let nasty = "a\n{\"seq\":2}\u{1b}[2J\u{7f}\u{85}\u{9b}\u{202e}\u{2066}\u{200b}\u{e0041}\0\"\\é";
        let line = rendered(nasty, Hashtable::default());
        assert!(!line.chars().any(misleads), "{line}");
        let json: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(json["typed"], nasty);
    }

    #[test]
    fn row_e58_a_long_argument_is_hashed_and_its_length_said() {
        let long = "x".repeat(10 << 20);
        let line = rendered("", Hashtable::of([("Path", Value::from(long.as_str()))]));
        let json: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(json["arguments"]["Path"]["length"], 10 << 20);
        assert_eq!(json["arguments"]["Path"]["sha256"], hex::encode(Sha256::digest(&long)));
        assert!(line.len() < 4096);
    }

    #[test]
    fn row_e58_many_arguments_are_hashed_as_one() {
        let many = Value::Array((0..100_000).map(Value::Int32).collect());
        let json: Json = serde_json::from_str(&rendered("", Hashtable::of([("Id", many)]))).unwrap();
        assert_eq!(json["arguments"]["type"], "long-value");
    }

    #[test]
    fn row_e60_a_secret_is_masked_and_can_only_be_compared() {
        let key = AuditKey::random().unwrap();
        let secret = Value::SecureString(Arc::from("canary-8431"));
        let once = value(&secret, &key, 0).to_string();
        assert!(!once.contains("canary"));
        assert_eq!(once, value(&secret, &key, 0).to_string());
        assert_ne!(once, value(&Value::SecureString(Arc::from("other")), &key, 0).to_string());
        assert_ne!(once, value(&secret, &AuditKey::random().unwrap(), 0).to_string());
    }

    #[test]
    fn a_deep_value_is_replaced_and_said_to_be() {
        let mut deep = Value::SecureString(Arc::from("canary"));
        for _ in 0..200 {
            deep = Value::Array(vec![deep]);
        }
        let line = rendered("", Hashtable::of([("A", deep)]));
        assert!(line.contains("deep-value") && !line.contains("canary"));
    }
}
