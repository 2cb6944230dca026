//! `bailiwick session`: the caller's sessions on a host, from any of her connections.

use bailiwick_client::{Connection, SessionInfo, Target};
use bailiwick_objects::time::DateTime;
use clap::{Args, Subcommand};

use crate::arguments::{self, Answer, AnswerOutput, Connect};
use crate::exit::{Exit, Problem};
use crate::output::{answer, line, note};
use crate::{columns, json, remote};

/// Work on sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List your sessions on a host, the oldest first
    Get(Get),
    /// End sessions of yours on a host
    Remove(Remove),
}

/// Where.
#[derive(Debug, Args)]
pub(crate) struct Get {
    /// The host, given as `name[:port]`
    #[arg(value_parser = arguments::host)]
    host: Target,
    #[command(flatten)]
    output: AnswerOutput,
    #[command(flatten)]
    connect: Connect,
}

/// Which, and where.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The host, given as `name[:port]`
    #[arg(value_parser = arguments::host)]
    host: Target,
    /// The ids or names of the sessions
    #[arg(required = true, value_name = "SESSION")]
    sessions: Vec<String>,
    #[command(flatten)]
    connect: Connect,
}

/// Does it.
///
/// # Errors
/// There is no connection, or no such session.
pub(crate) async fn run(verb: Verb) -> Result<Exit, Problem> {
    match verb {
        Verb::Get(args) => {
            let connection = remote::connect(&args.host, &args.connect).await?;
            let listed = connection.sessions().await;
            connection.close().await;
            show(&listed.map_err(|error| remote::refused(&error))?, args.output.format)
        }
        Verb::Remove(args) => {
            let connection = remote::connect(&args.host, &args.connect).await?;
            let removed = remove(&connection, &args.sessions).await;
            connection.close().await;
            removed
        }
    }
}

fn show(sessions: &[SessionInfo], format: Answer) -> Result<Exit, Problem> {
    match format {
        Answer::Json => {
            for session in sessions {
                line(&json_line(session))?;
            }
        }
        Answer::Text if sessions.is_empty() => note("you have no sessions on this host"),
        Answer::Text => {
            let rows: Vec<_> = sessions
                .iter()
                .map(|session| {
                    vec![
                        session.id.to_string(),
                        session.name.clone(),
                        session.endpoint.clone(),
                        format!("{:?}", session.state),
                        format!("{:?}", session.availability),
                        created(session),
                    ]
                })
                .collect();
            answer(&columns::table(&["Id", "Name", "Endpoint", "State", "Availability", "Created"], &rows))?;
        }
    }
    Ok(Exit::Done)
}

fn json_line(session: &SessionInfo) -> String {
    let value = serde_json::json!({
        "id": session.id.to_string(),
        "name": session.name,
        "endpoint": session.endpoint,
        "state": format!("{:?}", session.state),
        "availability": format!("{:?}", session.availability),
        "location": session.location,
        "created": created(session),
    });
    json::escaped(&value.to_string())
}

fn created(session: &SessionInfo) -> String {
    let time = DateTime::from_unix_nanos(i128::from(session.created) * 1_000_000_000).to_string();
    time.replace(".0000000", "")
}

/// Ends each session that is named. One that is not there does not keep the others.
async fn remove(connection: &Connection, names: &[String]) -> Result<Exit, Problem> {
    let sessions = connection.sessions().await.map_err(|error| remote::refused(&error))?;
    let mut exit = Exit::Done;
    for name in names {
        let mut found = sessions
            .iter()
            .filter(|session| session.id.to_string().eq_ignore_ascii_case(name) || session.name == *name)
            .peekable();
        if found.peek().is_none() {
            note(&format!("you have no session `{name}` on this host"));
            exit = Exit::Failed;
        }
        for session in found {
            if let Err(error) = connection.remove(session.id).await {
                note(&format!("could not remove `{name}`: {error}"));
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}
