//! From a name to a command. Hidden and nonexistent commands answer alike.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use bailiwick_objects::metadata::CommandInfo;

use super::Evaluator;
use super::declare::Function;
use crate::commands::{self, Native};
use crate::host::RefusalKind;
use crate::object::{Failure, Val, fault};

/// What a name stands for.
pub(crate) enum Resolved {
    Function(Rc<Function>),
    Native(&'static Native),
    Effectful(Rc<CommandInfo>),
}

/// PowerShell's aliases. One exists while its target is visible, and is the target: it has the target's rules.
pub(crate) const ALIASES: &[(&str, &str)] = &[
    ("%", "ForEach-Object"),
    ("?", "Where-Object"),
    ("ac", "Add-Content"),
    ("cat", "Get-Content"),
    ("cd", "Set-Location"),
    ("chdir", "Set-Location"),
    ("clear", "Clear-Host"),
    ("copy", "Copy-Item"),
    ("cp", "Copy-Item"),
    ("cpi", "Copy-Item"),
    ("del", "Remove-Item"),
    ("dir", "Get-ChildItem"),
    ("echo", "Write-Output"),
    ("erase", "Remove-Item"),
    ("foreach", "ForEach-Object"),
    ("gc", "Get-Content"),
    ("gci", "Get-ChildItem"),
    ("gcm", "Get-Command"),
    ("gdr", "Get-PSDrive"),
    ("gi", "Get-Item"),
    ("gl", "Get-Location"),
    ("group", "Group-Object"),
    ("gsv", "Get-Service"),
    ("gv", "Get-Variable"),
    ("help", "Get-Help"),
    ("ls", "Get-ChildItem"),
    ("man", "Get-Help"),
    ("md", "New-Item"),
    ("measure", "Measure-Object"),
    ("mi", "Move-Item"),
    ("move", "Move-Item"),
    ("mv", "Move-Item"),
    ("ni", "New-Item"),
    ("pwd", "Get-Location"),
    ("rd", "Remove-Item"),
    ("ri", "Remove-Item"),
    ("rm", "Remove-Item"),
    ("rmdir", "Remove-Item"),
    ("sc", "Set-Content"),
    ("select", "Select-Object"),
    ("set", "Set-Variable"),
    ("sl", "Set-Location"),
    ("sort", "Sort-Object"),
    ("sv", "Set-Variable"),
    ("type", "Get-Content"),
    ("where", "Where-Object"),
    ("write", "Write-Output"),
];

impl Evaluator<'_> {
    /// The command of a name as it was typed.
    pub(crate) fn resolve(&mut self, name: &str) -> Result<Resolved, Failure> {
        if let Some(found) = self.find(name) {
            return Ok(found);
        }
        let endpoint = &self.state.config.endpoint;
        let shown: String = name.chars().take(200).collect();
        let failure = fault(
            "CommandNotFoundException",
            ErrorCategory::ObjectNotFound,
            format!("the term `{shown}` is not available on endpoint `{endpoint}`"),
        )
        .exception("System.Management.Automation.CommandNotFoundException")
        .help("`Get-Command` lists what is available")
        .about(Val::from(shown.clone()))
        .of_command(&shown);
        Err(self.refused(RefusalKind::UnknownCommand, &shown, failure))
    }

    fn find(&mut self, name: &str) -> Option<Resolved> {
        if let Some((module, bare)) = name.split_once('\\') {
            return self.qualified(module, bare);
        }
        if name.contains(['/', ':']) || name.starts_with(['.', '~']) {
            return None;
        }
        let alias = ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name));
        if let Some(found) = alias.and_then(|(_, target)| self.visible(target)) {
            return Some(found);
        }
        if let Some(function) = self.frame.scope.function(name) {
            return Some(Resolved::Function(function));
        }
        self.visible(name)
    }

    /// A native or effectful command that this session sees.
    pub(crate) fn visible(&mut self, name: &str) -> Option<Resolved> {
        if let Some(native) = commands::visible(self.state, name) {
            return Some(Resolved::Native(native));
        }
        self.host.lookup(name).map(Resolved::Effectful)
    }

    /// `Module\Name` is exactly the visible command of that name and module, never a hidden one behind it.
    fn qualified(&mut self, module: &str, bare: &str) -> Option<Resolved> {
        if bare.is_empty() || bare.contains(['\\', '/', ':']) {
            return None;
        }
        match self.visible(bare)? {
            Resolved::Native(native) if native.info.module.eq_ignore_ascii_case(module) => {
                Some(Resolved::Native(native))
            }
            Resolved::Effectful(info) if info.module.eq_ignore_ascii_case(module) => {
                Some(Resolved::Effectful(info))
            }
            _ => None,
        }
    }

    /// Refuses a name that a user may not define: that of a command the session sees.
    pub(crate) fn refuse_shadowing(&mut self, name: &str) -> Result<(), Failure> {
        let bare = name.rsplit(['\\', ':']).next().unwrap_or(name);
        if name.contains(['\\', '/']) || self.visible(bare).is_some() {
            let failure = fault(
                "CommandNameReserved",
                ErrorCategory::PermissionDenied,
                format!(
                    "cannot define `{name}`: a command of this endpoint has that name; choose another name"
                ),
            )
            .about(Val::str(name));
            return Err(self.refused(RefusalKind::LanguageMode, name, failure));
        }
        Ok(())
    }
}
