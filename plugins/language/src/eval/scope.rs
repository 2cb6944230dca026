//! Scopes: variables and functions by name, without case, found from the inside out. The parent of a scope is its
//! caller's: PowerShell's scoping is dynamic.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::declare::Function;
use crate::object::{Type, Val};

/// One scope.
#[derive(Default)]
pub(crate) struct Scope {
    pub parent: Option<Rc<Scope>>,
    variables: RefCell<HashMap<String, Slot>>,
    functions: RefCell<HashMap<String, Rc<Function>>>,
}

/// A variable: its value and the type it was declared with.
#[derive(Clone)]
struct Slot {
    value: Val,
    of: Option<Type>,
}

impl Scope {
    pub(crate) fn child(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { parent: Some(Rc::clone(parent)), ..Self::default() })
    }

    /// The scope and those around it.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |scope| scope.parent.as_deref())
    }

    /// A variable's value, from here outwards.
    pub(crate) fn get(&self, name: &str) -> Option<Val> {
        let key = folded(name);
        self.chain().find_map(|scope| scope.variables.borrow().get(&*key).map(|slot| slot.value.clone()))
    }

    /// A variable's value in this scope alone.
    pub(crate) fn get_here(&self, name: &str) -> Option<Val> {
        self.variables.borrow().get(&*folded(name)).map(|slot| slot.value.clone())
    }

    /// The type that a variable of this scope was declared with.
    pub(crate) fn type_here(&self, name: &str) -> Option<Type> {
        self.variables.borrow().get(&*folded(name)).and_then(|slot| slot.of.clone())
    }

    /// Sets a variable of this scope.
    pub(crate) fn set(&self, name: &str, value: Val) {
        let key = folded(name);
        let old = {
            let mut variables = self.variables.borrow_mut();
            match variables.get_mut(&*key) {
                Some(slot) => std::mem::replace(&mut slot.value, value),
                None => {
                    variables.insert(key.into_owned(), Slot { value, of: None });
                    Val::Null
                }
            }
        };
        drop(old);
    }

    /// Declares a variable of this scope with a type.
    pub(crate) fn declare(&self, name: &str, value: Val, of: Option<Type>) {
        self.variables.borrow_mut().insert(folded(name).into_owned(), Slot { value, of });
    }

    /// Takes a variable of this scope away.
    pub(crate) fn remove(&self, name: &str) -> Option<Val> {
        self.variables.borrow_mut().remove(&*folded(name)).map(|slot| slot.value)
    }

    /// The names of the variables seen from here, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .chain()
            .flat_map(|scope| scope.variables.borrow().keys().cloned().collect::<Vec<_>>())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// A function, from here outwards.
    pub(crate) fn function(&self, name: &str) -> Option<Rc<Function>> {
        let key = folded(name);
        self.chain().find_map(|scope| scope.functions.borrow().get(&*key).cloned())
    }

    pub(crate) fn define(&self, name: &str, function: Rc<Function>) {
        self.functions.borrow_mut().insert(folded(name).into_owned(), function);
    }

    /// The functions seen from here, in the order of their names.
    pub(crate) fn functions(&self) -> Vec<Rc<Function>> {
        let mut seen: HashMap<String, Rc<Function>> = HashMap::new();
        for scope in self.chain() {
            for (name, function) in scope.functions.borrow().iter() {
                seen.entry(name.clone()).or_insert_with(|| Rc::clone(function));
            }
        }
        let mut all: Vec<_> = seen.into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.into_iter().map(|(_, function)| function).collect()
    }
}

fn folded(name: &str) -> std::borrow::Cow<'_, str> {
    if name.chars().any(|c| c.is_uppercase()) { name.to_lowercase().into() } else { name.into() }
}
