//! The client against scripted hosts: `peer` is the host's end of a stream in memory, `commands` what a session does,
//! `loss` what is told when a connection breaks, `greeting` how it begins, `keys` whom it trusts, over real TLS.
#![cfg(test)]

mod commands;
mod greeting;
mod keys;
mod loss;
mod peer;
