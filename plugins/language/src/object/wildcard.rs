//! PowerShell's wildcards: `*`, `?`, `[a-z]`, and a backtick that takes the next character as it is.

/// A compiled wildcard pattern.
#[derive(Debug, Clone)]
pub(crate) struct Wildcard {
    parts: Vec<Part>,
    fold: bool,
}

#[derive(Debug, Clone)]
enum Part {
    Many,
    One,
    Char(char),
    Class(Vec<(char, char)>),
}

impl Wildcard {
    /// Compiles a pattern; none if a class is not closed.
    pub(crate) fn new(pattern: &str, ignore_case: bool) -> Option<Self> {
        let mut parts = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '*' => {
                    if matches!(parts.last(), Some(Part::Many)) {
                        continue;
                    }
                    Part::Many
                }
                '?' => Part::One,
                '`' => Part::Char(fold(chars.next().unwrap_or('`'), ignore_case)),
                '[' => Part::Class(class(&mut chars, ignore_case)?),
                c => Part::Char(fold(c, ignore_case)),
            });
        }
        Some(Self { parts, fold: ignore_case })
    }

    /// Whether the whole text matches. Linear in text times stars: only the last star is ever tried again.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().map(|c| fold(c, self.fold)).collect();
        let (mut at, mut part) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while let Some(c) = text.get(at) {
            match self.parts.get(part) {
                Some(Part::Many) => {
                    star = Some((part, at));
                    part += 1;
                }
                Some(p) if p.takes(*c) => {
                    at += 1;
                    part += 1;
                }
                _ => match star {
                    Some((from, tried)) => {
                        star = Some((from, tried + 1));
                        at = tried + 1;
                        part = from + 1;
                    }
                    None => return false,
                },
            }
        }
        self.parts.iter().skip(part).all(|p| matches!(p, Part::Many))
    }
}

impl Part {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Many => false,
            Self::One => true,
            Self::Char(own) => *own == c,
            Self::Class(ranges) => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)),
        }
    }
}

fn class(chars: &mut impl Iterator<Item = char>, ignore_case: bool) -> Option<Vec<(char, char)>> {
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut open = false;
    loop {
        let c = match chars.next()? {
            ']' if !ranges.is_empty() => break,
            '-' if !ranges.is_empty() && !open => {
                open = true;
                continue;
            }
            '`' => chars.next()?,
            c => c,
        };
        let c = fold(c, ignore_case);
        match ranges.last_mut() {
            Some((_, high)) if open => *high = c,
            _ => ranges.push((c, c)),
        }
        open = false;
    }
    if open {
        ranges.push(('-', '-'));
    }
    Some(ranges)
}

fn fold(c: char, ignore_case: bool) -> char {
    if ignore_case { c.to_lowercase().next().unwrap_or(c) } else { c }
}

/// Whether a text holds wildcard characters at all.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// A pattern compared without case, as commands take names; a pattern that does not compile matches itself only.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    Wildcard::new(pattern, true).map_or_else(|| pattern.eq_ignore_ascii_case(text), |w| w.matches(text))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_pattern_matches_the_whole_text() {
        assert!(matches("web-*", "WEB-a") && matches("w?b", "web") && matches("[a-c]x", "bx"));
        assert!(!matches("web", "web-a") && !matches("[a-c]x", "dx") && matches("a`*", "a*"));
        assert!(matches("*a*b*", "xxaxxbxx") && !matches("*a*b", "xxaxx"));
    }
}
