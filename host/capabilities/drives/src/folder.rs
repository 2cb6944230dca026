//! An open folder: what is done to names in it. Each operation asks the drive first, reaches the name through
//! `resolve`, and tells the quota what it made or removed.

use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;

use bailiwick_capability::limits::PATH_BYTES;
use rustix::fs::{AtFlags, FileType, Mode, Stat, Timestamps};

use crate::bindings::types::ErrorCode;
use crate::errors::{Failure, Outcome};
use crate::file::File;
use crate::grant::OpenDrive;
use crate::listing::Listing;
use crate::names::{GuestPath, encode};
use crate::quota::Held;
use crate::resolve::{self, Ask, Found};

/// How often an open is tried again when its name comes and goes at the same time.
const TRIES: usize = 16;

/// A folder of a drive, open.
#[derive(Debug)]
pub(crate) struct Folder {
    /// None: the drive's root.
    fd: Option<OwnedFd>,
    pub(crate) drive: OpenDrive,
    /// Where it was found, for messages.
    at: String,
}

/// How to open.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mood {
    pub(crate) follow: bool,
    pub(crate) read: bool,
    pub(crate) write: bool,
    pub(crate) folder: bool,
    pub(crate) create: bool,
    pub(crate) exclusive: bool,
    pub(crate) truncate: bool,
}

/// What an open gave.
#[derive(Debug)]
pub(crate) enum Node {
    File(Arc<File>),
    Folder(Arc<Folder>),
}

impl Folder {
    /// The root of a drive.
    pub(crate) fn root(drive: OpenDrive) -> Self {
        let at = format!("{}:/", drive.name());
        Self { fd: None, drive, at }
    }

    fn dir(&self) -> BorrowedFd<'_> {
        self.fd.as_ref().map_or_else(|| self.drive.dir(), |fd| fd.as_fd())
    }

    /// A path as the user may see it.
    fn place(&self, path: &GuestPath) -> String {
        let mut place =
            format!("{}{}{}", self.at, if self.at.ends_with('/') { "" } else { "/" }, path.shown());
        place.truncate(place.floor_char_boundary(PATH_BYTES));
        place
    }

    pub(crate) fn open(&self, path: &GuestPath, mood: Mood) -> Outcome<Node> {
        if mood.write || mood.create || mood.truncate {
            self.drive.writable()?;
        }
        self.drive.live()?;
        if (mood.exclusive && !mood.create) || (mood.folder && mood.create) || (mood.truncate && !mood.write)
        {
            return Err(ErrorCode::Invalid.into());
        }
        let place = self.place(path);
        let ask = Ask {
            follow: mood.follow,
            read: mood.read,
            write: mood.write,
            folder: mood.folder,
            create: false,
        };
        let Some(quota) = self.drive.quota() else {
            let found = self.find_or_make(path, ask, mood, &place, |make| make())?;
            return self.node(found, None, mood, place);
        };
        // Held until the file is known to the account, so that no removal comes in between.
        let mut used = quota.lock();
        let found = self
            .find_or_make(path, ask, mood, &place, |make| quota.name(&mut used, self.drive.name(), make))?;
        let held = (found.kind() == FileType::RegularFile)
            .then(|| Held::new(&quota.account, &mut used, found.stat.st_ino));
        drop(used);
        self.node(found, held, mood, place)
    }

    fn find_or_make(
        &self,
        path: &GuestPath,
        ask: Ask,
        mood: Mood,
        place: &str,
        mut counted: impl FnMut(&dyn Fn() -> Outcome<Found>) -> Outcome<Found>,
    ) -> Outcome<Found> {
        if !mood.create {
            return resolve::open(self.dir(), path, ask, place);
        }
        for _ in 0..TRIES {
            match resolve::look(self.dir(), path, mood.follow && !mood.exclusive, place) {
                Ok(_) if mood.exclusive => return Err(ErrorCode::Exist.into()),
                Ok(_) => match resolve::open(self.dir(), path, ask, place) {
                    Err(Failure::Code { code: ErrorCode::NoEntry, .. }) => continue,
                    answer => return answer,
                },
                Err(Failure::Code { code: ErrorCode::NoEntry, .. }) => {}
                Err(other) => return Err(other),
            }
            if path.folder {
                return Err(ErrorCode::IsDirectory.into());
            }
            let make = Ask { create: true, follow: false, ..ask };
            match counted(&|| resolve::open(self.dir(), path, make, place)) {
                // Made by someone else meanwhile; or a link that leads nowhere, which isn't followed to make a file.
                Err(Failure::Code { code: ErrorCode::Exist, .. }) => {}
                answer => return answer,
            }
        }
        Err(ErrorCode::NoEntry.into())
    }

    fn node(&self, found: Found, held: Option<Held>, mood: Mood, place: String) -> Outcome<Node> {
        let Found { fd, stat } = found;
        if FileType::from_raw_mode(stat.st_mode) == FileType::Directory {
            return Ok(Node::Folder(Arc::new(Self { fd: Some(fd), drive: self.drive.clone(), at: place })));
        }
        let file = File { fd, drive: self.drive.clone(), read: mood.read, write: mood.write, held };
        if mood.write {
            self.drive.sole(&stat, &place)?;
        }
        if mood.truncate {
            file.set_len(0)?;
        }
        Ok(Node::File(Arc::new(file)))
    }

    pub(crate) fn stat(&self) -> Outcome<Stat> {
        self.drive.live()?;
        Ok(rustix::fs::fstat(self.dir())?)
    }

    pub(crate) fn stat_at(&self, path: &GuestPath, follow: bool) -> Outcome<Stat> {
        self.drive.live()?;
        Ok(resolve::look(self.dir(), path, follow, &self.place(path))?.stat)
    }

    pub(crate) fn make_folder(&self, path: &GuestPath) -> Outcome<()> {
        self.drive.writable()?;
        let place = self.place(path);
        let (parent, name) = resolve::parent(self.dir(), path, &place)?;
        let make =
            || rustix::fs::mkdirat(&parent, &name, Mode::from_raw_mode(0o777)).map_err(Failure::at(&place));
        match self.drive.quota() {
            Some(quota) => quota.name(&mut quota.lock(), self.drive.name(), make),
            None => make(),
        }
    }

    /// Removes a name: of a file or a link, or with `folder` of an empty folder. A link's target is never reached.
    pub(crate) fn remove(&self, path: &GuestPath, folder: bool) -> Outcome<()> {
        self.drive.writable()?;
        let place = self.place(path);
        let (parent, name) = resolve::parent(self.dir(), path, &place)?;
        let flags = if folder { AtFlags::REMOVEDIR } else { AtFlags::empty() };
        let remove = || rustix::fs::unlinkat(&parent, &name, flags).map_err(Failure::at(&place));
        let Some(quota) = self.drive.quota() else { return remove() };
        let mut used = quota.lock();
        let was = rustix::fs::statat(&parent, &name, AtFlags::SYMLINK_NOFOLLOW)?;
        remove()?;
        used.removed(&was);
        Ok(())
    }

    /// Gives an object another name on the same drive; what had that name is gone.
    pub(crate) fn rename(&self, path: &GuestPath, to: &Self, new: &GuestPath) -> Outcome<()> {
        self.drive.writable()?;
        to.drive.writable()?;
        if !self.drive.is(&to.drive) {
            return Err(ErrorCode::CrossDevice.into());
        }
        let place = to.place(new);
        let (old_parent, old_name) = resolve::parent(self.dir(), path, &self.place(path))?;
        let (new_parent, new_name) = resolve::parent(to.dir(), new, &place)?;
        let rename = || {
            rustix::fs::renameat(&old_parent, &old_name, &new_parent, &new_name).map_err(Failure::at(&place))
        };
        let Some(quota) = self.drive.quota() else { return rename() };
        let mut used = quota.lock();
        let moved = rustix::fs::statat(&old_parent, &old_name, AtFlags::SYMLINK_NOFOLLOW)?;
        let over = rustix::fs::statat(&new_parent, &new_name, AtFlags::SYMLINK_NOFOLLOW).ok();
        rename()?;
        // Two names of one file stay two names: the kernel does nothing then.
        if let Some(over) = over.filter(|over| over.st_ino != moved.st_ino) {
            used.removed(&over);
        }
        Ok(())
    }

    /// The text of a link, unless it leads outside.
    pub(crate) fn read_link(&self, path: &GuestPath) -> Outcome<String> {
        self.drive.live()?;
        let place = self.place(path);
        let (parent, name) = resolve::parent(self.dir(), path, &place)?;
        let text = rustix::fs::readlinkat(&parent, &name, Vec::new()).map_err(Failure::at(&place))?;
        match resolve::look(self.dir(), path, true, &place) {
            Err(outside @ Failure::Code { reason: Some(_), .. }) => Err(outside),
            _ => Ok(encode(text.to_bytes())),
        }
    }

    pub(crate) fn set_times_at(&self, path: &GuestPath, follow: bool, times: &Timestamps) -> Outcome<()> {
        self.drive.writable()?;
        let ask = Ask { follow, read: true, ..Ask::default() };
        let place = self.place(path);
        let found = resolve::open(self.dir(), path, ask, &place)?;
        if found.kind() == FileType::RegularFile {
            self.drive.sole(&found.stat, &place)?;
        }
        Ok(rustix::fs::futimens(&found.fd, times)?)
    }

    pub(crate) fn set_times(&self, times: &Timestamps) -> Outcome<()> {
        self.set_times_at(&GuestPath::parse(".", self.drive.name())?, false, times)
    }

    pub(crate) fn list(&self) -> Outcome<Listing> {
        self.drive.live()?;
        Listing::of(self.dir(), self.drive.clone())
    }

    pub(crate) fn sync(&self) -> Outcome<()> {
        self.drive.live()?;
        Ok(rustix::fs::fsync(self.dir())?)
    }
}
