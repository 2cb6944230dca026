//! Text for a console, made by an engine guest in this process: what a client shows is computed in a sandbox too.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_objects::metadata::View;
use bailiwick_objects::{ErrorRecord, Value, batch};
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use crate::account::Account;
use crate::bindings::engine::Engine;
use crate::boundary::running::encode_error;
use crate::convert;
use crate::engine::state::EngineState;
use crate::error::FormatError;
use crate::meter::Meter;
use crate::sandbox::Sandbox;

/// Memory of a formatter: 128 MiB.
const MEMORY: u64 = 128 << 20;
/// CPU time of one call: a batch is small.
const CALL_CPU: Duration = Duration::from_secs(5);

/// Turns objects into the text that a console shows, batch by batch.
pub struct Formatter {
    store: Store<EngineState>,
    engine: Engine,
    resource: ResourceAny,
    width: u32,
    views: Vec<View>,
}

impl std::fmt::Debug for Formatter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Formatter").field("width", &self.width).finish_non_exhaustive()
    }
}

impl Formatter {
    pub(crate) async fn start(sandbox: &Sandbox, width: u32, views: &[View]) -> Result<Self, FormatError> {
        let mut store = EngineState::store(sandbox.engine(), None, Account::new(MEMORY));
        let views = views.to_vec();
        let started = guarded(async {
            let engine = sandbox.language().instantiate_async(&mut store).await?;
            let resource = construct(&engine, &mut store, width, &views).await?;
            Ok((engine, resource))
        });
        let (engine, resource) = started.await?;
        Ok(Self { store, engine, resource, width, views })
    }

    /// The text of some values, as far as it can be told yet.
    ///
    /// # Errors
    /// The instance ended, or the objects are malformed.
    pub async fn push(&mut self, values: &[Value]) -> Result<String, FormatError> {
        let objects = batch::encode(values);
        let formatter = self.engine.bailiwick_guest_formatting().formatter();
        let pushed = guarded(formatter.call_push(&mut self.store, self.resource, &objects)).await?;
        pushed.map_err(FormatError::Objects)
    }

    /// The rest; the formatter then begins anew.
    ///
    /// # Errors
    /// The instance ended.
    pub async fn finish(&mut self) -> Result<String, FormatError> {
        let Self { store, engine, resource, width, views } = self;
        let guest = engine.bailiwick_guest_formatting();
        guarded(async {
            let rest = guest.formatter().call_finish(&mut *store, *resource).await?;
            resource.resource_drop_async(&mut *store).await?;
            *resource = construct(engine, store, *width, views).await?;
            Ok(rest)
        })
        .await
    }

    /// The text of an error record.
    ///
    /// # Errors
    /// The instance ended, or the record can't be shown.
    pub async fn error_text(&mut self, error: &ErrorRecord) -> Result<String, FormatError> {
        let objects = encode_error(error.clone());
        let guest = self.engine.bailiwick_guest_formatting();
        let text = guarded(guest.call_error_text(&mut self.store, &objects, self.width)).await?;
        text.map_err(FormatError::Objects)
    }
}

async fn construct(
    engine: &Engine,
    store: &mut Store<EngineState>,
    width: u32,
    views: &[View],
) -> wasmtime::Result<ResourceAny> {
    let views: Vec<_> = views.iter().map(convert::view).collect();
    engine.bailiwick_guest_formatting().formatter().call_constructor(store, width, &views).await
}

/// Runs a call under its CPU limit.
async fn guarded<T>(call: impl Future<Output = wasmtime::Result<T>>) -> Result<T, FormatError> {
    let meter: Arc<Meter> = Meter::new(CALL_CPU);
    match meter.run(Duration::ZERO, || (), call).await {
        Ok(result) => result.map_err(FormatError::Instance),
        Err(_exhausted) => Err(FormatError::Instance(wasmtime::Error::msg("it took too long"))),
    }
}
