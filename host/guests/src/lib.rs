//! The guest components, built by this crate's build script and embedded here as WebAssembly.
//!
//! Nothing runs them here: `bailiwick-runtime` compiles them into its cache and instantiates them.
#![forbid(unsafe_code)]

/// The language engine, a component of the world `bailiwick:guest/engine`.
pub const ENGINE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/bailiwick_engine.wasm"));

/// A bundled plugin: a component of the world `bailiwick:guest/plugin-world`.
#[derive(Debug, Clone, Copy)]
pub struct Bundled {
    /// The name it is installed under.
    pub name: &'static str,
    /// The component's bytes.
    pub wasm: &'static [u8],
}

/// The plugins that every host has installed.
pub const PLUGINS: [Bundled; 1] =
    [Bundled { name: "items", wasm: include_bytes!(concat!(env!("OUT_DIR"), "/bailiwick_items.wasm")) }];

/// A plugin that misbehaves, for the tests of limits and traps.
#[cfg(feature = "test-guests")]
pub const MISBEHAVE: Bundled = Bundled {
    name: "misbehave",
    wasm: include_bytes!(concat!(env!("OUT_DIR"), "/bailiwick_misbehave.wasm")),
};
