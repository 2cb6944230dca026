//! The folder of an audit: who may write there, the lock, the segments, and the sink that appends to the last one.
//!
//! Everything is reached through the folder opened once, never through a link.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};

use crate::chain::{Head, MAX_LINE, seq_of, split};
use crate::error::AuditError;
use crate::sink::{Durable, Sink};

/// The segment that is written. Ended ones are `audit-<number of their last record>.jsonl`.
pub(crate) const CURRENT: &str = "audit.jsonl";
/// The last number and hash, replaced at every record.
pub(crate) const HEAD: &str = "head.json";
const HEAD_NEW: &str = "head.json.new";
/// The signing key, unless the options name another place.
pub(crate) const KEY: &str = "signing.key";

/// An audit folder, checked.
#[derive(Debug)]
pub(crate) struct Folder {
    dir: OwnedFd,
    path: PathBuf,
    /// The account that its files must belong to.
    owner: u32,
}

impl Folder {
    /// Opens the folder, makes it (0700) if it is missing, and takes its lock.
    pub(crate) fn open_for_writing(path: &Path) -> Result<Self, AuditError> {
        if !path.exists() {
            let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(AuditError::io("make the folder of"))?;
        }
        let folder = Self::open(path)?;
        if folder.owner != rustix::process::geteuid().as_raw() {
            let why = "it belongs to another account: `chown` it to the one that runs this".into();
            return Err(AuditError::Untrusted { path: path.into(), why });
        }
        match rustix::fs::flock(&folder.dir, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(folder),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(AuditError::Locked { path: path.into() }),
            Err(e) => Err(AuditError::io("lock")(e.into())),
        }
    }

    /// Opens the folder for reading and checks who could have written there.
    pub(crate) fn open(path: &Path) -> Result<Self, AuditError> {
        let untrusted = |why: &str| AuditError::Untrusted { path: path.into(), why: why.into() };
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let dir = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(dir) => dir,
            Err(rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR) => {
                return Err(untrusted("it is a link or no folder: name the folder itself"));
            }
            Err(e) => return Err(AuditError::io("open the folder of")(e.into())),
        };
        let stat = rustix::fs::fstat(&dir).map_err(|e| AuditError::io("look at the folder of")(e.into()))?;
        if stat.st_mode & 0o022 != 0 {
            return Err(untrusted("others may write there: `chmod go-w` it"));
        }
        Ok(Self { dir, path: path.into(), owner: stat.st_uid })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a writer holds the folder now.
    pub(crate) fn is_written(&self) -> bool {
        let shared = rustix::fs::flock(&self.dir, FlockOperation::NonBlockingLockShared);
        let _ = rustix::fs::flock(&self.dir, FlockOperation::NonBlockingUnlock);
        shared == Err(rustix::io::Errno::WOULDBLOCK)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Opens a file of the folder; none if it is missing.
    pub(crate) fn file(&self, name: &str, flags: OFlags) -> Result<Option<File>, AuditError> {
        let untrusted = |why: &str| AuditError::Untrusted { path: self.at(name), why: why.into() };
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let fd = match rustix::fs::openat(&self.dir, name, flags, Mode::RUSR | Mode::WUSR) {
            Ok(fd) => fd,
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(rustix::io::Errno::LOOP) => return Err(untrusted("it is a link: remove it")),
            Err(e) => return Err(AuditError::io("open a file of")(e.into())),
        };
        let file = File::from(fd);
        let meta = file.metadata().map_err(AuditError::io("look at a file of"))?;
        if !meta.is_file() || meta.uid() != self.owner {
            return Err(untrusted("it is no file of the folder's owner: remove it"));
        }
        if meta.mode() & 0o022 != 0 {
            return Err(untrusted("others may write it: `chmod go-w` it"));
        }
        if meta.nlink() > 1 {
            return Err(untrusted("it has another name elsewhere: remove that"));
        }
        Ok(Some(file))
    }

    /// The head, if there is one.
    pub(crate) fn head(&self) -> Result<Option<Head>, AuditError> {
        let Some(file) = self.file(HEAD, OFlags::RDONLY)? else { return Ok(None) };
        let mut text = Vec::new();
        file.take(1024).read_to_end(&mut text).map_err(AuditError::io("read the head of"))?;
        Head::parse(&text).map(Some).ok_or_else(|| AuditError::Untrusted {
            path: self.at(HEAD),
            why: "it doesn't hold a number and a hash: restore it, or start with another folder".into(),
        })
    }

    /// The names of all segments, in the order of the records they begin with; the current one is last if it is
    /// empty. A segment that an outside tool renamed (`audit.jsonl.1`) counts.
    pub(crate) fn segments(&self) -> Result<Vec<String>, AuditError> {
        let doing = AuditError::io("list the folder of");
        let mut found = Vec::new();
        let entries = match rustix::fs::Dir::read_from(&self.dir) {
            Ok(entries) => entries,
            Err(e) => return Err(doing(e.into())),
        };
        for entry in entries {
            let entry = entry.map_err(|e| AuditError::io("list the folder of")(e.into()))?;
            let Ok(name) = entry.file_name().to_str() else { continue };
            if name.starts_with("audit") && name.contains(".jsonl") {
                let first = self.first_seq(name)?;
                found.push((first.unwrap_or(u64::MAX), name.to_owned()));
            }
        }
        found.sort();
        Ok(found.into_iter().map(|(_, name)| name).collect())
    }

    fn first_seq(&self, name: &str) -> Result<Option<u64>, AuditError> {
        let Some(file) = self.file(name, OFlags::RDONLY)? else { return Ok(None) };
        let mut start = Vec::new();
        file.take(MAX_LINE as u64).read_to_end(&mut start).map_err(AuditError::io("read"))?;
        let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
        Ok(split(line).and_then(|(_, record)| seq_of(record)))
    }

    /// Reads the lines at the end of a segment, newest first, back to the one numbered `back_to`, checks that they
    /// follow on each other, and cuts a torn last line off. Gives the lines' heads and how many bytes were cut.
    pub(crate) fn tail(&self, name: &str, back_to: u64) -> Result<(Vec<Head>, u64), AuditError> {
        let Some(file) = self.file(name, OFlags::RDWR)? else { return Ok((Vec::new(), 0)) };
        let length = file.metadata().map_err(AuditError::io("look at"))?.len();
        let mut window = 2 * MAX_LINE as u64;
        loop {
            let from = length.saturating_sub(window);
            let mut bytes = Vec::new();
            (&file).seek(SeekFrom::Start(from)).map_err(AuditError::io("read"))?;
            (&file).take(length - from).read_to_end(&mut bytes).map_err(AuditError::io("read"))?;
            let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
            let cut = (bytes.len() - whole) as u64;
            let mut lines: Vec<&[u8]> =
                bytes.get(..whole).unwrap_or_default().split_inclusive(|b| *b == b'\n').collect();
            if from > 0 && !lines.is_empty() {
                lines.remove(0);
            }
            let heads = self.heads(&lines, back_to)?;
            if from > 0 && heads.last().is_none_or(|head| head.seq > back_to) {
                window = window.saturating_mul(4);
                continue;
            }
            if cut > 0 {
                file.set_len(length - cut).map_err(AuditError::io("cut the torn line off"))?;
            }
            return Ok((heads, cut));
        }
    }

    fn heads(&self, lines: &[&[u8]], back_to: u64) -> Result<Vec<Head>, AuditError> {
        let mut heads: Vec<Head> = Vec::new();
        let mut newer: Option<(Head, &[u8])> = None;
        for line in lines.iter().rev() {
            let parts = split(line.strip_suffix(b"\n").unwrap_or(line));
            let parsed = parts.and_then(|(hash, r)| seq_of(r).map(|seq| (Head { seq, hash }, r)));
            let Some((head, record)) = parsed else {
                return Err(self.inconsistent(back_to.max(1), "a line at its end is no record"));
            };
            if let Some((after, after_record)) = newer
                && (after.seq != head.seq + 1 || after.hash != head.hash.follow(after_record))
            {
                return Err(self.inconsistent(after.seq, "it doesn't follow on the record before it"));
            }
            heads.push(head);
            if head.seq <= back_to {
                break;
            }
            newer = Some((head, record));
        }
        Ok(heads)
    }

    pub(crate) fn inconsistent(&self, seq: u64, why: &str) -> AuditError {
        AuditError::Inconsistent { path: self.path.clone(), seq, why: why.into() }
    }

    /// The public key that the current segment names in its first record.
    pub(crate) fn key_of_segment(&self) -> Result<Option<String>, AuditError> {
        let Some(file) = self.file(CURRENT, OFlags::RDONLY)? else { return Ok(None) };
        let mut start = Vec::new();
        file.take(4096).read_to_end(&mut start).map_err(AuditError::io("read"))?;
        let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
        let key = split(line)
            .and_then(|(_, record)| serde_json::from_slice::<serde_json::Value>(record).ok())
            .and_then(|record| record.get("key").and_then(|key| key.as_str().map(str::to_owned)));
        Ok(key)
    }

    /// Turns the folder into the sink that appends to its current segment.
    pub(crate) fn into_sink(self) -> Result<FolderSink, AuditError> {
        let file = self.file(CURRENT, OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE)?;
        let file = file.ok_or_else(|| AuditError::io("open")(io::ErrorKind::NotFound.into()))?;
        let length = file.metadata().map_err(AuditError::io("look at"))?.len();
        let file = Arc::new(file);
        Ok(FolderSink {
            folder: self,
            disk: Arc::new(Disk { file: Mutex::new(file.clone()) }),
            file,
            kept: length,
            length,
        })
    }
}

/// Appends to the current segment of a folder.
#[derive(Debug)]
pub(crate) struct FolderSink {
    folder: Folder,
    file: Arc<File>,
    disk: Arc<Disk>,
    /// Length at which the head was last set: what [`Sink::repair`] goes back to.
    kept: u64,
    length: u64,
}

#[derive(Debug)]
struct Disk {
    file: Mutex<Arc<File>>,
}

impl Durable for Disk {
    fn sync(&self) -> io::Result<()> {
        // Cloned out: a slow disk must not hold up whoever appends or rotates.
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner).clone();
        file.sync_data()
    }
}

impl FolderSink {
    fn reopen(&mut self) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE | OFlags::EXCL;
        let file = self.folder.file(CURRENT, flags).map_err(io::Error::other)?;
        let file = Arc::new(file.ok_or(io::ErrorKind::NotFound)?);
        *self.disk.file.lock().unwrap_or_else(PoisonError::into_inner) = file.clone();
        (self.file, self.kept, self.length) = (file, 0, 0);
        Ok(())
    }

    fn number(&self) -> io::Result<u64> {
        Ok(self.folder.head().map_err(io::Error::other)?.unwrap_or_default().seq)
    }
}

impl Sink for FolderSink {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let written = (&*self.file).write(line)?;
        self.length += written as u64;
        if written < line.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn set_head(&mut self, head: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC;
        let new = self.folder.file(HEAD_NEW, flags).map_err(io::Error::other)?;
        let mut new = new.ok_or(io::ErrorKind::NotFound)?;
        new.write_all(head)?;
        rustix::fs::renameat(&self.folder.dir, HEAD_NEW, &self.folder.dir, HEAD)?;
        self.kept = self.length;
        Ok(())
    }

    fn repair(&mut self) -> io::Result<()> {
        self.file.set_len(self.kept)?;
        self.length = self.kept;
        Ok(())
    }

    fn durable(&self) -> Arc<dyn Durable> {
        self.disk.clone()
    }

    fn rotate(&mut self, due: u64) -> io::Result<bool> {
        if self.length < due {
            return Ok(false);
        }
        self.file.sync_data()?;
        let name = format!("audit-{:020}.jsonl", self.number()?);
        let dir = &self.folder.dir;
        rustix::fs::renameat_with(dir, CURRENT, dir, &*name, rustix::fs::RenameFlags::NOREPLACE)?;
        self.reopen()?;
        Ok(true)
    }

    fn missing(&mut self) -> io::Result<bool> {
        let ours = rustix::fs::fstat(self.file.as_fd())?;
        match rustix::fs::statat(&self.folder.dir, CURRENT, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(there) if there.st_ino == ours.st_ino && there.st_dev == ours.st_dev => Ok(false),
            Ok(_) => Err(io::Error::other("another file stands in its place: remove it")),
            Err(rustix::io::Errno::NOENT) => {
                self.reopen()?;
                Ok(true)
            }
            Err(e) => Err(e.into()),
        }
    }
}
