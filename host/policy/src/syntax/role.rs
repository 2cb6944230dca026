//! A role file: `[[command]]` grants and `[drives.NAME]`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::fault::Fault;
use crate::model::Access;
use crate::syntax::fields::{At, Document, Entry, Item, Place, Shape};
use crate::syntax::later;
use crate::syntax::name::NameKind;
use crate::syntax::rule::{RuleForm, read_rule};
use crate::syntax::source::Source;
use crate::syntax::units;

const TOP: Shape = Shape {
    title: "a role file",
    keys: &["version", "description", "command", "drives"],
    later: later::ROLE,
};
const COMMAND: Shape = Shape { title: "`[[command]]`", keys: &["name", "parameters"], later: later::COMMAND };
const DRIVE: Shape = Shape {
    title: "a drive",
    keys: &["root", "per_user", "access", "quota", "description"],
    later: later::DRIVE,
};

/// What a role file says.
#[derive(Debug)]
pub(crate) struct RoleForm {
    pub(crate) name: Arc<str>,
    /// The file's name in rules.
    pub(crate) file: Arc<str>,
    /// The file's name in faults.
    pub(crate) shown: Arc<str>,
    pub(crate) commands: Vec<CommandForm>,
    pub(crate) drives: Vec<DriveForm>,
    /// Names of drives whose own faults have been told: not also reported as missing.
    pub(crate) faulty_drives: Vec<String>,
}

/// One `[[command]]`.
#[derive(Debug)]
pub(crate) struct CommandForm {
    pub(crate) name: At<String>,
    pub(crate) parameters: ParametersForm,
}

/// Which parameters may be given.
#[derive(Debug)]
pub(crate) enum ParametersForm {
    /// `parameters` is absent.
    None,
    /// `parameters = "any"`.
    Any,
    /// A closed list.
    Listed(Vec<(At<String>, RuleForm)>),
}

/// One `[drives.NAME]`.
#[derive(Debug)]
pub(crate) struct DriveForm {
    pub(crate) name: At<Arc<str>>,
    pub(crate) root: At<RootForm>,
    pub(crate) access: Access,
    pub(crate) quota: Option<u64>,
    pub(crate) description: String,
}

/// Where a drive begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RootForm {
    Path(PathBuf),
    PerUser,
}

/// Reads a role file.
pub(crate) fn read_role(name: Arc<str>, source: &Arc<Source>, faults: &mut Vec<Fault>) -> RoleForm {
    let document = Document::parse(source, faults);
    let top = document.top(TOP, faults);
    // Read for its type only: the sentence is for whoever reviews the file.
    top.text("description", faults);
    let commands = top.item("command").and_then(|item| item.items(faults)).unwrap_or_default();
    let commands = commands.iter().filter_map(|item| read_command(item, faults)).collect();
    let drives = top.item("drives").and_then(|item| item.entries(faults)).unwrap_or_default();
    let mut form = RoleForm {
        name,
        file: source.relative(),
        shown: source.shown(),
        commands,
        drives: Vec::new(),
        faulty_drives: Vec::new(),
    };
    for entry in drives {
        match read_drive(&entry, faults) {
            Some(drive) => form.drives.push(drive),
            None => form.faulty_drives.push(entry.key().value),
        }
    }
    form
}

fn read_command(item: &Item<'_>, faults: &mut Vec<Fault>) -> Option<CommandForm> {
    let fields = item.fields(COMMAND, faults)?;
    // Not a command of the catalog: that this version has no executables is all there is to say.
    if fields.get("executable").is_some() {
        return None;
    }
    let name = fields.required("name", faults).and_then(|item| item.text(faults));
    let parameters = match fields.item("parameters") {
        None => ParametersForm::None,
        Some(item) => read_parameters(&item, faults)?,
    };
    Some(CommandForm { name: name?, parameters })
}

fn read_parameters(item: &Item<'_>, faults: &mut Vec<Fault>) -> Option<ParametersForm> {
    if item.as_str() == Some("any") {
        return Some(ParametersForm::Any);
    }
    if !item.is_table() {
        faults.push(
            item.place()
                .fault("`parameters` must be \"any\" or a table of parameter rules")
                .help("leave it out to allow no parameter"),
        );
        return None;
    }
    let entries = item.entries(faults)?;
    let listed = entries.iter().filter_map(|entry| Some((entry.key(), read_rule(&entry.value(), faults)?)));
    Some(ParametersForm::Listed(listed.collect()))
}

fn read_drive(entry: &Entry<'_>, faults: &mut Vec<Fault>) -> Option<DriveForm> {
    let name = NameKind::Drive.parse(entry.key(), faults);
    let fields = entry.value().fields(DRIVE, faults)?;
    let root = fields.text("root", faults);
    let per_user = fields.boolean("per_user", faults);
    let words = [("read", Access::Read), ("write", Access::Write)];
    let access = fields.required("access", faults).and_then(|_| fields.word("access", &words, &[], faults));
    let quota = fields.text("quota", faults);
    let quota_size = quota.as_ref().and_then(|text| units::size(text, faults));
    if let (Some(quota), Some(At { value: Access::Read, .. })) = (&quota, &access) {
        let fault = quota.place.fault("a drive that is only read needs no `quota`");
        faults.push(fault.help("remove it, or set `access = \"write\"`"));
    }
    let description = fields.text("description", faults).map(|text| text.value).unwrap_or_default();
    let is_told = fields.get("root").is_some() && root.is_none()
        || fields.get("per_user").is_some() && per_user.is_none();
    let root = if is_told { None } else { read_root(root, per_user, &entry.key_place(), faults) };
    Some(DriveForm { name: name?, root: root?, access: access?.value, quota: quota_size, description })
}

fn read_root(
    root: Option<At<String>>,
    per_user: Option<At<bool>>,
    drive: &Place,
    faults: &mut Vec<Fault>,
) -> Option<At<RootForm>> {
    match (root, per_user) {
        (Some(root), Some(At { value: true, place })) => {
            faults.push(
                place
                    .fault("a drive has either `root` or `per_user = true`")
                    .note(format!("`root` is set at {}", root.place.shown()))
                    .help("remove one of them"),
            );
            None
        }
        (Some(root), _) => {
            let path = Path::new(&root.value);
            if !is_plain_absolute(path) || root.value.contains(['$', '~', '{', '%']) {
                faults.push(
                    root.place
                        .fault(format!(
                            "the root {} is not a plain absolute path",
                            crate::text::quoted(&root.value)
                        ))
                        .help("write it out from `/`, without `.`, `..`, `~`, variables or placeholders"),
                );
                return None;
            }
            // Collected from components, so that a trailing slash makes no difference.
            let path = path.components().collect();
            Some(At { value: RootForm::Path(path), place: root.place })
        }
        (None, Some(At { value: true, place })) => Some(At { value: RootForm::PerUser, place }),
        (None, _) => {
            let fault = drive.fault("the drive has no `root`");
            faults.push(fault.help("set `root = \"/…\"`, or `per_user = true` for the user's own drive"));
            None
        }
    }
}

fn is_plain_absolute(path: &Path) -> bool {
    let text = path.as_os_str().as_encoded_bytes();
    let dots = text.split(|byte| *byte == b'/').any(|part| part == b"." || part == b"..");
    path.is_absolute()
        && !dots
        && !text.iter().any(u8::is_ascii_control)
        && path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
}
