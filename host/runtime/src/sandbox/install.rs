//! The installed guests: what each imports is checked against what this host has, and plugins are asked once, in an
//! instance without any grant, what they provide.

use std::sync::Arc;
use std::time::Duration;

use bailiwick_capability::baseline;
use bailiwick_guests::Bundled;
use bailiwick_objects::metadata::ModuleInfo;
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use super::cache::Cache;
use super::executor::Executor;
use crate::account::Account;
use crate::bindings;
use crate::convert;
use crate::engine::state::EngineState;
use crate::error::StartError;
use crate::meter::Meter;
use crate::plugin::state::PluginState;
use crate::roster;

pub(crate) type EnginePre = bindings::engine::EnginePre<EngineState>;

/// Memory of an engine that only names its commands: 64 MiB.
const DESCRIBE_MEMORY: u64 = 64 << 20;
/// CPU time that a guest may take to say what it provides.
const DESCRIBE_CPU: Duration = Duration::from_secs(2);
/// Interfaces of the worlds themselves.
const OWN_PACKAGE: &str = "bailiwick:guest/";

/// An installed plugin.
#[derive(Clone)]
pub(crate) struct Plugin {
    /// The name it is installed under.
    pub(crate) name: &'static str,
    /// SHA-256 of the component, in hex.
    pub(crate) digest: Arc<str>,
    pub(crate) module: ModuleInfo,
    /// Capability interfaces it imports, without version.
    pub(crate) needs: Vec<String>,
    pub(crate) pre: bindings::plugin::PluginWorldPre<PluginState>,
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Plugin")
            .field("name", &self.name)
            .field("digest", &self.digest)
            .finish_non_exhaustive()
    }
}

/// Prepares the language engine.
///
/// # Errors
/// It does not compile, or imports more than the baseline and its own interface.
pub(crate) fn engine(engine: &Engine, cache: &Cache) -> Result<EnginePre, StartError> {
    let fault = |source| StartError::Wasmtime { what: "the language engine".to_owned(), source };
    let component = cache.component(engine, bailiwick_guests::ENGINE).map_err(fault)?;
    if let Some(interface) = needs(engine, &component).into_iter().next() {
        return Err(StartError::UnknownInterface { plugin: "engine".to_owned(), interface });
    }
    let mut linker = Linker::<EngineState>::new(engine);
    baseline::add_to_linker(&mut linker).map_err(fault)?;
    bindings::engine::Engine::add_to_linker::<_, wasmtime::component::HasSelf<_>>(&mut linker, |state| state)
        .map_err(fault)?;
    linker.instantiate_pre(&component).and_then(EnginePre::new).map_err(fault)
}

/// Prepares a plugin and asks it what it provides.
///
/// # Errors
/// It does not compile, imports what no capability provides, or does not answer.
pub(crate) fn plugin(
    engine: &Engine,
    cache: &Cache,
    executor: &Executor,
    bundled: Bundled,
) -> Result<Plugin, StartError> {
    let fault = |source| StartError::Wasmtime { what: format!("plugin `{}`", bundled.name), source };
    let component = cache.component(engine, bundled.wasm).map_err(fault)?;
    let needs = needs(engine, &component);
    if let Some(interface) = needs.iter().find(|interface| !roster::provides(interface)) {
        return Err(StartError::UnknownInterface {
            plugin: bundled.name.to_owned(),
            interface: interface.clone(),
        });
    }
    let mut linker = Linker::<PluginState>::new(engine);
    baseline::add_to_linker(&mut linker).map_err(fault)?;
    roster::add_to_linker(&mut linker).map_err(fault)?;
    bindings::plugin::PluginWorld::add_to_linker::<_, wasmtime::component::HasSelf<_>>(
        &mut linker,
        |state| state,
    )
    .map_err(fault)?;
    let pre =
        linker.instantiate_pre(&component).and_then(bindings::plugin::PluginWorldPre::new).map_err(fault)?;
    let module = describe(engine, executor, pre.clone()).map_err(fault)?;
    let digest = Arc::from(hex::encode(Sha256::digest(bundled.wasm)));
    Ok(Plugin { name: bundled.name, digest, module, needs, pre })
}

/// The interfaces that a component imports beyond the baseline and the guest package, without their versions.
fn needs(engine: &Engine, component: &Component) -> Vec<String> {
    component
        .component_type()
        .imports(engine)
        .map(|(name, _)| name.split('@').next().unwrap_or(name).to_owned())
        .filter(|name| !name.starts_with(OWN_PACKAGE) && !baseline::interfaces().contains(&name.as_str()))
        .collect()
}

/// Asks a plugin what it provides, in an instance that holds nothing.
fn describe(
    engine: &Engine,
    executor: &Executor,
    pre: bindings::plugin::PluginWorldPre<PluginState>,
) -> wasmtime::Result<ModuleInfo> {
    let engine = engine.clone();
    let task = executor.handle().spawn(async move {
        let mut store = PluginState::ungranted(&engine);
        let meter = Meter::new(DESCRIBE_CPU);
        let described = meter
            .run(Duration::ZERO, || (), async {
                let plugin = pre.instantiate_async(&mut store).await?;
                plugin.bailiwick_guest_plugin().call_describe(&mut store).await
            })
            .await;
        described.map_err(|_exhausted| wasmtime::Error::msg("it took too long to say what it provides"))?
    });
    let info = wait(task)??;
    Ok(convert::module_info(info))
}

/// Asks the engine which commands are its own.
///
/// # Errors
/// It does not answer.
pub(crate) fn native_commands(
    engine: &Engine,
    executor: &Executor,
    pre: EnginePre,
) -> Result<Vec<String>, StartError> {
    let engine = engine.clone();
    let task = executor.handle().spawn(async move {
        let mut store = EngineState::store(&engine, None, Account::new(DESCRIBE_MEMORY));
        let answered = Meter::new(DESCRIBE_CPU)
            .run(Duration::ZERO, || (), async {
                let language = pre.instantiate_async(&mut store).await?;
                language.bailiwick_guest_session().call_native_commands(&mut store).await
            })
            .await;
        answered.map_err(|_exhausted| wasmtime::Error::msg("it took too long to name its commands"))?
    });
    let fault = |source| StartError::Wasmtime { what: "the language engine".to_owned(), source };
    wait(task).and_then(|answered| answered).map_err(fault)
}

/// Waits for a task of the guests' executor from outside of it.
fn wait<T: Send + 'static>(task: tokio::task::JoinHandle<T>) -> wasmtime::Result<T> {
    // Start-up may happen inside another runtime's thread, where blocking on a future is refused: a plain channel
    // and a thread of its own work everywhere.
    std::thread::scope(|scope| {
        scope
            .spawn(|| futures::executor::block_on(task))
            .join()
            .map_err(|_panic| wasmtime::Error::msg("the guests' executor failed"))?
            .map_err(|error| wasmtime::Error::msg(error.to_string()))
    })
}
