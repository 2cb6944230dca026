//! New-Item.

use std::fs::{self, File};
use std::io::{self, Write};

use bailiwick_sdk::{
    Cmdlet, CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType,
};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::{DIRECTORY, FILE, Item};
use crate::select::force;
use crate::text::texts;

const NAMING: Naming = Naming {
    class: "NewItemCommand",
    unauthorized: "NewItemUnauthorizedAccessError",
    io: ("NewItemIOError", ErrorCategory::WriteError),
    doing: "make",
};

#[derive(Debug)]
pub(crate) struct NewItem;

impl Cmdlet for NewItem {
    fn info() -> CommandInfo {
        CommandInfo::new("New-Item")
            .alias("ni")
            .synopsis("Makes files and folders.")
            .description(
                "Makes a file, or with -ItemType Directory a folder. Folders on the way to a folder are made too; on \
                 the way to a file with -Force, which also replaces a file that exists. Wildcards are not expanded.",
            )
            .example("New-Item User:/reports -ItemType Directory", "Makes a folder.")
            .example("New-Item -Path User:/reports -Name a.txt -Value 'text'", "Makes a file with content.")
            .writes(FILE)
            .writes(DIRECTORY)
            .takes(
                ParameterInfo::new("Path", ValueType::Text)
                    .position(0)
                    .collection()
                    .mandatory()
                    .by_property_name()
                    .path()
                    .help("What is made, or with -Name the folder it is made in."),
            )
            .takes(ParameterInfo::new("Name", ValueType::Text).by_property_name().help("The new item's name."))
            .takes(
                ParameterInfo::new("ItemType", ValueType::Text)
                    .alias("Type")
                    .by_property_name()
                    .one_of(&["File", "Directory"])
                    .help("What is made: File (the default) or Directory."),
            )
            .takes(
                ParameterInfo::new("Value", ValueType::Any)
                    .alias("Target")
                    .by_value()
                    .by_property_name()
                    .help("The new file's content."),
            )
            .takes(force("Makes the folders on the way, and replaces a file that exists."))
    }

    fn new() -> Self {
        Self
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let directory = match parameters.text("ItemType")? {
            None => false,
            Some(kind) if kind.eq_ignore_ascii_case("File") => false,
            Some(kind) if kind.eq_ignore_ascii_case("Directory") => true,
            Some(kind) => {
                let message = format!("cannot make an item of type `{kind}`: give File or Directory");
                return Err(NAMING.record("Argument", ErrorCategory::InvalidArgument, kind, message).into());
            }
        };
        let force = parameters.switch("Force")?;
        let content = parameters.value("Value").map(texts).unwrap_or_default().concat();
        for text in parameters.texts("Path")? {
            out.check_stopping()?;
            let path = match DrivePath::parse(text) {
                Ok(path) => named(path, parameters.text("Name")?)?,
                Err(fault) => {
                    out.error(NAMING.bad_path(text, fault))?;
                    continue;
                }
            };
            let made =
                if directory { make_directory(&path, force) } else { make_file(&path, force, &content) };
            match made.and_then(|()| Item::read(&path)) {
                Ok(item) => out.write(item.object())?,
                Err(error) => {
                    let record = fault(&path, &error, directory, out);
                    out.error(record)?;
                }
            }
        }
        Ok(())
    }
}

/// A name is one segment: what a rule allows in `-Path` can't be left by way of `-Name`.
fn named(path: DrivePath, name: Option<&str>) -> Result<DrivePath, Failure> {
    let Some(name) = name else { return Ok(path) };
    let segment = !matches!(name, "" | "." | "..")
        && !name.contains(['/', '\\'])
        && !name.chars().any(char::is_control);
    if segment {
        return Ok(path.child(name));
    }
    let message = format!("cannot make `{}` in `{path}`: a name holds no separator", name.escape_debug());
    Err(NAMING.record("InvalidName", ErrorCategory::InvalidArgument, name, message).into())
}

/// The root of a drive is there, or the drive is not.
fn make_parents(path: &DrivePath) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.is_root() => fs::create_dir_all(parent.real()),
        _ => Ok(()),
    }
}

fn make_directory(path: &DrivePath, force: bool) -> io::Result<()> {
    let real = path.real();
    make_parents(path)?;
    match fs::create_dir(&real) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && force && real.is_dir() => Ok(()),
        result => result,
    }
}

fn make_file(path: &DrivePath, force: bool, content: &str) -> io::Result<()> {
    let real = path.real();
    let mut file = if force {
        make_parents(path)?;
        File::create(&real)?
    } else {
        File::create_new(&real)?
    };
    file.write_all(content.as_bytes())
}

fn fault(
    path: &DrivePath,
    error: &io::Error,
    directory: bool,
    out: &mut Output,
) -> bailiwick_sdk::ErrorRecord {
    match error.kind() {
        io::ErrorKind::AlreadyExists => {
            let (id, category) = match (directory, path.real().is_dir()) {
                (true, true) => ("DirectoryExist", ErrorCategory::ResourceExists),
                _ => NAMING.io,
            };
            NAMING.record(id, category, path, format!("cannot make `{path}`: it exists"))
        }
        io::ErrorKind::NotFound => {
            let message =
                format!("cannot make `{path}`: the folder it would be in does not exist; use -Force");
            NAMING.record(NAMING.io.0, NAMING.io.1, path, message)
        }
        _ => NAMING.io(out, path, error),
    }
}
