//! Get-Location, Set-Location and Get-PSDrive. The location is the session's state; whether a place may be gone to is
//! asked of the host by the effectful command `Test-Path`.

use bailiwick_objects::metadata::ValueType;
use bailiwick_objects::{ErrorCategory, Hashtable, Value};

use super::describe::{Module, native, param, switch};
use super::{Call, Command, Native};
use crate::eval::flow::{Flow, Run};
use crate::host::{BoundCommand, Step};
use crate::object::{Fault, Val, cross, fault, wildcard};

pub(super) fn commands() -> Vec<Native> {
    vec![
        native("Get-Location", Module::Management, "Gets the session's location.", || Box::new(Get)),
        native("Set-Location", Module::Management, "Goes to another location.", || Box::new(Set))
            .takes(
                param(
                    "Path",
                    ValueType::Text,
                    "Where to go; the location that the session began with if absent.",
                )
                .at(0)
                .piped()
                .alias("LiteralPath")
                .alias("PSPath")
                .alias("LP"),
            )
            .takes(switch("PassThru", "Writes the new location."))
            .example("Set-Location Logs:/", "Goes to the root of a drive."),
        native("Get-PSDrive", Module::Management, "Gets the drives of the session.", || Box::new(Drives))
            .takes(param("Name", ValueType::Text, "Names or patterns; all if absent.").at(0).many()),
    ]
}

struct Get;

impl Command for Get {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let location = call.ev.state.location.clone();
        if location.is_empty() { Ok(()) } else { call.write(path_info(&location)) }
    }
}

fn path_info(location: &str) -> Val {
    let drive = drive_of(location).unwrap_or("");
    let parts = [("Drive", Val::str(drive)), ("Path", Val::str(location))];
    Val::object("System.Management.Automation.PathInfo", parts)
}

struct Set;

impl Command for Set {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let target = match call.text("Path") {
            Some(path) => place(call, &path)?,
            None => call.ev.state.config.location.clone(),
        };
        if target.is_empty() {
            return Err(fault(
                "DriveNotFound",
                ErrorCategory::ObjectNotFound,
                "the session has no location; name a drive, for example `Logs:/`",
            )
            .into());
        }
        if !is_container(call, &target)? {
            return Err(fault(
                "PathNotFound",
                ErrorCategory::ObjectNotFound,
                format!("cannot find path `{target}` because it does not exist or is not a folder"),
            )
            .exception("System.Management.Automation.ItemNotFoundException")
            .about(Val::str(&target))
            .into());
        }
        call.ev.state.location.clone_from(&target);
        if call.switch("PassThru") { call.write(path_info(&target)) } else { Ok(()) }
    }
}

/// The place that a path means, its drive spelled as it is configured and its `.` and `..` followed.
fn place(call: &Call<'_, '_>, path: &str) -> Run<String> {
    let state = &call.ev.state;
    let full = match path.strip_prefix(['/', '\\']) {
        // From the root of the drive that the session is in.
        Some(rest) => match drive_of(&state.location) {
            Some(drive) => format!("{drive}:/{rest}"),
            None => path.to_owned(),
        },
        None => qualify(&state.location, path),
    };
    let Some(drive) = drive_of(&full) else {
        return Err(no_drive(path).into());
    };
    let known = state.config.drives.iter().find(|d| d.name.eq_ignore_ascii_case(drive));
    let Some(known) = known else { return Err(no_drive(drive).into()) };
    let rest = full.get(drive.len() + 1..).unwrap_or("");
    let mut segments: Vec<&str> = Vec::new();
    for segment in rest.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => {
                if segments.pop().is_none() {
                    return Err(fault(
                        "PathNotFound",
                        ErrorCategory::ObjectNotFound,
                        format!("cannot go above the root of the drive `{}`", known.name),
                    )
                    .into());
                }
            }
            segment => segments.push(segment),
        }
    }
    Ok(format!("{}:/{}", known.name, segments.join("/")))
}

fn no_drive(name: &str) -> Box<Fault> {
    let shown: String = name.chars().take(200).collect();
    fault("DriveNotFound", ErrorCategory::ObjectNotFound, format!("cannot find a drive for `{shown}`"))
        .exception("System.Management.Automation.DriveNotFoundException")
        .help("`Get-PSDrive` lists the drives of this session")
}

/// Asks the host, as if `Test-Path -LiteralPath … -PathType Container` had been typed.
fn is_container(call: &mut Call<'_, '_>, target: &str) -> Run<bool> {
    let arguments =
        Hashtable::of([("LiteralPath", Value::string(target)), ("PathType", Value::string("Container"))]);
    let typed = format!("Test-Path -LiteralPath '{}' -PathType Container", target.replace('\'', "''"));
    let request = BoundCommand { name: "Test-Path".into(), typed, arguments, pipeline_input: false };
    call.ev.flush()?;
    let mut running =
        call.ev.host.invoke(request).map_err(|record| Flow::Throw(Fault::of_record(*record)))?;
    running.end_input();
    let mut found = false;
    loop {
        call.ev.poll()?;
        match running.next() {
            Step::Records(bailiwick_objects::metadata::StreamKind::Output, values) => {
                found |= values.iter().any(|v| matches!(v, Value::Bool(true)));
            }
            Step::Records(kind, values) => {
                values.iter().try_for_each(|v| call.ev.write_message(kind, cross::to_live(v)))?;
            }
            Step::WantsInput => running.end_input(),
            Step::Done(None) => return Ok(found),
            Step::Done(Some(record)) => return Err(Flow::Throw(Fault::of_record(*record))),
        }
    }
}

struct Drives;

impl Command for Drives {
    fn process(&mut self, call: &mut Call<'_, '_>) -> Run {
        let patterns = call.texts("Name");
        for drive in call.ev.state.config.drives.clone() {
            if !patterns.is_empty()
                && !patterns.iter().any(|p| wildcard::matches(p.trim_end_matches(':'), &drive.name))
            {
                continue;
            }
            let parts = [
                ("Name", Val::str(&drive.name)),
                ("Access", Val::str(if drive.writable { "write" } else { "read" })),
                ("Root", Val::from(format!("{}:/", drive.name))),
                ("Description", Val::str(&drive.description)),
            ];
            call.write(Val::object("System.Management.Automation.PSDriveInfo", parts))?;
        }
        Ok(())
    }
}

/// The drive that a path names.
fn drive_of(path: &str) -> Option<&str> {
    let (drive, _) = path.split_once(':')?;
    (!drive.is_empty() && !drive.contains(['/', '\\'])).then_some(drive)
}

/// A path made drive-qualified against a location. One with a drive and an absolute one stay as they are: the host
/// rules on them.
pub(crate) fn qualify(location: &str, path: &str) -> String {
    if location.is_empty() || path.is_empty() || path.starts_with(['/', '\\']) || drive_of(path).is_some() {
        return path.to_owned();
    }
    if location.ends_with(['/', '\\', ':']) {
        format!("{location}{path}")
    } else {
        format!("{location}/{path}")
    }
}

#[cfg(test)]
mod tests {
    use super::qualify;

    #[test]
    fn a_relative_path_becomes_drive_qualified() {
        assert_eq!(qualify("Logs:/web", "a/b.log"), "Logs:/web/a/b.log");
        assert_eq!(qualify("Logs:/", "..\\x"), "Logs:/..\\x");
    }

    #[test]
    fn a_path_with_a_drive_and_an_absolute_path_stay_as_they_are() {
        assert_eq!(qualify("Logs:/web", "User:/x"), "User:/x");
        assert_eq!(qualify("Logs:/web", "/etc/passwd"), "/etc/passwd");
        assert_eq!(qualify("", "x"), "x");
    }
}
