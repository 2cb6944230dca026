//! The one place where a path of a guest meets the file system.
//!
//! Every open goes through [`open`], every other operation on a name through [`parent`]: resolved by the kernel
//! beneath a directory that is open already, never through a magic link, never onto another mount, never waiting for
//! a FIFO's other end. What came out is looked at by its descriptor, so no check is of a name that may mean something
//! else by the time it is used.

use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};
use rustix::fs::{FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;

use crate::bindings::types::ErrorCode;
use crate::errors::{Failure, Outcome};
use crate::names::GuestPath;

/// What is asked of an open.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ask {
    /// Links in the last place are followed (in all others they always are).
    pub(crate) follow: bool,
    pub(crate) read: bool,
    pub(crate) write: bool,
    /// It must be a folder.
    pub(crate) folder: bool,
    /// It must not be there yet, and is made.
    pub(crate) create: bool,
}

/// Something that was opened, and what it was then.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) fd: OwnedFd,
    pub(crate) stat: Stat,
}

impl Found {
    pub(crate) fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.stat.st_mode)
    }
}

/// Finds what a path names without opening it: no read or write, so no device notices.
pub(crate) fn look(dir: BorrowedFd<'_>, path: &GuestPath, follow: bool, place: &str) -> Outcome<Found> {
    let mut flags = OFlags::PATH;
    flags.set(OFlags::NOFOLLOW, !follow);
    flags.set(OFlags::DIRECTORY, path.folder);
    let fd = beneath(dir, path, flags, Mode::empty()).map_err(Failure::at(place))?;
    let stat = rustix::fs::fstat(&fd)?;
    Ok(Found { fd, stat })
}

/// Opens a file or folder. Anything else is refused, before it is opened and, had it been swapped in between, after.
pub(crate) fn open(dir: BorrowedFd<'_>, path: &GuestPath, ask: Ask, place: &str) -> Outcome<Found> {
    if !ask.create {
        ordinary(&look(dir, path, ask.follow, place)?, place)?;
    }
    let mut flags = match (ask.read, ask.write) {
        (true, true) => OFlags::RDWR,
        (false, true) => OFlags::WRONLY,
        _ => OFlags::RDONLY,
    };
    flags |= OFlags::NONBLOCK | OFlags::NOCTTY;
    flags.set(OFlags::NOFOLLOW, !ask.follow);
    flags.set(OFlags::DIRECTORY, ask.folder || path.folder);
    // Never O_TRUNC: what is to be emptied is checked first.
    flags.set(OFlags::CREATE | OFlags::EXCL, ask.create);
    let mode = if ask.create { Mode::from_raw_mode(0o666) } else { Mode::empty() };
    let fd = beneath(dir, path, flags, mode).map_err(Failure::at(place))?;
    let stat = rustix::fs::fstat(&fd)?;
    let found = Found { fd, stat };
    ordinary(&found, place)?;
    Ok(found)
}

/// Opens the folder that holds a path's last name, for an operation on that name.
pub(crate) fn parent(dir: BorrowedFd<'_>, path: &GuestPath, place: &str) -> Outcome<(OwnedFd, CString)> {
    let (parent, name) = path.split()?;
    let flags = OFlags::PATH | OFlags::DIRECTORY;
    let fd = beneath(dir, &parent, flags, Mode::empty()).map_err(Failure::at(place))?;
    Ok((fd, name))
}

fn ordinary(found: &Found, place: &str) -> Outcome<()> {
    match found.kind() {
        FileType::RegularFile | FileType::Directory => Ok(()),
        FileType::Symlink => Err(ErrorCode::Loop.into()),
        _ => Err(Failure::special(place)),
    }
}

fn beneath(dir: BorrowedFd<'_>, path: &GuestPath, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    static MISSING: AtomicBool = AtomicBool::new(false);
    if !MISSING.load(Ordering::Relaxed) {
        match kernel(dir, path, flags, mode) {
            // An old kernel, or a filter that hides the call. A filter answers EPERM, as a missing right does, so
            // that is believed only if the plainest of calls gets it too.
            Err(Errno::NOSYS) => MISSING.store(true, Ordering::Relaxed),
            Err(Errno::PERM) if hidden(dir) => MISSING.store(true, Ordering::Relaxed),
            answer => return answer,
        }
    }
    walk(dir, path, flags, mode)
}

fn kernel(dir: BorrowedFd<'_>, path: &GuestPath, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    /// The kernel asks for another try when something was renamed while it looked at `..`.
    const TRIES: usize = 64;
    let path = path.c_string().map_err(|_| Errno::INVAL)?;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV;
    let mut answer = Err(Errno::AGAIN);
    for _ in 0..TRIES {
        answer = rustix::fs::openat2(dir, &path, flags | OFlags::CLOEXEC, mode, resolve);
        if !matches!(answer, Err(Errno::AGAIN | Errno::INTR)) {
            break;
        }
    }
    answer
}

fn hidden(dir: BorrowedFd<'_>) -> bool {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    rustix::fs::openat2(dir, c".", flags, Mode::empty(), ResolveFlags::empty()).is_err()
}

/// Where the kernel can't: cap-std's walk, component by component. It doesn't see mounts, so the device is compared.
fn walk(dir: BorrowedFd<'_>, path: &GuestPath, flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
    let os = |e: std::io::Error| match e.raw_os_error() {
        Some(raw) => Errno::from_raw_os_error(raw),
        // cap-std's own refusal of a path that leaves the directory.
        None => Errno::XDEV,
    };
    let root = Dir::reopen_dir(&dir).map_err(os)?;
    let mut options = OpenOptions::new();
    let access = flags & OFlags::RWMODE;
    options.read(access != OFlags::WRONLY).write(access != OFlags::RDONLY);
    options.create_new(flags.contains(OFlags::EXCL)).mode(mode.bits());
    options.follow(if flags.contains(OFlags::NOFOLLOW) { FollowSymlinks::No } else { FollowSymlinks::Yes });
    let rest = flags & (OFlags::PATH | OFlags::DIRECTORY | OFlags::NONBLOCK | OFlags::NOCTTY);
    options.custom_flags(i32::try_from(rest.bits()).map_err(|_| Errno::INVAL)?);
    let name = path.c_string().map_err(|_| Errno::INVAL)?;
    let name = Path::new(OsStr::from_bytes(name.as_bytes()));
    let fd: OwnedFd = root.open_with(name, &options).map_err(os)?.into_std().into();
    if rustix::fs::fstat(&fd)?.st_dev != rustix::fs::fstat(dir.as_fd())?.st_dev {
        return Err(Errno::XDEV);
    }
    Ok(fd)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::unix::fs::symlink;

    use super::*;

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(root.join("d/e")).unwrap();
        fs::write(root.join("d/f"), "inside").unwrap();
        fs::write(dir.path().join("secret"), "outside").unwrap();
        symlink("../../secret", root.join("d/up")).unwrap();
        symlink("/etc/passwd", root.join("abs")).unwrap();
        symlink("d/f", root.join("in")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        dir
    }

    fn both(root: &Path, path: &str) -> [Result<OwnedFd, Errno>; 2] {
        let root = File::open(root).unwrap();
        let path = GuestPath::parse(path, "D").unwrap();
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        [kernel, walk].map(|open| open(root.as_fd(), &path, flags, Mode::empty()))
    }

    #[test]
    fn the_kernel_and_the_walk_agree_on_what_is_inside() {
        let dir = tree();
        for inside in ["d/f", "in", "d/../d/f", "d/e/../f", ".", "./d//f"] {
            let [kernel, walk] = both(&dir.path().join("root"), inside);
            assert!(kernel.is_ok() && walk.is_ok(), "{inside}: {kernel:?} {walk:?}");
        }
    }

    #[test]
    fn row_b05_row_b06_the_kernel_and_the_walk_agree_on_what_is_outside() {
        let dir = tree();
        for outside in ["..", "../secret", "d/../../secret", "d/up", "abs", "d/e/../../../secret"] {
            let [kernel, walk] = both(&dir.path().join("root"), outside);
            assert_eq!(kernel.unwrap_err(), Errno::XDEV, "{outside}");
            assert!(walk.is_err(), "{outside}");
        }
    }

    #[test]
    fn a_loop_of_links_ends() {
        let dir = tree();
        let [kernel, walk] = both(&dir.path().join("root"), "loop");
        assert_eq!(kernel.unwrap_err(), Errno::LOOP);
        assert!(walk.is_err());
    }
}
