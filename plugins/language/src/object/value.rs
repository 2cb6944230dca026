//! The live value: a small enum; arrays, tables and objects are shared references, as in PowerShell.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::time::DateTime;
use bailiwick_objects::value::Shape;
use num_bigint::BigInt;
use rust_decimal::Decimal;

use super::fault::Fault;
use super::table::Table;
use super::types::Type;
use crate::syntax::ast::ScriptBody;

/// A value.
#[derive(Debug, Clone, Default)]
pub(crate) enum Val {
    #[default]
    Null,
    /// What a command without output yields: `$null`, but enumerated as no element.
    Nothing,
    Bool(bool),
    Int(i32),
    Long(i64),
    Double(f64),
    Decimal(Decimal),
    BigInt(Rc<BigInt>),
    Char(char),
    Str(Arc<str>),
    DateTime(DateTime),
    TimeSpan(i64),
    Guid(Rc<[u8; 16]>),
    Version(Rc<[u32]>),
    Uri(Arc<str>),
    Bytes(Rc<[u8]>),
    Array(Rc<Array>),
    Table(Rc<TableCell>),
    Object(Rc<Obj>),
    Block(Rc<Block>),
    Regex(Rc<RegexVal>),
    Secure(Arc<str>),
    Error(Rc<Fault>),
    Type(Type),
}

/// An array or list.
#[derive(Debug, Default)]
pub(crate) struct Array {
    pub items: RefCell<Vec<Val>>,
    /// Grows by `Add`: a `List` or `ArrayList`.
    pub list: bool,
}

/// A shared hashtable.
#[derive(Debug, Default)]
pub(crate) struct TableCell {
    pub table: RefCell<Table>,
}

/// An object with type names and properties. The shape is shared between objects that came of one batch and copied
/// when one of them gets another property.
#[derive(Debug)]
pub(crate) struct Obj {
    pub body: RefCell<ObjBody>,
}

/// What an object holds.
#[derive(Debug, Clone)]
pub(crate) struct ObjBody {
    pub shape: Arc<Shape>,
    pub values: Vec<Val>,
}

/// A script block: its tree, its text and the text that its spans point into.
#[derive(Debug)]
pub(crate) struct Block {
    pub body: Rc<ScriptBody>,
    pub text: Rc<str>,
    pub source: Rc<str>,
}

/// A compiled regex with the pattern as it was written.
#[derive(Debug)]
pub(crate) struct RegexVal {
    pub pattern: Arc<str>,
    pub regex: regex::Regex,
}

/// The type name of a plain object.
pub(crate) const CUSTOM: &str = "System.Management.Automation.PSCustomObject";

impl Val {
    pub(crate) fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Arc::from(text.as_ref()))
    }

    pub(crate) fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array { items: RefCell::new(items), list: false }))
    }

    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array { items: RefCell::new(items), list: true }))
    }

    pub(crate) fn table(table: Table) -> Self {
        Self::Table(Rc::new(TableCell { table: RefCell::new(table) }))
    }

    /// An object of one type name.
    pub(crate) fn object<'a>(type_name: &str, properties: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let (names, values): (Vec<Arc<str>>, Vec<Self>) =
            properties.into_iter().map(|(name, value)| (Arc::from(name), value)).unzip();
        Self::of_shape(Arc::new(Shape { type_names: vec![Arc::from(type_name)], properties: names }), values)
    }

    pub(crate) fn of_shape(shape: Arc<Shape>, values: Vec<Self>) -> Self {
        Self::Object(Rc::new(Obj { body: RefCell::new(ObjBody { shape, values }) }))
    }

    /// What a count or index is: an int where it fits.
    pub(crate) fn count(n: usize) -> Self {
        match i32::try_from(n) {
            Ok(n) => Self::Int(n),
            Err(_) => Self::Long(i64::try_from(n).unwrap_or(i64::MAX)),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null | Self::Nothing)
    }

    /// Several results as the value of an expression: none, the one, or an array.
    pub(crate) fn of_results(mut results: Vec<Self>) -> Self {
        match results.len() {
            0 => Self::Nothing,
            1 => results.pop().unwrap_or_default(),
            _ => Self::array(results),
        }
    }

    /// The elements that a pipeline sees: those of an array, nothing for no output, else the value itself.
    pub(crate) fn elements(&self) -> Vec<Self> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Array(array) => array.items.borrow().clone(),
            Self::Bytes(bytes) => bytes.iter().map(|b| Self::Int(i32::from(*b))).collect(),
            other => vec![other.clone()],
        }
    }

    /// The elements of an array; a lone value as one; nothing for `$null`.
    pub(crate) fn elements_or_none(&self) -> Vec<Self> {
        if self.is_null() { Vec::new() } else { self.elements() }
    }

    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Bytes(_))
    }

    /// The text of a string, char or URI.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) | Self::Uri(text) => Some(text),
            _ => None,
        }
    }
}

impl From<bool> for Val {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Val {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}

impl From<String> for Val {
    fn from(value: String) -> Self {
        Self::Str(Arc::from(value))
    }
}

impl Obj {
    /// The value of a property, its name compared without case.
    pub(crate) fn get(&self, name: &str) -> Option<Val> {
        self.body.borrow().get(name)
    }

    /// The most derived type name.
    pub(crate) fn type_name(&self) -> Arc<str> {
        self.body.borrow().shape.type_names.first().map_or_else(|| Arc::from(CUSTOM), Arc::clone)
    }

    /// Sets a property, adding it if it is new.
    pub(crate) fn set(&self, name: &str, value: Val) {
        let mut body = self.body.borrow_mut();
        let at = body.shape.properties.iter().position(|p| p.eq_ignore_ascii_case(name));
        if let Some(at) = at {
            if let Some(slot) = body.values.get_mut(at) {
                *slot = value;
            }
            return;
        }
        Arc::make_mut(&mut body.shape).properties.push(Arc::from(name));
        body.values.push(value);
    }
}

impl ObjBody {
    pub(crate) fn get(&self, name: &str) -> Option<Val> {
        let at = self.shape.properties.iter().position(|p| p.eq_ignore_ascii_case(name))?;
        self.values.get(at).cloned()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Arc<str>, &Val)> {
        self.shape.properties.iter().zip(&self.values)
    }
}

// A list of a million nested arrays must not be dropped by recursion: each container hands its elements to one queue,
// and only the outermost drop empties it.
thread_local! {
    static QUEUE: RefCell<Vec<Val>> = const { RefCell::new(Vec::new()) };
    static DRAINING: Cell<bool> = const { Cell::new(false) };
}

fn dismantle(items: impl IntoIterator<Item = Val>) {
    let nested = items
        .into_iter()
        .filter(|v| matches!(v, Val::Array(_) | Val::Table(_) | Val::Object(_) | Val::Error(_)));
    let _ = QUEUE.try_with(|queue| match queue.try_borrow_mut() {
        Ok(mut queue) => queue.extend(nested),
        Err(_) => drop(nested),
    });
    if DRAINING.try_with(|draining| draining.replace(true)).unwrap_or(true) {
        return;
    }
    while let Ok(Some(value)) = QUEUE.try_with(|queue| queue.borrow_mut().pop()) {
        drop(value);
    }
    let _ = DRAINING.try_with(|draining| draining.set(false));
}

impl Drop for Array {
    fn drop(&mut self) {
        let items = self.items.take();
        if !items.is_empty() {
            dismantle(items);
        }
    }
}

impl Drop for TableCell {
    fn drop(&mut self) {
        let table = self.table.take();
        if !table.is_empty() {
            dismantle(table.into_values());
        }
    }
}

impl Drop for Obj {
    fn drop(&mut self) {
        let values = std::mem::take(&mut self.body.borrow_mut().values);
        if !values.is_empty() {
            dismantle(values);
        }
    }
}
