//! The worlds of `guest-sdk/wit`, as wasmtime's bindgen writes them. Conversions stand in `convert`.

/// The language engine's world.
pub(crate) mod engine {
    wasmtime::component::bindgen!({
        path: "../../guest-sdk/wit",
        world: "engine",
        imports: {
            default: async | trappable,
            "bailiwick:guest/host.stopping": trappable,
            "bailiwick:guest/host.lookup": trappable,
            "bailiwick:guest/host.commands": trappable,
            "bailiwick:guest/host.refused": trappable,
        },
        exports: { default: async },
        with: { "bailiwick:guest/host.running": crate::boundary::running::Running },
    });
}

/// A plugin's world.
pub(crate) mod plugin {
    wasmtime::component::bindgen!({
        path: "../../guest-sdk/wit",
        world: "plugin-world",
        imports: {
            default: async | trappable,
            "bailiwick:guest/streams.stopping": trappable,
            "bailiwick:guest/streams.take-reason": trappable,
        },
        exports: { default: async },
        with: { "bailiwick:guest/metadata": super::engine::bailiwick::guest::metadata },
    });
}
