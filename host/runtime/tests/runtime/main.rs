//! Sessions without a wire: the runtime through its public door, with real guests and real files.

mod limits;
mod plugins;
mod sessions;
mod support;
