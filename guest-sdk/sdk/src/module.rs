//! A module: the cmdlets of one plugin, and how their output is shown.

use bailiwick_objects::metadata::{CommandInfo, ModuleInfo, View};

use crate::cmdlet::{Cmdlet, Run};
use crate::output::Sink;

/// The cmdlets of one plugin.
pub struct Module {
    name: String,
    version: String,
    cmdlets: Vec<Entry>,
    views: Vec<View>,
}

struct Entry {
    info: CommandInfo,
    make: fn() -> Box<dyn Cmdlet>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("name", &self.name)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl Module {
    /// A module without cmdlets.
    pub fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_owned(), version: version.to_owned(), cmdlets: Vec::new(), views: Vec::new() }
    }

    /// Adds a cmdlet.
    #[must_use]
    pub fn cmdlet<C: Cmdlet + 'static>(mut self) -> Self {
        let mut info = C::info();
        info.module.clone_from(&self.name);
        self.cmdlets.push(Entry { info, make: || Box::new(C::new()) });
        self
    }

    /// Says how objects of a type are shown when nobody chose a format.
    #[must_use]
    pub fn view(mut self, view: View) -> Self {
        self.views.push(view);
        self
    }

    /// What the module says of itself.
    pub fn info(&self) -> ModuleInfo {
        ModuleInfo {
            name: self.name.clone(),
            version: self.version.clone(),
            commands: self.cmdlets.iter().map(|entry| entry.info.clone()).collect(),
            views: self.views.clone(),
        }
    }

    /// A run of the cmdlet of this canonical name.
    pub(crate) fn start(&self, command: &str, sink: Box<dyn Sink>) -> Run {
        let entry = self.cmdlets.iter().find(|entry| entry.info.name == command);
        Run::new(entry.map(|entry| (entry.make)()), command, sink)
    }
}
