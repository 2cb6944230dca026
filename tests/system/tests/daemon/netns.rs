//! A host in one network namespace, its clients in another, joined by a pair of virtual interfaces: the daemon as an
//! operator starts it, on an address that is not loopback, with TLS. Needs root and iproute2; without them the test says
//! so and shows nothing.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

use bailiwick_support::{Place, Setup};
use serde_json::Value as Json;

const HOST: &str = "10.213.7.1";
const CLIENT: &str = "10.213.7.2";
const SESSIONS: usize = 20;
/// How much more than before the daemon may hold when the sessions are gone.
const SLACK_KIB: u64 = 32 << 10;

/// Two namespaces, removed when dropped.
struct Net {
    host: String,
    client: String,
}

impl Net {
    /// # Errors
    /// Why there can be none here.
    fn make() -> Result<Self, String> {
        let id = std::process::id();
        let net = Self { host: format!("bw-host-{id}"), client: format!("bw-client-{id}") };
        let (inner, outer) = (format!("bwh{id}"), format!("bwc{id}"));
        ip(&["netns", "add", &net.host])?;
        ip(&["netns", "add", &net.client])?;
        ip(&[
            "-n",
            &net.host,
            "link",
            "add",
            &inner,
            "type",
            "veth",
            "peer",
            "name",
            &outer,
            "netns",
            &net.client,
        ])?;
        for (name, link, address) in [(&net.host, &inner, HOST), (&net.client, &outer, CLIENT)] {
            ip(&["-n", name, "address", "add", &format!("{address}/24"), "dev", link])?;
            ip(&["-n", name, "link", "set", link, "up"])?;
            ip(&["-n", name, "link", "set", "lo", "up"])?;
        }
        Ok(net)
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        // Its interfaces go with a namespace.
        for name in [&self.host, &self.client] {
            let _ = ip(&["netns", "delete", name]);
        }
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    match Command::new("ip").args(arguments).output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("ip {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("ip: {error}")),
    }
}

/// The same command in a namespace.
fn within(namespace: &str, command: &Command) -> Command {
    let mut moved = Command::new("ip");
    moved.args(["netns", "exec", namespace]).arg(command.get_program()).args(command.get_args()).env_clear();
    moved.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            moved.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        moved.current_dir(folder);
    }
    moved
}

/// The daemon, ended when dropped. `ip netns exec` becomes what it runs, so that its process is the daemon's.
struct Daemon {
    child: Child,
    address: String,
}

impl Daemon {
    fn start(net: &Net, place: &Place) -> Self {
        let config = fs::read_to_string(place.config()).unwrap().replace("127.0.0.1:0", &format!("{HOST}:0"));
        place.write("beyond.toml", &config);
        let mut serve = place.command("operator", HOST);
        serve.arg("serve").arg("--config").arg(place.path().join("beyond.toml"));
        let mut serve = within(&net.host, &serve);
        let mut child =
            serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address =
            lines.find_map(|line| line.unwrap().strip_prefix("listening on ").map(|a| a.trim().to_owned()));
        // What else it prints must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let daemon = Self { child, address: address.unwrap_or_default() };
        assert!(daemon.address.starts_with(HOST), "{}", daemon.address);
        daemon
    }

    /// Resident and proportional memory, in KiB.
    fn memory(&self) -> (u64, u64) {
        let rollup = fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap();
        let of = |name: &str| {
            let line = rollup.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().parse().unwrap()
        };
        (of("Rss:"), of("Pss:"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client's session that waits for its input.
struct Held {
    child: Child,
    input: Option<ChildStdin>,
}

impl Held {
    fn begin(net: &Net, place: &Place, address: &str) -> Self {
        let mut invoke = place.command("alice", address);
        let text = "$kept = 1..20000 | ForEach-Object { \"line $_\" }; Get-Content Logs:/a.log; \
                    Set-Content User:/note \"$($kept.Count)\"; $input | ForEach-Object { }";
        invoke.args(["invoke", "-C", address, "-n", "tool", "-o", "json", "--input", "-", "-c", text]);
        let mut invoke = within(&net.client, &invoke);
        let mut child =
            invoke.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "\"one\"");
        let input = child.stdin.take();
        Self { child, input }
    }

    fn end(mut self) {
        if let Some(mut input) = self.input.take() {
            let _ = input.flush();
        }
        let _ = self.child.wait();
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sessions come and go; how much memory the daemon has with them and after them.
fn round(net: &Net, place: &Place, daemon: &Daemon, before: (u64, u64)) -> ((u64, u64), (u64, u64)) {
    let address = daemon.address.as_str();
    let client = |arguments: &[&str]| -> Output {
        let mut command = place.command("alice", address);
        command.args(arguments);
        within(&net.client, &command).stdin(Stdio::null()).output().unwrap()
    };
    let mut held: Vec<_> = (0..SESSIONS).map(|_| Held::begin(net, place, address)).collect();
    let with = daemon.memory();
    let sessions = String::from_utf8(client(&["session", "get", address, "-o", "json"]).stdout).unwrap();
    let ids: Vec<Json> = sessions.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ids.len(), SESSIONS, "{sessions}");
    // Half are removed from another connection, half end with their clients.
    let mut remove = vec!["session", "remove", address];
    remove.extend(ids.iter().take(SESSIONS / 2).map(|session| session["id"].as_str().unwrap()));
    let removed = client(&remove);
    assert!(removed.status.success(), "{removed:?}");
    held.drain(..).for_each(Held::end);
    let left = client(&["session", "get", address, "-o", "json"]);
    assert!(left.stdout.is_empty(), "{left:?}");
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let now = daemon.memory();
        let is_back = now.0 <= before.0 + SLACK_KIB && now.1 <= before.1 + SLACK_KIB;
        if is_back || Instant::now() > deadline {
            return (with, now);
        }
        std::thread::yield_now();
    }
}

fn place() -> Place {
    let endpoint = |language: &str| {
        format!(
            "version = 1\n[endpoint]\ndescription = \"Across the network\"\nlanguage = {language:?}\n\
             [endpoint.roles]\n\"group:desk\" = [\"reader\"]\n[limits]\nsessions_per_user = 50\n"
        )
    };
    let role = r#"
version = 1
[drives.Logs]
root = "{folder}/data"
access = "read"
[drives.User]
per_user = true
access = "write"
quota = "1MiB"
[[command]]
name = "Get-Content"
[command.parameters]
Path = { within = ["Logs:/a.log", "User:/"] }
[[command]]
name = "Set-Content"
parameters = "any"
"#;
    Setup::new()
        .policy("endpoints/desk.toml", &endpoint("none"))
        .policy("endpoints/tool.toml", &endpoint("full"))
        .policy("roles/reader.toml", role)
        .file("data/a.log", "one\n")
        .file("data/b.log", "two\n")
        .user("alice", &["desk"])
        .default_endpoint("desk")
        .place()
}

#[test]
fn a_host_is_used_from_another_network_and_gives_the_memory_of_its_sessions_back() {
    let net = match Net::make() {
        Ok(net) => net,
        Err(why) => {
            println!("skipped: this needs root, iproute2 and network namespaces ({why})");
            return;
        }
    };
    let place = place();
    let daemon = Daemon::start(&net, &place);
    let address = daemon.address.as_str();
    let client = |arguments: &[&str]| -> Output {
        let mut command = place.command("alice", address);
        command.args(arguments);
        within(&net.client, &command).stdin(Stdio::null()).output().unwrap()
    };
    let stdout = |output: &Output| String::from_utf8(output.stdout.clone()).unwrap();

    let listed = client(&["endpoints", address, "-o", "json"]);
    assert!(listed.status.success(), "{listed:?}");
    let names: Vec<Json> = stdout(&listed).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = names.iter().map(|endpoint| endpoint["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["desk", "tool"]);

    let text = "Get-Content Logs:/a.log; Set-Content User:/note kept; Get-Content User:/note";
    let ran = client(&["invoke", "-C", address, "-c", text]);
    assert_eq!((ran.status.code(), stdout(&ran)), (Some(0), "one\nkept\n".to_owned()), "{ran:?}");

    let refused = client(&["invoke", "-C", address, "-c", "Get-Content Logs:/b.log"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    assert!(
        said.contains("Logs:/b.log") && said.contains("role reader, Get-Content, parameter Path"),
        "{said}"
    );

    // Not on the host's loopback, and not from a namespace without a way to it.
    let mut elsewhere = place.command("alice", address);
    elsewhere.args(["endpoints", &address.replace(HOST, "127.0.0.1")]);
    let unreachable = within(&net.client, &elsewhere).stdin(Stdio::null()).output().unwrap();
    assert_eq!(unreachable.status.code(), Some(4), "{unreachable:?}");

    // One session beforehand, so that what is mapped once for all of them is there.
    Held::begin(&net, &place, address).end();
    let before = daemon.memory();
    println!("memory of the daemon in KiB (RSS, PSS): before {before:?}");
    for number in 1..=2 {
        let (with, after) = round(&net, &place, &daemon, before);
        println!("round {number}: with {SESSIONS} sessions {with:?}, after {after:?}");
        assert!(after.0 <= before.0 + SLACK_KIB, "before {before:?}, with {with:?}, after {after:?}");
        assert!(with.0 > after.0, "sessions take memory: before {before:?}, with {with:?}, after {after:?}");
    }
}
