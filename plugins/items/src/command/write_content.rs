//! Set-Content and Add-Content: each path is opened once, at its first record, and written to as records come.

use std::fs::File;
use std::io::{self, Write};

use bailiwick_sdk::{
    CommandInfo, ErrorCategory, Failure, Output, ParameterInfo, Parameters, Value, ValueType,
};

use crate::drive::DrivePath;
use crate::fault::Naming;
use crate::select::{NameFilter, filters, force, given, parameters};
use crate::text::{Encoding, texts};

/// Files open at once.
const MAX_OPEN: usize = 64;

/// The parameters of both cmdlets.
pub(super) fn takes(info: CommandInfo) -> CommandInfo {
    let mut info = filters(parameters(info, true));
    // The pipeline brings values here, not paths.
    for parameter in &mut info.parameters {
        parameter.by_value = false;
    }
    info.takes(
        ParameterInfo::new("Value", ValueType::Any)
            .position(1)
            .collection()
            .mandatory()
            .by_value()
            .by_property_name()
            .help("What is written, each value on a line of its own."),
    )
    .takes(ParameterInfo::new("NoNewline", ValueType::Switch).help("Writes no line ends."))
    .takes(Encoding::parameter())
    .takes(ParameterInfo::new("PassThru", ValueType::Switch).help("Writes the values to the output too."))
    .takes(force("Writes to hidden files that a wildcard finds too."))
}

/// How a cmdlet opens a file.
pub(super) type Open = fn(&DrivePath) -> io::Result<File>;

/// The files of one run.
#[derive(Debug)]
pub(super) struct Writers {
    naming: &'static Naming,
    open: Open,
    /// A path that failed to open has no file, and is not tried again.
    files: Vec<(DrivePath, Option<File>)>,
}

impl Writers {
    pub(super) fn new(naming: &'static Naming, open: Open) -> Self {
        Self { naming, open, files: Vec::new() }
    }

    pub(super) fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        let encoding = Encoding::given(parameters)?;
        let line_end = if parameters.switch("NoNewline")? { "" } else { "\n" };
        let mut bytes = Vec::new();
        for text in parameters.value("Value").map(texts).unwrap_or_default() {
            bytes.extend(encoding.encode(&text));
            bytes.extend_from_slice(line_end.as_bytes());
        }
        for path in self.paths(parameters, out)? {
            out.check_stopping()?;
            self.write(&path, &bytes, out)?;
        }
        if parameters.switch("PassThru")? {
            for value in parameters.values("Value") {
                out.write(Value::clone(value))?;
            }
        }
        Ok(())
    }

    /// A path without wildcards need not exist.
    fn paths(&self, parameters: &Parameters, out: &mut Output) -> Result<Vec<DrivePath>, Failure> {
        let names = NameFilter::new(parameters)?;
        let mut paths = Vec::new();
        for given in given(parameters, self.naming, out)? {
            if given.is_pattern {
                let items = given.items(&names, self.naming, out)?;
                paths.extend(items.into_iter().filter(|item| !item.is_container).map(|item| item.path));
            } else {
                paths.push(given.path);
            }
        }
        paths.retain(|path| names.takes(path.name()));
        Ok(paths)
    }

    fn write(&mut self, path: &DrivePath, bytes: &[u8], out: &mut Output) -> Result<(), Failure> {
        if !self.files.iter().any(|(known, _)| known == path) {
            self.begin(path, out)?;
        }
        let Some(entry) = self.files.iter_mut().find(|(known, _)| known == path) else {
            return Ok(());
        };
        if let Some(file) = &mut entry.1
            && let Err(error) = file.write_all(bytes)
        {
            entry.1 = None;
            let record = self.naming.io(out, path, &error);
            out.error(record)?;
        }
        Ok(())
    }

    fn begin(&mut self, path: &DrivePath, out: &mut Output) -> Result<(), Failure> {
        if self.files.len() == MAX_OPEN {
            let message = format!("cannot write `{path}`: a run writes at most {MAX_OPEN} files");
            return Err(self
                .naming
                .record("TooManyFiles", ErrorCategory::LimitsExceeded, path, message)
                .into());
        }
        let file = match (self.open)(path) {
            Ok(file) => Some(file),
            Err(error) => {
                let record = self.naming.io(out, path, &error);
                out.error(record)?;
                None
            }
        };
        self.files.push((path.clone(), file));
        Ok(())
    }
}
