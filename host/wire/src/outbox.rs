//! The order in which one connection's messages are written: control first, then the sessions in turn, a goodbye last.
//! It holds frames, not sockets: the writer task pops one and writes it whole.

use std::collections::{BTreeMap, VecDeque};

use crate::frame::{EncodeError, encode};
use crate::id::{CommandId, SessionId};
use crate::message::{Execute, Lane, Message, Stop};

/// Frames waiting to be written.
///
/// It does not limit what is put in: credit does that for data, and who answers requests for the rest.
#[derive(Debug, Default)]
pub struct Outbox {
    control: VecDeque<Vec<u8>>,
    /// A queue for each session, and one (`None`) for what belongs to no session.
    sessions: BTreeMap<Option<SessionId>, VecDeque<Waiting>>,
    /// Whose turn it is: the keys of `sessions`, each once.
    turns: VecDeque<Option<SessionId>>,
    last: Option<Vec<u8>>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    frame: Vec<u8>,
    /// The command that this frame begins: a stop of it must not overtake.
    begins: Option<CommandId>,
}

impl Outbox {
    /// Puts a message in its place.
    ///
    /// # Errors
    /// It does not fit into a frame.
    pub fn push(&mut self, message: &Message) -> Result<(), EncodeError> {
        let frame = encode(message)?;
        self.bytes += frame.len();
        match message.kind().facts().lane {
            Lane::Last => self.last = Some(frame),
            Lane::Control if !self.would_overtake(message) => self.control.push_back(frame),
            Lane::Control | Lane::Data => {
                let session = message.session();
                let queue = self.sessions.entry(session).or_insert_with(|| {
                    self.turns.push_back(session);
                    VecDeque::new()
                });
                let begins = match message {
                    Message::Execute(Execute { command, .. }) => Some(*command),
                    _ => None,
                };
                queue.push_back(Waiting { frame, begins });
            }
        }
        Ok(())
    }

    /// The next frame to write.
    pub fn pop(&mut self) -> Option<Vec<u8>> {
        let frame = self.control.pop_front().or_else(|| self.pop_data()).or_else(|| self.last.take())?;
        self.bytes = self.bytes.saturating_sub(frame.len());
        Some(frame)
    }

    /// Bytes waiting.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.control.is_empty() && self.sessions.is_empty() && self.last.is_none()
    }

    /// Forgets all that waits, so that a goodbye over a fault goes out at once.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    fn pop_data(&mut self) -> Option<Vec<u8>> {
        let session = self.turns.pop_front()?;
        let queue = self.sessions.get_mut(&session)?;
        let waiting = queue.pop_front();
        if queue.is_empty() {
            self.sessions.remove(&session);
        } else {
            self.turns.push_back(session);
        }
        waiting.map(|waiting| waiting.frame)
    }

    fn would_overtake(&self, message: &Message) -> bool {
        let Message::Stop(Stop { session, command }) = message else { return false };
        let queue = self.sessions.get(&Some(*session));
        queue.is_some_and(|queue| queue.iter().any(|waiting| waiting.begins == Some(*command)))
    }
}
