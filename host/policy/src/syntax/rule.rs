//! A parameter's rule as written: `"any"`, or a table of conditions that all must hold.

use std::sync::Arc;

use crate::fault::Fault;
use crate::model::Pattern;
use crate::path::DrivePath;
use crate::syntax::fields::{At, Fields, Item, Place, Shape};
use crate::syntax::later;

const RULE: Shape = Shape {
    title: "a parameter rule",
    keys: &["one_of", "pattern", "range", "length", "within", "optional", "allow_control"],
    later: later::PARAMETER,
};
/// More values than anyone reviews.
const MAX_VALUES: usize = 1_000;

/// A rule: each condition that is present must hold. All absent: any value.
#[derive(Debug)]
pub(crate) struct RuleForm {
    pub(crate) one_of: Option<At<Vec<At<Arc<str>>>>>,
    pub(crate) pattern: Option<At<Pattern>>,
    pub(crate) range: Option<At<BoundsForm>>,
    pub(crate) length: Option<At<BoundsForm>>,
    pub(crate) within: Option<At<Vec<At<DrivePath>>>>,
    pub(crate) optional: Option<At<bool>>,
    pub(crate) allow_control: bool,
}

/// `low..high`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoundsForm {
    pub(crate) low: i64,
    pub(crate) high: i64,
}

impl RuleForm {
    const fn any() -> Self {
        Self {
            one_of: None,
            pattern: None,
            range: None,
            length: None,
            within: None,
            optional: None,
            allow_control: false,
        }
    }

    /// True if some condition rules the value.
    pub(crate) const fn has_condition(&self) -> bool {
        self.one_of.is_some()
            || self.pattern.is_some()
            || self.range.is_some()
            || self.length.is_some()
            || self.within.is_some()
    }
}

/// Reads one rule. Nothing is returned if any part of it is wrong: half a rule would allow more than the whole.
pub(super) fn read_rule(item: &Item<'_>, faults: &mut Vec<Fault>) -> Option<RuleForm> {
    let before = faults.len();
    if item.as_str() == Some("any") {
        return Some(RuleForm::any());
    }
    if !item.is_table() {
        let fault = item.place().fault("a parameter's rule is \"any\" or a table");
        faults.push(fault.help("for example { one_of = [\"a\", \"b\"] }"));
        return None;
    }
    let fields = item.fields(RULE, faults)?;
    let form = RuleForm {
        one_of: read_values(&fields, faults),
        pattern: read_pattern(&fields, faults),
        range: read_bounds(&fields, "range", faults),
        length: read_bounds(&fields, "length", faults),
        within: read_within(&fields, faults),
        optional: fields.boolean("optional", faults),
        allow_control: fields.boolean("allow_control", faults).is_some_and(|at| at.value),
    };
    if let (Some(one_of), Some((other, key))) = (&form.one_of, other_than_one_of(&form)) {
        faults.push(
            one_of
                .place
                .fault(format!("`one_of` and `{key}` cannot stand in one rule"))
                .note(format!("`{key}` is set at {}", other.shown()))
                .help("a closed list says everything: keep one of them"),
        );
    }
    (faults.len() == before).then_some(form)
}

fn other_than_one_of(form: &RuleForm) -> Option<(&Place, &'static str)> {
    let pattern = form.pattern.as_ref().map(|at| (&at.place, "pattern"));
    let range = form.range.as_ref().map(|at| (&at.place, "range"));
    let length = form.length.as_ref().map(|at| (&at.place, "length"));
    let within = form.within.as_ref().map(|at| (&at.place, "within"));
    pattern.or(range).or(length).or(within)
}

fn read_values(fields: &Fields<'_>, faults: &mut Vec<Fault>) -> Option<At<Vec<At<Arc<str>>>>> {
    let item = fields.item("one_of")?;
    let texts = item.texts(faults)?;
    if texts.is_empty() || texts.len() > MAX_VALUES {
        faults.push(item.place().fault(format!("`one_of` needs 1 to {MAX_VALUES} values")));
        return None;
    }
    let mut values: Vec<At<Arc<str>>> = Vec::with_capacity(texts.len());
    for text in texts {
        if values.iter().any(|value| *value.value == *text.value) {
            let shown = crate::text::quoted(&text.value);
            faults.push(text.place.fault(format!("the value {shown} stands twice in `one_of`")));
        } else {
            values.push(text.map(Arc::from));
        }
    }
    Some(At { value: values, place: item.place() })
}

fn read_pattern(fields: &Fields<'_>, faults: &mut Vec<Fault>) -> Option<At<Pattern>> {
    let text = fields.text("pattern", faults)?;
    match Pattern::new(&text.value) {
        Ok(pattern) => Some(text.map(|_| pattern)),
        Err(error) => {
            faults.push(
                text.place
                    .fault(format!("the pattern is invalid: {error}"))
                    .help("patterns are regular expressions in the syntax of the Rust crate `regex`"),
            );
            None
        }
    }
}

fn read_bounds(fields: &Fields<'_>, key: &str, faults: &mut Vec<Fault>) -> Option<At<BoundsForm>> {
    let text = fields.text(key, faults)?;
    let parsed = text.value.split_once("..").and_then(|(low, high)| Some((whole(low)?, whole(high)?)));
    let problem = match parsed {
        None => format!("`{key}` is not of the form \"LOW..HIGH\""),
        Some((low, high)) if low > high => format!("`{key}` is inverted: {low} is more than {high}"),
        Some((low, _)) if key == "length" && low < 0 => "a length is never negative".to_owned(),
        Some((low, high)) => return Some(text.map(|_| BoundsForm { low, high })),
    };
    faults.push(
        text.place.fault(problem).help("write two whole numbers, both included, for example \"1..100\""),
    );
    None
}

/// A decimal integer in its one plain spelling.
fn whole(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn read_within(fields: &Fields<'_>, faults: &mut Vec<Fault>) -> Option<At<Vec<At<DrivePath>>>> {
    let item = fields.item("within")?;
    let texts = if item.as_str().is_some() { vec![item.text(faults)?] } else { item.texts(faults)? };
    if texts.is_empty() {
        faults.push(item.place().fault("`within` names no place"));
        return None;
    }
    let mut places = Vec::with_capacity(texts.len());
    for text in texts {
        match DrivePath::parse(&text.value) {
            Ok(path) if path.has_wildcards() => faults.push(
                text.place
                    .fault("`within` is a folder, not a wildcard")
                    .help("everything below the folder is within it"),
            ),
            Ok(path) => places.push(At { value: path, place: text.place }),
            Err(error) => faults.push(
                text.place
                    .fault(format!("{} is not a drive path: {error}", crate::text::quoted(&text.value)))
                    .help("write it as \"Drive:/folder\""),
            ),
        }
    }
    Some(At { value: places, place: item.place() })
}
