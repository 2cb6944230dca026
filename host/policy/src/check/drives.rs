//! Drives of one role: distinct names, and roots that are nobody else's business.

use std::path::{Path, PathBuf};

use super::Report;
use crate::fault::Fault;
use crate::load;
use crate::model::{Access, DriveGrant, DriveRoot, RuleRef};
use crate::syntax::{DriveForm, RoleForm, RootForm};

/// The kernel's own trees: their files act when they are read or written, and links in them lead anywhere.
const KERNEL_TREES: [&str; 3] = ["/proc", "/sys", "/dev"];

pub(super) fn check(form: &RoleForm, policies: Option<&Path>, report: &mut Report<'_>) -> Vec<DriveGrant> {
    let policies = policies.and_then(|root| std::path::absolute(root).ok());
    let mut drives: Vec<DriveGrant> = Vec::new();
    for (at, drive) in form.drives.iter().enumerate() {
        let name = &drive.name.value;
        let earlier = form.drives.iter().take(at).find(|other| other.name.value.eq_ignore_ascii_case(name));
        if let Some(other) = earlier {
            report.faults.push(
                drive
                    .name
                    .place
                    .fault(format!("the drive `{name}` stands twice in this role"))
                    .note(format!("first at {}", other.name.place.shown()))
                    .help("drive names are equal without case: rename one"),
            );
        }
        check_root(drive, policies.as_deref(), report);
        drives.push(grant(form, drive));
    }
    drives.sort_by(|a, b| a.name.cmp(&b.name));
    drives
}

fn check_root(drive: &DriveForm, policies: Option<&Path>, report: &mut Report<'_>) {
    let RootForm::Path(root) = &drive.root.value else { return };
    let fault = |message: String| drive.root.place.fault(message);
    if let Some(tree) = KERNEL_TREES.iter().find(|tree| overlap(root, Path::new(tree))) {
        let shown = root.display();
        report.faults.push(
            fault(format!("the root `{shown}` is in or around `{tree}`"))
                .help("choose a folder of ordinary files"),
        );
    }
    if policies.is_some() && !load::is_folder(root) {
        report.lints.push(
            fault(format!("there is no folder `{}` here", root.display()))
                .help("no session of an endpoint that gives this role starts without it"),
        );
    }
    if let Some(policies) = policies.filter(|policies| overlap(root, policies)) {
        let found: Fault =
            fault(format!("the drive is in or around the policy folder `{}`", policies.display()));
        match drive.access {
            Access::Write => report.faults.push(found.help("a policy must not be able to change itself")),
            Access::Read => report.lints.push(found.help("its users can read the policy")),
        }
    }
}

/// True if one is the other, or in it.
fn overlap(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn grant(form: &RoleForm, drive: &DriveForm) -> DriveGrant {
    let place = &drive.name.place;
    let name = drive.name.value.to_string();
    let key = format!("role {}, drive {name}", form.name);
    DriveGrant {
        rule: RuleRef { file: form.file.clone(), line: place.line(), key: key.into() },
        name,
        root: match &drive.root.value {
            RootForm::Path(path) => DriveRoot::Path(PathBuf::clone(path)),
            RootForm::PerUser => DriveRoot::PerUser,
        },
        access: drive.access,
        quota: drive.quota,
        description: drive.description.clone(),
    }
}
