//! Each way to tamper, at every position: the verifier names the first record that is wrong.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::path::{Path, PathBuf};

use bailiwick_audit::{
    Anchor, Audit, Context, EventRecord, Fault, Options, Record, read, verify, verify_against,
};
use bailiwick_objects::Value;
use proptest::prelude::*;

/// Records in the log under test, the one that begins it included.
const RECORDS: usize = 40;

struct Log {
    _dir: tempfile::TempDir,
    path: PathBuf,
    lines: Vec<String>,
}

fn log() -> Log {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit");
    let audit = Audit::open(&path, Options::default()).unwrap().0;
    for n in 1..RECORDS {
        audit.record(&event(&format!("number {n}"))).unwrap();
    }
    let text = std::fs::read_to_string(path.join("audit.jsonl")).unwrap();
    Log { _dir: dir, path, lines: text.split_inclusive('\n').map(str::to_owned).collect() }
}

fn event(name: &str) -> Record {
    Record::Event(EventRecord::new(Context::default(), name))
}

impl Log {
    fn with(&self, lines: &[String]) -> (u64, Fault) {
        std::fs::write(self.path.join("audit.jsonl"), lines.concat()).unwrap();
        let broken = verify(&self.path).unwrap_err();
        (broken.seq, broken.fault)
    }
}

fn chained(after: &str, record: &str) -> String {
    let hash: String = after.chars().skip(9).take(64).collect();
    let hash = bailiwick_audit::Hash::parse(&hash).unwrap().follow(record.as_bytes());
    format!("{{\"hash\":\"{hash}\",\"record\":{record}}}\n")
}

#[test]
fn row_e57_an_untouched_log_verifies() {
    let log = log();
    let summary = verify(&log.path).unwrap();
    assert_eq!((summary.last, summary.kinds["event"]), (RECORDS as u64, RECORDS as u64 - 1));
}

#[test]
fn row_e57_an_edited_byte_is_found() {
    let log = log();
    for at in 0..RECORDS {
        let mut lines = log.lines.clone();
        lines[at] = lines[at].replacen("\"time\":\"2", "\"time\":\"3", 1);
        assert!(matches!(log.with(&lines), (seq, Fault::Changed) if seq == at as u64 + 1));
    }
}

#[test]
fn row_e57_an_edited_record_with_its_hash_made_anew_is_found_at_the_next() {
    let log = log();
    for at in 1..RECORDS - 1 {
        let mut lines = log.lines.clone();
        let record: String = lines[at].chars().skip(84).collect();
        let record = record.trim_end().strip_suffix('}').unwrap().replace("number", "nimber");
        lines[at] = chained(&lines[at - 1], &record);
        assert!(matches!(log.with(&lines), (seq, Fault::Changed) if seq == at as u64 + 2));
    }
}

#[test]
fn row_e57_a_deleted_record_is_found() {
    let log = log();
    for at in 0..RECORDS - 1 {
        let mut lines = log.lines.clone();
        lines.remove(at);
        assert!(matches!(log.with(&lines), (seq, Fault::Misplaced { .. }) if seq == at as u64 + 1));
    }
}

#[test]
fn row_e57_swapped_records_are_found() {
    let log = log();
    for at in 0..RECORDS - 1 {
        let mut lines = log.lines.clone();
        lines.swap(at, at + 1);
        assert!(matches!(log.with(&lines), (seq, Fault::Misplaced { .. }) if seq == at as u64 + 1));
    }
}

#[test]
fn row_e57_a_truncated_tail_is_found() {
    let log = log();
    for kept in 0..RECORDS {
        assert!(
            matches!(log.with(&log.lines[..kept]), (seq, Fault::Truncated { .. }) if seq == kept as u64 + 1)
        );
    }
}

#[test]
fn row_e57_an_older_copy_is_found_by_the_head() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit");
    let audit = Audit::open(&path, Options::default()).unwrap().0;
    audit.record(&event("a")).unwrap();
    let older = std::fs::read(path.join("audit.jsonl")).unwrap();
    audit.record(&event("b")).unwrap();
    audit.close().unwrap();
    drop(audit);
    std::fs::write(path.join("audit.jsonl"), older).unwrap();
    let broken = verify(&path).unwrap_err();
    assert!(matches!((broken.seq, broken.fault), (3, Fault::Truncated { head: 4 })));
}

#[test]
fn row_e57_a_whole_folder_rolled_back_is_found_by_an_anchor() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit");
    let audit = Audit::open(&path, Options::default()).unwrap().0;
    audit.record(&event("a")).unwrap();
    let files = ["audit.jsonl", "head.json"];
    let older = files.map(|name| std::fs::read(path.join(name)).unwrap());
    audit.record(&event("b")).unwrap();
    let now = verify(&path).unwrap();
    drop(audit);
    let anchor = Anchor { key: Some(now.key), record: Some((now.last, now.hash)) };
    verify_against(&path, &anchor).unwrap();
    files.iter().zip(older).for_each(|(name, bytes)| std::fs::write(path.join(name), bytes).unwrap());
    verify(&path).unwrap();
    assert_eq!(verify_against(&path, &anchor).unwrap_err().seq, 3);
}

#[test]
fn row_e57_a_forged_record_at_the_end_is_found() {
    let log = log();
    let next = RECORDS as u64 + 1;
    for forged in [
        log.lines[RECORDS - 1].clone(),
        chained(&log.lines[RECORDS - 1], &format!("{{\"seq\":{next},\"time\":\"t\",\"kind\":\"event\"}}")),
        "not a record\n".to_owned(),
    ] {
        let mut lines = log.lines.clone();
        lines.push(forged);
        assert_eq!(log.with(&lines).0, next);
    }
}

#[test]
fn row_e57_a_log_written_anew_with_another_key_is_found_by_an_anchor() {
    let (old, new) = (log(), log());
    let key = verify(&old.path).unwrap().key;
    let broken = verify_against(&new.path, &Anchor { key: Some(key), record: None }).unwrap_err();
    assert!(matches!((broken.seq, broken.fault), (1, Fault::OtherKey)));
}

#[test]
fn row_e57_a_checkpoint_signed_by_nobody_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit");
    let audit = Audit::open(&path, Options::default()).unwrap().0;
    audit.record(&event("a")).unwrap();
    drop(audit);
    let mut text = std::fs::read_to_string(path.join("audit.jsonl")).unwrap();
    let record =
        format!("{{\"seq\":3,\"time\":\"t\",\"kind\":\"checkpoint\",\"signature\":\"{}\"}}", "0".repeat(128));
    text.push_str(&chained(text.lines().last().unwrap(), &record));
    std::fs::write(path.join("audit.jsonl"), text).unwrap();
    let broken = verify(&path).unwrap_err();
    assert!(matches!((broken.seq, broken.fault), (3, Fault::Signature)));
}

#[test]
fn a_missing_head_is_not_a_sound_log() {
    let log = log();
    std::fs::remove_file(log.path.join("head.json")).unwrap();
    assert!(matches!(verify(&log.path).unwrap_err().fault, Fault::Empty));
    assert!(Audit::open(&log.path, Options::default()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn row_e58_what_was_recorded_is_what_is_read(names in proptest::collection::vec(any::<String>(), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let path: &Path = &dir.path().join("audit");
        let audit = Audit::open(path, Options::default()).unwrap().0;
        for name in &names {
            let context = Context { user: name.clone(), ..Context::default() };
            let record = EventRecord::new(context, name.clone()).with("path", Value::from(name.as_str()));
            audit.record(&Record::Event(record)).unwrap();
        }
        let text = std::fs::read_to_string(path.join("audit.jsonl")).unwrap();
        prop_assert_eq!(text.lines().count(), names.len() + 1);
        let stored: Vec<_> = read(path).unwrap().map(Result::unwrap).skip(1).collect();
        for (record, name) in stored.iter().zip(&names) {
            prop_assert_eq!(record.fields["event"].as_str(), Some(name.as_str()));
            prop_assert_eq!(record.fields["details"]["path"].as_str(), Some(name.as_str()));
        }
        verify(path).unwrap();
    }

    #[test]
    fn row_e57_no_changed_byte_goes_unnoticed(at in any::<prop::sample::Index>(), with in 1u8..=255) {
        let log = log();
        let mut bytes = log.lines.concat().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        std::fs::write(log.path.join("audit.jsonl"), bytes).unwrap();
        prop_assert!(verify(&log.path).is_err());
    }

    #[test]
    fn foreign_bytes_never_panic_the_readers(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let log = log();
        std::fs::write(log.path.join("audit.jsonl"), &bytes).unwrap();
        prop_assert!(verify(&log.path).is_err());
        read(&log.path).unwrap().take(10).for_each(drop);
        std::fs::write(log.path.join("head.json"), &bytes).unwrap();
        prop_assert!(verify(&log.path).is_err());
    }
}
