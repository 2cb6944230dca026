//! The writer: order, failure, recovery, who may write where.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it fails")]

use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, SystemTime};

use bailiwick_audit::{
    Audit, AuditError, Context, DecisionRecord, Durable, EventRecord, Fault, Options, Record, Sink, SyncMode,
    Verdict, read, verify,
};
use bailiwick_objects::{Hashtable, Value};

fn event(name: &str) -> Record {
    Record::Event(EventRecord::new(Context::default(), name))
}

fn many(audit: &Audit, count: usize) {
    for _ in 0..count {
        audit.record(&event("many")).unwrap();
    }
}

fn opened(dir: &Path) -> Audit {
    Audit::open(dir, Options::default()).unwrap().0
}

fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let audit = dir.path().join("audit");
    (dir, audit)
}

/// A sink in memory whose writes fail while it is told to.
#[derive(Clone, Default)]
struct Faulty {
    full: Arc<AtomicBool>,
    short: Arc<AtomicBool>,
    log: Arc<Mutex<Vec<u8>>>,
    kept: Arc<AtomicU64>,
    syncs: Arc<AtomicU64>,
    disk_fails: Arc<AtomicBool>,
    /// A disk that confirms nothing before so many lines are written.
    patience: u64,
    lines: Arc<AtomicU64>,
}

impl Sink for Faulty {
    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        let mut log = self.log.lock().unwrap();
        if self.short.load(Ordering::SeqCst) {
            log.extend(&line[..line.len() / 2]);
        }
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        log.extend(line);
        self.lines.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn set_head(&mut self, _: &[u8]) -> io::Result<()> {
        self.kept.store(self.log.lock().unwrap().len() as u64, Ordering::SeqCst);
        Ok(())
    }

    fn repair(&mut self) -> io::Result<()> {
        self.log.lock().unwrap().truncate(self.kept.load(Ordering::SeqCst) as usize);
        Ok(())
    }

    fn durable(&self) -> Arc<dyn Durable> {
        Arc::new(self.clone())
    }
}

impl Durable for Faulty {
    fn sync(&self) -> io::Result<()> {
        while self.lines.load(Ordering::SeqCst) < self.patience {
            std::thread::yield_now();
        }
        self.syncs.fetch_add(1, Ordering::SeqCst);
        if self.disk_fails.load(Ordering::SeqCst) { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

#[test]
fn row_e55_a_full_disk_is_an_error_and_leaves_no_torn_record() {
    let sink = Faulty::default();
    let audit = Audit::with_sink(Box::new(sink.clone()), Options::default()).unwrap();
    assert_eq!(audit.record(&event("a")).unwrap(), 2);
    sink.full.store(true, Ordering::SeqCst);
    sink.short.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        assert!(matches!(audit.record(&event("lost")), Err(AuditError::Io { .. })));
    }
    let log = sink.log.lock().unwrap().clone();
    assert_eq!(log.last(), Some(&b'\n'));
    assert!(!String::from_utf8(log).unwrap().contains("lost"));
}

#[test]
fn row_e55_recording_goes_on_when_space_returns_without_a_hole() {
    let sink = Faulty::default();
    let audit = Audit::with_sink(Box::new(sink.clone()), Options::default()).unwrap();
    audit.record(&event("a")).unwrap();
    sink.full.store(true, Ordering::SeqCst);
    audit.record(&event("lost")).unwrap_err();
    sink.full.store(false, Ordering::SeqCst);
    assert_eq!(audit.record(&event("b")).unwrap(), 3);
}

#[test]
fn row_e55_a_disk_that_fails_to_confirm_is_an_error() {
    let sink = Faulty::default();
    let options = Options { sync: SyncMode::Disk, ..Options::default() };
    let audit = Audit::with_sink(Box::new(sink.clone()), options).unwrap();
    audit.record(&event("a")).unwrap();
    sink.disk_fails.store(true, Ordering::SeqCst);
    assert!(matches!(audit.record(&event("b")), Err(AuditError::Io { .. })));
    sink.disk_fails.store(false, Ordering::SeqCst);
    audit.record(&event("c")).unwrap();
}

#[test]
fn row_e56_whoever_waits_for_a_disk_that_hangs_gives_up_in_time() {
    let sink = Faulty { patience: 100, ..Faulty::default() };
    let options = Options { sync: SyncMode::Disk, disk_wait: Duration::ZERO, ..Options::default() };
    let audit = Audit::with_sink(Box::new(sink.clone()), options).unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| audit.record(&event("hangs")));
        while sink.lines.load(Ordering::SeqCst) < 2 {
            std::thread::yield_now();
        }
        // Whichever of the two leads hangs; the other must not.
        let second = scope.spawn(|| audit.record(&event("waits")));
        while !first.is_finished() && !second.is_finished() {
            std::thread::yield_now();
        }
        sink.lines.store(100, Ordering::SeqCst);
        let answers = [first.join().unwrap(), second.join().unwrap()];
        assert_eq!(answers.iter().filter(|answer| matches!(answer, Err(AuditError::Slow))).count(), 1);
    });
}

#[test]
fn row_e55_a_folder_that_can_not_be_written_refuses_and_recovers() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    // A folder in the way of the new head: unlike permissions, it stops root as well.
    std::fs::create_dir(path.join("head.json.new")).unwrap();
    assert!(audit.record(&event("lost")).is_err());
    assert!(audit.record(&event("lost")).is_err());
    std::fs::remove_dir(path.join("head.json.new")).unwrap();
    audit.record(&event("kept")).unwrap();
    assert_eq!(verify(&path).unwrap().kinds["event"], 1);
}

#[test]
fn row_e59_every_record_is_there_once_and_in_the_order_of_its_number() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    let start = Arc::new(Barrier::new(8));
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let (audit, start) = (audit.clone(), start.clone());
            std::thread::spawn(move || {
                start.wait();
                (0..50).map(|n| audit.record(&event(&format!("{writer}.{n}"))).unwrap()).collect::<Vec<_>>()
            })
        })
        .collect();
    let mut given: Vec<u64> = writers.into_iter().flat_map(|w| w.join().unwrap()).collect();
    given.sort_unstable();
    let stored: Vec<_> = read(&path).unwrap().map(Result::unwrap).filter(|r| r.kind == "event").collect();
    assert_eq!(stored.iter().map(|r| r.seq).collect::<Vec<_>>(), given);
    assert_eq!(verify(&path).unwrap().kinds["event"], 400);
}

#[test]
fn row_e59_a_record_is_in_the_file_when_the_call_returns() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    let decision = DecisionRecord::new(
        Context::default(),
        Verdict::Allow,
        "Set-Content",
        Hashtable::of([("Path", Value::from("User:/a"))]),
    );
    let seq = audit.record(&Record::Decision(decision)).unwrap();
    let last = read(&path).unwrap().last().unwrap().unwrap();
    assert_eq!((last.seq, last.fields["command"].as_str()), (seq, Some("Set-Content")));
}

#[test]
fn waiters_for_the_disk_share_one_confirmation() {
    // The record that begins the log and one of each writer: the first confirmation waits for all of them.
    let sink = Faulty { patience: 9, ..Faulty::default() };
    let options = Options { sync: SyncMode::Disk, ..Options::default() };
    let audit = Audit::with_sink(Box::new(sink.clone()), options).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| many(&audit, 1));
        }
    });
    assert!(sink.syncs.load(Ordering::SeqCst) <= 2);
}

#[test]
fn a_checkpoint_is_signed_after_a_thousand_records() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    for _ in 0..1000 {
        audit.record(&event("x")).unwrap();
    }
    assert_eq!(verify(&path).unwrap().signed, 1001);
}

#[test]
fn a_checkpoint_is_signed_after_a_minute_if_there_is_something_to_sign() {
    let (_dir, path) = folder();
    let minutes = Arc::new(AtomicU64::new(0));
    let now = minutes.clone();
    let clock = move || SystemTime::UNIX_EPOCH + Duration::from_secs(60 * now.load(Ordering::SeqCst));
    let audit = Audit::open(&path, Options { clock: Arc::new(clock), ..Options::default() }).unwrap().0;
    audit.record(&event("x")).unwrap();
    audit.tick().unwrap();
    assert_eq!(verify(&path).unwrap().signed, 0);
    minutes.store(1, Ordering::SeqCst);
    audit.tick().unwrap();
    assert_eq!(verify(&path).unwrap().signed, 2);
    minutes.store(9, Ordering::SeqCst);
    audit.tick().unwrap();
    assert_eq!(verify(&path).unwrap().kinds["checkpoint"], 1);
}

#[test]
fn a_closed_audit_is_signed_to_its_end_and_refuses_more() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    audit.record(&event("x")).unwrap();
    audit.close().unwrap();
    assert!(matches!(audit.record(&event("y")), Err(AuditError::Closed)));
    let summary = verify(&path).unwrap();
    assert_eq!(summary.signed, summary.last - 1);
}

#[test]
fn a_log_goes_on_where_the_last_writer_stopped() {
    let (_dir, path) = folder();
    opened(&path).record(&event("a")).unwrap();
    let (audit, recovery) = Audit::open(&path, Options::default()).unwrap();
    assert!(recovery.clean());
    assert_eq!(audit.record(&event("b")).unwrap(), 3);
    verify(&path).unwrap();
}

#[test]
fn a_torn_last_line_is_cut_and_said() {
    let (_dir, path) = folder();
    opened(&path).record(&event("a")).unwrap();
    let log = path.join("audit.jsonl");
    let mut bytes = std::fs::read(&log).unwrap();
    bytes.extend(b"{\"hash\":\"00");
    std::fs::write(&log, bytes).unwrap();
    assert!(matches!(verify(&path).unwrap_err().fault, Fault::Torn));
    let recovery = Audit::open(&path, Options::default()).unwrap().1;
    assert_eq!(recovery.cut, 11);
    assert_eq!(verify(&path).unwrap().kinds["event"], 2);
}

#[test]
fn a_record_that_a_kill_left_after_the_head_is_taken_over() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    audit.record(&event("a")).unwrap();
    let head = std::fs::read(path.join("head.json")).unwrap();
    audit.record(&event("b")).unwrap();
    drop(audit);
    std::fs::write(path.join("head.json"), head).unwrap();
    assert!(matches!(verify(&path).unwrap_err().fault, Fault::PastHead));
    assert_eq!(Audit::open(&path, Options::default()).unwrap().1.adopted, 1);
    verify(&path).unwrap();
}

#[test]
fn row_e57_a_log_that_lost_its_end_goes_on_after_it_and_stays_broken() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    many(&audit, 4);
    drop(audit);
    let log = path.join("audit.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    let kept: String = text.split_inclusive('\n').take(3).collect();
    std::fs::write(&log, kept).unwrap();
    let recovery = Audit::open(&path, Options::default()).unwrap().1;
    assert_eq!(recovery.missing, Some((4, 5)));
    assert_eq!(verify(&path).unwrap_err().seq, 4);
}

#[test]
fn row_e61_a_second_writer_is_refused() {
    let (_dir, path) = folder();
    let first = opened(&path);
    assert!(matches!(Audit::open(&path, Options::default()), Err(AuditError::Locked { .. })));
    drop(first);
    opened(&path);
}

#[test]
fn row_e61_a_folder_that_is_a_link_is_refused() {
    let (dir, path) = folder();
    opened(&path);
    let link = dir.path().join("link");
    symlink(&path, &link).unwrap();
    assert!(matches!(Audit::open(&link, Options::default()), Err(AuditError::Untrusted { .. })));
}

#[test]
fn row_e61_a_folder_or_file_that_others_may_write_is_refused() {
    let (_dir, path) = folder();
    opened(&path).record(&event("a")).unwrap();
    for (target, open, shut) in [
        (path.clone(), 0o770, 0o700),
        (path.join("audit.jsonl"), 0o602, 0o600),
        (path.join("head.json"), 0o620, 0o600),
    ] {
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(open)).unwrap();
        assert!(
            matches!(Audit::open(&path, Options::default()), Err(AuditError::Untrusted { .. })),
            "{target:?}"
        );
        std::fs::set_permissions(&target, std::fs::Permissions::from_mode(shut)).unwrap();
    }
    opened(&path);
}

#[test]
fn row_e61_a_log_that_is_a_link_or_has_another_name_is_refused() {
    let (dir, path) = folder();
    drop(opened(&path));
    let log = path.join("audit.jsonl");
    let other = dir.path().join("other");
    std::fs::hard_link(&log, &other).unwrap();
    assert!(matches!(Audit::open(&path, Options::default()), Err(AuditError::Untrusted { .. })));
    std::fs::remove_file(&log).unwrap();
    symlink(&other, &log).unwrap();
    assert!(matches!(Audit::open(&path, Options::default()), Err(AuditError::Untrusted { .. })));
}

#[test]
fn row_e61_a_log_deleted_while_open_is_begun_again_and_the_gap_shows() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    audit.record(&event("a")).unwrap();
    std::fs::remove_file(path.join("audit.jsonl")).unwrap();
    assert_eq!(audit.record(&event("b")).unwrap(), 5);
    let names: Vec<String> = read(&path)
        .unwrap()
        .filter_map(|r| r.unwrap().fields.get("event").and_then(|e| e.as_str().map(str::to_owned)))
        .collect();
    assert_eq!(names, ["audit-log-removed", "b"]);
    assert_eq!(verify(&path).unwrap_err().seq, 1);
}

#[test]
fn row_e61_a_log_renamed_while_open_stays_part_of_the_chain() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    audit.record(&event("a")).unwrap();
    std::fs::rename(path.join("audit.jsonl"), path.join("audit.jsonl.1")).unwrap();
    audit.record(&event("b")).unwrap();
    assert_eq!(verify(&path).unwrap().last, 5);
}

#[test]
fn row_e61_a_stranger_in_the_logs_place_is_refused_until_it_is_gone() {
    let (_dir, path) = folder();
    let audit = opened(&path);
    let log = path.join("audit.jsonl");
    std::fs::rename(&log, path.join("audit.jsonl.1")).unwrap();
    std::fs::write(&log, "").unwrap();
    assert!(audit.record(&event("lost")).is_err());
    std::fs::remove_file(&log).unwrap();
    audit.record(&event("kept")).unwrap();
    verify(&path).unwrap();
}

#[test]
fn a_long_log_is_kept_in_segments_of_one_chain() {
    let (_dir, path) = folder();
    let options = || Options { segment_bytes: 2000, ..Options::default() };
    let audit = Audit::open(&path, options()).unwrap().0;
    many(&audit, 60);
    drop(audit);
    let segments = std::fs::read_dir(&path)
        .unwrap()
        .filter(|e| e.as_ref().unwrap().file_name().to_str().unwrap().ends_with(".jsonl"));
    assert!(segments.count() > 3);
    let (audit, recovery) = Audit::open(&path, options()).unwrap();
    assert!(recovery.clean());
    audit.record(&event("b")).unwrap();
    assert_eq!(verify(&path).unwrap().kinds["event"], 61);
}

#[test]
fn a_log_of_another_key_is_refused() {
    let (_dir, path) = folder();
    drop(opened(&path));
    std::fs::remove_file(path.join("signing.key")).unwrap();
    assert!(matches!(Audit::open(&path, Options::default()), Err(AuditError::OtherKey { .. })));
}

#[test]
fn a_discarding_audit_counts_and_keeps_nothing() {
    let audit = Audit::discarding();
    assert_eq!((audit.record(&event("a")).unwrap(), audit.record(&event("b")).unwrap()), (1, 2));
    assert_eq!(audit.public_key(), None);
    audit.close().unwrap();
}
