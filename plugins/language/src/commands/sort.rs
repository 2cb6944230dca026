//! Sort-Object.

use std::cmp::Ordering;

use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param, switch};
use super::properties::{self, Property};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::{Val, compare, limits};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Sort-Object", Module::Utility, "Sorts objects by the values of properties.", || {
            Box::new(Sort::default())
        })
        .takes(input())
        .takes(
            param("Property", ValueType::Any, "What to sort by: names, or calculated properties.")
                .at(0)
                .many(),
        )
        .takes(switch("Descending", "From the greatest to the smallest."))
        .takes(switch("Unique", "Keeps one of those that compare equal."))
        .takes(switch("CaseSensitive", "Regards case."))
        .takes(param("Top", ValueType::Int32, "How many from the beginning of the result."))
        .takes(param("Bottom", ValueType::Int32, "How many from the end of the result."))
        .takes(switch("Stable", "Keeps the order of those that compare equal; it is always kept here."))
        .example("Get-ChildItem | Sort-Object Length -Descending", "The largest first."),
    ]
}

#[derive(Default)]
struct Sort {
    properties: Vec<Property>,
    rows: Vec<(Vec<Val>, Val)>,
}

impl Command for Sort {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let values = call.get("Property").map(|v| v.elements_or_none()).unwrap_or_default();
        self.properties = properties::parse(&values)?;
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            limits::admit_items(self.rows.len() + 1)?;
            let mut keys = Vec::with_capacity(self.properties.len());
            for property in &self.properties {
                keys.push(property.of(call, &value)?);
            }
            if keys.is_empty() {
                keys.push(value.clone());
            }
            self.rows.push((keys, value));
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        let descending = call.switch("Descending");
        let ignore_case = !call.switch("CaseSensitive");
        let reversed: Vec<bool> =
            self.properties.iter().map(|p| p.descending.unwrap_or(descending)).collect();
        let order = |a: &[Val], b: &[Val]| {
            for (at, (x, y)) in a.iter().zip(b).enumerate() {
                let found = compare::sort_order(x, y, ignore_case);
                if found != Ordering::Equal {
                    return if reversed.get(at).copied().unwrap_or(descending) {
                        found.reverse()
                    } else {
                        found
                    };
                }
            }
            Ordering::Equal
        };
        let mut rows = std::mem::take(&mut self.rows);
        call.ev.poll()?;
        rows.sort_by(|a, b| order(&a.0, &b.0));
        if call.switch("Unique") {
            rows.dedup_by(|a, b| order(&a.0, &b.0) == Ordering::Equal);
        }
        if let Some(top) = call.count("Top") {
            rows.truncate(top);
        } else if let Some(bottom) = call.count("Bottom") {
            rows.drain(..rows.len().saturating_sub(bottom));
        }
        rows.into_iter().try_for_each(|(_, value)| call.write(value))
    }
}
