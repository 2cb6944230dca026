//! `bailiwick enter`: a session on a host, typed into line by line. It ends when the user leaves.

use bailiwick_client::Target;
use clap::Args as ClapArgs;

use crate::arguments::{self, Connect, Endpoint};
use crate::exit::{Exit, Problem};
use crate::remote::RemoteSession;
use crate::render::{Format, Renderer};
use crate::repl::{self, Console};
use crate::session::Session as _;

/// Where.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// The host, given as `name[:port]`
    #[arg(value_parser = arguments::host)]
    host: Target,
    #[command(flatten)]
    endpoint: Endpoint,
    #[command(flatten)]
    connect: Connect,
}

/// Does it.
///
/// # Errors
/// No session could be made, or it went away.
pub(crate) async fn run(args: Args) -> Result<Exit, Problem> {
    let session = RemoteSession::start(&args.host, &args.connect, args.endpoint.endpoint.as_deref()).await?;
    let mut renderer = Renderer::new(Format::Text, None, session.views());
    let left = match Console::open() {
        Ok(mut console) => {
            repl::run(&session, session.location().to_owned(), &mut renderer, &mut console).await
        }
        Err(problem) => Err(problem),
    };
    let gone = session.end().await;
    let exit = left?;
    gone?;
    Ok(exit)
}
