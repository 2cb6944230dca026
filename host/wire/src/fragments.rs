//! Splitting what is longer than a frame, and joining it again within limits. Fragments of one batch stand together
//! in the numbering of their command; parts of one Execute share its request number.

use std::collections::BTreeMap;

use bailiwick_objects::metadata::StreamKind;

use crate::error::ProtocolError;
use crate::link::EXECUTES_UNFINISHED;
use crate::message::{Execute, LARGE};
use crate::{BATCH_LIMIT, EXECUTE_LIMIT};

/// Payload of one frame: the largest body less its other fields.
const PAYLOAD: usize = LARGE as usize - 256;

/// The fragments of a batch in order; the flag: another follows. An empty batch is one empty fragment.
pub fn split_batch(batch: &[u8]) -> impl Iterator<Item = (&[u8], bool)> {
    let count = batch.len().div_ceil(PAYLOAD).max(1);
    let empty = batch.is_empty().then_some(batch);
    batch.chunks(PAYLOAD).chain(empty).enumerate().map(move |(at, fragment)| (fragment, at + 1 < count))
}

/// The parts of an Execute in order, ready to send.
pub fn split_execute(whole: Execute) -> Vec<Execute> {
    let Execute { request, session, command, text, arguments, has_input, .. } = whole;
    let mut parts = Vec::new();
    let (mut text, mut arguments) = (text.as_str(), arguments.as_slice());
    loop {
        let (head, rest) = text.split_at(text.floor_char_boundary(PAYLOAD));
        let (bytes, tail) = arguments.split_at(arguments.len().min(PAYLOAD - head.len()));
        (text, arguments) = (rest, tail);
        let more = !text.is_empty() || !arguments.is_empty();
        parts.push(Execute {
            request,
            session,
            command,
            text: head.to_owned(),
            arguments: bytes.to_vec(),
            has_input,
            more,
        });
        if !more {
            return parts;
        }
    }
}

/// Joins the Output (or Input) of one command: checks the numbering, puts fragments together.
#[derive(Debug, Default)]
pub struct Joiner {
    next: u64,
    stream: Option<StreamKind>,
    held: Vec<u8>,
}

impl Joiner {
    /// Takes one frame; returns a batch when it is whole. Input counts as the stream output.
    ///
    /// # Errors
    /// A gap or repetition in the numbers, fragments of two streams mixed, or a batch above the limit.
    pub fn push(
        &mut self,
        seq: u64,
        stream: StreamKind,
        more: bool,
        fragment: Vec<u8>,
    ) -> Result<Option<Vec<u8>>, ProtocolError> {
        self.check(seq)?;
        self.next = self.next.saturating_add(1);
        if self.stream.is_some_and(|held| held != stream) {
            return Err(ProtocolError::Fragments { what: "two streams are mixed" });
        }
        if self.held.len().saturating_add(fragment.len()) > BATCH_LIMIT {
            return Err(ProtocolError::Fragments { what: "together they are longer than 16 MiB" });
        }
        if more && fragment.is_empty() {
            return Err(ProtocolError::Fragments { what: "one that is not the last is empty" });
        }
        if self.held.is_empty() {
            self.held = fragment;
        } else {
            self.held.extend(fragment);
        }
        self.stream = more.then_some(stream);
        Ok(if more { None } else { Some(std::mem::take(&mut self.held)) })
    }

    /// Checks the count that ends the frames of a command.
    ///
    /// # Errors
    /// Frames are missing, or a batch is unfinished.
    pub fn finish(&self, count: u64) -> Result<(), ProtocolError> {
        self.check(count)?;
        match self.stream {
            Some(_) => Err(ProtocolError::Fragments { what: "the last one is missing" }),
            None => Ok(()),
        }
    }

    const fn check(&self, got: u64) -> Result<(), ProtocolError> {
        if got == self.next { Ok(()) } else { Err(ProtocolError::Sequence { got, expected: self.next }) }
    }
}

/// Joins the Executes of a connection.
#[derive(Debug, Default)]
pub struct Executes {
    held: BTreeMap<u64, Execute>,
}

impl Executes {
    /// Takes one part; returns the command when it is whole.
    ///
    /// # Errors
    /// Parts that do not belong together, a command above the limit, or too many unfinished ones.
    pub fn push(&mut self, part: Execute) -> Result<Option<Execute>, ProtocolError> {
        let Some(held) = self.held.get_mut(&part.request) else {
            if !part.more {
                return Ok(Some(part));
            }
            if self.held.len() >= EXECUTES_UNFINISHED {
                return Err(ProtocolError::TooMany {
                    what: "unfinished Executes",
                    limit: EXECUTES_UNFINISHED,
                });
            }
            self.held.insert(part.request, part);
            return Ok(None);
        };
        if (held.session, held.command, held.has_input) != (part.session, part.command, part.has_input) {
            return Err(ProtocolError::Fragments { what: "parts of different commands share a request" });
        }
        if part.text.is_empty() && part.arguments.is_empty() {
            return Err(ProtocolError::Fragments { what: "a part adds nothing" });
        }
        let length = held.text.len() + held.arguments.len() + part.text.len() + part.arguments.len();
        if length > EXECUTE_LIMIT {
            return Err(ProtocolError::Fragments { what: "a command is longer than 1 MiB" });
        }
        held.text.push_str(&part.text);
        held.arguments.extend(part.arguments);
        if part.more {
            return Ok(None);
        }
        Ok(self.held.remove(&part.request).map(|whole| Execute { more: false, ..whole }))
    }
}
