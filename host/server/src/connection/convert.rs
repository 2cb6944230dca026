//! The runtime's words in the wire's.

use std::time::UNIX_EPOCH;

use bailiwick_objects::{Value, batch};
use bailiwick_policy::LanguageMode;
use bailiwick_runtime as runtime;
use bailiwick_wire::message::{
    Availability, EndpointSummary, Finished, Language, SessionInfo, SessionState, Status,
};
use bailiwick_wire::{CommandId, SessionId};

/// Bytes of a location: a longer one is no use to anybody and would not fit a frame.
const LOCATION: usize = 4 << 10;

pub(super) const fn runtime_id(id: SessionId) -> runtime::SessionId {
    runtime::SessionId::from_bytes(id.0)
}

pub(super) const fn wire_id(id: runtime::SessionId) -> SessionId {
    SessionId(id.to_bytes())
}

pub(super) fn endpoint(summary: runtime::EndpointSummary) -> EndpointSummary {
    EndpointSummary {
        name: summary.name,
        description: summary.description,
        language: language(summary.language),
        commands: summary.commands,
    }
}

pub(super) fn session(info: &runtime::SessionInfo, mode: LanguageMode) -> SessionInfo {
    SessionInfo {
        id: wire_id(info.id),
        name: info.name.clone(),
        endpoint: info.endpoint.clone(),
        state: match info.state {
            runtime::State::Opened => SessionState::Opened,
            runtime::State::Broken => SessionState::Broken,
        },
        availability: match info.availability {
            runtime::Availability::Available => Availability::Available,
            runtime::Availability::Busy => Availability::Busy,
            runtime::Availability::None => Availability::None,
        },
        location: location(&info.location),
        language: language(mode),
        created: info.created.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    }
}

pub(super) fn finished(
    session: SessionId,
    command: CommandId,
    seq: u64,
    outcome: runtime::Outcome,
) -> Finished {
    let status = match outcome.status {
        runtime::Status::Completed => Status::Completed,
        runtime::Status::Failed => Status::Failed,
        runtime::Status::Stopped => Status::Stopped,
        runtime::Status::SessionLost => Status::SessionLost,
    };
    let error = outcome.error.map(|error| batch::encode(&[Value::Error(Box::new(error))]));
    Finished {
        session,
        command,
        seq,
        status,
        had_errors: outcome.had_errors,
        refused: outcome.refused,
        location: location(&outcome.location),
        error,
    }
}

const fn language(mode: LanguageMode) -> Language {
    match mode {
        LanguageMode::No => Language::No,
        LanguageMode::Restricted => Language::Restricted,
        LanguageMode::Constrained => Language::Constrained,
        LanguageMode::Full => Language::Full,
    }
}

fn location(location: &str) -> String {
    if location.len() <= LOCATION { location.to_owned() } else { String::new() }
}
