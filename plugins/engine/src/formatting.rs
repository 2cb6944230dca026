//! The exported formatter.

use std::cell::RefCell;

use bailiwick_language::format;
use bailiwick_objects::Value;

use crate::bindings::{formatting as wit, metadata};
use crate::{Engine, convert};

/// A formatter until it is finished.
#[derive(Debug)]
pub struct Formatter(RefCell<Option<format::Formatter>>);

impl wit::Guest for Engine {
    type Formatter = Formatter;

    fn error_text(objects: Vec<u8>, width: u32) -> Result<String, String> {
        match convert::values(&objects) {
            Ok(values) => match values.as_slice() {
                [Value::Error(record)] => Ok(format::error_text(record, width)),
                _ => Err("cannot format the error: the batch is not one error record".into()),
            },
            Err(record) => Err(record.message.to_string()),
        }
    }
}

impl wit::GuestFormatter for Formatter {
    fn new(width: u32, views: Vec<metadata::View>) -> Self {
        let views = views.into_iter().map(convert::view).collect();
        Self(RefCell::new(Some(format::Formatter::new(width, views))))
    }

    fn push(&self, objects: Vec<u8>) -> Result<String, String> {
        let values = convert::values(&objects).map_err(|record| record.message.to_string())?;
        match self.0.borrow_mut().as_mut() {
            Some(formatter) => Ok(formatter.push(&values)),
            None => Err("cannot format more objects: the formatter is finished".into()),
        }
    }

    fn finish(&self) -> String {
        self.0.borrow_mut().take().map(format::Formatter::finish).unwrap_or_default()
    }
}
