//! Frames: four bytes of length, big-endian, then a body of so many bytes.

use bytes::{Buf, BytesMut};

use crate::cbor::Reader;
use crate::error::ProtocolError;
use crate::link::FrameLimit;
use crate::message::{Kind, Message, read_kind};

/// Bytes of a frame's head.
const HEAD: usize = 4;

/// The shortest body: a map's head, key 0, a kind.
const SHORTEST: u32 = 3;

/// The kind of every message stands within so many bytes of a body.
const KIND_WITHIN: usize = 12;

/// A message does not fit into a frame of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {kind} message of {length} bytes is longer than a frame of {limit} bytes; send less at once")]
pub struct EncodeError {
    /// Which.
    pub kind: Kind,
    /// Of its body.
    pub length: usize,
    /// What is allowed.
    pub limit: u32,
}

/// The frame of a message.
///
/// # Errors
/// Its body is longer than its kind allows.
pub fn encode(message: &Message) -> Result<Vec<u8>, EncodeError> {
    let body = message.body();
    let limit = message.kind().facts().limit;
    let head = u32::try_from(body.len()).ok().filter(|length| *length <= limit);
    let Some(head) = head else {
        return Err(EncodeError { kind: message.kind(), length: body.len(), limit });
    };
    let mut frame = Vec::with_capacity(HEAD + body.len());
    frame.extend(head.to_be_bytes());
    frame.extend(body);
    Ok(frame)
}

/// Takes one message from the front of `buf`; `None` means "not all here yet".
///
/// A frame that is too long for the link's state or for its kind is refused as soon as its head or its kind has
/// arrived. Nothing is reserved by an announced length. After an error the bytes are of no more use.
///
/// # Errors
/// The bytes are not a frame with a message of this version.
pub fn decode(buf: &mut BytesMut, limit: FrameLimit) -> Result<Option<Message>, ProtocolError> {
    let Some((head, body)) = buf.split_first_chunk::<HEAD>() else { return Ok(None) };
    let length = u32::from_be_bytes(*head);
    if length < SHORTEST {
        return Err(ProtocolError::TooShort { length });
    }
    admit(length, limit.bytes())?;
    let whole = usize::try_from(length).unwrap_or(usize::MAX);
    let start = body.get(..whole.min(KIND_WITHIN));
    if let Some(start) = start {
        let (kind, _) = read_kind(&mut Reader::new(start))?;
        admit(length, kind.facts().limit)?;
    }
    let Some(body) = body.get(..whole) else { return Ok(None) };
    let message = Message::from_body(body)?;
    buf.advance(HEAD + whole);
    Ok(Some(message))
}

fn admit(length: u32, limit: u32) -> Result<(), ProtocolError> {
    if length > limit { Err(ProtocolError::TooLong { length, limit }) } else { Ok(()) }
}
