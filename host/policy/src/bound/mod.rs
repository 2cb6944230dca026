//! Records on their way to a decision: strictly what the command's metadata says, or refused. A record comes from the
//! engine, which is a guest: nothing about it is believed.

mod sets;
mod types;

pub(crate) use types::{push_children, text_of};

use std::sync::Arc;

use bailiwick_objects::metadata::{CommandInfo, ParameterInfo};
use bailiwick_objects::{Hashtable, Value};

use crate::denial::{Denial, DenyReason};
use crate::model::{DriveGrant, Role};
use crate::path::DrivePath;

/// One record of a command, checked and canonical. Only [`crate::Authority::bind`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundRecord {
    command: Arc<CommandInfo>,
    pub(crate) arguments: Vec<Argument>,
}

/// One parameter's value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Argument {
    /// The canonical name.
    pub(crate) parameter: Arc<str>,
    pub(crate) value: Value,
    /// The value's paths, if the parameter is one.
    pub(crate) paths: Vec<DrivePath>,
}

impl BoundRecord {
    /// The command.
    pub fn command(&self) -> &CommandInfo {
        &self.command
    }

    /// The parameters with their values, in the order of the command's metadata.
    pub fn arguments(&self) -> Hashtable {
        Hashtable::of(self.arguments.iter().map(|argument| (&*argument.parameter, argument.value.clone())))
    }

    /// The paths that the record names.
    pub fn paths(&self) -> impl Iterator<Item = &DrivePath> {
        self.arguments.iter().flat_map(|argument| &argument.paths)
    }

    pub(crate) fn argument(&self, parameter: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| *argument.parameter == *parameter)
    }
}

/// Checks a record of a visible command.
pub(crate) fn bind(
    command: &Arc<CommandInfo>,
    arguments: &Hashtable,
    roles: &[Arc<Role>],
    drives: &[DriveGrant],
) -> Result<BoundRecord, Box<Denial>> {
    let mut bound: Vec<(usize, Argument)> = Vec::new();
    types::require_size(command, arguments)?;
    for (key, value) in &arguments.entries {
        let Value::String(name) = key else {
            return Err(malformed(command, "a parameter's name is not a string"));
        };
        let (at, info) = granted_parameter(command, name, roles)?;
        if bound.iter().any(|(other, _)| *other == at) {
            return Err(malformed(command, "a parameter is bound twice").target(key.clone()));
        }
        let value = types::canonical(command, info, value)?;
        let argument = if info.path {
            with_paths(command, info, value, drives)?
        } else {
            Argument { parameter: info.name.as_str().into(), value, paths: Vec::new() }
        };
        bound.push((at, argument));
    }
    bound.sort_by_key(|(at, _)| *at);
    let arguments: Vec<_> = bound.into_iter().map(|(_, argument)| argument).collect();
    sets::require_one(command, &arguments)?;
    Ok(BoundRecord { command: Arc::clone(command), arguments })
}

/// The parameter of exactly this name, if some grant lists it. An alias, an abbreviation or another case is no name
/// here, and a hidden parameter is answered like one that does not exist.
fn granted_parameter<'c>(
    command: &'c CommandInfo,
    name: &str,
    roles: &[Arc<Role>],
) -> Result<(usize, &'c ParameterInfo), Box<Denial>> {
    let found = command.parameters.iter().enumerate().find(|(_, parameter)| parameter.name == name);
    let mut grants = roles.iter().filter_map(|role| role.grant(&command.name));
    match found {
        Some(found) if grants.any(|grant| grant.parameters.lists(name)) => Ok(found),
        _ => {
            let denial = Denial::no_such_parameter(&command.name, name);
            let first = roles.iter().find_map(|role| role.grant(&command.name));
            Err(match first {
                Some(grant) => denial.by(grant.rule.clone()),
                None => denial,
            })
        }
    }
}

fn with_paths(
    command: &CommandInfo,
    info: &ParameterInfo,
    value: Value,
    drives: &[DriveGrant],
) -> Result<Argument, Box<Denial>> {
    let mut paths = Vec::new();
    let value = match value {
        Value::Array(items) => {
            let mut canonical = Vec::with_capacity(items.len());
            for item in items {
                let path = drive_path(command, &item, drives)?;
                canonical.push(Value::from(path.to_string()));
                paths.push(path);
            }
            Value::Array(canonical)
        }
        single => {
            let path = drive_path(command, &single, drives)?;
            let canonical = Value::from(path.to_string());
            paths.push(path);
            canonical
        }
    };
    Ok(Argument { parameter: info.name.as_str().into(), value, paths })
}

fn drive_path(command: &CommandInfo, value: &Value, drives: &[DriveGrant]) -> Result<DrivePath, Box<Denial>> {
    let Value::String(text) = value else { return Err(malformed(command, "a path is not a string")) };
    let path = DrivePath::parse(text).map_err(|fault| {
        let message = format!("the path {} is refused: {fault}", crate::text::quoted(text));
        Denial::new(DenyReason::PathRefused, &command.name, message)
            .target(value.clone())
            .help(drives_of_session(drives))
    })?;
    match drives.iter().find(|drive| drive.name.eq_ignore_ascii_case(path.drive())) {
        Some(drive) => Ok(path.on(&drive.name)),
        None => Err(no_such_drive(&command.name, &path).help(drives_of_session(drives))),
    }
}

/// The answer for a drive that is not held, or does not exist.
fn no_such_drive(command: &str, path: &DrivePath) -> Box<Denial> {
    let drive = path.drive();
    let message = format!("cannot find drive: a drive with the name `{drive}` does not exist");
    Denial::new(DenyReason::DriveNotGranted, command, message).target(Value::from(path.to_string()))
}

fn drives_of_session(drives: &[DriveGrant]) -> String {
    if drives.is_empty() {
        return "this session has no drives".to_owned();
    }
    let names: Vec<_> = drives.iter().map(|drive| format!("{}:", drive.name)).collect();
    format!("the drives of this session: {}", names.join(", "))
}

fn malformed(command: &CommandInfo, what: &str) -> Box<Denial> {
    let message = format!("cannot run `{}`: {what}", command.name);
    Denial::new(DenyReason::Malformed, &command.name, message)
}
