//! Failures: the error number that a guest's `std` knows, and for a refusal the reason that the user may see. No
//! message here ever holds a path of the host.

use bailiwick_capability::Reason;
use rustix::io::Errno;
use wasmtime::component::ResourceTableError;

use crate::bindings::types::ErrorCode;

/// An operation failed, or was refused.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The guest gets an error code; the user, of a refusal, the reason.
    #[error("{code:?}{}", reason.as_ref().map(|r| format!(": {}", r.message)).unwrap_or_default())]
    Code {
        /// What the guest gets.
        code: ErrorCode,
        /// Why it was refused, if it was.
        reason: Option<Reason>,
    },
    /// The guest broke the rules of the interface (a handle that isn't one): it is ended.
    #[error("the guest is ended: {0}")]
    Trap(wasmtime::Error),
}

/// What an operation of a drive gives.
pub type Outcome<T> = Result<T, Failure>;

impl Failure {
    fn refused(code: ErrorCode, id: &str, message: String) -> Self {
        Self::Code { code, reason: Some(Reason::new(id, message)) }
    }

    /// The path, or what it leads to, isn't inside the drive.
    pub(crate) fn outside(place: &str) -> Self {
        Self::refused(
            ErrorCode::NotPermitted,
            "PathOutsideDrive",
            format!("`{place}` leads outside its drive"),
        )
    }

    /// A file with several names: one of them may be outside.
    pub(crate) fn shared(place: &str) -> Self {
        let message = format!("`{place}` has a second name or another owner, so it isn't written");
        Self::refused(ErrorCode::NotPermitted, "PathOutsideDrive", message)
    }

    /// Links aren't made.
    pub(crate) fn link(place: &str) -> Self {
        let message = format!("`{place}` can't be made: a drive makes no links");
        Self::refused(ErrorCode::NotPermitted, "PathOutsideDrive", message)
    }

    /// The drive may not be changed.
    pub(crate) fn read_only(drive: &str) -> Self {
        Self::refused(ErrorCode::ReadOnly, "DriveReadOnly", format!("drive `{drive}` is read-only"))
    }

    /// What is above the drives is never changed.
    pub(crate) fn above() -> Self {
        let message = "nothing can be changed outside the drives".into();
        Self::refused(ErrorCode::ReadOnly, "DriveReadOnly", message)
    }

    /// The drive is full.
    pub(crate) fn quota(drive: &str, what: &str) -> Self {
        Self::refused(
            ErrorCode::Quota,
            "QuotaExceeded",
            format!("drive `{drive}` is full: its quota is {what}"),
        )
    }

    /// Neither a file nor a folder.
    pub(crate) fn special(place: &str) -> Self {
        let message = format!("`{place}` is neither a file nor a folder");
        Self::refused(ErrorCode::NotPermitted, "SpecialFile", message)
    }

    /// The drive was taken away.
    pub(crate) fn revoked(drive: &str) -> Self {
        let message = format!("drive `{drive}` is no longer yours to use");
        Self::refused(ErrorCode::NotPermitted, "DriveRevoked", message)
    }

    /// What the operating system says about `place`.
    pub(crate) fn at(place: &str) -> impl Fn(Errno) -> Self {
        move |errno| match errno {
            // What openat2 says of `..`, absolute links and mounts: nothing outside was looked at by then.
            Errno::XDEV => Self::outside(place),
            // A socket, or a device without a driver.
            Errno::NXIO | Errno::NODEV => Self::special(place),
            other => other.into(),
        }
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Self::Code { code, reason: None }
    }
}

impl From<ResourceTableError> for Failure {
    fn from(error: ResourceTableError) -> Self {
        match error {
            ResourceTableError::Full => ErrorCode::InsufficientMemory.into(),
            other => Self::Trap(other.into()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        error.raw_os_error().map_or(ErrorCode::Io.into(), |raw| Errno::from_raw_os_error(raw).into())
    }
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Self {
        let code = match errno {
            Errno::ACCESS => ErrorCode::Access,
            Errno::AGAIN => ErrorCode::WouldBlock,
            Errno::BADF => ErrorCode::BadDescriptor,
            Errno::BUSY => ErrorCode::Busy,
            Errno::DQUOT => ErrorCode::Quota,
            Errno::EXIST => ErrorCode::Exist,
            Errno::FBIG => ErrorCode::FileTooLarge,
            Errno::ILSEQ => ErrorCode::IllegalByteSequence,
            Errno::INTR => ErrorCode::Interrupted,
            Errno::INVAL => ErrorCode::Invalid,
            Errno::ISDIR => ErrorCode::IsDirectory,
            Errno::LOOP => ErrorCode::Loop,
            Errno::MLINK => ErrorCode::TooManyLinks,
            Errno::NAMETOOLONG => ErrorCode::NameTooLong,
            Errno::NOENT => ErrorCode::NoEntry,
            Errno::NOMEM | Errno::MFILE | Errno::NFILE => ErrorCode::InsufficientMemory,
            Errno::NOSPC => ErrorCode::InsufficientSpace,
            Errno::NOTDIR => ErrorCode::NotDirectory,
            Errno::NOTEMPTY => ErrorCode::NotEmpty,
            Errno::NOTSUP => ErrorCode::Unsupported,
            Errno::OVERFLOW => ErrorCode::Overflow,
            Errno::PERM => ErrorCode::NotPermitted,
            Errno::ROFS => ErrorCode::ReadOnly,
            Errno::SPIPE => ErrorCode::InvalidSeek,
            Errno::TXTBSY => ErrorCode::TextFileBusy,
            Errno::XDEV => ErrorCode::CrossDevice,
            _ => ErrorCode::Io,
        };
        code.into()
    }
}
