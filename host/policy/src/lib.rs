//! Endpoints, roles, users and decisions; pure and total.
//!
//! A folder of TOML files becomes a [`Policy`]: `syntax` reads the files into typed forms that know their place,
//! `check` joins them with each other and with the [`Catalog`] of installed commands into the `model`, and
//! `load` is the only part that touches the disk. An [`Authority`] is what one [`Subject`] may do on one endpoint:
//! it shows commands ([`Authority::lookup`]), takes bound records in ([`Authority::bind`]) and decides them
//! ([`Authority::decide`]).
//!
//! Nothing here knows of sessions, guests or the wire, and nothing here has an effect.
#![forbid(unsafe_code)]

mod authority;
mod bound;
mod built_in;
mod catalog;
mod check;
mod decide;
mod denial;
mod fault;
pub mod host_config;
mod identity;
mod load;
mod model;
pub mod path;
mod policy;
mod syntax;
mod text;
mod view;

pub use authority::Authority;
pub use bound::BoundRecord;
pub use catalog::{Catalog, CatalogError};
pub use decide::{Allowed, Decision};
pub use denial::{Denial, DenyReason};
pub use fault::{Fault, Faults};
pub use identity::{IdentityError, Subject, UserId};
pub use load::Trust;
pub use model::{Access, CoreCommands, DriveGrant, DriveRoot, Endpoint, LanguageMode, Limits, RuleRef};
pub use policy::{Loaded, Policy};
