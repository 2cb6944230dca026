//! A help desk to try things at: one host, one user's session, the files it stands on, and what the audit says.
//!
//! Every reply that passes here is searched for what no reply may hold: a path of the host.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bailiwick_client::{Connection, Session, SessionOptions};
use bailiwick_objects::Value;
use bailiwick_support::{LocalHost, Ran, Setup, run};
use serde_json::Value as Json;

/// Two roles: `helper`, with rules of each kind, and `keeper`, with a drive that `helper` does not hold.
const ENDPOINT: &str = r#"
version = 1
[endpoint]
language = "{language}"
[endpoint.roles]
"group:desk" = ["helper", "keeper"]
[limits]
sessions_per_user = 50
cpu_per_command = "3s"
command_time = "20s"
"#;

const HELPER: &str = r#"
version = 1
[drives.Logs]
root = "{folder}/data/logs"
access = "read"
[drives.User]
per_user = true
access = "write"
quota = "64KiB"
[[command]]
name = "Get-ChildItem"
parameters = "any"
[[command]]
name = "Test-Path"
parameters = "any"
[[command]]
name = "Get-Item"
[command.parameters]
Path = "any"
Filter = { pattern = '[a-z.*]+' }
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = ["Logs:/web", "User:/"] }
TotalCount = { range = "1..200", optional = true }
Filter = { pattern = '[a-z]+\.log', optional = true }
[[command]]
name = "Set-Content"
[command.parameters]
Path = { within = ["Logs:/web", "User:/"] }
Value = { length = "1..20000" }
Encoding = { one_of = ["utf8"], optional = true }
[[command]]
name = "Add-Content"
[command.parameters]
Path = { within = ["User:/"] }
Value = { length = "1..20000" }
"#;

const KEEPER: &str = r#"
version = 1
[drives.Vault]
root = "{folder}/data/vault"
access = "read"
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = "Vault:/" }
"#;

/// What stands in the file that nobody may read.
pub(crate) const CANARY: &str = "canary-5f1e0c77";

/// A user's session at the desk.
pub(crate) struct Desk {
    pub(crate) host: LocalHost,
    pub(crate) connection: Connection,
    pub(crate) session: Session,
}

/// What a refusal must look like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal<'a> {
    /// The error id, up to its comma.
    pub(crate) id: &'a str,
    /// The rule that the user is told; `None` where there is none to tell.
    pub(crate) rule: Option<&'a str>,
    /// How the audit's reason begins.
    pub(crate) reason: &'a str,
}

/// The files that every desk stands on.
pub(crate) fn files() -> Setup {
    Setup::new()
        .file("data/logs/web/access.log", "line1\nline2\nline3\nline4\n")
        .file("data/logs/web/old/error.log", "old1\n")
        .file("data/logs/db/query.log", CANARY)
        .file("data/vault/secret.txt", "kept\n")
        .file("outside/passwd", CANARY)
}

/// The desk's policies in a language mode, for alice.
pub(crate) fn setup(language: &str) -> Setup {
    files()
        .policy("endpoints/desk.toml", &ENDPOINT.replace("{language}", language))
        .policy("roles/helper.toml", HELPER)
        .policy("roles/keeper.toml", KEEPER)
        .user("alice", &["desk"])
}

impl Desk {
    /// Alice's session at a desk without the language, or with all of it.
    pub(crate) async fn open(language: &str) -> Self {
        Self::of(&setup(language)).await
    }

    /// Alice's session at the endpoint `desk` of a host.
    pub(crate) async fn of(setup: &Setup) -> Self {
        let host = setup.start_local().await;
        let connection = host.client("alice").await;
        let session = connection.create(Some("desk"), SessionOptions::default()).await.unwrap();
        Self { host, connection, session }
    }

    /// A path in the host's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.host.place().path().join(name)
    }

    /// A path on alice's own drive.
    pub(crate) fn own(&self, name: &str) -> PathBuf {
        self.path("state/drives/alice-1").join(name)
    }

    /// Runs a text; no reply may name a path of the host or where its code came from.
    pub(crate) async fn run(&self, text: &str) -> Ran {
        run_in(&self.session, self.host.place().path(), text).await
    }

    /// The texts of the output of a text that must be allowed.
    pub(crate) async fn allowed(&self, text: &str) -> Vec<String> {
        let ran = self.run(text).await;
        assert!(
            ran.errors().is_empty() && !ran.outcome.refused,
            "`{text}`: {:?} {:?}",
            ran.errors(),
            ran.outcome
        );
        texts(&ran)
    }

    /// Runs a text that must be refused in this way, with exactly one decision on record.
    pub(crate) async fn refused(&self, text: &str, expected: Refusal<'_>) -> Ran {
        let before = self.decisions().len();
        let files = self.files();
        let ran = self.run(text).await;
        assert!(ran.outcome.refused && ran.outcome.had_errors, "`{text}`: {:?}", ran.outcome);
        let errors = ran.errors();
        assert_eq!(errors.len(), 1, "`{text}`: {errors:?}");
        assert_eq!(id(&errors[0].id), expected.id, "`{text}`: {errors:?}");
        let rule = errors[0].refusal.as_ref().map(|refusal| &*refusal.rule).filter(|rule| !rule.is_empty());
        assert_eq!(rule, expected.rule, "`{text}`: {errors:?}");
        let decisions = self.decisions().split_off(before);
        assert_eq!(decisions.len(), 1, "`{text}`: {decisions:?}");
        let decision = &decisions[0];
        assert_eq!(decision["decision"], "deny", "`{text}`: {decision}");
        assert_eq!(decision["user"], "alice");
        assert_eq!(decision["rule"]["key"].as_str(), expected.rule, "`{text}`: {decision}");
        let reason = decision["reason"].as_str().unwrap_or_default();
        assert!(reason.starts_with(expected.reason), "`{text}`: {decision}");
        assert_eq!(self.files(), files, "`{text}` had an effect");
        ran
    }

    /// Every decision on record.
    pub(crate) fn decisions(&self) -> Vec<Json> {
        self.host.audit().into_iter().filter(|record| record["kind"] == "decision").collect()
    }

    /// All files below the host's data and its users' drives, with their content.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for folder in ["data", "outside", "state/drives"] {
            collect(&self.path(folder), &mut found);
        }
        found
    }

    /// The audit's chain is whole, and every decision to allow has its outcome.
    pub(crate) async fn end(self) {
        let Self { host, connection, session } = self;
        session.remove().await.unwrap();
        connection.close().await;
        let audit = host.audit();
        for decision in audit.iter().filter(|r| r["kind"] == "decision" && r["decision"] == "allow") {
            let first =
                decision.get("invocation").filter(|first| !first.is_null()).unwrap_or(&decision["seq"]);
            let outcomes = audit.iter().filter(|r| r["kind"] == "outcome" && r["of"] == *first).count();
            assert_eq!(outcomes, 1, "{decision}");
        }
        let place = host.stop().await;
        bailiwick_audit::verify(&place.path().join("state/audit")).unwrap();
    }
}

/// Runs a text in a session of a host whose folder is known.
pub(crate) async fn run_in(session: &Session, folder: &Path, text: &str) -> Ran {
    let ran = run(session, text).await;
    let reply = format!("{ran:?}");
    for secret in [&*folder.to_string_lossy(), CANARY, "panicked at", ".rs:", "/root/", "/home/"] {
        // What the user typed may come back to her.
        assert!(
            text.contains(secret) || !reply.contains(secret),
            "`{text}` was answered with `{secret}`: {reply}"
        );
    }
    ran
}

/// The texts of an output.
pub(crate) fn texts(ran: &Ran) -> Vec<String> {
    ran.output()
        .into_iter()
        .map(|value| match value {
            Value::String(text) => text.to_string(),
            Value::Object(object) => match object.get("Name") {
                Some(Value::String(name)) => name.to_string(),
                other => format!("{other:?}"),
            },
            Value::Int32(number) => number.to_string(),
            Value::Int64(number) => number.to_string(),
            other => format!("{other:?}"),
        })
        .collect()
}

/// An error id without what wrote it.
pub(crate) fn id(whole: &str) -> &str {
    whole.split(',').next().unwrap_or(whole)
}

/// The ids of a reply's errors.
pub(crate) fn ids(ran: &Ran) -> Vec<String> {
    ran.errors().iter().map(|error| id(&error.id).to_owned()).collect()
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let kind = fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            collect(&path, found);
        }
        let content = match () {
            () if kind.is_file() => fs::read(&path).unwrap(),
            () if kind.is_symlink() => fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            () => Vec::new(),
        };
        found.insert(path, content);
    }
}
