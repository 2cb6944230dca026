//! What one subject may do on one endpoint: the handle that a session holds.

use std::sync::Arc;

use bailiwick_objects::Hashtable;
use bailiwick_objects::metadata::CommandInfo;

use crate::bound::{self, BoundRecord};
use crate::catalog::Catalog;
use crate::decide::{self, Decision};
use crate::denial::Denial;
use crate::identity::Subject;
use crate::model::{DriveGrant, Endpoint, Role};
use crate::view;

/// What one subject may do on one endpoint. Cheap to clone; never changes.
#[derive(Debug, Clone)]
pub struct Authority {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    endpoint: Arc<Endpoint>,
    subject: Subject,
    /// In the order in which they decide.
    roles: Vec<Arc<Role>>,
    /// One of each name.
    drives: Vec<DriveGrant>,
    catalog: Catalog,
}

impl Authority {
    pub(crate) fn new(
        endpoint: Arc<Endpoint>,
        subject: Subject,
        roles: Vec<Arc<Role>>,
        catalog: Catalog,
    ) -> Self {
        let drives = view::union_of_drives(&roles);
        Self { inner: Arc::new(Inner { endpoint, subject, roles, drives, catalog }) }
    }

    /// The endpoint.
    pub fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    /// The subject.
    pub fn subject(&self) -> &Subject {
        &self.inner.subject
    }

    /// The names of the subject's roles here, in the order in which they decide.
    pub fn roles(&self) -> Vec<Arc<str>> {
        self.inner.roles.iter().map(|role| Arc::clone(&role.name)).collect()
    }

    /// The command of this canonical name or alias, if some grant names it, with the parameters that some grant
    /// allows.
    pub fn lookup(&self, name: &str) -> Option<CommandInfo> {
        let command = self.inner.catalog.shared(name)?;
        view::of(command, &self.inner.roles, self.inner.endpoint.language)
    }

    /// All commands that some grant names, by name.
    pub fn commands(&self) -> Vec<CommandInfo> {
        let visible =
            |command: &Arc<CommandInfo>| view::of(command, &self.inner.roles, self.inner.endpoint.language);
        self.inner.catalog.commands().filter_map(visible).collect()
    }

    /// The drives of all roles, one of each name, by name; writable if some role may write.
    pub fn drives(&self) -> Vec<&DriveGrant> {
        self.inner.drives.iter().collect()
    }

    /// The drives of one role, by name: what an instance that runs for it may hold.
    pub fn role_drives(&self, role: &str) -> Vec<&DriveGrant> {
        let role = self.inner.roles.iter().find(|candidate| *candidate.name == *role);
        role.map(|role| role.drives.iter().collect()).unwrap_or_default()
    }

    /// Checks a record against the installed metadata: the command's and the parameters' canonical names, no name
    /// twice, types, parameter sets, what is mandatory. Paths become canonical.
    ///
    /// # Errors
    /// The first thing that is not as it must be.
    pub fn bind(&self, command: &str, arguments: &Hashtable) -> Result<BoundRecord, Box<Denial>> {
        let visible =
            |info: &Arc<CommandInfo>| self.inner.roles.iter().any(|r| r.grant(&info.name).is_some());
        let info = self.inner.catalog.shared(command).filter(|info| info.name == command && visible(info));
        let Some(info) = info else { return Err(Denial::not_visible(command, &self.inner.endpoint.name)) };
        bound::bind(info, arguments, &self.inner.roles, &self.inner.drives)
    }

    /// Decides a record: by the first role, in the endpoint's order, whose grant allows it and which holds every
    /// drive that the record names. Total: anything but a clean yes is a no.
    pub fn decide(&self, record: BoundRecord) -> Decision {
        decide::decide(&self.inner.endpoint.name, &self.inner.roles, record)
    }
}
