//! The two ways out of the program: answers on stdout, everything else on stderr. A reader of stdout that went away
//! ends the verb without a failure (`| head`); nothing is lost by a stderr that is closed.

use std::io::{self, Write};

use crate::exit::Problem;
use crate::inert;

/// Writes text to stdout as it is and hands it on at once.
///
/// # Errors
/// Nobody reads stdout any more, or it can't be written.
pub(crate) fn answer(text: &str) -> Result<(), Problem> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Problem::NoReader,
        _ => Problem::Failed(format!("could not write the output: {error}")),
    })
}

/// Writes a line to stdout.
///
/// # Errors
/// See [`answer`].
pub(crate) fn line(text: &str) -> Result<(), Problem> {
    answer(&format!("{text}\n"))
}

/// Writes a line to stderr. Control characters in it can't act on a terminal.
pub(crate) fn note(text: &str) {
    let text = inert::lines(text);
    // A stderr that nobody reads changes nothing of what is done.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
