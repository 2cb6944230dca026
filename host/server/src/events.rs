//! What the door puts on record: who came in, who was refused, who broke the protocol. Refusals of peers that nobody
//! knows are limited by the minute, and those left out are counted, so that strangers can't fill the disk.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bailiwick_audit::{Audit, AuditError, Context, EventRecord, Record};
use bailiwick_policy::Subject;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::Instant;

use crate::identity::{Credential, LoginError};

/// Refusals of strangers that are recorded in a minute.
const STRANGERS_PER_MINUTE: u32 = 60;
const MINUTE: Duration = Duration::from_secs(60);

/// Writes the door's events.
#[derive(Debug)]
pub(crate) struct Events {
    audit: Audit,
    policy: String,
    strangers: Mutex<Strangers>,
}

#[derive(Debug)]
struct Strangers {
    since: Instant,
    written: u32,
    left_out: u32,
}

impl Events {
    pub(crate) fn new(audit: Audit, policy: &str) -> Self {
        let strangers = Strangers { since: Instant::now(), written: 0, left_out: 0 };
        Self { audit, policy: policy.to_owned(), strangers: Mutex::new(strangers) }
    }

    /// A peer was taken in. It must be on record before it is told so.
    ///
    /// # Errors
    /// The audit can't be written.
    pub(crate) fn authenticated(&self, subject: &Subject, peer: &str) -> Result<(), AuditError> {
        let event = EventRecord::new(self.context(Some(subject)), "authenticated").with("peer", peer);
        self.audit.record(&Record::Event(event)).map(|_sequence| ())
    }

    /// A peer was refused.
    pub(crate) fn refused(&self, error: LoginError, credential: &Credential, peer: &str) {
        let mut event = EventRecord::new(self.context(None), "authentication-failed")
            .with("peer", peer)
            .with("reason", error.to_string());
        if let Credential::Certificate(spki) = credential {
            event = event.with("certificate", format!("spki-sha256:{}", STANDARD.encode(spki)));
        }
        self.stranger(event);
    }

    /// A TLS handshake failed: no certificate, a wrong signature, not TLS at all.
    pub(crate) fn handshake_failed(&self, error: &str, peer: &str) {
        let event =
            EventRecord::new(self.context(None), "handshake-failed").with("peer", peer).with("reason", error);
        self.stranger(event);
    }

    /// A peer broke the protocol.
    pub(crate) fn protocol_error(&self, subject: Option<&Subject>, error: &str, peer: &str) {
        let event = EventRecord::new(self.context(subject), "protocol-error")
            .with("peer", peer)
            .with("reason", error);
        match subject {
            Some(_known) => self.write(event),
            None => self.stranger(event),
        }
    }

    /// A connection that had an identity ended.
    pub(crate) fn closed(&self, subject: &Subject, reason: &str, peer: &str) {
        let event = EventRecord::new(self.context(Some(subject)), "connection-closed")
            .with("peer", peer)
            .with("reason", reason);
        self.write(event);
    }

    fn stranger(&self, event: EventRecord) {
        let left_out = {
            let mut strangers = self.strangers.lock().unwrap_or_else(PoisonError::into_inner);
            if strangers.since.elapsed() >= MINUTE {
                strangers.since = Instant::now();
                strangers.written = 0;
            }
            if strangers.written >= STRANGERS_PER_MINUTE {
                strangers.left_out = strangers.left_out.saturating_add(1);
                return;
            }
            strangers.written += 1;
            std::mem::take(&mut strangers.left_out)
        };
        let event = if left_out > 0 { event.with("left-out", i64::from(left_out)) } else { event };
        self.write(event);
    }

    fn write(&self, event: EventRecord) {
        if let Err(error) = self.audit.record(&Record::Event(event)) {
            tracing::error!(%error, "the audit can't be written: an event of a connection is missing");
        }
    }

    fn context(&self, subject: Option<&Subject>) -> Context {
        Context {
            user: subject.map(|subject| subject.user.to_string()).unwrap_or_default(),
            user_id: subject.map(|subject| subject.id.to_string()).unwrap_or_default(),
            policy: self.policy.clone(),
            ..Context::default()
        }
    }
}
