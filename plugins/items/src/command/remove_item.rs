//! Remove-Item.

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType,
};

use crate::fault::Naming;
use crate::item::Item;
use crate::select::{NameFilter, filters, force, given, parameters};
use crate::tree;

const NAMING: Naming = Naming {
    class: "RemoveItemCommand",
    unauthorized: "RemoveFileSystemItemUnAuthorizedAccess",
    io: ("RemoveItemIOError", ErrorCategory::WriteError),
    doing: "remove",
};

#[derive(Debug)]
pub(crate) struct RemoveItem;

impl Cmdlet for RemoveItem {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Remove-Item")
            .alias("rm")
            .alias("ri")
            .alias("del")
            .alias("erase")
            .alias("rd")
            .alias("rmdir")
            .synopsis("Removes items from drives.")
            .description(
                "Removes files and empty folders; with -Recurse also folders with what is in them. A link is removed, \
                 never followed. The root of a drive is not removed.",
            )
            .example("Remove-Item User:/old.txt", "Removes a file.")
            .example("Remove-Item User:/reports -Recurse", "Removes a folder and what is in it.");
        filters(parameters(info, true))
            .takes(ParameterInfo::new("Recurse", ValueType::Switch).help("Removes what is in folders too."))
            .takes(force("Removes hidden items that a wildcard finds too."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let recurse = parameters.switch("Recurse")?;
        let names = NameFilter::new(parameters)?;
        for given in given(parameters, &NAMING, out)? {
            for item in given.items(&names, &NAMING, out)? {
                if names.takes(item.path.name()) {
                    remove(&item, recurse, out)?;
                }
            }
        }
        Ok(())
    }
}

fn remove(item: &Item, recurse: bool, out: &mut Output) -> Result<(), Failure> {
    let path = &item.path;
    if path.is_root() {
        let message = format!("cannot remove `{path}`: it is the root of a drive");
        let id = "RemoveItemInvalidOperation";
        return Ok(out.error(NAMING.record(id, ErrorCategory::InvalidOperation, path, message))?);
    }
    let is_folder = item.is_container && !item.is_link();
    if is_folder && !recurse && tree::list(path, |_| true).is_ok_and(|entries| !entries.is_empty()) {
        let message = format!("cannot remove `{path}`: it is not empty; use -Recurse");
        let record = NAMING.record("DirectoryNotEmpty", ErrorCategory::WriteError, path, message);
        return Ok(out.error(record)?);
    }
    tree::remove(path, &NAMING, out)?;
    Ok(())
}
