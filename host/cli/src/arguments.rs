//! Arguments that several verbs share. They are only read and checked here; what they name is opened by the verbs.

use std::path::PathBuf;
use std::time::Duration;

use bailiwick_client::Target;
use clap::{Args, ValueEnum};

use crate::render::Format;

/// How a host is reached and how both sides prove who they are.
#[derive(Debug, Args)]
pub(crate) struct Connect {
    /// Your certificate and private key in one PEM file [default: identity.pem in $XDG_CONFIG_HOME/bailiwick]
    #[arg(long, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// Trust hosts whose certificate this authority (PEM) signed, in place of known host keys
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

/// Which endpoint.
#[derive(Debug, Args)]
pub(crate) struct Endpoint {
    /// The endpoint to use [default: the host's default, else your only one]
    #[arg(short = 'n', long = "endpoint", value_name = "ENDPOINT")]
    pub(crate) endpoint: Option<String>,
}

/// How records are written.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// How records are written
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// How the program's own answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Answer {
    /// For people
    #[default]
    Text,
    /// One JSON object a line, with all fields
    Json,
}

/// How the program's own answers are written.
#[derive(Debug, Args)]
pub(crate) struct AnswerOutput {
    /// How the answer is written
    #[arg(short = 'o', long = "output", value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) format: Answer,
}

/// A host's address as it is typed: `name[:port]`.
///
/// # Errors
/// It is something else, or of a kind that this version doesn't have.
pub(crate) fn host(text: &str) -> Result<Target, String> {
    if text.contains(',') {
        return Err("several hosts are not supported by this version: give one".to_owned());
    }
    Target::parse(text).map_err(|error| error.to_string())
}

/// A duration as policies write it: a whole number and `ms`, `s`, `m` or `h`.
///
/// # Errors
/// It is not such a duration, or zero.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    const SYNTAX: &str = "give a whole number and `ms`, `s`, `m` or `h`, for example `30s`";
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number: u64 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or(SYNTAX)?;
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(SYNTAX.to_owned()),
    };
    match number.checked_mul(factor) {
        Some(0) => Err("give more than nothing".to_owned()),
        Some(millis) if millis <= 86_400_000 => Ok(Duration::from_millis(millis)),
        _ => Err("give at most `24h`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, host};

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "5", "s", "-1s", "1.5s", "0s", "25h", "99999999999999999999s", "1 s", "é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_of_a_later_version_is_refused_by_name() {
        assert!(host("ssh://bob@web1").unwrap_err().contains("not supported by this version"));
        assert!(host("web1,web2").unwrap_err().contains("not supported by this version"));
        assert!(host("web1\u{1b}").is_err());
        assert_eq!(host("[::1]").unwrap().port(), 7985);
    }
}
