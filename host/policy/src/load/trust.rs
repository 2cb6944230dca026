//! Who else could have written a file. Asked of opened handles, from the root of the file system down, so that no name
//! can be exchanged between the question and the reading.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::fs::{FileType, Mode, OFlags, Stat, fstat, open, openat, readlinkat};
use rustix::io::Errno;

use crate::fault::Fault;

/// What a file, or a folder above it, that others could write amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// A fault: nothing is loaded.
    Refuse,
    /// A lint.
    Lint,
}

/// Links followed on the way to a folder.
const MAX_LINKS: usize = 40;

/// What is wrong with the owner or the mode of something, as a fault of `shown`.
pub(super) fn suspicion(stat: &Stat, shown: &Path) -> Option<Fault> {
    let is_link = FileType::from_raw_mode(stat.st_mode) == FileType::Symlink;
    let mode = stat.st_mode & 0o7777;
    let shown = shown.display().to_string();
    if stat.st_uid != 0 && stat.st_uid != rustix::process::geteuid().as_raw() {
        let owner = stat.st_uid;
        return Some(
            Fault::of_file(shown, format!("it is owned by user {owner}, who could change the policy"))
                .help("give it to root, or to the user that runs the host"),
        );
    }
    // A link's mode means nothing. The sticky bit protects what is there, not what is put there first.
    if !is_link && mode & 0o022 != 0 {
        return Some(
            Fault::of_file(shown, format!("others could change the policy: its mode is {mode:04o}"))
                .help("take the right to write from group and others, or keep the policies elsewhere"),
        );
    }
    None
}

/// Opens a folder step by step from `/`, asking at each step who could have changed it.
pub(super) fn open_folder(path: &Path, suspect: &mut dyn FnMut(Fault)) -> Result<OwnedFd, Fault> {
    let fault = |at: &Path, error: Errno| {
        let reason = std::io::Error::from(error);
        Fault::of_file(at.display().to_string(), format!("the folder cannot be opened: {reason}"))
    };
    let absolute = std::path::absolute(path)
        .map_err(|error| Fault::of_file(path.display().to_string(), format!("not a path: {error}")))?;
    let mut steps = names(&absolute);
    let mut links = 0;
    let mut way = vec![(root().map_err(|error| fault(Path::new("/"), error))?, PathBuf::from("/"))];
    while let Some(step) = steps.pop_front() {
        let Some((parent, above)) = way.last() else { break };
        if step == ".." {
            if way.len() > 1 {
                way.pop();
            }
            continue;
        }
        let here = above.join(&step);
        let handle = openat(parent, &step, OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
            .map_err(|error| fault(&here, error))?;
        let stat = fstat(&handle).map_err(|error| fault(&here, error))?;
        if let Some(suspicion) = suspicion(&stat, &here) {
            suspect(suspicion);
        }
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => way.push((handle, here)),
            FileType::Symlink if links < MAX_LINKS => {
                links += 1;
                let target = readlinkat(parent, &step, Vec::new()).map_err(|error| fault(&here, error))?;
                let target = Path::new(OsStr::from_bytes(target.as_bytes()));
                if target.is_absolute() {
                    way.truncate(1);
                }
                for name in names(target).into_iter().rev() {
                    steps.push_front(name);
                }
            }
            FileType::Symlink => return Err(fault(&here, Errno::LOOP)),
            _ => return Err(fault(&here, Errno::NOTDIR)),
        }
    }
    let Some((handle, here)) = way.pop() else { return Err(fault(path, Errno::NOENT)) };
    openat(&handle, ".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
        .map_err(|error| fault(&here, error))
}

fn root() -> Result<OwnedFd, Errno> {
    open("/", OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

fn names(path: &Path) -> VecDeque<OsString> {
    let name = |component| match component {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some(OsString::from("..")),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    };
    path.components().filter_map(name).collect()
}
