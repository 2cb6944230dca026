//! How foreign text stands in a message: cut, and with nothing in it that acts on a terminal.

/// Characters shown of a foreign text.
const SHOWN: usize = 80;

/// Text between backticks.
pub(crate) fn quoted(text: &str) -> String {
    format!("`{}`", inert(text))
}

fn inert(text: &str) -> String {
    let mut shown = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == SHOWN {
            shown.push('…');
            break;
        }
        if is_control(c) || crate::syntax::is_bidi_control(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Control characters, and the separators of lines and paragraphs that Unicode adds to them.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}
