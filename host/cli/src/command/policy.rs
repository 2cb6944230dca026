//! `bailiwick policy`: what is wrong with a folder of policies, said all at once and in its place.

use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_policy::host_config::HostConfig;
use bailiwick_policy::{Policy, Trust};
use clap::Subcommand;

use crate::exit::{Exit, Problem};
use crate::local;
use crate::output::{line, note};

/// Work on policies.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Say everything that is wrong with a folder of policies
    Check {
        /// The folder with `endpoints`, `roles` and `users.toml` [default: /etc/bailiwick]
        folder: Option<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// The sandbox, which knows the installed commands, does not start.
pub(crate) async fn run(verb: Verb) -> Result<Exit, Problem> {
    match verb {
        Verb::Check { folder } => check(&folder.unwrap_or_else(|| HostConfig::default().policies)).await,
    }
}

async fn check(folder: &Path) -> Result<Exit, Problem> {
    let (sandbox, _cache) = local::start_sandbox().await?;
    match Policy::load(folder, sandbox.catalog(), Trust::Lint) {
        Ok(loaded) => {
            for lint in &loaded.lints {
                note(&format!("{lint}\n"));
            }
            let endpoints = counted(files(&folder.join("endpoints")), "endpoint");
            let roles = counted(files(&folder.join("roles")), "role");
            let users = counted(loaded.policy.subjects().len(), "user");
            line(&format!("{endpoints}, {roles}, {users}: no faults"))?;
            Ok(Exit::Done)
        }
        Err(faults) => {
            for fault in &faults {
                note(&format!("{fault}\n"));
            }
            note(&counted(faults.count(), "fault"));
            Ok(Exit::Failed)
        }
    }
}

/// The policy files of a folder that was loaded: each is one endpoint or role.
fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "toml")).count()
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
