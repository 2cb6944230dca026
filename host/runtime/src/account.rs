//! Memory of a session: the sum over its instances. Each store has a limiter; all of them draw on one account, so
//! that many small instances can't hold what one large one may not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use wasmtime::ResourceLimiter;

/// What a session's instances may hold together, in bytes.
#[derive(Debug)]
pub(crate) struct Account {
    used: AtomicU64,
    limit: u64,
}

impl Account {
    pub(crate) fn new(limit: u64) -> Arc<Self> {
        Arc::new(Self { used: AtomicU64::new(0), limit })
    }

    fn take(&self, bytes: u64) -> bool {
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(bytes).filter(|sum| *sum <= self.limit)
            })
            .is_ok()
    }

    fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Charges what the host itself holds for the session, until the charge is dropped. None: it would be too much.
    pub(crate) fn charge(self: &Arc<Self>, bytes: usize) -> Option<Charge> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.take(bytes).then(|| Charge { account: Arc::clone(self), bytes })
    }

    /// Bytes held now.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }
}

/// Bytes that the host holds for a session.
#[derive(Debug)]
pub(crate) struct Charge {
    account: Arc<Account>,
    bytes: u64,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.account.give_back(self.bytes);
    }
}

/// Entries of one table of an instance: an engine with tens of thousands of functions fits.
const TABLE_ENTRIES: usize = 20_000;

/// One store's hold on its session's account. Dropping it returns what it took.
#[derive(Debug)]
pub(crate) struct Hold {
    account: Arc<Account>,
    taken: u64,
    refused: Arc<AtomicBool>,
}

impl Hold {
    pub(crate) fn new(account: Arc<Account>) -> Self {
        Self { account, taken: 0, refused: Arc::default() }
    }

    /// True once growth was refused: the trap or abort that follows was for want of memory.
    pub(crate) fn refused(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.refused)
    }
}

impl ResourceLimiter for Hold {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let more = u64::try_from(desired.saturating_sub(current)).unwrap_or(u64::MAX);
        if self.account.take(more) {
            self.taken = self.taken.saturating_add(more);
            return Ok(true);
        }
        self.refused.store(true, Ordering::Relaxed);
        Ok(false)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ENTRIES)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.account.give_back(self.taken);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stores_share_one_limit_and_a_dropped_one_returns_its_bytes() {
        let account = Account::new(100);
        let mut first = Hold::new(Arc::clone(&account));
        let mut second = Hold::new(Arc::clone(&account));
        assert!(first.memory_growing(0, 60, None).unwrap());
        assert!(!second.memory_growing(0, 60, None).unwrap());
        assert!(second.refused().load(Ordering::Relaxed));
        drop(first);
        assert!(second.memory_growing(0, 60, None).unwrap());
        assert_eq!(account.used(), 60);
    }
}
