//! `bailiwick endpoints`: which endpoints of a host are open to the caller, and what can be done there.

use bailiwick_client::{EndpointSummary, Language, Target};
use clap::Args as ClapArgs;

use crate::arguments::{self, Answer, Connect};
use crate::exit::{Exit, Problem};
use crate::output::{answer, line, note};
use crate::{columns, json, remote};

/// Where.
#[derive(Debug, ClapArgs)]
pub(crate) struct Args {
    /// The host, given as `name[:port]`
    #[arg(value_parser = arguments::host)]
    host: Target,
    #[command(flatten)]
    output: arguments::AnswerOutput,
    #[command(flatten)]
    connect: Connect,
}

/// Does it.
///
/// # Errors
/// There is no connection.
pub(crate) async fn run(args: Args) -> Result<Exit, Problem> {
    let connection = remote::connect(&args.host, &args.connect).await?;
    let listed = connection.endpoints().await;
    let user = connection.user().to_owned();
    connection.close().await;
    let endpoints = listed.map_err(|error| remote::refused(&error))?;
    match args.output.format {
        Answer::Json => {
            for endpoint in &endpoints {
                line(&json_line(endpoint))?;
            }
        }
        Answer::Text if endpoints.is_empty() => note(&format!("no endpoint is open to `{user}`")),
        Answer::Text => answer(&text(&endpoints))?,
    }
    Ok(Exit::Done)
}

fn text(endpoints: &[EndpointSummary]) -> String {
    let rows: Vec<_> = endpoints
        .iter()
        .map(|endpoint| {
            let commands = endpoint.commands.join(", ");
            vec![
                endpoint.name.clone(),
                language(endpoint.language).to_owned(),
                endpoint.description.clone(),
                commands,
            ]
        })
        .collect();
    columns::table(&["Name", "Language", "Description", "Commands"], &rows)
}

fn json_line(endpoint: &EndpointSummary) -> String {
    let EndpointSummary { name, description, language: mode, commands } = endpoint;
    let value = serde_json::json!({ "name": name, "description": description, "language": language(*mode), "commands": commands });
    json::escaped(&value.to_string())
}

/// The word that policies use.
const fn language(language: Language) -> &'static str {
    match language {
        Language::No => "none",
        Language::Restricted => "restricted",
        Language::Constrained => "constrained",
        Language::Full => "full",
    }
}
