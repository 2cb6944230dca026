//! Lists: `Name : value`, one property a line, an empty line between objects.

use std::sync::Arc;

use bailiwick_objects::metadata::Alignment;
use bailiwick_objects::{Object, Value};

use super::inert;
use super::layout::{fit, width_of, wrap};
use super::text::text;

/// An open list of objects of one type.
#[derive(Debug)]
pub(super) struct List {
    type_name: String,
    properties: Vec<Arc<str>>,
    width: usize,
    begun: bool,
}

impl List {
    pub(super) fn new(type_name: &str, properties: Vec<Arc<str>>, width: usize) -> Self {
        Self { type_name: type_name.to_owned(), properties, width, begun: false }
    }

    pub(super) fn is_of(&self, type_name: &str) -> bool {
        self.type_name == type_name
    }

    pub(super) fn push(&mut self, object: &Object, out: &mut String) {
        if self.begun {
            out.push('\n');
        }
        self.begun = true;
        // Without properties named by a view, each object shows its own.
        let properties = if self.properties.is_empty() { &object.shape.properties } else { &self.properties };
        let names: Vec<String> = properties.iter().map(|name| inert::line(name)).collect();
        let widest = names.iter().map(|name| width_of(name)).max().unwrap_or(0).min(self.width / 2);
        let indent = " ".repeat(widest + 3);
        let room = self.width.saturating_sub(widest + 3).max(1);
        for (property, name) in properties.iter().zip(&names) {
            let value =
                inert::lines(&text(object.get(property).unwrap_or(&Value::Null))).replace('\t', "    ");
            for (number, line) in wrap(&value, room).iter().enumerate() {
                let written = if number == 0 {
                    format!("{} : {line}", fit(name, widest, Alignment::Left))
                } else {
                    format!("{indent}{line}")
                };
                out.push_str(written.trim_end());
                out.push('\n');
            }
        }
    }
}
