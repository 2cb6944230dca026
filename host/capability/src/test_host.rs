//! A host for the tests of capabilities: a store with the baseline and the capability's own data, under the engine
//! settings that matter to one (async calls, epochs).

use std::fmt;

use wasmtime::component::{Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::baseline;
use crate::reason::ReasonSlot;

/// What a store of the test host holds: the baseline, and `D`, the capability's own.
pub struct TestHost<D> {
    /// The capability's data.
    pub data: D,
    /// Every resource of the guest.
    pub table: ResourceTable,
    /// Where the capability leaves its reasons.
    pub reason: ReasonSlot,
    wasi: WasiCtx,
}

impl<D> fmt::Debug for TestHost<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestHost").finish_non_exhaustive()
    }
}

impl<D> TestHost<D> {
    /// A host around a capability's data, which gets the slot for its reasons.
    pub fn new(data: impl FnOnce(ReasonSlot) -> D) -> Self {
        let reason = ReasonSlot::new();
        Self { data: data(reason.clone()), table: baseline::table(), reason, wasi: baseline::context() }
    }

    /// The engine of the tests.
    ///
    /// # Errors
    /// The machine doesn't support it.
    pub fn engine() -> wasmtime::Result<Engine> {
        let mut config = Config::new();
        config.epoch_interruption(true);
        Engine::new(&config)
    }
}

impl<D: Send + 'static> TestHost<D> {
    /// A linker with the baseline.
    ///
    /// # Errors
    /// It can't be linked.
    pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<Self>> {
        let mut linker = Linker::new(engine);
        baseline::add_to_linker(&mut linker)?;
        Ok(linker)
    }

    /// A store of this host, which no epoch interrupts.
    pub fn into_store(self, engine: &Engine) -> Store<Self> {
        let mut store = Store::new(engine, self);
        store.set_epoch_deadline(u64::MAX / 2);
        store
    }
}

impl<D: Send> WasiView for TestHost<D> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
