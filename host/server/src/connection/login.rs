//! From the first byte to an identity: Hello, Authenticate, nothing else, within one deadline for all of it. Before
//! that a peer learns the protocol's version and nothing more.

use bailiwick_policy::Subject;
use bailiwick_wire::message::{Authenticated, HelloReply, Limits as Announced};
use bailiwick_wire::{BATCH_LIMIT, EXECUTE_LIMIT, FrameLimit, INITIAL_WINDOW, Message};
use tokio::io::AsyncRead;

use super::end::End;
use super::frames::Frames;
use super::line::Line;
use super::{Peer, Shared};
use crate::identity::{self, LoginError};
use crate::listener::places::Place;

/// Greets and identifies a peer.
///
/// # Errors
/// It is not to be let in.
pub(super) async fn run<R: AsyncRead + Unpin>(
    shared: &Shared,
    line: &Line,
    frames: &mut Frames<R>,
    peer: &Peer,
    place: &Place,
) -> Result<Subject, End> {
    let Message::Hello(hello) = frames.next(line).await? else { return Err(End::Goodbye) };
    let version = hello.choose().ok_or(End::Version)?;
    line.send(HelloReply { version }).await;
    let Message::Authenticate(said) = frames.next(line).await? else { return Err(End::Goodbye) };
    let subject = identity::subject(shared.host.policy(), &peer.credential, &said).and_then(|subject| {
        place.occupy(&subject.id).map_err(|_full| LoginError::TooManyConnections)?;
        shared.events.authenticated(&subject, &peer.address).map_err(|error| {
            tracing::error!(%error, "the audit can't be written: nobody is let in");
            LoginError::Audit
        })?;
        Ok(subject)
    });
    let subject = subject.map_err(End::Refused)?;
    let silence = shared.limits.silence.as_secs();
    let limits = Announced {
        data_frame: FrameLimit::OPEN.bytes(),
        window: INITIAL_WINDOW,
        batch: u32::try_from(BATCH_LIMIT).unwrap_or(u32::MAX),
        execute: u32::try_from(EXECUTE_LIMIT).unwrap_or(u32::MAX),
        silence_seconds: u32::try_from(silence).unwrap_or(u32::MAX),
    };
    line.send(Authenticated { user: subject.user.to_string(), features: Vec::new(), limits }).await;
    Ok(subject)
}
