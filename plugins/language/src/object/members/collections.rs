//! Arrays, lists and hashtables.

use std::rc::Rc;

use super::{Members, arg_int, out_of_range, thrown};
use crate::object::fault::Failure;
use crate::object::value::{Array, TableCell, Val};
use crate::object::{Table, compare, limits, number::Num};

pub(super) const ARRAY: Members = Members {
    properties: &[
        ("Count", |v| Some(Val::count(len(v)))),
        ("Length", |v| Some(Val::count(len(v)))),
        ("LongLength", |v| i64::try_from(len(v)).ok().map(Val::Long)),
        ("Rank", |_| Some(Val::Int(1))),
        ("IsFixedSize", |v| Some(Val::Bool(growing(v).is_none()))),
    ],
    methods: &[
        ("Contains", |v, a| match a {
            [wanted] => Ok(Some(Val::Bool(v.elements().iter().any(|item| same(item, wanted))))),
            _ => Ok(None),
        }),
        ("IndexOf", |v, a| match a {
            [wanted] => {
                let at = v.elements().iter().position(|item| same(item, wanted));
                Ok(Some(at.map_or(Val::Int(-1), Val::count)))
            }
            _ => Ok(None),
        }),
        ("GetValue", |v, a| match a {
            [at] => {
                let at = usize::try_from(arg_int(at)?).ok();
                at.and_then(|at| v.elements().get(at).cloned())
                    .map(Some)
                    .ok_or_else(|| out_of_range("the index lies outside the array"))
            }
            _ => Ok(None),
        }),
        ("SetValue", |v, a| match (v, a) {
            (Val::Array(array), [value, at]) => {
                let at = usize::try_from(arg_int(at)?).ok();
                match at.and_then(|at| array.items.borrow_mut().get_mut(at).map(|slot| *slot = value.clone()))
                {
                    Some(()) => Ok(Some(Val::Nothing)),
                    None => Err(out_of_range("the index lies outside the array")),
                }
            }
            _ => Ok(None),
        }),
        ("Clone", |v, _| Ok(Some(Val::array(v.elements())))),
        ("ToArray", |v, _| Ok(Some(Val::array(v.elements())))),
        ("GetEnumerator", |v, _| Ok(Some(Val::array(v.elements())))),
        ("Add", |v, a| match a {
            [item] => {
                let list = grow(v)?;
                limits::admit_items(list.items.borrow().len() + 1)?;
                list.items.borrow_mut().push(item.clone());
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("AddRange", |v, a| match a {
            [items] => {
                let list = grow(v)?;
                let items = items.elements();
                limits::admit_items(list.items.borrow().len() + items.len())?;
                list.items.borrow_mut().extend(items);
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("Insert", |v, a| match a {
            [at, item] => {
                let list = grow(v)?;
                // The index is read before the list is borrowed: it may be the list.
                let at = usize::try_from(arg_int(at)?).ok();
                limits::admit_items(list.items.borrow().len() + 1)?;
                let mut items = list.items.borrow_mut();
                let at = at.filter(|at| *at <= items.len());
                items
                    .insert(at.ok_or_else(|| out_of_range("the index lies outside the list"))?, item.clone());
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("Remove", |v, a| match a {
            [wanted] => {
                let list = grow(v)?;
                let at = list.items.borrow().iter().position(|item| same(item, wanted));
                if let Some(at) = at {
                    drop(list.items.borrow_mut().remove(at));
                }
                Ok(Some(Val::Bool(at.is_some())))
            }
            _ => Ok(None),
        }),
        ("RemoveAt", |v, a| match a {
            [at] => {
                let list = grow(v)?;
                let at = usize::try_from(arg_int(at)?).ok();
                let mut items = list.items.borrow_mut();
                let at = at.filter(|at| *at < items.len());
                items.remove(at.ok_or_else(|| out_of_range("the index lies outside the list"))?);
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("Clear", |v, _| {
            grow(v)?.items.borrow_mut().clear();
            Ok(Some(Val::Nothing))
        }),
        ("Reverse", |v, _| {
            grow(v)?.items.borrow_mut().reverse();
            Ok(Some(Val::Nothing))
        }),
        ("Sort", |v, _| {
            sort(grow(v)?);
            Ok(Some(Val::Nothing))
        }),
    ],
};

/// Sorts in place. The elements are taken out meanwhile: comparing them may look at this array.
pub(super) fn sort(array: &Array) {
    let mut items = array.items.take();
    items.sort_by(|a, b| compare::sort_order(a, b, false));
    array.items.replace(items);
}

fn len(value: &Val) -> usize {
    match value {
        Val::Array(array) => array.items.borrow().len(),
        Val::Bytes(bytes) => bytes.len(),
        _ => 1,
    }
}

fn growing(value: &Val) -> Option<&Rc<Array>> {
    match value {
        Val::Array(array) if array.list => Some(array),
        _ => None,
    }
}

fn grow(value: &Val) -> Result<&Rc<Array>, Failure> {
    growing(value).ok_or_else(|| thrown("System.NotSupportedException", "collection was of a fixed size"))
}

/// .NET's equality of elements: same type, same value, with case.
fn same(left: &Val, right: &Val) -> bool {
    match (left, right) {
        (Val::Str(l), Val::Str(r)) => l == r,
        (Val::Str(_), _) | (_, Val::Str(_)) => false,
        _ if Num::of(left).is_some() == Num::of(right).is_some() => compare::equal(left, right, false),
        _ => false,
    }
}

pub(super) const TABLE: Members = Members {
    properties: &[
        ("Keys", |v| cell(v).map(|t| Val::array(t.table.borrow().iter().map(|(k, _)| k.clone()).collect()))),
        ("Values", |v| {
            cell(v).map(|t| Val::array(t.table.borrow().iter().map(|(_, v)| v.clone()).collect()))
        }),
        ("Count", |v| cell(v).map(|t| Val::count(t.table.borrow().len()))),
    ],
    methods: &[
        ("ContainsKey", has_key),
        ("Contains", has_key),
        ("ContainsValue", |v, a| match (cell(v), a) {
            (Some(t), [wanted]) => {
                Ok(Some(Val::Bool(t.table.borrow().iter().any(|(_, value)| same(value, wanted)))))
            }
            _ => Ok(None),
        }),
        ("Add", |v, a| match (cell(v), a) {
            (Some(t), [key, value]) => {
                if t.table.borrow().contains(key) {
                    return Err(thrown(
                        "System.ArgumentException",
                        "item has already been added: the key exists",
                    ));
                }
                limits::admit_items(t.table.borrow().len() + 1)?;
                t.table.borrow_mut().set(key.clone(), value.clone());
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("Remove", |v, a| match (cell(v), a) {
            (Some(t), [key]) => {
                let removed = t.table.borrow().get(key).cloned();
                t.table.borrow_mut().remove(key);
                drop(removed);
                Ok(Some(Val::Nothing))
            }
            _ => Ok(None),
        }),
        ("Clear", |v, _| {
            if let Some(t) = cell(v) {
                let old = t.table.take();
                t.table.borrow_mut().ordered = old.ordered;
            }
            Ok(Some(Val::Nothing))
        }),
        ("Clone", |v, _| Ok(cell(v).map(|t| Val::table(t.table.borrow().clone())))),
        ("GetEnumerator", |v, _| Ok(cell(v).map(|t| Val::array(entries(&t.table.borrow()))))),
    ],
};

/// The entries of a table as objects with `Key`, `Value` and `Name`.
pub(crate) fn entries(table: &Table) -> Vec<Val> {
    let entry = |(key, value): (&Val, &Val)| {
        let parts = [("Name", key.clone()), ("Key", key.clone()), ("Value", value.clone())];
        Val::object("System.Collections.DictionaryEntry", parts)
    };
    table.iter().map(entry).collect()
}

fn has_key(value: &Val, arguments: &[Val]) -> Result<Option<Val>, Failure> {
    Ok(match (cell(value), arguments) {
        (Some(t), [key]) => Some(Val::Bool(t.table.borrow().contains(key))),
        _ => None,
    })
}

fn cell(value: &Val) -> Option<&Rc<TableCell>> {
    match value {
        Val::Table(cell) => Some(cell),
        _ => None,
    }
}
