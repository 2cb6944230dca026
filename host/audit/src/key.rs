//! The signing key: made once, kept in a file of mode 0600, used for checkpoints, and for the keyed hashes that let
//! one tell two secrets apart without knowing either.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::chain::Head;
use crate::error::AuditError;

/// What a signature is over, so that it can't stand for anything else.
const SIGNED: &[u8] = b"bailiwick audit checkpoint 1\0";

/// A signing key in memory.
#[derive(Clone)]
pub struct AuditKey {
    key: SigningKey,
    secrets: [u8; 32],
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditKey").field("public", &self.public()).finish_non_exhaustive()
    }
}

impl AuditKey {
    /// Reads the key in a file, or makes one there.
    ///
    /// # Errors
    /// The file can be read or written by others, isn't a key, or can't be read or made.
    pub fn open_or_create(path: &Path) -> Result<Self, AuditError> {
        let no_follow = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or(0);
        match OpenOptions::new().read(true).custom_flags(no_follow).open(path) {
            Ok(file) => {
                let untrusted = |why: &str| AuditError::Untrusted { path: path.into(), why: why.into() };
                let meta = file.metadata().map_err(AuditError::io("read the signing key of"))?;
                if !meta.is_file() || meta.uid() != rustix::process::geteuid().as_raw() {
                    return Err(untrusted("the signing key isn't a file of the account that runs this"));
                }
                if meta.mode() & 0o077 != 0 {
                    return Err(untrusted("the signing key is open to others: `chmod 600` it"));
                }
                let mut text = String::new();
                (&file)
                    .take(80)
                    .read_to_string(&mut text)
                    .map_err(AuditError::io("read the signing key of"))?;
                let mut seed = [0; 32];
                hex::decode_to_slice(text.trim_end(), &mut seed)
                    .map_err(|_| untrusted("the signing key isn't 64 hexadecimal digits"))?;
                Ok(Self::from_seed(seed))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(e) => Err(AuditError::Io { doing: "open the signing key of", source: e }),
        }
    }

    fn create(path: &Path) -> Result<Self, AuditError> {
        let made = Self::random()?;
        let text = format!("{}\n", hex::encode(made.key.to_bytes()));
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(AuditError::io("make a signing key for"))?;
        Ok(made)
    }

    /// A key that is kept nowhere.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn random() -> Result<Self, AuditError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|e| AuditError::Io {
            doing: "make a signing key for",
            source: std::io::Error::other(e),
        })?;
        Ok(Self::from_seed(seed))
    }

    fn from_seed(seed: [u8; 32]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"bailiwick audit secrets 1\0");
        hasher.update(seed);
        Self { key: SigningKey::from_bytes(&seed), secrets: hasher.finalize().into() }
    }

    /// The public key, in hexadecimal: what a verifier pins.
    pub fn public(&self) -> String {
        hex::encode(self.key.verifying_key().to_bytes())
    }

    /// A short keyed hash (HMAC-SHA-256, 16 of its digits) of a secret.
    pub(crate) fn keyed(&self, secret: &[u8]) -> String {
        let pad = |with: u8| {
            let mut block = [with; 64];
            block.iter_mut().zip(self.secrets).for_each(|(b, k)| *b ^= k);
            block
        };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(secret).finalize();
        let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
        hex::encode(outer.get(..8).unwrap_or_default())
    }

    pub(crate) fn sign(&self, head: Head) -> String {
        hex::encode(self.key.sign(&statement(head)).to_bytes())
    }
}

fn statement(head: Head) -> Vec<u8> {
    let mut bytes = SIGNED.to_vec();
    bytes.extend(head.seq.to_be_bytes());
    bytes.extend(head.hash.0);
    bytes
}

/// Whether a signature over `head` is of the key with this public half.
pub(crate) fn signature_holds(public: &str, head: Head, signature: &str) -> bool {
    let check = || {
        let mut key = [0; 32];
        hex::decode_to_slice(public, &mut key).ok()?;
        let mut bytes = [0; 64];
        hex::decode_to_slice(signature, &mut bytes).ok()?;
        let key = VerifyingKey::from_bytes(&key).ok()?;
        key.verify_strict(&statement(head), &Signature::from_bytes(&bytes)).ok()
    };
    check().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Hash;

    #[test]
    fn a_signature_is_of_one_head_and_one_key() {
        let (a, b) = (AuditKey::random().unwrap(), AuditKey::random().unwrap());
        let head = Head { seq: 3, hash: Hash([1; 32]) };
        let signature = a.sign(head);
        assert!(signature_holds(&a.public(), head, &signature));
        assert!(!signature_holds(&b.public(), head, &signature));
        assert!(!signature_holds(&a.public(), Head { seq: 4, ..head }, &signature));
    }

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let made = AuditKey::open_or_create(&path).unwrap();
        let read = AuditKey::open_or_create(&path).unwrap();
        assert_eq!(made.public(), read.public());
        assert_eq!(made.keyed(b"x"), read.keyed(b"x"));
    }

    #[test]
    fn row_e61_a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        AuditKey::open_or_create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(AuditKey::open_or_create(&path), Err(AuditError::Untrusted { .. })));
    }

    #[test]
    fn the_keyed_hash_is_the_published_hmac() {
        // RFC 4231, case 2, has key `Jefe`; the pads make a short key and its zero-padded form the same.
        let mut secrets = [0; 32];
        secrets[..4].copy_from_slice(b"Jefe");
        let key = AuditKey { secrets, ..AuditKey::random().unwrap() };
        assert_eq!(key.keyed(b"what do ya want for nothing?"), "5bdcc146bf60754e");
    }
}
