//! Backtick escapes, the same in strings and bare words.

use super::cursor::Cursor;

/// Why an escape stands for nothing, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) struct BadEscape {
    pub(in crate::syntax) id: &'static str,
    pub(in crate::syntax) message: &'static str,
    pub(in crate::syntax) at: usize,
}

/// Reads what stands behind a backtick; none at the end of the text.
pub(in crate::syntax) fn escape(cursor: &mut Cursor<'_>) -> Result<Option<char>, BadEscape> {
    let start = cursor.at();
    let Some(c) = cursor.bump() else { return Ok(None) };
    Ok(Some(match c {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        'u' => return unicode(cursor, start).map(Some),
        other => other,
    }))
}

fn unicode(cursor: &mut Cursor<'_>, start: usize) -> Result<char, BadEscape> {
    const FORM: &str = "write a character's number as `u{1F600}";
    let backtick = start.saturating_sub(1);
    if !cursor.eat('{') {
        return Err(BadEscape { id: "InvalidUnicodeEscapeSequence", message: FORM, at: backtick });
    }
    let first = cursor.at();
    let digits = cursor.eat_while(|c| c.is_ascii_hexdigit());
    if digits.len() > 6 {
        return Err(BadEscape {
            id: "TooManyDigitsInUnicodeEscapeSequence",
            message: "a character's number has at most six digits",
            at: first + 6,
        });
    }
    if !cursor.eat('}') {
        let (id, message) = match cursor.peek() {
            None => ("MissingUnicodeEscapeSequenceTerminator", "close the character's number with `}`"),
            Some(_) => ("InvalidUnicodeEscapeSequence", FORM),
        };
        return Err(BadEscape { id, message, at: if digits.is_empty() { backtick } else { cursor.at() } });
    }
    if digits.is_empty() {
        return Err(BadEscape { id: "InvalidUnicodeEscapeSequence", message: FORM, at: backtick });
    }
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or(BadEscape {
        id: "InvalidUnicodeEscapeSequenceValue",
        message: "no character has this number",
        at: first,
    })
}
