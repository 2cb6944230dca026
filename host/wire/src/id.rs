//! Identifiers: sixteen bytes, shown as a GUID. Who makes them, makes them at random.

use std::fmt;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (at, byte) in self.0.iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let mut bytes = [0_u8; 16];
                let mut digits = text.chars().filter(|c| *c != '-').map(|c| c.to_digit(16));
                for byte in &mut bytes {
                    let high = digits.next().flatten().ok_or(NotAnId)?;
                    let low = digits.next().flatten().ok_or(NotAnId)?;
                    *byte = u8::try_from(high * 16 + low).map_err(|_| NotAnId)?;
                }
                let id = Self(bytes);
                // One spelling of dashes: what does not read back as itself is not an id.
                if id.to_string().eq_ignore_ascii_case(text) { Ok(id) } else { Err(NotAnId) }
            }
        }
    };
}

id! {
    /// A session, named by the host.
    SessionId
}
id! {
    /// An execution of a command, named by the client: repeating it never executes twice.
    CommandId
}

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier; write it like `01234567-89ab-cdef-0123-456789abcdef`")]
pub struct NotAnId;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        let id = SessionId(*b"0123456789abcdef");
        assert_eq!(id.to_string(), "30313233-3435-3637-3839-616263646566");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in ["", "-", "30313233343536373839616263646566", "30313233-3435-3637-3839-61626364656g"] {
            assert_eq!(text.parse::<SessionId>(), Err(NotAnId), "{text}");
        }
    }
}
