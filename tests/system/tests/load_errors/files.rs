//! The policy folder and its files: what is missing, what is no file, what others could have written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use bailiwick_support::Place;

use crate::doors::{
    assert_host_is_refused, assert_policies_are_refused, edit, policy_check, serve_check, shipped,
};

const WRITABLE: &str = "take the right to write from group and others, or keep the policies elsewhere";

#[test]
fn unbroken_policies_have_no_faults() {
    let place = shipped();
    let said = policy_check(&place);
    let counted = "2 endpoints, 5 roles, 2 users: no faults\n";
    assert_eq!((said.code, said.stdout.as_str(), said.stderr.as_str()), (Some(0), counted, ""));
    let said = serve_check(&place);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), ""));
}

#[test]
fn faults_of_all_files_are_told_at_once() {
    let place = shipped();
    edit(&place, "policies/roles/log-reader.toml", "\"Get-ChildItem\"", "\"gci\"");
    edit(&place, "policies/endpoints/helpdesk.toml", "\"5s\"", "\"5\"");
    edit(&place, "policies/users.toml", "\"bob-93aa\"", "\"Bob\"");
    assert_policies_are_refused(
        &place,
        r#"policies/endpoints/helpdesk.toml:21:22: `5` is not a duration: the unit is missing
  21 | cpu_per_command    = "5"
     |                      ^^^
  help: write a whole number and a unit (ms, s, m, h, d), without a space

policies/roles/log-reader.toml:12:8: `gci` is another spelling of `Get-ChildItem`
  12 | name = "gci"
     |        ^^^^^
  help: write `Get-ChildItem`

policies/users.toml:11:6: `Bob` is not a user id
  11 | id = "Bob"
     |      ^^^^^
  help: use 1 to 64 lower-case ASCII letters, digits and hyphens, no hyphen first"#,
    );
}

#[test]
fn row_f05_a_policy_folder_that_is_missing() {
    let place = shipped();
    fs::remove_dir_all(place.policies()).unwrap();
    assert_policies_are_refused(
        &place,
        "policies: the folder cannot be opened: No such file or directory (os error 2)",
    );
}

#[test]
fn row_f05_a_policy_folder_without_users() {
    let place = shipped();
    fs::remove_file(place.policies().join("users.toml")).unwrap();
    assert_policies_are_refused(
        &place,
        "policies/users.toml: the file is missing
  help: a policy without users lets nobody in",
    );
}

#[test]
fn row_f05_a_policy_folder_without_endpoints() {
    let place = shipped();
    fs::remove_dir_all(place.policies().join("endpoints")).unwrap();
    assert_policies_are_refused(
        &place,
        "policies/endpoints: there is no endpoint
  help: an endpoint is a file `endpoints/NAME.toml`",
    );
}

#[test]
fn row_f05_a_role_that_is_a_link() {
    let place = shipped();
    symlink(place.policies().join("roles/notes.toml"), place.policies().join("roles/spare.toml")).unwrap();
    assert_policies_are_refused(
        &place,
        "policies/roles/spare.toml: it is a symbolic link
  help: put the file itself there",
    );
}

#[test]
fn row_f05_a_role_that_is_a_folder() {
    let place = shipped();
    fs::create_dir(place.policies().join("roles/spare.toml")).unwrap();
    assert_policies_are_refused(&place, "policies/roles/spare.toml: it is not a regular file");
}

#[test]
fn row_f22_a_file_too_large_to_review() {
    let place = shipped();
    place.write("policies/roles/notes.toml", &"#".repeat((256 << 10) + 1));
    assert_policies_are_refused(
        &place,
        "policies/roles/notes.toml: the file is larger than 262144 bytes
  help: split it: each role and each endpoint is a file of its own",
    );
}

#[test]
fn row_f23_a_file_that_is_not_utf8() {
    let place = shipped();
    fs::write(place.policies().join("roles/notes.toml"), b"version = 1 # \xff\n").unwrap();
    assert_policies_are_refused(
        &place,
        "policies/roles/notes.toml: the file is not UTF-8: byte 14 is invalid",
    );
}

#[test]
fn row_f23_a_byte_order_mark() {
    let place = shipped();
    edit(&place, "policies/users.toml", "# Who may come in.", "\u{feff}# Who may come in.");
    assert_policies_are_refused(
        &place,
        "policies/users.toml: the file begins with a byte order mark
  help: save it as UTF-8 without one",
    );
}

#[test]
fn row_f23_a_character_that_reorders_the_line() {
    let place = shipped();
    edit(&place, "policies/users.toml", "# Who may come in.", "# Who may \u{202e}come in.");
    assert_policies_are_refused(&place, "policies/users.toml:1:11: the character U+202E is refused everywhere in a policy file
  1 | # Who may �come in. A user is known by the fingerprint of a certificate's public key; the names in a certificate never
    |           ^
  help: it can make the text read differently from what it says; remove it");
}

#[test]
fn row_f28_a_role_in_no_form_of_a_name() {
    let place = shipped();
    place.write("policies/roles/Auditor.toml", "version = 1\n");
    assert_policies_are_refused(
        &place,
        "policies/roles/Auditor.toml: `Auditor` is not a role name
  help: name the file with 1 to 64 lower-case ASCII letters, digits and hyphens, a letter first",
    );
}

#[test]
fn row_f27_a_drive_that_could_change_the_policy() {
    let place = shipped();
    let folder = place.path().to_string_lossy().into_owned();
    let role = "version = 1\n[drives.Own]\naccess = \"write\"\nroot = \"{folder}\"\n";
    place.write("policies/roles/own.toml", &role.replace("{folder}", &folder));
    let said = policy_check(&place);
    assert_eq!(said.code, Some(1));
    assert!(said.stderr.contains("policies/roles/own.toml:4:8: the drive is in or around the policy folder"));
    assert!(said.stderr.contains("help: a policy must not be able to change itself"), "{}", said.stderr);
}

#[test]
fn row_f27_what_is_no_policy_file_is_skipped_and_said() {
    let place = shipped();
    place.write("policies/roles/notes.toml~", "no policy");
    let said = policy_check(&place);
    let lint = "policies/roles/notes.toml~: skipped: it is no policy file\n  help: policy files are `endpoints/NAME.toml`, `roles/NAME.toml` and `users.toml`\n\n";
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), lint));
    assert_eq!(serve_check(&place).stderr, lint);
}

/// What others could write is pointed out by `policy check`, which anyone may run anywhere, and refused by the host.
fn assert_host_alone_refuses(place: &Place, fault: &str) {
    let said = policy_check(place);
    assert_eq!((said.code, said.stderr.as_str()), (Some(0), format!("{fault}\n\n").as_str()));
    assert_eq!(said.stdout, "2 endpoints, 5 roles, 2 users: no faults\n");
    assert_host_is_refused(place, "the policies have faults", fault);
}

#[test]
fn row_f21_a_role_that_others_can_write() {
    let place = shipped();
    let role = place.policies().join("roles/notes.toml");
    fs::set_permissions(&role, Permissions::from_mode(0o620)).unwrap();
    assert_host_alone_refuses(
        &place,
        &format!(
            "policies/roles/notes.toml: others could change the policy: its mode is 0620\n  help: {WRITABLE}"
        ),
    );
    fs::set_permissions(&role, Permissions::from_mode(0o640)).unwrap();
    assert_eq!(serve_check(&place).code, Some(0));
}

#[test]
fn row_f21_a_folder_of_roles_that_others_can_write() {
    let place = shipped();
    fs::set_permissions(place.policies().join("roles"), Permissions::from_mode(0o1777)).unwrap();
    assert_host_alone_refuses(
        &place,
        &format!("policies/roles: others could change the policy: its mode is 1777\n  help: {WRITABLE}"),
    );
}

#[test]
fn row_f21_a_folder_above_that_others_can_write() {
    let place = shipped();
    let above = place.path().join("above");
    place.write("above/.made", "");
    fs::rename(place.policies(), above.join("policies")).unwrap();
    let folder = place.path().to_string_lossy().into_owned();
    edit(&place, "host.toml", &format!("{folder}/policies"), &format!("{folder}/above/policies"));
    fs::set_permissions(&above, Permissions::from_mode(0o777)).unwrap();
    assert_host_is_refused(
        &place,
        "the policies have faults",
        &format!("above: others could change the policy: its mode is 0777\n  help: {WRITABLE}"),
    );
}
