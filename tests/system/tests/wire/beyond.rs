//! What replies may tell: of errors of every kind, never where on the host anything is. [`Desk::run`] searches each
//! reply of this program's tests; here are the errors that it would not meet otherwise.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::desk::{Desk, texts};

#[tokio::test(flavor = "multi_thread")]
async fn row_a56_no_error_names_a_path_of_the_host() {
    let desk = Desk::open("full").await;
    let web = desk.path("data/logs/web");
    symlink(desk.path("outside/passwd"), web.join("out.log")).unwrap();
    symlink("loop.log", web.join("loop.log")).unwrap();
    fs::write(web.join("bytes.log"), [0xff, 0xfe, b'x', b'\n']).unwrap();
    fs::write(web.join("closed.log"), "x").unwrap();
    fs::set_permissions(web.join("closed.log"), fs::Permissions::from_mode(0o000)).unwrap();
    let texts = [
        "Get-Content Logs:/web/out.log",
        "Get-Content Logs:/web/loop.log",
        "Get-Content Logs:/web/bytes.log",
        "Get-Content Logs:/web/closed.log",
        "Get-Content Logs:/web",
        "Get-Content Logs:/web/nope.log",
        "Get-Content Logs:/web/access.log/x",
        "Get-ChildItem Logs:/web/out.log/x",
        "Get-ChildItem Logs:/ -Recurse",
        "Get-Content 'Logs:/web/a\u{7}b'",
        &format!("Get-Content Logs:/web/{}", "x".repeat(5_000)),
        &format!("Get-Content Logs:/web{}", "/x".repeat(3_000)),
        "Set-Content Logs:/web/access.log x",
        "Set-Content User:/ x",
        "Set-Content User:/a/b/c x",
        "Set-Content 'User:/.' x",
        "Get-Content Nope:/x",
        "Get-Content /etc/passwd",
        "Get-Item Logs:/web/out.log -Filter *",
        "Set-Location Logs:/web/out.log",
        "Get-Location | ConvertTo-Json",
        "Get-ChildItem Logs:/ -Recurse | ConvertTo-Json -Depth 9",
        "$Error",
        "$PSHOME; $HOME; $PWD; $PROFILE; $PSScriptRoot; $PSCommandPath; $env:HOME",
        "Get-Variable",
        "throw (Get-Location)",
        "[int]'x'",
        "1/0",
        "(",
        "function f { f }; f",
        "'x' * 2000000000",
        "'{0:zz}' -f 1",
        "'a' -match '('",
        "ConvertFrom-Json '{'",
    ];
    for text in texts {
        desk.run(text).await;
    }
    assert_eq!(desk.allowed("Get-Content Logs:/web/access.log -TotalCount 1").await, ["line1"]);
    desk.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a55_a56_neither_a_failed_request_names_one() {
    let desk = Desk::open("none").await;
    let folder = desk.host.place().path().to_string_lossy().into_owned();
    for endpoint in ["nope", "../desk", "/etc", ""] {
        let refused =
            desk.connection.create(Some(endpoint), bailiwick_client::SessionOptions::default()).await;
        let told = format!("{:?}", refused.err());
        assert!(told != "None" && !told.contains(&folder), "{told}");
    }
    let known = format!(
        "{:?} {:?}",
        desk.connection.endpoints().await.unwrap(),
        desk.connection.sessions().await.unwrap()
    );
    assert!(!known.contains(&folder), "{known}");
    let twin =
        desk.connection.create(Some("desk"), bailiwick_client::SessionOptions::default()).await.unwrap();
    assert_eq!(texts(&bailiwick_support::run(&twin, "Write-Output 1").await), ["1"]);
    desk.end().await;
}
