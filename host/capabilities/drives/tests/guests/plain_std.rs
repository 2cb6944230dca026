//! A guest on plain `std::fs`: uses the drives `Logs` (read) and `User` (write) as a cmdlet would, and writes what it saw
//! to `/drives/User/report`, one line a finding.

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

fn main() -> std::io::Result<()> {
    let mut report = Vec::new();
    let mut say = |what: &str, found: String| report.push(format!("{what}: {found}"));

    say("read", fs::read_to_string("/drives/Logs/a.log")?);
    say("missing", fs::read("/drives/Logs/none").unwrap_err().kind().to_string());
    say("outside", fs::read("/drives/Logs/../../../etc/passwd").is_err().to_string());
    say("link outside", fs::read("/drives/Logs/out").is_err().to_string());
    say("no drive", fs::read("/etc/passwd").is_err().to_string());
    say("read-only", fs::write("/drives/Logs/new", "x").is_err().to_string());
    say("drives", names("/drives")?);
    say("root", names("/")?);
    say("logs", names("/drives/Logs")?);

    fs::create_dir_all("/drives/User/d/e")?;
    fs::write("/drives/User/d/f", "one\n")?;
    fs::OpenOptions::new().append(true).open("/drives/User/d/f")?.write_all(b"two\n")?;
    say("appended", fs::read_to_string("/drives/User/d/f")?.replace('\n', " "));
    let mut file = fs::OpenOptions::new().read(true).write(true).open("/drives/User/d/f")?;
    file.seek(SeekFrom::Start(4))?;
    file.write_all(b"TWO")?;
    file.rewind()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    drop(file);
    say("in place", text.replace('\n', " "));
    say("copied", fs::copy("/drives/Logs/a.log", "/drives/User/d/copy")?.to_string());
    fs::rename("/drives/User/d/copy", "/drives/User/moved")?;
    say("length", fs::metadata("/drives/User/moved")?.len().to_string());
    say("canonical", fs::canonicalize("/drives/User/d/../moved")?.display().to_string());
    say("full", fs::write("/drives/User/big", vec![0; 1 << 20]).is_err().to_string());
    fs::remove_dir_all("/drives/User/d")?;
    say("left", names("/drives/User")?);
    fs::write("/drives/User/report", report.join("\n"))
}

fn names(of: &str) -> std::io::Result<String> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(of)? {
        let entry = entry?;
        let kind = if entry.file_type()?.is_dir() { "/" } else { "" };
        names.push(format!("{}{kind}", entry.file_name().to_string_lossy()));
    }
    names.sort();
    Ok(names.join(" "))
}
