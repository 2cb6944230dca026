//! Group-Object.

use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param, switch};
use super::properties::{self, Property};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::text::display;
use crate::object::{Table, Val, limits};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native(
            "Group-Object",
            Module::Utility,
            "Groups objects that have the same values of properties.",
            || Box::new(Group::default()),
        )
        .takes(input())
        .takes(
            param("Property", ValueType::Any, "What to group by: names, or calculated properties.")
                .at(0)
                .many(),
        )
        .takes(switch("NoElement", "Leaves the members out of the groups."))
        .takes(switch("AsHashTable", "Writes one hashtable of the groups."))
        .takes(switch("AsString", "Makes the keys of that hashtable text."))
        .takes(switch("CaseSensitive", "Regards case."))
        .example("Get-ChildItem | Group-Object Extension", "Counts items by extension."),
    ]
}

#[derive(Default)]
struct Group {
    properties: Vec<Property>,
    /// From the text of the values to the place of their group.
    index: std::collections::HashMap<String, usize>,
    groups: Vec<(Vec<Val>, Vec<Val>)>,
    count: usize,
}

impl Command for Group {
    fn begin(&mut self, call: &mut Call<'_, '_>) -> Run {
        let values = call.get("Property").map(|v| v.elements_or_none()).unwrap_or_default();
        self.properties = properties::parse(&values)?;
        Ok(())
    }

    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            self.count += 1;
            limits::admit_items(self.count)?;
            let mut keys = Vec::new();
            for property in &self.properties {
                keys.push(property.of(call, &value)?);
            }
            if keys.is_empty() {
                keys.push(value.clone());
            }
            let text: Vec<String> = keys.iter().map(display).collect();
            let text = text.join("\u{1f}");
            let text = if call.switch("CaseSensitive") { text } else { text.to_lowercase() };
            let at = *self.index.entry(text).or_insert(self.groups.len());
            match self.groups.get_mut(at) {
                Some((_, members)) => members.push(value),
                None => self.groups.push((keys, vec![value])),
            }
        }
        Ok(())
    }

    fn end(&mut self, call: &mut Call<'_, '_>) -> Run {
        let mut groups = std::mem::take(&mut self.groups);
        if call.switch("AsHashTable") {
            let mut table = Table::default();
            for (mut keys, members) in groups {
                let key = if keys.len() == 1 { keys.pop().unwrap_or_default() } else { Val::array(keys) };
                let key = if call.switch("AsString") { Val::from(display(&key)) } else { key };
                table.set(key, Val::array(members));
            }
            return call.write(Val::table(table));
        }
        groups.sort_by(|a, b| {
            let mut pairs = a.0.iter().zip(&b.0).map(|(x, y)| crate::object::compare::sort_order(x, y, true));
            pairs.find(|o| o.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        for (keys, members) in groups {
            let name: Vec<String> = keys.iter().map(display).collect();
            let count = Val::count(members.len());
            let mut parts = vec![("Values", Val::array(keys)), ("Count", count)];
            if !call.switch("NoElement") {
                parts.push(("Group", Val::array(members)));
            }
            parts.push(("Name", Val::from(name.join(", "))));
            call.write(Val::object("Microsoft.PowerShell.Commands.GroupInfo", parts))?;
        }
        Ok(())
    }
}
