//! What must hold for any bytes: the fuzz target and the replay of its corpus call this. No part of the interface.

use bytes::BytesMut;

use crate::{FrameLimit, Link, Side, decode, encode};

/// Reads bytes as a client would send them: nothing panics, what is accepted has one encoding, and bytes that come
/// one at a time give the same messages as all at once.
pub fn frames(bytes: &[u8]) {
    for limit in [FrameLimit::EARLY, FrameLimit::OPEN] {
        let mut whole = BytesMut::from(bytes);
        let mut slow = BytesMut::new();
        let mut rest = bytes.iter();
        let mut link = Some(Link::new(Side::Server));
        while let Ok(Some(message)) = decode(&mut whole, limit) {
            let taken = bytes.len() - rest.len() - slow.len();
            let frame = bytes.get(taken..bytes.len() - whole.len());
            assert_eq!(encode(&message).ok().as_deref(), frame, "one encoding");
            let again = std::iter::from_fn(|| rest.next()).find_map(|byte| {
                slow.extend_from_slice(&[*byte]);
                decode(&mut slow, limit).transpose()
            });
            assert_eq!(again, Some(Ok(message.clone())), "any chunking");
            link = link.and_then(|link| link.received(&message).ok());
        }
    }
}
