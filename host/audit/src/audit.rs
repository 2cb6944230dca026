//! The writer: numbers records, chains them, hands them to a sink and signs checkpoints.
//!
//! It fails closed: after a failed write nothing is recorded, and so nothing with an effect runs, until the sink can
//! be written again; the next record after that carries the next number, so a failure leaves no hole.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::chain::{Head, MAX_LINE, line};
use crate::error::AuditError;
use crate::folder::{CURRENT, Folder, KEY};
use crate::key::AuditKey;
use crate::record::{Context, EventRecord, Record};
use crate::render;
use crate::sink::{Durable, Sink};

/// A checkpoint is signed after so many records.
const CHECKPOINT_RECORDS: u64 = 1000;
/// A checkpoint is signed after so long, if there is anything to sign.
const CHECKPOINT_TIME: Duration = Duration::from_secs(60);
/// A segment that has grown past this is ended.
const SEGMENT_BYTES: u64 = 64 << 20;
/// How long a record waits for a disk that another waiter is already waiting for.
const DISK_WAIT: Duration = Duration::from_secs(5);

/// Where the writer's time comes from.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// When a record counts as kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyncMode {
    /// `write(2)` has returned: survives a kill of the host, not of the machine.
    #[default]
    Written,
    /// `fdatasync(2)` has returned, one shared by all who wait.
    Disk,
}

/// How an audit is kept.
#[derive(Clone)]
pub struct Options {
    /// When a record counts as kept.
    pub sync: SyncMode,
    /// The signing key's file, made if missing; none: `signing.key` in the folder.
    pub key: Option<PathBuf>,
    /// A segment that has grown past so many bytes is ended.
    pub segment_bytes: u64,
    /// How long a record waits for a disk that another is already waiting for.
    pub disk_wait: Duration,
    /// Where time comes from.
    pub clock: Clock,
}

impl Default for Options {
    /// Written, the key in the folder, segments of 64 MiB, 5 s for the disk, the system's clock.
    fn default() -> Self {
        Self {
            sync: SyncMode::Written,
            key: None,
            segment_bytes: SEGMENT_BYTES,
            disk_wait: DISK_WAIT,
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("sync", &self.sync).field("key", &self.key).finish_non_exhaustive()
    }
}

/// What was found in the folder at the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The last record's number; 0: the log is new.
    pub last: u64,
    /// Bytes of a torn last line that were cut off.
    pub cut: u64,
    /// Whole records that a kill left after the head, taken over.
    pub adopted: u64,
    /// First and last number of records that are gone. The chain goes on after them, and verification names them.
    pub missing: Option<(u64, u64)>,
}

impl Recovery {
    /// Whether the last writer ended in order.
    pub fn clean(&self) -> bool {
        self.cut == 0 && self.adopted == 0 && self.missing.is_none()
    }
}

/// The audit. Clones write to the same log.
#[derive(Clone)]
pub struct Audit(Arc<Kind>);

enum Kind {
    Discarding(AtomicU64),
    Keeping(Box<Writer>),
}

struct Writer {
    key: AuditKey,
    sync: SyncMode,
    segment_bytes: u64,
    clock: Clock,
    state: Mutex<State>,
    disk: Disk,
}

struct State {
    head: Head,
    sink: Box<dyn Sink>,
    /// Something was appended that the head doesn't cover.
    dirty: bool,
    closed: bool,
    /// A segment was begun whose first record isn't written yet.
    begin: bool,
    unsigned: u64,
    signed_at: SystemTime,
}

impl fmt::Debug for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Discarding(_) => f.write_str("Audit(discarding)"),
            Kind::Keeping(writer) => f.debug_tuple("Audit").field(&writer.lock().head).finish(),
        }
    }
}

impl Audit {
    /// Opens the audit in a folder, which is made if it is missing.
    ///
    /// # Errors
    /// Others could write there, another process does, it has been tampered with, or it can't be written.
    pub fn open(dir: &Path, options: Options) -> Result<(Self, Recovery), AuditError> {
        let folder = Folder::open_for_writing(dir)?;
        let key = AuditKey::open_or_create(&options.key.clone().unwrap_or_else(|| folder.path().join(KEY)))?;
        let (head, recovery, begin) = recover(&folder, &key)?;
        let sink = Box::new(folder.into_sink()?);
        let audit = Self::start(sink, key, options, head, begin);
        if !recovery.clean() {
            let mut event = EventRecord::new(Context::default(), "audit-recovered");
            for (name, count) in [("cut", recovery.cut), ("adopted", recovery.adopted)] {
                event = event.with(name, i64::try_from(count).unwrap_or(i64::MAX));
            }
            if let Some((first, last)) = recovery.missing {
                event = event.with("missing", format!("{first}-{last}"));
            }
            audit.record(&Record::Event(event))?;
        } else if let Kind::Keeping(writer) = &*audit.0 {
            writer.ready(&mut writer.lock())?;
        }
        Ok((audit, recovery))
    }

    /// An audit over a sink of the caller's, with a key of its own. Its chain begins at record 1.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn with_sink(sink: Box<dyn Sink>, options: Options) -> Result<Self, AuditError> {
        Ok(Self::start(sink, AuditKey::random()?, options, Head::default(), true))
    }

    /// An audit that keeps nothing: for sessions in the user's own process.
    pub fn discarding() -> Self {
        Self(Arc::new(Kind::Discarding(AtomicU64::new(0))))
    }

    fn start(sink: Box<dyn Sink>, key: AuditKey, options: Options, head: Head, begin: bool) -> Self {
        let (device, patience) = (sink.durable(), options.disk_wait);
        let disk = Disk { device, patience, state: Mutex::default(), changed: Condvar::new() };
        let signed_at = (options.clock)();
        let state = State { head, sink, dirty: false, closed: false, begin, unsigned: 0, signed_at };
        Self(Arc::new(Kind::Keeping(Box::new(Writer {
            key,
            sync: options.sync,
            segment_bytes: options.segment_bytes,
            clock: options.clock,
            state: Mutex::new(state),
            disk,
        }))))
    }

    /// Records, and returns the record's number once it is kept as [`Options::sync`] says.
    ///
    /// # Errors
    /// It isn't kept: whatever was to follow on it must not happen.
    pub fn record(&self, record: &Record) -> Result<u64, AuditError> {
        let writer = match &*self.0 {
            Kind::Discarding(seq) => return Ok(seq.fetch_add(1, Ordering::Relaxed) + 1),
            Kind::Keeping(writer) => writer,
        };
        let seq = {
            let mut state = writer.lock();
            writer.ready(&mut state)?;
            let seq =
                writer.append(&mut state, |seq, time| render::record(seq, time, record, &writer.key))?;
            state.unsigned += 1;
            // The record stands whether or not it can be signed now; a failed write shows at the next record.
            if let Err(error) = writer.sign_if_due(&mut state) {
                tracing::error!(%error, "no checkpoint");
            }
            seq
        };
        if writer.sync == SyncMode::Disk {
            writer.disk.wait(seq, || writer.lock().head.seq)?;
        }
        Ok(seq)
    }

    /// Signs a checkpoint if one is due: call it every few seconds, since an idle log has no other occasion.
    ///
    /// # Errors
    /// It can't be written.
    pub fn tick(&self) -> Result<(), AuditError> {
        let Kind::Keeping(writer) = &*self.0 else { return Ok(()) };
        let mut state = writer.lock();
        if state.closed {
            return Ok(());
        }
        writer.ready(&mut state)?;
        writer.sign_if_due(&mut state)
    }

    /// Waits until everything recorded is on the disk.
    ///
    /// # Errors
    /// The disk failed.
    pub fn flush(&self) -> Result<(), AuditError> {
        let Kind::Keeping(writer) = &*self.0 else { return Ok(()) };
        writer.disk.device.sync().map_err(AuditError::io("flush"))
    }

    /// Signs what is unsigned, waits for the disk and refuses records from now on.
    ///
    /// # Errors
    /// It can't be written.
    pub fn close(&self) -> Result<(), AuditError> {
        let Kind::Keeping(writer) = &*self.0 else { return Ok(()) };
        {
            let mut state = writer.lock();
            if state.closed {
                return Ok(());
            }
            writer.ready(&mut state)?;
            if state.unsigned > 0 {
                writer.sign(&mut state)?;
            }
            state.closed = true;
        }
        self.flush()
    }

    /// The public key that verifies the checkpoints, in hexadecimal; none if nothing is kept.
    pub fn public_key(&self) -> Option<String> {
        match &*self.0 {
            Kind::Discarding(_) => None,
            Kind::Keeping(writer) => Some(writer.key.public()),
        }
    }
}

impl Writer {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the sink fit to be appended to: undoes a failed write, notices a log that was taken away, begins a
    /// segment.
    fn ready(&self, state: &mut State) -> Result<(), AuditError> {
        if state.closed {
            return Err(AuditError::Closed);
        }
        if state.dirty {
            state.sink.repair().map_err(AuditError::io("repair"))?;
            state.dirty = false;
        }
        let missing = state.sink.missing().map_err(AuditError::io("find the log of"))?;
        if missing || state.sink.rotate(self.segment_bytes).map_err(AuditError::io("rotate"))? {
            state.begin = true;
        }
        if state.begin {
            self.append(state, |seq, time| render::begin(seq, time, &self.key))?;
            state.begin = false;
        }
        if missing {
            tracing::error!(last = state.head.seq, "the audit log was removed while it was written");
            let event = EventRecord::new(Context::default(), "audit-log-removed");
            let event = Record::Event(event);
            self.append(state, |seq, time| render::record(seq, time, &event, &self.key))?;
        }
        Ok(())
    }

    fn append(&self, state: &mut State, render: impl FnOnce(u64, &str) -> String) -> Result<u64, AuditError> {
        let seq = state.head.seq + 1;
        let record = render(seq, &timestamp((self.clock)()));
        let hash = state.head.hash.follow(record.as_bytes());
        let line = line(hash, &record);
        if line.len() > MAX_LINE {
            let source = std::io::Error::new(std::io::ErrorKind::FileTooLarge, "the record is too long");
            return Err(AuditError::Io { doing: "write", source });
        }
        let head = Head { seq, hash };
        state.dirty = true;
        let written =
            state.sink.append(line.as_bytes()).and_then(|()| state.sink.set_head(head.to_line().as_bytes()));
        if let Err(source) = written {
            tracing::error!(error = %source, "the audit can't be written: commands with an effect are refused");
            state.dirty = state.sink.repair().is_err();
            return Err(AuditError::Io { doing: "write", source });
        }
        state.dirty = false;
        state.head = head;
        Ok(seq)
    }

    fn sign_if_due(&self, state: &mut State) -> Result<(), AuditError> {
        let waited = (self.clock)().duration_since(state.signed_at).unwrap_or_default();
        let due = state.unsigned >= CHECKPOINT_RECORDS || (state.unsigned > 0 && waited >= CHECKPOINT_TIME);
        if due { self.sign(state) } else { Ok(()) }
    }

    fn sign(&self, state: &mut State) -> Result<(), AuditError> {
        let signature = self.key.sign(state.head);
        let Head { seq, hash } = state.head;
        self.append(state, |next, time| render::checkpoint(next, time, &signature))?;
        (state.unsigned, state.signed_at) = (0, (self.clock)());
        // To the system's log too, which whoever rewrites this folder doesn't hold.
        tracing::info!(target: "bailiwick::audit::checkpoint", seq, %hash, signature, "audit checkpoint");
        Ok(())
    }
}

fn timestamp(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// Decides where the chain goes on: the head to follow on, what was found, and whether the current segment is empty.
fn recover(folder: &Folder, key: &AuditKey) -> Result<(Head, Recovery, bool), AuditError> {
    if folder.key_of_segment()?.is_some_and(|theirs| theirs != key.public()) {
        return Err(AuditError::OtherKey { path: folder.path().into() });
    }
    let saved = folder.head()?;
    let back_to = saved.unwrap_or_default().seq;
    let (mut heads, cut) = folder.tail(CURRENT, back_to)?;
    let begin = heads.is_empty();
    if begin {
        // Between ending a segment and beginning the next there is none that is current.
        let ended = folder.segments()?.into_iter().rfind(|name| name != CURRENT);
        if let Some(ended) = ended {
            heads = folder.tail(&ended, back_to)?.0;
        }
    }
    let last = heads.first().copied().unwrap_or_default();
    let mut recovery = Recovery { last: last.seq, cut, ..Recovery::default() };
    let Some(saved) = saved else {
        if last.seq > 1 {
            return Err(
                folder.inconsistent(last.seq + 1, "`head.json` is missing, so records after it may be too")
            );
        }
        recovery.adopted = last.seq;
        return Ok((last, recovery, begin));
    };
    if last.seq < saved.seq {
        recovery.missing = Some((last.seq + 1, saved.seq));
        recovery.last = saved.seq;
        return Ok((saved, recovery, begin));
    }
    match heads.last() {
        Some(at_head) if *at_head == saved => {}
        None if saved.seq == 0 => {}
        _ => return Err(folder.inconsistent(saved.seq, "its hash is not the one in `head.json`")),
    }
    recovery.adopted = last.seq - saved.seq;
    Ok((last, recovery, begin))
}

/// One `fdatasync` for all who wait: whoever comes first does it, the others wait for one that began after their
/// record was written.
struct Disk {
    device: Arc<dyn Durable>,
    patience: Duration,
    state: Mutex<DiskState>,
    changed: Condvar,
}

#[derive(Default)]
struct DiskState {
    /// Records up to this number are on the disk.
    synced: u64,
    busy: bool,
}

impl Disk {
    fn wait(&self, seq: u64, written: impl Fn() -> u64) -> Result<(), AuditError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.synced < seq {
            if state.busy {
                let waited = self.changed.wait_timeout(state, self.patience);
                let (next, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                state = next;
                if timeout.timed_out() && state.busy && state.synced < seq {
                    return Err(AuditError::Slow);
                }
                continue;
            }
            state.busy = true;
            drop(state);
            let up_to = written();
            let result = self.device.sync();
            state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.busy = false;
            self.changed.notify_all();
            result.map_err(AuditError::io("flush"))?;
            state.synced = state.synced.max(up_to);
        }
        Ok(())
    }
}
