//! Foreign text made harmless for a terminal: control characters become visible signs, and characters that reorder or
//! hide what is shown become the replacement character. The text keeps its meaning, never its power.

/// Text of one line: line breaks and tabs are made visible or plain, too.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { sign(c) }).collect()
}

/// Text of several lines: line feeds and tabs stay, a carriage return before a line feed goes.
pub(super) fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            other => out.push(sign(other)),
        }
    }
    out
}

fn sign(c: char) -> char {
    match c {
        '\u{7f}' => '\u{2421}',
        // The control pictures stand in the order of the controls.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        // Marks and overrides of direction, separators of lines and paragraphs, and tags: they hide or reorder.
        '\u{61c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        other => other,
    }
}
