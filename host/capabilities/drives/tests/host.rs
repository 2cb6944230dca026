//! What the interface answers: access, quota, revocation, streams, the skeleton, limits.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

#[expect(dead_code, reason = "each test file uses its part")]
mod common;

use bailiwick_capability::limits::{READ_BYTES, RESOURCES};
use bailiwick_drives::bindings::types::{
    DescriptorFlags, ErrorCode, HostDescriptor as _, NewTimestamp, OpenFlags,
};
use bailiwick_policy::Access;
use wasmtime::component::Resource;
use wasmtime_wasi_io::streams::{DynInputStream, StreamError};

use common::{CREATE, FOLLOW, Guest, READ, WRITE, fingerprint, id, machine, now};

fn quota_refused<T: std::fmt::Debug>(answer: Result<T, common::Refused>) {
    assert_eq!(answer.unwrap_err(), (ErrorCode::Quota, id("QuotaExceeded")));
}

const OPENS: [OpenFlags; 4] =
    [OpenFlags::CREATE, OpenFlags::DIRECTORY, OpenFlags::EXCLUSIVE, OpenFlags::TRUNCATE];

const FLAGS: [DescriptorFlags; 6] = [
    DescriptorFlags::READ,
    DescriptorFlags::WRITE,
    DescriptorFlags::FILE_INTEGRITY_SYNC,
    DescriptorFlags::DATA_INTEGRITY_SYNC,
    DescriptorFlags::REQUESTED_WRITE_SYNC,
    DescriptorFlags::MUTATE_DIRECTORY,
];

/// The flags whose bits are set in `choice`.
fn combined<T, const N: usize>(choice: usize, of: [T; N]) -> impl Iterator<Item = T> {
    of.into_iter().enumerate().filter(move |(bit, _)| choice & (1 << bit) != 0).map(|(_, flag)| flag)
}

#[test]
fn row_b12_no_combination_of_flags_changes_a_read_only_drive() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "text").unwrap();
    let before = fingerprint(&machine.logs());
    let mut guest = machine.reader();
    for open in 0..16 {
        for flags in 0..64 {
            let open = combined(open, OPENS).fold(OpenFlags::empty(), |all, one| all | one);
            let flags = combined(flags, FLAGS).fold(DescriptorFlags::empty(), |all, one| all | one);
            for path in ["f", "new"] {
                if let Ok(fd) = guest.open(path, open, flags) {
                    let wrote = now(guest.parts().write(Resource::new_borrow(fd.rep()), vec![1], 0));
                    assert!(guest.answer(wrote).is_err());
                    let cut = now(guest.parts().set_size(Resource::new_borrow(fd.rep()), 0));
                    assert!(guest.answer(cut).is_err());
                    guest.close(fd);
                }
            }
        }
    }
    assert_eq!(fingerprint(&machine.logs()), before);
}

#[test]
fn row_b22_every_change_to_a_read_only_drive_is_refused_by_name() {
    let machine = machine();
    std::fs::create_dir(machine.logs().join("d")).unwrap();
    std::fs::write(machine.logs().join("f"), "text").unwrap();
    let before = fingerprint(&machine.logs());
    let mut guest = machine.reader();
    let refused = || (ErrorCode::ReadOnly, id("DriveReadOnly"));
    assert_eq!(guest.write("f", b"x", 0).unwrap_err(), refused());
    assert_eq!(guest.open("new", CREATE, READ).unwrap_err(), refused());
    assert_eq!(guest.open("f", OpenFlags::TRUNCATE, READ).unwrap_err(), refused());
    assert_eq!(
        guest.open("d", OpenFlags::DIRECTORY, DescriptorFlags::MUTATE_DIRECTORY).unwrap_err(),
        refused()
    );
    assert_eq!(guest.make_folder("new").unwrap_err(), refused());
    assert_eq!(guest.remove("f").unwrap_err(), refused());
    assert_eq!(guest.rename("f", "g").unwrap_err(), refused());
    let root = guest.root();
    let removed = now(guest.parts().remove_directory_at(root, "d".into()));
    assert_eq!(guest.answer(removed).unwrap_err(), refused());
    let root = guest.root();
    let touched =
        now(guest.parts().set_times_at(root, FOLLOW, "f".into(), NewTimestamp::Now, NewTimestamp::Now));
    assert_eq!(guest.answer(touched).unwrap_err(), refused());
    let root = guest.root();
    let linked = now(guest.parts().symlink_at(root, "f".into(), "l".into()));
    assert_eq!(guest.answer(linked).unwrap_err(), refused());
    assert_eq!(fingerprint(&machine.logs()), before);
}

#[test]
fn what_is_written_is_read_and_what_is_removed_is_gone() {
    let machine = machine();
    let mut guest = machine.writer();
    guest.make_folder("d").unwrap();
    guest.write("d/f", b"text", 0).unwrap();
    assert_eq!(guest.read("d/f").unwrap(), b"text");
    guest.rename("d/f", "g").unwrap();
    let root = guest.root();
    assert_eq!(guest.names(root), ["d", "g"]);
    guest.remove("g").unwrap();
    assert_eq!(guest.read("g").unwrap_err(), (ErrorCode::NoEntry, None));
    assert_eq!(guest.remove("d").unwrap_err().0, ErrorCode::IsDirectory);
}

#[test]
fn an_ordinary_failure_forgets_the_reason_of_an_earlier_refusal() {
    let machine = machine();
    let mut guest = machine.reader();
    let root = guest.root();
    let refused = now(guest.parts().create_directory_at(root, "new".into())).unwrap_err();
    bailiwick_drives::bindings::types::Host::convert_error_code(&mut guest.parts(), refused).unwrap();
    assert_eq!(guest.read("nowhere").unwrap_err(), (ErrorCode::NoEntry, None));
}

#[test]
fn row_b23_a_write_up_to_the_limit_fits_and_one_past_it_is_refused_whole() {
    let machine = machine();
    let mut guest = machine.limited(1000);
    guest.write("f", &[1; 1000], 0).unwrap();
    quota_refused(guest.write("f", &[2; 2], 999));
    quota_refused(guest.write("g", &[2], 0));
    assert_eq!(guest.read("f").unwrap(), [1; 1000]);
    guest.write("f", &[3; 1000], 0).unwrap();
}

#[test]
fn row_b23_holes_and_extensions_count() {
    let machine = machine();
    let mut guest = machine.limited(1000);
    quota_refused(guest.write("f", &[1], 1 << 40));
    let fd = guest.open("f", CREATE, WRITE).unwrap();
    let grown = now(guest.parts().set_size(Resource::new_borrow(fd.rep()), 1001));
    quota_refused(guest.answer(grown));
    let grown = now(guest.parts().set_size(Resource::new_borrow(fd.rep()), 1000));
    guest.answer(grown).unwrap();
    let over = now(guest.parts().write(Resource::new_borrow(fd.rep()), vec![1], u64::MAX));
    assert!(guest.answer(over).is_err());
}

#[test]
fn row_b23_removing_truncating_and_renaming_over_give_room_back() {
    let machine = machine();
    let drive = machine.open(Access::Write, Some(1000));
    let mut guest = Guest::new(vec![drive.clone()]);
    guest.write("f", &[1; 600], 0).unwrap();
    guest.write("g", &[1; 400], 0).unwrap();
    guest.rename("g", "f").unwrap();
    assert_eq!(drive.used(), Some((400, 1)));
    let fd = guest.open("f", OpenFlags::TRUNCATE, WRITE).unwrap();
    guest.close(fd);
    assert_eq!(drive.used(), Some((0, 1)));
    guest.remove("f").unwrap();
    assert_eq!(drive.used(), Some((0, 0)));
}

#[test]
fn row_b23_a_removed_file_counts_until_it_is_closed() {
    let machine = machine();
    let drive = machine.open(Access::Write, Some(1000));
    let mut guest = Guest::new(vec![drive.clone()]);
    let fd = guest.open("f", CREATE, WRITE).unwrap();
    let wrote = now(guest.parts().write(Resource::new_borrow(fd.rep()), vec![1; 900], 0));
    guest.answer(wrote).unwrap();
    guest.remove("f").unwrap();
    quota_refused(guest.write("g", &[1; 200], 0));
    guest.close(fd);
    guest.write("g", &[1; 200], 0).unwrap();
    assert_eq!(drive.used(), Some((200, 1)));
}

#[test]
fn row_b23_empty_files_and_folders_are_limited_too() {
    let machine = machine();
    let mut guest = machine.limited(1000);
    for n in 0..500 {
        guest.write(&format!("f{n}"), b"", 0).unwrap();
        guest.make_folder(&format!("d{n}")).unwrap();
    }
    quota_refused(guest.write("more", b"", 0));
    quota_refused(guest.make_folder("more"));
    guest.remove("f0").unwrap();
    guest.make_folder("more").unwrap();
}

#[test]
fn row_b23_what_is_there_at_the_start_counts() {
    let machine = machine();
    std::fs::create_dir(machine.logs().join("d")).unwrap();
    std::fs::write(machine.logs().join("d/f"), [1; 900]).unwrap();
    let drive = machine.open(Access::Write, Some(1000));
    assert_eq!(drive.used(), Some((900, 2)));
    quota_refused(Guest::new(vec![drive]).write("g", &[1; 101], 0));
}

#[test]
fn row_b23_a_drive_that_nests_too_deep_opens_and_is_full() {
    let machine = machine();
    std::fs::create_dir_all(machine.logs().join(["d"; 600].join("/"))).unwrap();
    let mut guest = Guest::new(vec![machine.open(Access::Write, Some(1000))]);
    quota_refused(guest.write("f", &[1], 0));
    quota_refused(guest.make_folder("e"));
}

#[test]
fn row_b23_all_sessions_of_a_root_share_its_quota() {
    let machine = machine();
    let written: u64 = std::thread::scope(|scope| {
        let drives: Vec<_> = (0..4).map(|_| machine.open(Access::Write, Some(100_000))).collect();
        let writers: Vec<_> = drives
            .into_iter()
            .enumerate()
            .map(|(n, drive)| {
                scope.spawn(move || {
                    let mut guest = Guest::new(vec![drive]);
                    (0..200)
                        .filter_map(|i| guest.write(&format!("f{n}"), &[1; 333], i * 333).ok())
                        .sum::<u64>()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    assert!(written <= 100_000 && written > 100_000 - 333, "{written}");
}

#[test]
fn row_b23_the_account_equals_the_tree_after_random_operations() {
    let machine = machine();
    let drive = machine.open(Access::Write, Some(50_000));
    let mut guest = Guest::new(vec![drive.clone()]);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..3000 {
        let (a, b) = (format!("f{}", random(6)), format!("f{}", random(6)));
        match random(5) {
            0 => drop(guest.remove(&a)),
            1 => drop(guest.rename(&a, &b)),
            2 => {
                if let Ok(fd) = guest.open(&a, CREATE, WRITE) {
                    drop(now(guest.parts().set_size(Resource::new_borrow(fd.rep()), random(20_000))));
                    guest.close(fd);
                }
            }
            _ => drop(guest.write(&a, &vec![7; random(5000) as usize], random(9000))),
        }
        let used = drive.used().unwrap();
        assert!(used.0 <= 50_000);
    }
    let files = std::fs::read_dir(machine.logs()).unwrap().map(|e| e.unwrap().metadata().unwrap().len());
    let sizes: Vec<u64> = files.collect();
    assert_eq!(drive.used(), Some((sizes.iter().sum(), sizes.len() as u64)));
}

#[test]
fn a_stream_leaves_the_reason_that_std_can_not_carry() {
    let machine = machine();
    let mut guest = machine.limited(10);
    let fd = guest.open("f", CREATE, WRITE).unwrap();
    guest.stream(&fd, b"0123456789").unwrap();
    assert_eq!(guest.stream(&fd, b"x"), Err(id("QuotaExceeded")));
    assert_eq!(guest.read("f").unwrap(), b"0123456789");
}

#[test]
fn row_b37_a_revoked_drive_answers_nothing_more_on_open_files_either() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "text").unwrap();
    let drive = machine.open(Access::Write, None);
    let mut guest = Guest::new(vec![drive.clone()]);
    let fd = guest.open("f", OpenFlags::empty(), READ | WRITE).unwrap();
    guest.stream(&fd, b"more").unwrap();
    drive.revoke();
    let refused = (ErrorCode::NotPermitted, id("DriveRevoked"));
    let read = now(guest.parts().read(Resource::new_borrow(fd.rep()), 1, 0));
    assert_eq!(guest.answer(read).unwrap_err(), refused);
    assert_eq!(guest.stream(&fd, b"even more"), Err(id("DriveRevoked")));
    assert_eq!(guest.read("f").unwrap_err(), refused);
    assert_eq!(guest.remove("f").unwrap_err(), refused);
    let root = guest.root();
    let listed = now(guest.parts().read_directory(root));
    assert_eq!(guest.answer(listed).unwrap_err(), refused);
}

#[test]
fn row_b38_a_file_that_shrinks_while_it_is_read_ends() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), vec![1; 200_000]).unwrap();
    let mut guest = machine.reader();
    let fd = guest.open("f", OpenFlags::empty(), READ).unwrap();
    let stream = now(guest.parts().read_via_stream(Resource::new_borrow(fd.rep()), 0));
    let stream = guest.answer(stream).unwrap();
    let input = guest.table.get_mut::<DynInputStream>(&stream).unwrap();
    assert_eq!(input.read(usize::MAX).unwrap().len(), READ_BYTES);
    std::fs::write(machine.logs().join("f"), "").unwrap();
    assert!(matches!(input.read(1), Err(StreamError::Closed)));
}

#[test]
fn a_read_is_never_longer_than_the_host_allocates_at_once() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), vec![1; 200_000]).unwrap();
    assert_eq!(machine.reader().read("f").unwrap().len(), READ_BYTES);
}

#[test]
fn row_d12_descriptors_end_with_an_error_and_are_closed_with_the_instance() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "").unwrap();
    let mut guest = machine.reader();
    let held: Vec<_> = (0..RESOURCES).map_while(|_| guest.open("f", OpenFlags::empty(), READ).ok()).collect();
    assert!(held.len() < RESOURCES);
    let full = guest.open("f", OpenFlags::empty(), READ).unwrap_err();
    assert_eq!(full, (ErrorCode::InsufficientMemory, None));
    guest.close(held.into_iter().next().unwrap());
    guest.open("f", OpenFlags::empty(), READ).unwrap();
}

#[test]
fn the_skeleton_lists_the_drives_and_can_not_be_changed() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "text").unwrap();
    let mut guest = machine.writer();
    let skeleton = guest.skeleton();
    assert_eq!(guest.names(skeleton), ["drives"]);
    let skeleton = guest.skeleton();
    let drives = now(guest.parts().open_at(skeleton, FOLLOW, "drives".into(), OpenFlags::DIRECTORY, READ));
    let drives = guest.answer(drives).unwrap();
    assert_eq!(guest.names(Resource::new_borrow(drives.rep())), ["Logs"]);
    let made = now(guest.parts().create_directory_at(drives, "x".into()));
    assert_eq!(guest.answer(made).unwrap_err().1, id("DriveReadOnly"));
    let skeleton = guest.skeleton();
    let up = now(guest.parts().open_at(skeleton, FOLLOW, "../etc".into(), OpenFlags::empty(), READ));
    assert_eq!(guest.answer(up).unwrap_err().1, id("PathOutsideDrive"));
}

#[test]
fn a_path_through_the_skeleton_is_a_path_on_the_drive() {
    let machine = machine();
    std::fs::write(machine.logs().join("f"), "text").unwrap();
    let mut guest = machine.reader();
    for (path, found) in
        [("drives/logs/f", true), ("drives/Logs/../../secret", false), ("drives/Other/f", false)]
    {
        let skeleton = guest.skeleton();
        let opened = now(guest.parts().open_at(skeleton, FOLLOW, path.into(), OpenFlags::empty(), READ));
        assert_eq!(guest.answer(opened).is_ok(), found, "{path}");
    }
}

#[test]
fn a_rename_stays_on_its_drive() {
    let machine = machine();
    let other = machine.dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let second = common::grant("Other", bailiwick_policy::DriveRoot::Path(other), Access::Write, None);
    let second = machine.drives.open(&second, &common::user("a")).unwrap();
    let mut guest = Guest::new(vec![machine.open(Access::Write, None), second]);
    guest.write("f", b"x", 0).unwrap();
    let (a, b) = (guest.root(), Resource::new_borrow(guest.roots.get(1).unwrap().rep()));
    let renamed = now(guest.parts().rename_at(a, "f".into(), b, "f".into()));
    assert_eq!(guest.answer(renamed).unwrap_err(), (ErrorCode::CrossDevice, None));
}

#[test]
fn messages_hold_no_path_of_the_host() {
    let machine = machine();
    std::os::unix::fs::symlink(machine.dir.path(), machine.logs().join("l")).unwrap();
    let mut guest = machine.reader();
    let root = guest.root();
    let refused = now(guest.parts().open_at(root, FOLLOW, "l/secret".into(), OpenFlags::empty(), READ));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("`Logs:/l/secret`"), "{message}");
    assert!(!message.contains(machine.dir.path().to_str().unwrap()));
}
