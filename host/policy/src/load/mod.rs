//! From a folder, or from memory, to a policy. The only part of this crate that touches the disk.

mod folder;
mod trust;

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::catalog::Catalog;
use crate::check::{self, Forms};
use crate::fault::{Fault, Faults};
use crate::policy::{Loaded, Policy};
use crate::syntax::{NameKind, Source, read_endpoint, read_role, read_users};

pub(crate) use folder::{Findings, check_one, folder, read_one};
pub use trust::Trust;

/// The bytes of one policy file.
pub(crate) struct File {
    /// Its name in rules: relative to the policy folder, `/` between names.
    relative: String,
    /// Its name in faults.
    shown: String,
    bytes: Vec<u8>,
}

impl File {
    pub(crate) fn in_memory(name: String, bytes: Vec<u8>) -> Self {
        Self { shown: name.clone(), relative: name, bytes }
    }
}

/// Whether a folder is there now; it may be gone when a session asks for it.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Reads and checks a set of files; `root` is the folder they came from, if they did.
pub(crate) fn files(
    mut files: Vec<File>,
    root: Option<&Path>,
    catalog: &Catalog,
    mut faults: Vec<Fault>,
    mut lints: Vec<Fault>,
) -> Result<Loaded, Faults> {
    files.sort_by(|a, b| a.relative.cmp(&b.relative));
    let digest = digest(&files);
    let mut forms = Forms::default();
    for file in files {
        read(file, &mut forms, &mut faults);
    }
    // Read after the others, so that its absence is told of the folder and not of some file.
    if forms.users.is_none() {
        let shown = root
            .map_or_else(|| "users.toml".to_owned(), |root| root.join("users.toml").display().to_string());
        faults
            .push(Fault::of_file(shown, "the file is missing").help("a policy without users lets nobody in"));
    }
    if !forms.has_endpoints {
        let shown =
            root.map_or_else(|| "endpoints".to_owned(), |root| root.join("endpoints").display().to_string());
        faults.push(
            Fault::of_file(shown, "there is no endpoint").help("an endpoint is a file `endpoints/NAME.toml`"),
        );
    }
    let inner = check::policy(forms, root, catalog, digest, &mut faults, &mut lints);
    match Faults::of(faults) {
        Some(faults) => Err(faults),
        None => {
            lints.sort_by(|a, b| (a.file(), a.position()).cmp(&(b.file(), b.position())));
            lints.dedup();
            Ok(Loaded { policy: Policy::of(inner), lints })
        }
    }
}

fn read(file: File, forms: &mut Forms, faults: &mut Vec<Fault>) {
    let File { relative, shown, bytes } = file;
    let source = match Source::new(&relative, &shown, bytes) {
        Ok(source) => Arc::new(source),
        Err(fault) => {
            faults.push(fault);
            // The file is there: that it cannot be read is the one thing to tell.
            forms.has_endpoints |= relative.starts_with("endpoints/");
            if relative == "users.toml" {
                forms.users.get_or_insert_default();
            } else if let Some(name) = stem(&relative, "roles/") {
                forms.unreadable_roles.push(name.into());
            }
            return;
        }
    };
    if relative == "users.toml" {
        let before = faults.len();
        forms.users = Some(read_users(&source, faults));
        forms.users_complete = faults.len() == before;
    } else if let Some(name) = stem(&relative, "endpoints/") {
        forms.has_endpoints = true;
        if require_name(NameKind::Endpoint, name, &shown, faults) {
            forms.endpoints.push(read_endpoint(name.into(), &source, faults));
        }
    } else if let Some(name) = stem(&relative, "roles/") {
        if require_name(NameKind::Role, name, &shown, faults) {
            forms.roles.push(read_role(name.into(), &source, faults));
        }
    } else {
        faults.push(
            Fault::of_file(shown, "the file has no place in a policy")
                .help("a policy is `endpoints/NAME.toml`, `roles/NAME.toml` and `users.toml`"),
        );
    }
}

fn stem<'n>(relative: &'n str, folder: &str) -> Option<&'n str> {
    relative.strip_prefix(folder)?.strip_suffix(".toml")
}

fn require_name(kind: NameKind, name: &str, shown: &str, faults: &mut Vec<Fault>) -> bool {
    if kind.admits(name) {
        return true;
    }
    let message = format!("{} is not {}", crate::text::quoted(name), kind.title());
    faults.push(Fault::of_file(shown, message).help(format!("name the file with {}", kind.form())));
    false
}

/// Over names and contents with their lengths, so that no two sets of files have the same bytes under it.
fn digest(files: &[File]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        for part in [file.relative.as_bytes(), &file.bytes] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    hex::encode(hasher.finalize())
}
