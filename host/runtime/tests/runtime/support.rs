//! A host over policies written in the test, with drives in a temporary folder and guests compiled once for all
//! tests.

use std::path::Path;

use bailiwick_audit::{Audit, Options};
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorRecord, Value, decode};
use bailiwick_policy::{Policy, Subject};
use bailiwick_runtime::{
    CommandText, Event, Host, HostOptions, Outcome, Sandbox, SandboxOptions, SessionId, SessionOptions,
};
use tempfile::TempDir;

/// A host, and the folder that all of its state is in.
pub(crate) struct Fixture {
    pub(crate) host: Host,
    pub(crate) dir: TempDir,
}

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) outcome: Outcome,
    pub(crate) output: Vec<Value>,
    pub(crate) errors: Vec<ErrorRecord>,
}

impl Ran {
    pub(crate) fn error_ids(&self) -> Vec<&str> {
        self.errors.iter().map(|error| &*error.id).collect()
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.output
            .iter()
            .map(|value| match value {
                Value::String(text) => text.to_string(),
                Value::Int32(number) => number.to_string(),
                Value::Bool(truth) => truth.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }
}

pub(crate) const USERS: &str = r#"
version = 1
[users.alice]
id = "u-alice"
groups = ["helpdesk"]
[users.bob]
id = "u-bob"
groups = ["helpdesk"]
"#;

/// Two endpoints: `desk` without language over a folder and the own drive, `tool` with the full language.
pub(crate) fn policies(logs: &Path) -> Vec<(String, String)> {
    let logs = logs.display();
    let files = [
        ("users.toml", USERS.to_owned()),
        (
            "endpoints/desk.toml",
            r#"
version = 1
[endpoint]
description = "a desk"
language = "none"
[endpoint.roles]
"group:helpdesk" = ["reader", "own"]
"#
            .to_owned(),
        ),
        (
            "endpoints/tool.toml",
            r#"
version = 1
[endpoint]
description = "a tool"
language = "full"
[endpoint.roles]
"group:helpdesk" = ["own"]
[limits]
cpu_per_command = "300ms"
command_time = "20s"
memory = "64MiB"
sessions_per_user = 3
"#
            .to_owned(),
        ),
        (
            "roles/reader.toml",
            format!(
                r#"
version = 1
[drives.Logs]
root = "{logs}"
access = "read"
[[command]]
name = "Get-ChildItem"
parameters = "any"
[[command]]
name = "Get-Content"
[command.parameters]
Path = {{ within = "Logs:/web" }}
TotalCount = {{ range = "1..5", optional = true }}
[[command]]
name = "Test-Path"
parameters = "any"
"#
            ),
        ),
        (
            "roles/own.toml",
            r#"
version = 1
[drives.User]
per_user = true
access = "write"
quota = "1MiB"
[[command]]
name = "Set-Content"
parameters = "any"
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "User:/" }
[[command]]
name = "Test-Path"
parameters = "any"
"#
            .to_owned(),
        ),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
}

pub(crate) fn sandbox() -> Sandbox {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    // Few: each reserves 4 GiB of address space, and the tests of one process run at once.
    Sandbox::start(SandboxOptions { instances: 64, ..SandboxOptions::new(cache) })
        .expect("the guests compile")
}

impl Fixture {
    pub(crate) fn start() -> Self {
        Self::with(policies)
    }

    pub(crate) fn with(policies: impl FnOnce(&Path) -> Vec<(String, String)>) -> Self {
        Self::over(sandbox(), policies)
    }

    pub(crate) fn over(sandbox: Sandbox, policies: impl FnOnce(&Path) -> Vec<(String, String)>) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let logs = dir.path().join("logs");
        std::fs::create_dir_all(logs.join("web")).expect("a folder");
        std::fs::write(logs.join("web/access.log"), "one\ntwo\nthree\nfour\nfive\nsix\n").expect("a file");
        std::fs::write(logs.join("secret.log"), "hidden\n").expect("a file");
        let loaded = Policy::from_sources(policies(&logs), sandbox.catalog());
        let policy = loaded.unwrap_or_else(|faults| panic!("{faults}")).policy;
        let audit_dir = dir.path().join("audit");
        let (audit, _recovery) = Audit::open(&audit_dir, Options::default()).expect("an audit");
        let state = dir.path().join("state");
        let host = Host::new(sandbox, policy, audit, HostOptions::new(state)).expect("a host");
        Self { host, dir }
    }

    pub(crate) fn subject(&self, user: &str) -> Subject {
        self.host.policy().subject(user).expect("a user of the policy")
    }

    pub(crate) async fn session(&self, user: &str, endpoint: &str) -> SessionId {
        let created = self.host.create(&self.subject(user), Some(endpoint), SessionOptions::default()).await;
        created.expect("a session").id
    }

    pub(crate) async fn run(&self, user: &str, session: SessionId, text: &str) -> Ran {
        let text = CommandText { text: text.to_owned(), ..CommandText::default() };
        let mut execution = self.host.execute(&self.subject(user), session, text).expect("it is taken");
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        while let Some(event) = execution.next().await {
            match event {
                Event::Records { stream, batch } => {
                    for value in decode(&batch, &Default::default()).expect("a batch") {
                        match (stream, value) {
                            (StreamKind::Output, value) => output.push(value),
                            (StreamKind::Error, Value::Error(error)) => errors.push(*error),
                            _ => {}
                        }
                    }
                }
                Event::Finished(outcome) => return Ran { outcome, output, errors },
            }
        }
        panic!("the command ended without an outcome");
    }

    /// The lines of the audit, as they are on disk.
    pub(crate) fn audit_lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for record in bailiwick_audit::read(&self.dir.path().join("audit")).expect("an audit") {
            lines.push(format!("{:?}", record.expect("a record")));
        }
        lines
    }
}
