//! A policy: endpoints, roles and users, loaded and checked against each other.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::authority::Authority;
use crate::catalog::Catalog;
use crate::fault::{Fault, Faults};
use crate::identity::{IdentityError, Subject, Users};
use crate::load::{self, Trust};
use crate::model::{Endpoint, Role};

/// A policy. Cheap to clone; never changes.
#[derive(Debug, Clone)]
pub struct Policy {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) catalog: Catalog,
    pub(crate) endpoints: BTreeMap<Arc<str>, Arc<Endpoint>>,
    pub(crate) roles: BTreeMap<Arc<str>, Arc<Role>>,
    pub(crate) users: Users,
    pub(crate) digest: String,
}

/// A policy, and what is worth a look in its files.
#[derive(Debug)]
pub struct Loaded {
    /// The policy.
    pub policy: Policy,
    /// Not wrong, but perhaps not meant.
    pub lints: Vec<Fault>,
}

impl Policy {
    /// Loads the folder `endpoints/*.toml`, `roles/*.toml`, `users.toml`.
    ///
    /// # Errors
    /// All that is wrong with the files, at once.
    pub fn load(dir: &Path, catalog: &Catalog, trust: Trust) -> Result<Loaded, Faults> {
        load::folder(dir, catalog, trust)
    }

    /// Loads files from memory: pairs of a name such as `roles/web.toml` and a text.
    ///
    /// # Errors
    /// All that is wrong with the files, at once.
    pub fn from_sources(files: Vec<(String, String)>, catalog: &Catalog) -> Result<Loaded, Faults> {
        let files = files.into_iter().map(|(name, text)| load::File::in_memory(name, text.into_bytes()));
        load::files(files.collect(), None, catalog, Vec::new(), Vec::new())
    }

    /// What `--local` uses when no policies are named: the endpoint `unrestricted` with the full language, every
    /// installed command and one drive, `Scratch:`, of the user `local`.
    pub fn built_in_unrestricted(catalog: &Catalog) -> Self {
        Self::of(crate::built_in::unrestricted(catalog))
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// SHA-256 of the files, in hexadecimal: what the audit names the policy by.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// The installed commands it was checked against.
    pub fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    /// The user of this name, which is compared exactly.
    pub fn subject(&self, user: &str) -> Option<Subject> {
        self.inner.users.named(user).cloned()
    }

    /// All users, by name.
    pub fn subjects(&self) -> Vec<Subject> {
        self.inner.users.all().cloned().collect()
    }

    /// The user whose certificate has this SHA-256 of its public key. A certificate's names never count.
    ///
    /// # Errors
    /// Nobody's, or two users'.
    pub fn subject_of_certificate(&self, spki_sha256: &[u8; 32]) -> Result<Subject, IdentityError> {
        self.inner.users.of_certificate(spki_sha256).cloned()
    }

    /// The endpoints that give the subject roles, by name.
    pub fn endpoints_of(&self, subject: &Subject) -> Vec<&Endpoint> {
        self.inner.endpoints.values().filter(|endpoint| endpoint.admits(subject)).map(|e| &**e).collect()
    }

    /// What the subject may do on an endpoint. Nothing for one that is unknown or not hers: the same answer.
    pub fn authority(&self, endpoint: &str, subject: &Subject) -> Option<Authority> {
        let endpoint = self.inner.endpoints.get(endpoint)?;
        let names = endpoint.roles_of(subject)?;
        let roles = names.iter().filter_map(|name| self.inner.roles.get(name).cloned()).collect();
        Some(Authority::new(Arc::clone(endpoint), subject.clone(), roles, self.inner.catalog.clone()))
    }

    /// True if some endpoint has this name: for checking a host's `default_endpoint`, never for answering a client.
    pub fn has_endpoint(&self, name: &str) -> bool {
        self.inner.endpoints.contains_key(name)
    }
}
