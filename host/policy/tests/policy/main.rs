//! What policies allow and refuse, and how their faults read. One binary: the crate is linked once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod binding;
mod catalogs;
mod decisions;
mod faults;
mod faults_of_files;
mod faults_of_names;
mod files;
mod host;
mod people;
mod properties;
mod shipped;
mod support;
mod values;
mod views;
