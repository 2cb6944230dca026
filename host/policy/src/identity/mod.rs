//! Subjects: who asks, and how a credential becomes one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::model::Selector;
use crate::syntax::NameKind;

/// Who asks: a user of `users.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The user's name: a key of `users.toml`.
    pub user: Arc<str>,
    /// What names the user's own things; never given to anyone else.
    pub id: UserId,
    /// The user's groups, as `users.toml` has them.
    pub groups: Vec<Arc<str>>,
}

impl Subject {
    pub(crate) fn matches(&self, selector: &Selector) -> bool {
        match selector {
            Selector::User(name) => self.user == *name,
            Selector::Group(name) => self.groups.contains(name),
        }
    }
}

/// A user's id: lower-case ASCII letters, digits and hyphens, so that it can name a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Arc<str>);

impl UserId {
    /// The id, if the text is of the form that `users.toml` demands.
    pub fn parse(text: &str) -> Option<Self> {
        NameKind::UserId.admits(text).then(|| Self(text.into()))
    }

    /// For text whose form was checked when it was read.
    pub(crate) const fn checked(text: Arc<str>) -> Self {
        Self(text)
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a credential is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// No user has it.
    #[error("the certificate belongs to no user: add its fingerprint to a user in `users.toml`")]
    Unknown,
    /// Two users have it.
    #[error("the certificate belongs to more than one user: keep it with one of them in `users.toml`")]
    Ambiguous,
}

/// The users of a policy.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_name: BTreeMap<Arc<str>, Subject>,
    by_certificate: BTreeMap<[u8; 32], Vec<Arc<str>>>,
}

impl Users {
    pub(crate) fn add(&mut self, subject: Subject, certificates: impl IntoIterator<Item = [u8; 32]>) {
        for certificate in certificates {
            self.by_certificate.entry(certificate).or_default().push(Arc::clone(&subject.user));
        }
        self.by_name.insert(Arc::clone(&subject.user), subject);
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Subject> {
        self.by_name.get(name)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Subject> {
        self.by_name.values()
    }

    /// The one user of a certificate. Two are a load error; asked again here, because the answer is who someone is.
    pub(crate) fn of_certificate(&self, certificate: &[u8; 32]) -> Result<&Subject, IdentityError> {
        match self.by_certificate.get(certificate).map(Vec::as_slice) {
            None | Some([]) => Err(IdentityError::Unknown),
            Some([name]) => self.named(name).ok_or(IdentityError::Unknown),
            Some(_) => Err(IdentityError::Ambiguous),
        }
    }
}
