//! Folders and files: what is read, what is skipped, what is refused before a byte of it counts.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use bailiwick_policy::host_config::HostConfig;
use bailiwick_policy::{Loaded, Policy, Trust};
use tempfile::TempDir;

use crate::support::{USERS, catalog, endpoint, load};

const ROLE: &str = "version = 1\n[[command]]\nname = \"Get-Content\"\n";

/// A good policy folder that nobody else may write.
fn folder() -> TempDir {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let root = dir.path();
    for name in ["endpoints", "roles"] {
        fs::create_dir(root.join(name)).unwrap();
    }
    fs::write(root.join("endpoints/svc-ops.toml"), endpoint(&["ops"])).unwrap();
    fs::write(root.join("roles/ops.toml"), ROLE).unwrap();
    fs::write(root.join("users.toml"), USERS).unwrap();
    for (path, mode) in [
        (".", 0o700),
        ("endpoints", 0o755),
        ("roles", 0o755),
        ("endpoints/svc-ops.toml", 0o644),
        ("roles/ops.toml", 0o644),
        ("users.toml", 0o600),
    ] {
        chmod(&root.join(path), mode);
    }
    dir
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn load_folder(root: &Path) -> Result<Loaded, String> {
    Policy::load(root, &catalog(), Trust::Lint).map_err(|faults| faults.to_string())
}

/// The faults under `Trust::Refuse` that are of files in the folder: where the tests run, its ancestors may be open.
fn refused(root: &Path) -> Vec<String> {
    let Err(faults) = Policy::load(root, &catalog(), Trust::Refuse) else { return Vec::new() };
    let inside = |file: &str| file.starts_with(&*root.to_string_lossy());
    faults.iter().filter(|fault| inside(fault.file())).map(ToString::to_string).collect()
}

#[test]
fn a_folder_is_loaded_and_its_rules_name_files_relative_to_it() {
    let dir = folder();
    let policy = load_folder(dir.path()).unwrap().policy;
    let alice = policy.subject("alice").unwrap();
    let authority = policy.authority("svc-ops", &alice).unwrap();
    let record = authority.bind("Get-Content", &bailiwick_objects::Hashtable::default()).unwrap();
    let bailiwick_policy::Decision::Allow(allowed) = authority.decide(record) else { panic!("refused") };
    assert_eq!(allowed.rule.to_string(), "roles/ops.toml:3 (role ops, Get-Content)");
}

#[test]
fn a_fault_names_the_file_as_the_operator_reaches_it() {
    let dir = folder();
    fs::write(dir.path().join("roles/ops.toml"), "version = 1\nx = 1\n").unwrap();
    let faults = load_folder(dir.path()).unwrap_err();
    assert!(
        faults.starts_with(&format!("{}/roles/ops.toml:2:1: unknown key `x`", dir.path().display())),
        "{faults}"
    );
}

#[test]
fn row_f05_what_is_missing_or_no_file_is_refused() {
    let root = |change: &dyn Fn(&Path)| {
        let dir = folder();
        change(dir.path());
        let found = load_folder(dir.path());
        found.map(|_| ()).map_err(|faults| faults.replace(&*dir.path().to_string_lossy(), "DIR"))
    };
    assert_eq!(root(&|_| {}), Ok(()));
    let users = "users.toml";
    let remove = |path: &Path| fs::remove_file(path.join(users)).unwrap();
    assert_eq!(
        root(&remove),
        Err("DIR/users.toml: the file is missing\n  help: a policy without users lets nobody in".to_owned())
    );
    let refused = |change: &dyn Fn(&Path), expected: &str| {
        let faults = root(change).unwrap_err();
        assert!(faults.contains(expected), "{expected} in {faults}");
    };
    refused(&|dir| fs::remove_dir_all(dir.join("endpoints")).unwrap(), "DIR/endpoints: there is no endpoint");
    refused(
        &|dir| fs::remove_file(dir.join("endpoints/svc-ops.toml")).unwrap(),
        "DIR/endpoints: there is no endpoint",
    );
    refused(
        &|dir| {
            remove(dir);
            fs::create_dir(dir.join(users)).unwrap();
        },
        "DIR/users.toml: it is not a regular file",
    );
    refused(
        &|dir| {
            remove(dir);
            symlink("nowhere", dir.join(users)).unwrap();
        },
        "DIR/users.toml: it is a symbolic link",
    );
    refused(
        &|dir| {
            remove(dir);
            rustix::fs::mknodat(
                rustix::fs::CWD,
                dir.join(users),
                rustix::fs::FileType::Fifo,
                rustix::fs::Mode::RUSR,
                0,
            )
            .unwrap();
        },
        "DIR/users.toml: it is not a regular file",
    );
    let missing = Policy::load(Path::new("/nonexistent/policies"), &catalog(), Trust::Lint).unwrap_err();
    assert!(missing.to_string().starts_with("/nonexistent: the folder cannot be opened"), "{missing}");
    let file = folder();
    let faults = load_folder(&file.path().join("users.toml")).unwrap_err();
    assert!(faults.contains("the folder cannot be opened"), "{faults}");
}

#[test]
fn row_f05_an_empty_folder_is_no_policy() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let faults = load_folder(dir.path()).unwrap_err();
    assert!(faults.contains("there is no endpoint"), "{faults}");
    assert!(faults.contains("users.toml: the file is missing"), "{faults}");
}

#[test]
fn row_f21_what_others_can_write_is_refused() {
    let dir = folder();
    assert_eq!(refused(dir.path()), Vec::<String>::new());
    for (path, good) in [
        ("", 0o700),
        ("endpoints", 0o755),
        ("roles", 0o755),
        ("endpoints/svc-ops.toml", 0o644),
        ("users.toml", 0o600),
    ] {
        for bits in [0o020, 0o002, 0o022] {
            let target = dir.path().join(path);
            chmod(&target, good | bits);
            let faults = refused(dir.path());
            let shown = target.to_string_lossy();
            let expected = format!(
                "{}: others could change the policy: its mode is {:04o}\n  help: take the right to write from group and others, or keep the policies elsewhere",
                shown.trim_end_matches('/'),
                good | bits
            );
            assert_eq!(faults, [expected]);
            chmod(&target, good);
        }
    }
    assert_eq!(refused(dir.path()), Vec::<String>::new());
}

#[test]
fn row_f21_a_sticky_folder_counts_as_writable() {
    let dir = folder();
    chmod(&dir.path().join("roles"), 0o1777);
    let faults = refused(dir.path());
    assert!(faults[0].contains("roles: others could change the policy: its mode is 1777"), "{faults:?}");
}

#[test]
fn row_f21_an_ancestor_that_others_can_write_is_refused() {
    let above = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let inner = folder();
    let moved = above.path().join("policies");
    fs::rename(inner.path(), &moved).unwrap();
    chmod(above.path(), 0o777);
    let faults = Policy::load(&moved, &catalog(), Trust::Refuse).unwrap_err().to_string();
    assert!(
        faults.contains(&format!(
            "{}: others could change the policy: its mode is 0777",
            above.path().display()
        ))
    );
    let lints = load_folder(&moved).unwrap().lints;
    assert!(lints.iter().any(|lint| lint.file() == above.path().to_string_lossy()));
    fs::rename(&moved, inner.path()).unwrap();
}

#[test]
fn row_f21_a_file_of_another_owner_is_refused() {
    if !rustix::process::geteuid().is_root() {
        // Only root can give a file away: without it there is nothing to show.
        return;
    }
    let dir = folder();
    std::os::unix::fs::chown(dir.path().join("roles/ops.toml"), Some(1), None).unwrap();
    let faults = refused(dir.path());
    assert!(
        faults[0].contains("roles/ops.toml: it is owned by user 1, who could change the policy"),
        "{faults:?}"
    );
}

#[test]
fn row_f21_a_folder_reached_by_a_link_is_checked_where_it_lies() {
    let dir = folder();
    let links = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let link = links.path().join("policies");
    symlink(dir.path(), &link).unwrap();
    assert!(load_folder(&link).is_ok());
    chmod(dir.path(), 0o777);
    let faults = Policy::load(&link, &catalog(), Trust::Refuse).unwrap_err().to_string();
    assert!(
        faults.contains(&format!("{}: others could change the policy", dir.path().display())),
        "{faults}"
    );
    symlink("loop", links.path().join("loop")).unwrap();
    assert!(load_folder(&links.path().join("loop")).unwrap_err().contains("the folder cannot be opened"));
}

#[test]
fn row_f21_a_key_that_everyone_can_read_is_refused() {
    let dir = folder();
    let root = dir.path();
    for name in ["server.pem", "server.key", "host.toml"] {
        fs::write(root.join(name), "").unwrap();
    }
    let shown = root.display();
    let text =
        format!("version = 1\n[tls]\ncertificate = \"{shown}/server.pem\"\nkey = \"{shown}/server.key\"\n");
    fs::write(root.join("host.toml"), text).unwrap();
    chmod(&root.join("host.toml"), 0o644);
    chmod(&root.join("server.pem"), 0o644);
    let lints = |mode| {
        chmod(&root.join("server.key"), mode);
        let lints = HostConfig::load(&root.join("host.toml"), Trust::Lint).unwrap().lints;
        lints.iter().filter(|lint| lint.file().contains("server.key")).count()
    };
    assert_eq!(lints(0o600), 0);
    assert_eq!(lints(0o644), 1);
    fs::remove_file(root.join("server.key")).unwrap();
    assert!(HostConfig::load(&root.join("host.toml"), Trust::Lint).is_err());
}

#[test]
fn row_f22_a_huge_file_is_refused_unread() {
    let dir = folder();
    let file = fs::File::options().write(true).open(dir.path().join("roles/ops.toml")).unwrap();
    file.set_len(1 << 30).unwrap();
    let faults = load_folder(dir.path()).unwrap_err();
    assert!(faults.contains("roles/ops.toml: the file is larger than 262144 bytes"), "{faults}");
    assert!(!faults.contains("there is no role"), "{faults}");
}

#[test]
fn row_f22_deep_nesting_and_long_lines_are_refused() {
    let role = |text: String| load(&[("roles/ops.toml", &text), ("users.toml", USERS)]).unwrap_err();
    role(format!("version = 1\nx = {}", "[".repeat(100_000)));
    role(format!("version = 1\nx = {}", "{a=".repeat(50_000)));
    role(format!("version = 1\n{} = 1", vec!["a"; 50_000].join(".")));
    let faults = role(format!("version = 1\n{} = 1\n", "x".repeat(200_000)));
    assert!(faults.len() < 5_000, "{}", faults.len());
}

#[test]
fn row_f22_a_folder_of_too_many_files_is_refused() {
    let dir = folder();
    for at in 0..1_001 {
        fs::write(dir.path().join(format!("roles/r{at}.toml")), "").unwrap();
    }
    let faults = load_folder(dir.path()).unwrap_err();
    assert!(faults.contains("roles: the folder holds more than 1000 files"), "{faults}");
}

#[test]
fn row_f23_bytes_that_could_mislead_a_reader_are_refused() {
    let refused = |bytes: &[u8]| {
        let dir = folder();
        fs::write(dir.path().join("roles/ops.toml"), bytes).unwrap();
        load_folder(dir.path()).err().map(|faults| faults.replace(&*dir.path().to_string_lossy(), ""))
    };
    assert_eq!(refused(b"version = 1\r\n"), None);
    let cases: [(&[u8], &str); 5] = [
        (b"version = 1\n# \xff\n", "/roles/ops.toml: the file is not UTF-8: byte 14 is invalid"),
        (b"\xef\xbb\xbfversion = 1\n", "/roles/ops.toml: the file begins with a byte order mark"),
        (b"\xff\xfev\0", "/roles/ops.toml: the file is not UTF-8"),
        (b"version = 1\n# a\0b\n", "/roles/ops.toml:2:4: the character U+0000 is refused"),
        ("version = 1\n# \u{202e}x\n".as_bytes(), "/roles/ops.toml:2:3: the character U+202E is refused"),
    ];
    for (bytes, expected) in cases {
        let faults = refused(bytes).unwrap();
        assert!(faults.starts_with(expected), "{expected} in {faults}");
    }
}

#[test]
fn row_f23_a_look_alike_letter_is_another_name() {
    let role = "version = 1\n[[command]]\nname = \"Get-Cоntent\"\n";
    let faults = load(&[("roles/ops.toml", role), ("users.toml", USERS)]).unwrap_err();
    assert!(faults.contains("there is no command `Get-Cоntent`"), "{faults}");
    assert!(faults.contains("did you mean `Get-Content`?"), "{faults}");
}

#[test]
fn row_f27_only_exact_names_are_read_and_the_rest_is_listed() {
    let dir = folder();
    let bad = "this is not toml";
    for name in ["ops.toml~", ".ops.toml.swp", ".hidden.toml", "ops.bak", "ops.toml.rpmsave", "README"] {
        fs::write(dir.path().join("roles").join(name), bad).unwrap();
    }
    fs::create_dir(dir.path().join("roles/more")).unwrap();
    fs::write(dir.path().join("notes.txt"), bad).unwrap();
    fs::write(dir.path().join("host.toml"), bad).unwrap();
    let lints = load_folder(dir.path()).unwrap().lints;
    let root = dir.path().to_string_lossy();
    let skipped: Vec<_> = lints
        .iter()
        .filter(|lint| lint.message().starts_with("skipped"))
        .map(|lint| lint.file().trim_start_matches(&*root).to_owned())
        .collect();
    assert_eq!(
        skipped,
        [
            "/notes.txt",
            "/roles/.hidden.toml",
            "/roles/.ops.toml.swp",
            "/roles/README",
            "/roles/more",
            "/roles/ops.bak",
            "/roles/ops.toml.rpmsave",
            "/roles/ops.toml~",
        ]
    );
}

#[test]
fn row_f27_a_policy_folder_that_is_a_drive_is_pointed_out_or_refused() {
    let dir = folder();
    let drive = |access: &str| {
        let root = dir.path().display();
        let role = format!("{ROLE}[drives.Here]\nroot = \"{root}/\"\naccess = \"{access}\"\n");
        fs::write(dir.path().join("roles/ops.toml"), role).unwrap();
        load_folder(dir.path())
    };
    let lints = drive("read").unwrap().lints;
    assert!(
        lints.iter().any(|lint| lint.message().starts_with("the drive is in or around the policy folder"))
    );
    assert!(drive("write").unwrap_err().contains("a policy must not be able to change itself"));
}
