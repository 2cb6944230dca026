//! Under which policies a test's host runs, and for whom.

use std::path::Path;

use crate::daemon::TestHost;
use crate::local::LocalHost;
use crate::place::Place;

/// What a host is started with.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Files of the policy folder by their path in it.
    pub(crate) policies: Vec<(String, String)>,
    /// Other files of the host's folder.
    pub(crate) files: Vec<(String, String)>,
    /// Users and their groups.
    pub(crate) users: Vec<(String, Vec<String>)>,
    pub(crate) default_endpoint: Option<String>,
    /// Lines at the end of host.toml.
    pub(crate) host_toml: String,
}

impl Setup {
    /// Without policies and users.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file of the policy folder, for example `roles/log-reader.toml`. `{folder}` in it becomes the host's
    /// own folder, so that a drive's root can lie in it.
    #[must_use]
    pub fn policy(mut self, name: &str, text: &str) -> Self {
        self.policies.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Adds a file of the host's own folder, for example `data/note.txt`.
    #[must_use]
    pub fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Adds the endpoints and roles of a folder.
    ///
    /// # Panics
    /// The folder can't be read.
    #[must_use]
    pub fn policies_of(mut self, folder: &Path) -> Self {
        for part in ["endpoints", "roles"] {
            let mut files: Vec<_> = std::fs::read_dir(folder.join(part))
                .unwrap_or_else(|error| panic!("could not read `{}/{part}`: {error}", folder.display()))
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
                .collect();
            files.sort();
            for file in files {
                let name = file.file_name().unwrap().to_string_lossy();
                self.policies.push((format!("{part}/{name}"), std::fs::read_to_string(&file).unwrap()));
            }
        }
        self
    }

    /// Adds a user with an identity of her own, in these groups.
    #[must_use]
    pub fn user(mut self, name: &str, groups: &[&str]) -> Self {
        self.users.push((name.to_owned(), groups.iter().map(|group| (*group).to_owned()).collect()));
        self
    }

    /// The endpoint of those who name none.
    #[must_use]
    pub fn default_endpoint(mut self, name: &str) -> Self {
        self.default_endpoint = Some(name.to_owned());
        self
    }

    /// Adds lines to the end of host.toml: a table such as `[limits]`. For [`TestHost`] only.
    #[must_use]
    pub fn host_toml(mut self, lines: &str) -> Self {
        self.host_toml += lines;
        self
    }

    /// Writes everything into a private folder and starts nothing: for `serve --check` and `policy check`.
    pub fn place(&self) -> Place {
        Place::make(self)
    }

    /// Starts the daemon.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(&self) -> TestHost {
        TestHost::start_in(self.place())
    }

    /// Starts a server within this process.
    ///
    /// # Panics
    /// It does not start.
    pub async fn start_local(&self) -> LocalHost {
        LocalHost::start_in(self.place()).await
    }
}
