//! Metadata written as a sentence: what a command author states, with everything else at its default.

use super::{Alignment, Column, CommandInfo, Example, ParameterInfo, View};

impl ParameterInfo {
    /// Must be bound.
    #[must_use]
    pub fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// May be given by position, counted from 0.
    #[must_use]
    pub fn position(mut self, position: u32) -> Self {
        self.position = Some(position);
        self
    }

    /// Answers to another name as well.
    #[must_use]
    pub fn alias(mut self, alias: &str) -> Self {
        self.aliases.push(alias.to_owned());
        self
    }

    /// Takes an array of values.
    #[must_use]
    pub fn collection(mut self) -> Self {
        self.collection = true;
        self
    }

    /// Binds a pipeline object itself.
    #[must_use]
    pub fn by_value(mut self) -> Self {
        self.by_value = true;
        self
    }

    /// Binds the property of its name, or of an alias, of a pipeline object.
    #[must_use]
    pub fn by_property_name(mut self) -> Self {
        self.by_property_name = true;
        self
    }

    /// Belongs to this parameter set; without any it belongs to all.
    #[must_use]
    pub fn in_set(mut self, set: &str) -> Self {
        self.sets.push(set.to_owned());
        self
    }

    /// Is a path of a drive.
    #[must_use]
    pub fn path(mut self) -> Self {
        self.path = true;
        self
    }

    /// Has one of these values.
    #[must_use]
    pub fn one_of(mut self, values: &[&str]) -> Self {
        self.one_of = values.iter().map(|value| (*value).to_owned()).collect();
        self
    }

    /// What it is for, one sentence.
    #[must_use]
    pub fn help(mut self, help: &str) -> Self {
        help.clone_into(&mut self.help);
        self
    }
}

impl CommandInfo {
    /// A command without parameters; the module that provides it fills in its own name.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            module: String::new(),
            aliases: Vec::new(),
            parameters: Vec::new(),
            default_set: String::new(),
            output_types: Vec::new(),
            synopsis: String::new(),
            description: String::new(),
            examples: Vec::new(),
            common_parameters: Vec::new(),
        }
    }

    /// Answers to another name as well.
    #[must_use]
    pub fn alias(mut self, alias: &str) -> Self {
        self.aliases.push(alias.to_owned());
        self
    }

    /// Takes a parameter.
    #[must_use]
    pub fn takes(mut self, parameter: ParameterInfo) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// The parameter set taken when the bound parameters leave several.
    #[must_use]
    pub fn default_set(mut self, set: &str) -> Self {
        set.clone_into(&mut self.default_set);
        self
    }

    /// Writes objects of this type.
    #[must_use]
    pub fn writes(mut self, type_name: &str) -> Self {
        self.output_types.push(type_name.to_owned());
        self
    }

    /// What it does, one sentence.
    #[must_use]
    pub fn synopsis(mut self, synopsis: &str) -> Self {
        synopsis.clone_into(&mut self.synopsis);
        self
    }

    /// What it does, a paragraph.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        description.clone_into(&mut self.description);
        self
    }

    /// A line that runs, and what it does.
    #[must_use]
    pub fn example(mut self, code: &str, remarks: &str) -> Self {
        self.examples.push(Example { code: code.to_owned(), remarks: remarks.to_owned() });
        self
    }
}

impl Column {
    /// A column of text under its property's name, as wide as needed.
    pub fn new(property: &str) -> Self {
        Self {
            label: property.to_owned(),
            property: property.to_owned(),
            width: None,
            alignment: Alignment::Left,
        }
    }

    /// So many columns of the screen wide.
    #[must_use]
    pub fn width(mut self, width: u32) -> Self {
        self.width = Some(width);
        self
    }

    /// Stands at the right, as numbers do.
    #[must_use]
    pub fn right(mut self) -> Self {
        self.alignment = Alignment::Right;
        self
    }

    /// Under a heading of its own.
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }
}

impl View {
    /// A table for a type.
    pub fn table(type_name: &str, columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            type_name: type_name.to_owned(),
            columns: columns.into_iter().collect(),
            group_by: None,
            properties: Vec::new(),
        }
    }

    /// A list for a type.
    pub fn list(type_name: &str, properties: &[&str]) -> Self {
        Self::table(type_name, []).listing(properties)
    }

    /// Groups the table by a property.
    #[must_use]
    pub fn grouped_by(mut self, column: Column) -> Self {
        self.group_by = Some(column);
        self
    }

    /// The properties of the type's list.
    #[must_use]
    pub fn listing(mut self, properties: &[&str]) -> Self {
        self.properties = properties.iter().map(|property| (*property).to_owned()).collect();
        self
    }
}
