//! A folder being listed: one entry a call, so that a folder's size costs the host nothing.

use std::collections::VecDeque;
use std::fmt;
use std::os::fd::BorrowedFd;

use rustix::fs::{AtFlags, Dir, FileType};

use crate::bindings::types::{DescriptorType, DirectoryEntry};
use crate::errors::Outcome;
use crate::grant::OpenDrive;
use crate::names::encode;

/// A listing in progress.
pub struct Listing(Source);

enum Source {
    Folder { dir: Dir, drive: OpenDrive },
    Names(VecDeque<String>),
}

impl fmt::Debug for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing").finish_non_exhaustive()
    }
}

impl Listing {
    pub(crate) fn of(dir: BorrowedFd<'_>, drive: OpenDrive) -> Outcome<Self> {
        Ok(Self(Source::Folder { dir: Dir::read_from(dir)?, drive }))
    }

    /// Folders that are not on a file system.
    pub(crate) fn folders(names: impl IntoIterator<Item = String>) -> Self {
        Self(Source::Names(names.into_iter().collect()))
    }

    pub(crate) fn next(&mut self) -> Outcome<Option<DirectoryEntry>> {
        let (dir, drive) = match &mut self.0 {
            Source::Names(names) => {
                return Ok(names
                    .pop_front()
                    .map(|name| DirectoryEntry { type_: DescriptorType::Directory, name }));
            }
            Source::Folder { dir, drive } => (dir, drive),
        };
        drive.live()?;
        while let Some(entry) = dir.read() {
            let entry = entry?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let mut kind = entry.file_type();
            if kind == FileType::Unknown {
                let Ok(stat) = rustix::fs::statat(dir.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) else {
                    continue;
                };
                kind = FileType::from_raw_mode(stat.st_mode);
            }
            return Ok(Some(DirectoryEntry { type_: type_of(kind), name: encode(name.to_bytes()) }));
        }
        Ok(None)
    }
}

/// The guest's word for a kind of object.
pub(crate) fn type_of(kind: FileType) -> DescriptorType {
    match kind {
        FileType::RegularFile => DescriptorType::RegularFile,
        FileType::Directory => DescriptorType::Directory,
        FileType::Symlink => DescriptorType::SymbolicLink,
        FileType::Fifo => DescriptorType::Fifo,
        FileType::Socket => DescriptorType::Socket,
        FileType::CharacterDevice => DescriptorType::CharacterDevice,
        FileType::BlockDevice => DescriptorType::BlockDevice,
        FileType::Unknown => DescriptorType::Unknown,
    }
}
