//! Reading the files of a policy folder: exact names, in lexical order, through handles, up to a size.

use std::ffi::OsStr;
use std::io::Read as _;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{Dir, FileType, Mode, OFlags, fstat, openat};
use rustix::io::Errno;

use super::trust::{self, Trust};
use super::{File, files};
use crate::catalog::Catalog;
use crate::fault::{Fault, Faults};
use crate::policy::Loaded;
use crate::syntax::MAX_FILE_BYTES;

/// Files in one folder.
const MAX_FILES: usize = 1_000;

/// What was found wrong, or worth a look, while reading.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) faults: Vec<Fault>,
    pub(crate) lints: Vec<Fault>,
}

impl Findings {
    fn suspect(&mut self, trust: Trust, suspicion: Fault) {
        match trust {
            Trust::Refuse => self.faults.push(suspicion),
            Trust::Lint => self.lints.push(suspicion),
        }
    }
}

/// Loads a policy folder.
pub(crate) fn folder(root: &Path, catalog: &Catalog, trust: Trust) -> Result<Loaded, Faults> {
    let mut findings = Findings::default();
    let mut found = Vec::new();
    match trust::open_folder(root, &mut |suspicion| findings.suspect(trust, suspicion)) {
        Ok(handle) => {
            read_root(&handle, root, trust, &mut found, &mut findings);
        }
        Err(fault) => findings.faults.push(fault),
    }
    // A folder that cannot be opened is one fault, not also a policy without users and endpoints.
    if found.is_empty()
        && let Some(faults) = Faults::of(findings.faults.clone())
    {
        return Err(faults);
    }
    files(found, Some(root), catalog, findings.faults, findings.lints)
}

/// Reads one file by its path, after its folder has been opened step by step.
pub(crate) fn read_one(path: &Path, trust: Trust, findings: &mut Findings) -> Option<Vec<u8>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        findings.faults.push(Fault::of_file(path.display().to_string(), "the path names no file"));
        return None;
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    match trust::open_folder(folder, &mut |suspicion| findings.suspect(trust, suspicion)) {
        Ok(handle) => read_file(&handle, name, path, trust, findings),
        Err(fault) => {
            findings.faults.push(fault);
            None
        }
    }
}

/// Asks of a file that something else reads, such as a private key, who could have changed it; and, if it is secret,
/// who could have read it.
pub(crate) fn check_one(path: &Path, is_secret: bool, trust: Trust, findings: &mut Findings) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return findings.faults.push(Fault::of_file(path.display().to_string(), "the path names no file"));
    };
    let folder = match trust::open_folder(folder, &mut |suspicion| findings.suspect(trust, suspicion)) {
        Ok(folder) => folder,
        Err(fault) => return findings.faults.push(fault),
    };
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(&folder, name, flags, Mode::empty()).and_then(fstat) {
        Err(error) => findings.faults.push(unreadable(path, error)),
        Ok(stat) => {
            if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
                let message = "it is not a regular file";
                findings.faults.push(Fault::of_file(path.display().to_string(), message));
            } else if let Some(suspicion) = trust::suspicion(&stat, path) {
                findings.suspect(trust, suspicion);
            }
            if is_secret && stat.st_mode & 0o004 != 0 {
                let mode = stat.st_mode & 0o7777;
                let message = format!("everyone can read this secret: its mode is {mode:04o}");
                let fault = Fault::of_file(path.display().to_string(), message);
                findings.suspect(trust, fault.help("take the right to read from others"));
            }
        }
    }
}

fn read_root(handle: &OwnedFd, root: &Path, trust: Trust, found: &mut Vec<File>, findings: &mut Findings) {
    for name in entries(handle, root, findings) {
        let path = root.join(&name);
        match name.as_bytes() {
            b"endpoints" | b"roles" => read_folder(handle, &name, &path, trust, found, findings),
            b"users.toml" => {
                if let Some(bytes) = read_file(handle, &name, &path, trust, findings) {
                    found.push(File {
                        relative: "users.toml".to_owned(),
                        shown: path.display().to_string(),
                        bytes,
                    });
                }
            }
            // The host's own configuration may stand beside its policies; it is no part of them.
            b"host.toml" => {}
            _ => findings.lints.push(skipped(&path)),
        }
    }
}

fn read_folder(
    root: &OwnedFd,
    name: &OsStr,
    path: &Path,
    trust: Trust,
    found: &mut Vec<File>,
    findings: &mut Findings,
) {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = match openat(root, name, flags, Mode::empty()) {
        Ok(handle) => handle,
        Err(error) => return findings.faults.push(unreadable(path, error)),
    };
    match fstat(&handle) {
        Ok(stat) => {
            if let Some(suspicion) = trust::suspicion(&stat, path) {
                findings.suspect(trust, suspicion);
            }
        }
        Err(error) => return findings.faults.push(unreadable(path, error)),
    }
    let names = entries(&handle, path, findings);
    if names.len() > MAX_FILES {
        let message = format!("the folder holds more than {MAX_FILES} files");
        return findings.faults.push(Fault::of_file(path.display().to_string(), message));
    }
    for file in names {
        let file_path = path.join(&file);
        let text = file.to_str().filter(|text| text.ends_with(".toml") && !text.starts_with('.'));
        let Some(text) = text else {
            findings.lints.push(skipped(&file_path));
            continue;
        };
        if let Some(bytes) = read_file(&handle, &file, &file_path, trust, findings) {
            found.push(File {
                relative: format!("{}/{text}", name.to_string_lossy()),
                shown: file_path.display().to_string(),
                bytes,
            });
        }
    }
}

/// The names in a folder, in lexical order, listed once.
fn entries(handle: &OwnedFd, path: &Path, findings: &mut Findings) -> Vec<std::ffi::OsString> {
    let listing = Dir::read_from(handle).and_then(|dir| {
        // One more than is allowed, so that a folder of a million names costs no more than the refusal.
        dir.take(MAX_FILES + 3)
            .map(|entry| entry.map(|e| OsStr::from_bytes(e.file_name().to_bytes()).to_owned()))
            .collect()
    });
    let mut names: Vec<std::ffi::OsString> = match listing {
        Ok(names) => names,
        Err(error) => {
            findings.faults.push(unreadable(path, error));
            return Vec::new();
        }
    };
    names.retain(|name| name != "." && name != "..");
    names.sort();
    names
}

fn read_file(
    folder: impl AsFd,
    name: &OsStr,
    path: &Path,
    trust: Trust,
    findings: &mut Findings,
) -> Option<Vec<u8>> {
    // Not blocking: a FIFO in the place of a file must be refused, not waited for.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = openat(folder, name, flags, Mode::empty()).and_then(|handle| Ok((fstat(&handle)?, handle)));
    let (stat, handle) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            findings.faults.push(unreadable(path, error));
            return None;
        }
    };
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        findings.faults.push(Fault::of_file(path.display().to_string(), "it is not a regular file"));
        return None;
    }
    if let Some(suspicion) = trust::suspicion(&stat, path) {
        findings.suspect(trust, suspicion);
    }
    let mut bytes = Vec::new();
    match std::fs::File::from(handle).take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) => Some(bytes),
        Err(error) => {
            let message = format!("the file cannot be read: {error}");
            findings.faults.push(Fault::of_file(path.display().to_string(), message));
            None
        }
    }
}

fn unreadable(path: &Path, error: Errno) -> Fault {
    let shown = path.display().to_string();
    if error == Errno::LOOP {
        return Fault::of_file(shown, "it is a symbolic link").help("put the file itself there");
    }
    Fault::of_file(shown, format!("it cannot be opened: {}", std::io::Error::from(error)))
}

fn skipped(path: &Path) -> Fault {
    Fault::of_file(path.display().to_string(), "skipped: it is no policy file")
        .help("policy files are `endpoints/NAME.toml`, `roles/NAME.toml` and `users.toml`")
}
