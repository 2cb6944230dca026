//! The interface `host` of the world `engine`. A failure that the engine may handle is a value; a host error would
//! end its store, and is kept for what only a broken engine can do.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick_audit::EventRecord;
use bailiwick_policy::LanguageMode;
use wasmtime::component::Resource;

use super::state::EngineState;
use crate::bindings::engine::bailiwick::guest::{host, metadata};
use crate::boundary::Boundary;
use crate::boundary::form;
use crate::boundary::running::{Running, encode_error};
use crate::command::Command;
use crate::convert;

/// Refusals of the engine that are recorded one by one for a command: past it, a hostile engine only fills the audit.
/// How many more there were is recorded when the command ends.
pub(crate) const REFUSALS: usize = 1_000;

impl EngineState {
    fn boundary(&self) -> wasmtime::Result<Arc<Boundary>> {
        self.session
            .clone()
            .ok_or_else(|| wasmtime::Error::msg("an engine that only formats called its host"))
    }

    fn command(&self) -> wasmtime::Result<Arc<Command>> {
        let current = self.current.as_ref();
        current
            .map(|current| Arc::clone(&current.command))
            .ok_or_else(|| wasmtime::Error::msg("the engine called its host outside of a command"))
    }
}

impl metadata::Host for EngineState {}

impl host::Host for EngineState {
    fn lookup(&mut self, name: String) -> wasmtime::Result<Option<metadata::Command>> {
        let boundary = self.boundary()?;
        Ok(boundary.authority.lookup(&name).as_ref().map(convert::command))
    }

    fn commands(&mut self) -> wasmtime::Result<Vec<metadata::Command>> {
        Ok(self.boundary()?.authority.commands().iter().map(convert::command).collect())
    }

    async fn invoke(
        &mut self,
        bound: host::BoundCommand,
    ) -> wasmtime::Result<Result<Resource<Running>, Vec<u8>>> {
        let (boundary, command) = (self.boundary()?, self.command()?);
        Ok(match Running::open(boundary, command, bound).await {
            Ok(running) => Ok(self.table.push(running)?),
            Err(refusal) => Err(refusal),
        })
    }

    fn refused(&mut self, kind: host::RefusalKind, name: String, error_id: String) -> wasmtime::Result<()> {
        let boundary = self.boundary()?;
        let Some(current) = &mut self.current else { return Ok(()) };
        let (word, is_policy) = match kind {
            host::RefusalKind::LanguageMode => ("language-mode", true),
            host::RefusalKind::UnknownCommand => ("unknown-command", true),
            host::RefusalKind::UnknownParameter => ("unknown-parameter", true),
            host::RefusalKind::Parse => ("parse", false),
            host::RefusalKind::Binding => ("binding", false),
        };
        // A misspelt name is the policy's "no" only where the policy limits the names there are.
        if is_policy && boundary.authority.endpoint().language != LanguageMode::Full {
            current.command.refused.store(true, Ordering::Relaxed);
        }
        current.refusals += 1;
        if current.refusals <= REFUSALS {
            boundary.engine_refused(word, &name, &error_id);
        }
        Ok(())
    }

    async fn emit(&mut self, stream: metadata::Stream, objects: Vec<u8>) -> wasmtime::Result<Result<(), ()>> {
        let command = self.command()?;
        form::check(&objects)?;
        Ok(command.emit(convert::stream_from(stream), objects).await.map_err(|_reason| ()))
    }

    async fn read_input(&mut self) -> wasmtime::Result<Result<Option<Vec<u8>>, ()>> {
        let command = self.command()?;
        let Some(input) = self.current.as_mut().and_then(|current| current.input.as_mut()) else {
            return Ok(Ok(None));
        };
        let waiting = command.wait();
        let received = tokio::select! {
            batch = input.recv() => Ok(batch),
            _reason = command.stop_requested() => Err(()),
        };
        drop(waiting);
        Ok(received)
    }

    fn stopping(&mut self) -> wasmtime::Result<bool> {
        Ok(self.current.as_ref().is_none_or(|current| current.command.stopping()))
    }
}

impl host::HostRunning for EngineState {
    async fn feed(&mut self, running: Resource<Running>, bound: Vec<u8>) -> wasmtime::Result<host::Fed> {
        Ok(self.table.get_mut(&running)?.feed(&bound).await)
    }

    async fn next(&mut self, running: Resource<Running>) -> wasmtime::Result<host::Step> {
        Ok(self.table.get_mut(&running)?.next().await)
    }

    async fn end_input(&mut self, running: Resource<Running>) -> wasmtime::Result<()> {
        self.table.get_mut(&running)?.end_input();
        Ok(())
    }

    async fn drop(&mut self, running: Resource<Running>) -> wasmtime::Result<()> {
        self.table.delete(running)?;
        Ok(())
    }
}

/// Records that a text is executed.
///
/// # Errors
/// The audit can't be written: nothing may run. A batch of one error record.
pub(crate) fn record_execute(boundary: &Boundary, text: &str) -> Result<u64, Vec<u8>> {
    let event: EventRecord = boundary.new_event("execute").with("text", text);
    boundary.event(event).map_err(|error| encode_error(*error))
}
