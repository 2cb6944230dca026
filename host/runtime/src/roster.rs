//! The roster: every capability of this host, one field each. This is the whole attack surface of a plugin beyond
//! the baseline. To add a capability, add its field here and what the compiler then asks for.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use bailiwick_capability::Capability;
use bailiwick_drives::{Drives, DrivesCapability, DrivesView, OpenDrive};
use bailiwick_policy::Authority;
use wasmtime::component::Linker;

use crate::error::{CreateError, StartError};

/// The capabilities of a host.
#[derive(Debug)]
pub(crate) struct Roster {
    drives: Drives,
}

/// What one role of one session holds: opened once, when the session is created.
#[derive(Debug, Clone, Default)]
pub(crate) struct Granted {
    pub(crate) drives: Vec<OpenDrive>,
}

impl Roster {
    /// # Errors
    /// The state folder can't be used.
    pub(crate) fn new(state_dir: &Path) -> Result<Self, StartError> {
        DirBuilder::new().recursive(true).mode(0o700).create(state_dir).map_err(|error| {
            StartError::State(format!("could not make `{}`: {error}", state_dir.display()))
        })?;
        let drives = Drives::new(state_dir).map_err(|error| StartError::State(error.to_string()))?;
        Ok(Self { drives })
    }

    /// Opens what each role of a session holds.
    ///
    /// # Errors
    /// A drive can't be opened; the operator's log says why.
    pub(crate) fn grant(&self, authority: &Authority) -> Result<BTreeMap<Arc<str>, Granted>, CreateError> {
        let mut granted = BTreeMap::new();
        for role in authority.roles() {
            let mut drives = Vec::new();
            for grant in authority.role_drives(&role) {
                let drive = self.drives.open(grant, &authority.subject().id).map_err(|error| {
                    tracing::error!(drive = %grant.name, %error, "a drive of the policy can't be opened");
                    CreateError::Drive(grant.name.clone())
                })?;
                drives.push(drive);
            }
            granted.insert(role, Granted { drives });
        }
        Ok(granted)
    }
}

impl Granted {
    /// True if this role holds something of the capability that provides an interface.
    pub(crate) fn provides(&self, interface: &str) -> bool {
        is_of::<DrivesCapability>(interface) && !self.drives.is_empty()
    }
}

/// True if some capability of the roster provides this interface (named without its version).
pub(crate) fn provides(interface: &str) -> bool {
    is_of::<DrivesCapability>(interface)
}

/// True if an error id is that of what some capability refuses because of a grant.
pub(crate) fn refuses(id: &str) -> bool {
    DrivesCapability::refusals().contains(&id)
}

fn is_of<C: Capability>(interface: &str) -> bool {
    C::interfaces().contains(&interface)
}

/// Links all capabilities. What a store then reaches is what its state holds.
///
/// # Errors
/// Two capabilities define one interface.
pub(crate) fn add_to_linker<T: DrivesView + 'static>(linker: &mut Linker<T>) -> wasmtime::Result<()> {
    bailiwick_drives::add_to_linker(linker)
}
