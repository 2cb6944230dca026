//! Two users of one endpoint with different roles: neither reaches the other's drive, nor a value that only the other
//! may give, however it is spelled.

use bailiwick_client::{Connection, Session, SessionOptions};
use bailiwick_support::{LocalHost, Setup};

use crate::desk::{run_in, texts};

/// One of the two.
#[derive(Debug, Clone, Copy)]
struct Side {
    user: &'static str,
    drive: &'static str,
    /// What stands in her file; 40 lines of it.
    canary: &'static str,
    /// The file in her folder.
    folder: &'static str,
    /// The value of `-Filter` that only she may give.
    filter: &'static str,
}

const ALICE: Side =
    Side { user: "alice", drive: "Alpha", canary: "alpha-canary-31", folder: "first", filter: "a*" };
const BOB: Side =
    Side { user: "bob", drive: "Beta", canary: "beta-canary-86", folder: "second", filter: "s*" };

/// Spellings of a read of `{D}:/{f}/secret.txt` that need no language.
const COMMANDS: [&str; 25] = [
    "Get-Content {D}:/{f}/secret.txt",
    "Get-Content -Path {D}:/{f}/secret.txt",
    "Get-Content -Path:{D}:/{f}/secret.txt",
    "GET-CONTENT -PATH {D}:/{f}/secret.txt",
    "get-content {d}:/{f}/secret.txt",
    "Get-Content {U}:/{f}/secret.txt",
    "Get-Content {D}:\\{f}\\secret.txt",
    "Get-Content {D}:{f}/secret.txt",
    "Get-Content {D}://{f}//secret.txt",
    "Get-Content {D}:/./{f}/./secret.txt",
    "Get-Content {D}:/{f}/x/../secret.txt",
    "Get-Content '{D}:/{f}/secret.txt'",
    "Get-Content \"{D}:/{f}/secret.txt\"",
    "Get-Content -Pa {D}:/{f}/secret.txt",
    "gc {D}:/{f}/secret.txt",
    "cat {D}:/{f}/secret.txt",
    "type {D}:/{f}/secret.txt",
    "Items\\Get-Content {D}:/{f}/secret.txt",
    "Get-Content -LiteralPath {D}:/{f}/secret.txt",
    "Get-Content -PSPath {D}:/{f}/secret.txt",
    "Get-Content {D}:/{f}/*",
    "Get-Content {D}:/*/secret.t?t",
    "Get-Content {D}:/{f}/secret.txt, {D}:/{f}/secret.txt",
    "Get-Content -- {D}:/{f}/secret.txt",
    "Set-Location {D}:/{f}; Get-Content secret.txt",
];

/// And that need it.
const SCRIPTS: [&str; 14] = [
    "$p = @{ Path = '{D}:/{f}/secret.txt' }; Get-Content @p",
    "$p = , '{D}:/{f}/secret.txt'; Get-Content @p",
    "[pscustomobject]@{ Path = '{D}:/{f}/secret.txt' } | Get-Content",
    "[pscustomobject]@{ PSPath = '{D}:/{f}/secret.txt' } | Get-Content",
    "[pscustomobject]@{ LiteralPath = '{D}:/{f}/secret.txt' } | Get-Content",
    "'{D}:/{f}/secret.txt' | ForEach-Object { Get-Content $_ }",
    "$n = '{D}'; Get-Content \"$($n):/{f}/secret.txt\"",
    "Get-Content ('{D}' + ':/{f}/' + 'secret.txt')",
    "Get-Content @('{D}:/{f}/secret.txt')",
    "& 'Get-Content' {D}:/{f}/secret.txt",
    "& { param($p) Get-Content $p } {D}:/{f}/secret.txt",
    "function Read-It($Path) { Get-Content $Path }; Read-It {D}:/{f}/secret.txt",
    "Set-Location {D}:/; Set-Location {f}; Get-Content ./secret.txt",
    "Get-ChildItem {D}:/{f} | Get-Content",
];

/// Spellings of a value that only the other may give, on one's own drive `{M}:/{m}`.
const VALUES: [&str; 8] = [
    "Get-Item {M}:/{m}/* -Filter {v}",
    "Get-Item {M}:/{m}/* -Filter '{v}'",
    "Get-Item {M}:/{m}/* -Filter:{v}",
    "Get-Item {M}:/{m}/* -FILTER {v}",
    "Get-Item {M}:/{m}/* -Filt {v}",
    "gi {M}:/{m}/* -Fi {v}",
    "Items\\Get-Item -Filter {v} -Path {M}:/{m}/*",
    "Get-Item -Filter \"{v}\" {M}:/{m}/*",
];

const VALUE_SCRIPTS: [&str; 5] = [
    "$p = @{ Path = '{M}:/{m}/*'; Filter = '{v}' }; Get-Item @p",
    "$p = @{ Filter = '{v}' }; Get-Item {M}:/{m}/* @p",
    "$v = '{v}'; Get-Item {M}:/{m}/* -Filter $v",
    "Get-Item {M}:/{m}/* -Filter ('{v}' + '')",
    "Get-Item {M}:/{m}/* -Filter (Write-Output '{v}')",
];

fn setup(language: &str) -> Setup {
    let endpoint = format!(
        "version = 1\n[endpoint]\nlanguage = {language:?}\n[endpoint.roles]\n\
         \"user:alice\" = [\"first\"]\n\"user:bob\" = [\"second\"]\n"
    );
    let role = |side: Side| {
        format!(
            r#"
version = 1
[drives.{drive}]
root = "{{folder}}/data/{drive}"
access = "read"
[[command]]
name = "Get-ChildItem"
parameters = "any"
[[command]]
name = "Test-Path"
parameters = "any"
[[command]]
name = "Get-Content"
parameters = "any"
[[command]]
name = "Get-Item"
[command.parameters]
Path = "any"
Filter = {{ one_of = ["{filter}"] }}
"#,
            drive = side.drive,
            filter = side.filter
        )
    };
    let secret = |side: Side| format!("{}\n", side.canary).repeat(40);
    let at = |side: Side, name: &str| format!("data/{}/{}/{name}", side.drive, side.folder);
    [ALICE, BOB].into_iter().fold(Setup::new().policy("endpoints/desk.toml", &endpoint), |setup, side| {
        setup
            .policy(&format!("roles/{}.toml", side.folder), &role(side))
            .file(&at(side, "secret.txt"), &secret(side))
            .file(&at(side, "also.txt"), &secret(side))
            .user(side.user, &[])
    })
}

/// A spelling with the names of whose file it is, and of whose own drive and which value.
fn spelled(text: &str, of: Side, mine: Side, value: &str) -> String {
    text.replace("{D}", of.drive)
        .replace("{d}", &of.drive.to_lowercase())
        .replace("{U}", &of.drive.to_uppercase())
        .replace("{f}", of.folder)
        .replace("{M}", mine.drive)
        .replace("{m}", mine.folder)
        .replace("{v}", value)
}

/// A session for each spelling's user, so that no location is left from the one before.
async fn session(connection: &Connection) -> Session {
    connection.create(Some("desk"), SessionOptions::default()).await.unwrap()
}

async fn tries(
    host: &LocalHost,
    texts_of: impl Iterator<Item = &&'static str> + Clone,
    what: fn(&str, Side, Side) -> (String, String),
) {
    for (me, other) in [(ALICE, BOB), (BOB, ALICE)] {
        let connection = host.client(me.user).await;
        for text in texts_of.clone() {
            let (mine, theirs) = what(text, me, other);
            let folder = host.place().path();
            let before = host.audit().len();
            let place = session(&connection).await;
            let ran = run_in(&place, folder, &theirs).await;
            assert!(ran.outcome.had_errors, "{} did `{theirs}`: {ran:?}", me.user);
            let reply = format!("{ran:?}");
            assert!(!reply.contains(other.canary), "{} did `{theirs}`: {reply}", me.user);
            assert_eq!(ran.output(), Vec::<&bailiwick_objects::Value>::new(), "{} did `{theirs}`", me.user);
            let new = host.audit().split_off(before);
            let decisions: Vec<_> = new.iter().filter(|record| record["kind"] == "decision").collect();
            // To a drive that is not hers she can't even go, so that the command after it is about her own.
            let asked = !theirs.starts_with("Set-Location");
            let denied = decisions.iter().any(|decision| decision["decision"] == "deny");
            assert!(denied || !asked, "`{theirs}`: {decisions:?}");
            for decision in decisions {
                // Where she could not go, a name without a drive is one on her own.
                let hers =
                    !decision["arguments"].to_string().to_lowercase().contains(&other.drive.to_lowercase());
                assert!(hers || decision["decision"] == "deny", "{} did `{theirs}`: {decision}", me.user);
                assert_eq!(decision["user"], me.user);
            }
            place.remove().await.unwrap();
            // The same spelling of what is hers.
            let place = session(&connection).await;
            let ran = run_in(&place, folder, &mine).await;
            assert!(!ran.outcome.had_errors, "{} did `{mine}`: {:?}", me.user, ran.errors());
            assert!(!texts(&ran).is_empty(), "{} did `{mine}`", me.user);
            place.remove().await.unwrap();
        }
        connection.close().await;
    }
    bailiwick_audit::verify(&host.place().path().join("state/audit")).unwrap();
}

fn drive(text: &str, me: Side, other: Side) -> (String, String) {
    (spelled(text, me, me, ""), spelled(text, other, me, ""))
}

fn value(text: &str, me: Side, other: Side) -> (String, String) {
    (spelled(text, me, me, me.filter), spelled(text, me, me, other.filter))
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_user_reaches_the_others_drive_by_a_command() {
    let host = setup("none").start_local().await;
    tries(&host, COMMANDS.iter(), drive).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_user_reaches_the_others_drive_by_a_script() {
    let host = setup("full").start_local().await;
    tries(&host, COMMANDS.iter().chain(&SCRIPTS), drive).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a16_a18_neither_user_gives_a_value_of_the_others_by_a_command() {
    let host = setup("none").start_local().await;
    tries(&host, VALUES.iter(), value).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a15_a20_neither_user_gives_a_value_of_the_others_by_a_script() {
    let host = setup("full").start_local().await;
    tries(&host, VALUES.iter().chain(&VALUE_SCRIPTS), value).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn row_b25_from_ones_own_location_no_path_leads_to_the_others() {
    let host = setup("full").start_local().await;
    for (me, other) in [(ALICE, BOB), (BOB, ALICE)] {
        let connection = host.client(me.user).await;
        let place = session(&connection).await;
        let folder = host.place().path();
        run_in(&place, folder, &format!("Set-Location {}:/{}", me.drive, me.folder)).await;
        for text in [
            "Get-Content ../../{D}/{f}/secret.txt",
            "Get-Content ..\\..\\{D}\\{f}\\secret.txt",
            "Get-Content /drives/{D}/{f}/secret.txt",
            "Get-Content /{D}:/{f}/secret.txt",
            "Get-Content ./{D}:/{f}/secret.txt",
            "Get-Content ../{f}/secret.txt",
            "Get-Content ../../../data/{D}/{f}/secret.txt",
            "Get-Content {M}:/{D}:/{f}/secret.txt",
            "Get-Content Items::{D}:/{f}/secret.txt",
            "Get-Content FileSystem::{D}:/{f}/secret.txt",
            "Get-Content Microsoft.PowerShell.Core\\FileSystem::{D}:/{f}/secret.txt",
        ] {
            let text = spelled(text, other, me, "");
            let ran = run_in(&place, folder, &text).await;
            assert!(ran.outcome.had_errors && ran.output().is_empty(), "{} did `{text}`: {ran:?}", me.user);
            assert!(!format!("{ran:?}").contains(other.canary), "{} did `{text}`: {ran:?}", me.user);
        }
        let twin = run_in(&place, folder, "Get-Content ./secret.txt -TotalCount 1").await;
        assert_eq!(texts(&twin), [me.canary]);
        connection.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn row_a54_neither_user_learns_of_the_others_drive_or_values() {
    let host = setup("full").start_local().await;
    for (me, other) in [(ALICE, BOB), (BOB, ALICE)] {
        let connection = host.client(me.user).await;
        let place = session(&connection).await;
        let mut told = String::new();
        for text in [
            "Get-Command",
            "Get-Help *",
            "Get-Help Get-Content",
            "Get-Help Get-Item",
            "Get-Command Get-Item",
            "Get-Location",
            "Get-Variable",
        ] {
            told += &format!("{:?}", run_in(&place, host.place().path(), text).await);
        }
        told += &format!("{:?}", connection.endpoints().await.unwrap());
        for secret in [other.drive, other.canary, other.user] {
            assert!(!told.contains(secret), "{} was told of `{secret}`", me.user);
        }
        connection.close().await;
    }
}
