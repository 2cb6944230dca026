//! Text fitted into columns of the screen: its width, cutting it with `…`, padding it, breaking it into lines.

use bailiwick_objects::metadata::Alignment;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of the screen that a text takes.
pub(super) fn width_of(text: &str) -> usize {
    text.width()
}

/// The text in exactly so many columns: padded, or cut with `…` where it does not fit. What stands right loses its
/// front, what stands left its end.
pub(super) fn fit(text: &str, width: usize, alignment: Alignment) -> String {
    let taken = width_of(text);
    let (text, taken) = if taken <= width {
        (text.to_owned(), taken)
    } else {
        let cut = match alignment {
            Alignment::Left => {
                let mut head = take(text.chars(), width.saturating_sub(1));
                head.push('…');
                head
            }
            Alignment::Right => {
                let tail = take(text.chars().rev(), width.saturating_sub(1));
                std::iter::once('…').chain(tail.chars().rev()).collect()
            }
        };
        let taken = width_of(&cut);
        (cut, taken)
    };
    let padding = " ".repeat(width.saturating_sub(taken));
    match alignment {
        Alignment::Left => format!("{text}{padding}"),
        Alignment::Right => format!("{padding}{text}"),
    }
}

/// The text broken into lines of at most so many columns, at spaces where there are any. Linear in the text.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut taken = 0;
        for c in paragraph.chars() {
            let wide = c.width().unwrap_or(0);
            if taken + wide > width && !line.is_empty() {
                // The word that does not fit moves on; without a space before it, it is broken here.
                let word = match (c, line.rfind(' ').filter(|at| *at > 0)) {
                    (' ', _) | (_, None) => String::new(),
                    (_, Some(at)) => line.split_off(at).trim_start().to_owned(),
                };
                lines.push(std::mem::replace(&mut line, word));
                taken = width_of(&line);
                if c == ' ' && line.is_empty() {
                    continue;
                }
            }
            line.push(c);
            taken += wide;
        }
        lines.push(line);
    }
    lines
}

fn take(chars: impl Iterator<Item = char>, width: usize) -> String {
    let mut left = width;
    chars
        .take_while(|c| {
            let wide = c.width().unwrap_or(0);
            let fits = wide <= left;
            left = left.saturating_sub(wide);
            fits
        })
        .collect()
}
