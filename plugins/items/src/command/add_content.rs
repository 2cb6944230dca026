//! Add-Content.

use std::fs::File;

use bailiwick_sdk::{Cmdlet, CommandInfo, ErrorCategory, Failure, Output, Parameters};

use super::write_content::{Writers, takes};
use crate::fault::Naming;

const NAMING: Naming = Naming {
    class: "AddContentCommand",
    unauthorized: "GetContentWriterUnauthorizedAccessError",
    io: ("GetContentWriterIOError", ErrorCategory::WriteError),
    doing: "append to",
};

#[derive(Debug)]
pub(crate) struct AddContent(Writers);

impl Cmdlet for AddContent {
    fn info() -> CommandInfo {
        takes(
            CommandInfo::new("Add-Content")
                .alias("ac")
                .synopsis("Appends to files.")
                .description(
                    "Appends each value to the end of each file; a file that does not exist is made.",
                )
                .example("Add-Content User:/notes.txt -Value 'called back'", "Appends a line."),
        )
    }

    fn new() -> Self {
        Self(Writers::new(&NAMING, |path| File::options().append(true).create(true).open(path.real())))
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        self.0.process(parameters, out)
    }
}
