//! What a script learns from the exit status, and why a verb ended early. Each [`Problem`] has exactly one status, so
//! that no verb chooses numbers of its own.

use std::process::{ExitCode, Termination};

use thiserror::Error;

/// What a script may rely on. `docs/cli.md` lists the numbers; changing one is a breaking change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done.
    Done,
    /// The command failed, or a check found faults.
    Failed,
    /// The command line makes no sense.
    Usage,
    /// Policy refused.
    Refused,
    /// No connection to the host could be made, or it refused the identity.
    Unreachable,
    /// The session was lost.
    SessionLost,
}

impl Exit {
    /// Its number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Unreachable => 4,
            Self::SessionLost => 5,
        }
    }
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

/// Why a verb ended early: a sentence for whoever typed it, kept apart by the exit status it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Problem {
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// It could not be done.
    #[error("{0}")]
    Failed(String),
    /// Policy refused.
    #[error("{0}")]
    Refused(String),
    /// No connection could be made.
    #[error("{0}")]
    Unreachable(String),
    /// The session was lost.
    #[error("{0}")]
    SessionLost(String),
    /// Whoever read the output has seen enough: no failure, and nothing to say.
    #[error("nobody reads the output any more")]
    NoReader,
}

impl Problem {
    /// A failure to do something with a file or folder, in the system's words.
    pub(crate) fn file(doing: &str, path: &std::path::Path, source: &std::io::Error) -> Self {
        Self::Failed(format!("could not {doing} `{}`: {source}", path.display()))
    }

    /// The exit status it leads to.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Failed(_) => Exit::Failed,
            Self::Refused(_) => Exit::Refused,
            Self::Unreachable(_) => Exit::Unreachable,
            Self::SessionLost(_) => Exit::SessionLost,
            Self::NoReader => Exit::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, Problem};

    #[test]
    fn each_status_has_its_documented_number() {
        let all =
            [Exit::Done, Exit::Failed, Exit::Usage, Exit::Refused, Exit::Unreachable, Exit::SessionLost];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        assert_eq!(Problem::NoReader.exit(), Exit::Done);
    }
}
