//! `bailiwick invoke`: one script in a session of its own, which ends with it: in this process, or on a host.

use std::path::PathBuf;
use std::time::Duration;

use bailiwick_client::Target;
use clap::{ArgGroup, Args as ClapArgs, ValueEnum};

use crate::arguments::{self, Connect, Endpoint, Output};
use crate::drive::{self, Ended};
use crate::exit::{Exit, Problem};
use crate::interrupt::Interrupts;
use crate::local::LocalSession;
use crate::output::note;
use crate::remote::RemoteSession;
use crate::render::Renderer;
use crate::session::{Session, exit_of};
use crate::stdin::{self, Lines};

/// What to run, and where.
#[derive(Debug, ClapArgs)]
#[command(group = ArgGroup::new("where").required(true).args(["local", "host"]))]
#[command(group = ArgGroup::new("what").required(true).args(["command", "file", "stdin"]))]
pub(crate) struct Args {
    /// Run in this process: no host is needed, and nothing is audited
    #[arg(long)]
    local: bool,
    /// With `--local`, apply the policies in this folder in place of the built-in unrestricted one
    #[arg(long, value_name = "DIR", requires = "user", conflicts_with = "host")]
    policies: Option<PathBuf>,
    /// With `--policies`, run as this user of theirs
    #[arg(long = "as", value_name = "USER", id = "user", requires = "policies")]
    user: Option<String>,
    /// Run on this host, given as `name[:port]`
    #[arg(short = 'C', long, value_name = "HOST", value_parser = arguments::host)]
    host: Option<Target>,
    #[command(flatten)]
    endpoint: Endpoint,
    #[command(flatten)]
    connect: Connect,
    #[command(flatten)]
    output: Output,
    /// Feed the lines of stdin to the script as strings: the one value is `-`
    #[arg(long, value_name = "-", value_enum, hide_possible_values = true, conflicts_with = "stdin")]
    input: Option<Stdin>,
    /// Stop the script after this time, for example `30s`, and end its session if it does not stop within 2 s
    #[arg(long, value_name = "TIME", value_parser = arguments::duration)]
    timeout: Option<Duration>,
    /// Run this script
    #[arg(short, long, value_name = "SCRIPT")]
    command: Option<String>,
    /// Run the script in this file
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Run the script on stdin
    #[arg(value_enum, value_name = "-", hide_possible_values = true)]
    stdin: Option<Stdin>,
}

/// Standard input, written as a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stdin {
    /// Standard input
    #[value(name = "-")]
    Hyphen,
}

/// Does it.
///
/// # Errors
/// No session could be made, or it went away.
pub(crate) async fn run(args: Args) -> Result<Exit, Problem> {
    let script = match (&args.command, &args.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => stdin::script_file(path)?,
        (None, None) => stdin::script()?,
    };
    let endpoint = args.endpoint.endpoint.as_deref();
    match &args.host {
        Some(host) => {
            let session = RemoteSession::start(host, &args.connect, endpoint).await?;
            let renderer = Renderer::new(args.output.format, None, session.views());
            invoke(session, renderer, &script, &args).await
        }
        None => {
            let session =
                LocalSession::start(args.policies.as_deref(), args.user.as_deref(), endpoint).await?;
            let renderer = Renderer::new(args.output.format, Some(session.sandbox()), session.views());
            invoke(session, renderer, &script, &args).await
        }
    }
}

async fn invoke<S: Session>(
    session: S,
    mut renderer: Renderer,
    script: &str,
    args: &Args,
) -> Result<Exit, Problem> {
    let mut interrupts = Interrupts::open()?;
    let lines = args.input.map(|_stdin| Lines::open());
    let ended = match session.execute(script, lines.is_some()).await {
        Ok(events) => drive::run(events, &mut renderer, &mut interrupts, args.timeout, lines).await,
        Err(problem) => Err(problem),
    };
    if let Ok(Ended::GivenUp(why)) = &ended {
        note(&format!("{why}: its session is ended"));
    }
    // Whatever became of the command, its session goes; what the command did decides the exit status.
    let gone = session.end().await;
    match ended? {
        Ended::Finished(outcome) => {
            gone?;
            Ok(exit_of(&outcome))
        }
        Ended::GivenUp(_) => Ok(Exit::SessionLost),
    }
}
