//! Members, methods and elements of values.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::flow::Run;
use super::function::ScopeOf;
use crate::object::convert::{cast, to_index, truth};
use crate::object::text::display;
use crate::object::types::type_name;
use crate::object::{Block, Failure, Type, Val, fault, members};
use crate::syntax::ast::{Expr, ExprKind};

impl Evaluator<'_> {
    /// The name that a member expression gives.
    pub(crate) fn member_name(&mut self, member: &Expr) -> Run<String> {
        match &member.kind {
            ExprKind::String { value, .. } => Ok(value.to_string()),
            _ => Ok(display(&self.expr(member)?)),
        }
    }

    pub(super) fn member(
        &mut self,
        object: &Expr,
        member: &Expr,
        is_static: bool,
        null_conditional: bool,
    ) -> Run<Val> {
        let object = self.expr(object)?;
        if object.is_null() && null_conditional {
            return Ok(Val::Null);
        }
        let name = self.member_name(member)?;
        if is_static {
            let of = static_type(&object)?;
            return Ok(members::static_property(&of, &name).unwrap_or(Val::Null));
        }
        Ok(members::property(&object, &name).unwrap_or(Val::Null))
    }

    pub(super) fn method_call(
        &mut self,
        object: &Expr,
        member: &Expr,
        arguments: &[Expr],
        is_static: bool,
        null_conditional: bool,
    ) -> Run<Val> {
        let object = self.expr(object)?;
        if object.is_null() && null_conditional {
            return Ok(Val::Null);
        }
        let name = self.member_name(member)?;
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.expr(argument)?);
        }
        if is_static {
            if let (Val::Type(Type::ScriptBlock), "create") = (&object, name.to_ascii_lowercase().as_str()) {
                return Err(members::not_found("System.Management.Automation.ScriptBlock", &name).into());
            }
            let of = static_type(&object)?;
            return Ok(members::static_method(&of, &name, &values)?);
        }
        match (&object, name.to_ascii_lowercase().as_str()) {
            (Val::Block(block), "invoke" | "invokereturnasis") => {
                let mut results = Vec::new();
                self.call_block(&Rc::clone(block), None, values, ScopeOf::New, &mut results)?;
                Ok(Val::of_results(results))
            }
            (Val::Block(block), "getnewclosure") => Ok(Val::Block(Rc::clone(block))),
            (_, "foreach" | "psforeach") if !values.is_empty() => self.for_each(&object, &values),
            (_, "where" | "pswhere") if !values.is_empty() => self.where_each(&object, &values),
            (Val::Object(target), _) => {
                // A script block in a property is called as a method would be.
                if let Some(Val::Block(block)) = target.get(&name) {
                    let mut results = Vec::new();
                    self.call_block(&block, Some(object.clone()), values, ScopeOf::New, &mut results)?;
                    return Ok(Val::of_results(results));
                }
                Ok(members::method(&object, &name, &values)?)
            }
            _ => Ok(members::method(&object, &name, &values)?),
        }
    }

    /// `.ForEach({…})`, `.ForEach([type])`, `.ForEach('Property')`.
    fn for_each(&mut self, object: &Val, arguments: &[Val]) -> Run<Val> {
        let mut out = Vec::new();
        for item in object.elements_or_none() {
            self.tick()?;
            match arguments.first() {
                Some(Val::Block(block)) => {
                    let rest = arguments.iter().skip(1).cloned().collect();
                    self.call_block(block, Some(item), rest, ScopeOf::Caller, &mut out)?;
                }
                Some(Val::Type(of)) => out.push(cast(&item, of)?),
                Some(name) => out.extend(members::property(&item, &display(name))),
                None => {}
            }
        }
        Ok(Val::array(out))
    }

    /// `.Where({…})`, with `First`, `Last` and how many.
    fn where_each(&mut self, object: &Val, arguments: &[Val]) -> Run<Val> {
        let Some(Val::Block(block)) = arguments.first() else {
            return Err(members::not_found(&type_name(object), "Where").into());
        };
        let mode = arguments.get(1).map(display).unwrap_or_default().to_ascii_lowercase();
        let count = match arguments.get(2) {
            Some(count) => usize::try_from(to_index(count)?).unwrap_or(0),
            None => 1,
        };
        let mut out = Vec::new();
        for item in object.elements_or_none() {
            self.tick()?;
            if self.holds(block, &item)? {
                out.push(item);
                if mode == "first" && out.len() >= count.max(1) {
                    break;
                }
            }
        }
        if mode == "last" {
            out.drain(..out.len().saturating_sub(count.max(1)));
        }
        Ok(Val::array(out))
    }

    /// Whether a script block is true of a value.
    pub(crate) fn holds(&mut self, block: &Rc<Block>, value: &Val) -> Run<bool> {
        let mut results = Vec::new();
        self.call_block(block, Some(value.clone()), Vec::new(), ScopeOf::Caller, &mut results)?;
        Ok(truth(&Val::of_results(results)))
    }
}

fn static_type(object: &Val) -> Result<Type, Failure> {
    match object {
        Val::Type(of) => Ok(of.clone()),
        Val::Str(name) => Type::parse(name).ok_or_else(|| members::not_found(name, "static")),
        other => Ok(Type::of(other)),
    }
}

/// The place that an index means in so many elements: negative ones count from the end.
pub(super) fn place(index: &Val, length: usize) -> Result<Option<usize>, Failure> {
    let at = to_index(index)?;
    let at = if at < 0 { i64::try_from(length).unwrap_or(i64::MAX) + at } else { at };
    Ok(usize::try_from(at).ok().filter(|at| *at < length))
}

/// `object[index]`; an array of indices gives an array of elements.
pub(super) fn index(object: &Val, index_value: &Val) -> Result<Val, Failure> {
    if let Val::Table(cell) = object {
        let table = cell.table.borrow();
        if let Some(found) = table.get(index_value) {
            return Ok(found.clone());
        }
        return Ok(match index_value {
            Val::Array(keys) => {
                Val::array(keys.items.borrow().iter().filter_map(|k| table.get(k).cloned()).collect())
            }
            Val::Int(at) if table.ordered => {
                place(&Val::Int(*at), table.len())?.and_then(|at| table.at(at).cloned()).unwrap_or_default()
            }
            _ => Val::Null,
        });
    }
    if index_value.is_null() {
        return Err(fault(
            "NullArrayIndex",
            ErrorCategory::InvalidOperation,
            "index operation failed; the array index evaluated to null",
        ));
    }
    if let Val::Array(indices) = index_value {
        let indices = indices.items.borrow().clone();
        let mut out = Vec::with_capacity(indices.len());
        for at in &indices {
            // An index of an array that is an array itself is none.
            if !at.is_collection()
                && let found @ Some(_) = element(object, at)?
            {
                out.extend(found);
            }
        }
        return Ok(Val::array(out));
    }
    Ok(element(object, index_value)?.unwrap_or(Val::Null))
}

fn element(object: &Val, at: &Val) -> Result<Option<Val>, Failure> {
    match object {
        Val::Array(array) => {
            let items = array.items.borrow();
            Ok(place(at, items.len())?.and_then(|at| items.get(at).cloned()))
        }
        Val::Bytes(bytes) => {
            Ok(place(at, bytes.len())?.and_then(|at| bytes.get(at)).map(|b| Val::Int(i32::from(*b))))
        }
        Val::Str(text) => {
            let length = text.chars().count();
            Ok(place(at, length)?.and_then(|at| text.chars().nth(at)).map(Val::Char))
        }
        Val::Null | Val::Nothing => {
            Err(fault("NullArray", ErrorCategory::InvalidOperation, "cannot index into a null array"))
        }
        Val::Object(object) => match at {
            Val::Str(name) => Ok(object.get(name)),
            _ => Ok(place(at, 1)?.map(|_| Val::Object(Rc::clone(object)))),
        },
        other => Ok(place(at, 1)?.map(|_| other.clone())),
    }
}
