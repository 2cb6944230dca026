//! The language engine as the host holds it: its store's state and the imports that the world `engine` names.

mod imports;
pub(crate) mod state;

pub(crate) use imports::{REFUSALS, record_execute};
