//! Values to bytes.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;

use minicbor::Encoder;
use minicbor::data::Int;
use num_bigint::Sign;
use rust_decimal::Decimal;

use super::{MAX_DEPTH, NAN_BITS, VERSION, code, kind};
use crate::error_record::ErrorRecord;
use crate::time::{DateTime, Kind};
use crate::value::{Hashtable, Object, Shape, Value};

/// Encodes values as one batch.
///
/// What is nested deeper than [`MAX_DEPTH`] is written as the text of its type name, as PowerShell's own
/// serialisers do: a batch that was encoded can always be decoded. [`Value::is_deeper_than`] tells beforehand.
pub fn encode(values: &[Value]) -> Vec<u8> {
    let mut writer = BatchWriter::new();
    for value in values {
        writer.push(value);
    }
    writer.take()
}

/// Builds batches value by value, for those who write records as they come.
#[derive(Debug, Default)]
pub struct BatchWriter {
    shapes: Shapes,
    values: Sink,
    count: u64,
}

impl BatchWriter {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a value.
    pub fn push(&mut self, value: &Value) {
        write_value(&mut self.values, &mut self.shapes, value, MAX_DEPTH);
        self.count = self.count.saturating_add(1);
    }

    /// How many values it holds.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// About how many bytes [`take`](Self::take) will give.
    pub fn bytes(&self) -> usize {
        self.shapes.encoded.len() + self.values.len()
    }

    /// The finished batch; the writer is empty again.
    pub fn take(&mut self) -> Vec<u8> {
        let Self { shapes, values, count } = std::mem::take(self);
        let mut out = Sink::default();
        out.array(3);
        out.number(VERSION);
        out.array(shapes.known.len() as u64);
        let mut bytes = out.finish();
        bytes.extend_from_slice(&shapes.encoded.finish());
        let mut head = Sink::default();
        head.array(count);
        bytes.extend_from_slice(&head.finish());
        bytes.extend_from_slice(&values.finish());
        bytes
    }
}

/// The shapes of a batch, numbered in the order of their first use.
#[derive(Debug, Default)]
struct Shapes {
    known: HashMap<Arc<Shape>, u64>,
    /// Most objects of a batch have the shape of the one before them.
    last: Option<(Arc<Shape>, u64)>,
    encoded: Sink,
}

impl Shapes {
    fn index(&mut self, shape: &Arc<Shape>) -> u64 {
        if let Some((last, index)) = &self.last
            && Arc::ptr_eq(last, shape)
        {
            return *index;
        }
        let index = match self.known.get(shape) {
            Some(index) => *index,
            None => {
                let index = self.known.len() as u64;
                self.known.insert(Arc::clone(shape), index);
                self.encoded.array(2);
                for names in [&shape.type_names, &shape.properties] {
                    self.encoded.array(names.len() as u64);
                    names.iter().for_each(|name| self.encoded.text(name));
                }
                index
            }
        };
        self.last = Some((Arc::clone(shape), index));
        index
    }
}

fn write_value(out: &mut Sink, shapes: &mut Shapes, value: &Value, depth: u32) {
    match value {
        Value::Null => out.null(),
        Value::Bool(value) => out.bool(*value),
        Value::Int32(value) => out.number(*value),
        Value::Int64(value) if i32::try_from(*value).is_err() => out.number(*value),
        Value::Int64(value) => {
            out.open(code::INT64, 1);
            out.number(*value);
        }
        Value::Double(value) => out.double(*value),
        Value::Decimal(value) => write_decimal(out, value),
        Value::BigInt(value) => {
            out.open(code::BIGINT, 2);
            out.bool(value.sign() == Sign::Minus);
            out.magnitude(&value.magnitude().to_bytes_be());
        }
        Value::Char(value) => {
            out.open(code::CHAR, 1);
            out.number(u32::from(*value));
        }
        Value::String(text) => out.text(text),
        Value::DateTime(value) => write_datetime(out, value),
        Value::TimeSpan(value) => {
            out.open(code::TIMESPAN, 1);
            out.number(value.0);
        }
        Value::Guid(bytes) => {
            out.open(code::GUID, 1);
            out.bytes(bytes);
        }
        Value::Version(parts) => {
            out.open(code::VERSION, parts.len() as u64);
            parts.iter().for_each(|part| out.number(*part));
        }
        Value::Uri(text) => out.coded_text(code::URI, text),
        Value::Bytes(bytes) => out.bytes(bytes),
        Value::ScriptBlock(text) => out.coded_text(code::SCRIPT_BLOCK, text),
        Value::Regex(text) => out.coded_text(code::REGEX, text),
        Value::SecureString(text) => out.coded_text(code::SECURE_STRING, text),
        Value::Array(_) | Value::Hashtable(_) | Value::Error(_) | Value::Object(_) => {
            match depth.checked_sub(1) {
                Some(depth) => write_nested(out, shapes, value, depth),
                None => out.text(value.type_name()),
            }
        }
    }
}

fn write_nested(out: &mut Sink, shapes: &mut Shapes, value: &Value, depth: u32) {
    match value {
        Value::Array(items) => {
            out.open(code::ARRAY, items.len() as u64);
            items.iter().for_each(|item| write_value(out, shapes, item, depth));
        }
        Value::Hashtable(table) => write_hashtable(out, shapes, table, depth),
        Value::Error(record) => write_error(out, shapes, record, depth),
        Value::Object(object) => write_object(out, shapes, object, depth),
        _ => write_value(out, shapes, value, depth),
    }
}

/// An object has one value for each name of its shape: missing ones are null, further ones have no name.
fn write_object(out: &mut Sink, shapes: &mut Shapes, object: &Object, depth: u32) {
    let properties = object.shape.properties.len();
    out.open(code::OBJECT, properties as u64 + 1);
    out.number(shapes.index(&object.shape));
    for value in object.values.iter().chain(std::iter::repeat(&Value::Null)).take(properties) {
        write_value(out, shapes, value, depth);
    }
}

fn write_hashtable(out: &mut Sink, shapes: &mut Shapes, table: &Hashtable, depth: u32) {
    out.open(code::HASHTABLE, table.entries.len() as u64 * 2 + 1);
    out.bool(table.ordered);
    for (key, value) in &table.entries {
        write_value(out, shapes, key, depth);
        write_value(out, shapes, value, depth);
    }
}

fn write_error(out: &mut Sink, shapes: &mut Shapes, record: &ErrorRecord, depth: u32) {
    out.open(code::ERROR, 8);
    out.text(&record.id);
    out.number(record.category as u8);
    out.text(&record.message);
    write_value(out, shapes, &record.target, depth);
    out.text(&record.command);
    match &record.position {
        None => out.null(),
        Some(position) => {
            out.array(3);
            out.number(position.line);
            out.number(position.column);
            out.text(&position.text);
        }
    }
    out.text(&record.help);
    match &record.refusal {
        None => out.null(),
        Some(refusal) => out.text(&refusal.rule),
    }
}

fn write_decimal(out: &mut Sink, value: &Decimal) {
    out.open(code::DECIMAL, 3);
    out.bool(value.is_sign_negative() && !value.is_zero());
    out.number(value.scale());
    out.magnitude(&value.mantissa().unsigned_abs().to_be_bytes());
}

fn write_datetime(out: &mut Sink, value: &DateTime) {
    match value.kind {
        Kind::Local { offset } => {
            out.open(code::DATETIME, 3);
            out.number(value.ticks);
            out.number(kind::LOCAL);
            out.number(offset);
        }
        other => {
            out.open(code::DATETIME, 2);
            out.number(value.ticks);
            out.number(if other == Kind::Utc { kind::UTC } else { kind::UNSPECIFIED });
        }
    }
}

/// CBOR items into memory.
#[derive(Debug)]
struct Sink(Encoder<Vec<u8>>);

impl Default for Sink {
    fn default() -> Self {
        Self(Encoder::new(Vec::new()))
    }
}

/// Appending to a vector does not fail.
fn written<T>(_: Result<T, minicbor::encode::Error<Infallible>>) {}

impl Sink {
    fn len(&self) -> usize {
        self.0.writer().len()
    }

    fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }

    /// The head of a value that is not plain, with so many items after its code.
    fn open(&mut self, code: u32, items: u64) {
        self.array(items.saturating_add(1));
        self.number(code);
    }

    fn coded_text(&mut self, code: u32, text: &str) {
        self.open(code, 1);
        self.text(text);
    }

    fn array(&mut self, items: u64) {
        written(self.0.array(items));
    }

    fn number(&mut self, number: impl Into<Int>) {
        written(self.0.int(number.into()));
    }

    fn text(&mut self, text: &str) {
        written(self.0.str(text));
    }

    fn bytes(&mut self, bytes: &[u8]) {
        written(self.0.bytes(bytes));
    }

    /// An unsigned number, big-endian, without leading zeros; zero is empty.
    fn magnitude(&mut self, bytes: &[u8]) {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        self.bytes(bytes.get(start..).unwrap_or_default());
    }

    fn double(&mut self, number: f64) {
        written(self.0.f64(if number.is_nan() { f64::from_bits(NAN_BITS) } else { number }));
    }

    fn bool(&mut self, value: bool) {
        written(self.0.bool(value));
    }

    fn null(&mut self) {
        written(self.0.null());
    }
}
