//! What one connection has said and is about to say: the state of its link and the frames that wait for the writer.
//! Whoever has something to say puts it here; one task writes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bailiwick_wire::message::Goodbye;
use bailiwick_wire::{FrameLimit, Link, LinkState, Message, Outbox, Side};
use tokio::sync::Notify;

use super::end::End;

/// Bytes that may wait to be written before those who have more wait too.
const HIGH_WATER: usize = 256 << 10;

/// One connection's side of the conversation.
#[derive(Debug)]
pub(crate) struct Line {
    state: Mutex<State>,
    /// For the writer: something waits, or nothing ever will.
    filled: Notify,
    /// For those who wait for room.
    drained: Notify,
    /// For the reader: nothing more can be said.
    lost: Notify,
}

#[derive(Debug)]
struct State {
    /// None once one end has broken the protocol: nothing is heard any more, and a goodbye is all that is said.
    link: Option<Link>,
    outbox: Outbox,
    closing: bool,
    lost: bool,
}

/// What the writer does next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Write this frame.
    Frame(Vec<u8>),
    /// Wait until there is one.
    Wait,
    /// There will be none.
    End,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                link: Some(Link::new(Side::Server)),
                outbox: Outbox::default(),
                closing: false,
                lost: false,
            }),
            filled: Notify::new(),
            drained: Notify::new(),
            lost: Notify::new(),
        }
    }

    /// Takes account of a message of the peer's.
    ///
    /// # Errors
    /// It has no place here.
    pub(crate) fn received(&self, message: &Message) -> Result<(), End> {
        let mut state = self.locked();
        let link = state.link.take().ok_or(End::Internal)?;
        state.link = Some(link.received(message)?);
        Ok(())
    }

    /// What a frame of the peer's may be now.
    pub(crate) fn frame_limit(&self) -> FrameLimit {
        self.locked().link.as_ref().map_or(FrameLimit::EARLY, Link::frame_limit)
    }

    /// Says something, when there is room for it. After a goodbye nothing is said any more.
    pub(crate) async fn send(&self, message: impl Into<Message>) {
        let message = message.into();
        loop {
            let drained = self.drained.notified();
            tokio::pin!(drained);
            drained.as_mut().enable();
            if self.push_if_room(&message) {
                return;
            }
            drained.await;
        }
    }

    /// Says goodbye after all that waits, or instead of it.
    pub(crate) fn goodbye(&self, goodbye: Goodbye, instead: bool) {
        let mut state = self.locked();
        if instead {
            state.outbox.clear();
        }
        // After a breach the link is gone; the peer is told all the same.
        let message = Message::Goodbye(goodbye);
        if state.link.is_some() {
            self.push(&mut state, &message);
        } else if let Err(error) = state.outbox.push(&message) {
            tracing::error!(%error, "a goodbye can't be written");
        }
    }

    /// Nothing more is to be said: the writer ends after what waits.
    pub(crate) fn close(&self) {
        self.locked().closing = true;
        self.filled.notify_one();
        self.drained.notify_waiters();
    }

    /// The writer gave up.
    pub(crate) fn lose(&self) {
        let mut state = self.locked();
        state.lost = true;
        state.outbox.clear();
        drop(state);
        self.lost.notify_one();
        self.drained.notify_waiters();
    }

    /// Returns when nothing more can be said. For one waiter.
    pub(crate) async fn lost(&self) {
        self.lost.notified().await;
    }

    /// What the writer does next.
    pub(crate) fn next(&self) -> Next {
        let mut state = self.locked();
        match state.outbox.pop() {
            Some(frame) => {
                if state.outbox.bytes() < HIGH_WATER {
                    self.drained.notify_waiters();
                }
                Next::Frame(frame)
            }
            None if state.closing || state.lost => Next::End,
            None => Next::Wait,
        }
    }

    /// Returns when [`Self::next`] may have something new. For one waiter.
    pub(crate) async fn filled(&self) {
        self.filled.notified().await;
    }

    fn push_if_room(&self, message: &Message) -> bool {
        let mut state = self.locked();
        if state.closing || state.lost {
            return true;
        }
        if state.outbox.bytes() >= HIGH_WATER {
            return false;
        }
        self.push(&mut state, message);
        true
    }

    fn push(&self, state: &mut State, message: &Message) {
        let Some(link) = state.link.take() else { return };
        let was = link.state();
        match link.sent(message) {
            Ok(link) => state.link = Some(link),
            // A goodbye was said by us: what others still had to say has nobody to hear it.
            Err(_error) if matches!(was, LinkState::Draining | LinkState::Closed) => return,
            Err(error) => return self.give_up(&error),
        }
        if let Err(error) = state.outbox.push(message) {
            state.link = None;
            return self.give_up(&error);
        }
        self.filled.notify_one();
    }

    /// A fault of ours: the connection ends rather than leave something unsaid.
    fn give_up(&self, error: &dyn std::error::Error) {
        tracing::error!(%error, "a message of ours can't be sent");
        self.lost.notify_one();
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
