//! The protocol, tested as bytes and messages: `frames` (what is taken), `link` (when), `flow` (order, fragments,
//! credit, pages), `page` (that `docs/wire.md` says what the code does).
#![cfg(test)]

mod flow;
mod frames;
mod link;
mod page;
mod samples;
