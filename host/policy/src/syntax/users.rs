//! `users.toml`: who exists, by which credentials, in which groups.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::fault::Fault;
use crate::syntax::fields::{At, Document, Entry, Shape};
use crate::syntax::later;
use crate::syntax::name::NameKind;
use crate::syntax::source::Source;

const TOP: Shape =
    Shape { title: "`users.toml`", keys: &["version", "users"], later: &["groups", "include"] };
const USER: Shape = Shape { title: "a user", keys: &["id", "certificates", "groups"], later: later::USER };

/// One `[users.NAME]`.
#[derive(Debug)]
pub(crate) struct UserForm {
    pub(crate) name: At<Arc<str>>,
    pub(crate) id: At<Arc<str>>,
    /// SHA-256 of each certificate's public key.
    pub(crate) certificates: Vec<At<[u8; 32]>>,
    pub(crate) groups: Vec<Arc<str>>,
}

/// Reads `users.toml`.
pub(crate) fn read_users(source: &Arc<Source>, faults: &mut Vec<Fault>) -> Vec<UserForm> {
    let document = Document::parse(source, faults);
    let top = document.top(TOP, faults);
    let users = top.item("users").and_then(|item| item.entries(faults)).unwrap_or_default();
    users.iter().filter_map(|entry| read_user(entry, faults)).collect()
}

fn read_user(entry: &Entry<'_>, faults: &mut Vec<Fault>) -> Option<UserForm> {
    let name = NameKind::User.parse(entry.key(), faults);
    let fields = entry.value().fields(USER, faults)?;
    if fields.get("id").is_none() {
        faults.push(
            entry
                .key_place()
                .fault("the user has no `id`")
                .help("set `id` to a name that is never given to anyone else: it names the user's own drive"),
        );
    }
    let id = fields.text("id", faults).and_then(|id| NameKind::UserId.parse(id, faults));
    let certificates = fields.item("certificates").and_then(|item| item.texts(faults)).unwrap_or_default();
    let certificates = certificates.into_iter().filter_map(|text| read_certificate(text, faults)).collect();
    let groups = fields.item("groups").and_then(|item| item.texts(faults)).unwrap_or_default();
    let groups =
        groups.into_iter().filter_map(|text| Some(NameKind::Group.parse(text, faults)?.value)).collect();
    Some(UserForm { name: name?, id: id?, certificates, groups })
}

fn read_certificate(text: At<String>, faults: &mut Vec<Fault>) -> Option<At<[u8; 32]>> {
    let digest = text.value.strip_prefix("spki-sha256:").and_then(|digest| STANDARD.decode(digest).ok());
    match digest.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
        Some(digest) => Some(text.map(|_| digest)),
        None => {
            let shown = crate::text::quoted(&text.value);
            faults.push(
                text.place
                    .fault(format!("{shown} is not a certificate's fingerprint"))
                    .help("write \"spki-sha256:\" and the base64 of 32 bytes, as `bailiwick key` prints it"),
            );
            None
        }
    }
}
