//! The hash-chained record of what was decided and done.
//!
//! [`Audit`] appends [`Record`]s to JSON lines in a folder of its own; [`verify()`] proves that none was edited, removed,
//! reordered or added, and names the first that was; [`read()`] gives them back. `docs/audit.md` is the format.
//!
//! What is recorded when is the caller's duty: the host records a decision before its effect and refuses the effect
//! when [`Audit::record`] fails. Nothing here decides anything, and nothing is ever dropped silently.
#![forbid(unsafe_code)]

mod audit;
mod chain;
mod error;
mod folder;
mod key;
mod read;
mod record;
mod render;
mod sink;
mod verify;

pub use audit::{Audit, Clock, Options, Recovery, SyncMode};
pub use chain::Hash;
pub use error::AuditError;
pub use key::AuditKey;
pub use read::{ReadError, Reader, StoredRecord, read};
pub use record::{Context, DecisionRecord, EventRecord, OutcomeRecord, Record, Rule, Source, Verdict};
pub use sink::{Durable, Sink};
pub use verify::{Anchor, Broken, Fault, Summary, verify, verify_against};
