//! One instance of a plugin for one role, and the few that a session keeps warm.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bailiwick_capability::Caller;
use bailiwick_objects::{ErrorCategory, ErrorRecord};
use wasmtime::Store;

use super::state::PluginState;
use crate::account::Account;
use crate::bindings::plugin::PluginWorld;
use crate::roster::Granted;
use crate::sandbox::Plugin;

/// A plugin's instance with the grants of one role.
pub(crate) struct Instance {
    pub(crate) store: Store<PluginState>,
    pub(crate) bindings: PluginWorld,
}

/// Which instance: the plugin's digest and the role.
pub(crate) type Key = (Arc<str>, Arc<str>);

/// The idle instances of a session. Only those that returned orderly come back here: a trapped, cut or timed-out
/// one is never used again.
#[derive(Default)]
pub(crate) struct Warm {
    idle: Mutex<HashMap<Key, Instance>>,
}

impl Warm {
    pub(crate) fn take(&self, key: &Key) -> Option<Instance> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).remove(key)
    }

    pub(crate) fn keep(&self, key: Key, mut instance: Instance) {
        instance.store.data_mut().detach();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).insert(key, instance);
    }

    pub(crate) fn clear(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Makes an instance.
///
/// # Errors
/// The role does not grant what the plugin imports (an error record), or the instance does not start.
pub(crate) async fn start(
    plugin: &Plugin,
    role: &str,
    granted: &Granted,
    account: Arc<Account>,
    caller: Caller,
) -> Result<Instance, Box<ErrorRecord>> {
    if let Some(interface) = plugin.needs.iter().find(|interface| !granted.provides(interface)) {
        return Err(Box::new(ErrorRecord::new(
            "PluginRefused",
            ErrorCategory::PermissionDenied,
            format!("plugin `{}` needs `{interface}`, and role `{role}` grants nothing of it", plugin.name),
        )));
    }
    let mut store = PluginState::store(plugin.pre.engine(), granted, account, Some(caller));
    let bindings = plugin.pre.instantiate_async(&mut store).await.map_err(|error| {
        tracing::warn!(plugin = plugin.name, %error, "a plugin's instance did not start");
        Box::new(super::invocation::trapped(plugin.name, store.data().wanted_memory()))
    })?;
    Ok(Instance { store, bindings })
}
