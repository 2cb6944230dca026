//! What a plugin's store holds: the closed baseline, its role's grants, and a way out for its records.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick_capability::{Caller, ReasonSlot, baseline};
use bailiwick_drives::{DrivesCtx, DrivesParts, DrivesView};
use tokio::sync::mpsc;
use wasmtime::component::ResourceTable;
use wasmtime::{Engine, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::invocation::{Halt, Step};
use crate::account::{Account, Hold};
use crate::bindings::engine::bailiwick::guest::metadata;
use crate::bindings::plugin::bailiwick::guest::streams;
use crate::boundary::form;
use crate::convert;
use crate::roster::Granted;

/// Memory of an instance that only says what it provides: 32 MiB.
const DESCRIBE_MEMORY: u64 = 32 << 20;

/// The state of a plugin's store.
pub(crate) struct PluginState {
    wasi: WasiCtx,
    table: ResourceTable,
    drives: DrivesCtx,
    reason: ReasonSlot,
    hold: Hold,
    /// The invocation that runs now.
    link: Option<Link>,
}

/// Ties a store to the invocation that it runs.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) steps: mpsc::Sender<Step>,
    pub(crate) halt: Arc<Halt>,
}

impl PluginState {
    /// A store of one role's grants, charged to its session. What its capabilities refuse is recorded as the caller's.
    pub(crate) fn store(
        engine: &Engine,
        granted: &Granted,
        account: Arc<Account>,
        caller: Option<Caller>,
    ) -> Store<Self> {
        let reason = ReasonSlot::default();
        let drives = DrivesCtx::new(granted.drives.clone(), reason.clone());
        let drives = match caller {
            Some(caller) => drives.recorded(caller),
            None => drives,
        };
        let state = Self {
            wasi: baseline::context(),
            table: baseline::table(),
            drives,
            reason,
            hold: Hold::new(account),
            link: None,
        };
        let mut store = Store::new(engine, state);
        store.limiter(|state| &mut state.hold);
        store.set_epoch_deadline(1);
        store.epoch_deadline_async_yield_and_update(1);
        store
    }

    /// A store that holds nothing.
    pub(crate) fn ungranted(engine: &Engine) -> Store<Self> {
        Self::store(engine, &Granted::default(), Account::new(DESCRIBE_MEMORY), None)
    }

    pub(crate) fn attach(&mut self, link: Link) {
        self.link = Some(link);
    }

    pub(crate) fn detach(&mut self) {
        self.link = None;
    }

    /// True once it was refused memory.
    pub(crate) fn wanted_memory(&self) -> bool {
        self.hold.refused().load(Ordering::Relaxed)
    }
}

impl WasiView for PluginState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl DrivesView for PluginState {
    fn drives(&mut self) -> DrivesParts<'_> {
        DrivesParts { ctx: &mut self.drives, table: &mut self.table }
    }
}

impl metadata::Host for PluginState {}

impl streams::Host for PluginState {
    async fn emit(&mut self, stream: metadata::Stream, objects: Vec<u8>) -> wasmtime::Result<Result<(), ()>> {
        let Some(link) = &self.link else { return Ok(Err(())) };
        // Malformed output is the plugin's fault: it ends the instance and is reported as such.
        form::check(&objects)?;
        let step = Step::Records { stream: convert::stream_from(stream), batch: objects };
        let halt = Arc::clone(&link.halt);
        tokio::select! {
            biased;
            () = halt.requested() => Ok(Err(())),
            sent = link.steps.send(step) => Ok(sent.map_err(|_gone| ())),
        }
    }

    fn stopping(&mut self) -> wasmtime::Result<bool> {
        Ok(self.link.as_ref().is_none_or(|link| link.halt.is_requested()))
    }

    fn take_reason(&mut self) -> wasmtime::Result<Option<streams::Reason>> {
        Ok(self.reason.take().map(|reason| streams::Reason { error_id: reason.id, message: reason.message }))
    }
}
