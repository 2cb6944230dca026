//! The doors at which policies are loaded, each a run of the program as an operator starts it, and what all of them
//! must say alike.

use std::io::Read as _;
use std::path::Path;
use std::process::{Output, Stdio};

use bailiwick_support::{Place, Setup};

/// What a run said. The path of the host's folder is taken out of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A host of the shipped policies, which start as they are.
pub(crate) fn shipped() -> Place {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let users = std::fs::read_to_string(folder.join("users.toml")).unwrap();
    Setup::new().policies_of(&folder).policy("users.toml", &users).default_endpoint("helpdesk").place()
}

/// Replaces a text that stands once in a file of the host's folder.
pub(crate) fn edit(place: &Place, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(place.path().join(file)).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}:\n{text}");
    place.write(file, &text.replace(from, to));
}

pub(crate) fn policy_check(place: &Place) -> Said {
    said(place, place.program().args(["policy", "check"]).arg(place.policies()).output().unwrap())
}

pub(crate) fn serve_check(place: &Place) -> Said {
    said(place, place.program().args(["serve", "--check", "--config"]).arg(place.config()).output().unwrap())
}

/// Starts a host that must refuse to serve: it ends by itself and announces nothing.
pub(crate) fn serve(place: &Place) -> Said {
    let mut program = place.program();
    program.args(["serve", "--config"]).arg(place.config());
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The first byte or the end: a host that serves announces it, and would be waited for in vain.
    let announced = child.stdout.as_mut().unwrap().read(&mut [0]).unwrap();
    if announced > 0 {
        child.kill().unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(announced, 0, "it serves: {}", String::from_utf8_lossy(&output.stdout));
    said(place, output)
}

fn said(place: &Place, output: Output) -> Said {
    let folder = format!("{}/", place.path().display());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&folder, "");
    Said { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Every door refuses the policies, with these faults and no others.
pub(crate) fn assert_policies_are_refused(place: &Place, faults: &str) {
    let number = faults.split("\n\n").count();
    let counted = if number == 1 { "1 fault".to_owned() } else { format!("{number} faults") };
    refused(policy_check(place), format!("{faults}\n\n{counted}\n"));
    assert_host_is_refused(place, "the policies have faults", faults);
}

/// The host is refused with these faults, checked or started.
pub(crate) fn assert_host_is_refused(place: &Place, what: &str, faults: &str) {
    refused(serve_check(place), format!("{faults}\n\n"));
    refused(serve(place), format!("bailiwick: {what}\n\n{faults}\n"));
}

pub(crate) fn refused(said: Said, stderr: String) {
    assert_eq!(said.stderr, stderr);
    assert_eq!((said.code, said.stdout.as_str()), (Some(1), ""));
}

/// One test a fault of the shipped policies: the file, what is replaced by what, and what every door says then.
macro_rules! policy_faults {
    ($($name:ident: $file:literal, $from:literal => $to:literal, $faults:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let place = crate::doors::shipped();
                crate::doors::edit(&place, concat!("policies/", $file), $from, $to);
                crate::doors::assert_policies_are_refused(&place, $faults);
            }
        )*
    };
}

/// One test a fault of the configuration: what is replaced by what, and what the host says then.
macro_rules! host_faults {
    ($($name:ident: $from:literal => $to:literal, $faults:literal;)*) => {
        $(
            #[test]
            fn $name() {
                let place = crate::doors::shipped();
                let folder = place.path().to_string_lossy().into_owned();
                crate::doors::edit(&place, "host.toml", &$from.replace("{folder}", &folder), $to);
                crate::doors::assert_host_is_refused(&place, "the configuration has faults", $faults);
            }
        )*
    };
}

pub(crate) use {host_faults, policy_faults};
