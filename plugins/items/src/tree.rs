//! Listing, copying and removing folders: in order, within limits, never through a link.

use std::fs::{self, File};
use std::io::{self, Read, Write};

use bailiwick_sdk::{Failure, Output};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::{Entry, Item};

/// Names of one folder that are held in memory, to put them in order.
const MAX_ENTRIES: usize = 100_000;
/// How deep copies and removals go: a copy into itself by way of a link ends here.
const MAX_DEPTH: usize = 128;
/// Copied between two looks at whether to stop.
const COPY_BYTES: usize = 64 << 10;

/// A limit of this module that a folder is beyond.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Limit {
    #[error("it holds more than {MAX_ENTRIES} items; choose fewer with -Filter")]
    Entries,
    #[error("its folders nest more than {MAX_DEPTH} deep")]
    Depth,
}

/// The names in a folder that `keep` keeps: folders first, each sort by name without case.
pub(crate) fn list(path: &DrivePath, keep: impl Fn(&str) -> bool) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path.real())? {
        let entry = entry?;
        // A name that is not Unicode has no path that could be typed.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if !keep(&name) {
            continue;
        }
        if entries.len() == MAX_ENTRIES {
            return Err(io::Error::other(Limit::Entries));
        }
        entries.push(Entry { name, kind: entry.file_type()? });
    }
    entries.sort_by_cached_key(|entry| (!entry.kind.is_dir(), entry.name.to_lowercase(), entry.name.clone()));
    Ok(entries)
}

/// Removes an item and, if it is a folder, what is in it. A link is removed, never followed. Errors are written to the
/// error stream, and the rest goes on; false if something is left.
pub(crate) fn remove(path: &DrivePath, naming: &Naming, out: &mut Output) -> Result<bool, Failure> {
    remove_within(path, naming, out, MAX_DEPTH)
}

fn remove_within(path: &DrivePath, naming: &Naming, out: &mut Output, depth: usize) -> Result<bool, Failure> {
    out.check_stopping()?;
    let result = match fs::symlink_metadata(path.real()) {
        Ok(metadata) if metadata.is_dir() => {
            let entries = match (list(path, |_| true), depth.checked_sub(1)) {
                (Ok(entries), Some(depth)) => Ok((entries, depth)),
                (Err(error), _) => Err(error),
                (Ok(_), None) => Err(io::Error::other(Limit::Depth)),
            };
            entries.map(Some)
        }
        Ok(_) => Ok(None),
        Err(error) => Err(error),
    };
    let result = match result {
        Ok(Some((entries, depth))) => {
            let mut all = true;
            for entry in entries {
                all &= remove_within(&path.child(&entry.name), naming, out, depth)?;
            }
            if !all {
                return Ok(false);
            }
            fs::remove_dir(path.real())
        }
        Ok(None) => fs::remove_file(path.real()),
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(true),
        Err(error) => {
            let record = naming.io(out, path, &error);
            out.error(record)?;
            Ok(false)
        }
    }
}

/// Copies an item to a path; a folder with what is in it if `recurse`, else as an empty one. Links inside are left out,
/// with a warning. False if something was not copied.
pub(crate) fn copy(
    from: &DrivePath,
    to: &DrivePath,
    recurse: bool,
    naming: &Naming,
    out: &mut Output,
) -> Result<bool, Failure> {
    copy_within(from, to, recurse, naming, out, MAX_DEPTH)
}

fn copy_within(
    from: &DrivePath,
    to: &DrivePath,
    recurse: bool,
    naming: &Naming,
    out: &mut Output,
    depth: usize,
) -> Result<bool, Failure> {
    out.check_stopping()?;
    let item = match Item::read(from) {
        Ok(item) => item,
        Err(error) => return failed(from, &error, naming, out),
    };
    if !item.is_container {
        return match copy_file(from, to, out)? {
            Ok(()) => Ok(true),
            Err(error) => failed(to, &error, naming, out),
        };
    }
    // What is in the folder is known before anything is written, so that a copy into itself ends.
    let entries = match (recurse, list(from, |_| recurse), depth.checked_sub(1)) {
        (false, _, _) => Vec::new(),
        (true, Ok(entries), Some(_)) => entries,
        (true, Err(error), _) => return failed(from, &error, naming, out),
        (true, Ok(_), None) => {
            return failed(from, &io::Error::other(Limit::Depth), naming, out);
        }
    };
    if let Err(error) = fs::create_dir(to.real())
        && !(error.kind() == io::ErrorKind::AlreadyExists && to.real().is_dir())
    {
        return failed(to, &error, naming, out);
    }
    let mut all = true;
    for entry in entries {
        let child = from.child(&entry.name);
        if entry.kind.is_symlink() {
            out.warning(&format!("`{child}` is a link and was not copied"))?;
            all = false;
        } else {
            all &=
                copy_within(&child, &to.child(&entry.name), recurse, naming, out, depth.saturating_sub(1))?;
        }
    }
    Ok(all)
}

fn failed(path: &DrivePath, error: &io::Error, naming: &Naming, out: &mut Output) -> Result<bool, Failure> {
    let record = naming.io(out, path, error);
    out.error(record)?;
    Ok(false)
}

/// The outer error is a stop.
fn copy_file(from: &DrivePath, to: &DrivePath, out: &Output) -> Result<io::Result<()>, Failure> {
    let mut files = match File::open(from.real()).and_then(|from| Ok((from, File::create(to.real())?))) {
        Ok(files) => files,
        Err(error) => return Ok(Err(error)),
    };
    let mut buffer = vec![0; COPY_BYTES];
    loop {
        out.check_stopping()?;
        match copy_some(&mut files, &mut buffer) {
            Ok(0) => return Ok(files.1.flush()),
            Ok(_) => {}
            Err(error) => return Ok(Err(error)),
        }
    }
}

fn copy_some((from, to): &mut (File, File), buffer: &mut [u8]) -> io::Result<usize> {
    let count = from.read(buffer)?;
    to.write_all(buffer.get(..count).unwrap_or_default())?;
    Ok(count)
}
