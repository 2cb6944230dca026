//! What is recorded: one decision for each attempt, one outcome for each command that ran, and events.
//!
//! Plain data in the caller's words. How it becomes a line, and what is masked or shortened then, is `render`'s.

use bailiwick_objects::{Hashtable, Value};

/// One thing to record.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// An attempt was allowed or denied.
    Decision(DecisionRecord),
    /// A command ended.
    Outcome(OutcomeRecord),
    /// Anything else: authentication, sessions, policies, each `execute`, failed look-ups, lost counts.
    Event(EventRecord),
}

/// Who, where and under which policy. Empty where it isn't known yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The subject's key in `users.toml`.
    pub user: String,
    /// The subject's opaque id.
    pub user_id: String,
    /// The session's id.
    pub session: String,
    /// The endpoint's name.
    pub endpoint: String,
    /// Digest of the policy files that decided.
    pub policy: String,
}

/// Who came to a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The host, at its boundary.
    Host,
    /// The engine refused by itself (language mode, parse error, unknown command) and told the host.
    Engine,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may run.
    Allow,
    /// It may not.
    Deny,
}

/// The rule that decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// The file, relative to the policy folder.
    pub file: String,
    /// Its line, counted from 1.
    pub line: u32,
    /// What it says it about, for example `role log-reader, Get-Content, parameter Path`.
    pub key: String,
}

/// One attempt and what was decided about it.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionRecord {
    /// Who, where, under which policy.
    pub context: Context,
    /// Who decided.
    pub source: Source,
    /// What was decided.
    pub verdict: Verdict,
    /// The command's text as it was typed, as far as it is known.
    pub typed: String,
    /// The command's canonical name (as given, if it has none).
    pub command: String,
    /// The bound arguments that were judged; canonical if allowed.
    pub arguments: Hashtable,
    /// The role whose grant decided.
    pub role: Option<String>,
    /// Why it was denied, one word.
    pub reason: Option<String>,
    /// The rule that decided.
    pub rule: Option<Rule>,
    /// Groups the records of one invocation: the sequence number of its first decision.
    pub invocation: Option<u64>,
}

impl DecisionRecord {
    /// A decision of the host with nothing but its verdict, command and arguments.
    pub fn new(context: Context, verdict: Verdict, command: impl Into<String>, arguments: Hashtable) -> Self {
        Self {
            context,
            source: Source::Host,
            verdict,
            typed: String::new(),
            command: command.into(),
            arguments,
            role: None,
            reason: None,
            rule: None,
            invocation: None,
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutcomeRecord {
    /// Who, where, under which policy.
    pub context: Context,
    /// Sequence number of the decision (or `execute` event) that this is the outcome of.
    pub of: Option<u64>,
    /// The command's canonical name, or the text that was executed.
    pub command: String,
    /// `completed`, `failed`, `stopped` or another word of the caller's.
    pub status: String,
    /// The error's id, if it failed.
    pub error: Option<String>,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// Records it wrote to its output.
    pub output: u64,
    /// Native commands that ran within it.
    pub native: u64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Who, where, under which policy.
    pub context: Context,
    /// What, for example `session-created`.
    pub name: String,
    /// The particulars, in order.
    pub details: Vec<(String, Value)>,
}

impl EventRecord {
    /// An event without particulars.
    pub fn new(context: Context, name: impl Into<String>) -> Self {
        Self { context, name: name.into(), details: Vec::new() }
    }

    /// Adds a particular.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.details.push((name.into(), value.into()));
        self
    }
}
