//! An endpoint file: `[endpoint]`, `[endpoint.roles]`, `[limits]`.

use std::sync::Arc;
use std::time::Duration;

use crate::fault::Fault;
use crate::model::{CoreCommands, LanguageMode, Limits, Selector};
use crate::syntax::fields::{At, Document, Entry, Fields, Shape};
use crate::syntax::later;
use crate::syntax::name::NameKind;
use crate::syntax::source::Source;
use crate::syntax::units;

const TOP: Shape = Shape {
    title: "an endpoint file",
    keys: &["version", "endpoint", "limits"],
    later: later::ENDPOINT_FILE,
};
const ENDPOINT: Shape = Shape {
    title: "`[endpoint]`",
    keys: &["description", "language", "core", "roles"],
    later: later::ENDPOINT,
};
const LIMITS: Shape = Shape {
    title: "`[limits]`",
    keys: &[
        "idle_timeout",
        "max_idle_timeout",
        "command_time",
        "cpu_per_command",
        "memory",
        "output_per_command",
        "sessions_per_user",
    ],
    later: later::LIMITS,
};

/// What an endpoint file says.
#[derive(Debug)]
pub(crate) struct EndpointForm {
    pub(crate) name: Arc<str>,
    /// The file's name in faults.
    pub(crate) shown: Arc<str>,
    pub(crate) description: String,
    pub(crate) language: LanguageMode,
    pub(crate) core: CoreCommands,
    /// In the order of the file.
    pub(crate) assignments: Vec<AssignmentForm>,
    pub(crate) limits: Limits,
}

/// Roles given to one selector.
#[derive(Debug)]
pub(crate) struct AssignmentForm {
    pub(crate) selector: At<Selector>,
    pub(crate) roles: Vec<At<Arc<str>>>,
}

/// Reads an endpoint file.
pub(crate) fn read_endpoint(name: Arc<str>, source: &Arc<Source>, faults: &mut Vec<Fault>) -> EndpointForm {
    let document = Document::parse(source, faults);
    let top = document.top(TOP, faults);
    let limits = top.item("limits").and_then(|item| item.fields(LIMITS, faults));
    let limits = limits.map_or_else(Limits::default, |fields| read_limits(&fields, faults));
    let mut form = EndpointForm {
        name,
        shown: source.shown(),
        description: String::new(),
        language: LanguageMode::No,
        core: CoreCommands::Standard,
        assignments: Vec::new(),
        limits,
    };
    let table = top.required("endpoint", faults).and_then(|item| item.fields(ENDPOINT, faults));
    let Some(table) = table else { return form };
    if let Some(description) = table.text("description", faults) {
        form.description = description.value;
    }
    let languages = [("none", LanguageMode::No), ("full", LanguageMode::Full)];
    if let Some(language) = table.word("language", &languages, &["restricted", "constrained"], faults) {
        form.language = language.value;
    }
    let cores = [
        ("standard", CoreCommands::Standard),
        ("minimal", CoreCommands::Minimal),
        ("none", CoreCommands::None),
    ];
    if let Some(core) = table.word("core", &cores, &[], faults) {
        form.core = core.value;
    }
    let roles = table.item("roles").and_then(|item| item.entries(faults)).unwrap_or_default();
    form.assignments = roles.iter().filter_map(|entry| read_assignment(entry, faults)).collect();
    form
}

fn read_assignment(entry: &Entry<'_>, faults: &mut Vec<Fault>) -> Option<AssignmentForm> {
    let selector = read_selector(entry.key(), faults);
    let roles = entry.value().texts(faults)?;
    let roles = roles.into_iter().filter_map(|role| NameKind::Role.parse(role, faults)).collect();
    Some(AssignmentForm { selector: selector?, roles })
}

fn read_selector(text: At<String>, faults: &mut Vec<Fault>) -> Option<At<Selector>> {
    let place = text.place.clone();
    let (kind, name) = match text.value.split_once(':') {
        Some((kind, name)) => (kind, At { value: name.to_owned(), place: place.clone() }),
        None => ("", text),
    };
    match kind {
        "user" => Some(NameKind::User.parse(name, faults)?.map(Selector::User)),
        "group" => Some(NameKind::Group.parse(name, faults)?.map(Selector::Group)),
        later if later::SELECTORS.contains(&later) => {
            faults.push(
                place
                    .fault(format!("`{later}:` is not supported by this version"))
                    .help("use `group:` with the groups of `users.toml`"),
            );
            None
        }
        _ => {
            let fault = place.fault("roles are given to `user:NAME` or `group:NAME`");
            faults.push(fault.help("write for example \"group:helpdesk\" = [\"log-reader\"]"));
            None
        }
    }
}

fn read_limits(fields: &Fields<'_>, faults: &mut Vec<Fault>) -> Limits {
    let default = Limits::default();
    let [idle, max_idle, command, cpu] =
        ["idle_timeout", "max_idle_timeout", "command_time", "cpu_per_command"].map(|key| {
            let text = fields.text(key, faults)?;
            units::duration(&text, faults).map(|value| At { value, place: text.place })
        });
    let (idle_timeout, max_idle_timeout) =
        ordered(("idle_timeout", idle), ("max_idle_timeout", max_idle), default.idle_pair(), faults);
    let (cpu_per_command, command_time) =
        ordered(("cpu_per_command", cpu), ("command_time", command), default.command_pair(), faults);
    let mut bytes = |key: &str, otherwise: u64| {
        fields.text(key, faults).and_then(|text| units::size(&text, faults)).unwrap_or(otherwise)
    };
    let memory = bytes("memory", default.memory);
    let output_per_command = bytes("output_per_command", default.output_per_command);
    let sessions = fields.item("sessions_per_user").and_then(|item| item.count(faults));
    Limits {
        idle_timeout,
        max_idle_timeout,
        command_time,
        cpu_per_command,
        memory,
        output_per_command,
        sessions_per_user: sessions.map_or(default.sessions_per_user, |count| count.value),
    }
}

/// Two limits of which the first must not exceed the second. Where only one is given, the other's default gives way.
fn ordered(
    low: (&str, Option<At<Duration>>),
    high: (&str, Option<At<Duration>>),
    default: (Duration, Duration),
    faults: &mut Vec<Fault>,
) -> (Duration, Duration) {
    match (low.1, high.1) {
        (Some(below), Some(above)) => {
            if below.value > above.value {
                faults.push(
                    below
                        .place
                        .fault(format!("`{}` is longer than `{}`", low.0, high.0))
                        .note(format!("`{}` is set at {}", high.0, above.place.shown()))
                        .help("lower the one or raise the other: the longer could never be reached"),
                );
            }
            (below.value, above.value)
        }
        (Some(below), None) => (below.value, default.1.max(below.value)),
        (None, Some(above)) => (default.0.min(above.value), above.value),
        (None, None) => default,
    }
}
