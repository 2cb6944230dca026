//! A guest played by hand: the interface's functions called as wasmtime would call them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bailiwick_capability::{ReasonSlot, baseline};
use bailiwick_drives::bindings::preopens::Host as _;
use bailiwick_drives::bindings::types::{
    DescriptorFlags, ErrorCode, Host as _, HostDescriptor as _, HostDirectoryEntryStream as _, OpenFlags,
    PathFlags,
};
use bailiwick_drives::{Descriptor, Drives, DrivesCtx, DrivesParts, Failure, OpenDrive};
use bailiwick_policy::{Access, DriveGrant, DriveRoot, RuleRef, UserId};
use wasmtime::component::{Resource, ResourceTable};
use wasmtime_wasi_io::streams::{DynOutputStream, StreamError};

pub(crate) type Fd = Resource<Descriptor>;

/// What a call was refused with: the code, and the id that the user would see.
pub(crate) type Refused = (ErrorCode, Option<String>);

pub(crate) const READ: DescriptorFlags = DescriptorFlags::READ;
pub(crate) const WRITE: DescriptorFlags = DescriptorFlags::WRITE;
pub(crate) const CREATE: OpenFlags = OpenFlags::CREATE;
pub(crate) const FOLLOW: PathFlags = PathFlags::SYMLINK_FOLLOW;

pub(crate) struct Guest {
    pub(crate) ctx: DrivesCtx,
    pub(crate) table: ResourceTable,
    pub(crate) reason: ReasonSlot,
    pub(crate) roots: Vec<Fd>,
}

/// What a call of the interface gives: none of them waits.
pub(crate) fn now<T>(call: impl Future<Output = T>) -> T {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a call on a local file waited"),
    }
}

pub(crate) fn grant(name: &str, root: DriveRoot, access: Access, quota: Option<u64>) -> DriveGrant {
    let rule = RuleRef { file: Arc::from("roles/test.toml"), line: 1, key: Arc::from("role test, drive") };
    DriveGrant { name: name.into(), root, access, quota, description: String::new(), rule }
}

pub(crate) fn user(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}

/// A host in a private folder, whose drives are beside its state.
pub(crate) struct Machine {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) drives: Drives,
}

pub(crate) fn machine() -> Machine {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("state")).unwrap();
    std::fs::create_dir(dir.path().join("logs")).unwrap();
    std::fs::write(dir.path().join("secret"), "secret").unwrap();
    let drives = Drives::new(&dir.path().join("state")).unwrap();
    Machine { dir, drives }
}

impl Machine {
    pub(crate) fn logs(&self) -> std::path::PathBuf {
        self.dir.path().join("logs")
    }

    pub(crate) fn secret_is_whole(&self) -> bool {
        std::fs::read(self.dir.path().join("secret")).unwrap() == b"secret"
    }

    pub(crate) fn open(&self, access: Access, quota: Option<u64>) -> OpenDrive {
        self.drives.open(&grant("Logs", DriveRoot::Path(self.logs()), access, quota), &user("u-1")).unwrap()
    }

    pub(crate) fn writer(&self) -> Guest {
        Guest::new(vec![self.open(Access::Write, None)])
    }

    pub(crate) fn reader(&self) -> Guest {
        Guest::new(vec![self.open(Access::Read, None)])
    }

    pub(crate) fn limited(&self, quota: u64) -> Guest {
        Guest::new(vec![self.open(Access::Write, Some(quota))])
    }
}

impl Guest {
    pub(crate) fn new(drives: Vec<OpenDrive>) -> Self {
        let reason = ReasonSlot::new();
        let mut guest = Self {
            ctx: DrivesCtx::new(drives, reason.clone()),
            table: baseline::table(),
            reason,
            roots: Vec::new(),
        };
        guest.roots = now(guest.parts().get_directories()).unwrap().into_iter().map(|(fd, _)| fd).collect();
        guest
    }

    pub(crate) fn parts(&mut self) -> DrivesParts<'_> {
        DrivesParts { ctx: &mut self.ctx, table: &mut self.table }
    }

    /// The first drive's root.
    pub(crate) fn root(&self) -> Fd {
        Resource::new_borrow(self.roots.first().unwrap().rep())
    }

    /// The skeleton above the drives.
    pub(crate) fn skeleton(&self) -> Fd {
        Resource::new_borrow(self.roots.last().unwrap().rep())
    }

    pub(crate) fn answer<T>(&mut self, result: Result<T, Failure>) -> Result<T, Refused> {
        result.map_err(|failure| {
            let code = self.parts().convert_error_code(failure).unwrap();
            (code, self.reason.take().map(|reason| reason.id))
        })
    }

    pub(crate) fn open(
        &mut self,
        path: &str,
        open: OpenFlags,
        flags: DescriptorFlags,
    ) -> Result<Fd, Refused> {
        let root = self.root();
        let opened = now(self.parts().open_at(root, FOLLOW, path.into(), open, flags));
        self.answer(opened)
    }

    pub(crate) fn read(&mut self, path: &str) -> Result<Vec<u8>, Refused> {
        let fd = self.open(path, OpenFlags::empty(), READ)?;
        let read = now(self.parts().read(Resource::new_borrow(fd.rep()), u64::MAX, 0));
        let read = self.answer(read);
        now(bailiwick_drives::bindings::types::HostDescriptor::drop(&mut self.parts(), fd)).unwrap();
        read.map(|(bytes, _)| bytes)
    }

    pub(crate) fn close(&mut self, fd: Fd) {
        now(bailiwick_drives::bindings::types::HostDescriptor::drop(&mut self.parts(), fd)).unwrap();
    }

    /// Opens, writes at an offset and closes.
    pub(crate) fn write(&mut self, path: &str, bytes: &[u8], offset: u64) -> Result<u64, Refused> {
        let fd = self.open(path, CREATE, WRITE)?;
        let written = now(self.parts().write(Resource::new_borrow(fd.rep()), bytes.into(), offset));
        let written = self.answer(written);
        self.close(fd);
        written
    }

    pub(crate) fn remove(&mut self, path: &str) -> Result<(), Refused> {
        let root = self.root();
        let removed = now(self.parts().unlink_file_at(root, path.into()));
        self.answer(removed)
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) -> Result<(), Refused> {
        let (a, b) = (self.root(), self.root());
        let renamed = now(self.parts().rename_at(a, from.into(), b, to.into()));
        self.answer(renamed)
    }

    pub(crate) fn make_folder(&mut self, path: &str) -> Result<(), Refused> {
        let root = self.root();
        let made = now(self.parts().create_directory_at(root, path.into()));
        self.answer(made)
    }

    pub(crate) fn names(&mut self, fd: Fd) -> Vec<String> {
        let listing = now(self.parts().read_directory(fd));
        let listing = self.answer(listing).unwrap();
        let mut names = Vec::new();
        loop {
            let next = now(self.parts().read_directory_entry(Resource::new_borrow(listing.rep())));
            let Some(entry) = self.answer(next).unwrap() else { break };
            names.push(entry.name);
        }
        names.sort();
        names
    }

    /// A write through a stream, as `std` does it; the error is what `std` would see, and the reason's id.
    pub(crate) fn stream(&mut self, fd: &Fd, bytes: &'static [u8]) -> Result<(), Option<String>> {
        let stream = now(self.parts().append_via_stream(Resource::new_borrow(fd.rep())));
        let stream = self.answer(stream).map_err(|(_, id)| id)?;
        let result =
            self.table.get_mut::<DynOutputStream>(&stream).unwrap().write(bytes::Bytes::from_static(bytes));
        self.table.delete(stream).unwrap();
        match result {
            Ok(()) => Ok(()),
            Err(StreamError::LastOperationFailed(_)) => Err(self.reason.take().map(|reason| reason.id)),
            Err(other) => panic!("{other}"),
        }
    }
}

pub(crate) fn id(name: &str) -> Option<String> {
    Some(name.to_owned())
}

/// Every name under a folder with its bytes and times, to show that nothing changed.
pub(crate) fn fingerprint(dir: &Path) -> Vec<String> {
    use std::os::unix::fs::MetadataExt as _;
    let mut all = vec![];
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        all.push(format!("{path:?} {} {} {} {}", meta.mode(), meta.len(), meta.mtime(), meta.mtime_nsec()));
        if meta.is_dir() {
            all.extend(fingerprint(&path));
        }
    }
    all.sort();
    all
}
