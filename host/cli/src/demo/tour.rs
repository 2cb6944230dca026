//! The tour: what is typed, what it is to do, and whether it did. With the reader's own policies, a step that the
//! example policies refuse may be granted: then its effect is checked instead.

use bailiwick_audit::StoredRecord;
use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorRecord, Value};
use bailiwick_runtime::Formatter;
use serde_json::Value as Json;

use super::checks::{self, Check, Seen};
use super::stage::{Stage, USER, failed};
use crate::exit::Problem;
use crate::output::line;
use crate::remote::RemoteSession;
use crate::session::{Event, Events as _, Session};
use crate::{inert, terminal};

/// What a step is to do.
#[derive(Debug, Clone, Copy)]
enum Expect {
    /// This effect.
    Effect(Check),
    /// A refusal; this effect where the reader's policies grant it.
    Refusal(Check),
}

/// One line of the tour.
struct Step {
    says: &'static str,
    types: &'static str,
    expects: Expect,
}

const fn effect(says: &'static str, types: &'static str, check: Check) -> Step {
    Step { says, types, expects: Expect::Effect(check) }
}

const fn refusal(says: &'static str, types: &'static str, granted: Check) -> Step {
    Step { says, types, expects: Expect::Refusal(granted) }
}

/// At the help desk: commands and their parameters, no language.
const HELP_DESK: [Step; 14] = [
    effect(
        "What may I do here? Besides what only computes, what the roles of this endpoint grant:",
        "Get-Command -Module Items",
        checks::gives_something,
    ),
    effect(
        "Real files of this machine, through a drive: the accounts of this host.",
        "Get-Content Etc:/passwd -TotalCount 3",
        checks::is_the_list_of_accounts,
    ),
    effect(
        "A pipeline over its logs, the largest first. The sorting happens in the sandbox.",
        "Get-ChildItem Logs:/ -File | Sort-Object Length -Descending | Select-Object -First 3",
        checks::runs,
    ),
    effect(
        "And how much they are:",
        "Get-ChildItem Logs:/ -File | Measure-Object -Property Length -Sum",
        checks::is_a_measure,
    ),
    effect(
        "A note, on alice's own drive. Nobody else's session can name it.",
        "Set-Content User:/note.txt 'nginx was restarted at noon'",
        checks::the_note_is_on_the_drive,
    ),
    effect("It is there:", "Get-Content User:/note.txt", checks::gives_something),
    effect("The location is kept between commands.", "Set-Location Logs:/", checks::is_among_the_logs),
    effect(
        "So this lists the logs:",
        "Get-ChildItem | Select-Object -First 3 -Property Name, Length",
        checks::runs,
    ),
    refusal(
        "Now what alice may not. A command that no role of hers grants does not exist for her:",
        "Remove-Item User:/note.txt",
        checks::the_note_is_gone,
    ),
    refusal(
        "A value outside of its rule:",
        "Get-Content Etc:/passwd -TotalCount 5000",
        checks::is_the_list_of_accounts,
    ),
    refusal(
        "A file that no rule names. Abbreviation, alias and position change nothing of what is decided:",
        "gc Etc:/hostname -Tot 1",
        checks::gives_something,
    ),
    refusal(
        "One role's command on another role's drive: both are hers, together they are not.",
        "Get-ChildItem Etc:/",
        checks::gives_something,
    ),
    refusal(
        "A path that leads out of its drive:",
        "Get-Content Logs:/../../etc/shadow",
        checks::gives_something,
    ),
    refusal("And the language, of which this endpoint has none:", "$x = 6 * 7", checks::runs),
];

/// In the tool box: the whole language, over one's own files.
const TOOL_BOX: [Step; 3] = [
    effect("A variable and a function, here the whole language is granted:", "$answer = 6 * 7", checks::runs),
    effect("They are kept while the session lives.", "function Get-Square($n) { $n * $n }", checks::runs),
    effect("Both are still there:", "Get-Square $answer", checks::is_the_square),
];

/// A refusal as it was shown.
#[derive(Debug)]
struct Shown {
    typed: &'static str,
    rule: String,
}

/// The tour as it goes.
pub(super) struct Tour<'a> {
    stage: &'a Stage,
    formatter: Formatter,
    refusals: Vec<Shown>,
}

impl<'a> Tour<'a> {
    /// Says where it plays.
    ///
    /// # Errors
    /// The formatter does not start, or nobody reads the output any more.
    pub(super) async fn begin(stage: &'a Stage) -> Result<Self, Problem> {
        let sandbox = stage.sandbox();
        let formatter = sandbox.formatter(terminal::width(), &sandbox.views()).await.map_err(failed)?;
        line(&format!(
            "A host listens on {} (TLS 1.3; keys made just now). You are {USER}.",
            stage.address()
        ))?;
        Ok(Self { stage, formatter, refusals: Vec::new() })
    }

    /// The first endpoint. The session lives on, at the location it was left at.
    ///
    /// # Errors
    /// A step did not do what it says.
    pub(super) async fn help_desk(&mut self) -> Result<(RemoteSession, String), Problem> {
        let session = self.enter("helpdesk").await?;
        let location = self.play(&session, &HELP_DESK).await?;
        Ok((session, location))
    }

    /// The second endpoint, in a session that is removed at its end.
    ///
    /// # Errors
    /// A step did not do what it says.
    pub(super) async fn tool_box(&mut self) -> Result<(), Problem> {
        let session = self.enter("toolbox").await?;
        self.play(&session, &TOOL_BOX).await?;
        session.end().await
    }

    async fn enter(&self, endpoint: &str) -> Result<RemoteSession, Problem> {
        line(&format!("\n── endpoint `{endpoint}` ──"))?;
        let connection = self.stage.connect().await?;
        RemoteSession::over(connection, "demo", Some(endpoint)).await
    }

    async fn play(&mut self, session: &RemoteSession, steps: &'static [Step]) -> Result<String, Problem> {
        let mut location = session.location().to_owned();
        for step in steps {
            line(&format!("\n# {}\n[demo]: PS {location}> {}", step.says, step.types))?;
            let seen = self.run(session, step.types).await?;
            self.judge(step, &seen)?;
            location.clone_from(&seen.outcome.location);
        }
        Ok(location)
    }

    /// Runs a line and shows what comes of it.
    async fn run(&mut self, session: &RemoteSession, text: &str) -> Result<Seen, Problem> {
        let mut events = session.execute(text, false).await?;
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let outcome = loop {
            match events.next().await? {
                Event::Records(StreamKind::Output, values) => {
                    show(&self.formatter.push(&values).await.map_err(failed)?)?;
                    output.extend(values);
                }
                Event::Records(StreamKind::Error, values) => {
                    for value in values {
                        if let Value::Error(error) = value {
                            self.show_error(&error).await?;
                            errors.push(*error);
                        }
                    }
                }
                Event::Records(..) => {}
                Event::Finished(outcome) => break outcome,
            }
        };
        let rest = self.formatter.finish().await.map_err(failed)?;
        show(&rest)?;
        Ok(Seen { output, errors, outcome, own_drive: self.stage.own_drive() })
    }

    fn judge(&mut self, step: &Step, seen: &Seen) -> Result<(), Problem> {
        let wrong = |what: &str| {
            Problem::Failed(format!("the step `{}` did not do what it says: {what}", step.types))
        };
        let refused = seen.outcome.refused && !seen.errors.is_empty();
        let check = match step.expects {
            Expect::Refusal(_) if refused => {
                let rule =
                    seen.errors.iter().find_map(|error| error.refusal.as_ref()).map(|r| r.rule.to_string());
                self.refusals.push(Shown { typed: step.types, rule: rule.unwrap_or_default() });
                return Ok(());
            }
            Expect::Refusal(_) if !self.stage.edited() => return Err(wrong("it was to be refused")),
            Expect::Refusal(check) => {
                line("# (granted by these policies)")?;
                check
            }
            Expect::Effect(check) => check,
        };
        if let Some(error) = seen.errors.first() {
            return Err(wrong(&error.message));
        }
        check(seen).map_err(|what| wrong(&what))
    }

    /// The other side of the same events: the audit has each refusal, once, with its rule.
    ///
    /// # Errors
    /// The audit says something else than what was shown.
    pub(super) fn audit(&self) -> Result<(), Problem> {
        line("\n── the audit, as the operator reads it ──\n")?;
        let folder = self.stage.audit_folder();
        let records: Result<Vec<StoredRecord>, _> = bailiwick_audit::read(&folder).map_err(failed)?.collect();
        let denials: Vec<_> = records
            .map_err(failed)?
            .into_iter()
            .filter(|record| record.kind == "decision" && text(&record.fields, &["decision"]) == "deny")
            .collect();
        for denial in &denials {
            line(&inert::line(&describe(denial)))?;
        }
        let shown: Vec<_> = self.refusals.iter().map(|refusal| refusal.rule.as_str()).collect();
        let recorded: Vec<_> = denials.iter().map(|denial| text(&denial.fields, &["rule", "key"])).collect();
        let agree = shown.len() == recorded.len()
            && shown.iter().zip(&recorded).all(|(shown, recorded)| shown.is_empty() || shown == recorded);
        if !agree {
            let typed: Vec<_> = self.refusals.iter().map(|refusal| refusal.typed).collect();
            return Err(Problem::Failed(format!(
                "the refusals shown are not those of the audit: {typed:?} {shown:?} against {recorded:?}"
            )));
        }
        let verified = bailiwick_audit::verify(&folder).map_err(failed)?;
        line(&format!(
            "\n{} refusals shown, {} on record; the chain of {} records is whole.",
            shown.len(),
            recorded.len(),
            verified.last
        ))
    }

    /// The sessions are gone, for the user and for the host.
    ///
    /// # Errors
    /// One is still there.
    pub(super) async fn removed(&self) -> Result<(), Problem> {
        let connection = self.stage.connect().await?;
        let left = connection.sessions().await.map_err(failed)?;
        connection.close().await;
        if !left.is_empty() || self.stage.host().session_count() != 0 {
            return Err(Problem::Failed("a session is left that was removed".to_owned()));
        }
        line("\nThe sessions are removed, and their memory with them.")
    }

    async fn show_error(&mut self, error: &ErrorRecord) -> Result<(), Problem> {
        let text = self.formatter.error_text(error).await.map_err(failed)?;
        line(&inert::lines(text.trim_end()))
    }
}

/// Shows text that the formatter made, which is inert already.
fn show(text: &str) -> Result<(), Problem> {
    crate::output::answer(text)
}

/// A denial in a line.
fn describe(denial: &StoredRecord) -> String {
    let fields = &denial.fields;
    let (typed, command) = (text(fields, &["typed"]), text(fields, &["command"]));
    let what = if typed.is_empty() { command } else { typed };
    let file = text(fields, &["rule", "file"]);
    let because = if file.is_empty() {
        text(fields, &["reason"])
    } else {
        let line = field(fields, &["rule", "line"]).map(Json::to_string).unwrap_or_default();
        format!("{} ({file}:{line})", text(fields, &["rule", "key"]))
    };
    format!("#{} deny {}: {what} · {because}", denial.seq, text(fields, &["user"]))
}

/// A text field of a record; empty if it is not there.
fn text(fields: &serde_json::Map<String, Json>, path: &[&str]) -> String {
    field(fields, path).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn field<'a>(fields: &'a serde_json::Map<String, Json>, path: &[&str]) -> Option<&'a Json> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(fields.get(*first)?, |value, name| value.get(name))
}
