//! Bytes to values: total and strict. Everything here may come from a hostile guest or peer.

use std::borrow::Cow;
use std::sync::Arc;

use minicbor::data::Type;
use num_bigint::{BigInt, Sign};
use rust_decimal::Decimal;

use super::items::{Items, Read, is_integer};
use super::{VERSION, code, kind};
use crate::error_record::{ErrorCategory, ErrorRecord, Position, Refusal};
use crate::time::{DateTime, Kind, TimeSpan};
use crate::value::{Hashtable, Object, Shape, Value};

/// What a decoder accepts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Nesting of arrays, hashtables, objects and error records; more than [`Limits::DEEPEST`] counts as that.
    pub depth: u32,
    /// Bytes of one batch.
    pub bytes: usize,
}

impl Limits {
    /// The decoder calls itself for each level: this many fit any thread's stack.
    pub const DEEPEST: u32 = 128;
}

impl Default for Limits {
    /// Depth 64, 16 MiB.
    fn default() -> Self {
        Self { depth: super::MAX_DEPTH, bytes: 16 << 20 }
    }
}

/// Why bytes are not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} at byte {at}")]
pub struct DecodeError {
    /// What is wrong.
    pub what: &'static str,
    /// Offset in bytes.
    pub at: usize,
}

/// Decodes one batch, strictly.
///
/// The memory it takes is a fixed multiple of the length of `bytes`, whatever they announce.
///
/// # Errors
/// Anything but one whole batch in its one form, within the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Vec<Value>, DecodeError> {
    if bytes.len() > limits.bytes {
        return Err(DecodeError { what: "batch larger than allowed", at: limits.bytes });
    }
    let mut reader = Reader { items: Items::new(bytes), shapes: Vec::new(), shapes_used: 0 };
    reader.batch(limits.depth.min(Limits::DEEPEST))
}

/// What a decoder knows of the batch beside its [`Items`].
struct Reader<'b> {
    items: Items<'b>,
    shapes: Vec<Arc<Shape>>,
    /// How many of the shapes objects have referred to: a new one is the next.
    shapes_used: usize,
}

impl<'b> Reader<'b> {
    fn batch(&mut self, depth: u32) -> Read<Vec<Value>> {
        if self.items.array()? != 3 {
            return self.items.fail("not an array of version, shapes and values");
        }
        if self.items.unsigned()? != u64::from(VERSION) {
            return self.items.fail("unknown version of the batch form");
        }
        self.shape_table()?;
        let count = self.items.array()?;
        let values = self.values(count, depth)?;
        if self.shapes_used != self.shapes.len() {
            return self.items.fail("shape that no object uses");
        }
        if !self.items.is_at_end() {
            return self.items.fail("bytes after the batch");
        }
        Ok(values)
    }

    fn shape_table(&mut self) -> Read<()> {
        let mut written = Vec::new();
        for _ in 0..self.items.array()? {
            let start = self.items.at();
            if self.items.array()? != 2 {
                return self.items.fail("shape is not type names and property names");
            }
            let type_names = self.names()?;
            let properties = self.names()?;
            self.distinct(properties.iter().map(|name| folded(name)).collect(), "property named twice")?;
            written.push(Cow::Borrowed(self.items.since(start)));
            self.shapes.push(Arc::new(Shape { type_names, properties }));
        }
        self.distinct(written, "shape written twice")
    }

    fn names(&mut self) -> Read<Vec<Arc<str>>> {
        let mut names = Vec::new();
        for _ in 0..self.items.array()? {
            names.push(self.items.text()?);
        }
        Ok(names)
    }

    fn values(&mut self, count: u64, depth: u32) -> Read<Vec<Value>> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(self.value(depth)?);
        }
        Ok(items)
    }

    fn value(&mut self, depth: u32) -> Read<Value> {
        match self.items.kind()? {
            Type::Null => self.items.null().map(|()| Value::Null),
            Type::Bool => self.items.bool().map(Value::Bool),
            Type::F64 => self.items.double().map(Value::Double),
            Type::String => self.items.text().map(Value::String),
            Type::Bytes => self.items.byte_string().map(|bytes| Value::Bytes(bytes.to_vec())),
            Type::Array => self.coded(depth),
            kind if is_integer(kind) => self.plain_integer(),
            Type::Tag => self.items.fail("tag"),
            _ => self.items.fail("item that no value is written as"),
        }
    }

    fn plain_integer(&mut self) -> Read<Value> {
        let number = self.items.signed()?;
        Ok(i32::try_from(number).map_or(Value::Int64(number), Value::Int32))
    }

    /// A value that is not plain: an array opened by its code.
    fn coded(&mut self, depth: u32) -> Read<Value> {
        let items = self.items.array()?;
        let Some(items) = items.checked_sub(1) else {
            return self.items.fail("empty array where a code opens it");
        };
        let code = self.items.unsigned()?;
        let Ok(code) = u32::try_from(code) else {
            return self.items.fail("unknown code");
        };
        match code {
            code::ARRAY | code::OBJECT | code::HASHTABLE | code::ERROR => match depth.checked_sub(1) {
                Some(depth) => self.nested(code, items, depth),
                None => self.items.fail("nested deeper than allowed"),
            },
            code::DATETIME => self.datetime(items),
            code::VERSION => self.version(items),
            code::DECIMAL => self.counted(items, 3, Self::decimal),
            code::BIGINT => self.counted(items, 2, Self::bigint),
            code::INT64 => self.counted(items, 1, Self::int64),
            code::TIMESPAN => {
                self.counted(items, 1, |r| r.items.signed().map(|ticks| Value::TimeSpan(TimeSpan(ticks))))
            }
            code::CHAR => self.counted(items, 1, Self::char),
            code::GUID => self.counted(items, 1, Self::guid),
            code::URI => self.counted(items, 1, |r| r.items.text().map(Value::Uri)),
            code::SCRIPT_BLOCK => self.counted(items, 1, |r| r.items.text().map(Value::ScriptBlock)),
            code::REGEX => self.counted(items, 1, |r| r.items.text().map(Value::Regex)),
            code::SECURE_STRING => self.counted(items, 1, |r| r.items.text().map(Value::SecureString)),
            _ => self.items.fail("unknown code"),
        }
    }

    fn counted(
        &mut self,
        items: u64,
        expected: u64,
        read: impl FnOnce(&mut Self) -> Read<Value>,
    ) -> Read<Value> {
        if items == expected { read(self) } else { self.items.fail("wrong number of items for the code") }
    }

    fn nested(&mut self, code: u32, items: u64, depth: u32) -> Read<Value> {
        match code {
            code::ARRAY => self.values(items, depth).map(Value::Array),
            code::OBJECT => self.object(items, depth),
            code::HASHTABLE => self.hashtable(items, depth),
            _ => self.counted(items, 8, |r| r.error_record(depth)),
        }
    }

    fn object(&mut self, items: u64, depth: u32) -> Read<Value> {
        let index = usize::try_from(self.unsigned_after(items)?).unwrap_or(usize::MAX);
        let Some(shape) = self.shapes.get(index).map(Arc::clone) else {
            return self.items.fail("no shape of this number");
        };
        if index > self.shapes_used {
            return self.items.fail("shapes not in the order of their first use");
        }
        if index == self.shapes_used {
            self.shapes_used += 1;
        }
        if items - 1 != shape.properties.len() as u64 {
            return self.items.fail("not one value for each property of the shape");
        }
        let values = self.values(items - 1, depth)?;
        Ok(Value::Object(Object { shape, values }))
    }

    fn unsigned_after(&mut self, items: u64) -> Read<u64> {
        if items == 0 { self.items.fail("object without a shape") } else { self.items.unsigned() }
    }

    fn hashtable(&mut self, items: u64, depth: u32) -> Read<Value> {
        if items.is_multiple_of(2) {
            return self.items.fail("hashtable whose keys and values do not pair");
        }
        let ordered = self.items.bool()?;
        let mut entries = Vec::new();
        let mut keys = Vec::new();
        for _ in 0..items / 2 {
            let start = self.items.at();
            let key = self.value(depth)?;
            keys.push(match &key {
                Value::Null => return self.items.fail("null as a key"),
                Value::String(text) => folded(text),
                // A value has one encoding: equal bytes are equal keys.
                _ => Cow::Borrowed(self.items.since(start)),
            });
            entries.push((key, self.value(depth)?));
        }
        self.distinct(keys, "key written twice")?;
        Ok(Value::Hashtable(Hashtable { ordered, entries }))
    }

    fn error_record(&mut self, depth: u32) -> Read<Value> {
        let id = self.items.text()?;
        let category = u8::try_from(self.items.unsigned()?).ok().and_then(ErrorCategory::from_number);
        let Some(category) = category else {
            return self.items.fail("unknown error category");
        };
        let message = self.items.text()?;
        let target = self.value(depth)?;
        let command = self.items.text()?;
        let position = self.optional(Self::position)?;
        let help = self.items.text()?;
        let refusal = self.optional(|r| r.items.text().map(|rule| Refusal { rule }))?;
        let record = ErrorRecord { id, category, message, target, command, position, help, refusal };
        Ok(Value::Error(Box::new(record)))
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.items.kind()? == Type::Null { self.items.null().map(|()| None) } else { read(self).map(Some) }
    }

    fn position(&mut self) -> Read<Position> {
        if self.items.array()? != 3 {
            return self.items.fail("position is not line, column and text");
        }
        Ok(Position { line: self.items.narrow()?, column: self.items.narrow()?, text: self.items.text()? })
    }

    fn int64(&mut self) -> Read<Value> {
        let number = self.items.signed()?;
        if i32::try_from(number).is_err() {
            return self.items.fail("number or length in a longer form than needed");
        }
        Ok(Value::Int64(number))
    }

    fn decimal(&mut self) -> Read<Value> {
        let negative = self.items.bool()?;
        let scale = self.items.narrow()?;
        let magnitude = self.items.magnitude()?;
        if scale > Decimal::MAX_SCALE || magnitude.len() > 12 || (negative && magnitude.is_empty()) {
            return self.items.fail("not a decimal");
        }
        let word = |bytes: &[u8]| bytes.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        let mut words = magnitude.rchunks(4).map(word);
        let (low, middle, high) = (words.next(), words.next(), words.next());
        let [low, middle, high] = [low, middle, high].map(Option::unwrap_or_default);
        Ok(Value::Decimal(Decimal::from_parts(low, middle, high, negative, scale)))
    }

    fn bigint(&mut self) -> Read<Value> {
        let negative = self.items.bool()?;
        let magnitude = self.items.magnitude()?;
        if negative && magnitude.is_empty() {
            return self.items.fail("negative zero");
        }
        let sign = if negative { Sign::Minus } else { Sign::Plus };
        Ok(Value::BigInt(BigInt::from_bytes_be(sign, magnitude)))
    }

    fn char(&mut self) -> Read<Value> {
        let number = self.items.narrow()?;
        char::from_u32(number)
            .map_or_else(|| self.items.fail("not a character"), |value| Ok(Value::Char(value)))
    }

    fn guid(&mut self) -> Read<Value> {
        let bytes = self.items.byte_string()?;
        bytes
            .try_into()
            .map_or_else(|_| self.items.fail("guid is not 16 bytes"), |bytes| Ok(Value::Guid(bytes)))
    }

    fn version(&mut self, items: u64) -> Read<Value> {
        if !(2..=4).contains(&items) {
            return self.items.fail("version does not have two to four parts");
        }
        let mut parts = Vec::new();
        for _ in 0..items {
            parts.push(self.items.narrow()?);
        }
        Ok(Value::Version(parts))
    }

    fn datetime(&mut self, items: u64) -> Read<Value> {
        if !(2..=3).contains(&items) {
            return self.items.fail("wrong number of items for the code");
        }
        let ticks = self.items.signed()?;
        if !(0..=DateTime::MAX_TICKS).contains(&ticks) {
            return self.items.fail("datetime out of range");
        }
        let kind = match (self.items.narrow()?, items) {
            (kind::UNSPECIFIED, 2) => Kind::Unspecified,
            (kind::UTC, 2) => Kind::Utc,
            (kind::LOCAL, 3) => match i16::try_from(self.items.signed()?) {
                Ok(offset) if offset.unsigned_abs() <= DateTime::MAX_OFFSET => Kind::Local { offset },
                _ => return self.items.fail("offset out of range"),
            },
            _ => return self.items.fail("unknown kind of datetime"),
        };
        Ok(Value::DateTime(DateTime { ticks, kind }))
    }

    fn distinct(&self, mut names: Vec<Cow<'_, [u8]>>, what: &'static str) -> Read<()> {
        names.sort_unstable();
        let twice = names.iter().zip(names.iter().skip(1)).any(|(one, other)| one == other);
        if twice { self.items.fail(what) } else { Ok(()) }
    }
}

/// A name without ASCII case. It stands for its encoding among other keys: the text's major type keeps it apart.
fn folded(text: &str) -> Cow<'static, [u8]> {
    let mut bytes = Vec::with_capacity(text.len() + 1);
    // 0x60 opens CBOR text; no other key's encoding starts with it and holds the same bytes.
    bytes.push(0x60);
    bytes.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
    Cow::Owned(bytes)
}
