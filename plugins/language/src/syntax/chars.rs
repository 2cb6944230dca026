//! PowerShell's classes of characters: white space, dashes, quotes, what ends a word. A character that is in none of
//! these sets is an ordinary one: it is never dropped and never stands for another.

/// Space, tab, vertical tab, form feed, next line (U+0085), no-break space, and Unicode's separators. Zero-width
/// space (U+200B) and byte order mark (U+FEFF) are ordinary characters.
pub(super) const fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Ends a statement.
pub(super) const fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// `-`, en dash, em dash, horizontal bar: all the same to PowerShell.
pub(super) const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

/// `'` and its typographic forms.
pub(super) const fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

/// `"` and its typographic forms.
pub(super) const fn is_double_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

/// Ends a bare word.
pub(super) const fn ends_word(c: char) -> bool {
    is_space(c) || is_newline(c) || matches!(c, '&' | '(' | ')' | ',' | ';' | '{' | '}' | '|' | '<' | '>')
}

/// May follow a number in an expression.
pub(super) const fn ends_number(c: char) -> bool {
    ends_word(c)
        || is_dash(c)
        || matches!(c, '!' | '#' | '%' | '*' | '+' | '.' | '/' | ':' | '=' | '?' | '[' | ']')
}

/// May start a name.
pub(super) fn starts_name(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// May go on in a name.
pub(super) fn continues_name(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// May stand in a variable's name without braces. The question mark is part of the name, as in PowerShell.
pub(super) fn is_variable_char(c: char) -> bool {
    c == '?' || continues_name(c)
}
