//! The commands that are installed: what policies may name, and what bound records are checked against.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick_objects::metadata::{COMMON_PARAMETERS, CommandInfo, ModuleInfo};

/// The installed commands. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalog {
    modules: Arc<[ModuleInfo]>,
    /// Canonical names and aliases, in lower case.
    names: Arc<BTreeMap<String, Arc<CommandInfo>>>,
    /// Native commands in lower case, with their canonical names.
    native: Arc<BTreeMap<String, String>>,
}

/// Why modules cannot stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// Two commands answer to one name.
    #[error("`{name}` of module `{module}` is also a name of `{other}`: remove one of the modules")]
    DuplicateName {
        /// The name.
        name: String,
        /// Whose.
        module: String,
        /// The command that has it already.
        other: String,
    },
    /// A command or parameter has a name that a policy could not write or a user could not tell apart.
    #[error(
        "`{name}` of module `{module}` is not a name: use ASCII letters and digits, `-`, `_` and a letter first"
    )]
    BadName {
        /// The name.
        name: String,
        /// Whose.
        module: String,
    },
    /// Two parameters of a command answer to one name, or one to a common parameter's.
    #[error("the command `{command}` has two parameters that answer to `{name}`: its module is faulty")]
    DuplicateParameter {
        /// The command.
        command: String,
        /// The name.
        name: String,
    },
}

impl Catalog {
    /// A catalog of modules and of the engine's native commands.
    ///
    /// # Errors
    /// Names that clash or are none.
    pub fn new(modules: Vec<ModuleInfo>, native: Vec<String>) -> Result<Self, CatalogError> {
        let native: BTreeMap<_, _> =
            native.into_iter().map(|name| (name.to_ascii_lowercase(), name)).collect();
        let mut names: BTreeMap<String, Arc<CommandInfo>> = BTreeMap::new();
        for module in &modules {
            for command in &module.commands {
                check_parameters(command, &module.name)?;
                let info = Arc::new(command.clone());
                for name in std::iter::once(&command.name).chain(&command.aliases) {
                    require_name(name, &module.name)?;
                    let key = name.to_ascii_lowercase();
                    let other =
                        native.get(&key).cloned().or_else(|| names.get(&key).map(|info| info.name.clone()));
                    if let Some(other) = other {
                        return Err(CatalogError::DuplicateName {
                            name: name.clone(),
                            module: module.name.clone(),
                            other,
                        });
                    }
                    names.insert(key, Arc::clone(&info));
                }
            }
        }
        Ok(Self { modules: modules.into(), names: Arc::new(names), native: Arc::new(native) })
    }

    /// The command of this canonical name or alias, compared without ASCII case.
    pub fn command(&self, name: &str) -> Option<&CommandInfo> {
        self.shared(name).map(|info| &**info)
    }

    /// The installed modules.
    pub fn modules(&self) -> &[ModuleInfo] {
        &self.modules
    }

    pub(crate) fn shared(&self, name: &str) -> Option<&Arc<CommandInfo>> {
        self.names.get(&name.to_ascii_lowercase())
    }

    /// Each command once, in the order of canonical names.
    pub(crate) fn commands(&self) -> impl Iterator<Item = &Arc<CommandInfo>> {
        self.names.iter().filter(|(key, info)| info.name.eq_ignore_ascii_case(key)).map(|(_, info)| info)
    }

    /// The canonical name of a native command.
    pub(crate) fn native(&self, name: &str) -> Option<&str> {
        self.native.get(&name.to_ascii_lowercase()).map(String::as_str)
    }
}

fn require_name(name: &str, module: &str) -> Result<(), CatalogError> {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if first && rest && name.len() <= 128 {
        return Ok(());
    }
    Err(CatalogError::BadName { name: crate::text::quoted(name), module: module.to_owned() })
}

fn check_parameters(command: &CommandInfo, module: &str) -> Result<(), CatalogError> {
    let mut seen: Vec<String> = COMMON_PARAMETERS.iter().map(|name| name.to_ascii_lowercase()).collect();
    for parameter in &command.parameters {
        for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
            require_name(name, module)?;
            let key = name.to_ascii_lowercase();
            if seen.contains(&key) {
                return Err(CatalogError::DuplicateParameter {
                    command: command.name.clone(),
                    name: name.clone(),
                });
            }
            seen.push(key);
        }
    }
    Ok(())
}
