//! Tables: headings, dashes, rows; a group's heading when its value changes. Columns of unknown width are sized by the
//! first rows, which wait for each other.

use bailiwick_objects::metadata::Column;
use bailiwick_objects::{Object, Value};

use super::inert;
use super::layout::{fit, width_of};
use super::text::text;

/// How many rows are waited for before columns of unknown width are sized.
const SAMPLE: usize = 50;

/// Columns are not narrowed below this; the last ones are left out instead.
const NARROWEST: usize = 5;

/// An open table of objects of one type.
#[derive(Debug)]
pub(super) struct Table {
    type_name: String,
    columns: Vec<Column>,
    group_by: Option<Column>,
    width: usize,
    /// The width of each column shown; none until they are known.
    widths: Option<Vec<usize>>,
    waiting: Vec<Row>,
    /// The group of the last row written; none before the first.
    written: Option<String>,
}

#[derive(Debug)]
struct Row {
    group: String,
    cells: Vec<String>,
}

impl Table {
    pub(super) fn new(type_name: &str, columns: Vec<Column>, group_by: Option<Column>, width: usize) -> Self {
        let mut table = Self {
            type_name: type_name.to_owned(),
            columns,
            group_by,
            width,
            widths: None,
            waiting: Vec::new(),
            written: None,
        };
        // Only the last column may be open: it takes what is left, and nothing needs to wait.
        let fixed = table.columns.iter().rev().skip(1).all(|column| column.width.is_some());
        if fixed && table.columns.len() > 1 {
            table.widths = Some(table.sized());
        }
        table
    }

    pub(super) fn is_of(&self, type_name: &str) -> bool {
        self.type_name == type_name
    }

    pub(super) fn push(&mut self, object: &Object, out: &mut String) {
        let row = Row {
            group: self.group_by.as_ref().map_or_else(String::new, |column| of(object, column)),
            cells: self.columns.iter().map(|column| of(object, column)).collect(),
        };
        self.waiting.push(row);
        if self.widths.is_some() || self.waiting.len() >= SAMPLE {
            self.write_waiting(out);
        }
    }

    pub(super) fn finish(mut self, out: &mut String) {
        self.write_waiting(out);
    }

    fn write_waiting(&mut self, out: &mut String) {
        let widths = match self.widths.take() {
            Some(widths) => widths,
            None => self.sized(),
        };
        for row in std::mem::take(&mut self.waiting) {
            if self.written.as_ref() != Some(&row.group) {
                self.heading(&row.group, &widths, out);
                self.written = Some(row.group);
            }
            self.line(row.cells.iter().map(String::as_str), &widths, out);
        }
        self.widths = Some(widths);
    }

    /// The heading of a group or of the whole table; the empty line before a first one is already there.
    fn heading(&self, group: &str, widths: &[usize], out: &mut String) {
        if self.written.is_some() {
            out.push('\n');
        }
        if let Some(column) = &self.group_by {
            out.push_str(&format!("    {}: {group}\n\n", inert::line(&column.label)));
        }
        let labels: Vec<String> = self.columns.iter().map(|column| inert::line(&column.label)).collect();
        let dashes: Vec<String> =
            labels.iter().zip(widths).map(|(label, width)| "-".repeat(width_of(label).min(*width))).collect();
        self.line(labels.iter().map(String::as_str), widths, out);
        self.line(dashes.iter().map(String::as_str), widths, out);
    }

    fn line<'a>(&self, cells: impl Iterator<Item = &'a str>, widths: &[usize], out: &mut String) {
        let cells = cells.zip(&self.columns).zip(widths);
        let fitted: Vec<String> =
            cells.map(|((cell, column), width)| fit(cell, *width, column.alignment)).collect();
        out.push_str(fitted.join(" ").trim_end());
        out.push('\n');
    }

    /// The widths of the columns that are shown: as wide as asked or needed, then narrowed to the screen, widest
    /// first; what still does not fit is left out from the right.
    fn sized(&self) -> Vec<usize> {
        let last = self.columns.len().saturating_sub(1);
        let mut widths: Vec<usize> = Vec::with_capacity(self.columns.len());
        for (at, column) in self.columns.iter().enumerate() {
            let needed =
                self.waiting.iter().filter_map(|row| row.cells.get(at)).map(|cell| width_of(cell)).max();
            let label = width_of(&inert::line(&column.label)).max(1);
            widths.push(match (column.width, needed) {
                (Some(width), _) => usize::try_from(width).unwrap_or(1).clamp(1, self.width),
                (None, Some(needed)) => needed.max(label),
                // Nothing to measure: the rest of the screen.
                (None, None) => {
                    let before: usize = widths.iter().map(|width| width + 1).sum();
                    let rest = self.width.saturating_sub(before);
                    if at == last { rest.max(label) } else { label }
                }
            });
        }
        while total(&widths) > self.width {
            if let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) {
                *widest -= 1;
            } else if widths.len() > 1 {
                widths.pop();
            } else {
                break;
            }
        }
        widths
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + widths.len().saturating_sub(1)
}

/// The text of a property in a cell: one line, `…` if there were more.
fn of(object: &Object, column: &Column) -> String {
    let full = text(object.get(&column.property).unwrap_or(&Value::Null));
    match full.split_once(['\n', '\r']) {
        Some((first, _)) => format!("{}…", inert::line(first)),
        None => inert::line(&full),
    }
}
