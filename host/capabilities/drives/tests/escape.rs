//! Ways out: `..`, links, mounts, races, special files. Each is tried by reading, writing, listing and removing.

#[expect(dead_code, reason = "each test file uses its part")]
mod common;

use std::os::unix::fs::{FileTypeExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::sync::atomic::{AtomicBool, Ordering};

use bailiwick_drives::bindings::types::{
    DescriptorType, ErrorCode, HostDescriptor as _, OpenFlags, PathFlags,
};
use rustix::fs::{CWD, FileType, Mode, RenameFlags};

use common::{CREATE, FOLLOW, Guest, Machine, READ, Refused, WRITE, id, machine, now};

/// Every verb on one path: what each answered.
fn verbs(guest: &mut Guest, path: &str) -> Vec<Result<(), Refused>> {
    let (a, b) = (guest.root(), guest.root());
    let stat = now(guest.parts().stat_at(a, FOLLOW, path.into()));
    let hash = now(guest.parts().metadata_hash_at(b, FOLLOW, path.into()));
    vec![
        guest.answer(stat).map(drop),
        guest.answer(hash).map(drop),
        guest.read(path).map(drop),
        guest.write(path, b"x", 0).map(drop),
        guest.open(path, CREATE | OpenFlags::TRUNCATE, WRITE).map(drop),
        guest.open(path, OpenFlags::DIRECTORY, READ).map(drop),
    ]
}

fn outside(machine: &Machine, path: &str) {
    let mut guest = machine.writer();
    for (verb, answer) in verbs(&mut guest, path).into_iter().enumerate() {
        assert_eq!(answer, Err((ErrorCode::NotPermitted, id("PathOutsideDrive"))), "verb {verb} on {path}");
    }
    assert!(machine.secret_is_whole());
}

#[test]
fn row_b02_row_b04_dots_never_leave_the_drive() {
    let machine = machine();
    std::fs::create_dir(machine.logs().join("d")).unwrap();
    for path in ["..", "../secret", "d/../../secret", "./../secret", "d/./../..//secret", "../logs/../secret"]
    {
        outside(&machine, path);
    }
}

#[test]
fn row_b03_row_d40_an_absolute_path_is_refused() {
    outside(&machine(), "/etc/passwd");
}

#[test]
fn row_b05_an_absolute_link_is_refused_and_listed_as_a_link() {
    let machine = machine();
    symlink(machine.dir.path().join("secret"), machine.logs().join("l")).unwrap();
    outside(&machine, "l");
    let mut guest = machine.reader();
    let root = guest.root();
    let stat = now(guest.parts().stat_at(root, PathFlags::empty(), "l".into()));
    assert_eq!(guest.answer(stat).unwrap().type_, DescriptorType::SymbolicLink);
    let root = guest.root();
    let text = now(guest.parts().readlink_at(root, "l".into()));
    assert_eq!(guest.answer(text).unwrap_err().1, id("PathOutsideDrive"));
}

#[test]
fn row_b06_relative_links_up_are_refused_where_they_leave() {
    let machine = machine();
    let logs = machine.logs();
    std::fs::create_dir(logs.join("d")).unwrap();
    symlink("../secret", logs.join("one")).unwrap();
    symlink("../../secret", logs.join("d/two")).unwrap();
    symlink("d/two", logs.join("three")).unwrap();
    symlink("..", logs.join("up")).unwrap();
    for path in ["one", "d/two", "three", "up", "up/secret", "d/../up/secret"] {
        outside(&machine, path);
    }
}

#[test]
fn a_link_inside_the_drive_works_and_its_text_is_shown() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "inside").unwrap();
    symlink("f", machine.logs().join("l")).unwrap();
    let mut guest = machine.reader();
    assert_eq!(guest.read("l").unwrap(), b"inside");
    let root = guest.root();
    let text = now(guest.parts().readlink_at(root, "l".into()));
    assert_eq!(guest.answer(text).unwrap(), "f");
    let root = guest.root();
    let none = now(guest.parts().readlink_at(root, "f".into()));
    assert_eq!(guest.answer(none).unwrap_err(), (ErrorCode::Invalid, None));
}

#[test]
fn row_b07_a_trailing_separator_gets_no_further() {
    let machine = machine();
    symlink("..", machine.logs().join("up")).unwrap();
    symlink("../made", machine.logs().join("new")).unwrap();
    for tail in ["/", "//", "/.", "/./"] {
        outside(&machine, &format!("up{tail}"));
        let mut guest = machine.writer();
        assert!(guest.make_folder(&format!("new{tail}")).is_err());
        assert!(guest.rename(&format!("up{tail}"), "up2").is_ok());
        assert!(guest.rename("up2", &format!("up{tail}")).is_ok());
        let root = guest.root();
        let removed = now(guest.parts().remove_directory_at(root, format!("up{tail}")));
        assert_eq!(guest.answer(removed).unwrap_err().0, ErrorCode::NotDirectory);
    }
    assert!(!machine.dir.path().join("made").exists() && machine.secret_is_whole());
}

#[test]
fn row_b07_removing_a_link_with_a_trailing_separator_removes_the_link() {
    let machine = machine();
    symlink("../secret", machine.logs().join("l")).unwrap();
    machine.writer().remove("l/").unwrap();
    assert!(machine.secret_is_whole() && !machine.logs().join("l").is_symlink());
}

#[test]
fn a_link_that_leads_nowhere_makes_no_file_at_its_end() {
    let machine = machine();
    symlink("../made", machine.logs().join("out")).unwrap();
    symlink("made", machine.logs().join("in")).unwrap();
    let mut guest = machine.writer();
    for link in ["out", "in"] {
        assert!(guest.open(link, CREATE, WRITE).is_err());
    }
    assert!(!machine.dir.path().join("made").exists() && !machine.logs().join("made").exists());
}

#[test]
fn row_b10_a_file_with_a_second_name_is_read_but_not_written() {
    let machine = machine();
    std::fs::hard_link(machine.dir.path().join("secret"), machine.logs().join("h")).unwrap();
    let mut guest = machine.writer();
    assert_eq!(guest.read("h").unwrap(), b"secret");
    let refused = Err((ErrorCode::NotPermitted, id("PathOutsideDrive")));
    assert_eq!(guest.write("h", b"x", 0), refused.clone());
    assert_eq!(guest.open("h", OpenFlags::TRUNCATE, WRITE).map(drop), refused.map(drop));
    assert!(machine.secret_is_whole());
}

#[test]
fn no_link_of_either_kind_is_made() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "").unwrap();
    let mut guest = machine.writer();
    let (a, b) = (guest.root(), guest.root());
    let hard = now(guest.parts().link_at(a, PathFlags::empty(), "f".into(), b, "g".into()));
    assert_eq!(guest.answer(hard).unwrap_err().1, id("PathOutsideDrive"));
    let root = guest.root();
    let soft = now(guest.parts().symlink_at(root, "f".into(), "g".into()));
    assert_eq!(guest.answer(soft).unwrap_err().1, id("PathOutsideDrive"));
    assert!(!machine.logs().join("g").exists());
}

#[test]
fn row_b13_a_folder_swapped_for_a_link_never_leads_outside() {
    let machine = machine();
    let (logs, outside) = (machine.logs(), machine.dir.path().join("outside"));
    for (dir, text) in [(logs.join("d"), "inside"), (outside.clone(), "canary")] {
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("f"), text).unwrap();
    }
    symlink(&outside, logs.join("l")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let (d, l) = (logs.join("d"), logs.join("l"));
                rustix::fs::renameat_with(CWD, d, CWD, l, RenameFlags::EXCHANGE).unwrap();
            }
        });
        let mut guest = machine.writer();
        for turn in 0..3000 {
            if let Ok(bytes) = guest.read("d/f") {
                assert_ne!(bytes, b"canary");
            }
            let _ = guest.write("d/f", b"inside", 0);
            let _ = guest.write(&format!("d/new{}", turn % 7), b"x", 0);
            let _ = guest.remove(&format!("d/new{}", turn % 7));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(std::fs::read(outside.join("f")).unwrap(), b"canary");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn row_b15_a_mount_under_the_root_is_not_crossed() {
    // /dev/shm and /proc are mounts under / on every Linux; reaching them needs no privilege.
    let machine = machine();
    if !std::path::Path::new("/proc/self").exists() {
        eprintln!("not shown: no /proc is mounted");
        return;
    }
    let root = common::grant(
        "R",
        bailiwick_policy::DriveRoot::Path("/".into()),
        bailiwick_policy::Access::Read,
        None,
    );
    let mut guest = Guest::new(vec![machine.drives.open(&root, &common::user("a")).unwrap()]);
    let refused = (ErrorCode::NotPermitted, id("PathOutsideDrive"));
    for path in ["proc", "proc/self/environ", "proc/self/root/etc/passwd", "proc/1/environ", "sys/kernel"] {
        assert_eq!(guest.read(path).unwrap_err(), refused, "{path}");
    }
}

#[test]
fn row_b16_magic_links_are_not_followed() {
    let machine = machine();
    symlink("/proc/self/root/etc", machine.logs().join("m")).unwrap();
    symlink("/proc/self/fd/0", machine.logs().join("fd")).unwrap();
    outside(&machine, "m");
    outside(&machine, "fd");
}

#[test]
fn row_b17_special_files_are_refused_without_waiting() {
    let machine = machine();
    let fifo = machine.logs().join("fifo");
    rustix::fs::mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let _socket = UnixListener::bind(machine.logs().join("socket")).unwrap();
    let mut specials = vec!["fifo", "socket"];
    let null = rustix::fs::makedev(1, 3);
    let device = machine.logs().join("device");
    if rustix::fs::mknodat(CWD, &device, FileType::CharacterDevice, Mode::RUSR | Mode::WUSR, null).is_ok() {
        specials.push("device");
    }
    let mut guest = machine.writer();
    for special in specials {
        let refused = Err((ErrorCode::NotPermitted, id("SpecialFile")));
        assert_eq!(guest.read(special).map(drop), refused.clone(), "{special}");
        assert_eq!(guest.write(special, b"x", 0).map(drop), refused.clone(), "{special}");
        assert_eq!(guest.open(special, CREATE | OpenFlags::TRUNCATE, WRITE).map(drop), refused, "{special}");
    }
    let root = guest.root();
    assert!(guest.names(root).contains(&"fifo".to_owned()));
    assert!(fifo.symlink_metadata().unwrap().file_type().is_fifo());
}

#[test]
fn row_b36_removing_a_link_leaves_what_it_leads_to() {
    let machine = machine();
    let other = machine.dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("f"), "kept").unwrap();
    symlink("../other", machine.logs().join("l")).unwrap();
    let mut guest = machine.writer();
    assert!(guest.remove("l/f").is_err());
    let root = guest.root();
    let removed = now(guest.parts().remove_directory_at(root, "l".into()));
    assert!(guest.answer(removed).is_err());
    guest.remove("l").unwrap();
    assert_eq!(std::fs::read(other.join("f")).unwrap(), b"kept");
}

#[test]
fn row_b36_a_folder_held_open_is_emptied_through_its_handle() {
    let machine = machine();
    let (d, other) = (machine.logs().join("d"), machine.dir.path().join("other"));
    for dir in [&d, &other] {
        std::fs::create_dir(dir).unwrap();
        std::fs::write(dir.join("f"), "x").unwrap();
    }
    let mut guest = machine.writer();
    let held = guest.open("d", OpenFlags::DIRECTORY, READ).unwrap();
    std::fs::rename(&d, machine.logs().join("moved")).unwrap();
    symlink("../other", &d).unwrap();
    let removed = now(guest.parts().unlink_file_at(held, "f".into()));
    guest.answer(removed).unwrap();
    assert!(other.join("f").exists() && !machine.logs().join("moved/f").exists());
}

#[test]
fn row_b41_what_is_outside_and_what_is_nowhere_get_one_answer() {
    let machine = machine();
    let mut guest = machine.reader();
    for (there, nowhere) in
        [("../secret", "../nope"), ("../../../etc/shadow", "../../../etc/nope"), ("/etc", "/nope")]
    {
        let stat = |guest: &mut Guest, path: &str| {
            let root = guest.root();
            let stat = now(guest.parts().stat_at(root, FOLLOW, path.into()));
            guest.answer(stat).map(drop)
        };
        assert_eq!(stat(&mut guest, there), stat(&mut guest, nowhere));
    }
}

#[test]
fn row_b19_a_name_that_is_not_utf8_is_listed_read_and_removed() {
    use std::os::unix::ffi::OsStrExt as _;
    let machine = machine();
    let names: [&[u8]; 3] = [b"\xff\xfe", b"a\x80", "a\u{10ff80}".as_bytes()];
    for name in names {
        std::fs::write(machine.logs().join(std::ffi::OsStr::from_bytes(name)), name).unwrap();
    }
    let mut guest = machine.writer();
    let root = guest.root();
    let shown = guest.names(root);
    assert_eq!(shown.len(), 3);
    let mut read: Vec<Vec<u8>> = shown.iter().map(|name| guest.read(name).unwrap()).collect();
    read.sort();
    let mut expected = names.map(<[u8]>::to_vec);
    expected.sort();
    assert_eq!(read, expected);
    shown.iter().for_each(|name| guest.remove(name).unwrap());
    assert_eq!(std::fs::read_dir(machine.logs()).unwrap().count(), 0);
}

#[test]
fn row_d40_paths_that_are_no_paths_are_errors_to_the_guest() {
    let machine = machine();
    let mut guest = machine.writer();
    let long = "x".repeat(1 << 20);
    for (path, code) in
        [("a\0b", ErrorCode::Invalid), ("", ErrorCode::NoEntry), (&long, ErrorCode::NameTooLong)]
    {
        assert_eq!(guest.read(path).unwrap_err(), (code, None));
        assert_eq!(guest.make_folder(path).unwrap_err(), (code, None));
        let skeleton = guest.skeleton();
        let above = now(guest.parts().open_at(skeleton, FOLLOW, path.into(), OpenFlags::empty(), READ));
        assert!(guest.answer(above).is_err() || path.is_empty());
    }
}
