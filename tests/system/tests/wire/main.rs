//! What users try, through a real client, TLS and a real server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what fails here fails the test"
)]

mod beyond;
mod desk;
mod drives;
mod language_full;
mod language_none;
mod refusals;
mod siblings;
mod two_users;
