//! Error records as PowerShell's concise view shows them, with the rule that refused and what to do about it.

use bailiwick_objects::{ErrorCategory, ErrorRecord};

use super::inert;
use super::layout::wrap;

/// The text of an error record, without a line break at its end.
pub fn error_text(record: &ErrorRecord, width: u32) -> String {
    let width = usize::try_from(width.clamp(super::NARROWEST, super::WIDEST)).unwrap_or(80);
    let message = inert::lines(&record.message);
    let mut out = format!("{}: ", inert::line(&who(record)));
    match &record.position {
        // A one-line command that names itself needs no pointing at.
        Some(position)
            if record.category == ErrorCategory::ParserError
                || position.line > 1
                || record.command.is_empty() =>
        {
            let shown = inert::line(&position.text);
            let before = usize::try_from(position.column.saturating_sub(1)).unwrap_or(0);
            let before = " ".repeat(before.min(shown.chars().count()));
            out = format!("{}\nLine |\n{:4} |  {shown}\n     |  {before}~", out.trim_end(), position.line);
            for line in wrap(&message, width.saturating_sub(7).max(1)) {
                out.push_str(&format!("\n     | {line}"));
            }
        }
        _ => out.push_str(&message),
    }
    if let Some(refusal) = record.refusal.as_ref().filter(|refusal| !refusal.rule.is_empty()) {
        out.push_str(&format!("\n  rule: {}", inert::line(&refusal.rule)));
    }
    if !record.help.is_empty() {
        out.push_str(&format!("\n  help: {}", inert::line(&record.help)));
    }
    out
}

fn who(record: &ErrorRecord) -> String {
    match (record.category, &*record.command) {
        (ErrorCategory::ParserError, _) => "ParserError".into(),
        (ErrorCategory::NotSpecified, "") => "Error".into(),
        (category, "") => format!("{category:?}"),
        (_, command) => command.to_owned(),
    }
}
