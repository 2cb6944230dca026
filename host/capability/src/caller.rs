//! Who is asking, for the audit: a capability records what it refuses at its own boundary.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick_audit::{Audit, Context, EventRecord, Record};
use bailiwick_objects::Value;

use crate::limits::REFUSALS_LISTED;
use crate::reason::Reason;

/// One role's use of capabilities in one session. Clones count together.
#[derive(Debug, Clone)]
pub struct Caller(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    context: Context,
    role: Arc<str>,
    audit: Audit,
    refusals: AtomicU64,
}

impl Caller {
    /// A caller whose refusals go to `audit`.
    pub fn new(context: Context, role: impl Into<Arc<str>>, audit: Audit) -> Self {
        Self(Arc::new(Inner { context, role: role.into(), audit, refusals: AtomicU64::new(0) }))
    }

    /// A caller of the user's own process: nothing is recorded.
    pub fn unrecorded() -> Self {
        Self::new(Context::default(), "", Audit::discarding())
    }

    /// Who, where, under which policy.
    pub fn context(&self) -> &Context {
        &self.0.context
    }

    /// The role whose grants are used.
    pub fn role(&self) -> &str {
        &self.0.role
    }

    /// Records that a capability refused. After [`REFUSALS_LISTED`] they are counted only, and the count recorded at
    /// the end, so that a guest can't flood the audit.
    pub fn refused(&self, capability: &str, reason: &Reason) {
        if self.0.refusals.fetch_add(1, Ordering::Relaxed) >= REFUSALS_LISTED {
            return;
        }
        self.0.record(
            "capability-refused",
            [
                ("capability", Value::from(capability)),
                ("reason", Value::from(reason.id.as_str())),
                ("message", Value::from(reason.message.as_str())),
            ],
        );
    }
}

impl Inner {
    fn record<const N: usize>(&self, name: &str, details: [(&str, Value); N]) {
        let mut event = EventRecord::new(self.context.clone(), name).with("role", &*self.role);
        for (name, value) in details {
            event = event.with(name, value);
        }
        // What was refused has no effect, so it stays refused whether or not it could be recorded.
        if let Err(error) = self.audit.record(&Record::Event(event)) {
            tracing::error!(%error, event = name, "not recorded");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let more = self.refusals.load(Ordering::Relaxed).saturating_sub(REFUSALS_LISTED);
        if more > 0 {
            let count = Value::Int64(i64::try_from(more).unwrap_or(i64::MAX));
            self.record("capability-refusals-unlisted", [("count", count)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_audit::{Options, read};

    use super::*;

    #[test]
    fn refusals_are_recorded_up_to_a_number_and_then_counted() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit");
        let audit = Audit::open(&path, Options::default()).unwrap().0;
        let caller = Caller::new(Context { user: "alice".into(), ..Context::default() }, "reader", audit);
        for _ in 0..REFUSALS_LISTED + 7 {
            caller.refused("drives", &Reason::new("QuotaExceeded", "drive `User` is full"));
        }
        drop(caller);
        let records: Vec<_> = read(&path).unwrap().map(Result::unwrap).skip(1).collect();
        assert_eq!(records.len() as u64, REFUSALS_LISTED + 1);
        assert_eq!(records[0].fields["details"]["reason"], "QuotaExceeded");
        assert_eq!(records.last().unwrap().fields["details"]["count"], 7);
    }
}
