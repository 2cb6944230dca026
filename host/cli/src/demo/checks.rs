//! What the steps of the tour are checked for: the records they gave, and the world outside of the session.

use std::fs;
use std::path::PathBuf;

use bailiwick_objects::{ErrorRecord, Value};
use bailiwick_runtime::Outcome;

/// What came of a step.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) output: Vec<Value>,
    pub(super) errors: Vec<ErrorRecord>,
    pub(super) outcome: Outcome,
    /// Where the user's own drive is on this machine.
    pub(super) own_drive: PathBuf,
}

/// Says what is wrong with what came of a step.
pub(super) type Check = fn(&Seen) -> Result<(), String>;

/// There is output.
pub(super) fn gives_something(seen: &Seen) -> Result<(), String> {
    if seen.output.is_empty() { Err("it gave nothing".to_owned()) } else { Ok(()) }
}

/// There are no errors, whatever else there is: an empty folder is listed as nothing.
pub(super) const fn runs(_seen: &Seen) -> Result<(), String> {
    Ok(())
}

/// The first lines of the machine's own list of accounts.
pub(super) fn is_the_list_of_accounts(seen: &Seen) -> Result<(), String> {
    let file = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    let same = file.lines().zip(&seen.output).all(|(line, value)| value.as_str() == Some(line));
    if same && !seen.output.is_empty() { Ok(()) } else { Err("it is not what /etc/passwd holds".to_owned()) }
}

/// One object with the numbers that were counted.
pub(super) fn is_a_measure(seen: &Seen) -> Result<(), String> {
    match seen.output.as_slice() {
        [Value::Object(object)] if object.get("Count").is_some() => Ok(()),
        other => Err(format!("one measure was expected, not {} records", other.len())),
    }
}

/// The note is a file on the user's own drive.
pub(super) fn the_note_is_on_the_drive(seen: &Seen) -> Result<(), String> {
    let path = seen.own_drive.join("note.txt");
    let text = fs::read_to_string(path).map_err(|error| format!("there is no note: {error}"))?;
    if text.contains("restarted") { Ok(()) } else { Err("the note says something else".to_owned()) }
}

/// The note is gone from the user's own drive.
pub(super) fn the_note_is_gone(seen: &Seen) -> Result<(), String> {
    if seen.own_drive.join("note.txt").exists() { Err("the note is still there".to_owned()) } else { Ok(()) }
}

/// The session stands in the logs.
pub(super) fn is_among_the_logs(seen: &Seen) -> Result<(), String> {
    match seen.outcome.location.trim_end_matches('/') {
        "Logs:" => Ok(()),
        other => Err(format!("the location is `{other}`")),
    }
}

/// The answer to everything, kept in a variable and squared by a function.
pub(super) fn is_the_square(seen: &Seen) -> Result<(), String> {
    match seen.output.as_slice() {
        [Value::Int32(1764)] => Ok(()),
        other => Err(format!("1764 was expected, not {other:?}")),
    }
}
