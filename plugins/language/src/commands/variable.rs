//! Get-Variable and Set-Variable.

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::ValueType;

use super::describe::{Module, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::object::{Val, fault, wildcard};
use crate::syntax::ast::Variable;

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Get-Variable", Module::Utility, "Gets the variables of the session.", || Box::new(Get))
            .takes(param("Name", ValueType::Text, "Names or patterns; all if absent.").at(0).many())
            .takes(switch("ValueOnly", "Writes the values alone."))
            .full_only(),
        native("Set-Variable", Module::Utility, "Sets a variable.", || Box::new(Set))
            .takes(param("Name", ValueType::Text, "The variable's name.").mandatory().at(0).by_name())
            .takes(param("Value", ValueType::Any, "Its value.").at(1).piped())
            .takes(
                param("Scope", ValueType::Text, "Where: `Local` or `Global`.")
                    .one_of(&["Local", "Global", "Script"]),
            )
            .full_only(),
    ]
}

struct Get;

impl Command for Get {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let patterns = call.texts("Name");
        let names = call.ev.frame.scope.names();
        let mut found = Vec::new();
        for pattern in if patterns.is_empty() { vec!["*".to_owned()] } else { patterns } {
            let before = found.len();
            found.extend(names.iter().filter(|name| wildcard::matches(&pattern, name)).cloned());
            if found.len() == before && !wildcard::is_pattern(&pattern) {
                let failure = fault(
                    "VariableNotFound",
                    ErrorCategory::ObjectNotFound,
                    format!("cannot find a variable with the name `{pattern}`"),
                )
                .about(Val::str(&pattern));
                call.error(failure)?;
            }
        }
        for name in found {
            let value = call.ev.frame.scope.get(&name).unwrap_or(Val::Null);
            if call.switch("ValueOnly") {
                call.write(value)?;
            } else {
                let parts = [("Name", Val::from(name)), ("Value", value)];
                call.write(Val::object("System.Management.Automation.PSVariable", parts))?;
            }
        }
        Ok(())
    }
}

struct Set;

impl Command for Set {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let name = call.text("Name").unwrap_or_default();
        let value = call.get("Value").unwrap_or(Val::Null);
        let scope = call.text("Scope").map(|s| s.to_lowercase().into());
        let variable = Variable { scope, name: name.as_str().into(), splatted: false };
        call.ev.assign_variable(&variable, value, None)
    }
}
