//! The verbs: one file each, with its arguments and its `run`. What several need is beside `command`, not in it.

mod audit;
mod demo;
mod endpoints;
mod enter;
mod invoke;
mod key;
mod policy;
mod serve;
mod session;

use clap::Subcommand;

use crate::exit::{Exit, Problem};

/// What the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play a guided tour on a host of its own, then hand over its session
    Demo(demo::Args),
    /// Host sessions under the policies of a folder
    Serve(serve::Args),
    /// List the endpoints of a host that are open to you, and what you can do there
    Endpoints(endpoints::Args),
    /// Type commands into a new session on a host
    Enter(enter::Args),
    /// Run a script in a new session, here or on a host
    Invoke(invoke::Args),
    /// List or remove your sessions on a host
    #[command(subcommand)]
    Session(session::Verb),
    /// Check policies
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Read and verify the audit of a host
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Make certificates for hosts and users
    #[command(subcommand)]
    Key(key::Verb),
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// Why it ended early.
    pub(crate) async fn run(self) -> Result<Exit, Problem> {
        match self {
            Self::Demo(args) => demo::run(args).await,
            Self::Serve(args) => serve::run(args).await,
            Self::Endpoints(args) => endpoints::run(args).await,
            Self::Enter(args) => enter::run(args).await,
            Self::Invoke(args) => invoke::run(args).await,
            Self::Session(verb) => session::run(verb).await,
            Self::Policy(verb) => policy::run(verb).await,
            Self::Audit(verb) => audit::run(verb),
            Self::Key(verb) => key::run(verb),
        }
    }

    /// What is logged to stderr if `BAILIWICK_LOG` says nothing: a host's operator wants to know more than a user.
    pub(crate) const fn log_level(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info",
            _ => "error",
        }
    }
}
