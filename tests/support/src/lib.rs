//! A real host and real clients for tests: [`Setup`] says under which policies and for whom; [`TestHost`] is the
//! daemon, a process of its own as an operator would start it; [`LocalHost`] is the same server within the test's
//! process, quicker, for tests that need no process. Each has a private folder, identities made on the spot and an
//! audit that can be asked. Compiled guests are shared by all tests of a build.
//!
//! Nothing here asserts anything about the product. What goes wrong here fails the test that asked for it.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails here fails a test")]

mod binary;
mod daemon;
mod local;
mod place;
mod setup;
mod talk;

pub use daemon::TestHost;
pub use local::LocalHost;
pub use place::Place;
pub use setup::Setup;
pub use talk::{Ran, run, values};

pub use bailiwick_client as client;
