//! Hashtables: string keys compare without case, other keys by type and value.

use std::rc::Rc;

use indexmap::IndexMap;

use super::value::Val;

/// A hashtable in order of insertion.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    entries: IndexMap<Key, (Val, Val)>,
    /// Made by `[ordered]`.
    pub ordered: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Bool(bool),
    Int(i32),
    Long(i64),
    Bits(u64),
    Char(char),
    Shown(&'static str, String),
    Identity(usize),
}

fn key_of(value: &Val) -> Key {
    match value {
        Val::Str(text) => Key::Text(text.to_lowercase()),
        Val::Bool(b) => Key::Bool(*b),
        Val::Int(n) => Key::Int(*n),
        Val::Long(n) => Key::Long(*n),
        Val::Double(d) => Key::Bits(d.to_bits()),
        Val::Char(c) => Key::Char(*c),
        Val::Array(a) => Key::Identity(Rc::as_ptr(a) as usize),
        Val::Table(t) => Key::Identity(Rc::as_ptr(t) as usize),
        Val::Object(o) => Key::Identity(Rc::as_ptr(o) as usize),
        Val::Block(b) => Key::Identity(Rc::as_ptr(b) as usize),
        Val::Error(e) => Key::Identity(Rc::as_ptr(e) as usize),
        other => Key::Shown(super::types::kind_name(other), super::text::display(other)),
    }
}

impl Table {
    pub(crate) fn ordered() -> Self {
        Self { entries: IndexMap::new(), ordered: true }
    }

    pub(crate) fn get(&self, key: &Val) -> Option<&Val> {
        self.entries.get(&key_of(key)).map(|(_, value)| value)
    }

    pub(crate) fn get_text(&self, key: &str) -> Option<&Val> {
        self.entries.get(&Key::Text(key.to_lowercase())).map(|(_, value)| value)
    }

    pub(crate) fn contains(&self, key: &Val) -> bool {
        self.entries.contains_key(&key_of(key))
    }

    /// Sets a value; an existing key keeps its place and its spelling.
    pub(crate) fn set(&mut self, key: Val, value: Val) {
        self.entries.entry(key_of(&key)).or_insert_with(|| (key, Val::Null)).1 = value;
    }

    pub(crate) fn set_text(&mut self, key: &str, value: Val) {
        self.set(Val::str(key), value);
    }

    pub(crate) fn remove(&mut self, key: &Val) {
        self.entries.shift_remove(&key_of(key));
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn at(&self, index: usize) -> Option<&Val> {
        self.entries.get_index(index).map(|(_, (_, value))| value)
    }

    /// Sets the value at a place.
    pub(crate) fn set_at(&mut self, index: usize, value: Val) -> bool {
        match self.entries.get_index_mut(index) {
            Some((_, (_, slot))) => {
                *slot = value;
                true
            }
            None => false,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Val, &Val)> {
        self.entries.values().map(|(key, value)| (key, value))
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = Val> {
        self.entries.into_values().map(|(_, value)| value)
    }
}
