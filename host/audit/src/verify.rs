//! Verification: from the first record to the head, each number, each hash, each signature; the first that is wrong
//! is named.

use std::collections::BTreeMap;
use std::path::Path;

use crate::chain::{Hash, Head, split};
use crate::error::AuditError;
use crate::folder::Folder;
use crate::key::signature_holds;
use crate::read::{Lines, StoredRecord, parse};

/// What a sound log holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Number of the last record.
    pub last: u64,
    /// Its hash: kept elsewhere, it is an anchor for the next verification.
    pub hash: Hash,
    /// Number of the last record that a signature covers.
    pub signed: u64,
    /// The public key of the signatures, in hexadecimal.
    pub key: String,
    /// How many records of each kind.
    pub kinds: BTreeMap<String, u64>,
}

/// What is known of a log from elsewhere: an earlier verification, or a checkpoint in the system's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchor {
    /// The public key that must have signed.
    pub key: Option<String>,
    /// A record that must be there, with its hash.
    pub record: Option<(u64, Hash)>,
}

/// The first thing wrong with a log.
#[derive(Debug, thiserror::Error)]
#[error("the audit is broken at record {seq}{}: {fault}", place.as_ref().map(|p| format!(" (`{p}`)")).unwrap_or_default())]
pub struct Broken {
    /// The first record that is missing or wrong.
    pub seq: u64,
    /// File and line, if it has a place.
    pub place: Option<String>,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Another stands where it should.
    #[error("record {found} stands in its place: it was removed, moved or put in twice")]
    Misplaced {
        /// The number found.
        found: u64,
    },
    /// Its bytes and its hash don't agree with the record before it.
    #[error("it doesn't match its hash: it, or the record before it, was changed")]
    Changed,
    /// Its line isn't a record.
    #[error("its line holds no record")]
    Malformed,
    /// Its line has no end.
    #[error(
        "its line breaks off: the host was killed while writing, or the end was cut; starting the host repairs the first"
    )]
    Torn,
    /// The log ends before it.
    #[error(
        "the log ends before it, though record {head} was written: its end was cut, or an older copy put in its place"
    )]
    Truncated {
        /// The last record known to have been written.
        head: u64,
    },
    /// The log has it, but the head hasn't.
    #[error(
        "it stands after the last record that the head knows: it was added by someone else, or the host was killed while writing; starting the host tells which"
    )]
    PastHead,
    /// The head names another hash for it.
    #[error("its hash isn't the one known from elsewhere")]
    OtherHash,
    /// A checkpoint that the log's key didn't sign.
    #[error("the checkpoint's signature doesn't hold")]
    Signature,
    /// It names another key.
    #[error("it names another signing key")]
    OtherKey,
    /// There is nothing to verify.
    #[error("there is no log, or its head is missing")]
    Empty,
    /// It can't be read.
    #[error(transparent)]
    Unreadable(#[from] AuditError),
}

/// Verifies the log in a folder by itself: its chain, its signatures and its head.
///
/// # Errors
/// The first record that is missing or wrong.
pub fn verify(dir: &Path) -> Result<Summary, Broken> {
    verify_against(dir, &Anchor::default())
}

/// Verifies the log in a folder, also against what is known of it from elsewhere.
///
/// # Errors
/// The first record that is missing or wrong.
pub fn verify_against(dir: &Path, anchor: &Anchor) -> Result<Summary, Broken> {
    let unreadable = |e: AuditError| Broken { seq: 1, place: None, fault: e.into() };
    let folder = Folder::open(dir).map_err(unreadable)?;
    // The head first: a host that is writing only adds to the log after it.
    let head = folder.head().map_err(unreadable)?;
    let Some(head) = head.filter(|head| head.seq > 0) else {
        return Err(Broken { seq: 1, place: None, fault: Fault::Empty });
    };
    // Then records after it may be the newest of whoever writes.
    let live = folder.is_written();
    let mut check = Check { summary: Summary::default(), last: Head::default(), key: anchor.key.clone() };
    for line in Lines::open(folder).map_err(unreadable)? {
        let seq = check.last.seq + 1;
        let line = line.map_err(|e| Broken { seq, place: None, fault: e.into() })?;
        if seq > head.seq && live {
            break;
        }
        let broken = |fault| Broken { seq, place: Some(format!("{}:{}", line.file, line.number)), fault };
        if !line.whole {
            return Err(broken(Fault::Torn));
        }
        let parts = split(&line.bytes).and_then(|(hash, bytes)| Some((parse(hash, bytes)?, bytes)));
        let (record, bytes) = parts.ok_or_else(|| broken(Fault::Malformed))?;
        check.record(&record, bytes).map_err(&broken)?;
        let known = [Some((head.seq, head.hash)), anchor.record];
        if known.into_iter().flatten().any(|(n, hash)| n == seq && hash != record.hash) {
            return Err(broken(Fault::OtherHash));
        }
        if seq > head.seq {
            return Err(broken(Fault::PastHead));
        }
    }
    let due = head.seq.max(anchor.record.map_or(0, |(seq, _)| seq));
    if check.last.seq < due {
        return Err(Broken { seq: check.last.seq + 1, place: None, fault: Fault::Truncated { head: due } });
    }
    Ok(Summary {
        last: check.last.seq,
        hash: check.last.hash,
        key: check.key.unwrap_or_default(),
        ..check.summary
    })
}

struct Check {
    summary: Summary,
    last: Head,
    key: Option<String>,
}

impl Check {
    fn record(&mut self, record: &StoredRecord, bytes: &[u8]) -> Result<(), Fault> {
        if record.seq != self.last.seq + 1 {
            return Err(Fault::Misplaced { found: record.seq });
        }
        if record.hash != self.last.hash.follow(bytes) {
            return Err(Fault::Changed);
        }
        let field = |name: &str| record.fields.get(name).and_then(|v| v.as_str()).unwrap_or_default();
        match record.kind.as_str() {
            "begin" => {
                let key = self.key.get_or_insert_with(|| field("key").to_owned());
                if key != field("key") {
                    return Err(Fault::OtherKey);
                }
            }
            "checkpoint" => {
                let key = self.key.as_deref().unwrap_or_default();
                if !signature_holds(key, self.last, field("signature")) {
                    return Err(Fault::Signature);
                }
                self.summary.signed = self.last.seq;
            }
            _ => {}
        }
        *self.summary.kinds.entry(record.kind.clone()).or_default() += 1;
        self.last = Head { seq: record.seq, hash: record.hash };
        Ok(())
    }
}
