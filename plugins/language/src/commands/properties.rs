//! Property arguments: a name, a wildcard, a script block, or a table with `Name` and `Expression`.

use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::ErrorCategory;

use super::Call;
use crate::eval::flow::Run;
use crate::eval::function::ScopeOf;
use crate::object::convert::truth;
use crate::object::text::display;
use crate::object::{Block, Failure, Val, fault, members, wildcard};

/// One property that a command works with.
pub(super) struct Property {
    pub name: Arc<str>,
    source: Source,
    /// `Descending` of a table.
    pub descending: Option<bool>,
}

enum Source {
    Named(String),
    Wild(String),
    Computed(Rc<Block>),
}

/// Reads the values of a `-Property` parameter.
pub(super) fn parse(values: &[Val]) -> Result<Vec<Property>, Failure> {
    values.iter().map(one).collect()
}

fn one(value: &Val) -> Result<Property, Failure> {
    match value {
        Val::Block(block) => Ok(computed(Arc::from(block.text.trim()), block)),
        Val::Table(cell) => {
            let table = cell.table.borrow();
            let find = |names: &[&str]| {
                table.iter().find(|(key, _)| {
                    let key = display(key).to_lowercase();
                    !key.is_empty() && names.iter().any(|name| name.starts_with(&key))
                })
            };
            let name = find(&["name", "label"]).map(|(_, v)| display(v));
            let descending = match (find(&["descending"]), find(&["ascending"])) {
                (Some((_, v)), _) => Some(truth(v)),
                (None, Some((_, v))) => Some(!truth(v)),
                _ => None,
            };
            let mut property = match find(&["expression"]).map(|(_, v)| v) {
                Some(Val::Block(block)) => computed(Arc::from(block.text.trim()), block),
                Some(other) => named(&display(other)),
                None => {
                    return Err(fault(
                        "DictionaryKeyMissing",
                        ErrorCategory::InvalidArgument,
                        "a calculated property needs the key `Expression`",
                    ));
                }
            };
            property.descending = descending;
            if let Some(name) = name {
                property.name = Arc::from(name);
            }
            Ok(property)
        }
        other => Ok(named(&display(other))),
    }
}

fn named(name: &str) -> Property {
    let source =
        if wildcard::is_pattern(name) { Source::Wild(name.into()) } else { Source::Named(name.into()) };
    Property { name: Arc::from(name), source, descending: None }
}

fn computed(name: Arc<str>, block: &Rc<Block>) -> Property {
    Property { name, source: Source::Computed(Rc::clone(block)), descending: None }
}

impl Property {
    /// The value for an object; `$null` where it has none.
    pub(super) fn of(&self, call: &mut Call<'_, '_>, value: &Val) -> Run<Val> {
        Ok(self.find(call, value)?.unwrap_or(Val::Null))
    }

    /// The value for an object, if it has one.
    pub(super) fn find(&self, call: &mut Call<'_, '_>, value: &Val) -> Run<Option<Val>> {
        match &self.source {
            // The `Count` and `Length` that everything has are no properties to be selected.
            Source::Named(name) | Source::Wild(name) => Ok(members::own_property(value, name)),
            Source::Computed(block) => {
                let mut results = Vec::new();
                call.ev.call_block(block, Some(value.clone()), Vec::new(), ScopeOf::Caller, &mut results)?;
                let value = Val::of_results(results);
                Ok(Some(if value.is_null() { Val::Null } else { value }))
            }
        }
    }

    /// Names and values for an object: several where the name is a pattern.
    pub(super) fn expand(&self, call: &mut Call<'_, '_>, value: &Val) -> Run<Vec<(Arc<str>, Val)>> {
        if let Source::Wild(pattern) = &self.source {
            return Ok(members::property_names(value)
                .into_iter()
                .filter(|name| wildcard::matches(pattern, name))
                .map(|name| {
                    let value = members::property(value, &name).unwrap_or(Val::Null);
                    (name, value)
                })
                .collect());
        }
        let own = match &self.source {
            // The spelling of the object's own name is kept.
            Source::Named(name) if *name == *self.name => {
                members::property_names(value).into_iter().find(|n| n.eq_ignore_ascii_case(name))
            }
            _ => None,
        };
        let name = own.unwrap_or_else(|| Arc::clone(&self.name));
        Ok(vec![(name, self.of(call, value)?)])
    }
}
