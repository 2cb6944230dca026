//! The form of what guests write: every batch is decoded once before it goes on, so that what a client receives is
//! well formed whoever wrote it.

use bailiwick_objects::{DecodeError, Hashtable, Value, batch};

/// Checks a batch's form.
///
/// # Errors
/// It is malformed.
pub(crate) fn check(batch: &[u8]) -> Result<(), DecodeError> {
    batch::decode(batch, &batch::Limits::default()).map(|_values| ())
}

/// A batch of exactly one hashtable: bound arguments.
///
/// # Errors
/// It is malformed, or something else.
pub(crate) fn arguments(batch: &[u8]) -> Result<Hashtable, DecodeError> {
    let mut values = batch::decode(batch, &batch::Limits::default())?;
    match (values.pop(), values.is_empty()) {
        (Some(Value::Hashtable(table)), true) => Ok(table),
        _ => Err(DecodeError { what: "a batch of one hashtable was expected", at: 0 }),
    }
}
