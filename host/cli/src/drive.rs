//! One command from its start to its end: shows its records, feeds its input, and ends it early when the user or the
//! time says so: first by asking, then by giving up on its session.

use std::time::Duration;

use bailiwick_objects::Value;
use bailiwick_runtime::Outcome;
use tokio::time::Instant;

use crate::exit::Problem;
use crate::interrupt::{Interrupts, Urgency};
use crate::output::note;
use crate::render::Renderer;
use crate::session::{Event, Events, Input};
use crate::stdin::Lines;

/// How long a command that was asked to stop because of its time has left.
const GRACE: Duration = Duration::from_secs(2);

/// How a command's run ended, seen from here.
#[derive(Debug)]
pub(crate) enum Ended {
    /// It said so itself.
    Finished(Outcome),
    /// It did not stop: its session must go.
    GivenUp(String),
}

/// Runs a command to its end. Input: where its lines come from, if it takes any.
///
/// # Errors
/// The session went away, nobody reads the output any more, or the input can't be read.
pub(crate) async fn run<E: Events>(
    mut events: E,
    renderer: &mut Renderer,
    interrupts: &mut Interrupts,
    timeout: Option<Duration>,
    lines: Option<Lines>,
) -> Result<Ended, Problem> {
    let feeding = feed(events.input(), lines);
    tokio::pin!(feeding);
    let mut fed = false;
    let mut stopping = Stopping::No;
    let far = Duration::from_secs(86_400 * 365);
    let alarm = tokio::time::sleep_until(Instant::now() + timeout.unwrap_or(far));
    tokio::pin!(alarm);
    loop {
        tokio::select! {
            biased;
            urgency = interrupts.next() => match (urgency, stopping) {
                (Urgency::Stop, Stopping::No) => {
                    events.stop();
                    stopping = Stopping::User;
                }
                _ => return Ok(Ended::GivenUp("the command was interrupted".to_owned())),
            },
            () = &mut alarm, if timeout.is_some() => {
                let after = Shown(timeout.unwrap_or_default());
                if stopping == Stopping::Time {
                    let text = format!("the command did not stop within {} of its {after}", Shown(GRACE));
                    return Ok(Ended::GivenUp(text));
                }
                note(&format!("the command has run for {after}: it is being stopped"));
                events.stop();
                stopping = Stopping::Time;
                alarm.as_mut().reset(Instant::now() + GRACE);
            }
            result = &mut feeding, if !fed => {
                fed = true;
                result?;
            }
            event = events.next() => match event? {
                Event::Records(stream, values) => renderer.records(stream, &values).await?,
                Event::Finished(outcome) => {
                    renderer.finished(&outcome).await?;
                    return Ok(Ended::Finished(outcome));
                }
            },
        }
    }
}

/// Whether the command was asked to stop, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stopping {
    No,
    User,
    Time,
}

/// A duration as people write it.
struct Shown(Duration);

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0.subsec_millis() {
            0 => write!(f, "{} s", self.0.as_secs()),
            _ => write!(f, "{} ms", self.0.as_millis()),
        }
    }
}

/// Sends lines into a command as strings until they or it end; then the input ends.
async fn feed<I: Input>(input: Option<I>, lines: Option<Lines>) -> Result<(), Problem> {
    let (Some(mut input), Some(mut lines)) = (input, lines) else { return Ok(()) };
    while let Some(lines) = lines.next().await? {
        let records: Vec<Value> = lines.into_iter().map(Value::from).collect();
        if !input.send(&records).await {
            break;
        }
    }
    input.end();
    Ok(())
}
