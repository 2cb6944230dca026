//! Expressions.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;

use super::flow::{Flow, Run};
use super::{Evaluator, operators};
use crate::object::convert::{cast, object_of, truth};
use crate::object::text::display;
use crate::object::{Block, Table, Type, Val, fault, limits, number};
use crate::syntax::ast::{
    self, BinaryOp, Expr, ExprKind, Number, PostfixOp, Statement, StringPart, TypeName, UnaryOp,
};

impl Evaluator<'_> {
    /// The value of an expression.
    pub(crate) fn expr(&mut self, expression: &Expr) -> Run<Val> {
        let result = self.deeper(1, |ev| ev.expr_inner(expression));
        self.located(result, expression.span)
    }

    fn expr_inner(&mut self, expression: &Expr) -> Run<Val> {
        Ok(match &expression.kind {
            ExprKind::Number(number) | ExprKind::NumberText { value: number, .. } => literal(number),
            ExprKind::String { value, .. } => Val::str(value),
            ExprKind::Expandable { parts, .. } => self.expanded(parts)?,
            ExprKind::Variable(variable) => self.variable(variable)?,
            ExprKind::Type(name) => Val::Type(self.type_of(name)?),
            ExprKind::Cast(name, operand) => self.cast_expr(name, operand)?,
            ExprKind::ArrayLiteral(items) => {
                let mut out = Vec::with_capacity(items.len());
                for item in items {
                    out.push(stored(self.expr(item)?));
                }
                Val::array(out)
            }
            ExprKind::ArrayExpression(block) => {
                let mut out = Vec::new();
                self.collect(block, &mut out)?;
                Val::array(out)
            }
            ExprKind::SubExpression(block) => {
                let mut out = Vec::new();
                self.collect(block, &mut out)?;
                Val::of_results(out)
            }
            ExprKind::Paren(statement) => self.paren(statement)?,
            ExprKind::Hashtable(entries) => Val::table(self.table(entries, Table::default())?),
            ExprKind::ScriptBlock(literal) => Val::Block(Rc::new(Block {
                body: Rc::clone(&literal.body),
                text: Rc::clone(&literal.text),
                source: Rc::clone(&self.frame.source),
            })),
            ExprKind::Unary(op, operand) => self.unary(*op, operand)?,
            ExprKind::Postfix(op, operand) => {
                let before = self.expr(operand)?;
                let step = if *op == PostfixOp::Increment { 1 } else { -1 };
                self.assign_to(
                    operand,
                    number::arithmetic(number::Arithmetic::Add, &before, &Val::Int(step))?,
                )?;
                if before.is_null() { Val::Int(0) } else { before }
            }
            ExprKind::Binary(op, left, right) => self.binary_expr(*op, left, right)?,
            ExprKind::Ternary(condition, yes, no) => {
                let chosen = if truth(&self.expr(condition)?) { yes } else { no };
                self.expr(chosen)?
            }
            ExprKind::Member { object, member, is_static, null_conditional } => {
                self.member(object, member, *is_static, *null_conditional)?
            }
            ExprKind::MethodCall { object, member, arguments, is_static, null_conditional } => {
                self.method_call(object, member, arguments, *is_static, *null_conditional)?
            }
            ExprKind::Index { object, index, null_conditional } => {
                let object = self.expr(object)?;
                if object.is_null() && *null_conditional {
                    return Ok(Val::Null);
                }
                let index = self.expr(index)?;
                super::access::index(&object, &index)?
            }
        })
    }

    /// The elements that a block writes, for `@(…)` and `$(…)`. An array expression around one expression takes its
    /// value's elements.
    fn collect(&mut self, block: &ast::Block, out: &mut Vec<Val>) -> Run {
        self.block(block, out)
    }

    fn paren(&mut self, statement: &Statement) -> Run<Val> {
        if let ast::StatementKind::Assignment { target, operator, value } = &statement.kind {
            return self.assignment(target, *operator, value);
        }
        self.value_of(statement)
    }

    /// The type of a name.
    pub(crate) fn type_of(&mut self, name: &TypeName) -> Run<Type> {
        let found = Type::parse(&name.name);
        let result = found.ok_or_else(|| {
            Flow::from(
                fault(
                    "TypeNotFound",
                    ErrorCategory::InvalidOperation,
                    format!("unable to find type `[{}]`", name.name),
                )
                .exception("System.Management.Automation.RuntimeException")
                .about(Val::str(&name.name)),
            )
        });
        self.located(result, name.span)
    }

    fn cast_expr(&mut self, name: &TypeName, operand: &Expr) -> Run<Val> {
        // Tables keep the order of their text where they are made for `[ordered]` or `[pscustomobject]`.
        if let ExprKind::Hashtable(entries) = &operand.kind {
            if name.name.eq_ignore_ascii_case("ordered") {
                return Ok(Val::table(self.table(entries, Table::ordered())?));
            }
            if name.name.eq_ignore_ascii_case("pscustomobject") || name.name.eq_ignore_ascii_case("psobject")
            {
                return Ok(object_of(&self.table(entries, Table::ordered())?));
            }
        }
        let of = self.type_of(name)?;
        let value = self.expr(operand)?;
        Ok(cast(&value, &of)?)
    }

    fn table(&mut self, entries: &[(Expr, Statement)], mut table: Table) -> Run<Table> {
        for (key, value) in entries {
            let key_value = self.expr(key)?;
            if key_value.is_null() {
                let failure = fault(
                    "InvalidNullKey",
                    ErrorCategory::InvalidOperation,
                    "null is not allowed as a hashtable key",
                );
                return self.located(Err(failure.into()), key.span);
            }
            if table.contains(&key_value) {
                let failure = fault(
                    "DuplicateKeyInHashLiteral",
                    ErrorCategory::InvalidOperation,
                    format!("duplicate keys `{}` are not allowed in hash literals", display(&key_value)),
                );
                return self.located(Err(failure.into()), key.span);
            }
            let value = stored(self.value_of(value)?);
            table.set(key_value, value);
        }
        Ok(table)
    }

    fn expanded(&mut self, parts: &[StringPart]) -> Run<Val> {
        let mut out = String::new();
        for part in parts {
            match part {
                StringPart::Text(text) => out.push_str(text),
                StringPart::Expr(expression) => {
                    let value = self.expr(expression)?;
                    out.push_str(&self.interpolated(&value));
                }
            }
            limits::admit_text(out.len())?;
        }
        Ok(Val::from(out))
    }

    /// A value within a string: arrays joined by `$OFS`.
    fn interpolated(&mut self, value: &Val) -> String {
        if let Val::Array(items) = value
            && let Some(separator) = self.frame.scope.get("ofs")
        {
            let shown: Vec<String> = items.items.borrow().iter().map(display).collect();
            return shown.join(&display(&separator));
        }
        display(value)
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> Run<Val> {
        if matches!(op, UnaryOp::Increment | UnaryOp::Decrement) {
            let before = self.expr(operand)?;
            let step = if op == UnaryOp::Increment { 1 } else { -1 };
            let after = number::arithmetic(number::Arithmetic::Add, &before, &Val::Int(step))?;
            self.assign_to(operand, after.clone())?;
            return Ok(after);
        }
        let value = self.expr(operand)?;
        Ok(match op {
            UnaryOp::Plus => number::arithmetic(number::Arithmetic::Add, &Val::Int(0), &value)?,
            UnaryOp::Minus => number::negate(&value)?,
            UnaryOp::Not => Val::Bool(!truth(&value)),
            UnaryOp::BitNot => operators::complement(&value)?,
            UnaryOp::Split => super::texts::split_blanks(&value)?,
            UnaryOp::Join => super::texts::join(&value, "")?,
            UnaryOp::Comma => Val::array(vec![stored(value)]),
            UnaryOp::Increment | UnaryOp::Decrement => value,
        })
    }

    fn binary_expr(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Run<Val> {
        let first = self.expr(left)?;
        // What the left side settles leaves the right side alone.
        match op {
            BinaryOp::And if !truth(&first) => return Ok(Val::Bool(false)),
            BinaryOp::Or if truth(&first) => return Ok(Val::Bool(true)),
            BinaryOp::Coalesce if !first.is_null() => return Ok(first),
            _ => {}
        }
        if matches!(op, BinaryOp::Is | BinaryOp::IsNot | BinaryOp::As) {
            return self.type_test(op, &first, right);
        }
        let second = self.expr(right)?;
        self.binary(op, &first, &second)
    }

    fn type_test(&mut self, op: BinaryOp, value: &Val, right: &Expr) -> Run<Val> {
        let of = match self.expr(right)? {
            Val::Type(of) => of,
            other => match Type::parse(&display(&other)) {
                Some(of) => of,
                None => Type::Named(std::sync::Arc::from(display(&other))),
            },
        };
        Ok(match op {
            BinaryOp::Is => Val::Bool(of.includes(value)),
            BinaryOp::IsNot => Val::Bool(!of.includes(value)),
            _ => cast(value, &of).unwrap_or(Val::Null),
        })
    }
}

/// No output is `$null` once it is stored.
fn stored(value: Val) -> Val {
    if matches!(value, Val::Nothing) { Val::Null } else { value }
}

fn literal(number: &Number) -> Val {
    match number {
        Number::Int32(n) => Val::Int(*n),
        Number::Int64(n) => Val::Long(*n),
        Number::Double(d) => Val::Double(*d),
        Number::Decimal(d) => Val::Decimal(*d),
        Number::BigInt(n) => Val::BigInt(Rc::new(n.clone())),
    }
}
