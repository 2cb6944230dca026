//! Credit: how many bytes of payload may still be sent for a command. Sender and receiver each keep a window; the
//! receiver grants what its consumer has consumed, so that a consumer that stands still stops the sender.

use crate::error::ProtocolError;

/// The credit of one command in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    left: u64,
}

impl Window {
    /// A window with the credit that a command begins with unless Authenticated said otherwise.
    pub fn new() -> Self {
        Self::of(crate::INITIAL_WINDOW)
    }

    /// A window of so many bytes.
    pub fn of(bytes: u32) -> Self {
        Self { left: u64::from(bytes) }
    }

    /// Bytes that may be sent now.
    pub const fn left(self) -> u64 {
        self.left
    }

    /// Accounts for payload that is sent or was received.
    ///
    /// # Errors
    /// There is less credit than that.
    pub fn take(&mut self, bytes: usize) -> Result<(), ProtocolError> {
        let sent = bytes as u64;
        match self.left.checked_sub(sent) {
            Some(left) => self.left = left,
            None => return Err(ProtocolError::Credit { sent, left: self.left }),
        }
        Ok(())
    }

    /// Adds credit. No sum of grants overflows.
    pub fn grant(&mut self, bytes: u32) {
        self.left = self.left.saturating_add(u64::from(bytes));
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}
