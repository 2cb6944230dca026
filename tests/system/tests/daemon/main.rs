//! The program as a process: what a script sees of the client, the demo, and a host in a network of its own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails here fails the test")]

mod client;
mod demo;
mod netns;
