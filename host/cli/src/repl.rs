//! The read-eval-print loop over a session that somebody else made and will end: a prompt, a line, its records.

use std::collections::VecDeque;

use crate::drive::{self, Ended};
use crate::exit::{Exit, Problem};
use crate::interrupt::{Interrupts, Urgency};
use crate::output::note;
use crate::render::Renderer;
use crate::session::{Session, exit_of};
use crate::stdin::Lines;
use crate::terminal;

/// Lines of the user and her signals.
#[derive(Debug)]
pub(crate) struct Console {
    lines: Lines,
    waiting: VecDeque<String>,
    interrupts: Interrupts,
    /// Prompts are for people only.
    prompts: bool,
}

impl Console {
    /// Takes over stdin and the signals.
    ///
    /// # Errors
    /// The signals can't be caught.
    pub(crate) fn open() -> Result<Self, Problem> {
        Ok(Self {
            interrupts: Interrupts::open()?,
            lines: Lines::open(),
            waiting: VecDeque::new(),
            prompts: terminal::is_interactive(),
        })
    }

    /// The next line; none at the end of input or when the process is to end.
    async fn line(&mut self, prompt: &str) -> Result<Option<String>, Problem> {
        loop {
            if self.prompts {
                terminal::prompt(prompt);
            }
            if let Some(line) = self.waiting.pop_front() {
                return Ok(Some(line));
            }
            tokio::select! {
                lines = self.lines.next() => match lines? {
                    Some(lines) => self.waiting.extend(lines),
                    None => {
                        self.new_line();
                        return Ok(None);
                    }
                },
                urgency = self.interrupts.next() => {
                    self.new_line();
                    if urgency == Urgency::End {
                        return Ok(None);
                    }
                    continue;
                }
            }
            if let Some(line) = self.waiting.pop_front() {
                return Ok(Some(line));
            }
        }
    }

    fn new_line(&self) {
        if self.prompts {
            note("");
        }
    }
}

/// Runs lines in a session, which is at a location now, until the user leaves. The session lives on; ending it is the caller's.
///
/// # Errors
/// The session went away, or nobody reads the output any more.
pub(crate) async fn run<S: Session>(
    session: &S,
    mut location: String,
    renderer: &mut Renderer,
    console: &mut Console,
) -> Result<Exit, Problem> {
    while let Some(line) = console.line(&prompt(session.host(), &location)).await? {
        let text = line.trim();
        if text.is_empty() {
            continue;
        }
        if leaves(text) {
            break;
        }
        let events = match session.execute(text, false).await {
            Ok(events) => events,
            Err(lost @ Problem::SessionLost(_)) => return Err(lost),
            Err(problem) => {
                note(&problem.to_string());
                continue;
            }
        };
        match drive::run(events, renderer, &mut console.interrupts, None, None).await? {
            Ended::Finished(outcome) if exit_of(&outcome) == Exit::SessionLost => {
                return Err(Problem::SessionLost("the session was lost".to_owned()));
            }
            Ended::Finished(outcome) => location = outcome.location,
            Ended::GivenUp(why) => return Err(Problem::SessionLost(format!("{why}: the session is ended"))),
        }
    }
    Ok(Exit::Done)
}

fn prompt(host: &str, location: &str) -> String {
    if location.is_empty() { format!("[{host}]: PS> ") } else { format!("[{host}]: PS {location}> ") }
}

/// PowerShell's words to leave a session with.
fn leaves(text: &str) -> bool {
    ["exit", "Exit-PSSession", "exsn"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{leaves, prompt};

    #[test]
    fn the_prompt_names_the_host_and_the_location() {
        assert_eq!(prompt("web1", "User:/a"), "[web1]: PS User:/a> ");
        assert_eq!(prompt("web1", ""), "[web1]: PS> ");
    }

    #[test]
    fn only_the_words_alone_leave() {
        assert!(leaves("EXIT") && leaves("exsn"));
        assert!(!leaves("exit 3"));
    }
}
