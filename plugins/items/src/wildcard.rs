//! PowerShell's wildcards: `*`, `?`, `[a-z]`, and the backtick that takes a character as it is. Without case.

/// A pattern for one name.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<Piece>);

/// First and last character of each.
type Ranges = Vec<(char, char)>;

#[derive(Debug, Clone)]
enum Piece {
    Any,
    One,
    Char(char),
    Set(Ranges),
}

/// Whether a text holds a wildcard.
pub(crate) fn is_pattern(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            '`' => drop(chars.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// A text without wildcards, as the name that it stands for: without its backticks.
pub(crate) fn unescaped(text: &str) -> String {
    let mut name = String::new();
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            '`' => name.extend(chars.next()),
            _ => name.push(next),
        }
    }
    name
}

impl Pattern {
    /// Reads a pattern. A `[` that nothing closes stands for itself.
    pub(crate) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut pieces = Vec::new();
        let mut rest = chars.as_slice();
        while let [next, after @ ..] = rest {
            rest = after;
            pieces.push(match next {
                '*' => Piece::Any,
                '?' => Piece::One,
                '`' => match rest {
                    [escaped, after @ ..] => {
                        rest = after;
                        Piece::Char(folded(*escaped))
                    }
                    [] => Piece::Char('`'),
                },
                '[' => match set(rest) {
                    Some((ranges, after)) => {
                        rest = after;
                        Piece::Set(ranges)
                    }
                    None => Piece::Char('['),
                },
                other => Piece::Char(folded(*other)),
            });
        }
        Self(pieces)
    }

    /// Whether the whole name matches. In time of the product of both lengths at most.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().map(folded).collect();
        let (mut piece, mut at) = (0, 0);
        // Where to go on when the last `*` has to take one character more.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(piece), name.get(at)) {
                (Some(Piece::Any), _) => {
                    retry = Some((piece + 1, at));
                    piece += 1;
                    continue;
                }
                (Some(wanted), Some(found)) if wanted.takes(*found) => {
                    piece += 1;
                    at += 1;
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            match retry {
                Some((after, from)) if from < name.len() => {
                    retry = Some((after, from + 1));
                    (piece, at) = (after, from + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Piece {
    fn takes(&self, found: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Char(wanted) => *wanted == found,
            Self::Set(ranges) => ranges.iter().any(|(first, last)| (*first..=*last).contains(&found)),
        }
    }
}

/// The ranges up to the closing bracket, and what follows it.
fn set(rest: &[char]) -> Option<(Ranges, &[char])> {
    let end = rest.iter().position(|next| *next == ']').filter(|end| *end > 0)?;
    let (inside, after) = rest.split_at_checked(end)?;
    let mut ranges = Vec::new();
    let mut inside = inside;
    loop {
        inside = match inside {
            [first, '-', last, after @ ..] => {
                ranges.push((folded(*first), folded(*last)));
                after
            }
            [one, after @ ..] => {
                ranges.push((folded(*one), folded(*one)));
                after
            }
            [] => break,
        };
    }
    Some((ranges, after.get(1..)?))
}

fn folded(character: char) -> char {
    let mut lower = character.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, is_pattern, unescaped};

    #[test]
    fn a_pattern_matches_the_whole_name_without_case() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "a.b"),
            ("*.log", "A.LOG"),
            ("a?c", "aBc"),
            ("[a-c]x", "Bx"),
            ("[abc]*", "cat"),
            ("a*b*c", "a-b-b-c"),
            ("`*", "*"),
            ("[", "["),
            ("[]", "[]"),
            ("é*", "Éa"),
            ("**", "x"),
            ("[a-]", "-"),
        ] {
            assert!(Pattern::new(pattern).matches(name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("a", "ab"),
            ("*.log", "a.log.gz"),
            ("?", ""),
            ("[a-c]", "d"),
            ("a*b", "abc"),
            ("`*", "x"),
        ] {
            assert!(!Pattern::new(pattern).matches(name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        let pattern = Pattern::new(&"*a".repeat(200));
        assert!(!pattern.matches(&"a".repeat(199)));
        assert!(pattern.matches(&"a".repeat(5000)));
    }

    #[test]
    fn an_escaped_wildcard_is_a_name() {
        assert!(!is_pattern("a`[1`].txt"));
        assert_eq!(unescaped("a`[1`].txt"), "a[1].txt");
        assert!(is_pattern("a[1].txt"));
    }
}
