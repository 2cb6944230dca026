//! How large one value may become by one operation. The session's memory limit stands behind these; they exist so
//! that a single operator is refused with a sentence before it asks for gigabytes.

use bailiwick_objects::ErrorCategory;

use super::fault::{Failure, fault};

/// Bytes of one string.
pub(crate) const MAX_TEXT: usize = 16 << 20;
/// Elements of one array.
pub(crate) const MAX_ITEMS: usize = 1 << 20;
/// Nesting of what crosses a boundary (the decoder's limit, less the batch).
pub(crate) const MAX_DEPTH: usize = 60;

/// Refuses a string of more bytes than [`MAX_TEXT`].
pub(crate) fn admit_text(bytes: usize) -> Result<(), Failure> {
    if bytes > MAX_TEXT { Err(exceeded("the text", MAX_TEXT, "bytes")) } else { Ok(()) }
}

/// Refuses an array of more elements than [`MAX_ITEMS`].
pub(crate) fn admit_items(items: usize) -> Result<(), Failure> {
    if items > MAX_ITEMS { Err(exceeded("the array", MAX_ITEMS, "elements")) } else { Ok(()) }
}

fn exceeded(what: &str, limit: usize, unit: &str) -> Failure {
    fault(
        "LimitExceeded",
        ErrorCategory::LimitsExceeded,
        format!("{what} would have more than {limit} {unit}; produce it in smaller parts"),
    )
}
