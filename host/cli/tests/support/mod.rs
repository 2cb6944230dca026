//! A place of its own for each run of the binary: home, cache and temporary folder are the test's, but for the
//! compiled components, which all tests share.
#![expect(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bailiwick_audit::{Audit, Context, DecisionRecord, EventRecord, Options, Record, Rule, Verdict};
use bailiwick_objects::Hashtable;
use tempfile::TempDir;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit status.
    pub(crate) status: i32,
    /// What it answered.
    pub(crate) stdout: String,
    /// What else it said.
    pub(crate) stderr: String,
}

/// A folder to run in.
pub(crate) struct Place(TempDir);

impl Place {
    /// An empty one.
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for folder in ["config", "temp"] {
            fs::create_dir(place.path(folder)).unwrap();
        }
        place
    }

    /// A path in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs the binary with nothing on stdin.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.feed(arguments, "")
    }

    /// Runs the binary; it must end with 0.
    pub(crate) fn ok(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.status, 0, "{arguments:?}: {run:?}");
        run
    }

    /// Runs the binary with a text on stdin.
    pub(crate) fn feed(&self, arguments: &[&str], stdin: &str) -> Run {
        let mut child = self.command(arguments).spawn().unwrap();
        // It may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the binary, reads a little of its output and goes away.
    pub(crate) fn half_read(&self, arguments: &[&str]) -> Run {
        let mut child = self.command(arguments).spawn().unwrap();
        drop(child.stdin.take());
        let mut start = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut start).unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let status = child.wait().unwrap().code().unwrap();
        Run { status, stdout: String::from_utf8(start.to_vec()).unwrap(), stderr }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bailiwick"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_CACHE_HOME", cache())
            .env("TMPDIR", self.path("temp"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Writes an audit of a session of bob's, in which a decision was denied.
    pub(crate) fn audit(&self, name: &str) {
        let (audit, _) = Audit::open(&self.path(name), Options::default()).unwrap();
        let context = Context {
            user: "bob".to_owned(),
            user_id: "u-1".to_owned(),
            session: "s1".to_owned(),
            endpoint: "helpdesk".to_owned(),
            policy: "p".to_owned(),
        };
        let mut denied =
            DecisionRecord::new(context.clone(), Verdict::Deny, "Get-Content", Hashtable::default());
        denied.rule =
            Some(Rule { file: "roles/r.toml".to_owned(), line: 3, key: "role r, Get-Content".to_owned() });
        audit.record(&Record::Event(EventRecord::new(context, "session-created"))).unwrap();
        audit.record(&Record::Decision(denied)).unwrap();
        audit.close().unwrap();
    }

    /// Writes policies of one endpoint, where alice may read one of two files.
    pub(crate) fn policies(&self, name: &str) {
        let folder = self.path(name);
        let data = self.path("data");
        for folder in [&folder.join("endpoints"), &folder.join("roles"), &data] {
            fs::create_dir_all(folder).unwrap();
        }
        for file in ["open.txt", "closed.txt"] {
            fs::write(data.join(file), "text\n").unwrap();
        }
        let role = format!(
            "version = 1\n\n[[command]]\nname = \"Get-Content\"\n[command.parameters]\n\
             Path = {{ one_of = [\"Data:/open.txt\"] }}\n\n[drives.Data]\nroot = \"{}\"\naccess = \"read\"\n",
            data.display()
        );
        let files = [
            (
                "endpoints/reading.toml",
                "version = 1\n\n[endpoint]\ndescription = \"Reading\"\n\n[endpoint.roles]\n\"user:alice\" = [\"reader\"]\n",
            ),
            ("roles/reader.toml", role.as_str()),
            ("users.toml", "version = 1\n\n[users.alice]\nid = \"u-alice\"\n"),
        ];
        for (file, text) in files {
            let path = folder.join(file);
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        }
    }
}

/// Where compiled components are kept from one test to the next.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}
