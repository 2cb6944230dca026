//! From a grant to an open drive: which roots are opened, whose they are, what happens when they change.

#[expect(dead_code, reason = "each test file uses its part")]
mod common;

use std::os::unix::fs::{PermissionsExt as _, symlink};

use bailiwick_drives::{DriveError, Drives};
use bailiwick_policy::{Access, DriveRoot, UserId};

use common::{Guest, grant, machine, user};

#[test]
fn row_b24_a_users_drive_is_a_private_folder_named_by_the_opaque_id() {
    let machine = machine();
    let own = grant("User", DriveRoot::PerUser, Access::Write, Some(1 << 20));
    machine.drives.open(&own, &user("k7q2-ab")).unwrap();
    let made = machine.dir.path().join("state/drives/k7q2-ab");
    assert_eq!(made.metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn row_b24_no_name_of_a_user_becomes_a_path() {
    for name in ["../bob", "a/b", ".", "..", "", "alice\n"] {
        assert!(UserId::parse(name).is_none(), "{name:?}");
    }
}

#[test]
fn row_b24_a_users_folder_that_others_can_reach_into_is_refused() {
    let machine = machine();
    let own = grant("User", DriveRoot::PerUser, Access::Write, None);
    machine.drives.open(&own, &user("a")).unwrap();
    let folder = machine.dir.path().join("state/drives/a");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o750)).unwrap();
    assert!(matches!(machine.drives.open(&own, &user("a")), Err(DriveError::Unfit { .. })));
}

#[test]
fn row_b24_a_users_folder_that_is_a_link_is_refused() {
    let machine = machine();
    symlink(machine.logs(), machine.dir.path().join("state/drives/a")).unwrap();
    let own = grant("User", DriveRoot::PerUser, Access::Write, None);
    assert!(machine.drives.open(&own, &user("a")).is_err());
}

#[test]
fn row_b25_each_user_reaches_only_the_drive_of_that_user() {
    let machine = machine();
    let own = grant("User", DriveRoot::PerUser, Access::Write, None);
    let mut alice = Guest::new(vec![machine.drives.open(&own, &user("alice")).unwrap()]);
    let mut bob = Guest::new(vec![machine.drives.open(&own, &user("bob")).unwrap()]);
    bob.write("x", b"bob's", 0).unwrap();
    assert!(alice.read("x").is_err());
    let there = alice.read("../bob/x").unwrap_err();
    assert_eq!(there, alice.read("../nobody/x").unwrap_err());
    assert_eq!(there.1, common::id("PathOutsideDrive"));
}

#[test]
fn row_b35_a_root_that_is_missing_or_a_link_or_a_file_is_an_error_that_names_the_drive() {
    let machine = machine();
    let at = |name: &str| machine.dir.path().join(name);
    symlink(machine.logs(), at("link")).unwrap();
    for root in ["nowhere", "link", "secret"] {
        let grant = grant("Logs", DriveRoot::Path(at(root)), Access::Read, None);
        let error = machine.drives.open(&grant, &user("a")).unwrap_err();
        assert!(error.to_string().contains("drive `Logs`"), "{error}");
    }
}

#[test]
fn row_b35_a_session_keeps_the_root_that_was_opened() {
    let machine = machine();
    std::fs::write(machine.logs().join("a"), "first").unwrap();
    let mut guest = machine.reader();
    std::fs::rename(machine.logs(), machine.dir.path().join("moved")).unwrap();
    symlink("/etc", machine.logs()).unwrap();
    assert_eq!(guest.read("a").unwrap(), b"first");
    assert!(guest.read("passwd").is_err());
}

#[test]
fn row_b16_the_kernels_own_folders_are_no_roots() {
    let machine = machine();
    for root in ["/proc", "/proc/sys", "/sys", "/dev"] {
        let grant = grant("K", DriveRoot::Path(root.into()), Access::Read, None);
        assert!(matches!(machine.drives.open(&grant, &user("a")), Err(DriveError::Unfit { .. })), "{root}");
    }
}

#[test]
fn a_host_whose_drives_folder_others_can_reach_into_does_not_start() {
    let machine = machine();
    let state = machine.dir.path().join("state");
    std::fs::set_permissions(state.join("drives"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Drives::new(&state).is_err());
}
