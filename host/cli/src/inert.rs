//! Foreign text made harmless for a terminal, where it does not come from the formatter, which does the same: control
//! characters become visible signs, and characters that reorder or hide text become the replacement character.

/// Text of one line: line breaks become visible, tabs plain.
pub(crate) fn line(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { sign(c) }).collect()
}

/// Text of several lines: line feeds and tabs stay.
pub(crate) fn lines(text: &str) -> String {
    text.chars().map(|c| if matches!(c, '\n' | '\t') { c } else { sign(c) }).collect()
}

/// Whether a character acts on a terminal, or reorders or hides what stands around it.
pub(crate) const fn is_active(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

fn sign(c: char) -> char {
    match c {
        '\u{7f}' => '\u{2421}',
        // The control pictures stand in the order of the controls.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        c if is_active(c) => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::{line, lines};

    #[test]
    fn an_escape_sequence_is_shown_and_does_not_act() {
        assert_eq!(line("a\u{1b}[2Jb\r\n"), "a␛[2Jb␍␊");
        assert_eq!(line("\u{9b}31m\u{202e}x"), "\u{fffd}31m\u{fffd}x");
    }

    #[test]
    fn line_feeds_and_tabs_stay_in_a_text_of_several_lines() {
        assert_eq!(lines("a\tb\nc\u{7}"), "a\tb\nc␇");
    }
}
