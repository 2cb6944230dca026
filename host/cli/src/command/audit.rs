//! `bailiwick audit`: a host's record of what was decided and done, read back and proved.

use std::path::PathBuf;

use bailiwick_audit::{Anchor, Hash, StoredRecord, read, verify_against};
use bailiwick_policy::host_config::HostConfig;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value as Json;

use crate::arguments::{Answer, AnswerOutput};
use crate::exit::{Exit, Problem};
use crate::output::{line, note};
use crate::{inert, json};

/// Work on an audit.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Show the records of an audit, the oldest first
    Show(Show),
    /// Prove that no record was changed, removed or added
    Verify(Verify),
}

/// What to show.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The audit's folder [default: /var/lib/bailiwick/audit]
    folder: Option<PathBuf>,
    /// Show only the records of this user
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Show only the records of this session
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Show only the records of this kind
    #[arg(long, value_name = "KIND", value_enum)]
    kind: Option<Kind>,
    /// Show only the decisions that denied something
    #[arg(long)]
    denied: bool,
    #[command(flatten)]
    output: AnswerOutput,
}

/// Kinds of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// What was allowed or denied
    Decision,
    /// How commands ended
    Outcome,
    /// Everything else that happened
    Event,
}

/// What to prove, and against what.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The audit's folder [default: /var/lib/bailiwick/audit]
    folder: Option<PathBuf>,
    /// The public key (hexadecimal) that must have signed it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A record that is known from elsewhere, by its number and hash
    #[arg(long, value_name = "NUMBER:HASH", value_parser = record)]
    record: Option<(u64, Hash)>,
}

fn record(text: &str) -> Result<(u64, Hash), String> {
    let parsed =
        text.split_once(':').and_then(|(number, hash)| Some((number.parse().ok()?, Hash::parse(hash)?)));
    parsed.ok_or_else(|| "give the record's number, a colon and 64 hexadecimal digits".to_owned())
}

/// Does it.
///
/// # Errors
/// The audit can't be read, or it is broken.
pub(crate) fn run(verb: Verb) -> Result<Exit, Problem> {
    match verb {
        Verb::Show(args) => show(&args),
        Verb::Verify(args) => verify(args),
    }
}

fn show(args: &Show) -> Result<Exit, Problem> {
    let folder = folder(args.folder.clone())?;
    let records = read(&folder).map_err(|error| Problem::Failed(error.to_string()))?;
    for record in records {
        let record = record.map_err(|error| Problem::Failed(error.to_string()))?;
        if args.admits(&record) {
            match args.output.format {
                Answer::Text => line(&text(&record))?,
                Answer::Json => line(&json_line(&record))?,
            }
        }
    }
    Ok(Exit::Done)
}

impl Show {
    fn admits(&self, record: &StoredRecord) -> bool {
        let is = |name: &str, wanted: &Option<String>| {
            wanted.as_deref().is_none_or(|wanted| field(record, name) == Some(wanted))
        };
        let kind = self.kind.is_none_or(|kind| {
            record.kind
                == match kind {
                    Kind::Decision => "decision",
                    Kind::Outcome => "outcome",
                    Kind::Event => "event",
                }
        });
        kind && is("user", &self.user)
            && is("session", &self.session)
            && (!self.denied || field(record, "decision") == Some("deny"))
    }
}

fn field<'r>(record: &'r StoredRecord, name: &str) -> Option<&'r str> {
    record.fields.get(name)?.as_str()
}

/// One line for people: when, who, what, and why.
fn text(record: &StoredRecord) -> String {
    let field = |name: &str| field(record, name).unwrap_or_default();
    let mut words = vec![record.seq.to_string(), record.time.clone(), record.kind.clone()];
    let who = [field("user"), field("endpoint")];
    if !field("user").is_empty() {
        words.push(who.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join("@"));
    }
    for name in ["event", "decision", "status", "command"] {
        if !field(name).is_empty() {
            words.push(field(name).to_owned());
        }
    }
    for name in ["arguments", "details"] {
        if let Some(value) = record.fields.get(name).filter(|value| !is_empty(value)) {
            words.push(value.to_string());
        }
    }
    for name in ["reason", "error"] {
        if !field(name).is_empty() {
            words.push(format!("{name}: {}", field(name)));
        }
    }
    if let Some(rule) = record.fields.get("rule") {
        let part = |name: &str| rule.get(name).and_then(Json::as_str).unwrap_or_default();
        let at = rule.get("line").and_then(Json::as_u64).unwrap_or_default();
        words.push(format!("rule: {} ({}:{at})", part("key"), part("file")));
    }
    inert::line(&words.join("  "))
}

fn is_empty(value: &Json) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// The record's own JSON with its hash. Control characters stay escaped.
fn json_line(record: &StoredRecord) -> String {
    let mut fields = record.fields.clone();
    fields.insert("hash".to_owned(), Json::String(record.hash.to_string()));
    json::escaped(&Json::Object(fields).to_string())
}

/// The audit's folder: the one named, else the usual one.
fn folder(named: Option<PathBuf>) -> Result<PathBuf, Problem> {
    let folder = named.unwrap_or_else(|| HostConfig::default().audit.path);
    if folder.is_dir() {
        return Ok(folder);
    }
    let shown = folder.display();
    Err(Problem::Failed(format!(
        "there is no audit at `{shown}`: name the folder that `host.toml` has under `[audit]`"
    )))
}

fn verify(args: Verify) -> Result<Exit, Problem> {
    let folder = folder(args.folder)?;
    let anchor = Anchor { key: args.key, record: args.record };
    match verify_against(&folder, &anchor) {
        Ok(summary) => {
            let kinds: Vec<_> = summary.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
            line(&format!("intact: {} records ({})", summary.last, kinds.join(", ")))?;
            line(&format!("last record: {}:{}", summary.last, summary.hash))?;
            line(&format!("signed up to record {} by {}", summary.signed, summary.key))?;
            Ok(Exit::Done)
        }
        Err(broken) => {
            note(&broken.to_string());
            Ok(Exit::Failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::record;

    #[test]
    fn an_anchor_is_a_number_and_a_hash() {
        let hash = "0123456789abcdef".repeat(4);
        assert_eq!(record(&format!("7:{hash}")).unwrap().0, 7);
        for wrong in ["", "7", &hash, "7:", &format!("x:{hash}"), &format!("7:{}", hash.to_uppercase())] {
            assert!(record(wrong).is_err(), "{wrong}");
        }
    }
}
