//! Copy-Item.

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType,
};

use super::transfer;
use crate::fault::Naming;
use crate::select::{NameFilter, filters, force, given, parameters};
use crate::tree;

const NAMING: Naming = Naming {
    class: "CopyItemCommand",
    unauthorized: "CopyFileInfoItemUnauthorizedAccessError",
    io: ("CopyFileInfoItemIOError", ErrorCategory::WriteError),
    doing: "copy",
};

#[derive(Debug)]
pub(crate) struct CopyItem;

impl Cmdlet for CopyItem {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Copy-Item")
            .alias("cp")
            .alias("copy")
            .alias("cpi")
            .synopsis("Copies items, within a drive or between drives.")
            .description(
                "Copies files, replacing those that exist; with -Recurse also what is in folders, else a folder alone. \
                 Links in folders are left out, with a warning.",
            )
            .example("Copy-Item Logs:/access.log User:/", "Copies a file into the root of another drive.")
            .example("Copy-Item User:/a User:/b -Recurse", "Copies a folder.");
        let info = transfer::takes(filters(parameters(info, true)));
        info.takes(ParameterInfo::new("Recurse", ValueType::Switch).help("Copies what is in folders too."))
            .takes(force("Copies hidden items that a wildcard finds too."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let destination = transfer::destination(parameters, &NAMING)?;
        let (recurse, pass) = (parameters.switch("Recurse")?, parameters.switch("PassThru")?);
        let names = NameFilter::new(parameters)?;
        for given in given(parameters, &NAMING, out)? {
            for item in given.items(&names, &NAMING, out)? {
                if !names.takes(item.path.name()) {
                    continue;
                }
                let Some(to) = transfer::target(&item, &destination, &NAMING, out)? else { continue };
                if tree::copy(&item.path, &to, recurse, &NAMING, out)? && pass {
                    transfer::pass(&to, &NAMING, out)?;
                }
            }
        }
        Ok(())
    }
}
