//! Each error of loading, at the doors where it is met: `policy check`, `serve --check` and `serve` itself. Each test
//! breaks the shipped policies or a working `host.toml` in one place; unbroken, they pass every door.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod doors;
mod files;
mod host;
mod keys;
mod later;
mod names;
mod people;
mod rules;
