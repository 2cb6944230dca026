//! Lines of files, and values as lines.

use std::io::{self, BufRead};

use bailiwick_sdk::{Failure, ParameterInfo, Parameters, Value, ValueType};

/// The longest line that is read.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// How text is written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Ascii,
}

impl Encoding {
    /// `-Encoding`.
    pub(crate) fn parameter() -> ParameterInfo {
        ParameterInfo::new("Encoding", ValueType::Text)
            .one_of(&["utf8", "utf8NoBOM", "ascii"])
            .help("How text is written as bytes: utf8 (the default, without a byte order mark) or ascii.")
    }

    pub(crate) fn given(parameters: &Parameters) -> Result<Self, Failure> {
        let ascii = parameters.text("Encoding")?.is_some_and(|name| name.eq_ignore_ascii_case("ascii"));
        Ok(if ascii { Self::Ascii } else { Self::Utf8 })
    }

    /// The text of bytes, and whether something in them was none: it is replaced by U+FFFD.
    pub(crate) fn decode(self, bytes: Vec<u8>) -> (String, bool) {
        if self == Self::Ascii && !bytes.is_ascii() {
            let text = bytes.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' });
            return (text.collect(), true);
        }
        match String::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
        }
    }

    /// The bytes of a text; what ASCII lacks is `?`.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Ascii => text
                .chars()
                .map(|next| u8::try_from(next).ok().filter(u8::is_ascii).unwrap_or(b'?'))
                .collect(),
        }
    }
}

/// One line, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text(Vec<u8>),
    TooLong,
    End,
}

/// Reads a line: up to `\n`, `\r\n` or `\r`, none of which is part of it. Holds no more than [`MAX_LINE`] bytes.
pub(crate) fn read_line(reader: &mut impl BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(if any { Line::Text(line) } else { Line::End });
        }
        any = true;
        let end = available.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let taken = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        if line.len() + taken.len() > MAX_LINE {
            return Ok(Line::TooLong);
        }
        line.extend_from_slice(taken);
        let Some(end) = end else {
            let count = available.len();
            reader.consume(count);
            continue;
        };
        let carriage_return = available.get(end) == Some(&b'\r');
        reader.consume(end + 1);
        if carriage_return && reader.fill_buf()?.first() == Some(&b'\n') {
            reader.consume(1);
        }
        return Ok(Line::Text(line));
    }
}

/// The text of a value in a file: of an array one for each item, of null none.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Bytes(bytes) => bytes.iter().map(u8::to_string).collect(),
        other => vec![text(other)],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Int32(number) => number.to_string(),
        Value::Int64(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::BigInt(number) => number.to_string(),
        Value::Char(one) => one.to_string(),
        Value::DateTime(point) => point.to_string(),
        Value::TimeSpan(span) => span.to_string(),
        Value::Guid(guid) => Value::guid_text(guid),
        Value::Version(parts) => parts.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
        Value::String(text) | Value::Uri(text) | Value::ScriptBlock(text) | Value::Regex(text) => {
            text.to_string()
        }
        Value::Error(record) => record.message.to_string(),
        Value::Object(object) => match object.get("FullName").and_then(Value::as_str) {
            Some(path) => path.to_owned(),
            None => value.type_name().to_owned(),
        },
        // A secure string is not written out.
        Value::Null | Value::Bytes(_) | Value::Array(_) | Value::Hashtable(_) | Value::SecureString(_) => {
            value.type_name().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Encoding, Line, MAX_LINE, read_line, texts};
    use bailiwick_sdk::Value;

    fn lines(bytes: &[u8], buffer: usize) -> Vec<Line> {
        let mut reader = BufReader::with_capacity(buffer, bytes);
        let mut lines = Vec::new();
        loop {
            match read_line(&mut reader).unwrap() {
                Line::End => return lines,
                line => lines.push(line),
            }
        }
    }

    #[test]
    fn a_line_ends_as_in_any_system_whatever_the_buffer() {
        for buffer in 1..9 {
            let expected = ["a", "b", "", "c", "d"].map(|line| Line::Text(line.into()));
            assert_eq!(lines(b"a\nb\r\n\nc\rd", buffer), expected, "{buffer}");
            assert_eq!(lines(b"a\n", buffer), [Line::Text(b"a".to_vec())]);
            assert_eq!(lines(b"", buffer), []);
        }
    }

    #[test]
    fn a_line_of_the_greatest_length_is_read_and_a_longer_one_is_not() {
        let mut bytes = vec![b'x'; MAX_LINE];
        bytes.push(b'\n');
        assert_eq!(lines(&bytes, 4096), [Line::Text(vec![b'x'; MAX_LINE])]);
        let long = vec![b'x'; MAX_LINE + 1];
        assert_eq!(read_line(&mut BufReader::new(&long[..])).unwrap(), Line::TooLong);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_said() {
        assert_eq!(Encoding::Utf8.decode(b"a\xffb".to_vec()), ("a\u{fffd}b".to_owned(), true));
        assert_eq!(Encoding::Ascii.decode("é".into()), ("\u{fffd}\u{fffd}".to_owned(), true));
        assert_eq!(Encoding::Utf8.decode("é".into()), ("é".to_owned(), false));
        assert_eq!(Encoding::Ascii.encode("aé"), b"a?");
    }

    #[test]
    fn values_have_their_texts() {
        let values = Value::Array(vec![1.into(), true.into(), Value::Null, "x".into(), 1.5.into()]);
        assert_eq!(texts(&values), ["1", "True", "x", "1.5"]);
        assert_eq!(texts(&Value::SecureString("s".into())), ["System.Security.SecureString"]);
    }
}
