//! Why a request or a connection failed: a closed table of codes. A code is for programs, the message beside it for
//! people.

macro_rules! codes {
    ($( $number:literal $name:ident $word:literal $sentence:literal )+) => {
        /// Why a request (`Failed`) or a connection (`Goodbye`) ended.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum FailureCode { $( #[doc = $sentence] $name = $number ),+ }

        impl FailureCode {
            /// All of them, by number.
            pub const ALL: &'static [Self] = &[$( Self::$name ),+];

            /// Its number on the wire.
            pub const fn number(self) -> u8 {
                self as u8
            }

            /// The code of a number.
            pub fn from_number(number: u64) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| u64::from(code.number()) == number)
            }

            /// Its name in capitals, as the docs and scripts write it.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$name => $word ),+ }
            }

            /// What it means.
            pub const fn sentence(self) -> &'static str {
                match self { $( Self::$name => $sentence ),+ }
            }
        }
    };
}

codes! {
    0 Done "DONE" "Nothing failed: the sender is finished."
    1 ProtoError "PROTO_ERROR" "The peer broke the protocol; the connection ends."
    2 VersionUnsupported "VERSION_UNSUPPORTED" "No version offered is spoken here."
    3 AuthFailed "AUTH_FAILED" "The identity was refused; the reply does not say why."
    4 NoSuchSession "NO_SUCH_SESSION" "There is no such session, or it is somebody else's."
    5 NoSuchEndpoint "NO_SUCH_ENDPOINT" "There is no such endpoint, or it is not the caller's."
    6 Busy "BUSY" "The session is running another command."
    7 Duplicate "DUPLICATE" "This command id was given before; it is not executed again."
    8 Limit "LIMIT" "A limit that the message names was reached."
    9 Unavailable "UNAVAILABLE" "The host cannot do this now, for example because the audit cannot be written."
    10 ShuttingDown "SHUTTING_DOWN" "The host is ending and takes nothing new."
    11 Internal "INTERNAL" "A fault of the host; its log says more."
    12 Unsupported "UNSUPPORTED" "This version of the host does not do that."
    13 TimedOut "TIMED_OUT" "The peer took too long."
}

impl std::fmt::Display for FailureCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
