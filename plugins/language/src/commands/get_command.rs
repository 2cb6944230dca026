//! Get-Command: what the session sees, and nothing else.

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::{CommandInfo, ValueType};

use super::describe::{Module, native, param};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::eval::resolve::ALIASES;
use crate::object::{Val, fault, wildcard};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Get-Command", Module::Core, "Gets the commands that this session may run.", || {
            Box::new(GetCommand)
        })
        .takes(
            param("Name", ValueType::Text, "Names or patterns; all if absent.")
                .at(0)
                .many()
                .piped()
                .by_name(),
        )
        .takes(param("Module", ValueType::Text, "Modules or patterns.").many())
        .takes(param("Noun", ValueType::Text, "Nouns or patterns.").many())
        .takes(param("Verb", ValueType::Text, "Verbs or patterns.").many())
        .takes(
            param("CommandType", ValueType::Text, "The kinds of command.")
                .alias("Type")
                .many()
                .one_of(&["Cmdlet", "Function", "Alias", "All"]),
        )
        .minimal()
        .example("Get-Command *-Content", "The commands for contents."),
    ]
}

/// A command that the session sees.
struct Seen {
    kind: &'static str,
    name: String,
    source: String,
    parameters: Vec<String>,
    definition: String,
}

struct GetCommand;

impl Command for GetCommand {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let names = call.texts("Name");
        let (modules, nouns, verbs) = (call.texts("Module"), call.texts("Noun"), call.texts("Verb"));
        let kinds = call.texts("CommandType");
        let any = |patterns: &[String], text: &str| {
            patterns.is_empty() || patterns.iter().any(|p| wildcard::matches(p, text))
        };
        let of_kind = |kind: &str| {
            kinds.is_empty() && kind != "Alias"
                || kinds.iter().any(|k| k.eq_ignore_ascii_case(kind) || k.eq_ignore_ascii_case("All"))
        };
        let all = seen(call);
        let mut found = Vec::new();
        for command in &all {
            let (verb, noun) = command.name.split_once('-').unwrap_or(("", &command.name));
            // An alias is shown when it is asked for by name.
            let named = names.iter().any(|n| n.eq_ignore_ascii_case(&command.name));
            let kind = of_kind(command.kind) || kinds.is_empty() && command.kind == "Alias" && named;
            if kind
                && any(&names, &command.name)
                && any(&modules, &command.source)
                && any(&nouns, noun)
                && any(&verbs, verb)
            {
                found.push(command);
            }
        }
        for name in names.iter().filter(|n| !wildcard::is_pattern(n)) {
            if !found.iter().any(|c| c.name.eq_ignore_ascii_case(name)) {
                let endpoint = &call.ev.state.config.endpoint;
                let failure = fault(
                    "CommandNotFoundException",
                    ErrorCategory::ObjectNotFound,
                    format!("the term `{name}` is not available on endpoint `{endpoint}`"),
                )
                .exception("System.Management.Automation.CommandNotFoundException")
                .about(Val::str(name));
                call.error(failure)?;
            }
        }
        for command in found {
            let parameters = command.parameters.iter().map(Val::str).collect();
            let parts = [
                ("CommandType", Val::str(command.kind)),
                ("Name", Val::str(&command.name)),
                ("Source", Val::str(&command.source)),
                ("Parameters", Val::array(parameters)),
                ("Definition", Val::str(&command.definition)),
            ];
            call.write(Val::object("System.Management.Automation.CommandInfo", parts))?;
        }
        Ok(())
    }
}

fn seen(call: &mut Call<'_, '_>) -> Vec<Seen> {
    let cmdlet = |info: &CommandInfo| Seen {
        kind: "Cmdlet",
        name: info.name.clone(),
        source: info.module.clone(),
        parameters: info.parameters.iter().map(|p| p.name.clone()).collect(),
        definition: super::get_help::syntax(info).join("\n"),
    };
    let mut all: Vec<Seen> = call.ev.host.commands().iter().map(|info| cmdlet(info)).collect();
    all.extend(super::all().iter().filter(|n| super::sees(call.ev.state, n)).map(|n| cmdlet(&n.info)));
    for function in call.ev.frame.scope.functions() {
        all.push(Seen {
            kind: "Function",
            name: function.name.to_string(),
            source: String::new(),
            parameters: function.info.parameters.iter().map(|p| p.name.clone()).collect(),
            definition: function.text.to_string(),
        });
    }
    for (alias, target) in ALIASES {
        if all.iter().any(|c| c.kind == "Cmdlet" && c.name.eq_ignore_ascii_case(target)) {
            all.push(Seen {
                kind: "Alias",
                name: (*alias).to_owned(),
                source: String::new(),
                parameters: Vec::new(),
                definition: (*target).to_owned(),
            });
        }
    }
    all.sort_by_key(|command| command.name.to_lowercase());
    all
}
