//! Messages: the table of kinds (`table`), the records they hold (`record`), default views (`view`). Each is a map
//! with small numbers as keys; `fields` turns a list of fields into both directions of that form.

#[macro_use]
mod fields;
mod record;
mod table;
mod view;

pub use record::{
    Availability, EndReason, EndpointSummary, Language, Limits, Method, Secret, SessionInfo, SessionState,
    Status,
};
pub use table::{
    Accepted, Authenticate, Authenticated, CreateSession, Credit, EndInput, Endpoints, Execute, Failed,
    Finished, Goodbye, Heartbeat, Hello, HelloReply, Input, InputCredit, Kind, ListEndpoints, ListSessions,
    Message, Output, RemoveSession, Removed, SessionCreated, SessionEnded, Sessions, Stop,
};
pub(crate) use table::{EARLY, LARGE, read_kind};

use crate::link::{LinkState, Side};

/// What the table says of a kind.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Facts {
    /// Its name.
    pub name: &'static str,
    /// Who sends it; none: both.
    pub sender: Option<Side>,
    /// Bytes of its body at most.
    pub limit: u32,
    /// In which order it is written.
    pub lane: Lane,
    /// The states of the link in which it may come.
    pub states: &'static [LinkState],
    /// What it is for.
    pub sentence: &'static str,
    /// Key, name and type of its fields.
    pub fields: &'static [(u64, &'static str, &'static str)],
}

/// In which order a message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Before everything else.
    Control,
    /// After the earlier ones of its session; sessions take turns.
    Data,
    /// After everything else.
    Last,
}
