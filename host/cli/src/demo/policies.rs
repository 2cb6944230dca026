//! The policies that the demo plays: the example ones, which are part of the binary, or a folder of the reader's. Either
//! way a copy is played, into which the keys that were made on the spot are written.

use std::fs;
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::exit::Problem;

/// The example policies, by their path in a policy folder.
const EXAMPLES: [(&str, &str); 8] = [
    ("endpoints/helpdesk.toml", include_str!("../../../../policies/endpoints/helpdesk.toml")),
    ("endpoints/toolbox.toml", include_str!("../../../../policies/endpoints/toolbox.toml")),
    ("roles/account-reader.toml", include_str!("../../../../policies/roles/account-reader.toml")),
    ("roles/log-reader.toml", include_str!("../../../../policies/roles/log-reader.toml")),
    ("roles/notes.toml", include_str!("../../../../policies/roles/notes.toml")),
    ("roles/notes-owner.toml", include_str!("../../../../policies/roles/notes-owner.toml")),
    ("roles/settings-reader.toml", include_str!("../../../../policies/roles/settings-reader.toml")),
    ("users.toml", include_str!("../../../../policies/users.toml")),
];

/// Puts the policies into a folder, the example ones or those of `from`, and lets a key in as a user.
///
/// # Errors
/// A file can't be read or written, or `users.toml` has no such user.
pub(super) fn install(from: Option<&Path>, into: &Path, user: &str, pin: &str) -> Result<(), Problem> {
    for folder in ["endpoints", "roles"] {
        let path = into.join(folder);
        fs::create_dir_all(&path).map_err(|error| Problem::file("make", &path, &error))?;
    }
    match from {
        Some(from) => copy(from, into)?,
        None => EXAMPLES.iter().try_for_each(|(name, text)| write(&into.join(name), text))?,
    }
    let users = into.join("users.toml");
    let text = read(&users)?;
    write(&users, &let_in(&text, user, pin)?)
}

fn copy(from: &Path, into: &Path) -> Result<(), Problem> {
    for folder in ["", "endpoints", "roles"] {
        let source = from.join(folder);
        let entries = fs::read_dir(&source).map_err(|error| Problem::file("read", &source, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| Problem::file("read", &source, &error))?.path();
            let is_policy = path.extension().is_some_and(|extension| extension == "toml") && path.is_file();
            // The host's own settings are of the demo's making.
            if let Some(name) = path.file_name().filter(|name| is_policy && *name != "host.toml") {
                write(&into.join(folder).join(name), &read(&path)?)?;
            }
        }
    }
    Ok(())
}

/// Writes the pin of a key among a user's certificates.
fn let_in(users: &str, user: &str, pin: &str) -> Result<String, Problem> {
    let mut document: DocumentMut =
        users.parse().map_err(|error| Problem::Failed(format!("`users.toml` is not TOML: {error}")))?;
    let entry = document
        .get_mut("users")
        .and_then(|users| users.get_mut(user))
        .and_then(Item::as_table_like_mut)
        .ok_or_else(|| {
            Problem::Failed(format!("`users.toml` has no user `{user}`: the demo plays as this user"))
        })?;
    let certificates = entry.entry("certificates").or_insert(Item::Value(Value::Array(Array::new())));
    let certificates = certificates
        .as_array_mut()
        .ok_or_else(|| Problem::Failed("`certificates` in `users.toml` is not a list".to_owned()))?;
    certificates.push(pin);
    Ok(document.to_string())
}

fn read(path: &Path) -> Result<String, Problem> {
    fs::read_to_string(path).map_err(|error| Problem::file("read", path, &error))
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text).map_err(|error| Problem::file("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::let_in;

    #[test]
    fn a_key_is_added_to_the_users_own_and_to_nobody_elses() {
        let users =
            "version = 1\n[users.alice]\nid = \"a\"\ncertificates = [\"old\"]\n[users.bob]\nid = \"b\"\n";
        let edited = let_in(users, "alice", "new").unwrap();
        assert!(edited.contains("certificates = [\"old\", \"new\"]"), "{edited}");
        assert_eq!(edited.matches("new").count(), 1);
        assert!(let_in(users, "carol", "new").is_err());
    }
}
