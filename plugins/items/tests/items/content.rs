//! Get-Content, Set-Content and Add-Content.

use crate::support::{drives, ids, run, texts};
use bailiwick_items::module;
use bailiwick_sdk::testing::TestHost;
use bailiwick_sdk::{StreamKind, Value};

fn get(parameters: &[(&str, Value)]) -> Vec<String> {
    let got = run("Get-Content", parameters);
    assert_eq!(ids(&got), [""; 0]);
    texts(&got)
}

#[test]
fn lines_come_one_by_one_whatever_ends_them() {
    let drives = drives();
    drives.file("User:/a", "one\r\ntwo\n\nfour");
    assert_eq!(get(&[("Path", "User:/a".into())]), ["one", "two", "", "four"]);
    drives.file("User:/empty", "");
    assert_eq!(get(&[("Path", "User:/empty".into())]), [""; 0]);
}

#[test]
fn the_first_lines_are_got() {
    let drives = drives();
    drives.file("User:/a", "1\n2\n3\n");
    for (count, expected) in [(0, &[][..]), (2, &["1", "2"]), (9, &["1", "2", "3"]), (-1, &["1", "2", "3"])] {
        assert_eq!(get(&[("Path", "User:/a".into()), ("TotalCount", Value::Int64(count))]), expected);
    }
}

#[test]
fn the_last_lines_are_got_with_and_without_a_line_end() {
    let drives = drives();
    for content in ["1\n2\n3\n", "1\n2\n3"] {
        drives.file("User:/a", content);
        for (count, expected) in
            [(0, &[][..]), (1, &["3"]), (2, &["2", "3"]), (3, &["1", "2", "3"]), (9, &["1", "2", "3"])]
        {
            assert_eq!(
                get(&[("Path", "User:/a".into()), ("Tail", Value::Int64(count))]),
                expected,
                "{content:?}"
            );
        }
    }
}

#[test]
fn the_last_lines_of_a_long_file_are_found_across_blocks() {
    let drives = drives();
    let content: String = (0..50_000).map(|number| format!("line {number}\n")).collect();
    drives.file("User:/a", content);
    let tail = get(&[("Path", "User:/a".into()), ("Tail", Value::Int64(20_000))]);
    assert_eq!((tail.len(), tail[0].as_str()), (20_000, "line 30000"));
}

#[test]
fn first_and_last_together_are_refused() {
    let drives = drives();
    drives.file("User:/a", "");
    let both = [("Path", "User:/a".into()), ("Tail", Value::Int64(1)), ("TotalCount", Value::Int64(1))];
    assert_eq!(
        ids(&run("Get-Content", &both)),
        ["TailAndHeadCannotCoexist,Microsoft.PowerShell.Commands.GetContentCommand"]
    );
}

#[test]
fn a_negative_count_is_refused() {
    let drives = drives();
    drives.file("User:/a", "");
    let refused = run("Get-Content", &[("Path", "User:/a".into()), ("Tail", Value::Int64(-2))]);
    assert_eq!(
        ids(&refused),
        ["ParameterArgumentValidationError,Microsoft.PowerShell.Commands.GetContentCommand"]
    );
}

#[test]
fn raw_gives_one_string() {
    let drives = drives();
    drives.file("User:/a", "\u{feff}one\r\ntwo\n");
    assert_eq!(get(&[("Path", "User:/a".into()), ("Raw", true.into())]), ["one\r\ntwo\n"]);
    assert_eq!(get(&[("Path", "User:/a".into())]), ["one", "two"]);
}

#[test]
fn raw_refuses_a_file_that_is_too_large() {
    let drives = drives();
    drives.file("User:/a", vec![b'x'; (8 << 20) + 1]);
    let refused = run("Get-Content", &[("Path", "User:/a".into()), ("Raw", true.into())]);
    assert_eq!(ids(&refused), ["FileTooLarge,Microsoft.PowerShell.Commands.GetContentCommand"]);
}

#[test]
fn a_line_that_is_too_long_is_an_error_and_the_next_file_goes_on() {
    let drives = drives();
    drives.file("User:/a", [b"first\n".to_vec(), vec![b'x'; (1 << 20) + 1]].concat());
    drives.file("User:/b", "second");
    let got = run("Get-Content", &[("Path", "User:/*".into())]);
    assert_eq!(ids(&got), ["LineTooLong,Microsoft.PowerShell.Commands.GetContentCommand"]);
    assert_eq!(texts(&got), ["first", "second"]);
}

#[test]
fn bytes_that_are_no_text_are_replaced_with_one_warning() {
    let drives = drives();
    drives.file("User:/a", b"\xff\n\xfe\nok\n");
    let got = run("Get-Content", &[("Path", "User:/a".into())]);
    assert_eq!(texts(&got), ["\u{fffd}", "\u{fffd}", "ok"]);
    assert_eq!(got.stream(StreamKind::Warning).len(), 1);
}

#[test]
fn a_folder_has_no_content() {
    let drives = drives();
    drives.folder("User:/a");
    let refused = run("Get-Content", &[("Path", "User:/a".into())]);
    assert_eq!(
        ids(&refused),
        ["GetContainerContentException,Microsoft.PowerShell.Commands.GetContentCommand"]
    );
    drives.assert_inert(&refused);
}

#[test]
fn set_content_replaces_once_and_then_follows() {
    let drives = drives();
    drives.file("User:/a", "old content that is longer");
    let record = |value: &'static str| [("Path", Value::from("User:/a")), ("Value", value.into())];
    let (one, two) = (record("one"), record("two"));
    let written = TestHost::new().run(&module(), "Set-Content", &[&one, &two]);
    assert_eq!((ids(&written), written.output()), (vec![], vec![]));
    assert_eq!(drives.content("User:/a"), "one\ntwo\n");
}

#[test]
fn add_content_appends_or_makes() {
    let drives = drives();
    let values = Value::Array(vec!["x".into(), 2.into(), Value::Null]);
    for _ in 0..2 {
        run("Add-Content", &[("Path", "User:/a".into()), ("Value", values.clone())]);
    }
    assert_eq!(drives.content("User:/a"), "x\n2\nx\n2\n");
}

#[test]
fn content_is_written_without_line_ends_and_in_ascii_if_asked() {
    let drives = drives();
    let parameters = [
        ("Path", Value::array(["User:/a", "User:/b"])),
        ("Value", Value::array(["é", "b"])),
        ("NoNewline", true.into()),
        ("Encoding", "ASCII".into()),
        ("PassThru", true.into()),
    ];
    assert_eq!(texts(&run("Set-Content", &parameters)), ["é", "b"]);
    assert_eq!((drives.content("User:/a"), drives.content("User:/b")), ("?b".into(), "?b".into()));
}

#[test]
fn a_file_that_cannot_be_written_is_one_error_for_the_run() {
    let drives = drives();
    drives.folder("User:/folder");
    let record = [("Path", Value::from("User:/folder")), ("Value", "x".into())];
    let written = TestHost::new().run(&module(), "Set-Content", &[&record, &record]);
    assert_eq!(ids(&written), ["GetContentWriterIOError,Microsoft.PowerShell.Commands.SetContentCommand"]);
    drives.assert_inert(&written);
}

#[test]
fn a_quota_that_is_reached_is_said_so() {
    let drives = drives();
    drives.folder("User:/folder");
    let host = TestHost::new().reason("QuotaExceeded", "the drive's quota of 50 MiB is used up");
    let record = [("Path", Value::from("User:/folder")), ("Value", "x".into())];
    let refused = host.run(&module(), "Add-Content", &[&record]);
    assert_eq!(ids(&refused), ["QuotaExceeded,Microsoft.PowerShell.Commands.AddContentCommand"]);
    assert_eq!(refused.errors()[0].category, bailiwick_sdk::ErrorCategory::QuotaExceeded);
}

#[test]
fn a_backtick_never_leads_to_another_folder() {
    let drives = drives();
    drives.file("User:/secret", "s");
    drives.file("User:/web/a", "a");
    for path in ["User:/web/.`./secret", "User:/we*/.`./secret", "User:/web/`.`./secret"] {
        let refused = run("Get-Content", &[("Path", path.into())]);
        assert_eq!(ids(&refused), ["InvalidPath,Microsoft.PowerShell.Commands.GetContentCommand"], "{path}");
        assert_eq!(texts(&refused), [""; 0]);
        assert_eq!(run("Test-Path", &[("Path", path.into())]).output(), [Value::Bool(false)], "{path}");
    }
    let to = [("Path", "User:/web/a".into()), ("Destination", "User:/web/.`./b".into())];
    assert_eq!(ids(&run("Copy-Item", &to)), ["InvalidPath,Microsoft.PowerShell.Commands.CopyItemCommand"]);
    for path in ["User:/`", "User:/`."] {
        let refused = run("Remove-Item", &[("Path", path.into()), ("Recurse", Value::Bool(true))]);
        assert_eq!(ids(&refused), ["InvalidPath,Microsoft.PowerShell.Commands.RemoveItemCommand"], "{path}");
    }
    assert!(drives.exists("User:/secret") && drives.exists("User:/web/a") && !drives.exists("User:/b"));
}
