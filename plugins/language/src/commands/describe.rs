//! Words to describe native commands with: a command is its metadata, and its help is part of it.

use bailiwick_objects::metadata::{CommandInfo, Example, ParameterInfo, ValueType};

use super::{Command, Native};

/// The module that a native command says it is of: PowerShell's.
#[derive(Debug, Clone, Copy)]
pub(super) enum Module {
    Core,
    Utility,
    Management,
}

/// A native command in the making.
pub(super) fn native(name: &str, module: Module, synopsis: &str, make: fn() -> Box<dyn Command>) -> Native {
    let module = match module {
        Module::Core => "Microsoft.PowerShell.Core",
        Module::Utility => "Microsoft.PowerShell.Utility",
        Module::Management => "Microsoft.PowerShell.Management",
    };
    let info = CommandInfo {
        name: name.into(),
        module: module.into(),
        aliases: Vec::new(),
        parameters: Vec::new(),
        default_set: String::new(),
        output_types: Vec::new(),
        synopsis: synopsis.into(),
        description: synopsis.into(),
        examples: Vec::new(),
        common_parameters: crate::bind::common::ACTED_ON.iter().map(|(name, _)| (*name).into()).collect(),
    };
    Native { info, make, minimal: false, full_only: false }
}

impl Native {
    pub(super) fn takes(mut self, parameter: Param) -> Self {
        self.info.parameters.push(parameter.0);
        self
    }

    pub(super) fn default_set(mut self, set: &str) -> Self {
        self.info.default_set = set.into();
        self
    }

    pub(super) fn example(mut self, code: &str, remarks: &str) -> Self {
        self.info.examples.push(Example { code: code.into(), remarks: remarks.into() });
        self
    }

    /// Part of the minimal set.
    pub(super) fn minimal(mut self) -> Self {
        self.minimal = true;
        self
    }

    /// Means something only where variables exist.
    pub(super) fn full_only(mut self) -> Self {
        self.full_only = true;
        self
    }
}

/// A parameter in the making.
pub(super) struct Param(ParameterInfo);

pub(super) fn param(name: &str, value_type: ValueType, help: &str) -> Param {
    let mut info = ParameterInfo::new(name, value_type);
    info.help = help.into();
    Param(info)
}

/// `-InputObject`, bound by the pipeline.
pub(super) fn input() -> Param {
    param("InputObject", ValueType::Any, "The objects to work on.").piped()
}

/// A switch.
pub(super) fn switch(name: &str, help: &str) -> Param {
    param(name, ValueType::Switch, help)
}

impl Param {
    pub(super) fn at(mut self, position: u32) -> Self {
        self.0.position = Some(position);
        self
    }

    pub(super) fn many(mut self) -> Self {
        self.0.collection = true;
        self
    }

    pub(super) fn mandatory(mut self) -> Self {
        self.0.mandatory = true;
        self
    }

    pub(super) fn piped(mut self) -> Self {
        self.0.by_value = true;
        self
    }

    pub(super) fn by_name(mut self) -> Self {
        self.0.by_property_name = true;
        self
    }

    pub(super) fn alias(mut self, alias: &str) -> Self {
        self.0.aliases.push(alias.into());
        self
    }

    pub(super) fn set(mut self, set: &str) -> Self {
        self.0.sets.push(set.into());
        self
    }

    pub(super) fn one_of(mut self, values: &[&str]) -> Self {
        self.0.one_of = values.iter().map(|v| (*v).into()).collect();
        self
    }
}
