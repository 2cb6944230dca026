//! Records of the audit, in the boundary's words.

use bailiwick_audit::{DecisionRecord, EventRecord, OutcomeRecord, Record, Rule, Source, Verdict};
use bailiwick_objects::{ErrorRecord, Hashtable};
use bailiwick_policy::{DenyReason, RuleRef};

use super::{Attempt, Boundary, audit_unavailable};

impl Boundary {
    pub(super) fn decision(
        &self,
        verdict: Verdict,
        attempt: Attempt<'_>,
        arguments: Hashtable,
    ) -> DecisionRecord {
        let mut record = DecisionRecord::new(self.context.clone(), verdict, attempt.command, arguments);
        attempt.typed.clone_into(&mut record.typed);
        record.invocation = attempt.invocation;
        record
    }

    /// Writes a decision; the effect must not happen if it can't be written.
    pub(super) fn write(&self, record: DecisionRecord) -> Result<u64, Box<ErrorRecord>> {
        self.audit.record(&Record::Decision(record)).map_err(|error| {
            tracing::error!(%error, "the audit can't be written: a command is refused");
            Box::new(audit_unavailable())
        })
    }

    /// What the engine refused by itself, as it told.
    pub(crate) fn engine_refused(&self, kind: &str, name: &str, error_id: &str) {
        let mut record = DecisionRecord::new(self.context.clone(), Verdict::Deny, name, Hashtable::default());
        record.source = Source::Engine;
        record.reason = Some(format!("{kind} ({error_id})"));
        self.note(&Record::Decision(record));
    }

    /// Writes an event.
    ///
    /// # Errors
    /// The audit can't be written: what follows must not happen.
    pub(crate) fn event(&self, event: EventRecord) -> Result<u64, Box<ErrorRecord>> {
        self.audit.record(&Record::Event(event)).map_err(|error| {
            tracing::error!(%error, "the audit can't be written");
            Box::new(audit_unavailable())
        })
    }

    /// An event of this session without particulars.
    pub(crate) fn new_event(&self, name: &str) -> EventRecord {
        EventRecord::new(self.context.clone(), name)
    }

    pub(crate) fn outcome(&self, outcome: OutcomeRecord) {
        self.note(&Record::Outcome(OutcomeRecord { context: self.context.clone(), ..outcome }));
    }

    /// Writes what has happened already; nothing is left to refuse if that fails.
    fn note(&self, record: &Record) {
        if let Err(error) = self.audit.record(record) {
            tracing::error!(%error, "the audit can't be written: a record of what happened is missing");
        }
    }
}

/// A rule in the audit's words.
pub(super) fn rule(from: &RuleRef) -> Rule {
    Rule { file: from.file.to_string(), line: from.line, key: from.key.to_string() }
}

/// The one word of a denial.
pub(super) const fn reason(from: DenyReason) -> &'static str {
    match from {
        DenyReason::CommandNotVisible => "command-not-visible",
        DenyReason::ParameterNotGranted => "parameter-not-granted",
        DenyReason::ParameterMissing => "parameter-missing",
        DenyReason::ValueRefused => "value-refused",
        DenyReason::PathRefused => "path-refused",
        DenyReason::DriveNotGranted => "drive-not-granted",
        DenyReason::Malformed => "malformed",
    }
}
