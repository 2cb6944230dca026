//! The two tasks of a connection: one always drains the socket, one writes what waits, whole frames in the order of
//! the outbox. Neither knows what a message means.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_wire::{FrameLimit, ProtocolError, decode};
use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::shared::Shared;

/// Reads until the connection ends, and tells everyone why it did.
pub(crate) async fn read(
    mut from: impl AsyncRead + Unpin,
    mut buf: BytesMut,
    shared: Arc<Shared>,
    silence: Duration,
) {
    let reason = loop {
        match drain(&mut buf, &shared) {
            Ok(None) => {}
            Ok(Some(goodbye)) => break goodbye,
            Err(error) => {
                shared.fail(&error.to_string(), Some(&error.to_goodbye()));
                break error.to_string();
            }
        }
        match timeout(silence, from.read_buf(&mut buf)).await {
            Ok(Ok(0)) => break "it was cut without a goodbye".to_owned(),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => break error.to_string(),
            Err(_) => break format!("the host said nothing for {} s", silence.as_secs()),
        }
    };
    tracing::debug!(reason, "connection ended");
    shared.fail(&reason, None);
    shared.ended.send_replace(true);
}

fn drain(buf: &mut BytesMut, shared: &Shared) -> Result<Option<String>, ProtocolError> {
    while let Some(message) = decode(buf, FrameLimit::OPEN)? {
        if let Some(goodbye) = shared.received(message)? {
            return Ok(Some(goodbye));
        }
    }
    Ok(None)
}

/// Writes until nothing will follow; shows now and then that the client lives.
pub(crate) async fn write(mut to: impl AsyncWrite + Unpin, shared: Arc<Shared>, silence: Duration) {
    loop {
        let (frame, last) = shared.next_frame();
        let written = match frame {
            Some(frame) => timeout(silence, to.write_all(&frame)).await,
            None if last => break,
            None => {
                let flushed = timeout(silence, to.flush()).await;
                if timeout(silence / 3, shared.wake.notified()).await.is_err() {
                    shared.heartbeat();
                }
                flushed
            }
        };
        match written {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                // What the host said before it closed is still to be read: the reader ends the connection.
                tracing::debug!(%error, "nothing more can be written");
                break;
            }
            Err(_) => {
                shared.fail("the host takes nothing any more", None);
                break;
            }
        }
    }
    let _ = timeout(silence, to.shutdown()).await;
}
