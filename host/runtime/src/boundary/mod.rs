//! The boundary of a session: every effectful command passes here. Bound records are decoded, checked against the
//! installed metadata, decided, recorded, re-encoded, and only then fed to a plugin.

mod capability;
pub(crate) mod form;
mod record;
pub(crate) mod running;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick_audit::{Audit, Context, Verdict};
use bailiwick_capability::Caller;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Hashtable};
use bailiwick_policy::{Allowed, Authority, Decision, Denial, DenyReason};

use crate::account::Account;
use crate::command::Command;
use crate::plugin::instance::Warm;
use crate::roster::Granted;
use crate::sandbox::Sandbox;

/// What a session may do and where that is recorded. One for each session, for its whole life.
pub(crate) struct Boundary {
    pub(crate) authority: Authority,
    pub(crate) audit: Audit,
    /// Who and where, as every record of this session says it.
    pub(crate) context: Context,
    pub(crate) sandbox: Sandbox,
    /// What each role holds.
    pub(crate) granted: BTreeMap<Arc<str>, Granted>,
    pub(crate) account: Arc<Account>,
    pub(crate) warm: Warm,
}

impl std::fmt::Debug for Boundary {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Boundary").field("context", &self.context).finish_non_exhaustive()
    }
}

/// An attempt: what is to run, as it was typed and as it is bound.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) command: &'a str,
    pub(crate) typed: &'a str,
    /// The first decision of the same invocation.
    pub(crate) invocation: Option<u64>,
}

impl Boundary {
    /// Who a capability acts for: this session's user, in one role.
    pub(crate) fn caller(&self, role: &str) -> Caller {
        Caller::new(self.context.clone(), role, self.audit.clone())
    }

    /// Decides one record. What comes back as allowed is on record already.
    ///
    /// # Errors
    /// The refusal, as the caller may see it.
    pub(crate) fn decide(
        &self,
        command: &Command,
        attempt: Attempt<'_>,
        arguments: Hashtable,
    ) -> Result<(Allowed, u64), Box<ErrorRecord>> {
        let decision = match self.authority.bind(attempt.command, &arguments) {
            Ok(record) => self.authority.decide(record),
            Err(denial) => Decision::Deny(denial),
        };
        match decision {
            Decision::Allow(allowed) => {
                let mut record = self.decision(Verdict::Allow, attempt, allowed.arguments());
                record.role = Some(allowed.role.to_string());
                record.rule = Some(record::rule(&allowed.rule));
                let sequence = self.write(record)?;
                Ok((allowed, sequence))
            }
            Decision::Deny(denial) => {
                command.refused.store(true, Ordering::Relaxed);
                self.record_denial(attempt, arguments, &denial)?;
                Err(Box::new(denial.to_error_record()))
            }
        }
    }

    /// Records the refusal of what is no bound record at all.
    ///
    /// # Errors
    /// The audit can't be written.
    fn record_malformed(&self, attempt: Attempt<'_>) -> Result<(), Box<ErrorRecord>> {
        let mut record = self.decision(Verdict::Deny, attempt, Hashtable::default());
        record.reason = Some(record::reason(DenyReason::Malformed).to_owned());
        self.write(record).map(|_sequence| ())
    }

    fn record_denial(
        &self,
        attempt: Attempt<'_>,
        arguments: Hashtable,
        denial: &Denial,
    ) -> Result<(), Box<ErrorRecord>> {
        let mut record = self.decision(Verdict::Deny, attempt, arguments);
        record.reason = Some(record::reason(denial.reason).to_owned());
        record.rule = denial.rule.as_ref().map(record::rule);
        self.write(record).map(|_sequence| ())
    }
}

/// The refusal of an effect that can't be recorded.
pub(crate) fn audit_unavailable() -> ErrorRecord {
    let mut record = ErrorRecord::new(
        "AuditUnavailable",
        ErrorCategory::ResourceUnavailable,
        "the host can't write its audit, and nothing that has an effect runs without it",
    );
    record.help = Arc::from("tell the operator; commands run again once the audit can be written");
    record
}
