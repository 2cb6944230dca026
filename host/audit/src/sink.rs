//! Where lines go: a folder, nowhere, or (in tests) something that fails on purpose.

use std::io;
use std::sync::Arc;

/// Takes lines. Calls are serialised by the writer.
pub trait Sink: Send {
    /// Appends one line with one write. On an error the log is as it was before, or [`Sink::repair`] will make it so.
    ///
    /// # Errors
    /// It couldn't be written.
    fn append(&mut self, line: &[u8]) -> io::Result<()>;

    /// Replaces the head, atomically.
    ///
    /// # Errors
    /// It couldn't be written; the former head still stands.
    fn set_head(&mut self, head: &[u8]) -> io::Result<()>;

    /// Takes back whatever was appended since the head was last set.
    ///
    /// # Errors
    /// It couldn't be undone.
    fn repair(&mut self) -> io::Result<()>;

    /// What waits until all lines appended so far are on the disk, callable without the writer's lock.
    fn durable(&self) -> Arc<dyn Durable>;

    /// Ends the current segment and begins another, if the sink has segments and `due` says so of its length.
    ///
    /// # Errors
    /// It couldn't be done; the current segment goes on.
    fn rotate(&mut self, due: u64) -> io::Result<bool> {
        let _ = due;
        Ok(false)
    }

    /// Whether the log was taken away from under the writer; if so, a new one has been begun.
    ///
    /// # Errors
    /// It can't be told, or a new one can't be begun.
    fn missing(&mut self) -> io::Result<bool> {
        Ok(false)
    }
}

/// Waits for the disk.
pub trait Durable: Send + Sync {
    /// Returns once everything appended before the call is on the disk.
    ///
    /// # Errors
    /// The disk failed.
    fn sync(&self) -> io::Result<()>;
}
