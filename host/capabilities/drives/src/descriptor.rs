//! `wasi:filesystem/types`: finds the file or folder that a handle means, and calls it.

use std::hash::BuildHasher as _;
use std::sync::Arc;

use rustix::fs::{FileType, Stat, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi_io::streams::{DynInputStream, DynOutputStream};

use crate::DrivesParts;
use crate::bindings::types::{
    self, Advice, DescriptorFlags, DescriptorStat, DescriptorType, DirectoryEntry, ErrorCode,
    MetadataHashValue, NewTimestamp, OpenFlags, PathFlags,
};
use crate::errors::{Failure, Outcome};
use crate::file::{At, File};
use crate::folder::{Folder, Mood, Node};
use crate::listing::{Listing, type_of};
use crate::names::GuestPath;
use crate::preopens::{Located, Skeleton};
use crate::quota::size;
use crate::streams::{Reading, StreamFailure, Writing};

/// What a guest's descriptor stands for.
#[derive(Debug, Clone)]
pub struct Descriptor(pub(crate) Target);

/// See [`Descriptor`].
#[derive(Debug, Clone)]
pub(crate) enum Target {
    File(Arc<File>),
    Folder(Arc<Folder>),
    Skeleton(Skeleton),
}

type Fd = Resource<Descriptor>;

impl DrivesParts<'_> {
    fn target(&self, fd: &Fd) -> Outcome<Target> {
        Ok(self.table.get(fd)?.0.clone())
    }

    fn file(&self, fd: &Fd) -> Outcome<Arc<File>> {
        match self.target(fd)? {
            Target::File(file) => Ok(file),
            Target::Folder(_) | Target::Skeleton(_) => Err(ErrorCode::IsDirectory.into()),
        }
    }

    /// Where a path leads from a descriptor.
    fn locate(&self, fd: &Fd, path: &str) -> Outcome<Located> {
        match self.target(fd)? {
            Target::File(_) => Err(ErrorCode::NotDirectory.into()),
            Target::Skeleton(skeleton) => skeleton.locate(path, &self.ctx.drives),
            Target::Folder(folder) => {
                let path = GuestPath::parse(path, folder.drive.name())?;
                Ok(Located::Drive(folder, path))
            }
        }
    }

    /// The same for an operation that changes something: above the drives, nothing.
    fn locate_to_change(&self, fd: &Fd, path: &str) -> Outcome<(Arc<Folder>, GuestPath)> {
        match self.locate(fd, path) {
            Ok(Located::Drive(folder, path)) => Ok((folder, path)),
            Ok(Located::Skeleton(_)) => Err(Failure::above()),
            Err(Failure::Code { reason: None, .. }) if matches!(self.target(fd)?, Target::Skeleton(_)) => {
                Err(Failure::above())
            }
            Err(other) => Err(other),
        }
    }

    fn hash(&self, object: impl std::hash::Hash) -> MetadataHashValue {
        let [lower, upper] = &self.ctx.hashers;
        MetadataHashValue { lower: lower.hash_one(&object), upper: upper.hash_one(&object) }
    }

    fn stat_of(&self, target: &Target) -> Outcome<Option<Stat>> {
        match target {
            Target::File(file) => file.stat().map(Some),
            Target::Folder(folder) => folder.stat().map(Some),
            Target::Skeleton(_) => Ok(None),
        }
    }

    fn stat_at(&self, fd: &Fd, flags: PathFlags, path: &str) -> Outcome<(Option<Stat>, Option<Skeleton>)> {
        match self.locate(fd, path)? {
            Located::Skeleton(skeleton) => Ok((None, Some(skeleton))),
            Located::Drive(folder, path) => {
                Ok((Some(folder.stat_at(&path, flags.contains(PathFlags::SYMLINK_FOLLOW))?), None))
            }
        }
    }
}

fn described(stat: Option<Stat>) -> DescriptorStat {
    let Some(stat) = stat else {
        return DescriptorStat {
            type_: DescriptorType::Directory,
            link_count: 1,
            size: 0,
            data_access_timestamp: None,
            data_modification_timestamp: None,
            status_change_timestamp: None,
        };
    };
    let time = |seconds: i64, nanoseconds: u64| {
        let seconds = u64::try_from(seconds).ok()?;
        Some(Datetime { seconds, nanoseconds: u32::try_from(nanoseconds).ok()? })
    };
    DescriptorStat {
        type_: type_of(FileType::from_raw_mode(stat.st_mode)),
        link_count: stat.st_nlink,
        size: size(&stat),
        data_access_timestamp: time(stat.st_atime, stat.st_atime_nsec),
        data_modification_timestamp: time(stat.st_mtime, stat.st_mtime_nsec),
        status_change_timestamp: time(stat.st_ctime, stat.st_ctime_nsec),
    }
}

fn times(access: NewTimestamp, modification: NewTimestamp) -> Outcome<Timestamps> {
    let time = |new| {
        Ok::<_, Failure>(match new {
            NewTimestamp::NoChange => Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
            NewTimestamp::Now => Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
            NewTimestamp::Timestamp(at) => {
                let seconds = i64::try_from(at.seconds).map_err(|_| Failure::from(ErrorCode::Overflow))?;
                if at.nanoseconds >= 1_000_000_000 {
                    return Err(ErrorCode::Invalid.into());
                }
                Timespec { tv_sec: seconds, tv_nsec: at.nanoseconds.into() }
            }
        })
    };
    Ok(Timestamps { last_access: time(access)?, last_modification: time(modification)? })
}

impl types::Host for DrivesParts<'_> {
    async fn filesystem_error_code(
        &mut self,
        error: Resource<wasmtime_wasi_io::streams::Error>,
    ) -> wasmtime::Result<Option<ErrorCode>> {
        Ok(self.table.get(&error)?.downcast_ref::<StreamFailure>().map(|failure| failure.0))
    }

    fn convert_error_code(&mut self, failure: Failure) -> wasmtime::Result<ErrorCode> {
        self.ctx.reporter.report(failure)
    }
}

impl types::HostDirectoryEntryStream for DrivesParts<'_> {
    async fn read_directory_entry(&mut self, listing: Resource<Listing>) -> Outcome<Option<DirectoryEntry>> {
        self.table.get_mut(&listing)?.next()
    }

    async fn drop(&mut self, listing: Resource<Listing>) -> wasmtime::Result<()> {
        self.table.delete(listing)?;
        Ok(())
    }
}

impl types::HostDescriptor for DrivesParts<'_> {
    async fn read_via_stream(&mut self, fd: Fd, offset: u64) -> Outcome<Resource<DynInputStream>> {
        let file = self.file(&fd)?;
        file.stat()?;
        if !file.read {
            return Err(ErrorCode::BadDescriptor.into());
        }
        let stream: DynInputStream = Box::new(Reading { file, offset, reporter: self.ctx.reporter.clone() });
        Ok(self.table.push(stream)?)
    }

    async fn write_via_stream(&mut self, fd: Fd, offset: u64) -> Outcome<Resource<DynOutputStream>> {
        let file = self.file(&fd)?;
        file.may_write()?;
        let at = At::Offset(offset);
        let stream: DynOutputStream = Box::new(Writing { file, at, reporter: self.ctx.reporter.clone() });
        Ok(self.table.push(stream)?)
    }

    async fn append_via_stream(&mut self, fd: Fd) -> Outcome<Resource<DynOutputStream>> {
        let file = self.file(&fd)?;
        file.may_write()?;
        let stream: DynOutputStream =
            Box::new(Writing { file, at: At::End, reporter: self.ctx.reporter.clone() });
        Ok(self.table.push(stream)?)
    }

    async fn advise(&mut self, fd: Fd, _offset: u64, _length: u64, _advice: Advice) -> Outcome<()> {
        // Advice may be ignored, and what a guest expects to read is nothing to act on.
        self.file(&fd)?.stat().map(drop)
    }

    async fn sync_data(&mut self, fd: Fd) -> Outcome<()> {
        self.sync(fd).await
    }

    async fn get_flags(&mut self, fd: Fd) -> Outcome<DescriptorFlags> {
        let mut flags = DescriptorFlags::empty();
        match self.target(&fd)? {
            Target::File(file) => {
                file.drive.live()?;
                if file.read {
                    flags |= DescriptorFlags::READ;
                }
                if file.write {
                    flags |= DescriptorFlags::WRITE;
                }
            }
            Target::Folder(folder) => {
                folder.drive.live()?;
                flags = DescriptorFlags::READ;
                if folder.drive.writable().is_ok() {
                    flags |= DescriptorFlags::MUTATE_DIRECTORY;
                }
            }
            Target::Skeleton(_) => flags = DescriptorFlags::READ,
        }
        Ok(flags)
    }

    async fn get_type(&mut self, fd: Fd) -> Outcome<DescriptorType> {
        let target = self.target(&fd)?;
        Ok(described(self.stat_of(&target)?).type_)
    }

    async fn set_size(&mut self, fd: Fd, size: u64) -> Outcome<()> {
        self.file(&fd)?.set_len(size)
    }

    async fn set_times(&mut self, fd: Fd, access: NewTimestamp, modification: NewTimestamp) -> Outcome<()> {
        let times = times(access, modification)?;
        match self.target(&fd)? {
            Target::File(file) => file.set_times(&times),
            Target::Folder(folder) => folder.set_times(&times),
            Target::Skeleton(_) => Err(Failure::above()),
        }
    }

    async fn read(&mut self, fd: Fd, length: u64, offset: u64) -> Outcome<(Vec<u8>, bool)> {
        let bytes = self.file(&fd)?.read_at(length, offset)?;
        let end = bytes.is_empty() && length > 0;
        Ok((bytes, end))
    }

    async fn write(&mut self, fd: Fd, bytes: Vec<u8>, offset: u64) -> Outcome<u64> {
        Ok(self.file(&fd)?.write_at(&bytes, At::Offset(offset))? as u64)
    }

    async fn read_directory(&mut self, fd: Fd) -> Outcome<Resource<Listing>> {
        let listing = match self.target(&fd)? {
            Target::File(_) => return Err(ErrorCode::NotDirectory.into()),
            Target::Folder(folder) => folder.list()?,
            Target::Skeleton(skeleton) => skeleton.list(&self.ctx.drives),
        };
        Ok(self.table.push(listing)?)
    }

    async fn sync(&mut self, fd: Fd) -> Outcome<()> {
        match self.target(&fd)? {
            Target::File(file) => file.sync(),
            Target::Folder(folder) => folder.sync(),
            Target::Skeleton(_) => Ok(()),
        }
    }

    async fn create_directory_at(&mut self, fd: Fd, path: String) -> Outcome<()> {
        let (folder, path) = self.locate_to_change(&fd, &path)?;
        folder.make_folder(&path)
    }

    async fn stat(&mut self, fd: Fd) -> Outcome<DescriptorStat> {
        let target = self.target(&fd)?;
        Ok(described(self.stat_of(&target)?))
    }

    async fn stat_at(&mut self, fd: Fd, flags: PathFlags, path: String) -> Outcome<DescriptorStat> {
        Ok(described(DrivesParts::stat_at(self, &fd, flags, &path)?.0))
    }

    async fn set_times_at(
        &mut self,
        fd: Fd,
        flags: PathFlags,
        path: String,
        access: NewTimestamp,
        modification: NewTimestamp,
    ) -> Outcome<()> {
        let (folder, path) = self.locate_to_change(&fd, &path)?;
        folder.set_times_at(&path, flags.contains(PathFlags::SYMLINK_FOLLOW), &times(access, modification)?)
    }

    async fn link_at(&mut self, fd: Fd, _: PathFlags, _: String, _: Fd, new_path: String) -> Outcome<()> {
        self.no_link(&fd, &new_path)
    }

    async fn open_at(
        &mut self,
        fd: Fd,
        path_flags: PathFlags,
        path: String,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> Outcome<Fd> {
        let sync = DescriptorFlags::FILE_INTEGRITY_SYNC
            | DescriptorFlags::DATA_INTEGRITY_SYNC
            | DescriptorFlags::REQUESTED_WRITE_SYNC;
        if flags.intersects(sync) {
            return Err(ErrorCode::Unsupported.into());
        }
        let mood = Mood {
            follow: path_flags.contains(PathFlags::SYMLINK_FOLLOW),
            read: flags.contains(DescriptorFlags::READ),
            write: flags.contains(DescriptorFlags::WRITE),
            folder: open.contains(OpenFlags::DIRECTORY),
            create: open.contains(OpenFlags::CREATE),
            exclusive: open.contains(OpenFlags::EXCLUSIVE),
            truncate: open.contains(OpenFlags::TRUNCATE),
        };
        let changes =
            mood.write || mood.create || mood.truncate || flags.contains(DescriptorFlags::MUTATE_DIRECTORY);
        let (folder, path) = if changes {
            let (folder, path) = self.locate_to_change(&fd, &path)?;
            folder.drive.writable()?;
            (folder, path)
        } else {
            match self.locate(&fd, &path)? {
                Located::Drive(folder, path) => (folder, path),
                Located::Skeleton(skeleton) => {
                    return Ok(self.table.push(Descriptor(Target::Skeleton(skeleton)))?);
                }
            }
        };
        let target = match folder.open(&path, mood)? {
            Node::File(file) => Target::File(file),
            Node::Folder(folder) => Target::Folder(folder),
        };
        Ok(self.table.push(Descriptor(target))?)
    }

    async fn readlink_at(&mut self, fd: Fd, path: String) -> Outcome<String> {
        match self.locate(&fd, &path)? {
            Located::Skeleton(_) => Err(ErrorCode::Invalid.into()),
            Located::Drive(folder, path) => folder.read_link(&path),
        }
    }

    async fn remove_directory_at(&mut self, fd: Fd, path: String) -> Outcome<()> {
        let (folder, path) = self.locate_to_change(&fd, &path)?;
        folder.remove(&path, true)
    }

    async fn rename_at(&mut self, fd: Fd, old_path: String, new_fd: Fd, new_path: String) -> Outcome<()> {
        let (from, old) = self.locate_to_change(&fd, &old_path)?;
        let (to, new) = self.locate_to_change(&new_fd, &new_path)?;
        from.rename(&old, &to, &new)
    }

    async fn symlink_at(&mut self, fd: Fd, _: String, new_path: String) -> Outcome<()> {
        self.no_link(&fd, &new_path)
    }

    async fn unlink_file_at(&mut self, fd: Fd, path: String) -> Outcome<()> {
        let (folder, path) = self.locate_to_change(&fd, &path)?;
        folder.remove(&path, false)
    }

    async fn is_same_object(&mut self, fd: Fd, other: Fd) -> wasmtime::Result<bool> {
        let (a, b) = (self.table.get(&fd)?.0.clone(), self.table.get(&other)?.0.clone());
        Ok(match (&a, &b) {
            (Target::Skeleton(a), Target::Skeleton(b)) => a == b,
            _ => match (self.stat_of(&a), self.stat_of(&b)) {
                (Ok(Some(a)), Ok(Some(b))) => (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino),
                _ => false,
            },
        })
    }

    async fn metadata_hash(&mut self, fd: Fd) -> Outcome<MetadataHashValue> {
        let target = self.target(&fd)?;
        Ok(match (&target, self.stat_of(&target)?) {
            (_, Some(stat)) => self.hash((stat.st_dev, stat.st_ino)),
            (Target::Skeleton(skeleton), None) => self.hash(skeleton),
            (_, None) => self.hash(()),
        })
    }

    async fn metadata_hash_at(
        &mut self,
        fd: Fd,
        flags: PathFlags,
        path: String,
    ) -> Outcome<MetadataHashValue> {
        let (stat, skeleton) = DrivesParts::stat_at(self, &fd, flags, &path)?;
        Ok(stat.map_or_else(|| self.hash(skeleton), |stat| self.hash((stat.st_dev, stat.st_ino))))
    }

    async fn drop(&mut self, fd: Fd) -> wasmtime::Result<()> {
        self.table.delete(fd)?;
        Ok(())
    }
}

impl DrivesParts<'_> {
    fn no_link(&self, fd: &Fd, path: &str) -> Outcome<()> {
        let (folder, path) = self.locate_to_change(fd, path)?;
        folder.drive.writable()?;
        Err(Failure::link(&format!("{}:/{}", folder.drive.name(), path.shown())))
    }
}
