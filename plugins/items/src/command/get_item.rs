//! Get-Item.

use bailiwick_sdk::{Cmdlet, CommandInfo, ErrorCategory, Failure, Output, Parameters};

use crate::fault::Naming;
use crate::item::{DIRECTORY, FILE};
use crate::select::{NameFilter, filters, force, given, parameters};

const NAMING: Naming = Naming {
    class: "GetItemCommand",
    unauthorized: "ItemUnauthorizedAccessError",
    io: ("GetItemIOError", ErrorCategory::ReadError),
    doing: "get",
};

#[derive(Debug)]
pub(crate) struct GetItem;

impl Cmdlet for GetItem {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Get-Item")
            .alias("gi")
            .synopsis("Gets items of drives.")
            .description("Gets each file or folder named, not what is in it. Wildcards are expanded.")
            .example("Get-Item Logs:/access.log", "Gets one file.")
            .example("Get-Item Logs:/*", "Gets all items in the root of the drive.")
            .writes(FILE)
            .writes(DIRECTORY);
        filters(parameters(info, true)).takes(force("Gets hidden items that a wildcard finds too."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let names = NameFilter::new(parameters)?;
        for given in given(parameters, &NAMING, out)? {
            for item in given.items(&names, &NAMING, out)? {
                if names.takes(item.path.name()) {
                    out.write(item.object())?;
                }
            }
        }
        Ok(())
    }
}
