//! The macros that give a list of fields both directions of its form: pairs of a map, keys ascending. Messages and the
//! records inside them use the same.

/// Writes the head of a map and its pairs; `extra` pairs, written by `first`, come before them.
macro_rules! write_fields {
    ($of:ident, $out:ident, $extra:literal, $first:expr, $( $key:literal $field:ident ),*) => {{
        let absent = [$( $crate::cbor::Field::is_absent(&$of.$field) ),*];
        $out.map($extra + absent.iter().filter(|absent| !**absent).count());
        $first;
        $( if !$crate::cbor::Field::is_absent(&$of.$field) {
            $out.unsigned($key);
            $crate::cbor::Field::write(&$of.$field, $out);
        } )*
    }};
}

/// Reads a range of pairs of a map, their keys above `last`, as the fields of a struct; an expression with `?` inside.
macro_rules! read_fields {
    ($name:ident, $from:ident, $pairs:expr, $last:expr, $( $key:literal $field:ident: $type:ty ),*) => {{
        $( let mut $field: Option<$type> = None; )*
        let mut last: Option<u64> = $last;
        for _ in $pairs {
            let key = $from.key(last)?;
            last = Some(key);
            match key {
                $( $key => {
                    let value = <$type as $crate::cbor::Field>::read($from);
                    $field = Some(value.map_err(|fault| fault.in_field(stringify!($field)))?);
                } )*
                _ => return Err($from.fault("it has a key that this version does not know")),
            }
        }
        Ok($name {
            $( $field: match $field.or_else(<$type as $crate::cbor::Field>::absent) {
                Some(value) => value,
                None => return Err($from.fault("it is missing").in_field(stringify!($field))),
            }, )*
        })
    }};
}

/// Implements `Field` for a struct as a map of its fields.
macro_rules! record {
    ($name:ident { $( $key:literal $field:ident : $type:ty ),* $(,)? }) => {
        impl $crate::cbor::Field for $name {
            fn write(&self, out: &mut $crate::cbor::Writer) {
                write_fields!(self, out, 0, (), $( $key $field ),*);
            }
            fn read(from: &mut $crate::cbor::Reader<'_>) -> Result<Self, $crate::cbor::Malformed> {
                let pairs = from.map()?;
                read_fields!(Self, from, 0..pairs, None, $( $key $field: $type ),*)
            }
        }
    };
}
