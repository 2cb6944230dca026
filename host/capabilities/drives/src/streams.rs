//! Streams over files. I/O is done in the call: local files answer faster than a thread could be asked.
//!
//! A guest's `std` makes every error of a stream the same one, so the reason is left in the slot as well. `Closed` means
//! the end of a file and nothing else.

use std::sync::Arc;

use async_trait::async_trait;
use bailiwick_capability::limits::WRITE_BYTES;
use bytes::Bytes;
use wasmtime_wasi_io::poll::Pollable;
use wasmtime_wasi_io::streams::{InputStream, OutputStream, StreamError, StreamResult};

use crate::Reporter;
use crate::bindings::types::ErrorCode;
use crate::errors::Failure;
use crate::file::{At, File};

/// The error code of a stream that failed, for `filesystem-error-code`.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
pub(crate) struct StreamFailure(pub(crate) ErrorCode);

fn failed(reporter: &Reporter, failure: Failure) -> StreamError {
    match reporter.report(failure) {
        Ok(code) => StreamError::LastOperationFailed(StreamFailure(code).into()),
        Err(trap) => StreamError::Trap(trap),
    }
}

/// Reads a file from an offset on.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) file: Arc<File>,
    pub(crate) offset: u64,
    pub(crate) reporter: Reporter,
}

#[async_trait]
impl Pollable for Reading {
    async fn ready(&mut self) {}
}

#[async_trait]
impl InputStream for Reading {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        if size == 0 {
            return Ok(Bytes::new());
        }
        let bytes =
            self.file.read_at(size as u64, self.offset).map_err(|failure| failed(&self.reporter, failure))?;
        if bytes.is_empty() {
            return Err(StreamError::Closed);
        }
        self.offset = self.offset.saturating_add(bytes.len() as u64);
        Ok(bytes.into())
    }
}

/// Writes a file from an offset on, or at its end.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) file: Arc<File>,
    pub(crate) at: At,
    pub(crate) reporter: Reporter,
}

#[async_trait]
impl Pollable for Writing {
    async fn ready(&mut self) {}
}

#[async_trait]
impl OutputStream for Writing {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let written = match self.file.write_at(&rest, self.at) {
                Ok(0) => Err(ErrorCode::InsufficientSpace.into()),
                other => other,
            };
            let written = written.map_err(|failure| failed(&self.reporter, failure))?;
            if let At::Offset(offset) = &mut self.at {
                *offset = offset.saturating_add(written as u64);
            }
            rest = rest.split_off(written.min(rest.len()));
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(WRITE_BYTES)
    }
}
