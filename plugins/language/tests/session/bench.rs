//! A host made of a table of commands, and a session on it: one line of script in, output and error ids out.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use bailiwick_language::host::{BoundCommand, Fed, Host, RefusalKind, Running, Step, Stopping};
use bailiwick_language::session::{
    CommandText, Configuration, CoreCommands, Drive, LanguageMode, Outcome, Session, Status,
};
use bailiwick_objects::metadata::{CommandInfo, ParameterInfo, StreamKind, ValueType};
use bailiwick_objects::{ErrorCategory, ErrorRecord, Hashtable, Object, Refusal, Value};

/// What the host saw, shared with what runs.
#[derive(Default)]
pub(crate) struct Seen {
    /// `Name {Parameter=value; …}` of each invocation, then of each record fed.
    pub(crate) calls: Vec<String>,
    /// `Kind name id`.
    pub(crate) refused: Vec<String>,
    /// In order: `out 1`, `error Id`, `fed web-a`, `next`, `dropped Name`.
    pub(crate) events: Vec<String>,
}

pub(crate) struct FakeHost {
    pub(crate) commands: Vec<Rc<CommandInfo>>,
    pub(crate) seen: Rc<RefCell<Seen>>,
    pub(crate) emitted: Vec<(StreamKind, Value)>,
    pub(crate) input: VecDeque<Vec<Value>>,
    /// Polls of the stop flag until it is set.
    pub(crate) stop_after: Option<u32>,
}

impl FakeHost {
    pub(crate) fn new() -> Self {
        Self {
            commands: commands(),
            seen: Rc::default(),
            emitted: Vec::new(),
            input: VecDeque::new(),
            stop_after: None,
        }
    }
}

fn text(name: &str) -> ParameterInfo {
    ParameterInfo::new(name, ValueType::Text)
}

fn command(name: &str, module: &str, parameters: Vec<ParameterInfo>) -> Rc<CommandInfo> {
    Rc::new(CommandInfo {
        name: name.into(),
        module: module.into(),
        aliases: Vec::new(),
        parameters,
        default_set: String::new(),
        output_types: Vec::new(),
        synopsis: format!("Does {name}."),
        description: String::new(),
        examples: Vec::new(),
        common_parameters: vec!["ErrorAction".into(), "Verbose".into()],
    })
}

/// `Get-Service`, `Restart-Service` and a few with paths: `web-c` is refused, as a policy would.
fn commands() -> Vec<Rc<CommandInfo>> {
    let name = || {
        let mut p = text("Name");
        p.aliases = vec!["ServiceName".into(), "SN".into()];
        p.collection = true;
        p.position = Some(0);
        p.by_value = true;
        p.by_property_name = true;
        p
    };
    let mandatory = || {
        let mut p = name();
        p.mandatory = true;
        p
    };
    let path = || {
        let mut p = text("Path");
        p.position = Some(0);
        p.collection = true;
        p.by_property_name = true;
        p.by_value = true;
        p.path = true;
        p
    };
    let mut report: Vec<ParameterInfo> = [
        ("Count", ValueType::Int32),
        ("Long", ValueType::Int64),
        ("Ratio", ValueType::Double),
        ("Flag", ValueType::Boolean),
        ("Label", ValueType::Text),
        ("Since", ValueType::DateTime),
        ("Span", ValueType::TimeSpan),
        ("Table", ValueType::Hashtable),
        ("Filter", ValueType::ScriptBlock),
        ("Thing", ValueType::Object),
        ("Anything", ValueType::Any),
        ("Force", ValueType::Switch),
    ]
    .into_iter()
    .map(|(name, of)| ParameterInfo::new(name, of))
    .collect();
    report.push({
        let mut p = text("Side");
        p.one_of = vec!["blue".into(), "green".into()];
        p
    });
    let mut test_path = vec![text("LiteralPath"), text("PathType")];
    if let Some(p) = test_path.first_mut() {
        p.path = true;
    }
    vec![
        command("Get-Content", "items", vec![path()]),
        command("Get-Service", "services", vec![name()]),
        command("Invoke-Report", "report", report),
        command("Restart-Service", "services", vec![mandatory(), text("Notes")]),
        command("Test-Path", "items", test_path),
    ]
}

impl Host for FakeHost {
    fn lookup(&mut self, name: &str) -> Option<Rc<CommandInfo>> {
        self.commands
            .iter()
            .find(|c| {
                c.name.eq_ignore_ascii_case(name) || c.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
            })
            .cloned()
    }

    fn commands(&mut self) -> Vec<Rc<CommandInfo>> {
        self.commands.clone()
    }

    fn invoke(&mut self, call: BoundCommand) -> Result<Box<dyn Running>, Box<ErrorRecord>> {
        let mut seen = self.seen.borrow_mut();
        let shown = format!("{} {}", call.name, table(&call.arguments));
        seen.events.push(format!("invoke {}", call.name));
        if shown.contains("web-c") {
            seen.calls.push(format!("refused {shown}"));
            return Err(Box::new(refusal()));
        }
        seen.calls.push(shown);
        drop(seen);
        let waiting = if call.pipeline_input { VecDeque::new() } else { answer(&call.name, &call.arguments) };
        Ok(Box::new(FakeRunning {
            name: call.name,
            line: call.arguments,
            waiting,
            ended: !call.pipeline_input,
            seen: Rc::clone(&self.seen),
        }))
    }

    fn refused(&mut self, kind: RefusalKind, name: &str, error_id: &str) {
        self.seen.borrow_mut().refused.push(format!("{kind:?} {name} {error_id}"));
    }

    fn emit(&mut self, stream: StreamKind, values: &[Value]) -> Result<(), Stopping> {
        for value in values {
            self.seen.borrow_mut().events.push(format!("{} {}", stream.name(), show(value)));
            self.emitted.push((stream, value.clone()));
        }
        Ok(())
    }

    fn read_input(&mut self) -> Result<Option<Vec<Value>>, Stopping> {
        self.seen.borrow_mut().events.push("read".into());
        Ok(self.input.pop_front())
    }

    fn stopping(&mut self) -> bool {
        match &mut self.stop_after {
            Some(0) => true,
            Some(n) => {
                *n -= 1;
                false
            }
            None => false,
        }
    }
}

fn refusal() -> ErrorRecord {
    let mut record = ErrorRecord::new(
        "ParameterArgumentValidationError",
        ErrorCategory::PermissionDenied,
        "`web-c` is not one of the values that may be given",
    );
    record.refusal = Some(Refusal { rule: "role web-restart, parameter Name (one_of)".into() });
    record.help = "use one of web-a, web-b".into();
    record
}

fn answer(name: &str, arguments: &Hashtable) -> VecDeque<(StreamKind, Value)> {
    let names = match arguments.get("Name").or_else(|| arguments.get("Path")) {
        Some(Value::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => vec![Value::from("web-a"), Value::from("web-b")],
    };
    match name {
        "Get-Service" => names
            .iter()
            .map(|n| {
                let status = if show(n) == "web-a" { "Running" } else { "Stopped" };
                let properties = [("Name", n.clone()), ("Status", Value::from(status))];
                (
                    StreamKind::Output,
                    Value::Object(Object::new("System.ServiceProcess.ServiceController", properties)),
                )
            })
            .collect(),
        "Get-Content" => {
            let mut out: VecDeque<_> = names
                .iter()
                .map(|n| (StreamKind::Output, Value::from(format!("line of {}", show(n)))))
                .collect();
            if names.iter().any(|n| show(n).contains("missing")) {
                out.clear();
                let record =
                    ErrorRecord::new("PathNotFound", ErrorCategory::ObjectNotFound, "there is no such item");
                out.push_back((StreamKind::Error, Value::Error(Box::new(record))));
            }
            out
        }
        "Test-Path" => {
            let path = arguments.get("LiteralPath").map(show).unwrap_or_default();
            let found = !path.contains("missing");
            VecDeque::from([(StreamKind::Output, Value::Bool(found))])
        }
        _ => VecDeque::new(),
    }
}

struct FakeRunning {
    name: String,
    line: Hashtable,
    waiting: VecDeque<(StreamKind, Value)>,
    ended: bool,
    seen: Rc<RefCell<Seen>>,
}

impl Running for FakeRunning {
    fn feed(&mut self, bound: &Hashtable) -> Fed {
        let mut all = self.line.clone();
        all.entries.extend(bound.entries.clone());
        let shown = table(&all);
        self.seen.borrow_mut().events.push(format!("fed {shown}"));
        if shown.contains("web-c") {
            return Fed::Refused(Box::new(refusal()));
        }
        self.seen.borrow_mut().calls.push(format!("{} fed {shown}", self.name));
        self.waiting.extend(answer(&self.name, &all));
        Fed::Taken
    }

    fn next(&mut self) -> Step {
        match self.waiting.pop_front() {
            Some((kind, value)) => Step::Records(kind, vec![value]),
            None if self.ended => Step::Done(None),
            None => Step::WantsInput,
        }
    }

    fn end_input(&mut self) {
        self.ended = true;
    }
}

impl Drop for FakeRunning {
    fn drop(&mut self) {
        self.seen.borrow_mut().events.push(format!("dropped {}", self.name));
    }
}

/// A value as the tests write it.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => if *b { "True" } else { "False" }.into(),
        Value::Int32(n) => n.to_string(),
        Value::Int64(n) => format!("{n}L"),
        Value::Double(d) => format!("{d:?}"),
        Value::Decimal(d) => format!("{d}d"),
        Value::BigInt(n) => format!("{n}n"),
        Value::Char(c) => format!("'{c}'"),
        Value::String(s) => s.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Hashtable(t) => table(t),
        Value::ScriptBlock(text) => format!("block({text})"),
        Value::Error(record) => record.id.to_string(),
        Value::Object(object) => {
            let parts: Vec<String> = object
                .shape
                .properties
                .iter()
                .zip(&object.values)
                .map(|(n, v)| format!("{n}={}", show(v)))
                .collect();
            format!("@{{{}}}", parts.join("; "))
        }
        other => format!("{other:?}"),
    }
}

fn table(table: &Hashtable) -> String {
    let parts: Vec<String> = table.entries.iter().map(|(k, v)| format!("{}={}", show(k), show(v))).collect();
    format!("{{{}}}", parts.join("; "))
}

/// A session on a fake host.
pub(crate) struct Bench {
    pub(crate) session: Session,
    pub(crate) host: FakeHost,
}

pub(crate) fn configuration(mode: LanguageMode) -> Configuration {
    Configuration {
        endpoint: "bench".into(),
        user: "alice".into(),
        computer: "box".into(),
        mode,
        core: CoreCommands::Standard,
        drives: vec![
            Drive { name: "Logs".into(), writable: false, description: "logs".into() },
            Drive { name: "User".into(), writable: true, description: "hers".into() },
        ],
        location: "Logs:/".into(),
        width: 80,
        views: Vec::new(),
    }
}

impl Bench {
    pub(crate) fn new(mode: LanguageMode) -> Self {
        Self::of(configuration(mode))
    }

    pub(crate) fn of(configuration: Configuration) -> Self {
        Self { session: Session::new(configuration).unwrap(), host: FakeHost::new() }
    }

    pub(crate) fn full() -> Self {
        Self::new(LanguageMode::Full)
    }

    pub(crate) fn no_language() -> Self {
        Self::new(LanguageMode::No)
    }

    pub(crate) fn execute(&mut self, text: &str) -> Outcome {
        self.host.emitted.clear();
        let command =
            CommandText { text: text.into(), arguments: Vec::new(), has_input: !self.host.input.is_empty() };
        self.session.execute(&mut self.host, &command)
    }

    /// The output of a text, values joined by blanks; then error ids behind `!`, other streams behind their name.
    pub(crate) fn run(&mut self, text: &str) -> String {
        let outcome = self.execute(text);
        let mut parts: Vec<String> = Vec::new();
        for (kind, value) in &self.host.emitted {
            parts.push(match kind {
                StreamKind::Output => show(value),
                StreamKind::Error => format!("!{}", show(value)),
                other => format!("{}:{}", other.name(), show(value)),
            });
        }
        if outcome.status == Status::Stopped {
            parts.push("stopped".into());
        }
        parts.join(" ")
    }

    pub(crate) fn errors(&self) -> Vec<ErrorRecord> {
        let error = |(kind, value): &(StreamKind, Value)| match (kind, value) {
            (StreamKind::Error, Value::Error(record)) => Some((**record).clone()),
            _ => None,
        };
        self.host.emitted.iter().filter_map(error).collect()
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.host.seen.borrow_mut().calls)
    }

    pub(crate) fn refused(&self) -> Vec<String> {
        std::mem::take(&mut self.host.seen.borrow_mut().refused)
    }

    pub(crate) fn events(&self) -> Vec<String> {
        std::mem::take(&mut self.host.seen.borrow_mut().events)
    }
}

/// One line in a fresh session with full language.
pub(crate) fn full(text: &str) -> String {
    Bench::full().run(text)
}

/// One line in a fresh session without language.
pub(crate) fn no(text: &str) -> String {
    Bench::no_language().run(text)
}
