//! `bailiwick demo`: see `demo`, which plays it.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::demo;
use crate::exit::{Exit, Problem};

/// What to play.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// Play against a copy of these policies instead of the example ones
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
}

/// Does it.
///
/// # Errors
/// A step did not do what it says.
pub(crate) async fn run(args: Args) -> Result<Exit, Problem> {
    demo::play(args.policies.as_deref()).await
}
