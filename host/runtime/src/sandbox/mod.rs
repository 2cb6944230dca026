//! wasmtime as this host uses it: one engine, the compiled guests, what they say of themselves. Sessions are made
//! from it; it knows neither policy nor users.

mod cache;
mod config;
mod executor;
mod install;

use std::path::PathBuf;
use std::sync::Arc;

use bailiwick_guests::Bundled;
use bailiwick_objects::metadata::View;
use bailiwick_policy::Catalog;
use wasmtime::Engine;

pub(crate) use executor::Executor;
pub(crate) use install::{EnginePre, Plugin};

use crate::error::StartError;
use crate::formatter::Formatter;

/// How a sandbox is set up.
///
/// # Defaults
/// 1,000 instances: engines and warm plugins together. The bundled plugins only.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// Where compiled guests are kept: a folder of this host's own, made 0700.
    pub cache_dir: PathBuf,
    /// How many instances may live at a time. Each takes address space only until it is used.
    pub instances: u32,
    /// Plugins that are installed beside the bundled ones.
    pub plugins: Vec<Bundled>,
}

impl SandboxOptions {
    /// The defaults over a cache folder.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: cache_dir.into(), instances: 1_000, plugins: Vec::new() }
    }
}

/// wasmtime, compiled guests and the catalogue of installed commands. Cheap to clone.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    executor: Executor,
    language: EnginePre,
    plugins: Vec<Plugin>,
    catalog: Catalog,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").field("plugins", &self.inner.plugins).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Compiles the guests, or maps them from the cache, and asks the plugins what they provide.
    ///
    /// # Errors
    /// The cache folder can't be used, a guest does not compile or asks for what this host does not have.
    pub fn start(options: SandboxOptions) -> Result<Self, StartError> {
        let engine = Engine::new(&config::config(options.instances))
            .map_err(|source| StartError::Wasmtime { what: "the sandbox".to_owned(), source })?;
        let cache = cache::Cache::open(&options.cache_dir)?;
        let executor = Executor::start(&engine)?;
        let language = install::engine(&engine, &cache)?;
        let plugins = bailiwick_guests::PLUGINS
            .iter()
            .chain(&options.plugins)
            .map(|bundled| install::plugin(&engine, &cache, &executor, *bundled))
            .collect::<Result<Vec<_>, _>>()?;
        let modules = plugins.iter().map(|plugin| plugin.module.clone()).collect();
        let native = install::native_commands(&engine, &executor, language.clone())?;
        let catalog =
            Catalog::new(modules, native).map_err(|error| StartError::Catalog(error.to_string()))?;
        Ok(Self { inner: Arc::new(Inner { engine, executor, language, plugins, catalog }) })
    }

    /// The commands of all installed plugins.
    pub fn catalog(&self) -> &Catalog {
        &self.inner.catalog
    }

    /// The default views of all installed plugins.
    pub fn views(&self) -> Vec<View> {
        self.inner.plugins.iter().flat_map(|plugin| plugin.module.views.clone()).collect()
    }

    /// A formatter: an engine guest that turns objects into a console's text.
    ///
    /// # Errors
    /// The instance does not start.
    pub async fn formatter(&self, width: u32, views: &[View]) -> Result<Formatter, crate::FormatError> {
        Formatter::start(self, width, views).await
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.inner.executor
    }

    pub(crate) fn language(&self) -> &EnginePre {
        &self.inner.language
    }

    /// The plugin that provides a command.
    pub(crate) fn plugin_of(&self, command: &str) -> Option<&Plugin> {
        self.inner
            .plugins
            .iter()
            .find(|plugin| plugin.module.commands.iter().any(|c| c.name.eq_ignore_ascii_case(command)))
    }
}
