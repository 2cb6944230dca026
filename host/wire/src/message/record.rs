//! The records and closed lists of values that messages hold.

use std::fmt;

use bailiwick_objects::metadata::StreamKind;

use crate::cbor::{Field, Malformed, Reader, Writer};
use crate::failure::FailureCode;
use crate::id::{CommandId, SessionId};

/// A closed list of values, each with its number.
macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident { $( $(#[$doc:meta])* $number:literal $variant:ident ),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name { $( $(#[$doc])* $variant = $number ),+ }

        impl Field for $name {
            fn write(&self, out: &mut Writer) {
                out.unsigned(*self as u64);
            }
            fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                match from.unsigned()? {
                    $( $number => Ok(Self::$variant), )+
                    _ => Err(from.fault("the number is none of the list")),
                }
            }
        }
    };
}

numbered! {
    /// How a client says who it is.
    Method {
        /// By the certificate of its TLS handshake.
        0 Certificate,
        /// By a token; on loopback only.
        1 Token,
    }
}

numbered! {
    /// PowerShell's state of a session.
    SessionState {
        /// Usable.
        0 Opened,
        /// Without a client.
        1 Disconnected,
        /// Ended in order.
        2 Closed,
        /// Ended by a fault.
        3 Broken,
    }
}

numbered! {
    /// PowerShell's availability of a session.
    Availability {
        /// Not usable from here.
        0 None,
        /// Waits for a command.
        1 Available,
        /// Runs one.
        2 Busy,
    }
}

numbered! {
    /// The language mode of a session.
    Language {
        /// Commands and parameters only.
        0 No,
        /// As PowerShell's RestrictedLanguage.
        1 Restricted,
        /// As PowerShell's ConstrainedLanguage.
        2 Constrained,
        /// The whole language.
        3 Full,
    }
}

numbered! {
    /// How a command ended.
    Status {
        /// It ran to its end.
        0 Completed,
        /// A terminating error ended it.
        1 Failed,
        /// It was stopped.
        2 Stopped,
        /// Its session was lost with it.
        3 SessionLost,
    }
}

numbered! {
    /// Why a session ended.
    EndReason {
        /// Somebody with the right to removed it.
        0 Removed,
        /// Nothing ran for its idle time-out.
        1 Idle,
        /// The sandbox failed.
        2 Fault,
        /// A limit cut it.
        3 Limit,
        /// The host is ending.
        4 Shutdown,
        /// Its user's rights were withdrawn.
        5 Revoked,
    }
}

/// A secret that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What the host lets a connection do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body of a data frame.
    pub data_frame: u32,
    /// The initial credit of a command, each way, in bytes of payload.
    pub window: u32,
    /// Bytes of one batch, its fragments together.
    pub batch: u32,
    /// Bytes of a command's text and arguments together.
    pub execute: u32,
    /// A connection that says nothing for so many seconds is closed.
    pub silence_seconds: u32,
}
record! { Limits { 1 data_frame: u32, 2 window: u32, 3 batch: u32, 4 execute: u32, 5 silence_seconds: u32 } }

/// An endpoint that the caller may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSummary {
    /// What a client names.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// Its language mode.
    pub language: Language,
    /// The caller's commands there, by canonical name.
    pub commands: Vec<String>,
}
record! {
    EndpointSummary { 1 name: String, 2 description: String, 3 language: Language, 4 commands: Vec<String> }
}

/// A session of the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Its identifier.
    pub id: SessionId,
    /// The name its user gave it, or one made for it.
    pub name: String,
    /// Its endpoint.
    pub endpoint: String,
    /// PowerShell's state.
    pub state: SessionState,
    /// PowerShell's availability.
    pub availability: Availability,
    /// Drive-qualified; empty: none.
    pub location: String,
    /// Its language mode.
    pub language: Language,
    /// Seconds since the Unix epoch.
    pub created: u64,
}
record! {
    SessionInfo {
        1 id: SessionId, 2 name: String, 3 endpoint: String, 4 state: SessionState, 5 availability: Availability,
        6 location: String, 7 language: Language, 8 created: u64
    }
}

impl Field for Secret {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        String::read(from).map(Self)
    }
}

impl Field for SessionId {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        <[u8; 16]>::read(from).map(Self)
    }
}

impl Field for CommandId {
    fn write(&self, out: &mut Writer) {
        self.0.write(out);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        <[u8; 16]>::read(from).map(Self)
    }
}

impl Field for FailureCode {
    fn write(&self, out: &mut Writer) {
        out.unsigned(u64::from(self.number()));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::from_number(from.unsigned()?).ok_or_else(|| from.fault("the number is none of the list"))
    }
}

impl Field for StreamKind {
    fn write(&self, out: &mut Writer) {
        out.unsigned(*self as u64);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let number = from.unsigned()?;
        let stream = Self::ALL.into_iter().find(|stream| *stream as u64 == number);
        stream.ok_or_else(|| from.fault("the number is none of the list"))
    }
}
