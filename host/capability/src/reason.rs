//! Reasons: why a capability refused or failed. A guest's `std` knows error numbers only, so the last reason waits in
//! a slot until the cmdlet asks for it (`streams.take-reason`).

use std::sync::{Arc, Mutex, PoisonError};

/// Why a capability refused or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// An error id, for example `QuotaExceeded`.
    pub id: String,
    /// One sentence for the user: no host path, nobody else's data.
    pub message: String,
}

impl Reason {
    /// A reason of an id and a sentence.
    pub fn new(id: impl Into<String>, message: impl Into<String>) -> Self {
        Self { id: id.into(), message: message.into() }
    }
}

/// Holds the last reason of one instance. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct ReasonSlot(Arc<Mutex<Option<Reason>>>);

impl ReasonSlot {
    /// An empty slot.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a reason in; the one before is forgotten.
    pub fn set(&self, reason: Reason) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }

    /// Takes the reason out.
    pub fn take(&self) -> Option<Reason> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_reason_is_taken_once() {
        let slot = ReasonSlot::new();
        let other = slot.clone();
        slot.set(Reason::new("A", "a"));
        slot.set(Reason::new("B", "b"));
        assert_eq!(other.take(), Some(Reason::new("B", "b")));
        assert_eq!(slot.take(), None);
    }
}
