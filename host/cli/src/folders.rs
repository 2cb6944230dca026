//! Where the client keeps things, and how files with secrets are written. The host's own folders are in its
//! `host.toml`.

use std::env;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::exit::Problem;

/// Where the host's configuration is, if no option names it.
pub(crate) const HOST_CONFIG: &str = "/etc/bailiwick/host.toml";
/// The client's certificate and private key, in its own folder.
pub(crate) const IDENTITY: &str = "identity.pem";
/// The servers' keys that the user took, in the client's own folder.
pub(crate) const KNOWN_HOSTS: &str = "known_hosts";

/// The client's own folder: `$XDG_CONFIG_HOME/bailiwick`, by default under `~/.config`.
///
/// # Errors
/// Neither variable names a folder.
pub(crate) fn config() -> Result<PathBuf, Problem> {
    xdg("XDG_CONFIG_HOME", ".config").ok_or_else(|| {
        Problem::Usage(
            "neither `HOME` nor `XDG_CONFIG_HOME` names a folder: name the files with options".to_owned(),
        )
    })
}

/// A folder for compiled guests that nobody else can write.
#[derive(Debug)]
pub(crate) enum Cache {
    /// `$XDG_CACHE_HOME/bailiwick`: filled once, used ever after.
    Kept(PathBuf),
    /// There is none that can be trusted: everything is compiled anew.
    Passing(TempDir),
}

impl Cache {
    /// The user's cache, else a passing one.
    ///
    /// # Errors
    /// Not even a passing folder can be made.
    pub(crate) fn open() -> Result<Self, Problem> {
        match xdg("XDG_CACHE_HOME", ".cache").filter(|path| make_private(path).is_ok()) {
            Some(path) => Ok(Self::Kept(path)),
            None => passing("cache").map(Self::Passing),
        }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Passing(folder) => folder.path(),
        }
    }
}

/// A private folder that is removed when it is dropped.
///
/// # Errors
/// It can't be made.
pub(crate) fn passing(what: &str) -> Result<TempDir, Problem> {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    let prefix = format!("bailiwick-{what}-");
    let made = tempfile::Builder::new().prefix(&prefix).permissions(permissions).tempdir();
    made.map_err(|error| Problem::file("make a private folder in", &env::temp_dir(), &error))
}

/// Makes a folder for its owner alone, with the folders above it.
///
/// # Errors
/// It can't be made, or somebody else could change it.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    let found = fs::metadata(path)?;
    let own = found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o022 == 0;
    if own { Ok(()) } else { Err(io::Error::other("others could change what is in it")) }
}

/// One file to be written.
pub(crate) struct NewFile<'a> {
    /// Where.
    pub(crate) path: PathBuf,
    /// What it holds.
    pub(crate) text: &'a str,
    /// For its owner alone.
    pub(crate) secret: bool,
}

/// Writes files: all of them, or none because one is there already.
///
/// # Errors
/// A file is there already and `force` is not given, or one can't be written.
pub(crate) fn write_all(files: &[NewFile<'_>], force: bool) -> Result<(), Problem> {
    if !force && let Some(file) = files.iter().find(|file| file.path.symlink_metadata().is_ok()) {
        let shown = file.path.display();
        return Err(Problem::Failed(format!("`{shown}` is there already: give `--force` to replace it")));
    }
    for file in files {
        write(file, force).map_err(|error| Problem::file("write", &file.path, &error))?;
    }
    Ok(())
}

/// A file that replaces another is written beside it first, so that its old readers and mode never meet the new text.
fn write(file: &NewFile<'_>, force: bool) -> io::Result<()> {
    let folder = file.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mode = if file.secret { 0o600 } else { 0o644 };
    if !force {
        let mut new = OpenOptions::new().write(true).create_new(true).mode(mode).open(&file.path)?;
        new.write_all(file.text.as_bytes())?;
        return new.sync_all();
    }
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    let mut new = tempfile::Builder::new().permissions(permissions).tempfile_in(folder)?;
    new.write_all(file.text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(&file.path).map(drop).map_err(|error| error.error)
}

fn xdg(variable: &str, below_home: &str) -> Option<PathBuf> {
    // The XDG specification has relative paths ignored.
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let named = env::var_os(variable).map(PathBuf::from).and_then(absolute);
    let base = named.or_else(|| Some(absolute(PathBuf::from(env::var_os("HOME")?))?.join(below_home)))?;
    Some(base.join("bailiwick"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::{NewFile, make_private, passing, write_all};

    #[test]
    fn nothing_is_written_if_one_of_the_files_is_there_already() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::write(&two, "old").unwrap();
        let file = |path: &std::path::Path| NewFile { path: path.into(), text: "new", secret: false };
        assert!(write_all(&[file(&one), file(&two)], false).is_err());
        assert!(!one.exists());
        write_all(&[file(&one), file(&two)], true).unwrap();
        assert_eq!(fs::read_to_string(&two).unwrap(), "new");
    }

    #[test]
    fn a_secret_that_replaces_an_open_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        write_all(&[NewFile { path: path.clone(), text: "new", secret: true }], true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_others_can_write_is_not_private() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(make_private(folder.path()).is_err());
    }

    #[test]
    fn a_passing_folder_goes_with_its_owner() {
        let folder = passing("test").unwrap();
        let path = folder.path().to_owned();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        drop(folder);
        assert!(!path.exists());
    }
}
