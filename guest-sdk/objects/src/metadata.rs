//! What a command is: the metadata that binder, policy and boundary share. The WIT interface `metadata` is the same
//! in the words of the component model; each side that holds WIT bindings converts at its border.

mod build;

/// The type a parameter's value is converted to before it is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueType {
    /// Bound as it is.
    Any,
    /// `$true` or `$false`, given as an argument.
    Boolean,
    /// Present or absent; takes an argument only as `-Name:$false`.
    Switch,
    /// `[int]`.
    Int32,
    /// `[long]`.
    Int64,
    /// `[double]`.
    Double,
    /// `[string]`.
    Text,
    /// `[datetime]`.
    DateTime,
    /// `[timespan]`.
    TimeSpan,
    /// `[hashtable]`.
    Hashtable,
    /// `[scriptblock]`: native commands only; never crosses to a plugin.
    ScriptBlock,
    /// An object with properties.
    Object,
}

/// One parameter, under its canonical name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterInfo {
    /// Canonical name, as it is shown.
    pub name: String,
    /// Other names it answers to.
    pub aliases: Vec<String>,
    /// What its value (each element of a collection) is converted to.
    pub value_type: ValueType,
    /// Takes an array of values.
    pub collection: bool,
    /// Must be bound.
    pub mandatory: bool,
    /// Counted from 0; none: by name only.
    pub position: Option<u32>,
    /// Binds a pipeline object itself.
    pub by_value: bool,
    /// Binds the pipeline object's property of its name (or of an alias).
    pub by_property_name: bool,
    /// The parameter sets it belongs to; empty: all.
    pub sets: Vec<String>,
    /// A path: drive-qualified by the engine, canonical by the host.
    pub path: bool,
    /// The closed list of its values, if it has one: the cmdlet's, or the policy's for this session.
    pub one_of: Vec<String>,
    /// One sentence.
    pub help: String,
}

impl ParameterInfo {
    /// A parameter bound by name only, optional, of one value.
    pub fn new(name: impl Into<String>, value_type: ValueType) -> Self {
        Self {
            name: name.into(),
            aliases: Vec::new(),
            value_type,
            collection: false,
            mandatory: false,
            position: None,
            by_value: false,
            by_property_name: false,
            sets: Vec::new(),
            path: false,
            one_of: Vec::new(),
            help: String::new(),
        }
    }
}

/// An example of a command's help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// A line that runs.
    pub code: String,
    /// What it does.
    pub remarks: String,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandInfo {
    /// Canonical name, `Verb-Noun`.
    pub name: String,
    /// The module that provides it.
    pub module: String,
    /// Other names it answers to.
    pub aliases: Vec<String>,
    /// Its parameters; those that the session may give, where a session asked.
    pub parameters: Vec<ParameterInfo>,
    /// The set taken when the bound parameters leave several; empty if there are no sets.
    pub default_set: String,
    /// Type names of its output.
    pub output_types: Vec<String>,
    /// One sentence.
    pub synopsis: String,
    /// A paragraph.
    pub description: String,
    /// Lines that run.
    pub examples: Vec<Example>,
    /// Common parameters that may be given.
    pub common_parameters: Vec<String>,
}

impl CommandInfo {
    /// The parameter of this canonical name or alias, compared without ASCII case.
    pub fn parameter(&self, name: &str) -> Option<&ParameterInfo> {
        self.parameters.iter().find(|p| {
            p.name.eq_ignore_ascii_case(name) || p.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
        })
    }
}

/// The common parameters, as PowerShell has them. The engine acts on them; no plugin sees one.
pub const COMMON_PARAMETERS: [&str; 12] = [
    "Debug",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "ProgressAction",
    "Verbose",
    "WarningAction",
    "WarningVariable",
];

/// How a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// One column of a default table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading.
    pub label: String,
    /// The property shown.
    pub property: String,
    /// In columns of the screen; none: as wide as needed.
    pub width: Option<u32>,
    /// How it stands.
    pub alignment: Alignment,
}

/// How objects of one type are shown when nobody chose a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The type name it is for; `Deserialized.` before it is ignored.
    pub type_name: String,
    /// The default table's columns; empty: shown as a list.
    pub columns: Vec<Column>,
    /// The property a table is grouped by, with its heading.
    pub group_by: Option<Column>,
    /// The default list's properties.
    pub properties: Vec<String>,
}

/// The streams of PowerShell, with the numbers of its redirection operators (progress has none there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the names are PowerShell's")]
pub enum StreamKind {
    Output = 1,
    Error = 2,
    Warning = 3,
    Verbose = 4,
    Debug = 5,
    Information = 6,
    Progress = 7,
}

impl StreamKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Output,
        Self::Error,
        Self::Warning,
        Self::Verbose,
        Self::Debug,
        Self::Information,
        Self::Progress,
    ];

    /// The lower-case name that `-o records` and the audit use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Output => "output",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Verbose => "verbose",
            Self::Debug => "debug",
            Self::Information => "information",
            Self::Progress => "progress",
        }
    }
}

/// What a plugin says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleInfo {
    /// The module's name.
    pub name: String,
    /// Its version, as the author wrote it.
    pub version: String,
    /// Its cmdlets.
    pub commands: Vec<CommandInfo>,
    /// Default views of its output types.
    pub views: Vec<View>,
}
