//! Objects that came over the wire are not the live ones: their type names begin with `Deserialized.`, as PowerShell
//! has it. Scalars, tables and error records stay what they are.

use std::sync::Arc;

use bailiwick_objects::Value;
use bailiwick_objects::value::Shape;

const PREFIX: &str = "Deserialized.";

/// Marks the objects among these values, nested ones too.
pub(crate) fn mark(values: &mut [Value]) {
    let mut last = None;
    values.iter_mut().for_each(|value| mark_one(value, &mut last));
}

/// Objects of one shape mostly stand together: the last shape and what became of it.
type Last = Option<(Arc<Shape>, Arc<Shape>)>;

fn mark_one(value: &mut Value, last: &mut Last) {
    match value {
        Value::Object(object) => {
            let known = last.as_ref().filter(|(from, _)| Arc::ptr_eq(from, &object.shape));
            let marked = match known {
                Some((_, marked)) => marked.clone(),
                None => {
                    let marked = Arc::new(renamed(&object.shape));
                    *last = Some((object.shape.clone(), marked.clone()));
                    marked
                }
            };
            object.shape = marked;
            object.values.iter_mut().for_each(|value| mark_one(value, last));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mark_one(item, last)),
        Value::Hashtable(table) => table.entries.iter_mut().for_each(|(_, value)| mark_one(value, last)),
        _ => {}
    }
}

fn renamed(shape: &Shape) -> Shape {
    let rename = |name: &Arc<str>| {
        if name.starts_with(PREFIX) { name.clone() } else { Arc::from(format!("{PREFIX}{name}")) }
    };
    Shape { type_names: shape.type_names.iter().map(rename).collect(), properties: shape.properties.clone() }
}

#[cfg(test)]
mod tests {
    use bailiwick_objects::{Hashtable, Object};

    use super::*;

    fn names(value: &Value) -> Vec<String> {
        let Value::Object(object) = value else { panic!("not an object") };
        object.shape.type_names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn objects_are_marked_once_and_wherever_they_stand() {
        let inner = Value::Object(Object::new("Inner", [("x", Value::Int32(1))]));
        let table = Value::Hashtable(Hashtable::of([("k", inner.clone())]));
        let outer = Object::new("Deserialized.Outer", [("a", Value::Array(vec![inner])), ("t", table)]);
        let mut values = [Value::Object(outer)];
        mark(&mut values);
        mark(&mut values);
        assert_eq!(names(&values[0]), ["Deserialized.Outer"]);
        let Value::Object(outer) = &values[0] else { panic!("not an object") };
        let Some(Value::Array(items)) = outer.get("a") else { panic!("not an array") };
        assert_eq!(names(&items[0]), ["Deserialized.Inner"]);
        let Some(Value::Hashtable(table)) = outer.get("t") else { panic!("not a table") };
        assert_eq!(names(table.get("k").unwrap()), ["Deserialized.Inner"]);
    }

    #[test]
    fn scalars_stay_what_they_are() {
        let mut values = [Value::Int32(1), Value::string("x"), Value::Null];
        mark(&mut values);
        assert_eq!(values, [Value::Int32(1), Value::string("x"), Value::Null]);
    }
}
