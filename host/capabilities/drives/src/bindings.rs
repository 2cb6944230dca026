//! The generated side of `wasi:filesystem`. Its WIT is WASI's own, in `wit/`.
#![expect(missing_docs, reason = "generated code: WASI's specification documents it")]

wasmtime::component::bindgen!({
    path: ["wit/io.wit", "wit/clocks.wit", "wit/filesystem.wit"],
    world: "wasi:filesystem/imports",
    imports: { default: async | trappable },
    trappable_error_type: { "wasi:filesystem/types.error-code" => crate::Failure },
    with: {
        "wasi:io": wasmtime_wasi_io::bindings::wasi::io,
        "wasi:clocks": wasmtime_wasi::p2::bindings::clocks,
        "wasi:filesystem/types.descriptor": crate::Descriptor,
        "wasi:filesystem/types.directory-entry-stream": crate::Listing,
    },
});

pub use wasi::filesystem::{preopens, types};
