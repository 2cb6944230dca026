//! Compiled guests on disk: compiled at the first start, mapped at every later one.
//!
//! Mapping a file as code trusts it wholly. So the folder is this user's alone (0700, checked), an entry is written
//! under another name and renamed into place, and its SHA-256 stands beside it: a damaged file is compiled anew.
#![expect(
    unsafe_code,
    reason = "mapping compiled code is unsafe: the file must be what wasmtime wrote; see above"
)]

use std::fs::{self, DirBuilder};
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::error::StartError;

/// The folder of compiled guests.
#[derive(Debug)]
pub(crate) struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// Opens the folder, or makes it.
    ///
    /// # Errors
    /// It can't be made, or others may write it.
    pub(crate) fn open(dir: &Path) -> Result<Self, StartError> {
        let fault = |problem: String| StartError::Cache { path: dir.to_path_buf(), problem };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(|error| fault(error.to_string()))?;
        let metadata = fs::symlink_metadata(dir).map_err(|error| fault(error.to_string()))?;
        if !metadata.is_dir() {
            return Err(fault("it is not a folder".to_owned()));
        }
        if metadata.uid() != rustix::process::geteuid().as_raw() {
            return Err(fault("it belongs to another user: name a folder of this host's own".to_owned()));
        }
        if metadata.mode() & 0o022 != 0 {
            return Err(fault("others may write it: make it private with `chmod 700`".to_owned()));
        }
        Ok(Self { dir: dir.to_path_buf() })
    }

    /// The component of these bytes: mapped if it was compiled before, else compiled and kept.
    ///
    /// # Errors
    /// It does not compile.
    pub(crate) fn component(&self, engine: &Engine, wasm: &[u8]) -> wasmtime::Result<Component> {
        let path = self.dir.join(format!("{}.cwasm", key(engine, wasm)));
        if let Some(component) = load(engine, &path) {
            return Ok(component);
        }
        let component = Component::new(engine, wasm)?;
        if let Err(error) = self.keep(&path, &component.serialize()?) {
            tracing::warn!(path = %path.display(), %error, "could not keep a compiled guest; the next start compiles it again");
        }
        Ok(component)
    }

    fn keep(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        self.replace(&digest_path(path), hex::encode(Sha256::digest(bytes)).as_bytes())?;
        self.replace(path, bytes)
    }

    /// Writes a file whole under a name of its own and renames it: a mapped file is never changed in place.
    fn replace(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let temporary = self.dir.join(format!(".{}.tmp", hex::encode(random)));
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(bytes)?;
        fs::rename(&temporary, path)
    }
}

/// Maps a compiled guest if its digest is the one noted.
fn load(engine: &Engine, path: &Path) -> Option<Component> {
    let noted = fs::read_to_string(digest_path(path)).ok()?;
    let bytes = fs::read(path).ok()?;
    if hex::encode(Sha256::digest(&bytes)) != noted {
        tracing::warn!(path = %path.display(), "a compiled guest is damaged and is compiled again");
        return None;
    }
    // SAFETY: the file is what `Component::serialize` gave: its digest is the one written with it, in a folder that
    // only this user can write. wasmtime checks its own version and configuration besides.
    unsafe { Component::deserialize_file(engine, path) }
        .inspect_err(|error| tracing::warn!(%error, "a compiled guest can't be mapped and is compiled again"))
        .ok()
}

fn digest_path(path: &Path) -> PathBuf {
    path.with_extension("sha256")
}

/// The digest of the guest and of all that compiling it depends on.
fn key(engine: &Engine, wasm: &[u8]) -> String {
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut sha = Sha(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sha);
    sha.write(wasm);
    hex::encode(sha.0.finalize())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A component of nothing: enough to be compiled, kept and mapped.
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    #[test]
    fn row_d28_a_flipped_byte_of_a_compiled_guest_is_noticed_and_compiled_again() {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let cache = Cache::open(&dir.path().join("cache")).unwrap();
        cache.component(&engine, EMPTY).unwrap();
        let path = dir.path().join("cache").join(format!("{}.cwasm", key(&engine, EMPTY)));
        let good = fs::read(&path).unwrap();
        assert!(load(&engine, &path).is_some());
        for at in (0..good.len()).step_by(good.len() / 97 + 1) {
            let mut bad = good.clone();
            bad[at] ^= 0x40;
            fs::write(&path, &bad).unwrap();
            assert!(load(&engine, &path).is_none(), "byte {at}");
        }
        cache.component(&engine, EMPTY).unwrap();
        assert!(load(&engine, &path).is_some());
    }

    #[test]
    fn row_d28_a_cache_that_others_may_write_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let open = dir.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(Cache::open(&open), Err(StartError::Cache { .. })));
    }
}
