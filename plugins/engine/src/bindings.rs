//! What `wit-bindgen` makes of the world `engine`, and the export of it. The export is the only unsafe code.

mod generated {
    wit_bindgen::generate!({
        path: "../../guest-sdk/wit",
        world: "engine",
    });
}

#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "the component model's raw ABI, as generated")]
mod exported {
    use crate::Engine;

    super::generated::export!(Engine with_types_in super::generated);
}

pub(crate) use generated::bailiwick::guest::{host, metadata};
pub(crate) use generated::exports::bailiwick::guest::{formatting, session};
