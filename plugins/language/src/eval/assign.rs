//! Assignment: to variables, members, elements, and to several at once.

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::flow::Run;
use super::operators::compound;
use crate::object::text::display;
use crate::object::types::type_name;
use crate::object::{Failure, Type, Val, convert, fault, limits};
use crate::syntax::ast::{AssignOp, BinaryOp, Expr, ExprKind, Statement};

impl Evaluator<'_> {
    /// `target op value`; yields what was assigned.
    pub(crate) fn assignment(&mut self, target: &Expr, operator: AssignOp, value: &Statement) -> Run<Val> {
        let op = match operator {
            AssignOp::Set => {
                let value = self.value_of(value)?;
                self.assign_to(target, value.clone())?;
                return Ok(value);
            }
            AssignOp::Coalesce => {
                let before = self.expr(target)?;
                if !before.is_null() {
                    return Ok(before);
                }
                let value = self.value_of(value)?;
                self.assign_to(target, value.clone())?;
                return Ok(value);
            }
            AssignOp::Add => BinaryOp::Add,
            AssignOp::Subtract => BinaryOp::Subtract,
            AssignOp::Multiply => BinaryOp::Multiply,
            AssignOp::Divide => BinaryOp::Divide,
            AssignOp::Remainder => BinaryOp::Remainder,
        };
        let before = self.expr(target)?;
        let value = self.value_of(value)?;
        let result = compound(op, &before, &value);
        let result = self.located(result.map_err(Into::into), target.span)?;
        self.assign_to(target, result.clone())?;
        Ok(result)
    }

    /// Assigns a value to what an expression names.
    pub(crate) fn assign_to(&mut self, target: &Expr, value: Val) -> Run {
        let result = self.assign_inner(target, value);
        self.located(result, target.span)
    }

    fn assign_inner(&mut self, target: &Expr, value: Val) -> Run {
        match &target.kind {
            ExprKind::Variable(variable) => self.assign_variable(variable, value, None),
            ExprKind::Cast(name, inner) => {
                let of = self.type_of(name)?;
                self.assign_typed(inner, value, of)
            }
            ExprKind::ArrayLiteral(targets) => self.assign_several(targets, &value),
            ExprKind::Paren(statement) => {
                let inner = match &statement.kind {
                    crate::syntax::ast::StatementKind::Chain(chain) if chain.rest.is_empty() => {
                        match chain.first.stages.as_slice() {
                            [crate::syntax::ast::Stage::Expression(inner)] => Some(inner),
                            _ => None,
                        }
                    }
                    _ => None,
                };
                match inner {
                    Some(inner) => self.assign_to(inner, value),
                    None => Err(not_assignable().into()),
                }
            }
            ExprKind::Member { object, member, is_static: false, .. } => {
                let object = self.expr(object)?;
                let name = self.member_name(member)?;
                Ok(set_member(&object, &name, value)?)
            }
            ExprKind::Index { object, index, .. } => {
                let object = self.expr(object)?;
                let index = self.expr(index)?;
                Ok(set_index(&object, &index, value)?)
            }
            _ => Err(not_assignable().into()),
        }
    }

    fn assign_typed(&mut self, target: &Expr, value: Val, of: Type) -> Run {
        match &target.kind {
            ExprKind::Variable(variable) => self.assign_variable(variable, value, Some(of)),
            _ => {
                let value = convert::cast(&value, &of)?;
                self.assign_to(target, value)
            }
        }
    }

    /// `$a, $b = …`: one element each, the rest to the last.
    fn assign_several(&mut self, targets: &[Expr], value: &Val) -> Run {
        let mut items = value.elements_or_none().into_iter();
        let Some((last, first)) = targets.split_last() else { return Ok(()) };
        for target in first {
            self.assign_to(target, items.next().unwrap_or(Val::Null))?;
        }
        let rest: Vec<Val> = items.collect();
        let rest = match rest.len() {
            0 => Val::Null,
            _ => Val::of_results(rest),
        };
        self.assign_to(last, rest)
    }
}

fn not_assignable() -> Failure {
    fault(
        "InvalidLeftHandSide",
        ErrorCategory::ParserError,
        "the assignment expression is not valid: the input to an assignment operator must be an object that is able to accept assignments",
    )
}

fn set_member(object: &Val, name: &str, value: Val) -> Result<(), Failure> {
    match object {
        Val::Table(cell) => {
            limits::admit_items(cell.table.borrow().len() + 1)?;
            cell.table.borrow_mut().set_text(name, value);
            Ok(())
        }
        Val::Object(target) if target.get(name).is_some() => {
            target.set(name, value);
            Ok(())
        }
        Val::Null | Val::Nothing => Err(no_property(name)),
        Val::Array(items) => {
            let items = items.items.borrow().clone();
            let all = items.iter().all(|item| matches!(item, Val::Object(_) | Val::Table(_)));
            if items.is_empty() || !all {
                return Err(no_property(name));
            }
            items.iter().try_for_each(|item| set_member(item, name, value.clone()))
        }
        other if crate::object::members::own_property(other, name).is_some() => Err(fault(
            "PropertyAssignmentException",
            ErrorCategory::InvalidOperation,
            format!("`{name}` is a read-only property"),
        )),
        _ => Err(no_property(name)),
    }
}

fn no_property(name: &str) -> Failure {
    fault(
        "PropertyNotFound",
        ErrorCategory::InvalidOperation,
        format!(
            "the property `{name}` cannot be found on this object; verify that the property exists and can be set"
        ),
    )
}

fn set_index(object: &Val, index: &Val, value: Val) -> Result<(), Failure> {
    match object {
        Val::Table(cell) => {
            let mut table = cell.table.borrow_mut();
            if index.is_null() {
                return Err(fault(
                    "NullArrayIndex",
                    ErrorCategory::InvalidOperation,
                    "index operation failed; the array index evaluated to null",
                ));
            }
            if let (true, Val::Int(at)) = (table.ordered, index)
                && let Ok(at) = usize::try_from(*at)
                && !table.contains(index)
            {
                return if table.set_at(at, value) { Ok(()) } else { Err(out_of_range(index)) };
            }
            limits::admit_items(table.len() + 1)?;
            table.set(index.clone(), value);
            Ok(())
        }
        Val::Array(array) => {
            // The place is found before the array is borrowed: the index may be the array.
            let length = array.items.borrow().len();
            let at = super::access::place(index, length)?;
            let mut items = array.items.borrow_mut();
            let slot = at.and_then(|at| items.get_mut(at));
            // The old element is dropped after the borrow: it may hold this array.
            let old = match slot {
                Some(slot) => std::mem::replace(slot, value),
                None => return Err(out_of_range(index)),
            };
            drop(items);
            drop(old);
            Ok(())
        }
        Val::Null | Val::Nothing => {
            Err(fault("NullArray", ErrorCategory::InvalidOperation, "cannot index into a null array"))
        }
        other => Err(fault(
            "CannotIndex",
            ErrorCategory::InvalidOperation,
            format!("unable to index into an object of type `{}`", type_name(other)),
        )),
    }
}

fn out_of_range(index: &Val) -> Failure {
    fault(
        "IndexOutOfRange",
        ErrorCategory::InvalidOperation,
        format!("index `{}` was outside the bounds of the array", display(index)),
    )
    .exception("System.IndexOutOfRangeException")
}
