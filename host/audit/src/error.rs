//! Why the audit can't be opened or written. Whoever sees one of these must not go on to the effect.

use std::io;
use std::path::PathBuf;

/// Why nothing was recorded.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The folder, or a file in it, could be changed by someone else.
    #[error("won't keep the audit in `{}`: {why}", path.display())]
    Untrusted {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        why: String,
    },
    /// Another process writes there.
    #[error("another process keeps its audit in `{}`: stop it or choose another folder", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// What is there contradicts itself.
    #[error(
        "the audit in `{}` has been tampered with at record {seq}: {why}; keep the folder as evidence and start with another",
        path.display()
    )]
    Inconsistent {
        /// The folder.
        path: PathBuf,
        /// The first record that doesn't fit.
        seq: u64,
        /// How.
        why: String,
    },
    /// The log was written with another signing key.
    #[error(
        "the audit in `{}` was signed with another key: bring that key back or start with another folder",
        path.display()
    )]
    OtherKey {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("can't {doing} the audit: {source}; commands with an effect are refused until it can be written")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The disk took too long to confirm.
    #[error("the audit's disk didn't confirm in time; commands with an effect are refused until it does")]
    Slow,
    /// It was closed.
    #[error("the audit has been closed")]
    Closed,
}

impl AuditError {
    pub(crate) fn io(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { doing, source }
    }
}
