//! Measure-Object.

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param, switch};
use super::properties::{self, Property};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::number::{Num, compare};
use crate::object::text::display;
use crate::object::{Val, fault};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Measure-Object", Module::Utility, "Calculates numbers over properties of objects.", || {
            Box::new(Measure::default())
        })
        .takes(input())
        .takes(param("Property", ValueType::Any, "The properties to measure.").at(0).many())
        .takes(switch("Sum", "Adds the values up.").set("Numbers"))
        .takes(switch("Average", "The average of the values.").set("Numbers"))
        .takes(switch("Minimum", "The smallest value.").set("Numbers"))
        .takes(switch("Maximum", "The greatest value.").set("Numbers"))
        .takes(switch("AllStats", "All of them.").set("Numbers"))
        .takes(switch("Line", "Counts lines.").set("Text"))
        .takes(switch("Word", "Counts words.").set("Text"))
        .takes(switch("Character", "Counts characters.").set("Text"))
        .default_set("Numbers")
        .minimal()
        .example(
            "Get-ChildItem | Measure-Object Length -Sum",
            "How many items there are, and how long they are together.",
        ),
    ]
}

#[derive(Default)]
struct Measure {
    properties: Vec<Property>,
    results: Vec<Statistics>,
}

#[derive(Default)]
struct Statistics {
    count: usize,
    sum: f64,
    numbers: usize,
    minimum: Option<Val>,
    maximum: Option<Val>,
    lines: usize,
    words: usize,
    characters: usize,
}

impl Command for Measure {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let values = call.get("Property").map(|v| v.elements_or_none()).unwrap_or_default();
        self.properties = properties::parse(&values)?;
        self.results = (0..self.properties.len().max(1)).map(|_| Statistics::default()).collect();
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            if self.properties.is_empty() {
                if let Some(statistics) = self.results.first_mut() {
                    statistics.add(call, &value)?;
                }
                continue;
            }
            for (property, statistics) in self.properties.iter().zip(&mut self.results) {
                if let Some(value) = property.find(call, &value)?.filter(|v| !v.is_null()) {
                    statistics.add(call, &value)?;
                }
            }
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        let text = ["Line", "Word", "Character"].iter().any(|name| call.switch(name));
        for (at, statistics) in std::mem::take(&mut self.results).into_iter().enumerate() {
            let property = self.properties.get(at);
            if let Some(property) = property
                && statistics.count == 0
            {
                let failure = fault(
                    "GenericMeasurePropertyNotFound",
                    ErrorCategory::InvalidArgument,
                    format!("the property `{}` cannot be found in the input for any objects", property.name),
                );
                call.error(failure)?;
                continue;
            }
            let name = property.map_or(Val::Null, |p| Val::str(&p.name));
            let result = if text { statistics.text(call, name) } else { statistics.numbers(call, name) };
            call.write(result)?;
        }
        Ok(())
    }
}

impl Statistics {
    fn add(&mut self, call: &mut Call<'_, '_>, value: &Val) -> Run {
        self.count += 1;
        let all = call.switch("AllStats");
        if all || call.switch("Sum") || call.switch("Average") {
            match Num::of(value) {
                Some(number) => {
                    self.sum += number.to_f64();
                    self.numbers += 1;
                }
                None => {
                    let failure = fault(
                        "NonNumericInputObject",
                        ErrorCategory::InvalidType,
                        format!("input object `{}` is not numeric", display(value)),
                    )
                    .about(value.clone());
                    call.error(failure)?;
                }
            }
        }
        if all || call.switch("Minimum") || call.switch("Maximum") {
            let order = |a: &Val, b: &Val| match (Num::of(a), Num::of(b)) {
                (Some(a), Some(b)) => compare(&a, &b).unwrap_or(std::cmp::Ordering::Equal),
                _ => crate::object::compare::sort_order(a, b, true),
            };
            if self.minimum.as_ref().is_none_or(|least| order(value, least).is_lt()) {
                self.minimum = Some(value.clone());
            }
            if self.maximum.as_ref().is_none_or(|most| order(value, most).is_gt()) {
                self.maximum = Some(value.clone());
            }
        }
        if call.switch("Line") || call.switch("Word") || call.switch("Character") {
            let text = display(value);
            self.lines += text.lines().count();
            self.words += text.split_whitespace().count();
            self.characters += text.chars().count();
        }
        Ok(())
    }

    fn numbers(self, call: &Call<'_, '_>, name: Val) -> Val {
        let all = call.switch("AllStats");
        let asked = |switch: &str, value: Val| if all || call.switch(switch) { value } else { Val::Null };
        #[expect(clippy::cast_precision_loss, reason = "an average is a double")]
        let average = if self.numbers > 0 { Val::Double(self.sum / self.numbers as f64) } else { Val::Null };
        let extreme = |value: Option<Val>| match value {
            Some(value) => match Num::of(&value) {
                Some(number) => Val::Double(number.to_f64()),
                None => value,
            },
            None => Val::Null,
        };
        let parts = [
            ("Count", Val::count(self.count)),
            ("Average", asked("Average", average)),
            ("Sum", asked("Sum", Val::Double(self.sum))),
            ("Maximum", asked("Maximum", extreme(self.maximum))),
            ("Minimum", asked("Minimum", extreme(self.minimum))),
            ("StandardDeviation", Val::Null),
            ("Property", name),
        ];
        Val::object("Microsoft.PowerShell.Commands.GenericMeasureInfo", parts)
    }

    fn text(self, call: &Call<'_, '_>, name: Val) -> Val {
        let asked =
            |switch: &str, count: usize| if call.switch(switch) { Val::count(count) } else { Val::Null };
        let parts = [
            ("Lines", asked("Line", self.lines)),
            ("Words", asked("Word", self.words)),
            ("Characters", asked("Character", self.characters)),
            ("Property", name),
        ];
        Val::object("Microsoft.PowerShell.Commands.TextMeasureInfo", parts)
    }
}
