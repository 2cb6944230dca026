//! The CBOR that messages use: unsigned numbers, booleans, text, bytes, arrays and maps of definite length, every head
//! in its shortest form, map keys ascending. So each message has one encoding, a duplicate key cannot be said, and
//! nothing nests deeper than the types do.
//!
//! The reader never reserves memory by a length it read: it only hands out slices of bytes that are there.

/// Writes one message's body.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    pub(crate) bytes: Vec<u8>,
}

/// Reads one message's body.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
}

/// Why a body is not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) what: &'static str,
    pub(crate) field: &'static str,
    pub(crate) at: usize,
}

/// A type that stands as a value in a map.
pub(crate) trait Field: Sized {
    fn write(&self, out: &mut Writer);
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// The pair is left out altogether.
    fn is_absent(&self) -> bool {
        false
    }

    /// What a pair that was left out means; nothing: it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

const UNSIGNED: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const FALSE: u8 = 0xf4;
const TRUE: u8 = 0xf5;

impl Writer {
    fn head(&mut self, major: u8, argument: u64) {
        let major = major << 5;
        if let Ok(small) = u8::try_from(argument) {
            if small < 24 {
                self.bytes.push(major | small);
            } else {
                self.bytes.extend([major | 24, small]);
            }
        } else if let Ok(argument) = u16::try_from(argument) {
            self.bytes.push(major | 25);
            self.bytes.extend(argument.to_be_bytes());
        } else if let Ok(argument) = u32::try_from(argument) {
            self.bytes.push(major | 26);
            self.bytes.extend(argument.to_be_bytes());
        } else {
            self.bytes.push(major | 27);
            self.bytes.extend(argument.to_be_bytes());
        }
    }

    pub(crate) fn map(&mut self, pairs: usize) {
        self.head(MAP, pairs as u64);
    }

    pub(crate) fn unsigned(&mut self, number: u64) {
        self.head(UNSIGNED, number);
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(body: &'a [u8]) -> Self {
        Self { rest: body, length: body.len() }
    }

    pub(crate) fn fault(&self, what: &'static str) -> Malformed {
        Malformed { what, field: "", at: self.length - self.rest.len() }
    }

    fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let taken = usize::try_from(length).ok().and_then(|length| self.rest.split_at_checked(length));
        let Some((taken, rest)) = taken else { return Err(self.fault("the bytes end inside a value")) };
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Malformed> {
        match self.take(1)? {
            [byte] => Ok(*byte),
            _ => Err(self.fault("the bytes end inside a value")),
        }
    }

    fn head(&mut self, major: u8, wrong: &'static str) -> Result<u64, Malformed> {
        match self.rest.first() {
            Some(first) if first >> 5 == major => {}
            Some(_) => return Err(self.fault(wrong)),
            None => return Err(self.fault("the bytes end inside a value")),
        }
        let (argument, least) = match self.byte()? & 0x1f {
            small @ 0..24 => (u64::from(small), 0),
            24 => (self.big_endian(1)?, 24),
            25 => (self.big_endian(2)?, 1 << 8),
            26 => (self.big_endian(4)?, 1 << 16),
            27 => (self.big_endian(8)?, 1 << 32),
            _ => return Err(self.fault("a length is indefinite or reserved")),
        };
        if argument < least {
            return Err(self.fault("a number is not in its shortest form"));
        }
        Ok(argument)
    }

    fn big_endian(&mut self, bytes: u64) -> Result<u64, Malformed> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    pub(crate) fn unsigned(&mut self) -> Result<u64, Malformed> {
        self.head(UNSIGNED, "it is not an unsigned number")
    }

    pub(crate) fn map(&mut self) -> Result<u64, Malformed> {
        self.head(MAP, "it is not a map")
    }

    /// The next key of a map: above the last one.
    pub(crate) fn key(&mut self, above: Option<u64>) -> Result<u64, Malformed> {
        let key = self.unsigned()?;
        if above.is_some_and(|last| key <= last) {
            return Err(self.fault("its keys are not ascending"));
        }
        Ok(key)
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault("bytes follow the message")) }
    }
}

impl Malformed {
    pub(crate) fn in_field(self, field: &'static str) -> Self {
        // The innermost name is the most exact one.
        if self.field.is_empty() { Self { field, ..self } } else { self }
    }
}

impl Field for u64 {
    fn write(&self, out: &mut Writer) {
        out.unsigned(*self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.unsigned()
    }
}

impl Field for u32 {
    fn write(&self, out: &mut Writer) {
        out.unsigned(u64::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::try_from(from.unsigned()?).map_err(|_| from.fault("the number is too large"))
    }
}

impl Field for u16 {
    fn write(&self, out: &mut Writer) {
        out.unsigned(u64::from(*self));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::try_from(from.unsigned()?).map_err(|_| from.fault("the number is too large"))
    }
}

impl Field for bool {
    fn write(&self, out: &mut Writer) {
        out.bytes.push(if *self { TRUE } else { FALSE });
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.byte()? {
            FALSE => Ok(false),
            TRUE => Ok(true),
            _ => Err(from.fault("it is not a boolean")),
        }
    }
}

impl Field for String {
    fn write(&self, out: &mut Writer) {
        out.head(TEXT, self.len() as u64);
        out.bytes.extend(self.as_bytes());
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.head(TEXT, "it is not text")?;
        let bytes = from.take(length)?;
        str::from_utf8(bytes).map(str::to_owned).map_err(|_| from.fault("it is not UTF-8"))
    }
}

impl Field for Vec<u8> {
    fn write(&self, out: &mut Writer) {
        out.head(BYTES, self.len() as u64);
        out.bytes.extend(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.head(BYTES, "it is not bytes")?;
        from.take(length).map(<[u8]>::to_vec)
    }
}

impl Field for [u8; 16] {
    fn write(&self, out: &mut Writer) {
        out.head(BYTES, 16);
        out.bytes.extend(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.head(BYTES, "it is not bytes")?;
        <Self>::try_from(from.take(length)?).map_err(|_| from.fault("an identifier is 16 bytes"))
    }
}

impl<T: Field> Field for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.head(ARRAY, self.len() as u64);
        self.iter().for_each(|item| item.write(out));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.head(ARRAY, "it is not an array")?;
        // Grows as items are read: each took at least one byte of what was received.
        let mut items = Self::new();
        for _ in 0..length {
            items.push(T::read(from)?);
        }
        Ok(items)
    }
}

impl<T: Field> Field for Option<T> {
    fn write(&self, out: &mut Writer) {
        if let Some(value) = self {
            value.write(out);
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        T::read(from).map(Some)
    }
    fn is_absent(&self) -> bool {
        self.is_none()
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}
