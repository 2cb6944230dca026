//! Get-Help, from the metadata of the commands that the session sees.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, ValueType};

use super::describe::{Module, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::Run;
use crate::eval::resolve::{ALIASES, Resolved};
use crate::object::{Val, fault, wildcard};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Get-Help", Module::Core, "Tells about the commands that this session may run.", || {
            Box::new(GetHelp)
        })
        .takes(param("Name", ValueType::Text, "A command's name, or a pattern.").at(0).piped().by_name())
        .takes(switch("Full", "Accepted: all there is is always told."))
        .takes(switch("Detailed", "Accepted: all there is is always told."))
        .takes(switch("Examples", "Accepted: all there is is always told."))
        .minimal()
        .example("Get-Help Get-Command", "Tells about one command."),
    ]
}

struct GetHelp;

impl Command for GetHelp {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let name = call.text("Name").unwrap_or_else(|| "*".into());
        if wildcard::is_pattern(&name) {
            let mut topics: Vec<(String, String)> =
                call.ev.host.commands().iter().map(|i| (i.name.clone(), i.synopsis.clone())).collect();
            let natives = super::all().iter().filter(|n| super::sees(call.ev.state, n));
            topics.extend(natives.map(|n| (n.info.name.clone(), n.info.synopsis.clone())));
            topics.sort();
            for (topic, synopsis) in topics.into_iter().filter(|(topic, _)| wildcard::matches(&name, topic)) {
                let parts = [
                    ("Name", Val::from(topic)),
                    ("Category", Val::str("Cmdlet")),
                    ("Synopsis", Val::from(synopsis)),
                ];
                call.write(Val::object("HelpInfoShort", parts))?;
            }
            return Ok(());
        }
        let target =
            ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(&name)).map(|(_, target)| *target);
        let found = match call.ev.frame.scope.function(&name) {
            Some(function) => Some(Rc::clone(&function.info)),
            None => match call.ev.visible(target.unwrap_or(&name)) {
                Some(Resolved::Native(native)) => Some(Rc::new(native.info.clone())),
                Some(Resolved::Effectful(info)) => Some(info),
                _ => None,
            },
        };
        let Some(info) = found else {
            let endpoint = &call.ev.state.config.endpoint;
            return Err(fault(
                "HelpNotFound",
                ErrorCategory::ObjectNotFound,
                format!("there is no help for `{name}`: it is not available on endpoint `{endpoint}`"),
            )
            .about(Val::from(name))
            .into());
        };
        call.write(help(&info))
    }
}

fn help(info: &CommandInfo) -> Val {
    let parameters = info.parameters.iter().map(parameter).collect();
    let examples = info.examples.iter().map(|example| {
        let parts = [("Code", Val::str(&example.code)), ("Remarks", Val::str(&example.remarks))];
        Val::object("ExampleHelpInfo", parts)
    });
    let parts = [
        ("Name", Val::str(&info.name)),
        ("Module", Val::str(&info.module)),
        ("Synopsis", Val::str(&info.synopsis)),
        ("Syntax", Val::array(syntax(info).into_iter().map(Val::from).collect())),
        ("Description", Val::str(&info.description)),
        ("Parameters", Val::array(parameters)),
        ("Examples", Val::array(examples.collect())),
        ("CommonParameters", Val::array(info.common_parameters.iter().map(Val::str).collect())),
    ];
    Val::object("HelpInfo", parts)
}

fn parameter(info: &ParameterInfo) -> Val {
    let position = match info.position {
        Some(position) => Val::from(position.to_string()),
        None => Val::str("Named"),
    };
    let parts = [
        ("Name", Val::str(&info.name)),
        ("Type", Val::from(type_of(info))),
        ("Required", Val::Bool(info.mandatory)),
        ("Position", position),
        ("PipelineInput", Val::Bool(info.by_value || info.by_property_name)),
        ("Aliases", Val::array(info.aliases.iter().map(Val::str).collect())),
        ("AllowedValues", Val::array(info.one_of.iter().map(Val::str).collect())),
        ("Description", Val::str(&info.help)),
    ];
    Val::object("ParameterHelpInfo", parts)
}

fn type_of(info: &ParameterInfo) -> String {
    let name = match info.value_type {
        ValueType::Any => "object",
        ValueType::Boolean => "bool",
        ValueType::Switch => "switch",
        ValueType::Int32 => "int",
        ValueType::Int64 => "long",
        ValueType::Double => "double",
        ValueType::Text => "string",
        ValueType::DateTime => "datetime",
        ValueType::TimeSpan => "timespan",
        ValueType::Hashtable => "hashtable",
        ValueType::ScriptBlock => "scriptblock",
        ValueType::Object => "psobject",
    };
    if info.collection { format!("{name}[]") } else { name.to_owned() }
}

/// A line of syntax for each parameter set.
pub(super) fn syntax(info: &CommandInfo) -> Vec<String> {
    let mut sets: Vec<&str> =
        info.parameters.iter().flat_map(|p| p.sets.iter().map(String::as_str)).collect();
    sets.dedup();
    let mut distinct: Vec<&str> = Vec::new();
    for set in sets {
        if !distinct.contains(&set) {
            distinct.push(set);
        }
    }
    if distinct.is_empty() {
        distinct.push("");
    }
    distinct.iter().map(|set| line(info, set)).collect()
}

fn line(info: &CommandInfo, set: &str) -> String {
    let mut parameters: Vec<&ParameterInfo> =
        info.parameters.iter().filter(|p| p.sets.is_empty() || p.sets.iter().any(|s| s == set)).collect();
    parameters.sort_by_key(|p| p.position.unwrap_or(u32::MAX));
    let mut out = info.name.clone();
    for p in parameters {
        let name = if p.position.is_some() { format!("[-{}]", p.name) } else { format!("-{}", p.name) };
        let shown = match p.value_type {
            ValueType::Switch => name,
            _ => format!("{name} <{}>", type_of(p)),
        };
        out.push(' ');
        out.push_str(&if p.mandatory { shown } else { format!("[{shown}]") });
    }
    if !info.common_parameters.is_empty() {
        out.push_str(" [<CommonParameters>]");
    }
    out
}
