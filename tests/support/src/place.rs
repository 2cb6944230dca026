//! A host's private folder: policies, users, identities, configuration, and what the host makes in it.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::binary;
use crate::setup::Setup;

/// A host's folder, removed when dropped.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    server_key: String,
    pub(crate) default_endpoint: Option<String>,
}

/// A certificate with its key, and how its key is named.
struct Minted {
    certificate: String,
    key: String,
    fingerprint: String,
}

impl Place {
    pub(crate) fn make(setup: &Setup) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("host-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir_in(binary::hosts())
            .unwrap();
        let server = mint("localhost");
        let place = Self {
            folder,
            server_key: server.fingerprint.clone(),
            default_endpoint: setup.default_endpoint.clone(),
        };
        place.write("server.pem", &server.certificate);
        place.write("server.key", &server.key);
        for (name, text) in &setup.policies {
            place.write(
                &format!("policies/{name}"),
                &text.replace("{folder}", &place.path().to_string_lossy()),
            );
        }
        for (name, text) in &setup.files {
            place.write(name, text);
        }
        if !setup.policies.iter().any(|(name, _)| name == "users.toml") {
            place.write("policies/users.toml", &place.users(&setup.users));
        }
        place.write("host.toml", &place.host_toml(setup));
        place
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The policy folder.
    pub fn policies(&self) -> PathBuf {
        self.path().join("policies")
    }

    /// The host's configuration.
    pub fn config(&self) -> PathBuf {
        self.path().join("host.toml")
    }

    /// Writes a file, for its owner alone, with the folders above it.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        let mut folder = self.path().to_owned();
        for part in Path::new(name).parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            if !folder.exists() {
                fs::create_dir(&folder).unwrap();
                fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
            }
        }
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    }

    /// What the audit holds, as JSON.
    pub fn audit(&self) -> Vec<serde_json::Value> {
        let records = bailiwick_audit::read(&self.path().join("state/audit")).unwrap();
        records.map(|record| serde_json::Value::Object(record.unwrap().fields)).collect()
    }

    /// A user's own configuration folder, with her identity and the host's key under its address.
    pub(crate) fn config_of(&self, user: &str, address: &str) -> PathBuf {
        let known = format!("{address} {}\n", self.server_key);
        self.write(&format!("users/{user}/bailiwick/known_hosts"), &known);
        self.path().join("users").join(user)
    }

    /// The program, as an operator would run it in the host's folder.
    pub fn program(&self) -> Command {
        let mut command = Command::new(binary::bailiwick());
        command
            .env_clear()
            .env("HOME", self.path())
            .env("XDG_CACHE_HOME", binary::scratch())
            .current_dir(self.path());
        command
    }

    /// The program, as a user would run it against a host.
    pub fn command(&self, user: &str, address: &str) -> Command {
        let mut command = self.program();
        command.env("XDG_CONFIG_HOME", self.config_of(user, address));
        command
    }

    fn users(&self, users: &[(String, Vec<String>)]) -> String {
        let mut table = "version = 1\n".to_owned();
        for (name, groups) in users {
            let identity = mint(name);
            let both = identity.certificate + &identity.key;
            self.write(&format!("users/{name}/bailiwick/identity.pem"), &both);
            table += &format!(
                "\n[users.{name}]\nid = \"{name}-1\"\ngroups = {groups:?}\ncertificates = [\"{}\"]\n",
                identity.fingerprint
            );
        }
        table
    }

    fn host_toml(&self, setup: &Setup) -> String {
        let own = |name: &str| self.path().join(name).to_string_lossy().into_owned();
        let default = setup.default_endpoint.iter().map(|name| format!("default_endpoint = {name:?}\n"));
        format!(
            "version = 1\nlisten = \"127.0.0.1:0\"\npolicies = {:?}\nstate = {:?}\ncache = {:?}\n{}\n[tls]\ncertificate = {:?}\nkey = {:?}\n\n{}",
            own("policies"),
            own("state"),
            binary::guest_cache().to_string_lossy(),
            default.collect::<String>(),
            own("server.pem"),
            own("server.key"),
            setup.host_toml,
        )
    }
}

fn mint(name: &str) -> Minted {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
    let certificate = parameters.self_signed(&key).unwrap();
    let digest = Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(&key));
    Minted {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        fingerprint: format!("spki-sha256:{}", STANDARD.encode(digest)),
    }
}
