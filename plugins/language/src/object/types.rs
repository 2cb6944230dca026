//! The types that the language names: accelerators, .NET names, and what a value answers to `GetType()` and `-is`.

use std::rc::Rc;
use std::sync::Arc;

use super::value::{CUSTOM, Val};

/// A type that a cast, a constraint or a static member may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Object,
    Bool,
    Switch,
    /// `[byte]`, `[int16]`, `[uint32]`: kept as int or long, within the range.
    Narrow(&'static str, i64, i64),
    Int,
    Long,
    Single,
    Double,
    Decimal,
    BigInt,
    Char,
    String,
    DateTime,
    TimeSpan,
    Guid,
    Version,
    Uri,
    Array(Rc<Type>),
    List,
    Hashtable,
    Ordered,
    Custom,
    ScriptBlock,
    Regex,
    SecureString,
    ErrorRecord,
    Meta,
    Void,
    /// A class with static members only: `[math]`, `[convert]`, `[environment]`.
    Statics(&'static str),
    /// An exception, or the type name of an object that came from outside: matched by name only.
    Named(Arc<str>),
}

/// Accelerators and names without `System.`, in lower case.
const NAMES: &[(&str, Type)] = &[
    ("object", Type::Object),
    ("psobject", Type::Object),
    ("management.automation.psobject", Type::Object),
    ("bool", Type::Bool),
    ("boolean", Type::Bool),
    ("switch", Type::Switch),
    ("management.automation.switchparameter", Type::Switch),
    ("byte", Type::Narrow("System.Byte", 0, 255)),
    ("sbyte", Type::Narrow("System.SByte", -128, 127)),
    ("short", Type::Narrow("System.Int16", -32768, 32767)),
    ("int16", Type::Narrow("System.Int16", -32768, 32767)),
    ("ushort", Type::Narrow("System.UInt16", 0, 65535)),
    ("uint16", Type::Narrow("System.UInt16", 0, 65535)),
    ("uint", Type::Narrow("System.UInt32", 0, 4_294_967_295)),
    ("uint32", Type::Narrow("System.UInt32", 0, 4_294_967_295)),
    ("int", Type::Int),
    ("int32", Type::Int),
    ("long", Type::Long),
    ("int64", Type::Long),
    ("float", Type::Single),
    ("single", Type::Single),
    ("double", Type::Double),
    ("decimal", Type::Decimal),
    ("bigint", Type::BigInt),
    ("numerics.biginteger", Type::BigInt),
    ("char", Type::Char),
    ("string", Type::String),
    ("datetime", Type::DateTime),
    ("timespan", Type::TimeSpan),
    ("guid", Type::Guid),
    ("version", Type::Version),
    ("uri", Type::Uri),
    ("collections.arraylist", Type::List),
    ("hashtable", Type::Hashtable),
    ("collections.hashtable", Type::Hashtable),
    ("ordered", Type::Ordered),
    ("collections.specialized.ordereddictionary", Type::Ordered),
    ("pscustomobject", Type::Custom),
    ("management.automation.pscustomobject", Type::Custom),
    ("scriptblock", Type::ScriptBlock),
    ("management.automation.scriptblock", Type::ScriptBlock),
    ("regex", Type::Regex),
    ("text.regularexpressions.regex", Type::Regex),
    ("securestring", Type::SecureString),
    ("security.securestring", Type::SecureString),
    ("errorrecord", Type::ErrorRecord),
    ("management.automation.errorrecord", Type::ErrorRecord),
    ("type", Type::Meta),
    ("void", Type::Void),
    ("math", Type::Statics("System.Math")),
    ("convert", Type::Statics("System.Convert")),
    ("environment", Type::Statics("System.Environment")),
];

impl Type {
    /// The type of this name; none if there is no such type here.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        let lower = name.to_ascii_lowercase();
        let lower = lower.strip_prefix("system.").unwrap_or(&lower);
        if let Some(element) = lower.strip_suffix("[]") {
            return Self::parse(element).map(|element| Self::Array(Rc::new(element)));
        }
        if lower == "array" {
            return Some(Self::Array(Rc::new(Self::Object)));
        }
        if lower.strip_prefix("collections.generic.list[").is_some_and(|rest| rest.ends_with(']')) {
            return Some(Self::List);
        }
        if let Some((_, found)) = NAMES.iter().find(|(known, _)| *known == lower) {
            return Some(found.clone());
        }
        (lower.ends_with("exception")).then(|| Self::Named(Arc::from(name)))
    }

    /// .NET's full name.
    pub(crate) fn full_name(&self) -> String {
        match self {
            Self::Object => "System.Object".into(),
            Self::Bool => "System.Boolean".into(),
            Self::Switch => "System.Management.Automation.SwitchParameter".into(),
            Self::Narrow(name, ..) | Self::Statics(name) => (*name).into(),
            Self::Int => "System.Int32".into(),
            Self::Long => "System.Int64".into(),
            Self::Single => "System.Single".into(),
            Self::Double => "System.Double".into(),
            Self::Decimal => "System.Decimal".into(),
            Self::BigInt => "System.Numerics.BigInteger".into(),
            Self::Char => "System.Char".into(),
            Self::String => "System.String".into(),
            Self::DateTime => "System.DateTime".into(),
            Self::TimeSpan => "System.TimeSpan".into(),
            Self::Guid => "System.Guid".into(),
            Self::Version => "System.Version".into(),
            Self::Uri => "System.Uri".into(),
            Self::Array(element) => format!("{}[]", element.full_name()),
            Self::List => "System.Collections.ArrayList".into(),
            Self::Hashtable => "System.Collections.Hashtable".into(),
            Self::Ordered => "System.Collections.Specialized.OrderedDictionary".into(),
            Self::Custom => CUSTOM.into(),
            Self::ScriptBlock => "System.Management.Automation.ScriptBlock".into(),
            Self::Regex => "System.Text.RegularExpressions.Regex".into(),
            Self::SecureString => "System.Security.SecureString".into(),
            Self::ErrorRecord => "System.Management.Automation.ErrorRecord".into(),
            Self::Meta => "System.RuntimeType".into(),
            Self::Void => "System.Void".into(),
            Self::Named(name) => name.to_string(),
        }
    }

    /// The name as `[type]` shows it in text: the accelerator where PowerShell has one.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Bool => "bool".into(),
            Self::Int => "int".into(),
            Self::Long => "long".into(),
            Self::Double => "double".into(),
            Self::Decimal => "decimal".into(),
            Self::Char => "char".into(),
            Self::String => "string".into(),
            Self::Hashtable => "hashtable".into(),
            Self::Regex => "regex".into(),
            Self::Object => "System.Object".into(),
            Self::Array(element) if matches!(**element, Self::Object) => "System.Object[]".into(),
            Self::Array(element) => format!("{}[]", element.shown()),
            other => other.full_name(),
        }
    }

    /// The type of a value.
    pub(crate) fn of(value: &Val) -> Self {
        match value {
            Val::Null | Val::Nothing => Self::Void,
            Val::Bool(_) => Self::Bool,
            Val::Int(_) => Self::Int,
            Val::Long(_) => Self::Long,
            Val::Double(_) => Self::Double,
            Val::Decimal(_) => Self::Decimal,
            Val::BigInt(_) => Self::BigInt,
            Val::Char(_) => Self::Char,
            Val::Str(_) => Self::String,
            Val::DateTime(_) => Self::DateTime,
            Val::TimeSpan(_) => Self::TimeSpan,
            Val::Guid(_) => Self::Guid,
            Val::Version(_) => Self::Version,
            Val::Uri(_) => Self::Uri,
            Val::Bytes(_) => Self::Array(Rc::new(Self::Narrow("System.Byte", 0, 255))),
            Val::Array(array) if array.list => Self::List,
            Val::Array(_) => Self::Array(Rc::new(Self::Object)),
            Val::Table(table) if table.table.borrow().ordered => Self::Ordered,
            Val::Table(_) => Self::Hashtable,
            Val::Object(object) => match object.type_name() {
                name if &*name == CUSTOM => Self::Custom,
                name => Self::Named(name),
            },
            Val::Block(_) => Self::ScriptBlock,
            Val::Regex(_) => Self::Regex,
            Val::Secure(_) => Self::SecureString,
            Val::Error(_) => Self::ErrorRecord,
            Val::Type(_) => Self::Meta,
        }
    }

    /// `value -is [self]`.
    pub(crate) fn includes(&self, value: &Val) -> bool {
        if value.is_null() {
            return false;
        }
        match (self, value) {
            (Self::Object, _) => true,
            (Self::Array(_) | Self::List, Val::Array(array)) => array.list == matches!(self, Self::List),
            (Self::Named(name), Val::Object(object)) => {
                object.body.borrow().shape.type_names.iter().any(|n| same_type_name(n, name))
            }
            (Self::Named(name), Val::Error(fault)) => fault.is_a(name),
            (Self::Custom, Val::Object(_)) => true,
            _ => *self == Self::of(value),
        }
    }
}

fn same_type_name(own: &str, wanted: &str) -> bool {
    let strip = |name: &str| name.to_ascii_lowercase().trim_start_matches("system.").to_owned();
    strip(own) == strip(wanted)
}

/// .NET's full name of a value's type.
pub(crate) fn type_name(value: &Val) -> String {
    Type::of(value).full_name()
}

/// A name for the kinds of value that carry no name of their own.
pub(crate) fn kind_name(value: &Val) -> &'static str {
    match value {
        Val::Table(table) if table.table.borrow().ordered => {
            "System.Collections.Specialized.OrderedDictionary"
        }
        Val::Table(_) => "System.Collections.Hashtable",
        Val::DateTime(_) => "System.DateTime",
        Val::TimeSpan(_) => "System.TimeSpan",
        Val::Guid(_) => "System.Guid",
        Val::Version(_) => "System.Version",
        Val::Decimal(_) => "System.Decimal",
        Val::BigInt(_) => "System.Numerics.BigInteger",
        _ => "System.Object",
    }
}
