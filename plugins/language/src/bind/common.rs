//! The common parameters that the engine acts on. Those that set variables are not supported by this version: they do
//! not exist for the binder.

use crate::bind::Given;
use crate::object::convert::{cast, truth};
use crate::object::text::display;
use crate::object::{Failure, Type, Val};

/// What is done about an error or a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Continue,
    SilentlyContinue,
    Stop,
    Ignore,
}

impl Action {
    /// The action that a value names.
    pub(crate) fn of(value: &Val) -> Option<Self> {
        Some(match display(value).to_ascii_lowercase().as_str() {
            "continue" | "2" => Self::Continue,
            "silentlycontinue" | "0" => Self::SilentlyContinue,
            "stop" | "1" => Self::Stop,
            "ignore" | "4" => Self::Ignore,
            _ => return None,
        })
    }

    /// The name that a preference variable holds.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Continue => "Continue",
            Self::SilentlyContinue => "SilentlyContinue",
            Self::Stop => "Stop",
            Self::Ignore => "Ignore",
        }
    }
}

/// The common parameters of one command line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Common {
    pub error: Option<Action>,
    pub warning: Option<Action>,
    pub information: Option<Action>,
    pub verbose: Option<bool>,
    pub debug: Option<bool>,
}

/// Names and aliases of the common parameters acted on.
pub(crate) const ACTED_ON: [(&str, &str); 5] = [
    ("Debug", "db"),
    ("ErrorAction", "ea"),
    ("InformationAction", "infa"),
    ("Verbose", "vb"),
    ("WarningAction", "wa"),
];

impl Common {
    pub(crate) fn is_default(&self) -> bool {
        self.error.is_none()
            && self.warning.is_none()
            && self.information.is_none()
            && self.verbose.is_none()
            && self.debug.is_none()
    }

    /// Sets one of them, by canonical name. The second result says whether it is a switch that takes no value.
    pub(crate) fn set(&mut self, name: &str, given: &Given) -> Result<(), Failure> {
        let action = || {
            Action::of(&given.value)
                .ok_or_else(|| super::errors::not_converted(name, &given.value, "ActionPreference"))
        };
        let flag = || match cast(&given.value, &Type::Bool) {
            Ok(value) => Ok(truth(&value)),
            Err(_) => Err(super::errors::not_converted(name, &given.value, "SwitchParameter")),
        };
        match name {
            "ErrorAction" => self.error = Some(action()?),
            "WarningAction" => self.warning = Some(action()?),
            "InformationAction" => self.information = Some(action()?),
            "Verbose" => self.verbose = Some(flag()?),
            _ => self.debug = Some(flag()?),
        }
        Ok(())
    }

    /// Whether a common parameter is given without a value.
    pub(crate) fn is_switch(name: &str) -> bool {
        matches!(name, "Verbose" | "Debug")
    }

    /// Whether one is set already.
    pub(crate) fn has(&self, name: &str) -> bool {
        match name {
            "ErrorAction" => self.error.is_some(),
            "WarningAction" => self.warning.is_some(),
            "InformationAction" => self.information.is_some(),
            "Verbose" => self.verbose.is_some(),
            _ => self.debug.is_some(),
        }
    }
}
