//! CBOR items, each of the one type that its place allows and in its shortest form. What the items mean is for
//! [`decode`](super::decode).

use std::sync::Arc;

use minicbor::Decoder;
use minicbor::data::Type;

use super::NAN_BITS;
use super::decode::DecodeError;

/// What reading gives.
pub(super) type Read<T> = Result<T, DecodeError>;

/// Reads items off bytes that nobody vouches for.
pub(super) struct Items<'b> {
    decoder: Decoder<'b>,
    bytes: &'b [u8],
}

impl<'b> Items<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { decoder: Decoder::new(bytes), bytes }
    }

    /// The offset of the next item.
    pub(super) fn at(&self) -> usize {
        self.decoder.position()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at() == self.bytes.len()
    }

    /// The bytes read from an offset on.
    pub(super) fn since(&self, start: usize) -> &'b [u8] {
        self.bytes.get(start..self.at()).unwrap_or_default()
    }

    pub(super) fn fail<T>(&self, what: &'static str) -> Read<T> {
        Err(DecodeError { what, at: self.at() })
    }

    /// The type of the next item.
    pub(super) fn kind(&self) -> Read<Type> {
        match self.decoder.datatype() {
            Ok(kind) => Ok(kind),
            Err(error) if error.is_end_of_input() => self.fail("end of the batch inside a value"),
            Err(_) => self.fail("item that no value is written as"),
        }
    }

    /// Reads an item whose head announces `head(item)`, in the shortest form.
    fn item<T>(
        &mut self,
        expected: impl FnOnce(Type) -> bool,
        read: impl FnOnce(&mut Decoder<'b>) -> Result<T, minicbor::decode::Error>,
        head: impl FnOnce(&T) -> (u64, usize),
    ) -> Read<T> {
        let start = self.at();
        let kind = self.kind()?;
        if !expected(kind) {
            return Err(DecodeError { what: wrong_kind(kind), at: start });
        }
        match read(&mut self.decoder) {
            Ok(item) => {
                let (announced, content) = head(&item);
                if self.at() - start == head_length(announced) + content {
                    Ok(item)
                } else {
                    Err(DecodeError { what: "number or length in a longer form than needed", at: start })
                }
            }
            Err(error) => {
                let what = if error.is_end_of_input() {
                    "end of the batch inside a value"
                } else if kind == Type::String {
                    "text that is not UTF-8"
                } else {
                    "malformed item"
                };
                Err(DecodeError { what, at: start })
            }
        }
    }

    /// How many items an array has. Each takes a byte at least, so more than there are bytes left is refused before
    /// anything is read.
    pub(super) fn array(&mut self) -> Read<u64> {
        let start = self.at();
        let length =
            self.item(|kind| kind == Type::Array, Decoder::array, |length| (length.unwrap_or(0), 0))?;
        let left = (self.bytes.len() - self.at()) as u64;
        match length {
            Some(length) if length <= left => Ok(length),
            Some(_) => Err(DecodeError { what: "end of the batch inside a value", at: start }),
            None => Err(DecodeError { what: "item without its length", at: start }),
        }
    }

    pub(super) fn text(&mut self) -> Read<Arc<str>> {
        let length = |text: &&str| (text.len() as u64, text.len());
        self.item(|kind| kind == Type::String, Decoder::str, length).map(Arc::from)
    }

    pub(super) fn byte_string(&mut self) -> Read<&'b [u8]> {
        self.item(|kind| kind == Type::Bytes, Decoder::bytes, |bytes| (bytes.len() as u64, bytes.len()))
    }

    pub(super) fn magnitude(&mut self) -> Read<&'b [u8]> {
        let bytes = self.byte_string()?;
        if bytes.first() == Some(&0) { self.fail("leading zero") } else { Ok(bytes) }
    }

    fn integer(&mut self) -> Read<i128> {
        let number = self.item(is_integer, Decoder::int, |number| {
            let number = i128::from(*number);
            // CBOR writes a negative number n as -1 - n.
            (u64::try_from(if number < 0 { -1 - number } else { number }).unwrap_or(u64::MAX), 0)
        })?;
        Ok(i128::from(number))
    }

    pub(super) fn signed(&mut self) -> Read<i64> {
        let number = self.integer()?;
        i64::try_from(number).or_else(|_| self.fail("integer out of range"))
    }

    pub(super) fn unsigned(&mut self) -> Read<u64> {
        let number = self.integer()?;
        u64::try_from(number).or_else(|_| self.fail("integer out of range"))
    }

    pub(super) fn narrow(&mut self) -> Read<u32> {
        let number = self.integer()?;
        u32::try_from(number).or_else(|_| self.fail("integer out of range"))
    }

    pub(super) fn double(&mut self) -> Read<f64> {
        let number = self.item(|kind| kind == Type::F64, Decoder::f64, |_| (0, 8))?;
        if number.is_nan() && number.to_bits() != NAN_BITS {
            return self.fail("not the one NaN");
        }
        Ok(number)
    }

    pub(super) fn bool(&mut self) -> Read<bool> {
        self.item(|kind| kind == Type::Bool, Decoder::bool, |_| (0, 0))
    }

    pub(super) fn null(&mut self) -> Read<()> {
        self.item(|kind| kind == Type::Null, Decoder::null, |()| (0, 0))
    }
}

pub(super) fn is_integer(kind: Type) -> bool {
    use Type::{I8, I16, I32, I64, Int, U8, U16, U32, U64};
    matches!(kind, U8 | U16 | U32 | U64 | I8 | I16 | I32 | I64 | Int)
}

fn wrong_kind(kind: Type) -> &'static str {
    match kind {
        Type::Tag => "tag",
        Type::ArrayIndef | Type::BytesIndef | Type::StringIndef | Type::MapIndef => "item without its length",
        _ => "item of another type than belongs here",
    }
}

/// Bytes of the shortest head that announces a number.
fn head_length(number: u64) -> usize {
    match number {
        0..=23 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}
