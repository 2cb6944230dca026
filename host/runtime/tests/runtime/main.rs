//! Sessions without a wire: the runtime through its public door, with real guests and real files.

#![expect(clippy::expect_used, clippy::panic, reason = "a fixture that can't be set up fails its test")]

mod limits;
mod plugins;
mod sessions;
mod support;
