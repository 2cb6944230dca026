//! Test-Path.

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType,
};

use crate::fault::Naming;
use crate::select::{Given, NameFilter, parameters};

const NAMING: Naming = Naming {
    class: "TestPathCommand",
    unauthorized: "ItemExistsUnauthorizedAccessError",
    io: ("TestPathIOError", ErrorCategory::ReadError),
    doing: "look for",
};

#[derive(Debug)]
pub(crate) struct TestPath;

#[derive(Debug, Clone, Copy)]
enum PathType {
    Any,
    Container,
    Leaf,
}

impl Cmdlet for TestPath {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Test-Path")
            .synopsis("Tells whether items exist.")
            .description(
                "Writes True for each path that there is an item of, else False: also for a path that is none, and for one \
                 that may not be looked at. Of a path with wildcards, whether they find anything.",
            )
            .example("Test-Path Logs:/access.log -PathType Leaf", "Tells whether there is such a file.")
            .writes("System.Boolean");
        parameters(info, true).takes(
            ParameterInfo::new("PathType", ValueType::Text)
                .alias("Type")
                .one_of(&["Any", "Container", "Leaf"])
                .help("What the item has to be: Any (the default), Container or Leaf."),
        )
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let wanted = path_type(parameters)?;
        let names = NameFilter::new(parameters)?;
        for (name, literal) in [("Path", false), ("LiteralPath", true)] {
            for text in parameters.texts(name)? {
                let exists = match Given::parse(text, literal) {
                    Ok(given) => exists(&given, wanted, &names, out)?,
                    Err(_) => false,
                };
                out.write(exists)?;
            }
        }
        Ok(())
    }
}

fn path_type(parameters: &Parameters) -> Result<PathType, Failure> {
    let Some(name) = parameters.text("PathType")? else { return Ok(PathType::Any) };
    let known = [("Any", PathType::Any), ("Container", PathType::Container), ("Leaf", PathType::Leaf)];
    match known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, path_type)) => Ok(path_type),
        None => {
            let message = format!("cannot look for a `{name}`: give Any, Container or Leaf");
            Err(NAMING.record("InvalidPathType", ErrorCategory::InvalidArgument, name, message).into())
        }
    }
}

fn exists(given: &Given, wanted: PathType, names: &NameFilter, out: &mut Output) -> Result<bool, Failure> {
    let items = given.found(names, out)?;
    Ok(items.iter().any(|item| match wanted {
        PathType::Any => true,
        PathType::Container => item.is_container,
        PathType::Leaf => !item.is_container,
    }))
}
