//! Select-Object.

use std::collections::VecDeque;
use std::sync::Arc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::ValueType;
use bailiwick_objects::value::Shape;

use super::describe::{Module, input, native, param, switch};
use super::properties::{self, Property};
use super::{Call, Command, Native};
use crate::eval::flow::{Flow, Run};
use crate::object::convert::to_index;
use crate::object::text::display;
use crate::object::value::CUSTOM;
use crate::object::{Val, compare, fault, limits, members, wildcard};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Select-Object", Module::Utility, "Selects objects or properties of objects.", || {
            Box::new(Select::default())
        })
        .takes(input())
        .takes(
            param(
                "Property",
                ValueType::Any,
                "The properties to select: names, patterns, or calculated ones.",
            )
            .at(0)
            .many(),
        )
        .takes(
            param(
                "ExcludeProperty",
                ValueType::Text,
                "Properties to leave out of those that a pattern selects.",
            )
            .many(),
        )
        .takes(param("ExpandProperty", ValueType::Text, "The property whose value stands for the object."))
        .takes(switch("Unique", "Leaves out what was selected before."))
        .takes(param(
            "First",
            ValueType::Int32,
            "How many from the beginning; what feeds the pipeline is stopped then.",
        ))
        .takes(param("Last", ValueType::Int32, "How many from the end."))
        .takes(param("Skip", ValueType::Int32, "How many to leave out from the beginning."))
        .takes(param("SkipLast", ValueType::Int32, "How many to leave out from the end."))
        .takes(param("Index", ValueType::Int32, "Which ones, counted from 0.").many())
        .minimal()
        .example("Get-ChildItem | Select-Object Name, Length", "Keeps two properties of each item.")
        .example("1..100 | Select-Object -First 3", "Takes the first three."),
    ]
}

#[derive(Default)]
struct Select {
    properties: Vec<Property>,
    exclude: Vec<String>,
    expand: Option<String>,
    unique: bool,
    first: Option<usize>,
    last: Option<usize>,
    skip: usize,
    skip_last: usize,
    index: Option<Vec<usize>>,
    seen: usize,
    selected: usize,
    tail: VecDeque<Val>,
    known: Vec<Val>,
    shape: Option<Arc<Shape>>,
}

impl Command for Select {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let values = call.get("Property").map(|v| v.elements_or_none()).unwrap_or_default();
        self.properties = properties::parse(&values)?;
        self.exclude = call.texts("ExcludeProperty");
        if !self.exclude.is_empty() && self.properties.is_empty() {
            self.properties = properties::parse(&[Val::str("*")])?;
        }
        self.expand = call.text("ExpandProperty");
        self.unique = call.switch("Unique");
        self.first = call.count("First");
        self.last = call.count("Last");
        self.skip = call.count("Skip").unwrap_or(0);
        self.skip_last = call.count("SkipLast").unwrap_or(0);
        self.index = call.get("Index").map(|v| {
            v.elements_or_none()
                .iter()
                .filter_map(|i| to_index(i).ok().and_then(|i| usize::try_from(i).ok()))
                .collect()
        });
        if self.first == Some(0) && self.last.is_none() {
            return Err(Flow::Enough);
        }
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            self.take(call, value)?;
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        let keep = self.last.map_or(self.tail.len().saturating_sub(self.skip_last), |last| last);
        let tail = std::mem::take(&mut self.tail);
        let from = if self.last.is_some() { tail.len().saturating_sub(keep) } else { 0 };
        for value in tail.into_iter().skip(from).take(keep) {
            self.select(call, value)?;
        }
        Ok(())
    }
}

impl Select {
    fn take(&mut self, call: &mut Call<'_, '_>, value: Val) -> Run {
        let at = self.seen;
        self.seen += 1;
        if let Some(index) = &self.index {
            let (wanted, last) = (index.contains(&at), index.iter().max().copied());
            if wanted {
                self.select(call, value)?;
            }
            return if last.is_none_or(|last| at >= last) { Err(Flow::Enough) } else { Ok(()) };
        }
        // With `-Last`, `-Skip` counts from the end.
        if self.last.is_none() && at < self.skip {
            return Ok(());
        }
        if let Some(first) = self.first
            && self.selected < first
        {
            self.select(call, value)?;
            return if self.selected >= first && self.last.is_none() { Err(Flow::Enough) } else { Ok(()) };
        }
        match self.last {
            Some(last) => {
                self.tail.push_back(value);
                if self.tail.len() > last.saturating_add(self.skip) {
                    self.tail.pop_front();
                }
            }
            None if self.skip_last > 0 => {
                self.tail.push_back(value);
                if self.tail.len() > self.skip_last
                    && let Some(ready) = self.tail.pop_front()
                {
                    self.select(call, ready)?;
                }
            }
            None if self.first.is_none() => self.select(call, value)?,
            None => {}
        }
        Ok(limits::admit_items(self.tail.len())?)
    }

    fn select(&mut self, call: &mut Call<'_, '_>, value: Val) -> Run {
        self.selected += 1;
        if let Some(name) = &self.expand {
            return match members::property(&value, name) {
                Some(inner) if self.unique => {
                    inner.elements().into_iter().try_for_each(|item| self.write_unique(call, item))
                }
                Some(inner) => call.write_elements(inner),
                None => {
                    let failure = fault(
                        "ExpandPropertyNotFound",
                        ErrorCategory::InvalidArgument,
                        format!("property `{name}` cannot be found"),
                    )
                    .about(value.clone());
                    call.error(failure)
                }
            };
        }
        let value = if self.properties.is_empty() { value } else { self.project(call, &value)? };
        if self.unique { self.write_unique(call, value) } else { call.write(value) }
    }

    /// A new object of the selected properties.
    fn project(&mut self, call: &mut Call<'_, '_>, value: &Val) -> Run<Val> {
        let mut names: Vec<Arc<str>> = Vec::new();
        let mut values = Vec::new();
        for property in &self.properties {
            for (name, value) in property.expand(call, value)? {
                let excluded = self.exclude.iter().any(|pattern| wildcard::matches(pattern, &name));
                if !excluded && !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                    names.push(name);
                    values.push(value);
                }
            }
        }
        // Objects of one selection share their names.
        let shape = match &self.shape {
            Some(shape) if shape.properties == names => Arc::clone(shape),
            _ => Arc::new(Shape { type_names: vec![Arc::from(CUSTOM)], properties: names }),
        };
        self.shape = Some(Arc::clone(&shape));
        Ok(Val::of_shape(shape, values))
    }

    fn write_unique(&mut self, call: &mut Call<'_, '_>, value: Val) -> Run {
        call.ev.tick()?;
        let known = |other: &Val| match (other, &value) {
            (Val::Object(a), Val::Object(b)) => {
                let (a, b) = (a.body.borrow(), b.body.borrow());
                a.shape.properties == b.shape.properties
                    && a.values.iter().zip(&b.values).all(|(x, y)| display(x) == display(y))
            }
            (a, b) => compare::equal(a, b, false),
        };
        if self.known.iter().any(known) {
            return Ok(());
        }
        limits::admit_items(self.known.len() + 1)?;
        self.known.push(value.clone());
        call.write(value)
    }
}
