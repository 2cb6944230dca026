//! The form of default views, which a client needs to show a session's objects.

use bailiwick_objects::metadata::{Alignment, Column, View};

use crate::cbor::{Field, Malformed, Reader, Writer};

record! { Column { 1 label: String, 2 property: String, 3 width: Option<u32>, 4 alignment: Alignment } }

record! {
    View { 1 type_name: String, 2 columns: Vec<Column>, 3 group_by: Option<Column>, 4 properties: Vec<String> }
}

impl Field for Alignment {
    fn write(&self, out: &mut Writer) {
        out.unsigned(match self {
            Self::Left => 0,
            Self::Right => 1,
        });
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.unsigned()? {
            0 => Ok(Self::Left),
            1 => Ok(Self::Right),
            _ => Err(from.fault("the number is none of the list")),
        }
    }
}
