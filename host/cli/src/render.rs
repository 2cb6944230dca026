//! How a command's records are shown: as a console's text, as JSON for each output object, or as one JSON line for
//! every record of every stream. Output goes to stdout, everything else to stderr (but with `-o records`, which is
//! all of it, in order, on stdout).

use bailiwick_objects::metadata::{StreamKind, View};
use bailiwick_objects::{ErrorRecord, Value};
use bailiwick_runtime::{FormatError, Formatter, Outcome, Sandbox};
use clap::ValueEnum;

use crate::exit::Problem;
use crate::output::{answer, line, note};
use crate::{json, local, terminal};

/// What `-o` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// As a console shows it
    #[default]
    Text,
    /// One JSON value a line for each output object
    Json,
    /// One JSON line for each record of any stream, in order
    Records,
}

/// Shows the records of one session's commands.
#[derive(Debug)]
pub(crate) struct Renderer {
    format: Format,
    console: ConsoleText,
    /// The error that was shown last: what ended a command may stand in its error stream, too.
    last_error: Option<ErrorRecord>,
}

impl Renderer {
    /// Shows objects by these views. Without a sandbox, one is started if there is text to be formatted.
    pub(crate) fn new(format: Format, sandbox: Option<Sandbox>, views: &[View]) -> Self {
        let console = ConsoleText {
            sandbox,
            views: views.to_vec(),
            width: terminal::width(),
            formatter: None,
            cache: None,
        };
        Self { format, console, last_error: None }
    }

    /// Shows records of one stream.
    ///
    /// # Errors
    /// Nobody reads the output any more, or the objects can't be shown.
    pub(crate) async fn records(&mut self, stream: StreamKind, values: &[Value]) -> Result<(), Problem> {
        if let (StreamKind::Error, Some(Value::Error(record))) = (stream, values.last()) {
            self.last_error = Some((**record).clone());
        }
        match (self.format, stream) {
            (Format::Records, _) => {
                values.iter().try_for_each(|value| line(&record_line(stream, &json::text(value))))
            }
            (Format::Json, StreamKind::Output) => {
                values.iter().try_for_each(|value| line(&json::text(value)))
            }
            (Format::Text, StreamKind::Output) => answer(&self.console.objects(values).await?),
            (Format::Text | Format::Json, _) => {
                for value in values {
                    self.other(stream, value).await;
                }
                Ok(())
            }
        }
    }

    /// Shows what is left of the output, and what ended the command if that was not its own text.
    ///
    /// # Errors
    /// See [`Renderer::records`].
    pub(crate) async fn finished(&mut self, outcome: &Outcome) -> Result<(), Problem> {
        if self.format == Format::Text {
            answer(&self.console.rest().await?)?;
        }
        let shown = self.last_error.take();
        match outcome.error.as_ref().filter(|error| shown.as_ref() != Some(error)) {
            Some(error) if self.format == Format::Records => {
                line(&record_line(StreamKind::Error, &json::error_text(error)))
            }
            Some(error) => {
                note(&self.console.error(error).await);
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn other(&mut self, stream: StreamKind, value: &Value) {
        let text = match (stream, value) {
            (StreamKind::Error, Value::Error(record)) => self.console.error(record).await,
            (StreamKind::Warning, value) => format!("WARNING: {}", message(value)),
            (StreamKind::Verbose, value) => format!("VERBOSE: {}", message(value)),
            (StreamKind::Debug, value) => format!("DEBUG: {}", message(value)),
            // Progress is of the moment; `-o records` has it.
            (StreamKind::Progress, _) => return,
            (_, value) => message(value),
        };
        note(&text);
    }
}

fn record_line(stream: StreamKind, value: &str) -> String {
    format!("{{\"stream\":{},\"value\":{value}}}", json::string_text(stream.name()))
}

/// The text of a record of a stream for people.
fn message(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Error(record) => record.message.to_string(),
        Value::Object(object) => match object.get("MessageData").or_else(|| object.get("Message")) {
            Some(inner) => message(inner),
            None => json::text(value),
        },
        Value::Char(c) => c.to_string(),
        other => json::text(other),
    }
}

/// The formatter, from the moment that it is needed: starting it costs more than a verb that shows no objects.
#[derive(Debug)]
struct ConsoleText {
    sandbox: Option<Sandbox>,
    views: Vec<View>,
    width: u32,
    formatter: Option<Formatter>,
    /// A cache that was opened for the sandbox, kept as long as it.
    cache: Option<crate::folders::Cache>,
}

impl ConsoleText {
    async fn formatter(&mut self) -> Result<&mut Formatter, Problem> {
        if self.sandbox.is_none() {
            let (sandbox, cache) = local::start_sandbox().await?;
            self.sandbox = Some(sandbox);
            self.cache = Some(cache);
        }
        if let (None, Some(sandbox)) = (&self.formatter, &self.sandbox) {
            self.formatter = Some(sandbox.formatter(self.width, &self.views).await.map_err(unshown)?);
        }
        self.formatter.as_mut().ok_or_else(|| Problem::Failed("the formatter did not start".to_owned()))
    }

    async fn objects(&mut self, values: &[Value]) -> Result<String, Problem> {
        self.formatter().await?.push(values).await.map_err(unshown)
    }

    async fn rest(&mut self) -> Result<String, Problem> {
        match &mut self.formatter {
            Some(formatter) => formatter.finish().await.map_err(unshown),
            None => Ok(String::new()),
        }
    }

    /// The text of an error record: what went wrong is said even if the formatter can't say it.
    async fn error(&mut self, record: &ErrorRecord) -> String {
        let formatted = match self.formatter().await {
            Ok(formatter) => formatter.error_text(record).await.ok(),
            Err(_not_started) => None,
        };
        formatted.unwrap_or_else(|| match &*record.command {
            "" => record.message.to_string(),
            command => format!("{command}: {}", record.message),
        })
    }
}

fn unshown(error: FormatError) -> Problem {
    Problem::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use bailiwick_objects::metadata::StreamKind;
    use bailiwick_objects::{Object, Value};

    use super::{message, record_line};

    #[test]
    fn a_record_is_one_line_with_its_stream() {
        assert_eq!(record_line(StreamKind::Warning, "1"), r#"{"stream":"warning","value":1}"#);
    }

    #[test]
    fn the_message_of_an_information_record_is_what_was_written() {
        let record =
            Value::Object(Object::custom([("MessageData", Value::from("hello")), ("Source", Value::Null)]));
        assert_eq!(message(&record), "hello");
        assert_eq!(message(&Value::Int32(4)), "4");
    }
}
