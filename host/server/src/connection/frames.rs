//! Frames from a peer. Everything that was read is kept in the reader, so that whoever waits for a frame may stop
//! waiting at any moment and ask again: no byte is lost, no frame is read twice. Memory follows what has arrived.

use bailiwick_wire::{Message, decode};
use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::time::{Instant, timeout_at};

use super::end::End;
use super::line::Line;
use crate::options::Limits;

/// Room for one read.
const CHUNK: usize = 4 << 10;

/// Reads one peer's frames.
#[derive(Debug)]
pub(crate) struct Frames<R> {
    reader: R,
    buffer: BytesMut,
    /// When the first byte of the frame under way came.
    begun: Option<Instant>,
    /// When the last whole frame came.
    heard: Instant,
    limits: Limits,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub(crate) fn new(reader: R, limits: &Limits) -> Self {
        Self { reader, buffer: BytesMut::new(), begun: None, heard: Instant::now(), limits: limits.clone() }
    }

    /// When the last whole frame came.
    pub(crate) const fn heard(&self) -> Instant {
        self.heard
    }

    /// The next message, already accounted for by the line. Cancel safe.
    ///
    /// # Errors
    /// There is none and never will be.
    pub(crate) async fn next(&mut self, line: &Line) -> Result<Message, End> {
        loop {
            if let Some(message) = decode(&mut self.buffer, line.frame_limit())? {
                line.received(&message)?;
                self.heard = Instant::now();
                self.begun = (!self.buffer.is_empty()).then_some(self.heard);
                return Ok(message);
            }
            let (deadline, late) = match self.begun {
                Some(begun) => (begun + self.limits.frame, End::TimedOut("a frame took too long to arrive")),
                None => (self.heard + self.limits.silence, End::TimedOut("nothing was heard for too long")),
            };
            self.buffer.reserve(CHUNK);
            // INVARIANT: the only await. `read_buf` takes bytes from the peer only when it returns them.
            let read = timeout_at(deadline, self.reader.read_buf(&mut self.buffer)).await;
            match read {
                Err(_elapsed) => return Err(late),
                Ok(Err(error)) => return Err(End::Lost(error.to_string())),
                Ok(Ok(0)) if self.buffer.is_empty() => return Err(End::Gone),
                Ok(Ok(0)) => return Err(End::Lost("the peer closed within a frame".to_owned())),
                Ok(Ok(_some)) => self.begun = self.begun.or_else(|| Some(Instant::now())),
            }
        }
    }

    /// Reads on, keeping nothing, until the peer closes or the time is over: closing with bytes unread would reset the
    /// connection, and the peer would lose our goodbye.
    pub(crate) async fn discard(&mut self, until: Instant) {
        self.buffer = BytesMut::new();
        let mut chunk = [0; 512];
        while matches!(timeout_at(until, self.reader.read(&mut chunk)).await, Ok(Ok(count)) if count > 0) {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    #[tokio::test]
    async fn row_e03_memory_follows_what_arrived_and_not_what_was_announced() {
        let (mut peer, reader) = tokio::io::duplex(64);
        let mut frames = Frames::new(reader, &Limits::default());
        let line = Line::new();
        peer.write_all(&[0, 0, 0x0f, 0xff, 0xa2]).await.unwrap();
        let waiting = tokio::time::timeout(std::time::Duration::from_millis(10), frames.next(&line));
        assert!(waiting.await.is_err());
        assert!(frames.buffer.capacity() <= 2 * CHUNK, "{}", frames.buffer.capacity());
    }

    #[tokio::test]
    async fn row_e03_before_the_login_a_long_frame_is_refused_by_its_head() {
        let (mut peer, reader) = tokio::io::duplex(64);
        let mut frames = Frames::new(reader, &Limits::default());
        peer.write_all(&[0, 0, 0x10, 0x01]).await.unwrap();
        assert!(matches!(frames.next(&Line::new()).await, Err(End::Fault(_))));
    }

    #[tokio::test]
    async fn row_e14_half_a_frame_survives_a_wait_that_was_given_up() {
        let hello =
            bailiwick_wire::encode(&bailiwick_wire::message::Hello { versions: vec![1] }.into()).unwrap();
        for cut in 1..hello.len() {
            let (mut peer, reader) = tokio::io::duplex(64);
            let mut frames = Frames::new(reader, &Limits::default());
            let line = Line::new();
            let (head, tail) = hello.split_at(cut);
            peer.write_all(head).await.unwrap();
            // One poll: the frame is not all here, and the future is dropped with what it has read.
            assert!(futures::FutureExt::now_or_never(frames.next(&line)).is_none());
            peer.write_all(tail).await.unwrap();
            assert!(matches!(frames.next(&line).await, Ok(Message::Hello(_))), "cut after {cut}");
        }
    }
}
