//! Copying and moving: where an item goes, and what is refused beforehand.

use bailiwick_sdk::{CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, ValueType};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::item::Item;
use crate::wildcard::is_pattern;

/// `-Destination` and `-PassThru`.
pub(super) fn takes(info: CommandInfo) -> CommandInfo {
    info.takes(
        ParameterInfo::new("Destination", ValueType::Text)
            .position(1)
            .mandatory()
            .by_property_name()
            .path()
            .help("Where to: a folder that exists, or the new item's path. Wildcards are not expanded."),
    )
    .takes(ParameterInfo::new("PassThru", ValueType::Switch).help("Writes the new items to the output."))
}

/// The destination of a record.
pub(super) fn destination(parameters: &Parameters, naming: &Naming) -> Result<DrivePath, Failure> {
    let text = parameters.required_text("Destination")?;
    let path = DrivePath::parse(text).map_err(|fault| naming.bad_path(text, fault))?;
    if path.segments().iter().any(|segment| is_pattern(segment)) {
        let message = format!("cannot {} to `{path}`: a destination holds no wildcard", naming.doing);
        return Err(naming.record("InvalidPath", ErrorCategory::InvalidArgument, text, message).into());
    }
    path.unescaped().map_err(|fault| naming.bad_path(text, fault).into())
}

/// Where one item goes: into the destination if that is a folder. Nothing, with an error written, if it can't go there.
pub(super) fn target(
    item: &Item,
    destination: &DrivePath,
    naming: &Naming,
    out: &mut Output,
) -> Result<Option<DrivePath>, Failure> {
    let from = &item.path;
    let into_folder = destination.real().is_dir();
    let to =
        if into_folder && !from.is_root() { destination.child(from.name()) } else { destination.clone() };
    let doing = naming.doing;
    let refusal = if to == *from {
        let message = format!("cannot {doing} `{from}`: source and destination are the same item");
        Some((if item.is_container { "CopyError" } else { naming.io.0 }, message))
    } else if item.is_container && to.is_within(from) {
        Some(("CopyError", format!("cannot {doing} `{from}` to `{to}`: that is in the folder itself")))
    } else if item.is_container && to.real().is_file() {
        Some((
            "CopyContainerItemToLeafError",
            format!("cannot {doing} the folder `{from}` onto the file `{to}`"),
        ))
    } else {
        None
    };
    match refusal {
        None => Ok(Some(to)),
        Some((id, message)) => {
            out.error(naming.record(id, ErrorCategory::WriteError, from, message))?;
            Ok(None)
        }
    }
}

/// The new item, for `-PassThru`.
pub(super) fn pass(to: &DrivePath, naming: &Naming, out: &mut Output) -> Result<(), Failure> {
    match Item::read(to) {
        Ok(item) => out.write(item.object())?,
        Err(error) => {
            let record = naming.io(out, to, &error);
            out.error(record)?;
        }
    }
    Ok(())
}
