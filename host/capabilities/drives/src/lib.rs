//! Drives: `wasi:filesystem` over folders that are opened once.
//!
//! **Grants**: a folder of the host (or the user's own, under the host's state) as `/drives/<Name>`, to be read, or read
//! and changed up to a quota. A guest uses plain `std::fs`.
//!
//! **Never grants**: anything outside that folder, by whatever spelling, link, race or mount; FIFOs, sockets and
//! devices; writing a file that has a second name; making links; changing modes or owners. A drive without write access
//! can't be changed by any operation. A drive that is revoked answers nothing more, on files that are open either.
//!
//! **Why not WASI's usual host side**: it knows no quota, no mounts and no revocation, opens device nodes, waits for
//! FIFOs and makes hard links.
//!
//! `grant` opens roots, `resolve` is the one place where a path of a guest meets the file system, `file` and `folder`
//! are what can be done, `quota` counts; the rest is the interface's side: `descriptor`, `streams`, `listing`,
//! `preopens`. What the kernel's permissions refuse to the host's account is refused to everyone.
#![forbid(unsafe_code)]

pub mod bindings;
mod descriptor;
mod errors;
mod file;
mod folder;
mod grant;
mod listing;
mod names;
mod preopens;
mod quota;
mod resolve;
mod streams;

use std::fmt;
use std::hash::RandomState;

use bailiwick_capability::test_host::TestHost;
use bailiwick_capability::{Caller, Capability, ReasonSlot};
use wasmtime::component::{HasData, Linker, ResourceTable};

use crate::bindings::types::ErrorCode;

pub use descriptor::Descriptor;
pub use errors::{Failure, Outcome};
pub use grant::{DriveError, Drives, OpenDrive};
pub use listing::Listing;

/// The capability, by name and interfaces.
#[derive(Debug, Clone, Copy)]
pub struct DrivesCapability;

impl Capability for DrivesCapability {
    const NAME: &'static str = "drives";

    fn interfaces() -> &'static [&'static str] {
        &["wasi:filesystem/types", "wasi:filesystem/preopens"]
    }

    fn refusals() -> &'static [&'static str] {
        &["DriveReadOnly", "DriveRevoked", "PathOutsideDrive", "QuotaExceeded", "SpecialFile"]
    }
}

/// The drives of one instance.
#[derive(Debug)]
pub struct DrivesCtx {
    drives: Vec<OpenDrive>,
    reporter: Reporter,
    /// Keys of the metadata hashes: what they hide can't be guessed.
    hashers: [RandomState; 2],
}

impl DrivesCtx {
    /// An instance's drives. Why something was refused is left in `reason`.
    pub fn new(drives: Vec<OpenDrive>, reason: ReasonSlot) -> Self {
        Self {
            drives,
            reporter: Reporter { reason, caller: Caller::unrecorded() },
            hashers: [RandomState::new(), RandomState::new()],
        }
    }

    /// The same, with refusals recorded as the caller's.
    #[must_use]
    pub fn recorded(mut self, caller: Caller) -> Self {
        self.reporter.caller = caller;
        self
    }
}

/// What the host's data gives to this capability for one call.
pub struct DrivesParts<'a> {
    /// The instance's drives.
    pub ctx: &'a mut DrivesCtx,
    /// The instance's resources.
    pub table: &'a mut ResourceTable,
}

impl fmt::Debug for DrivesParts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DrivesParts").field("ctx", &self.ctx).finish_non_exhaustive()
    }
}

/// Implemented by the host's data.
pub trait DrivesView: Send {
    /// Its drives and its resources.
    fn drives(&mut self) -> DrivesParts<'_>;
}

impl DrivesView for TestHost<DrivesCtx> {
    fn drives(&mut self) -> DrivesParts<'_> {
        DrivesParts { ctx: &mut self.data, table: &mut self.table }
    }
}

/// Links `wasi:filesystem`. Guests that were built against an earlier 0.2 find what they import.
///
/// # Errors
/// It is linked already.
pub fn add_to_linker<T: DrivesView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    bindings::types::add_to_linker::<T, HasDrives>(linker, T::drives)?;
    bindings::preopens::add_to_linker::<T, HasDrives>(linker, T::drives)
}

struct HasDrives;

impl HasData for HasDrives {
    type Data<'a> = DrivesParts<'a>;
}

/// Tells the user and the audit why something was refused.
#[derive(Debug, Clone)]
struct Reporter {
    reason: ReasonSlot,
    caller: Caller,
}

impl Reporter {
    /// What the guest gets. Its last failure decides what it is told when it asks for the reason: none, if this one
    /// isn't a refusal.
    fn report(&self, failure: Failure) -> wasmtime::Result<ErrorCode> {
        match failure {
            Failure::Trap(error) => Err(error),
            Failure::Code { code, reason } => {
                self.reason.take();
                if let Some(reason) = reason {
                    self.caller.refused(DrivesCapability::NAME, &reason);
                    self.reason.set(reason);
                }
                Ok(code)
            }
        }
    }
}
