//! Which host is meant: `name[:port]`.

use std::fmt;

/// A host and its port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    host: String,
    port: u16,
}

/// A text does not name a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// SSH is not spoken yet.
    #[error("`{0}` needs SSH, which is not supported by this version; write `name[:port]`")]
    Ssh(String),
    /// Another scheme.
    #[error("`{0}` is not a host; write `name[:port]` without a scheme")]
    Scheme(String),
    /// A user's name.
    #[error("`{0}` names a user, but the identity says who you are; write `name[:port]`")]
    User(String),
    /// No host, or characters that no host's name has.
    #[error("`{0}` is not a host; write `name[:port]`, an IPv6 address with a port as `[address]:port`")]
    Host(String),
    /// Not a port.
    #[error("`{0}` does not end in a port; write a number from 1 to 65535 after the colon")]
    Port(String),
}

impl Target {
    /// Reads `name[:port]`; without a port it is 7985.
    ///
    /// # Errors
    /// The text is something else.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let own = || text.escape_debug().to_string();
        if text.starts_with("ssh://") {
            return Err(TargetError::Ssh(own()));
        }
        if text.contains("://") {
            return Err(TargetError::Scheme(own()));
        }
        if text.contains('@') {
            return Err(TargetError::User(own()));
        }
        let (host, port) = split(text).ok_or_else(|| TargetError::Host(own()))?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%');
        if host.is_empty() || host.len() > 253 || !host.chars().all(allowed) {
            return Err(TargetError::Host(own()));
        }
        let port = match port {
            None => bailiwick_wire::PORT,
            Some(digits) if digits.chars().all(|c| c.is_ascii_digit()) => {
                digits.parse().ok().filter(|port| *port != 0).ok_or_else(|| TargetError::Port(own()))?
            }
            Some(_) => return Err(TargetError::Port(own())),
        };
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }

    /// The host's name or address, in lower case, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }
}

fn split(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest {
            "" => Some((host, None)),
            _ => rest.strip_prefix(':').map(|port| (host, Some(port))),
        };
    }
    match text.split_once(':') {
        // Two colons and no brackets: an IPv6 address.
        Some((_, rest)) if rest.contains(':') => Some((text, None)),
        Some((host, port)) => Some((host, Some(port))),
        None => Some((text, None)),
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_addresses_and_ports_are_read() {
        let cases = [
            ("web1", "web1:7985"),
            ("Web1.Example:80", "web1.example:80"),
            ("127.0.0.1:7", "127.0.0.1:7"),
            ("::1", "[::1]:7985"),
            ("[::1]", "[::1]:7985"),
            ("[::1]:9", "[::1]:9"),
        ];
        for (text, shown) in cases {
            assert_eq!(Target::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn ssh_is_refused_as_not_supported() {
        let error = Target::parse("ssh://alice@web1").unwrap_err();
        assert!(error.to_string().contains("not supported by this version"), "{error}");
    }

    #[test]
    fn other_texts_are_refused_with_what_to_write() {
        for text in
            ["", ":80", "a b", "web1\u{1b}[2J", "[::1", "[::1]x", "https://web1", "alice@web1", "web1/x"]
        {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        for text in ["web1:", "web1:0", "web1:65536", "web1:+8", "web1:x"] {
            assert!(matches!(Target::parse(text), Err(TargetError::Port(_))), "{text}");
        }
    }
}
