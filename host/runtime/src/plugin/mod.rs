//! Plugins at work: the store of one (plugin, role), and the task that runs one invocation behind bounded queues.

pub(crate) mod instance;
pub(crate) mod invocation;
pub(crate) mod state;
