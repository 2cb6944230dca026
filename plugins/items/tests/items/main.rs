//! The cmdlets as they are run, natively, on drives that are temporary folders.
#![cfg(test)]

mod changing;
mod content;
mod listing;
mod support;
