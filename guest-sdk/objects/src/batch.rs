//! The CBOR form of objects: batches. `docs/objects.md` specifies it to the byte.
//!
//! Every value has exactly one encoding, so equal bytes mean equal batches. The decoder accepts nothing else: what
//! comes from a guest or a client is either a batch or an error with its place, never a panic, and what it costs to
//! decode is bounded by the bytes that arrived, not by the numbers in them.

mod decode;
mod encode;
mod items;

pub use decode::{DecodeError, Limits, decode};
pub use encode::{BatchWriter, encode};

/// The version that opens each batch.
const VERSION: u32 = 1;

/// The deepest nesting of arrays, hashtables, objects and error records that [`encode()`] writes.
pub const MAX_DEPTH: u32 = 64;

/// The numbers that open the CBOR array of a value that is not plain.
mod code {
    pub(super) const ARRAY: u32 = 0;
    pub(super) const OBJECT: u32 = 1;
    pub(super) const INT64: u32 = 2;
    pub(super) const HASHTABLE: u32 = 3;
    pub(super) const DATETIME: u32 = 4;
    pub(super) const TIMESPAN: u32 = 5;
    pub(super) const DECIMAL: u32 = 6;
    pub(super) const BIGINT: u32 = 7;
    pub(super) const CHAR: u32 = 8;
    pub(super) const GUID: u32 = 9;
    pub(super) const VERSION: u32 = 10;
    pub(super) const URI: u32 = 11;
    pub(super) const SCRIPT_BLOCK: u32 = 12;
    pub(super) const REGEX: u32 = 13;
    pub(super) const SECURE_STRING: u32 = 14;
    pub(super) const ERROR: u32 = 15;
}

/// The numbers of a datetime's kind.
mod kind {
    pub(super) const UNSPECIFIED: u32 = 0;
    pub(super) const UTC: u32 = 1;
    pub(super) const LOCAL: u32 = 2;
}

/// The one NaN that a batch holds.
const NAN_BITS: u64 = 0x7ff8_0000_0000_0000;
