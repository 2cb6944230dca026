//! What an engine's store holds. An engine has no capability: the closed baseline, and the way to its session.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick_capability::baseline;
use tokio::sync::mpsc;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::account::{Account, Hold};
use crate::boundary::Boundary;
use crate::command::Command;

/// The state of an engine's store.
pub(crate) struct EngineState {
    wasi: WasiCtx,
    pub(super) table: ResourceTable,
    hold: Hold,
    /// None in an engine that only formats.
    pub(super) session: Option<Arc<Boundary>>,
    /// What runs now.
    pub(super) current: Option<Current>,
}

/// The command that an engine executes.
pub(crate) struct Current {
    pub(crate) command: Arc<Command>,
    /// The client's records, if it feeds any.
    pub(crate) input: Option<mpsc::Receiver<Vec<u8>>>,
    /// How much the engine has refused so far by itself.
    pub(crate) refusals: usize,
}

impl EngineState {
    /// A store for an engine, charged to its session's account.
    pub(crate) fn store(
        engine: &Engine,
        session: Option<Arc<Boundary>>,
        account: Arc<Account>,
    ) -> Store<Self> {
        let wasi = baseline::context();
        let state = Self { wasi, table: baseline::table(), hold: Hold::new(account), session, current: None };
        let mut store = Store::new(engine, state);
        store.limiter(|state| &mut state.hold);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        store
    }

    pub(crate) fn begin(&mut self, current: Current) {
        self.current = Some(current);
    }

    /// Ends the command; gives how much the engine refused in it by itself.
    pub(crate) fn finish(&mut self) -> usize {
        self.current.take().map_or(0, |current| current.refusals)
    }

    /// True once it was refused memory.
    pub(crate) fn wanted_memory(&self) -> bool {
        self.hold.refused().load(Ordering::Relaxed)
    }
}

impl WasiView for EngineState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}
