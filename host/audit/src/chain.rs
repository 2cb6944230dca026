//! The chain: how a line holds its record and the hash that binds it to the one before, and the head that says how
//! far the chain has come. Bytes in, bytes out; no files.
//!
//! The hash covers the record's bytes exactly as they stand in the file, so that nothing has to be rendered again to
//! be verified.

use std::fmt;

use sha2::{Digest, Sha256};

/// The hash of a record: SHA-256 over the hash before it and the record's bytes. The first follows on zeros.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// The hash of a record that follows on this one.
    pub fn follow(self, record: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(record);
        Self(hasher.finalize().into())
    }

    /// From 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return None;
        }
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

const OPEN: &str = "{\"hash\":\"";
const MIDDLE: &str = "\",\"record\":";
const CLOSE: &str = "}";

/// The longest line that is read. Rendering keeps records far below it.
pub(crate) const MAX_LINE: usize = 512 << 10;

/// The line of a record, with its line feed.
pub(crate) fn line(hash: Hash, record: &str) -> String {
    format!("{OPEN}{hash}{MIDDLE}{record}{CLOSE}\n")
}

/// Takes a line (without its line feed) apart: the hash it claims and its record's bytes.
pub(crate) fn split(line: &[u8]) -> Option<(Hash, &[u8])> {
    let rest = line.strip_prefix(OPEN.as_bytes())?;
    let (hash, rest) = rest.split_at_checked(64)?;
    let hash = Hash::parse(std::str::from_utf8(hash).ok()?)?;
    let record = rest.strip_prefix(MIDDLE.as_bytes())?.strip_suffix(CLOSE.as_bytes())?;
    Some((hash, record))
}

/// How far a chain has come: the last record's number and hash. Number 0 is before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Head {
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
}

impl Head {
    pub(crate) fn to_line(self) -> String {
        format!("{{\"seq\":{},\"hash\":\"{}\"}}\n", self.seq, self.hash)
    }

    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_slice(text).ok()?;
        let seq = value.get("seq")?.as_u64()?;
        let hash = Hash::parse(value.get("hash")?.as_str()?)?;
        Some(Self { seq, hash })
    }
}

/// The number a record's bytes claim.
pub(crate) fn seq_of(record: &[u8]) -> Option<u64> {
    serde_json::from_slice::<serde_json::Value>(record).ok()?.get("seq")?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_apart_into_what_made_it() {
        let hash = Hash::default().follow(b"{\"seq\":1}");
        let made = line(hash, "{\"seq\":1}");
        assert_eq!(split(made.trim_end().as_bytes()), Some((hash, b"{\"seq\":1}".as_slice())));
    }

    #[test]
    fn a_head_survives_its_text() {
        let head = Head { seq: 7, hash: Hash([9; 32]) };
        assert_eq!(Head::parse(head.to_line().as_bytes()), Some(head));
    }

    #[test]
    fn a_hash_depends_on_what_it_follows() {
        assert_ne!(Hash([0; 32]).follow(b"x"), Hash([1; 32]).follow(b"x"));
    }

    #[test]
    fn upper_case_digits_are_not_a_hash() {
        assert_eq!(Hash::parse(&"A".repeat(64)), None);
    }
}
