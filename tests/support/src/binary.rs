//! Where the build is: the program under test and folders that all its tests share. Nothing is built here.

use std::env;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The program: `BAILIWICK_BIN`, else the one beside the running test.
///
/// # Panics
/// There is none.
pub(crate) fn bailiwick() -> PathBuf {
    if let Some(path) = env::var_os("BAILIWICK_BIN") {
        return PathBuf::from(path);
    }
    let path = profile().join("bailiwick");
    assert!(path.exists(), "`{}` is missing: run `cargo build`, or set BAILIWICK_BIN", path.display());
    path
}

/// A private folder below the target folder, kept between runs.
pub(crate) fn scratch() -> PathBuf {
    let target = profile().parent().expect("a profile's folder lies in the target folder").to_owned();
    private(target.join("tmp").join("bailiwick-support"))
}

/// Where compiled guests are kept, for the daemon and for hosts in the test's process.
pub(crate) fn guest_cache() -> PathBuf {
    private(scratch().join("guests"))
}

/// A private folder for hosts. A host refuses policies below a folder that others can write, as `/tmp` is, so a build
/// in such a place keeps its hosts in the user's own folders.
pub(crate) fn hosts() -> PathBuf {
    let own = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = own("XDG_CACHE_HOME").or_else(|| own("HOME").map(|home| home.join(".cache")));
    let elsewhere =
        [own("XDG_RUNTIME_DIR"), cache].into_iter().flatten().map(|path| path.join("bailiwick-support"));
    let trusted = std::iter::once(scratch()).chain(elsewhere).find(|path| is_trusted(path));
    private(trusted.unwrap_or_else(scratch).join("hosts"))
}

/// Nobody else can write a folder or, of those above it, the ones that are there.
fn is_trusted(folder: &Path) -> bool {
    let there = folder.ancestors().filter_map(|folder| folder.metadata().ok());
    there.into_iter().all(|found| found.mode() & 0o022 == 0)
}

/// `target/debug` or its like: a test runs in `deps` below it.
fn profile() -> PathBuf {
    let test = env::current_exe().unwrap();
    test.ancestors().nth(2).expect("a test lies in target/<profile>/deps").to_owned()
}

fn private(folder: PathBuf) -> PathBuf {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).unwrap();
    folder
}
