//! Quota: how many bytes and names a drive holds, counted for all who write to it.
//!
//! One `Account` a root, shared by every session that has the drive open, with one lock: what an operation needs is
//! taken before it is done and corrected by what it did, so the sum over all writers never passes the limit. A
//! file counts with its length, holes included; a folder counts as a name. A file that was removed while someone
//! holds it open counts until it is closed.

use std::collections::HashMap;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat};

use crate::errors::{Failure, Outcome};

/// Names that a drive may hold for each so many bytes of its quota.
///
/// Empty files cost no bytes but do cost the file system: without a limit on names, a quota on bytes could be passed by
/// any number of them.
const BYTES_A_NAME: u64 = 4096;
/// Names that a drive may hold at least.
const NAMES_AT_LEAST: u64 = 1000;
/// Folders deeper than this aren't measured. Each level costs a descriptor while a drive is measured, and all sessions
/// share them.
const DEPTH: usize = 128;

/// What a root holds.
#[derive(Debug)]
pub(crate) struct Account {
    used: Mutex<Used>,
}

/// What a drive may hold, on the account of its root.
#[derive(Debug, Clone)]
pub(crate) struct Quota {
    pub(crate) account: Arc<Account>,
    /// In bytes.
    pub(crate) limit: u64,
}

/// What a drive holds.
#[derive(Debug, Default)]
pub(crate) struct Used {
    bytes: u64,
    names: u64,
    open: HashMap<u64, Open>,
}

#[derive(Debug, Default)]
struct Open {
    count: usize,
    /// It has no name any more: its bytes come back when the last holder closes it.
    removed: bool,
}

impl Account {
    /// An account of what is in a root now.
    pub(crate) fn measure(root: BorrowedFd<'_>) -> rustix::io::Result<Self> {
        let mut used = Used::default();
        measure(root, &mut used, 0)?;
        Ok(Self { used: Mutex::new(used) })
    }

    /// Bytes and names in use.
    pub(crate) fn used(&self) -> (u64, u64) {
        let used = self.lock();
        (used.bytes, used.names)
    }

    /// Holds the account for one operation.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Quota {
    /// Holds the account for one operation.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Used> {
        self.account.lock()
    }

    /// Does `change`, which makes a file of `size` bytes at most `to` bytes long and gives its length afterwards, if
    /// there is room for it.
    pub(crate) fn resize(
        &self,
        used: &mut Used,
        drive: &str,
        size: u64,
        to: u64,
        change: impl FnOnce() -> Outcome<u64>,
    ) -> Outcome<()> {
        let more = to.saturating_sub(size);
        if more > 0 && used.bytes.saturating_add(more) > self.limit {
            return Err(Failure::quota(drive, &format!("{} bytes", self.limit)));
        }
        let after = change()?;
        used.bytes = used.bytes.saturating_sub(size).saturating_add(after);
        Ok(())
    }

    /// Does `make`, which makes a name, if there is room for one.
    pub(crate) fn name<T>(
        &self,
        used: &mut Used,
        drive: &str,
        make: impl FnOnce() -> Outcome<T>,
    ) -> Outcome<T> {
        let limit = (self.limit / BYTES_A_NAME).max(NAMES_AT_LEAST);
        if used.names >= limit {
            return Err(Failure::quota(drive, &format!("{limit} files and folders")));
        }
        let made = make()?;
        used.names += 1;
        Ok(made)
    }
}

impl Used {
    /// A name of this object was removed.
    pub(crate) fn removed(&mut self, was: &Stat) {
        self.names = self.names.saturating_sub(1);
        if FileType::from_raw_mode(was.st_mode) != FileType::RegularFile || was.st_nlink > 1 {
            return;
        }
        match self.open.get_mut(&was.st_ino) {
            Some(open) => open.removed = true,
            None => self.bytes = self.bytes.saturating_sub(size(was)),
        }
    }
}

/// One holder of an open file, known to the account until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    account: Arc<Account>,
    ino: u64,
}

impl Held {
    /// Under the account's lock, so that no removal comes between the open and this.
    pub(crate) fn new(account: &Arc<Account>, used: &mut Used, ino: u64) -> Self {
        used.open.entry(ino).or_default().count += 1;
        Self { account: account.clone(), ino }
    }

    /// The file is about to be closed by this holder.
    pub(crate) fn release(&self, file: BorrowedFd<'_>) {
        let mut used = self.account.lock();
        let Some(open) = used.open.get_mut(&self.ino) else { return };
        open.count -= 1;
        if open.count > 0 {
            return;
        }
        let removed = open.removed;
        used.open.remove(&self.ino);
        if removed && let Ok(stat) = rustix::fs::fstat(file) {
            used.bytes = used.bytes.saturating_sub(size(&stat));
        }
    }
}

/// A file's length.
pub(crate) fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

fn measure(dir: BorrowedFd<'_>, used: &mut Used, depth: usize) -> rustix::io::Result<()> {
    if depth > DEPTH {
        // What one user nests must not keep the drive from others: it opens, and counts as full.
        (used.bytes, used.names) = (u64::MAX, u64::MAX);
        return Ok(());
    }
    let mut folders = Vec::new();
    for entry in Dir::read_from(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        used.names = used.names.saturating_add(1);
        let stat = rustix::fs::statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => used.bytes = used.bytes.saturating_add(size(&stat)),
            FileType::Directory => folders.push(name.to_owned()),
            _ => {}
        }
    }
    for name in folders {
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let inner = rustix::fs::openat(dir, name, flags, Mode::empty())?;
        measure(inner.as_fd(), used, depth + 1)?;
    }
    Ok(())
}
