//! Reading a log back: lines in order, through all segments, in bounded memory. Reading proves nothing; `verify` does.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use rustix::fs::OFlags;
use serde_json::{Map, Value as Json};

use crate::chain::{Hash, MAX_LINE, split};
use crate::error::AuditError;
use crate::folder::Folder;

/// A record as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// Its number.
    pub seq: u64,
    /// When, as RFC 3339 in UTC.
    pub time: String,
    /// `begin`, `decision`, `outcome`, `event` or `checkpoint`.
    pub kind: String,
    /// The hash its line claims.
    pub hash: Hash,
    /// All its fields, those above included.
    pub fields: Map<String, Json>,
}

/// Why a line can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The folder or a file of it.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// A line holds no record.
    #[error("line {line} of `{file}` is no record: run `bailiwick audit verify`")]
    Malformed {
        /// The segment's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
    },
}

/// The records of a log, in order.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
}

/// Opens a log for reading; a host may be writing it.
///
/// # Errors
/// The folder can't be opened, or others could have written there.
pub fn read(dir: &Path) -> Result<Reader, AuditError> {
    Ok(Reader { lines: Lines::open(Folder::open(dir)?)? })
}

impl Iterator for Reader {
    type Item = Result<StoredRecord, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.lines.next()? {
            Ok(line) => line,
            Err(error) => return Some(Err(error.into())),
        };
        if !line.whole {
            // What a writer is in the middle of, or was when it was killed.
            return None;
        }
        let malformed = || ReadError::Malformed { file: line.file.clone(), line: line.number };
        let record = split(&line.bytes).and_then(|(hash, record)| parse(hash, record));
        Some(record.ok_or_else(malformed))
    }
}

/// The record in the bytes that a line holds.
pub(crate) fn parse(hash: Hash, record: &[u8]) -> Option<StoredRecord> {
    let fields: Map<String, Json> = serde_json::from_slice(record).ok()?;
    let text = |name: &str| fields.get(name)?.as_str().map(str::to_owned);
    Some(StoredRecord {
        seq: fields.get("seq")?.as_u64()?,
        time: text("time")?,
        kind: text("kind")?,
        hash,
        fields,
    })
}

/// One line of a segment.
pub(crate) struct Line {
    pub(crate) file: String,
    pub(crate) number: u64,
    /// Without its line feed.
    pub(crate) bytes: Vec<u8>,
    /// It had one, and wasn't too long.
    pub(crate) whole: bool,
}

/// The lines of all segments, in order.
#[derive(Debug)]
pub(crate) struct Lines {
    folder: Folder,
    segments: VecDeque<String>,
    current: Option<(String, BufReader<File>, u64)>,
}

impl Lines {
    pub(crate) fn open(folder: Folder) -> Result<Self, AuditError> {
        let segments = folder.segments()?.into();
        Ok(Self { folder, segments, current: None })
    }

    fn take(&mut self) -> Result<Option<Line>, AuditError> {
        loop {
            if self.current.is_none() {
                let Some(name) = self.segments.pop_front() else { return Ok(None) };
                let Some(file) = self.folder.file(&name, OFlags::RDONLY)? else { continue };
                self.current = Some((name, BufReader::new(file), 0));
            }
            let Some((name, file, number)) = &mut self.current else { continue };
            let mut bytes = Vec::new();
            let mut limited = file.by_ref().take(MAX_LINE as u64 + 1);
            limited.read_until(b'\n', &mut bytes).map_err(AuditError::io("read"))?;
            if bytes.is_empty() {
                self.current = None;
                continue;
            }
            *number += 1;
            let whole = bytes.last() == Some(&b'\n');
            if whole {
                bytes.pop();
            }
            return Ok(Some(Line { file: name.clone(), number: *number, bytes, whole }));
        }
    }
}

impl Iterator for Lines {
    type Item = Result<Line, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take().transpose()
    }
}
