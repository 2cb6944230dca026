//! The daemon as an operator starts it: `bailiwick serve`, a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bailiwick_client::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::binary;
use crate::place::Place;
use crate::setup::Setup;
use crate::talk;

/// Compiling the guests for the first time takes a while on a slow machine.
const START: Duration = Duration::from_secs(180);
/// How long it may take to end before it is killed.
const END: Duration = Duration::from_secs(15);
const ERRORS: &str = "daemon.log";

/// A running daemon, ended when dropped.
#[derive(Debug)]
pub struct TestHost {
    place: Place,
    child: Child,
    address: String,
}

impl TestHost {
    /// Starts one under these policies (path in the policy folder, text) for these users (name, groups).
    ///
    /// # Panics
    /// It does not start.
    pub fn start(policies: &[(&str, &str)], users: &[(&str, &[&str])]) -> Self {
        let setup = policies.iter().fold(Setup::new(), |setup, (name, text)| setup.policy(name, text));
        users.iter().fold(setup, |setup, (name, groups)| setup.user(name, groups)).start()
    }

    pub(crate) fn start_in(place: Place) -> Self {
        let errors = File::create(place.path().join(ERRORS)).unwrap();
        let mut child = Command::new(binary::bailiwick())
            .arg("serve")
            .arg("--config")
            .arg(place.config())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (found, address) = mpsc::channel();
        std::thread::spawn(move || {
            // To its end, so that the daemon never waits for room.
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("listening on ") {
                    let _ = found.send(address.trim().to_owned());
                }
            }
        });
        let Ok(address) = address.recv_timeout(START) else {
            let _ = child.kill();
            let _ = child.wait();
            let said = std::fs::read_to_string(place.path().join(ERRORS)).unwrap_or_default();
            panic!("the daemon did not start:\n{said}");
        };
        Self { place, child, address }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its folder.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Connects as a user.
    ///
    /// # Panics
    /// It can't.
    pub async fn client(&self, user: &str) -> Connection {
        talk::connect(&self.place, user, &self.address).await
    }

    /// Runs the program as a user, with her identity and the host's key. `{host}` in an argument becomes the host's
    /// address.
    pub fn cli(&self, user: &str, arguments: &[&str]) -> Output {
        let arguments = arguments.iter().map(|argument| argument.replace("{host}", &self.address));
        self.place.command(user, &self.address).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// The program as a user, to be started by the test.
    pub fn command(&self, user: &str) -> Command {
        self.place.command(user, &self.address)
    }

    /// What the audit holds.
    pub fn audit(&self) -> Vec<serde_json::Value> {
        self.place.audit()
    }

    /// What the daemon said on stderr so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.place.path().join(ERRORS)).unwrap_or_default()
    }

    /// Asks it to end and waits until it has.
    ///
    /// # Panics
    /// It does not end in time.
    pub fn stop(mut self) -> (Option<i32>, Place) {
        self.ask_to_end();
        let status = self.wait_until_ended().expect("the daemon ends when it is asked to");
        // Dropping finds nothing left to do: the process is gone.
        let place = std::mem::replace(&mut self.place, Setup::new().place());
        (status.code(), place)
    }

    fn ask_to_end(&self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    fn wait_until_ended(&mut self) -> Option<std::process::ExitStatus> {
        let deadline = Instant::now() + END;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for TestHost {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_ended))) {
            return;
        }
        self.ask_to_end();
        if self.wait_until_ended().is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
