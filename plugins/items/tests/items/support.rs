//! Two drives, `User:` and `Logs:`, in a folder of the test's own, and a cmdlet run on them.

use std::fs;
use std::path::PathBuf;

use bailiwick_items::{Root, module};
use bailiwick_sdk::testing::{Recording, TestHost};
use bailiwick_sdk::{ErrorRecord, Value};
use tempfile::TempDir;

pub(crate) struct Drives {
    folder: TempDir,
}

pub(crate) fn drives() -> Drives {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("User")).unwrap();
    fs::create_dir(folder.path().join("Logs")).unwrap();
    Root::set(folder.path());
    Drives { folder }
}

impl Drives {
    /// Where `User:/a/b` is.
    pub(crate) fn real(&self, path: &str) -> PathBuf {
        self.folder.path().join(path.replacen(":/", "/", 1))
    }

    /// Writes a file, with the folders on the way.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) {
        let real = self.real(path);
        fs::create_dir_all(real.parent().unwrap()).unwrap();
        fs::write(real, content).unwrap();
    }

    pub(crate) fn folder(&self, path: &str) {
        fs::create_dir_all(self.real(path)).unwrap();
    }

    pub(crate) fn link(&self, path: &str, target: &str) {
        std::os::unix::fs::symlink(self.real(target), self.real(path)).unwrap();
    }

    pub(crate) fn content(&self, path: &str) -> String {
        fs::read_to_string(self.real(path)).unwrap()
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.real(path).symlink_metadata().is_ok()
    }

    /// No text of the run holds the place of the drives.
    pub(crate) fn assert_inert(&self, run: &Recording) {
        let shown = format!("{:?} {:?}", run.records(), run.terminated());
        assert!(!shown.contains(&self.folder.path().display().to_string()), "{shown}");
    }
}

pub(crate) fn run(command: &str, parameters: &[(&str, Value)]) -> Recording {
    TestHost::new().run(&module(), command, &[parameters])
}

/// The values of a property of the output.
pub(crate) fn property(run: &Recording, name: &str) -> Vec<String> {
    let text = |value: Value| match value {
        Value::Object(object) => match object.get(name) {
            Some(Value::String(text)) => text.to_string(),
            other => format!("{other:?}"),
        },
        other => format!("{other:?}"),
    };
    run.output().into_iter().map(text).collect()
}

pub(crate) fn texts(run: &Recording) -> Vec<String> {
    run.output().iter().map(|value| value.as_str().unwrap_or("not text").to_owned()).collect()
}

pub(crate) fn ids(run: &Recording) -> Vec<String> {
    let errors: Vec<ErrorRecord> = run.errors().into_iter().chain(run.terminated().cloned()).collect();
    errors.iter().map(|record| record.id.to_string()).collect()
}
