//! Get-ChildItem, Get-Item and Test-Path.

use crate::support::{drives, ids, property, run, texts};
use bailiwick_items::module;
use bailiwick_sdk::testing::TestHost;
use bailiwick_sdk::{ErrorCategory, Value};

#[test]
fn a_folder_lists_folders_first_each_sort_by_name() {
    let drives = drives();
    for name in ["b.txt", "A.txt", "z/inner.txt", "c/x", ".hidden"] {
        drives.file(&format!("User:/{name}"), "");
    }
    let listed = run("Get-ChildItem", &[("Path", "User:/".into())]);
    assert_eq!(property(&listed, "Name"), ["c", "z", "A.txt", "b.txt"]);
    let forced = run("Get-ChildItem", &[("Path", "User:/".into()), ("Force", true.into())]);
    assert_eq!(property(&forced, "Name"), ["c", "z", ".hidden", "A.txt", "b.txt"]);
}

#[test]
fn a_file_has_powershells_properties_under_its_drive_path() {
    let drives = drives();
    drives.file("User:/a/b.tar.gz", "12345");
    let listed = run("Get-ChildItem", &[("Path", "User:/a".into())]);
    drives.assert_inert(&listed);
    let [Value::Object(file)] = &listed.output()[..] else { panic!("not one object") };
    assert!(file.is("System.IO.FileInfo") && file.is("System.IO.FileSystemInfo"));
    for (name, value) in [
        ("FullName", "User:/a/b.tar.gz"),
        ("PSPath", "User:/a/b.tar.gz"),
        ("PSParentPath", "User:/a"),
        ("Directory", "User:/a"),
        ("PSDrive", "User"),
        ("Mode", "-a---"),
        ("BaseName", "b.tar"),
        ("Extension", ".gz"),
    ] {
        assert_eq!(file.get(name), Some(&value.into()), "{name}");
    }
    assert_eq!(file.get("Length"), Some(&Value::Int64(5)));
    assert_eq!(file.get("PSIsContainer"), Some(&false.into()));
    assert!(matches!(file.get("LastWriteTime"), Some(Value::DateTime(_))));
}

#[test]
fn a_folder_and_a_link_show_their_mode() {
    let drives = drives();
    drives.folder("User:/folder");
    drives.link("User:/link", "User:/folder");
    let got = run("Get-Item", &[("Path", Value::array(["User:/folder", "User:/link"]))]);
    assert_eq!(property(&got, "Mode"), ["d----", "l----"]);
    assert_eq!(property(&got, "LinkType"), ["Some(Null)", "SymbolicLink"]);
}

#[test]
fn a_recursion_goes_folder_by_folder_and_never_through_a_link() {
    let drives = drives();
    drives.file("User:/a/deep/x.txt", "");
    drives.file("User:/a/y.txt", "");
    drives.file("User:/b.txt", "");
    drives.link("User:/a/loop", "User:/");
    let listed =
        run("Get-ChildItem", &[("Path", "User:/".into()), ("Recurse", true.into()), ("Name", true.into())]);
    assert_eq!(texts(&listed), ["a", "b.txt", "a/deep", "a/loop", "a/y.txt", "a/deep/x.txt"]);
}

#[test]
fn a_depth_limits_the_recursion() {
    let drives = drives();
    drives.file("User:/1/2/3/x", "");
    let listed = |depth: i32| {
        let listed = run("Get-ChildItem", &[("Path", "User:/".into()), ("Depth", depth.into())]);
        property(&listed, "Name")
    };
    assert_eq!(listed(0), ["1"]);
    assert_eq!(listed(1), ["1", "2"]);
    assert_eq!(listed(9), ["1", "2", "3", "x"]);
}

#[test]
fn filters_choose_by_name_at_every_level() {
    let drives = drives();
    for name in ["a.log", "b.LOG", "c.txt", "sub/d.log", "sub/e.txt"] {
        drives.file(&format!("User:/{name}"), "");
    }
    let listed = |parameters: &[(&str, Value)]| {
        let mut all = vec![("Path", Value::from("User:/")), ("Recurse", true.into()), ("File", true.into())];
        all.extend_from_slice(parameters);
        property(&run("Get-ChildItem", &all), "Name")
    };
    assert_eq!(listed(&[("Filter", "*.log".into())]), ["a.log", "b.LOG", "d.log"]);
    assert_eq!(listed(&[("Include", Value::array(["?.txt", "a*"]))]), ["a.log", "c.txt", "e.txt"]);
    assert_eq!(listed(&[("Exclude", "*.log".into())]), ["c.txt", "e.txt"]);
    let pattern = run("Get-ChildItem", &[("Path", "User:/*.txt".into()), ("Recurse", true.into())]);
    assert_eq!(property(&pattern, "Name"), ["c.txt", "e.txt"]);
    let directories = run("Get-ChildItem", &[("Path", "User:/".into()), ("Directory", true.into())]);
    assert_eq!(property(&directories, "Name"), ["sub"]);
}

#[test]
fn a_wildcard_gives_the_items_it_finds_and_nothing_where_it_finds_none() {
    let drives = drives();
    drives.file("User:/a1/x.log", "");
    drives.file("User:/a2/y.log", "");
    drives.file("User:/[b]", "");
    let names = |path: &str| property(&run("Get-ChildItem", &[("Path", path.into())]), "FullName");
    assert_eq!(names("User:/a?/*.LOG"), ["User:/a1/x.log", "User:/a2/y.log"]);
    assert_eq!(names("User:/a[2-9]"), ["User:/a2"]);
    assert_eq!(names("User:/`[b`]"), ["User:/[b]"]);
    let nothing = run("Get-ChildItem", &[("Path", "User:/*.none".into())]);
    assert_eq!((nothing.output(), ids(&nothing)), (vec![], vec![]));
}

#[test]
fn a_wildcard_does_not_look_into_links() {
    let drives = drives();
    drives.file("Logs:/secret", "");
    drives.link("User:/link", "Logs:/");
    let found = run("Get-Item", &[("Path", "User:/*/*".into())]);
    assert_eq!((found.output(), ids(&found)), (vec![], vec![]));
}

#[test]
fn a_literal_path_has_no_wildcards() {
    let drives = drives();
    drives.file("User:/[a]", "");
    drives.file("User:/a", "");
    let got = run("Get-Item", &[("LiteralPath", "User:/[a]".into())]);
    assert_eq!(property(&got, "Name"), ["[a]"]);
}

#[test]
fn a_missing_item_is_an_error_and_the_next_goes_on() {
    let drives = drives();
    drives.file("User:/there", "");
    for (command, class) in [("Get-ChildItem", "GetChildItemCommand"), ("Get-Item", "GetItemCommand")] {
        let got = run(command, &[("Path", Value::array(["User:/gone", "User:/there"]))]);
        assert_eq!(ids(&got), [format!("PathNotFound,Microsoft.PowerShell.Commands.{class}")]);
        assert_eq!(got.errors()[0].category, ErrorCategory::ObjectNotFound);
        assert_eq!(got.errors()[0].target, "User:/gone".into());
        assert_eq!(property(&got, "Name"), ["there"]);
        drives.assert_inert(&got);
    }
}

#[test]
fn what_is_no_path_of_a_drive_is_an_error() {
    let _drives = drives();
    let got = run("Get-Item", &[("Path", Value::array(["/etc/passwd", "User:/../x"]))]);
    let class = "Microsoft.PowerShell.Commands.GetItemCommand";
    assert_eq!(ids(&got), [format!("DriveNotFound,{class}"), format!("InvalidPath,{class}")]);
}

#[test]
fn a_listing_without_a_path_says_that_there_is_no_location() {
    let _drives = drives();
    assert_eq!(
        ids(&run("Get-ChildItem", &[])),
        ["NoLocation,Microsoft.PowerShell.Commands.GetChildItemCommand"]
    );
}

#[test]
fn the_reason_of_a_capability_is_what_the_user_reads() {
    let drives = drives();
    drives.file("User:/file/x", "");
    // A file where a folder should be: any failure of std will do.
    let host = TestHost::new().reason("PathOutsideDrive", "the link leads out of the drive");
    let got = host.run(&module(), "Get-Item", &[&[("Path", "User:/file/x/y".into())]]);
    assert_eq!(ids(&got), ["PathOutsideDrive,Microsoft.PowerShell.Commands.GetItemCommand"]);
    assert_eq!(got.errors()[0].category, ErrorCategory::PermissionDenied);
    assert_eq!(&*got.errors()[0].message, "cannot get `User:/file/x/y`: the link leads out of the drive");
}

#[test]
fn test_path_tells_what_is_there_and_false_for_all_else() {
    let drives = drives();
    drives.file("User:/folder/file", "");
    let told = |path: &str, path_type: &str| {
        run("Test-Path", &[("Path", path.into()), ("PathType", path_type.into())]).output()
    };
    for (path, any, container, leaf) in [
        ("User:/folder", true, true, false),
        ("User:/folder/file", true, false, true),
        ("User:/", true, true, false),
        ("User:/f*/f*", true, false, true),
        ("User:/gone", false, false, false),
        ("User:/*.gone", false, false, false),
        ("User:/folder/file/below", false, false, false),
        ("User:/../Logs", false, false, false),
        ("Other:/", false, false, false),
        ("/etc", false, false, false),
        ("", false, false, false),
    ] {
        for (path_type, expected) in [("Any", any), ("Container", container), ("leaf", leaf)] {
            assert_eq!(told(path, path_type), [expected.into()], "{path} {path_type}");
        }
    }
}

#[test]
fn a_long_listing_stops_when_it_is_told_to() {
    let drives = drives();
    (0..300).for_each(|number| drives.file(&format!("User:/{number}"), ""));
    let stopped =
        TestHost::new().stop_after(1).run(&module(), "Get-ChildItem", &[&[("Path", "User:/".into())]]);
    assert_eq!(ids(&stopped), ["PipelineStopped"]);
    assert!(stopped.output().len() < 300);
}
