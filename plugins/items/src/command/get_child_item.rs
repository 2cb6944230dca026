//! Get-ChildItem.

use std::collections::VecDeque;

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, Value, ValueType,
};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::{DIRECTORY, FILE, Item};
use crate::select::{Given, NameFilter, filters, force, given, parameters};
use crate::tree::list;
use crate::wildcard::{Pattern, is_pattern};

/// Folders that wait to be listed in a recursion.
const MAX_WAITING: usize = 100_000;

const NAMING: Naming = Naming {
    class: "GetChildItemCommand",
    unauthorized: "DirUnauthorizedAccessError",
    io: ("DirIOError", ErrorCategory::ReadError),
    doing: "list",
};

#[derive(Debug)]
pub(crate) struct GetChildItem;

/// What one record asks for.
struct Request {
    names: NameFilter,
    /// Levels below the first.
    depth: u64,
    recurse: bool,
    only_names: bool,
    files: bool,
    directories: bool,
}

impl Cmdlet for GetChildItem {
    fn info() -> CommandInfo {
        let info = CommandInfo::new("Get-ChildItem")
            .alias("gci")
            .alias("dir")
            .alias("ls")
            .synopsis("Gets the items in folders of drives.")
            .description(
                "Lists the files and folders in each folder named, folders first, each sort by name. A path that is a \
                 file, or holds a wildcard, gives the items it finds. Items whose name begins with a dot are hidden \
                 without -Force. A recursion does not follow links.",
            )
            .example("Get-ChildItem -Path Logs:/", "Lists the root of the drive Logs.")
            .example("Get-ChildItem Logs:/ -Recurse -Filter *.log -File", "Finds the log files in all folders.")
            .writes(FILE)
            .writes(DIRECTORY);
        filters(parameters(info, false))
            .takes(
                ParameterInfo::new("Recurse", ValueType::Switch)
                    .alias("s")
                    .help("Lists folders in folders too."),
            )
            .takes(ParameterInfo::new("Depth", ValueType::Int32).help("Recurses so many levels deep."))
            .takes(ParameterInfo::new("Name", ValueType::Switch).help("Writes names instead of items."))
            .takes(ParameterInfo::new("File", ValueType::Switch).alias("af").help("Lists files only."))
            .takes(ParameterInfo::new("Directory", ValueType::Switch).alias("ad").help("Lists folders only."))
            .takes(force("Lists hidden items too."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        if !parameters.is_bound("Path") && !parameters.is_bound("LiteralPath") {
            let message = "cannot list the current location: there is none; give a path";
            return Err(NAMING.record("NoLocation", ErrorCategory::InvalidOperation, "", message).into());
        }
        let depth = parameters.int64("Depth")?;
        let mut request = Request {
            names: NameFilter::new(parameters)?,
            depth: depth.map_or(u64::MAX, |depth| u64::try_from(depth).unwrap_or(0)),
            recurse: parameters.switch("Recurse")? || depth.is_some(),
            only_names: parameters.switch("Name")?,
            files: parameters.switch("File")?,
            directories: parameters.switch("Directory")?,
        };
        for mut given in given(parameters, &NAMING, out)? {
            request.narrow(&mut given);
            for item in given.items(&request.names, &NAMING, out)? {
                if item.is_container && (request.recurse || !given.is_pattern) {
                    request.list(&item.path, out)?;
                } else if request.names.takes(item.path.name()) {
                    let folder = item.path.parent().unwrap_or_else(|| item.path.root());
                    request.write(&item, &folder, out)?;
                }
            }
        }
        Ok(())
    }
}

impl Request {
    /// In a recursion a pattern at the end of a path is a pattern for names at every level.
    fn narrow(&mut self, given: &mut Given) {
        let Some(folder) = given.path.parent().filter(|_| self.recurse && given.is_pattern) else {
            return;
        };
        if !is_pattern(given.path.name()) {
            return;
        }
        if given.path.name() != "*" {
            self.names.include(Pattern::new(given.path.name()));
        }
        given.path = folder;
        given.is_pattern = given.path.segments().iter().any(|segment| is_pattern(segment));
    }

    fn list(&self, folder: &DrivePath, out: &mut Output) -> Result<(), Failure> {
        let mut waiting = VecDeque::from([(folder.clone(), 0_u64)]);
        while let Some((current, level)) = waiting.pop_front() {
            out.check_stopping()?;
            let goes_deeper = self.recurse && level < self.depth;
            // Whether an entry is a folder is not known here: a name that no pattern takes may be one to recurse into.
            let entries =
                list(&current, |name| (goes_deeper || self.names.takes(name)) && self.names.shows(name));
            let entries = match entries {
                Ok(entries) => entries,
                Err(error) => {
                    let record = NAMING.io(out, &current, &error);
                    out.error(record)?;
                    continue;
                }
            };
            let mut below = Vec::new();
            for entry in entries {
                let path = current.child(&entry.name);
                if goes_deeper && entry.kind.is_dir() {
                    below.push((path.clone(), level + 1));
                }
                if !self.names.takes(&entry.name) {
                    continue;
                }
                match Item::read(&path) {
                    Ok(item) => self.write(&item, folder, out)?,
                    // Gone since it was listed.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => {
                        let record = NAMING.io(out, &path, &error);
                        out.error(record)?;
                    }
                }
            }
            if waiting.len() + below.len() > MAX_WAITING {
                let message = format!("`{folder}` holds more than {MAX_WAITING} folders: list a part of it");
                return Err(NAMING
                    .record("TooManyFolders", ErrorCategory::LimitsExceeded, folder, message)
                    .into());
            }
            // A folder's own folders come before its next sibling.
            below.into_iter().rev().for_each(|folder| waiting.push_front(folder));
        }
        Ok(())
    }

    fn write(&self, item: &Item, folder: &DrivePath, out: &mut Output) -> Result<(), Failure> {
        let excluded = (self.files && item.is_container) || (self.directories && !item.is_container);
        if excluded {
            return Ok(());
        }
        let value = if self.only_names {
            Value::from(item.path.relative_to(folder))
        } else {
            Value::Object(item.object())
        };
        Ok(out.write(value)?)
    }
}
