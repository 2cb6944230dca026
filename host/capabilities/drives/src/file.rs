//! An open file: reads, and writes that the quota has room for.

use std::os::fd::{AsFd as _, OwnedFd};

use bailiwick_capability::limits::READ_BYTES;
use rustix::fs::{Stat, Timestamps};
use rustix::io::{IoSlice, ReadWriteFlags};

use crate::bindings::types::ErrorCode;
use crate::errors::Outcome;
use crate::grant::OpenDrive;
use crate::quota::{Held, size};

/// Where a write goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum At {
    Offset(u64),
    End,
}

/// A file of a drive, open.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) fd: OwnedFd,
    pub(crate) drive: OpenDrive,
    pub(crate) read: bool,
    pub(crate) write: bool,
    /// Known to the account of a drive with a quota.
    pub(crate) held: Option<Held>,
}

impl Drop for File {
    fn drop(&mut self) {
        if let Some(held) = &self.held {
            held.release(self.fd.as_fd());
        }
    }
}

impl File {
    pub(crate) fn stat(&self) -> Outcome<Stat> {
        self.drive.live()?;
        Ok(rustix::fs::fstat(&self.fd)?)
    }

    /// Reads up to `length` bytes, and never more than the host allocates at once; none at the end of the file.
    pub(crate) fn read_at(&self, length: u64, offset: u64) -> Outcome<Vec<u8>> {
        self.drive.live()?;
        if !self.read {
            return Err(ErrorCode::BadDescriptor.into());
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(READ_BYTES);
        let mut bytes = vec![0; length];
        let read = rustix::io::retry_on_intr(|| rustix::io::pread(&self.fd, bytes.as_mut_slice(), offset))?;
        bytes.truncate(read);
        Ok(bytes)
    }

    /// Writes, and says how many bytes. A write that the quota has no room for isn't begun.
    pub(crate) fn write_at(&self, bytes: &[u8], at: At) -> Outcome<usize> {
        self.may_write()?;
        let Some(quota) = self.drive.quota() else { return self.put(bytes, at) };
        let mut used = quota.lock();
        let size = size(&rustix::fs::fstat(&self.fd)?);
        let start = match at {
            At::Offset(offset) => offset,
            At::End => size,
        };
        let mut written = 0;
        let to = start.saturating_add(bytes.len() as u64);
        quota.resize(&mut used, self.drive.name(), size, to, || {
            written = self.put(bytes, at)?;
            Ok(if written == 0 { size } else { size.max(start.saturating_add(written as u64)) })
        })?;
        Ok(written)
    }

    fn put(&self, bytes: &[u8], at: At) -> Outcome<usize> {
        let slices = [IoSlice::new(bytes)];
        let (offset, flags) = match at {
            At::Offset(offset) => (offset, ReadWriteFlags::empty()),
            At::End => (0, ReadWriteFlags::APPEND),
        };
        if i64::try_from(offset).is_err() {
            return Err(ErrorCode::FileTooLarge.into());
        }
        Ok(rustix::io::retry_on_intr(|| rustix::io::pwritev2(&self.fd, &slices, offset, flags))?)
    }

    /// Makes the file so long: what is beyond is gone, what is new is zeros.
    pub(crate) fn set_len(&self, to: u64) -> Outcome<()> {
        self.may_write()?;
        if i64::try_from(to).is_err() {
            return Err(ErrorCode::FileTooLarge.into());
        }
        let cut = || Ok(rustix::fs::ftruncate(&self.fd, to).map(|()| to)?);
        let Some(quota) = self.drive.quota() else { return cut().map(drop) };
        let mut used = quota.lock();
        let size = size(&rustix::fs::fstat(&self.fd)?);
        quota.resize(&mut used, self.drive.name(), size, to, cut)
    }

    pub(crate) fn set_times(&self, times: &Timestamps) -> Outcome<()> {
        self.drive.writable()?;
        Ok(rustix::fs::futimens(&self.fd, times)?)
    }

    pub(crate) fn sync(&self) -> Outcome<()> {
        self.drive.live()?;
        Ok(rustix::fs::fsync(&self.fd)?)
    }

    pub(crate) fn may_write(&self) -> Outcome<()> {
        self.drive.writable()?;
        if self.write { Ok(()) } else { Err(ErrorCode::BadDescriptor.into()) }
    }
}
