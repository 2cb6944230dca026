//! The one task that writes to a connection: whole frames, one after the other, in the outbox's order.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use super::line::{Line, Next};

/// Writes until the line is closed and empty, or the peer takes nothing for longer than the limit.
pub(crate) async fn run<W: AsyncWrite + Unpin>(mut out: W, line: Arc<Line>, limit: Duration) {
    loop {
        let written = match line.next() {
            Next::Frame(frame) => timeout(limit, out.write_all(&frame)).await,
            Next::Wait => {
                let flushed = timeout(limit, out.flush()).await;
                if matches!(flushed, Ok(Ok(()))) {
                    line.filled().await;
                }
                flushed
            }
            Next::End => {
                // The peer may be gone already: that is an end, too.
                let _ = timeout(limit, out.shutdown()).await;
                return;
            }
        };
        if !matches!(written, Ok(Ok(()))) {
            line.lose();
            return;
        }
    }
}
