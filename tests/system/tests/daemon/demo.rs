//! `bailiwick demo` as a reader runs it, also against policies of her own.

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::OnceLock;

use bailiwick_support::{Place, Setup};

/// The example policies, with one file edited.
fn edited(file: &str, edit: impl Fn(String) -> String) -> Place {
    let place = Setup::new().place();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    for folder in ["endpoints", "roles"] {
        for entry in fs::read_dir(from.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
            place.write(&format!("policies/{name}"), &fs::read_to_string(&path).unwrap());
        }
    }
    place.write("policies/users.toml", &fs::read_to_string(from.join("users.toml")).unwrap());
    let path = place.policies().join(file);
    let text = fs::read_to_string(&path).unwrap();
    let new = edit(text.clone());
    assert_ne!(new, text, "the edit changes nothing");
    place.write(&format!("policies/{file}"), &new);
    place
}

fn play(place: &Place, policies: bool) -> (Option<i32>, String, String) {
    let mut command = place.command("alice", "127.0.0.1:1");
    command.arg("demo").stdin(Stdio::null());
    if policies {
        command.arg("--policies").arg(place.policies());
    }
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// How many refusals the audit at the demo's end counts.
fn refusals(stdout: &str) -> usize {
    let line = stdout.lines().find(|line| line.contains("refusals shown")).unwrap();
    let mut numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
    let (shown, recorded): (usize, usize) = (numbers.next().unwrap(), numbers.next().unwrap());
    assert_eq!(shown, recorded, "{line}");
    shown
}

/// What the demo shows between a step's line and the next step.
fn step<'a>(stdout: &'a str, typed: &str) -> &'a str {
    let (_, rest) =
        stdout.split_once(&format!("> {typed}\n")).unwrap_or_else(|| panic!("no step `{typed}`:\n{stdout}"));
    rest.split("\n[demo]: PS ").next().unwrap()
}

/// What the demo says with the example policies.
fn tour() -> &'static str {
    static TOUR: OnceLock<String> = OnceLock::new();
    TOUR.get_or_init(|| {
        let (status, stdout, stderr) = play(&Setup::new().place(), false);
        assert_eq!(status, Some(0), "{stdout}\n{stderr}");
        stdout
    })
}

#[test]
fn the_tour_does_what_it_says() {
    let stdout = tour();
    assert!(refusals(stdout) >= 3, "{stdout}");
    for rule in ["TotalCount (range)", "Path (one_of)"] {
        assert!(stdout.contains(rule), "{stdout}");
    }
}

/// Granting what a step is refused turns its refusal into its effect, and takes it from the audit's denials.
fn granting(file: &str, typed: &str, shows: &str, edit: impl Fn(String) -> String) {
    let before = tour();
    let refused = step(before, typed).to_owned();
    let (status, stdout, stderr) = play(&edited(file, edit), true);
    assert_eq!(status, Some(0), "{stdout}\n{stderr}");
    assert_eq!(refusals(&stdout) + 1, refusals(before), "{stdout}");
    let granted = step(&stdout, typed);
    assert_ne!(granted, refused);
    assert!(granted.contains("granted by these policies") && granted.contains(shows), "{granted}");
}

#[test]
fn a_command_that_is_granted_runs() {
    granting("roles/notes.toml", "Remove-Item User:/note.txt", "", |text| {
        text + "\n[[command]]\nname = \"Remove-Item\"\n[command.parameters]\nPath = { within = \"User:/\" }\n"
    });
}

#[test]
fn a_value_that_is_granted_is_used() {
    let typed = "Get-Content Etc:/passwd -TotalCount 5000";
    granting("roles/account-reader.toml", typed, "root:", |text| text.replace("1..200", "1..10000"));
}

#[test]
fn a_file_that_is_granted_is_read() {
    granting("roles/account-reader.toml", "gc Etc:/hostname -Tot 1", "", |text| {
        text.replace("\"Etc:/group\"]", "\"Etc:/group\", \"Etc:/hostname\"]")
    });
}

#[test]
fn a_command_of_the_role_that_holds_the_drive_runs_on_it() {
    granting("roles/account-reader.toml", "Get-ChildItem Etc:/", "passwd", |text| {
        text + "\n[[command]]\nname = \"Get-ChildItem\"\nparameters = \"any\"\n"
    });
}

#[test]
fn policies_under_which_a_step_fails_end_it_with_an_error() {
    let place = edited("roles/account-reader.toml", |text| text.replace("1..200", "1..2"));
    let (status, stdout, stderr) = play(&place, true);
    assert_eq!(status, Some(1), "{stdout}\n{stderr}");
    assert!(stderr.contains("Get-Content Etc:/passwd -TotalCount 3"), "{stderr}");
    let place = edited("roles/notes.toml", |text| text.replace("Set-Content", "Move-Item"));
    assert_ne!(play(&place, true).0, Some(0));
}

#[test]
fn policies_with_a_fault_are_not_played() {
    let place = edited("roles/notes.toml", |text| text.replace("access =", "acces ="));
    let (status, _, stderr) = play(&place, true);
    assert_ne!(status, Some(0));
    assert!(stderr.contains("acces"), "{stderr}");
}
