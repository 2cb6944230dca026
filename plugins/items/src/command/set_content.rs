//! Set-Content.

use std::fs::File;

use bailiwick_sdk::{Cmdlet, CommandInfo, ErrorCategory, Failure, Output, Parameters};

use super::write_content::{Writers, takes};
use crate::fault::Naming;

const NAMING: Naming = Naming {
    class: "SetContentCommand",
    unauthorized: "GetContentWriterUnauthorizedAccessError",
    io: ("GetContentWriterIOError", ErrorCategory::WriteError),
    doing: "write",
};

#[derive(Debug)]
pub(crate) struct SetContent(Writers);

impl Cmdlet for SetContent {
    fn info() -> CommandInfo {
        takes(
            CommandInfo::new("Set-Content")
                .synopsis("Writes files anew.")
                .description(
                    "Replaces the content of each file, or makes the file, at the first value; later values of the same \
                     pipeline follow in it.",
                )
                .example("'one', 'two' | Set-Content User:/list.txt", "Writes a file of two lines.")
                .example("Set-Content User:/flag -Value on -NoNewline", "Writes two bytes."),
        )
    }

    fn new() -> Self {
        Self(Writers::new(&NAMING, |path| File::create(path.real())))
    }

    fn process(&mut self, parameters: &Parameters, out: &mut Output) -> Result<(), Failure> {
        self.0.process(parameters, out)
    }
}
