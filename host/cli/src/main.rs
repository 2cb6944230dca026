//! `bailiwick`: the one binary. Reads the command line, hands it to its verb and turns what comes back into an exit
//! status. Everything else is in `command`, or below in the crates that it calls.
#![forbid(unsafe_code)]

mod arguments;
mod columns;
mod command;
mod demo;
mod drive;
mod exit;
mod folders;
mod inert;
mod interrupt;
mod json;
mod local;
mod output;
mod pki;
mod remote;
mod render;
mod repl;
mod session;
mod stdin;
mod terminal;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::command::Command;
use crate::exit::{Exit, Problem};

/// Hosts restricted PowerShell-like sessions, and speaks to them.
///
/// Exit status: 0 done, 1 the command failed or a check found faults, 2 usage, 3 refused by policy, 4 could not
/// connect, 5 the session was lost.
#[derive(Debug, Parser)]
#[command(name = "bailiwick", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(shown) => return show(&shown),
    };
    log(cli.command.log_level());
    let done = run(cli.command);
    match done {
        Ok(exit) => exit,
        Err(problem) => {
            if problem != Problem::NoReader {
                output::note(&format!("bailiwick: {problem}"));
            }
            problem.exit()
        }
    }
}

fn run(command: Command) -> Result<Exit, Problem> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Problem::Failed(format!("could not start threads: {error}")))?;
    let done = runtime.block_on(command.run());
    // A thread that still waits for a file or the terminal must not keep the program.
    runtime.shutdown_background();
    done
}

/// Shows help and the version, which were asked for, or what is wrong with the command line.
fn show(shown: &clap::Error) -> Exit {
    if shown.use_stderr() {
        let _ = shown.print();
        return Exit::Usage;
    }
    match output::answer(&shown.render().to_string()) {
        Ok(()) => Exit::Done,
        Err(problem) => problem.exit(),
    }
}

fn log(default: &str) {
    let filter = std::env::var("BAILIWICK_LOG").ok().and_then(|text| EnvFilter::try_new(text).ok());
    let filter = filter.unwrap_or_else(|| EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}

#[cfg(test)]
mod tests;
