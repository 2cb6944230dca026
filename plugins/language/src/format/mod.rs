//! The formatter: turns finished values into the text that a PowerShell console would show, as far as it can be told
//! yet. Tables, lists and scalars each have a file; `text` says how one value reads in a line or a cell, `inert` keeps
//! foreign text from steering the terminal, `error` shows error records.
//!
//! Nothing here evaluates, and nothing here emits colours or other control sequences.

mod error;
mod help;
mod inert;
mod layout;
mod list;
mod number;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod views;

use bailiwick_objects::metadata::View;
use bailiwick_objects::{Object, Value};

pub use error::error_text;
pub use number::double_text;
pub use text::text as value_text;
pub use time::{date_time_text, time_span_text};

use list::List;
use table::Table;
use views::{Plan, Views};

/// The narrowest screen that is laid out for; a smaller width is taken as this one.
const NARROWEST: u32 = 20;

/// The widest: what a client says of its screen bounds what padding can cost.
const WIDEST: u32 = 1_000;

/// Formats a stream of values, as `Out-Default` would.
#[derive(Debug)]
pub struct Formatter {
    width: usize,
    views: Views,
    open: Open,
    /// The text so far ends with an empty line, so that the next block needs none of its own.
    after_blank: bool,
}

/// What the last value was shown as, and so may continue.
#[derive(Debug)]
enum Open {
    Nothing,
    Table(Table),
    List(List),
}

impl Formatter {
    /// A formatter for a screen of so many columns. Views are tried in order.
    pub fn new(width: u32, views: Vec<View>) -> Self {
        let width = usize::try_from(width.clamp(NARROWEST, WIDEST)).unwrap_or(80);
        Self { width, views: Views::new(views), open: Open::Nothing, after_blank: false }
    }

    /// The text of these values as far as it can be told yet: an auto-sized table waits for more rows.
    #[must_use]
    pub fn push(&mut self, values: &[Value]) -> String {
        let mut out = String::new();
        for value in values {
            match value {
                // A collection in the pipeline is shown element by element.
                Value::Array(items) => items.iter().for_each(|item| self.one(item, &mut out)),
                Value::Bytes(bytes) => {
                    bytes.iter().for_each(|byte| self.one(&Value::Int32(i32::from(*byte)), &mut out));
                }
                other => self.one(other, &mut out),
            }
        }
        out
    }

    /// The rest.
    #[must_use]
    pub fn finish(mut self) -> String {
        let mut out = String::new();
        self.close(&mut out);
        out
    }

    fn one(&mut self, value: &Value, out: &mut String) {
        match value {
            Value::Null => {}
            Value::Object(object) => self.object(object, out),
            Value::Hashtable(table) => {
                for (key, entry) in &table.entries {
                    self.object(&views::entry(key, entry), out);
                }
            }
            Value::Error(record) => self.line(&error_text(record, self.width_u32()), out),
            Value::DateTime(at) => {
                self.block(out);
                out.push_str(&time::long_text(*at));
                out.push_str("\n\n");
                self.after_blank = true;
            }
            other => match views::as_object(other) {
                Some(object) => self.object(&object, out),
                None => self.line(&inert::lines(&text::text(other)), out),
            },
        }
    }

    /// Scalars: one after another, no empty lines between.
    fn line(&mut self, text: &str, out: &mut String) {
        self.close(out);
        out.push_str(text);
        out.push('\n');
        self.after_blank = false;
    }

    fn object(&mut self, object: &Object, out: &mut String) {
        if object.values.is_empty() {
            return;
        }
        let name = views::type_of(object);
        if views::plain(name) == help::TYPE {
            self.block(out);
            out.push_str(&help::page(object));
            self.after_blank = true;
            return;
        }
        let continues = match &self.open {
            Open::Table(table) => table.is_of(name),
            Open::List(list) => list.is_of(name),
            Open::Nothing => false,
        };
        if !continues {
            self.block(out);
            self.open = match self.views.plan(object) {
                Plan::Table { columns, group_by } => {
                    Open::Table(Table::new(name, columns, group_by, self.width))
                }
                Plan::List { properties } => Open::List(List::new(name, properties, self.width)),
            };
        }
        match &mut self.open {
            Open::Table(table) => table.push(object, out),
            Open::List(list) => list.push(object, out),
            Open::Nothing => {}
        }
    }

    /// Ends what is open and leaves one empty line before what follows.
    fn block(&mut self, out: &mut String) {
        self.close(out);
        if !self.after_blank {
            out.push('\n');
        }
        self.after_blank = false;
    }

    fn close(&mut self, out: &mut String) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => return,
            Open::Table(table) => table.finish(out),
            Open::List(_) => {}
        }
        out.push('\n');
        self.after_blank = true;
    }

    fn width_u32(&self) -> u32 {
        u32::try_from(self.width).unwrap_or(WIDEST)
    }
}
