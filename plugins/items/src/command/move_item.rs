//! Move-Item.

use std::fs;

use bailiwick_sdk::{Cmdlet, CommandInfo, ErrorCategory, Failure, Output, Parameters};

use super::transfer;
use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::Item;
use crate::select::{NameFilter, filters, force, given, parameters};
use crate::tree;

const NAMING: Naming = Naming {
    class: "MoveItemCommand",
    unauthorized: "MoveFileInfoItemUnauthorizedAccessError",
    io: ("MoveFileInfoItemIOError", ErrorCategory::WriteError),
    doing: "move",
};

#[derive(Debug)]
pub(crate) struct MoveItem;

impl Cmdlet for MoveItem {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Move-Item")
            .alias("mv")
            .alias("move")
            .alias("mi")
            .synopsis("Moves or renames items.")
            .description(
                "Moves files and folders with what is in them. A file that exists is replaced with -Force only. Between \
                 drives an item is copied whole and then removed.",
            )
            .example("Move-Item User:/a.txt User:/b.txt", "Renames a file.")
            .example("Move-Item User:/*.txt User:/texts", "Moves files into a folder.");
        transfer::takes(filters(parameters(info, true))).takes(force("Replaces a file that exists."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let destination = transfer::destination(parameters, &NAMING)?;
        let (force, pass) = (parameters.switch("Force")?, parameters.switch("PassThru")?);
        let names = NameFilter::new(parameters)?;
        for given in given(parameters, &NAMING, out)? {
            for item in given.items(&names, &NAMING, out)? {
                if !names.takes(item.path.name()) {
                    continue;
                }
                let Some(to) = transfer::target(&item, &destination, &NAMING, out)? else { continue };
                if self::transfer(&item, &to, force, out)? && pass {
                    transfer::pass(&to, &NAMING, out)?;
                }
            }
        }
        Ok(())
    }
}

fn transfer(item: &Item, to: &DrivePath, force: bool, out: &mut Output) -> Result<bool, Failure> {
    let from = &item.path;
    if from.is_root() {
        let message = format!("cannot move `{from}`: it is the root of a drive");
        out.error(NAMING.record("MoveItemInvalidOperation", ErrorCategory::InvalidOperation, from, message))?;
        return Ok(false);
    }
    if let Ok(existing) = Item::read(to)
        && (!force || existing.is_container)
    {
        let message = format!("cannot move `{from}` to `{to}`: that exists");
        let id = if item.is_container { "MoveDirectoryItemIOError" } else { NAMING.io.0 };
        out.error(NAMING.record(id, ErrorCategory::WriteError, to, message))?;
        return Ok(false);
    }
    if from.drive().eq_ignore_ascii_case(to.drive()) {
        return match fs::rename(from.real(), to.real()) {
            Ok(()) => Ok(true),
            Err(error) => {
                let record = NAMING.io(out, from, &error);
                out.error(record)?;
                Ok(false)
            }
        };
    }
    // What was not copied whole stays.
    Ok(tree::copy(from, to, true, &NAMING, out)? && tree::remove(from, &NAMING, out)?)
}
