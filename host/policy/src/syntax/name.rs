//! The forms of names. A name that is not of its form is refused: nothing is trimmed, folded or normalised.

use std::sync::Arc;

use crate::fault::Fault;
use crate::syntax::fields::At;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Endpoint,
    Role,
    User,
    Group,
    Drive,
    UserId,
}

impl NameKind {
    pub(crate) const fn form(self) -> &'static str {
        match self {
            Self::Endpoint | Self::Role => {
                "1 to 64 lower-case ASCII letters, digits and hyphens, a letter first"
            }
            Self::User | Self::Group => {
                "1 to 64 lower-case ASCII letters, digits, `.`, `_` and `-`, a letter or `_` first"
            }
            Self::Drive => "1 to 32 ASCII letters and digits, a letter first",
            Self::UserId => "1 to 64 lower-case ASCII letters, digits and hyphens, no hyphen first",
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Endpoint => "an endpoint name",
            Self::Role => "a role name",
            Self::User => "a user name",
            Self::Group => "a group name",
            Self::Drive => "a drive name",
            Self::UserId => "a user id",
        }
    }

    /// True if the text is a name of this kind.
    pub(crate) fn admits(self, text: &str) -> bool {
        let lower_or_digit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let mut characters = text.chars();
        let Some(first) = characters.next() else { return false };
        match self {
            Self::Endpoint | Self::Role => {
                text.len() <= 64
                    && first.is_ascii_lowercase()
                    && characters.all(|c| lower_or_digit(c) || c == '-')
            }
            Self::User | Self::Group => {
                text.len() <= 64
                    && (first.is_ascii_lowercase() || first == '_')
                    && characters.all(|c| lower_or_digit(c) || matches!(c, '.' | '_' | '-'))
            }
            Self::Drive => {
                text.len() <= 32
                    && first.is_ascii_alphabetic()
                    && characters.all(|c| c.is_ascii_alphanumeric())
            }
            Self::UserId => {
                text.len() <= 64 && lower_or_digit(first) && characters.all(|c| lower_or_digit(c) || c == '-')
            }
        }
    }

    /// The name, or a fault that gives the form.
    pub(crate) fn parse(self, name: At<String>, faults: &mut Vec<Fault>) -> Option<At<Arc<str>>> {
        if self.admits(&name.value) {
            return Some(name.map(Arc::from));
        }
        faults.push(
            name.place
                .fault(format!("{} is not {}", crate::text::quoted(&name.value), self.title()))
                .help(format!("use {}", self.form())),
        );
        None
    }
}
