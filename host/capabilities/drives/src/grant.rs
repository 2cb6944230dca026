//! From a grant to an open drive: the only place where a path of the host is opened.
//!
//! A root is opened once, when a session gets the drive, and everything after goes through that descriptor: whatever
//! is put in the root's place later isn't reached.

use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use bailiwick_policy::{Access, DriveGrant, DriveRoot, UserId};
use cap_std::fs::Dir;
use rustix::fs::{Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::errors::{Failure, Outcome};
use crate::quota::{Account, Quota};

/// Opens drives, and keeps one quota account for each root.
#[derive(Debug)]
pub struct Drives {
    /// The folder of the users' own drives.
    own: OwnedFd,
    own_path: PathBuf,
    accounts: Mutex<HashMap<(u64, u64), Weak<Account>>>,
}

/// Why a drive can't be opened. For the operator: it names paths of the host.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    /// The operating system refused.
    #[error("can't open `{}` for drive `{drive}`: {errno}", path.display())]
    Open {
        /// The drive's name.
        drive: String,
        /// Its root.
        path: PathBuf,
        /// The operating system's reason.
        errno: Errno,
    },
    /// The folder isn't fit to be a root.
    #[error("won't use `{}` for drive `{drive}`: {why}", path.display())]
    Unfit {
        /// The drive's name.
        drive: String,
        /// Its root.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
}

/// A drive that was opened for a session. Clones are the same drive: revoking one revokes all.
#[derive(Debug, Clone)]
pub struct OpenDrive(Arc<Root>);

#[derive(Debug)]
struct Root {
    name: String,
    access: Access,
    dir: Dir,
    quota: Option<Quota>,
    /// Files must belong to this account to be written.
    owner: Option<u32>,
    revoked: AtomicBool,
}

impl Drives {
    /// Drives of a host whose state is kept in `state`; the users' own are in its folder `drives`.
    ///
    /// # Errors
    /// That folder can't be made or opened, or others could reach into it.
    pub fn new(state: &Path) -> Result<Self, DriveError> {
        let error = |path: &Path| {
            let path = path.to_owned();
            move |errno| DriveError::Open { drive: "User".into(), path, errno }
        };
        let parent = open_folder(state).map_err(error(state))?;
        let own_path = state.join("drives");
        let own = private_folder(parent.as_fd(), "drives", "User", &own_path)?;
        Ok(Self { own, own_path, accounts: Mutex::default() })
    }

    /// Opens the drive that a grant gives to a user.
    ///
    /// # Errors
    /// Its root is missing or isn't fit to be one: the session doesn't start.
    pub fn open(&self, grant: &DriveGrant, user: &UserId) -> Result<OpenDrive, DriveError> {
        let (fd, path, owner) = match &grant.root {
            DriveRoot::PerUser => {
                let path = self.own_path.join(user.as_str());
                let fd = private_folder(self.own.as_fd(), user.as_str(), &grant.name, &path)?;
                (fd, path, Some(rustix::process::geteuid().as_raw()))
            }
            DriveRoot::Path(path) => {
                let error = |errno| DriveError::Open { drive: grant.name.clone(), path: path.clone(), errno };
                let fd = open_folder(path).map_err(error)?;
                fit(&fd, &grant.name, path)?;
                (fd, path.clone(), None)
            }
        };
        let error = |errno| DriveError::Open { drive: grant.name.clone(), path, errno };
        let quota = match grant.quota {
            Some(limit) if grant.access == Access::Write => {
                Some(Quota { account: self.account(&fd).map_err(error)?, limit })
            }
            _ => None,
        };
        let dir = Dir::from_std_file(File::from(fd));
        let (name, access) = (grant.name.clone(), grant.access);
        Ok(OpenDrive(Arc::new(Root { name, access, dir, quota, owner, revoked: AtomicBool::new(false) })))
    }

    /// The root's account; measured anew if nobody has the drive open.
    fn account(&self, root: &OwnedFd) -> rustix::io::Result<Arc<Account>> {
        let stat = rustix::fs::fstat(root)?;
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, account| account.strong_count() > 0);
        let key = (stat.st_dev, stat.st_ino);
        if let Some(account) = accounts.get(&key).and_then(Weak::upgrade) {
            return Ok(account);
        }
        let account = Arc::new(Account::measure(root.as_fd())?);
        accounts.insert(key, Arc::downgrade(&account));
        Ok(account)
    }
}

impl OpenDrive {
    /// Its name, as the policy spells it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What may be done there.
    pub fn access(&self) -> Access {
        self.0.access
    }

    /// Takes the drive away: every operation after this is refused, on files that are open too.
    pub fn revoke(&self) {
        self.0.revoked.store(true, Ordering::Release);
    }

    /// Bytes and names that the drive holds; none without a quota.
    pub fn used(&self) -> Option<(u64, u64)> {
        self.0.quota.as_ref().map(|quota| quota.account.used())
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn dir(&self) -> BorrowedFd<'_> {
        self.0.dir.as_fd()
    }

    pub(crate) fn quota(&self) -> Option<&Quota> {
        self.0.quota.as_ref()
    }

    /// Refuses if the drive was taken away.
    pub(crate) fn live(&self) -> Outcome<()> {
        if self.0.revoked.load(Ordering::Acquire) { Err(Failure::revoked(&self.0.name)) } else { Ok(()) }
    }

    /// Refuses if the drive was taken away or may not be changed.
    pub(crate) fn writable(&self) -> Outcome<()> {
        self.live()?;
        if self.0.access == Access::Write { Ok(()) } else { Err(Failure::read_only(&self.0.name)) }
    }

    /// Refuses to write a file that could be someone else's: one with a second name, or (on a user's own drive) of
    /// another owner.
    pub(crate) fn sole(&self, stat: &Stat, place: &str) -> Outcome<()> {
        let foreign = self.0.owner.is_some_and(|owner| owner != stat.st_uid);
        if stat.st_nlink > 1 || foreign { Err(Failure::shared(place)) } else { Ok(()) }
    }
}

fn open_folder(path: &Path) -> rustix::io::Result<OwnedFd> {
    // The last name may not be a link: a root that someone replaced by one is missing, not elsewhere.
    rustix::fs::open(path, OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
}

/// Opens a folder that only this process's account may use; makes it if it is missing.
fn private_folder(
    parent: BorrowedFd<'_>,
    name: &str,
    drive: &str,
    path: &Path,
) -> Result<OwnedFd, DriveError> {
    let error = |errno| DriveError::Open { drive: drive.into(), path: path.into(), errno };
    let unfit = |why| Err(DriveError::Unfit { drive: drive.into(), path: path.into(), why });
    match rustix::fs::mkdirat(parent, name, Mode::RWXU) {
        Ok(()) | Err(Errno::EXIST) => {}
        Err(errno) => return Err(error(errno)),
    }
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd = rustix::fs::openat(parent, name, flags, Mode::empty()).map_err(error)?;
    let stat = rustix::fs::fstat(&fd).map_err(error)?;
    if stat.st_uid != rustix::process::geteuid().as_raw() {
        return unfit("it belongs to another account: move it away, or give it to the one that runs this");
    }
    if stat.st_mode & 0o077 != 0 {
        return unfit("others may reach into it: `chmod 700` it");
    }
    Ok(fd)
}

/// Refuses the kernel's own file systems: what is in them acts when it is opened.
fn fit(fd: &OwnedFd, drive: &str, path: &Path) -> Result<(), DriveError> {
    const PROC: u64 = 0x9fa0;
    const SYSFS: u64 = 0x6265_6572;
    let error = |errno| DriveError::Open { drive: drive.into(), path: path.into(), errno };
    let kind = rustix::fs::fstatfs(fd).map_err(error)?.f_type.cast_unsigned();
    let devices = match rustix::fs::stat("/dev") {
        Ok(dev) => rustix::fs::fstat(fd).map_err(error)?.st_dev == dev.st_dev && path.starts_with("/dev"),
        Err(_) => false,
    };
    if kind == PROC || kind == SYSFS || devices {
        let why = "it is of the kernel (/proc, /sys, /dev), not of files: choose another root";
        return Err(DriveError::Unfit { drive: drive.into(), path: path.into(), why });
    }
    Ok(())
}
