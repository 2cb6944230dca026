//! Between live values and the finished trees that cross a boundary. Going out, depth and size are limited and a
//! cycle is cut: what does not fit crosses as `$null`. Coming in, objects become plain data.

use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::{Hashtable, Object, Value};

use super::convert;
use super::fault::Fault;
use super::limits::MAX_DEPTH;
use super::table::Table;
use super::text::display;
use super::value::{Obj, ObjBody, Val};

/// Nodes of one tree. Shared parts are copied into each place that holds them, so a small graph can be a huge tree.
const MAX_NODES: usize = 2 << 20;

/// What is left to a value on its way out: nodes, and the containers it is in.
struct Crossing {
    nodes: usize,
    path: Vec<usize>,
}

impl Crossing {
    fn new() -> Self {
        Self { nodes: MAX_NODES, path: Vec::new() }
    }

    /// Runs what is inside a container; `$null` for a cycle, for what is too deep and for what is too much.
    fn inside(&mut self, identity: usize, inner: impl FnOnce(&mut Self) -> Value) -> Value {
        if self.nodes == 0 || self.path.len() >= MAX_DEPTH || self.path.contains(&identity) {
            return Value::Null;
        }
        self.path.push(identity);
        let value = inner(self);
        self.path.pop();
        value
    }
}

/// The finished tree of a value.
pub(crate) fn to_value(value: &Val) -> Value {
    out(value, &mut Crossing::new())
}

fn out(value: &Val, to: &mut Crossing) -> Value {
    to.nodes = to.nodes.saturating_sub(1);
    match value {
        Val::Null | Val::Nothing => Value::Null,
        Val::Bool(b) => Value::Bool(*b),
        Val::Int(n) => Value::Int32(*n),
        Val::Long(n) => Value::Int64(*n),
        Val::Double(d) => Value::Double(*d),
        Val::Decimal(d) => Value::Decimal(*d),
        Val::BigInt(n) => Value::BigInt((**n).clone()),
        Val::Char(c) => Value::Char(*c),
        Val::Str(text) => Value::String(Arc::clone(text)),
        Val::DateTime(at) => Value::DateTime(*at),
        Val::TimeSpan(ticks) => Value::TimeSpan(bailiwick_objects::time::TimeSpan(*ticks)),
        Val::Guid(bytes) => Value::Guid(**bytes),
        Val::Version(parts) => Value::Version(parts.to_vec()),
        Val::Uri(text) => Value::Uri(Arc::clone(text)),
        Val::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
        Val::Array(array) => to.inside(Rc::as_ptr(array) as usize, |to| {
            Value::Array(array.items.borrow().iter().map(|item| out(item, to)).collect())
        }),
        Val::Table(cell) => {
            to.inside(Rc::as_ptr(cell) as usize, |to| Value::Hashtable(table_out(&cell.table.borrow(), to)))
        }
        Val::Object(object) => to.inside(Rc::as_ptr(object) as usize, |to| {
            let body = object.body.borrow();
            let values = body.values.iter().map(|item| out(item, to)).collect();
            Value::Object(Object { shape: Arc::clone(&body.shape), values })
        }),
        Val::Block(block) => Value::ScriptBlock(Arc::from(&*block.text)),
        Val::Regex(regex) => Value::Regex(Arc::clone(&regex.pattern)),
        Val::Secure(text) => Value::SecureString(Arc::clone(text)),
        Val::Error(fault) => to.inside(Rc::as_ptr(fault) as usize, |to| {
            let mut record = fault.record.clone();
            record.target = out(&fault.target, to);
            Value::Error(Box::new(record))
        }),
        Val::Type(of) => Value::string(of.full_name()),
    }
}

fn table_out(table: &Table, to: &mut Crossing) -> Hashtable {
    let entries = table.iter().map(|(key, value)| (key_out(key), out(value, to))).collect();
    Hashtable { ordered: table.ordered, entries }
}

/// Keys cross as scalars: what is none crosses as its text.
fn key_out(key: &Val) -> Value {
    match key {
        Val::Array(_) | Val::Table(_) | Val::Object(_) | Val::Error(_) | Val::Block(_) => {
            Value::from(display(key))
        }
        other => out(other, &mut Crossing::new()),
    }
}

/// The live form of a finished tree. Its depth is the decoder's affair.
pub(crate) fn to_live(value: &Value) -> Val {
    match value {
        Value::Null => Val::Null,
        Value::Bool(b) => Val::Bool(*b),
        Value::Int32(n) => Val::Int(*n),
        Value::Int64(n) => Val::Long(*n),
        Value::Double(d) => Val::Double(*d),
        Value::Decimal(d) => Val::Decimal(*d),
        Value::BigInt(n) => Val::BigInt(Rc::new(n.clone())),
        Value::Char(c) => Val::Char(*c),
        Value::String(text) => Val::Str(Arc::clone(text)),
        Value::DateTime(at) => Val::DateTime(*at),
        Value::TimeSpan(span) => Val::TimeSpan(span.0),
        Value::Guid(bytes) => Val::Guid(Rc::new(*bytes)),
        Value::Version(parts) => Val::Version(Rc::from(parts.as_slice())),
        Value::Uri(text) => Val::Uri(Arc::clone(text)),
        Value::Bytes(bytes) => Val::Bytes(Rc::from(bytes.as_slice())),
        Value::Array(items) => Val::array(items.iter().map(to_live).collect()),
        Value::Hashtable(table) => Val::table(table_live(table)),
        // A script block that comes from outside is text: nothing outside may put code here.
        Value::ScriptBlock(text) => Val::Str(Arc::clone(text)),
        Value::Regex(pattern) => {
            convert::regex(pattern, false).unwrap_or_else(|_| Val::Str(Arc::clone(pattern)))
        }
        Value::SecureString(text) => Val::Secure(Arc::clone(text)),
        Value::Error(record) => Val::Error(Rc::from(Fault::of_record((**record).clone()))),
        Value::Object(object) => {
            let values = object.values.iter().map(to_live).collect();
            let body = ObjBody { shape: Arc::clone(&object.shape), values };
            Val::Object(Rc::new(Obj { body: std::cell::RefCell::new(body) }))
        }
    }
}

/// A table of what came from outside.
pub(crate) fn table_live(table: &Hashtable) -> Table {
    let mut live = if table.ordered { Table::ordered() } else { Table::default() };
    for (key, value) in &table.entries {
        live.set(to_live(key), to_live(value));
    }
    live
}
