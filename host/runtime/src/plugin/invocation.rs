//! One invocation: a task of its own that feeds decided records to instances and hands out what they write. Queues
//! on both sides are bounded; dropping the handle asks the task to stop and, after a grace, cuts it.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_objects::metadata::StreamKind;
use bailiwick_objects::{ErrorCategory, ErrorRecord, Value, batch};
use tokio::sync::{mpsc, watch};
use wasmtime::component::ResourceAny;

use super::instance::{self, Instance};
use super::state::Link;
use crate::boundary::Boundary;
use crate::command::{Command, StopReason};
use crate::sandbox::Plugin;

/// Batches that wait between a plugin and the engine.
const WAITING: usize = 4;
/// How long a plugin may go on after it was asked to stop.
const GRACE: Duration = Duration::from_secs(1);

/// What an invocation says.
#[derive(Debug)]
pub(crate) enum Step {
    Records { stream: StreamKind, batch: Vec<u8> },
    WantsInput,
    Done(Option<Box<ErrorRecord>>),
}

/// One decided record, for the role that decided.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) role: Arc<str>,
    pub(crate) record: Vec<u8>,
}

/// The request to stop, shared by the handle, the task and the instance's imports.
#[derive(Debug, Default)]
pub(crate) struct Halt {
    requested: watch::Sender<bool>,
}

impl Halt {
    pub(crate) fn request(&self) {
        self.requested.send_replace(true);
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }

    pub(crate) async fn requested(&self) {
        let mut requested = self.requested.subscribe();
        // The sender lives in `self`: waiting can't fail.
        let _ = requested.wait_for(|requested| *requested).await;
    }
}

/// The engine's end of an invocation. Dropping it is a cooperative stop.
#[derive(Debug)]
pub(crate) struct Handle {
    feed: Option<mpsc::Sender<Feed>>,
    steps: mpsc::Receiver<Step>,
    halt: Arc<Halt>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.halt.request();
    }
}

impl Handle {
    /// Starts an invocation's task. No instance is made before its first record.
    pub(crate) fn start(
        boundary: Arc<Boundary>,
        command: Arc<Command>,
        plugin: Plugin,
        name: String,
    ) -> Self {
        let (feed, feeds) = mpsc::channel(1);
        let (steps, receiver) = mpsc::channel(WAITING);
        let halt = Arc::<Halt>::default();
        let executor = boundary.sandbox.executor().handle().clone();
        let task =
            Task { boundary, command, plugin, name, feeds, steps, halt: Arc::clone(&halt), used: Vec::new() };
        executor.spawn(task.run());
        Self { feed: Some(feed), steps: receiver, halt }
    }

    /// Hands over one record; the task has room for one.
    pub(crate) async fn feed(&mut self, feed: Feed) {
        if let Some(sender) = &self.feed {
            // A task that is gone says so by its last step.
            let _ = sender.send(feed).await;
        }
    }

    pub(crate) fn end_input(&mut self) {
        self.feed = None;
    }

    pub(crate) async fn next(&mut self) -> Step {
        self.steps.recv().await.unwrap_or(Step::Done(None))
    }
}

struct Task {
    boundary: Arc<Boundary>,
    command: Arc<Command>,
    plugin: Plugin,
    name: String,
    feeds: mpsc::Receiver<Feed>,
    steps: mpsc::Sender<Step>,
    halt: Arc<Halt>,
    /// The instances of this invocation, one a role, in the order of their first record.
    used: Vec<(Arc<str>, Instance, ResourceAny)>,
}

impl Task {
    async fn run(mut self) {
        let command = Arc::clone(&self.command);
        let halt = Arc::clone(&self.halt);
        let steps = self.steps.clone();
        let cut = async {
            tokio::select! {
                () = halt.requested() => {}
                _reason = command.stop_requested() => halt.request(),
            }
            tokio::time::sleep(GRACE).await;
        };
        let meter = Arc::clone(&command.meter);
        let at_limit = || command.stop(StopReason::CpuTime);
        let last = tokio::select! {
            worked = meter.run(Duration::ZERO, at_limit, self.work()) => match worked {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error),
                Err(_exhausted) => StopReason::CpuTime.error().map(Box::new),
            },
            () = cut => command.stop_reason().and_then(StopReason::error).map(Box::new),
        };
        // The engine may be waiting for this, or may be gone: both are right.
        let _ = steps.send(Step::Done(last)).await;
    }

    async fn work(&mut self) -> Result<(), Box<ErrorRecord>> {
        while let Some(feed) = self.feeds.recv().await {
            if self.halt.is_requested() {
                break;
            }
            let at = self.instance(&feed.role).await?;
            let Some((_, instance, resource)) = self.used.get_mut(at) else { break };
            let invocation = instance.bindings.bailiwick_guest_plugin().invocation();
            let processed = invocation.call_process(&mut instance.store, *resource, &feed.record).await;
            finish(self.plugin.name, instance, processed)?;
            if self.steps.send(Step::WantsInput).await.is_err() {
                break;
            }
        }
        for (role, mut instance, resource) in std::mem::take(&mut self.used) {
            if !self.halt.is_requested() {
                let invocation = instance.bindings.bailiwick_guest_plugin().invocation();
                let ended = invocation.call_end(&mut instance.store, resource).await;
                finish(self.plugin.name, &instance, ended)?;
            }
            if resource.resource_drop_async(&mut instance.store).await.is_ok() {
                self.boundary.warm.keep((Arc::clone(&self.plugin.digest), role), instance);
            }
        }
        Ok(())
    }

    /// Where the instance of a role stands in `used`; made or warmed up if it is not there yet.
    async fn instance(&mut self, role: &Arc<str>) -> Result<usize, Box<ErrorRecord>> {
        if let Some(at) = self.used.iter().position(|(used, ..)| used == role) {
            return Ok(at);
        }
        let key = (Arc::clone(&self.plugin.digest), Arc::clone(role));
        let mut instance = match self.boundary.warm.take(&key) {
            Some(instance) => instance,
            None => {
                let granted = self.boundary.granted.get(role).cloned().unwrap_or_default();
                let account = Arc::clone(&self.boundary.account);
                instance::start(&self.plugin, role, &granted, account, self.boundary.caller(role)).await?
            }
        };
        instance.store.data_mut().attach(Link { steps: self.steps.clone(), halt: Arc::clone(&self.halt) });
        let constructor = instance.bindings.bailiwick_guest_plugin().invocation();
        let made = constructor.call_constructor(&mut instance.store, &self.name).await;
        let resource = made.map_err(|error| trap(self.plugin.name, &instance, &error))?;
        self.used.push((Arc::clone(role), instance, resource));
        Ok(self.used.len() - 1)
    }
}

/// What a call into a plugin came to: a trap and a terminating error both end the invocation.
fn finish(
    plugin: &str,
    instance: &Instance,
    result: wasmtime::Result<Result<(), Vec<u8>>>,
) -> Result<(), Box<ErrorRecord>> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(bytes)) => Err(terminating(plugin, &bytes)),
        Err(error) => Err(trap(plugin, instance, &error)),
    }
}

/// The terminating error that a plugin returned.
fn terminating(plugin: &str, bytes: &[u8]) -> Box<ErrorRecord> {
    let decoded = batch::decode(bytes, &batch::Limits::default());
    match decoded.map(|mut values| (values.pop(), values.is_empty())) {
        Ok((Some(Value::Error(error)), true)) => error,
        _ => Box::new(bad_data(plugin)),
    }
}

fn trap(plugin: &str, instance: &Instance, error: &wasmtime::Error) -> Box<ErrorRecord> {
    tracing::warn!(plugin, error = %format!("{error:#}"), "a plugin trapped");
    if error.downcast_ref::<bailiwick_objects::DecodeError>().is_some() {
        return Box::new(bad_data(plugin));
    }
    Box::new(trapped(plugin, instance.store.data().wanted_memory()))
}

/// A plugin's instance ended abnormally. No backtrace: it is the operator's, in the log.
pub(crate) fn trapped(plugin: &str, wanted_memory: bool) -> ErrorRecord {
    if wanted_memory {
        let message = format!("plugin `{plugin}` needed more memory than this session may hold");
        return ErrorRecord::new("PluginMemoryExceeded", ErrorCategory::LimitsExceeded, message);
    }
    ErrorRecord::new(
        "PluginTrapped",
        ErrorCategory::InvalidResult,
        format!("plugin `{plugin}` failed and was ended; the session goes on"),
    )
}

fn bad_data(plugin: &str) -> ErrorRecord {
    ErrorRecord::new(
        "PluginBadData",
        ErrorCategory::InvalidData,
        format!("plugin `{plugin}` wrote objects that are not well formed, and was ended"),
    )
}
