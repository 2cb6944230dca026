//! What is known of the terminal, and a question to whoever sits at it.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::inert;

/// Columns that text for no terminal is made for.
const NO_TERMINAL: u32 = 120;

/// Columns of the screen: of stdout, else of `COLUMNS`.
pub(crate) fn width() -> u32 {
    let screen = rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| u32::from(size.ws_col));
    let told = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    screen.filter(|width| *width > 0).or_else(told).unwrap_or(NO_TERMINAL)
}

/// Whether somebody sits at stdin.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal()
}

/// Shows a prompt, on stderr: it is not part of the output.
pub(crate) fn prompt(text: &str) {
    let mut error = io::stderr().lock();
    // A prompt that nobody sees changes nothing of what is done.
    let _ = error.write_all(inert::line(text).as_bytes()).and_then(|()| error.flush());
}

/// Asks a question that only `yes` affirms. Nobody at stdin or stderr: no.
pub(crate) fn affirms(question: &str) -> bool {
    if !is_interactive() || !io::stderr().is_terminal() {
        return false;
    }
    crate::output::note(question);
    prompt("Type `yes` to go on: ");
    let mut reply = String::new();
    io::stdin().lock().read_line(&mut reply).is_ok_and(|_| reply.trim().eq_ignore_ascii_case("yes"))
}
