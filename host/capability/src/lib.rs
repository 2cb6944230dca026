//! What every capability shares.
//!
//! A capability is host code that has an effect: one crate in `host/capabilities`, with its WIT, the grant it reads
//! from the policy, its host side, its errors and its tests. Here is what they have in common: the [`Capability`]
//! trait, who is asking ([`Caller`]), how a refusal's reason reaches the user ([`ReasonSlot`]), the limits on what a
//! guest can make large, the WASI baseline that every guest gets, and a host to test against.
//!
//! Nothing here has an effect or decides one.
#![forbid(unsafe_code)]

pub mod baseline;
pub mod limits;
pub mod test_host;

mod caller;
mod reason;

pub use caller::Caller;
pub use reason::{Reason, ReasonSlot};

/// A capability: what it is called and what a guest imports to use it.
pub trait Capability {
    /// Its name, as policies and messages use it.
    const NAME: &'static str;

    /// The interfaces it provides, without version: `wasi:filesystem/types`. A component that imports an interface of
    /// neither the baseline nor a granted capability is not loaded.
    fn interfaces() -> &'static [&'static str];

    /// The error ids of what it refuses because of a grant, and not because of the world: a client exits with the status
    /// of a refusal then.
    fn refusals() -> &'static [&'static str];
}
