//! Values: one enum, PowerShell's types without .NET. Equality here is identity of data (a `Double` NaN equals
//! itself, `1.0` and `1.00` as decimals differ, strings compare with case); PowerShell's comparison operators live
//! in the language, and so does the text that `"$value"` gives.

mod identity;
mod text;

pub use text::guid_from_text;

use std::sync::Arc;

use num_bigint::BigInt;
use rust_decimal::Decimal;

use crate::error_record::ErrorRecord;
use crate::time::{DateTime, TimeSpan};

/// A value that crosses a boundary: a finished tree, without cycles or shared identity.
#[derive(Clone, Default)]
pub enum Value {
    /// `$null`.
    #[default]
    Null,
    /// `[bool]`.
    Bool(bool),
    /// `[int]`.
    Int32(i32),
    /// `[long]`.
    Int64(i64),
    /// `[double]`.
    Double(f64),
    /// `[decimal]`.
    Decimal(Decimal),
    /// `[bigint]`.
    BigInt(BigInt),
    /// `[char]`.
    Char(char),
    /// `[string]`, UTF-8.
    String(Arc<str>),
    /// `[datetime]`.
    DateTime(DateTime),
    /// `[timespan]`.
    TimeSpan(TimeSpan),
    /// `[guid]`, in the order of its text.
    Guid([u8; 16]),
    /// `[version]`: two to four parts.
    Version(Vec<u32>),
    /// `[uri]`, as written.
    Uri(Arc<str>),
    /// `[byte[]]`.
    Bytes(Vec<u8>),
    /// `[object[]]`.
    Array(Vec<Value>),
    /// `[hashtable]` or `[ordered]`.
    Hashtable(Hashtable),
    /// `[scriptblock]`: its text.
    ScriptBlock(Arc<str>),
    /// `[regex]`: its pattern, with inline options.
    Regex(Arc<str>),
    /// `[securestring]`: its text. Never shown, never recorded.
    SecureString(Arc<str>),
    /// An error record.
    Error(Box<ErrorRecord>),
    /// An object with type names and properties.
    Object(Object),
}

impl Value {
    /// A string value.
    pub fn string(text: impl AsRef<str>) -> Self {
        Self::String(Arc::from(text.as_ref()))
    }

    /// An array of values.
    pub fn array(items: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }

    /// The text of a string or URI; nothing for other types.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Uri(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of an integer of either width.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int32(value) => Some(i64::from(*value)),
            Self::Int64(value) => Some(*value),
            _ => None,
        }
    }

    /// True for `$null`.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The full name of its type, as `$value.GetType().FullName` gives it; of an object the most derived of its type
    /// names.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Bool(_) => "System.Boolean",
            Self::Int32(_) => "System.Int32",
            Self::Int64(_) => "System.Int64",
            Self::Double(_) => "System.Double",
            Self::Decimal(_) => "System.Decimal",
            Self::BigInt(_) => "System.Numerics.BigInteger",
            Self::Char(_) => "System.Char",
            Self::String(_) => "System.String",
            Self::DateTime(_) => "System.DateTime",
            Self::TimeSpan(_) => "System.TimeSpan",
            Self::Guid(_) => "System.Guid",
            Self::Version(_) => "System.Version",
            Self::Uri(_) => "System.Uri",
            Self::Bytes(_) => "System.Byte[]",
            Self::Array(_) => "System.Object[]",
            Self::Hashtable(table) if table.ordered => "System.Collections.Specialized.OrderedDictionary",
            Self::Hashtable(_) => "System.Collections.Hashtable",
            Self::ScriptBlock(_) => "System.Management.Automation.ScriptBlock",
            Self::Regex(_) => "System.Text.RegularExpressions.Regex",
            Self::SecureString(_) => "System.Security.SecureString",
            Self::Error(_) => "System.Management.Automation.ErrorRecord",
            Self::Object(object) => object.shape.type_names.first().map_or("System.Object", AsRef::as_ref),
        }
    }

    /// Whether arrays, hashtables, objects and error records nest more than `depth` deep in it. A batch can't hold
    /// more than [`MAX_DEPTH`](crate::batch::MAX_DEPTH).
    pub fn is_deeper_than(&self, depth: u32) -> bool {
        // A stack of its own: the value may be deeper than the thread's stack.
        let mut left = vec![(self, depth)];
        while let Some((value, depth)) = left.pop() {
            let inside: Box<dyn Iterator<Item = &Self>> = match value {
                Self::Array(items) => Box::new(items.iter()),
                Self::Hashtable(table) => {
                    Box::new(table.entries.iter().flat_map(|(key, value)| [key, value]))
                }
                Self::Error(record) => Box::new(std::iter::once(&record.target)),
                Self::Object(object) => Box::new(object.values.iter()),
                _ => continue,
            };
            let Some(depth) = depth.checked_sub(1) else {
                return true;
            };
            left.extend(inside.map(|value| (value, depth)));
        }
        false
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(Arc::from(text))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int32(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int64(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl From<DateTime> for Value {
    fn from(value: DateTime) -> Self {
        Self::DateTime(value)
    }
}

impl From<TimeSpan> for Value {
    fn from(value: TimeSpan) -> Self {
        Self::TimeSpan(value)
    }
}

impl From<ErrorRecord> for Value {
    fn from(record: ErrorRecord) -> Self {
        Self::Error(Box::new(record))
    }
}

impl From<Hashtable> for Value {
    fn from(table: Hashtable) -> Self {
        Self::Hashtable(table)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// Nothing is null.
impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A hashtable: entries in order. Keys are not null and distinct: strings without ASCII case, others by their data.
/// A table that breaks this can be encoded, and every decoder refuses it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hashtable {
    /// Made by `[ordered]`: the order means something.
    pub ordered: bool,
    /// Key and value pairs.
    pub entries: Vec<(Value, Value)>,
}

impl Hashtable {
    /// An ordered table of string keys.
    pub fn of(entries: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (Value::string(key), value)).collect();
        Self { ordered: true, entries }
    }

    /// The value under a string key, compared without ASCII case.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Puts a value under a string key, in place of what was there.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.entries.iter_mut().find(|(k, _)| k.as_str().is_some_and(|k| k.eq_ignore_ascii_case(key))) {
            Some(entry) => entry.1 = value,
            None => self.entries.push((Value::string(key), value)),
        }
    }

    fn entry(&self, key: &str) -> Option<&(Value, Value)> {
        self.entries.iter().find(|(k, _)| k.as_str().is_some_and(|k| k.eq_ignore_ascii_case(key)))
    }
}

/// An object: what it is called and what it holds. Objects of one shape share their names.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Type names (most derived first) and property names.
    pub shape: Arc<Shape>,
    /// One value for each property name of the shape, in its order.
    pub values: Vec<Value>,
}

/// The names of an object: many objects refer to one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Most derived first, `System.Management.Automation.PSCustomObject` for a plain one.
    pub type_names: Vec<Arc<str>>,
    /// In the order of display. Distinct without ASCII case.
    pub properties: Vec<Arc<str>>,
}

impl Object {
    /// An object of one type name. Use [`Shape`] directly where many objects share their names.
    pub fn new(type_name: &str, properties: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Self {
        let (names, values) =
            properties.into_iter().map(|(name, value)| (Arc::from(name.as_ref()), value)).unzip();
        let shape = Shape { type_names: vec![Arc::from(type_name)], properties: names };
        Self { shape: Arc::new(shape), values }
    }

    /// A plain object, as `[pscustomobject]@{…}` makes it.
    pub fn custom(properties: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Self {
        Self::new("System.Management.Automation.PSCustomObject", properties)
    }

    /// Whether it has this type name, compared without ASCII case.
    pub fn is(&self, type_name: &str) -> bool {
        self.shape.type_names.iter().any(|name| name.eq_ignore_ascii_case(type_name))
    }

    /// Property names and their values.
    pub fn properties(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.shape.properties.iter().map(AsRef::as_ref).zip(&self.values)
    }

    /// The value of a property, its name compared without ASCII case.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.shape.properties.iter().position(|p| p.eq_ignore_ascii_case(name))?;
        self.values.get(at)
    }
}
