//! New-Item, Remove-Item, Copy-Item and Move-Item.

use crate::support::{drives, ids, property, run};
use bailiwick_sdk::Value;

#[test]
fn files_and_folders_are_made_and_written_out() {
    let drives = drives();
    let file = run("New-Item", &[("Path", "User:/a.txt".into()), ("Value", "text".into())]);
    assert_eq!(property(&file, "FullName"), ["User:/a.txt"]);
    assert_eq!(drives.content("User:/a.txt"), "text");
    let folder = run("New-Item", &[("Path", "User:/x/y".into()), ("ItemType", "directory".into())]);
    assert_eq!(property(&folder, "FullName"), ["User:/x/y"]);
    let named = run("New-Item", &[("Path", "User:/x".into()), ("Name", "z".into())]);
    assert_eq!(property(&named, "FullName"), ["User:/x/z"]);
}

#[test]
fn what_exists_is_not_made_again_unless_forced() {
    let drives = drives();
    drives.file("User:/a", "old");
    drives.folder("User:/d");
    let class = "Microsoft.PowerShell.Commands.NewItemCommand";
    let file = [("Path", Value::from("User:/a")), ("Value", "new".into())];
    assert_eq!(ids(&run("New-Item", &file)), [format!("NewItemIOError,{class}")]);
    assert_eq!(drives.content("User:/a"), "old");
    run("New-Item", &[&file[..], &[("Force", true.into())]].concat());
    assert_eq!(drives.content("User:/a"), "new");

    let folder = [("Path", Value::from("User:/d")), ("ItemType", "Directory".into())];
    assert_eq!(ids(&run("New-Item", &folder)), [format!("DirectoryExist,{class}")]);
    assert_eq!(ids(&run("New-Item", &[&folder[..], &[("Force", true.into())]].concat())), [""; 0]);
}

#[test]
fn a_file_in_a_missing_folder_needs_force() {
    let drives = drives();
    let file = [("Path", Value::from("User:/no/a"))];
    assert_eq!(ids(&run("New-Item", &file)), ["NewItemIOError,Microsoft.PowerShell.Commands.NewItemCommand"]);
    run("New-Item", &[&file[..], &[("Force", true.into())]].concat());
    assert!(drives.exists("User:/no/a"));
}

#[test]
fn a_name_leads_nowhere_else() {
    let drives = drives();
    drives.folder("User:/inner");
    for name in ["../x", "a/b", r"..\x", "..", ".", "", "a\nb"] {
        let refused = run("New-Item", &[("Path", "User:/inner".into()), ("Name", name.into())]);
        assert_eq!(ids(&refused), ["InvalidName,Microsoft.PowerShell.Commands.NewItemCommand"], "{name:?}");
    }
    assert!(!drives.exists("User:/x"));
}

#[test]
fn a_folder_that_is_not_empty_is_removed_with_recurse_only() {
    let drives = drives();
    drives.file("User:/d/e/f", "");
    let refused = run("Remove-Item", &[("Path", "User:/d".into())]);
    assert_eq!(ids(&refused), ["DirectoryNotEmpty,Microsoft.PowerShell.Commands.RemoveItemCommand"]);
    assert!(drives.exists("User:/d/e/f"));
    assert_eq!(ids(&run("Remove-Item", &[("Path", "User:/d".into()), ("Recurse", true.into())])), [""; 0]);
    assert!(!drives.exists("User:/d"));
}

#[test]
fn removal_takes_links_and_never_follows_them() {
    let drives = drives();
    drives.file("Logs:/keep", "");
    drives.folder("User:/d");
    drives.link("User:/d/link", "Logs:/");
    drives.link("User:/other", "Logs:/");
    let removed =
        run("Remove-Item", &[("Path", Value::array(["User:/d", "User:/other"])), ("Recurse", true.into())]);
    assert_eq!(ids(&removed), [""; 0]);
    assert!(!drives.exists("User:/d") && !drives.exists("User:/other"));
    assert!(drives.exists("Logs:/keep"));
}

#[test]
fn the_root_of_a_drive_is_not_removed() {
    let drives = drives();
    let refused = run("Remove-Item", &[("Path", "User:/".into()), ("Recurse", true.into())]);
    assert_eq!(ids(&refused), ["RemoveItemInvalidOperation,Microsoft.PowerShell.Commands.RemoveItemCommand"]);
    assert!(drives.exists("User:/"));
}

#[test]
fn a_wildcard_removes_what_it_finds_and_leaves_what_is_excluded() {
    let drives = drives();
    for name in ["a.txt", "b.txt", "c.log", ".d.txt"] {
        drives.file(&format!("User:/{name}"), "");
    }
    run("Remove-Item", &[("Path", "User:/*.txt".into()), ("Exclude", "b*".into())]);
    let left = run("Get-ChildItem", &[("Path", "User:/".into()), ("Force", true.into())]);
    assert_eq!(property(&left, "Name"), [".d.txt", "b.txt", "c.log"]);
}

#[test]
fn a_copy_goes_into_a_folder_or_to_a_name_and_replaces() {
    let drives = drives();
    drives.file("Logs:/a", "content");
    drives.file("User:/there", "old");
    let copy = |to: &str| run("Copy-Item", &[("Path", "Logs:/a".into()), ("Destination", to.into())]);
    assert_eq!(ids(&copy("User:/")), [""; 0]);
    assert_eq!(ids(&copy("User:/there")), [""; 0]);
    assert_eq!(
        (drives.content("User:/a"), drives.content("User:/there")),
        ("content".into(), "content".into())
    );
}

#[test]
fn a_folder_is_copied_with_what_is_in_it_but_for_links() {
    let drives = drives();
    drives.file("User:/d/e/f", "content");
    drives.link("User:/d/link", "Logs:/");
    let parameters =
        [("Path", Value::from("User:/d")), ("Destination", "User:/copy".into()), ("Recurse", true.into())];
    let copied = run("Copy-Item", &parameters);
    assert_eq!(ids(&copied), [""; 0]);
    assert_eq!(copied.stream(bailiwick_sdk::StreamKind::Warning).len(), 1);
    assert_eq!(drives.content("User:/copy/e/f"), "content");
    assert!(!drives.exists("User:/copy/link"));
}

#[test]
fn a_folder_without_recurse_is_copied_empty() {
    let drives = drives();
    drives.file("User:/d/f", "");
    run("Copy-Item", &[("Path", "User:/d".into()), ("Destination", "User:/copy".into())]);
    assert!(drives.exists("User:/copy") && !drives.exists("User:/copy/f"));
}

#[test]
fn an_item_is_not_copied_or_moved_onto_or_into_itself() {
    let drives = drives();
    drives.file("User:/d/f", "content");
    for command in ["Copy-Item", "Move-Item"] {
        for (path, destination) in
            [("User:/d/f", "User:/d/f"), ("User:/d/f", "User:/d"), ("User:/d", "User:/d/e")]
        {
            let parameters =
                [("Path", path.into()), ("Destination", destination.into()), ("Recurse", true.into())];
            assert_eq!(ids(&run(command, &parameters)).len(), 1, "{command} {path} {destination}");
        }
    }
    assert_eq!(drives.content("User:/d/f"), "content");
    assert!(!drives.exists("User:/d/e"));
}

#[test]
fn a_copy_into_itself_by_way_of_a_link_ends() {
    let drives = drives();
    drives.file("User:/d/f", "");
    drives.link("User:/link", "User:/d");
    let parameters =
        [("Path", Value::from("User:/d")), ("Destination", "User:/link".into()), ("Recurse", true.into())];
    assert_eq!(ids(&run("Copy-Item", &parameters)), [""; 0]);
    assert!(drives.exists("User:/d/d/f") && !drives.exists("User:/d/d/d"));
}

#[test]
fn a_folder_is_not_copied_onto_a_file() {
    let drives = drives();
    drives.folder("User:/d");
    drives.file("User:/f", "");
    let refused = run("Copy-Item", &[("Path", "User:/d".into()), ("Destination", "User:/f".into())]);
    assert_eq!(ids(&refused), ["CopyContainerItemToLeafError,Microsoft.PowerShell.Commands.CopyItemCommand"]);
}

#[test]
fn a_destination_holds_no_wildcard() {
    let drives = drives();
    drives.file("User:/f", "");
    let refused = run("Copy-Item", &[("Path", "User:/f".into()), ("Destination", "User:/*".into())]);
    assert_eq!(ids(&refused), ["InvalidPath,Microsoft.PowerShell.Commands.CopyItemCommand"]);
}

#[test]
fn a_move_replaces_a_file_with_force_only() {
    let drives = drives();
    drives.file("User:/a", "new");
    drives.file("User:/b", "old");
    let parameters = [("Path", Value::from("User:/a")), ("Destination", "User:/b".into())];
    let refused = run("Move-Item", &parameters);
    assert_eq!(ids(&refused), ["MoveFileInfoItemIOError,Microsoft.PowerShell.Commands.MoveItemCommand"]);
    let moved =
        run("Move-Item", &[&parameters[..], &[("Force", true.into()), ("PassThru", true.into())]].concat());
    assert_eq!(property(&moved, "FullName"), ["User:/b"]);
    assert_eq!(drives.content("User:/b"), "new");
    assert!(!drives.exists("User:/a"));
}

#[test]
fn a_move_between_drives_copies_and_removes() {
    let drives = drives();
    drives.file("User:/d/e/f", "content");
    let moved = run("Move-Item", &[("Path", "User:/d".into()), ("Destination", "Logs:/".into())]);
    assert_eq!(ids(&moved), [""; 0]);
    assert_eq!(drives.content("Logs:/d/e/f"), "content");
    assert!(!drives.exists("User:/d"));
}

#[test]
fn what_was_not_moved_whole_stays() {
    let drives = drives();
    drives.file("User:/d/f", "");
    drives.link("User:/d/link", "Logs:/");
    run("Move-Item", &[("Path", "User:/d".into()), ("Destination", "Logs:/moved".into())]);
    assert!(drives.exists("User:/d/f") && drives.exists("User:/d/link"));
}

#[test]
fn every_cmdlet_describes_itself_and_marks_its_paths() {
    let info = bailiwick_items::module().info();
    assert_eq!(info.commands.len(), 10);
    for command in info.commands {
        assert!(
            !command.synopsis.is_empty() && !command.description.is_empty() && !command.examples.is_empty()
        );
        for parameter in command.parameters {
            let is_path = ["Path", "LiteralPath", "Destination"].contains(&parameter.name.as_str());
            assert_eq!(parameter.path, is_path, "{} -{}", command.name, parameter.name);
            assert!(!parameter.help.is_empty(), "{} -{}", command.name, parameter.name);
        }
    }
}
