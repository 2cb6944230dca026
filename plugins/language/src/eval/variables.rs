//! Variables as the tree names them: scopes, automatic variables, and what may not be assigned.

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::flow::Run;
use super::scope::Scope;
use crate::object::convert::cast;
use crate::object::{Failure, Table, Type, Val, fault};
use crate::syntax::ast::Variable;

/// Variables that no assignment changes.
const READ_ONLY: &[&str] =
    &["true", "false", "?", "pwd", "psversiontable", "error", "executioncontext", "host", "home", "pid"];

impl Evaluator<'_> {
    /// The value of a variable; `$null` if there is none.
    pub(crate) fn variable(&mut self, variable: &Variable) -> Run<Val> {
        let name = &*variable.name;
        let Some(scope) = variable.scope.as_deref() else { return self.named(name) };
        Ok(match scope {
            "global" | "script" => match self.automatic(name)? {
                Some(value) => value,
                None => self.state.global.get_here(name).unwrap_or(Val::Null),
            },
            "local" | "private" => self.frame.scope.get_here(name).unwrap_or(Val::Null),
            "variable" => self.named(name)?,
            // The engine's environment is empty.
            "env" => Val::Null,
            other => return Err(unsupported_drive(other, name).into()),
        })
    }

    fn named(&mut self, name: &str) -> Run<Val> {
        if let Some(value) =
            self.frame.scope.get(if name.eq_ignore_ascii_case("psitem") { "_" } else { name })
        {
            return Ok(value);
        }
        Ok(self.automatic(name)?.unwrap_or(Val::Null))
    }

    /// What the engine itself provides under a name.
    fn automatic(&mut self, name: &str) -> Run<Option<Val>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "true" => Val::Bool(true),
            "false" => Val::Bool(false),
            "null" => Val::Null,
            "?" => Val::Bool(self.ok),
            "error" => Val::Array(std::rc::Rc::clone(&self.state.errors)),
            "pwd" => {
                let path = Val::str(&self.state.location);
                Val::object("System.Management.Automation.PathInfo", [("Path", path)])
            }
            "input" => {
                let mut all = Vec::new();
                while let Some(batch) = self.read_input()? {
                    crate::object::limits::admit_items(all.len() + batch.len())?;
                    all.extend(batch);
                }
                Val::array(all)
            }
            "psversiontable" => {
                let mut table = Table::ordered();
                table.set_text("PSVersion", Val::Version(std::rc::Rc::from([7, 4, 0])));
                table.set_text("PSEdition", Val::str("Bailiwick"));
                table.set_text("Platform", Val::str("WebAssembly"));
                Val::table(table)
            }
            "psculture" | "psuiculture" => Val::str(""),
            "ofs" => return Ok(None),
            "myinvocation" => {
                let command = Val::str(&self.frame.command);
                Val::object(
                    "System.Management.Automation.InvocationInfo",
                    [(
                        "MyCommand",
                        Val::object("System.Management.Automation.CommandInfo", [("Name", command)]),
                    )],
                )
            }
            _ => return Ok(None),
        }))
    }

    /// Assigns a variable, keeping to the type it was declared with.
    pub(crate) fn assign_variable(&mut self, variable: &Variable, value: Val, of: Option<Type>) -> Run {
        let name = &*variable.name;
        // Assigning to `$null` throws the value away.
        if variable.scope.is_none() && name.eq_ignore_ascii_case("null") {
            return Ok(());
        }
        if READ_ONLY.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(fault(
                "VariableNotWritable",
                ErrorCategory::WriteError,
                format!("cannot overwrite variable `{name}` because it is read-only or constant"),
            )
            .exception("System.Management.Automation.SessionStateUnauthorizedAccessException")
            .about(Val::str(name))
            .into());
        }
        let scope = match variable.scope.as_deref() {
            None | Some("local" | "private" | "variable") => &self.frame.scope,
            Some("global" | "script") => &self.state.global,
            Some(other) => return Err(unsupported_drive(other, name).into()),
        };
        let name = if name.eq_ignore_ascii_case("psitem") { "_" } else { name };
        store(scope, name, value, of)?;
        Ok(())
    }
}

fn store(scope: &Scope, name: &str, value: Val, of: Option<Type>) -> Result<(), Failure> {
    // A variable cannot hold "no output": reading it back gives `$null`, except to a pipeline.
    match of.or_else(|| scope.type_here(name)) {
        Some(of) => {
            let value = cast(&value, &of).map_err(|mut failure| {
                failure.record.message =
                    std::sync::Arc::from(format!("cannot set variable `{name}`: {}", failure.record.message));
                failure
            })?;
            scope.declare(name, value, Some(of));
        }
        None => scope.set(name, value),
    }
    Ok(())
}

fn unsupported_drive(drive: &str, name: &str) -> Failure {
    fault(
        "NotSupported",
        ErrorCategory::NotImplemented,
        format!(
            "the variable `{drive}:{name}` names a drive, which is not supported by this version; use a command"
        ),
    )
}
