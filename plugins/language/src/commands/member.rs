//! Get-Member.

use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, input, native, param};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::types::type_name;
use crate::object::{Val, members, wildcard};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Get-Member", Module::Utility, "Gets the properties of objects.", || {
            Box::new(Member::default())
        })
        .takes(input())
        .takes(param("Name", ValueType::Text, "Names or patterns; all if absent.").at(0).many())
        .takes(param("MemberType", ValueType::Text, "Accepted; properties are what there is.").alias("Type"))
        .example("Get-ChildItem | Get-Member", "The properties of an item."),
    ]
}

#[derive(Default)]
struct Member {
    seen: Vec<String>,
}

impl Command for Member {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        for value in call.inputs() {
            let of = type_name(&value);
            if self.seen.contains(&of) {
                continue;
            }
            self.seen.push(of.clone());
            let patterns = call.texts("Name");
            let mut names = members::property_names(&value);
            names.sort();
            for name in names {
                if !patterns.is_empty() && !patterns.iter().any(|p| wildcard::matches(p, &name)) {
                    continue;
                }
                let held = members::own_property(&value, &name).unwrap_or(Val::Null);
                let kind = if matches!(value, Val::Object(_)) { "NoteProperty" } else { "Property" };
                let shown = if held.is_null() { "object".to_owned() } else { type_name(&held) };
                let parts = [
                    ("TypeName", Val::from(of.clone())),
                    ("Name", Val::str(&name)),
                    ("MemberType", Val::str(kind)),
                    ("Definition", Val::from(format!("{shown} {name}"))),
                ];
                call.write(Val::object("Microsoft.PowerShell.Commands.MemberDefinition", parts))?;
            }
        }
        Ok(())
    }
}
