//! The text of types that have one text everywhere.

use std::fmt::Write;

use super::Value;

impl Value {
    /// The text of a guid: `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` in lower case.
    pub fn guid_text(guid: &[u8; 16]) -> String {
        let mut text = String::with_capacity(36);
        for (at, byte) in guid.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// The guid that a text of 32 hexadecimal digits with four hyphens writes.
pub fn guid_from_text(text: &str) -> Option<[u8; 16]> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths_match = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    let digits = groups.concat();
    if !lengths_match || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::{Value, guid_from_text};

    #[test]
    fn a_guid_reads_back_from_its_text() {
        let guid = *b"0123456789abcdef";
        let text = Value::guid_text(&guid);
        assert_eq!(text, "30313233-3435-3637-3839-616263646566");
        assert_eq!(guid_from_text(&text.to_uppercase()), Some(guid));
    }

    #[test]
    fn what_is_not_a_guid_is_refused() {
        for text in ["", "30313233343536373839616263646566", "3031323-33435-3637-3839-616263646566", "é", "+"]
        {
            assert_eq!(guid_from_text(text), None, "{text}");
        }
    }
}
