//! Ways out of a drive, or to write where only reading is granted, through cmdlets that are granted with any parameter:
//! whatever holds here is held by the drive.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::desk::{CANARY, Desk, files, ids};
use bailiwick_client::SessionOptions;
use bailiwick_support::Setup;

const VERBS: [&str; 10] = [
    "Get-ChildItem",
    "Get-Item",
    "Get-Content",
    "Test-Path",
    "Set-Content",
    "Add-Content",
    "New-Item",
    "Remove-Item",
    "Copy-Item",
    "Move-Item",
];

/// A desk where every cmdlet is granted, on a drive to read and on one to write.
fn setup() -> Setup {
    let mut role = "version = 1\n\
        [drives.Logs]\nroot = \"{folder}/data/logs\"\naccess = \"read\"\n\
        [drives.Work]\nroot = \"{folder}/data/work\"\naccess = \"write\"\n\
        [drives.User]\nper_user = true\naccess = \"write\"\nquota = \"1MiB\"\n"
        .to_owned();
    for verb in VERBS {
        role += &format!("[[command]]\nname = \"{verb}\"\nparameters = \"any\"\n");
    }
    let endpoint =
        "version = 1\n[endpoint]\nlanguage = \"none\"\n[endpoint.roles]\n\"group:desk\" = [\"changer\"]\n";
    files()
        .file("data/work/mine.txt", "mine\n")
        .policy("endpoints/desk.toml", endpoint)
        .policy("roles/changer.toml", &role)
        .user("alice", &["desk"])
        .user("bob", &["desk"])
}

/// Each of the texts fails and changes nothing.
async fn fail(desk: &Desk, texts: &[&str]) {
    for text in texts {
        let before = desk.files();
        let ran = desk.run(text).await;
        assert!(ran.outcome.had_errors, "`{text}`: {ran:?}");
        assert_eq!(desk.files(), before, "`{text}` had an effect");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b02_b03_only_separators_separate_and_nothing_replaces_the_root() {
    let desk = Desk::of(&setup()).await;
    fail(
        &desk,
        &[
            "Get-Content 'Logs:\\..\\x'",
            "Get-Content Logs:/..\\../x",
            "Get-Content Logs:/%2e%2e/%2e%2e/outside/passwd",
            "Get-Content Logs:/..%2f..%2foutside/passwd",
            "Get-Content \"Logs:/..\u{2215}outside\"",
            "Get-Content \"Logs:/\u{ff0e}\u{ff0e}/outside\"",
            "Get-Content Logs:/...",
            "Get-Content /etc/passwd",
            "Get-Content //etc/passwd",
            "Get-Content \\etc\\passwd",
            "Get-Content file:///etc/passwd",
            "Get-Content Logs:/etc/passwd",
            "Get-Content Logs://etc/passwd",
            "Get-Content ~/x",
            "Get-Content ../x",
        ],
    )
    .await;
    for path in
        ["Logs:/web/access.log", "Logs:\\web\\access.log", "Logs://web///./access.log", "LOGS:web/access.log"]
    {
        assert_eq!(desk.allowed(&format!("Get-Content {path} -TotalCount 1")).await, ["line1"], "{path}");
    }
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b05_b06_b07_no_verb_follows_a_link_out_with_or_without_a_slash() {
    let desk = Desk::of(&setup()).await;
    let work = desk.path("data/work");
    fs::create_dir(work.join("sub")).unwrap();
    for (name, target) in [("file", desk.path("outside/passwd")), ("folder", desk.path("outside"))] {
        symlink(&target, work.join(name)).unwrap();
        symlink(
            format!("../../outside{}", if name == "file" { "/passwd" } else { "/" }),
            work.join(format!("up-{name}")),
        )
        .unwrap();
        symlink(name, work.join(format!("chain-{name}"))).unwrap();
    }
    symlink(desk.path("outside/new"), work.join("dangling")).unwrap();
    let outside = fs::read_dir(desk.path("outside")).unwrap().count();
    for link in ["file", "up-file", "chain-file", "folder", "up-folder", "chain-folder", "dangling"] {
        for ending in ["", "/", "//", "/.", "/passwd", "/new", "/../passwd"] {
            let path = format!("Work:/{link}{ending}");
            for text in [
                format!("Get-Content {path}"),
                format!("Get-ChildItem {path}"),
                format!("Set-Content {path} gone"),
                format!("Add-Content {path} gone"),
                format!("New-Item {path} -ItemType Directory"),
                format!("New-Item {path} -ItemType File -Value gone -Force"),
                format!("Copy-Item {path} User:/stolen -Recurse"),
                format!("Copy-Item Work:/mine.txt {path}"),
            ] {
                let ran = desk.run(&text).await;
                assert!(!format!("{ran:?}").contains(CANARY), "`{text}`: {ran:?}");
                assert_eq!(fs::read_to_string(desk.path("outside/passwd")).unwrap(), CANARY, "`{text}`");
                assert_eq!(fs::read_dir(desk.path("outside")).unwrap().count(), outside, "`{text}`");
            }
        }
    }
    for stolen in desk.files().into_iter().filter(|(path, _)| path.starts_with(desk.path("state/drives"))) {
        assert!(!String::from_utf8_lossy(&stolen.1).contains(CANARY), "{stolen:?}");
    }
    // Removing a link removes the link.
    desk.run("Remove-Item Work:/folder -Recurse").await;
    assert!(desk.path("outside/passwd").exists());
    symlink("mine.txt", work.join("inside")).unwrap();
    assert_eq!(desk.allowed("Get-Content Work:/inside").await, ["mine"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b12_b22_no_verb_changes_a_read_only_drive() {
    let desk = Desk::of(&setup()).await;
    let texts = [
        "Set-Content Logs:/web/access.log x",
        "Set-Content Logs:/web/new.log x",
        "Add-Content Logs:/web/access.log x",
        "New-Item Logs:/web/new.log",
        "New-Item Logs:/web/new -ItemType Directory",
        "New-Item Logs:/web/access.log -Force",
        "Remove-Item Logs:/web/access.log",
        "Remove-Item Logs:/web -Recurse -Force",
        "Copy-Item Work:/mine.txt Logs:/web/mine.txt",
        "Copy-Item Work:/mine.txt Logs:/web/access.log -Force",
        "Copy-Item Logs:/web/access.log Logs:/web/copy.log",
        "Move-Item Work:/mine.txt Logs:/web/mine.txt",
        "Move-Item Logs:/web/access.log Logs:/web/moved.log",
        "Move-Item Logs:/web/access.log Work:/moved.log",
    ];
    for text in texts {
        let (before, stat) = (desk.files(), fs::metadata(desk.path("data/logs/web/access.log")).unwrap());
        let ran = desk.run(text).await;
        assert!(ids(&ran).iter().any(|id| id == "DriveReadOnly"), "`{text}`: {:?}", ran.errors());
        let after = desk.files();
        let logs = desk.path("data/logs");
        let of = |files: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
            files
                .iter()
                .filter(|(path, _)| path.starts_with(&logs))
                .map(|(p, c)| (p.clone(), c.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&after), of(&before), "`{text}`");
        let now = fs::metadata(desk.path("data/logs/web/access.log")).unwrap();
        assert_eq!((stat.modified().unwrap(), stat.len()), (now.modified().unwrap(), now.len()), "`{text}`");
        assert!(desk.path("data/work/mine.txt").exists(), "`{text}`");
    }
    // The same verbs where writing is granted.
    for text in [
        "Set-Content Work:/a.txt x",
        "Add-Content Work:/a.txt y",
        "New-Item Work:/d -ItemType Directory",
        "Copy-Item Logs:/web/access.log Work:/d/copy.log",
        "Move-Item Work:/a.txt Work:/d/a.txt",
        "Remove-Item Work:/d/copy.log",
    ] {
        desk.allowed(text).await;
    }
    assert_eq!(fs::read_to_string(desk.path("data/work/d/a.txt")).unwrap(), "x\ny\n");
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b24_b25_a_users_drive_is_named_by_her_id_and_hers_alone() {
    let desk = Desk::of(&setup()).await;
    desk.allowed("Set-Content User:/note alices").await;
    let bob = desk.host.client("bob").await;
    let bobs = bob.create(Some("desk"), SessionOptions::default()).await.unwrap();
    assert!(bailiwick_support::values(&bobs, "Set-Content User:/note bobs").await.is_empty());
    let drives = desk.path("state/drives");
    for (id, text) in [("alice-1", "alices\n"), ("bob-1", "bobs\n")] {
        assert_eq!(fs::read_to_string(drives.join(id).join("note")).unwrap(), text);
        assert_eq!(fs::metadata(drives.join(id)).unwrap().permissions().mode() & 0o777, 0o700);
    }
    fail(
        &desk,
        &[
            "Get-Content User:/../bob-1/note",
            "Get-Content User:\\..\\bob-1\\note",
            "Get-ChildItem User:/..",
            "Get-Content User:/bob-1/note",
            "Copy-Item User:/note User:/../bob-1/x",
            "Get-Content /drives/User/note",
            "Get-Content bob:/note",
        ],
    )
    .await;
    assert_eq!(desk.allowed("Get-ChildItem User:/ -Recurse -Name").await, ["note"]);
    assert_eq!(desk.allowed("Get-Content User:/note").await, ["alices"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b28_a_wildcard_stays_in_its_drive_and_follows_no_link_out() {
    let desk = Desk::of(&setup()).await;
    symlink(desk.path("outside"), desk.path("data/logs/web/way-out")).unwrap();
    symlink("..", desk.path("data/logs/web/round")).unwrap();
    for text in [
        "Get-Content Logs:/web/way-out/*".to_owned(),
        "Get-Content Logs:/*/*/*".to_owned(),
        "Get-Content Logs:/**/passwd".to_owned(),
        "Get-Content Logs:/../*".to_owned(),
        "Get-Content 'Logs:/['".to_owned(),
        "Get-Content 'Logs:/{a,b}'".to_owned(),
        "Get-ChildItem Logs:/ -Recurse -Force".to_owned(),
        format!("Get-ChildItem Logs:/{}", "*/".repeat(20)),
        format!("Get-ChildItem Logs:/{}x", "web/round/".repeat(50)),
    ] {
        let ran = desk.run(&text).await;
        assert!(!format!("{ran:?}").contains("passwd") || text.contains("passwd"), "`{text}`: {ran:?}");
    }
    assert_eq!(desk.allowed("Get-Content Logs:/w*/acc?ss.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b41_what_is_outside_of_a_drive_cannot_be_told_from_nothing() {
    let desk = Desk::of(&setup()).await;
    for (there, nothing) in [
        ("Logs:/../../outside/passwd", "Logs:/../../outside/nopass"),
        ("/etc/passwd", "/etc/nopass"),
        ("Logs:/../work", "Logs:/../nope"),
    ] {
        let (there_ran, nothing_ran) =
            (desk.run(&format!("Test-Path {there}")).await, desk.run(&format!("Test-Path {nothing}")).await);
        let plain = |ran: &bailiwick_support::Ran, path: &str| {
            let errors: Vec<_> =
                ran.errors().iter().map(|e| (e.id.to_string(), e.message.replace(path, "P"))).collect();
            (errors, format!("{:?}", ran.output()))
        };
        assert_eq!(plain(&there_ran, there), plain(&nothing_ran, nothing));
    }
    assert_eq!(format!("{:?}", desk.run("Test-Path Logs:/web/access.log").await.output()), "[Bool(true)]");
    assert_eq!(format!("{:?}", desk.run("Test-Path Logs:/web/nope.log").await.output()), "[Bool(false)]");
    desk.end().await;
}
