//! Operators between two values.

use std::cmp::Ordering;

use bailiwick_objects::ErrorCategory;

use super::Evaluator;
use super::flow::Run;
use super::texts;
use crate::object::convert::{cast, not_converted, to_index, truth};
use crate::object::number::{Arithmetic, Num, arithmetic};
use crate::object::text::display;
use crate::object::{Failure, Table, Type, Val, compare, fault, layout, limits, time, wildcard};
use crate::syntax::ast::{BinaryOp, Case};

impl Evaluator<'_> {
    /// `left op right`. The operators that look at the right side only if needed are the caller's.
    pub(crate) fn binary(&mut self, op: BinaryOp, left: &Val, right: &Val) -> Run<Val> {
        Ok(match op {
            BinaryOp::Add => add(left, right)?,
            BinaryOp::Subtract => subtract(left, right)?,
            BinaryOp::Multiply => multiply(left, right)?,
            BinaryOp::Divide => timed(left, right, Arithmetic::Divide)?,
            BinaryOp::Remainder => arithmetic(Arithmetic::Remainder, left, right)?,
            BinaryOp::Format => Val::from(layout::composite(&display(left), &format_arguments(right))?),
            BinaryOp::Range => {
                let range = range(left, right)?;
                limits::admit_items(range.len())?;
                Val::array(range.into_iter().collect())
            }
            BinaryOp::And | BinaryOp::Or => Val::Bool(truth(right)),
            BinaryOp::Xor => Val::Bool(truth(left) != truth(right)),
            BinaryOp::Coalesce => right.clone(),
            BinaryOp::BitAnd => bits(left, right, |a, b| a & b)?,
            BinaryOp::BitOr => bits(left, right, |a, b| a | b)?,
            BinaryOp::BitXor => bits(left, right, |a, b| a ^ b)?,
            BinaryOp::ShiftLeft => shift(left, right, true)?,
            BinaryOp::ShiftRight => shift(left, right, false)?,
            BinaryOp::Equal(case) => filter(left, |item| Ok(compare::equal(item, right, folds(case))))?,
            BinaryOp::NotEqual(case) => filter(left, |item| Ok(!compare::equal(item, right, folds(case))))?,
            BinaryOp::Greater(case) => ordered(left, right, case, Ordering::is_gt)?,
            BinaryOp::GreaterOrEqual(case) => ordered(left, right, case, Ordering::is_ge)?,
            BinaryOp::Less(case) => ordered(left, right, case, Ordering::is_lt)?,
            BinaryOp::LessOrEqual(case) => ordered(left, right, case, Ordering::is_le)?,
            BinaryOp::Like(case) => like(left, right, case, true)?,
            BinaryOp::NotLike(case) => like(left, right, case, false)?,
            BinaryOp::Match(case) => self.matched(left, right, folds(case))?,
            BinaryOp::NotMatch(case) => match self.matched(left, right, folds(case))? {
                Val::Bool(found) => Val::Bool(!found),
                _ => {
                    let pattern = texts::pattern_of(right, folds(case))?;
                    filter(left, |item| Ok(!pattern.regex.is_match(&display(item))))?
                }
            },
            BinaryOp::Replace(case) => self.replace(left, right, folds(case))?,
            BinaryOp::Contains(case) => Val::Bool(contains(left, right, case)),
            BinaryOp::NotContains(case) => Val::Bool(!contains(left, right, case)),
            BinaryOp::In(case) => Val::Bool(contains(right, left, case)),
            BinaryOp::NotIn(case) => Val::Bool(!contains(right, left, case)),
            BinaryOp::Split(case) => self.split(left, right, folds(case))?,
            BinaryOp::Join => texts::join(left, &display(right))?,
            BinaryOp::Is | BinaryOp::IsNot | BinaryOp::As => Val::Null,
        })
    }
}

fn folds(case: Case) -> bool {
    case == Case::Insensitive
}

/// A comparison: of a collection, the elements for which it holds; of one value, whether it holds.
pub(super) fn filter(
    left: &Val,
    mut holds: impl FnMut(&Val) -> Result<bool, Failure>,
) -> Result<Val, Failure> {
    if !left.is_collection() {
        return Ok(Val::Bool(holds(left)?));
    }
    let mut out = Vec::new();
    for item in left.elements() {
        if holds(&item)? {
            out.push(item);
        }
    }
    Ok(Val::array(out))
}

fn ordered(left: &Val, right: &Val, case: Case, holds: fn(Ordering) -> bool) -> Result<Val, Failure> {
    filter(left, |item| {
        // Nothing is less or greater than a number that is none.
        if [item, right].iter().any(|v| matches!(v, Val::Double(d) if d.is_nan())) {
            return Ok(false);
        }
        compare::order(item, right, folds(case)).map(holds)
    })
}

fn like(left: &Val, right: &Val, case: Case, wanted: bool) -> Result<Val, Failure> {
    let text = display(right);
    let Some(pattern) = wildcard::Wildcard::new(&text, folds(case)) else {
        return Err(fault(
            "RuntimeException",
            ErrorCategory::InvalidArgument,
            format!("the specified wildcard character pattern is not valid: `{text}`"),
        )
        .exception("System.Management.Automation.WildcardPatternException"));
    };
    filter(left, |item| Ok(pattern.matches(&display(item)) == wanted))
}

fn contains(all: &Val, wanted: &Val, case: Case) -> bool {
    match all {
        Val::Array(_) | Val::Bytes(_) => {
            all.elements().iter().any(|item| compare::equal(item, wanted, folds(case)))
        }
        one => compare::equal(one, wanted, folds(case)),
    }
}

fn format_arguments(right: &Val) -> Vec<Val> {
    match right {
        Val::Array(items) => items.items.borrow().clone(),
        other => vec![other.clone()],
    }
}

fn add(left: &Val, right: &Val) -> Result<Val, Failure> {
    match (left, right) {
        (Val::Null | Val::Nothing, r) => Ok(r.clone()),
        (Val::Str(l), r) => {
            let r = display(r);
            limits::admit_text(l.len() + r.len())?;
            Ok(Val::from(format!("{l}{r}")))
        }
        (Val::Char(l), Val::Str(r)) => Ok(Val::from(format!("{l}{r}"))),
        (Val::Array(_) | Val::Bytes(_), r) => {
            let mut items = left.elements();
            match r {
                Val::Array(_) | Val::Bytes(_) => items.extend(r.elements()),
                Val::Nothing => {}
                one => items.push(one.clone()),
            }
            limits::admit_items(items.len())?;
            Ok(Val::array(items))
        }
        (Val::Table(l), Val::Table(r)) => {
            let mut sum: Table = l.table.borrow().clone();
            for (key, value) in r.table.borrow().iter() {
                if sum.contains(key) {
                    return Err(fault(
                        "AddHashTableToHashTable",
                        ErrorCategory::InvalidOperation,
                        format!("item has already been added: key `{}`", display(key)),
                    )
                    .exception("System.ArgumentException"));
                }
                sum.set(key.clone(), value.clone());
            }
            Ok(Val::table(sum))
        }
        (Val::Table(_), _) => Err(fault(
            "AddHashTableToNonHashTable",
            ErrorCategory::InvalidOperation,
            "a hashtable can only be added to another hashtable",
        )),
        (Val::DateTime(_) | Val::TimeSpan(_), _) => timed(left, right, Arithmetic::Add),
        _ => arithmetic(Arithmetic::Add, left, right),
    }
}

fn subtract(left: &Val, right: &Val) -> Result<Val, Failure> {
    match left {
        Val::DateTime(_) | Val::TimeSpan(_) => timed(left, right, Arithmetic::Subtract),
        _ => arithmetic(Arithmetic::Subtract, left, right),
    }
}

/// Dates and spans.
fn timed(left: &Val, right: &Val, op: Arithmetic) -> Result<Val, Failure> {
    let overflow = || {
        fault(
            "RuntimeException",
            ErrorCategory::InvalidOperation,
            "the date or span would lie outside its range",
        )
    };
    match (left, op) {
        (Val::DateTime(at), Arithmetic::Subtract) if !matches!(right, Val::TimeSpan(_)) => {
            match cast(right, &Type::DateTime)? {
                Val::DateTime(other) => Ok(Val::TimeSpan(at.ticks - other.ticks)),
                _ => Err(not_converted(right, "System.DateTime")),
            }
        }
        (Val::DateTime(at), Arithmetic::Add | Arithmetic::Subtract) => match cast(right, &Type::TimeSpan)? {
            Val::TimeSpan(ticks) => {
                let ticks = if op == Arithmetic::Add { Some(ticks) } else { ticks.checked_neg() };
                ticks.and_then(|t| time::add(*at, t)).map(Val::DateTime).ok_or_else(overflow)
            }
            _ => Err(not_converted(right, "System.TimeSpan")),
        },
        (Val::TimeSpan(span), Arithmetic::Add | Arithmetic::Subtract) => {
            match cast(right, &Type::TimeSpan)? {
                Val::TimeSpan(other) => {
                    let sum =
                        if op == Arithmetic::Add { span.checked_add(other) } else { span.checked_sub(other) };
                    sum.map(Val::TimeSpan).ok_or_else(overflow)
                }
                _ => Err(not_converted(right, "System.TimeSpan")),
            }
        }
        (Val::TimeSpan(span), Arithmetic::Divide | Arithmetic::Multiply) => {
            let with = match right {
                Val::TimeSpan(other) => {
                    return arithmetic(op, &Val::Double(Num::Long(*span).to_f64()), &Val::Long(*other));
                }
                other => other,
            };
            match cast(&arithmetic(op, &Val::Double(Num::Long(*span).to_f64()), with)?, &Type::Long)? {
                Val::Long(ticks) => Ok(Val::TimeSpan(ticks)),
                _ => Err(overflow()),
            }
        }
        _ => arithmetic(op, left, right),
    }
}

fn multiply(left: &Val, right: &Val) -> Result<Val, Failure> {
    let times = || -> Result<usize, Failure> {
        usize::try_from(to_index(right)?).map_err(|_| {
            fault(
                "ArgumentOutOfRange",
                ErrorCategory::InvalidArgument,
                "the factor of a text or an array is negative",
            )
            .exception("System.ArgumentOutOfRangeException")
        })
    };
    match left {
        Val::Str(text) => {
            let times = times()?;
            limits::admit_text(text.len().saturating_mul(times))?;
            Ok(Val::from(text.repeat(times)))
        }
        Val::Array(_) => {
            let (items, times) = (left.elements(), times()?);
            limits::admit_items(items.len().saturating_mul(times))?;
            Ok(Val::array(items.iter().cloned().cycle().take(items.len() * times).collect()))
        }
        Val::TimeSpan(_) => timed(left, right, Arithmetic::Multiply),
        _ => arithmetic(Arithmetic::Multiply, left, right),
    }
}

/// A range that is not built yet.
pub(super) enum Range {
    Whole(i64, i64),
    Chars(u32, u32),
}

impl Range {
    fn bounds(&self) -> (i64, i64) {
        match self {
            Self::Whole(low, high) => (*low, *high),
            Self::Chars(low, high) => (i64::from(*low), i64::from(*high)),
        }
    }

    fn len(&self) -> usize {
        let (low, high) = self.bounds();
        usize::try_from(high.abs_diff(low)).unwrap_or(usize::MAX).saturating_add(1)
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = Val> {
        let (low, high) = self.bounds();
        let step = if low <= high { 1 } else { -1 };
        let chars = matches!(self, Self::Chars(..));
        (0..=i64::try_from(high.abs_diff(low)).unwrap_or(0)).map(move |at| {
            let n = low + at * step;
            match (chars, i32::try_from(n)) {
                (true, Ok(n)) => u32::try_from(n).ok().and_then(char::from_u32).map_or(Val::Null, Val::Char),
                (_, Ok(n)) => Val::Int(n),
                (_, Err(_)) => Val::Long(n),
            }
        })
    }
}

/// `low..high`.
pub(super) fn range(low: &Val, high: &Val) -> Result<Range, Failure> {
    let letter = |v: &Val| match v {
        Val::Char(c) => Some(u32::from(*c)),
        Val::Str(s) if s.chars().count() == 1 => {
            s.chars().next().filter(|c| !c.is_ascii_digit()).map(u32::from)
        }
        _ => None,
    };
    if let (Some(low), Some(high)) = (letter(low), letter(high)) {
        return Ok(Range::Chars(low, high));
    }
    let whole = |v: &Val| match cast(v, &Type::Int)? {
        Val::Int(n) => Ok(i64::from(n)),
        _ => Err(not_converted(v, "System.Int32")),
    };
    Ok(Range::Whole(whole(low)?, whole(high)?))
}

fn bits(left: &Val, right: &Val, with: fn(i64, i64) -> i64) -> Result<Val, Failure> {
    if let (Val::Bool(l), Val::Bool(r)) = (left, right) {
        return Ok(Val::Int(i32::try_from(with(i64::from(*l), i64::from(*r))).unwrap_or(0)));
    }
    let wide = matches!(left, Val::Long(_)) || matches!(right, Val::Long(_));
    let n = with(to_index(left)?, to_index(right)?);
    Ok(match i32::try_from(n) {
        Ok(small) if !wide => Val::Int(small),
        _ => Val::Long(n),
    })
}

/// `-bnot`.
pub(super) fn complement(value: &Val) -> Result<Val, Failure> {
    Ok(match value {
        Val::Long(n) => Val::Long(!n),
        other => match cast(other, &Type::Int) {
            Ok(Val::Int(n)) => Val::Int(!n),
            _ => Val::Long(!to_index(other)?),
        },
    })
}

fn shift(left: &Val, right: &Val, up: bool) -> Result<Val, Failure> {
    let by = u32::try_from(to_index(right)? & 63).unwrap_or(0);
    Ok(match left {
        Val::Long(n) => Val::Long(if up { n.wrapping_shl(by) } else { n.wrapping_shr(by) }),
        other => match cast(other, &Type::Int)? {
            Val::Int(n) => Val::Int(if up { n.wrapping_shl(by & 31) } else { n.wrapping_shr(by & 31) }),
            _ => return Err(not_converted(other, "System.Int32")),
        },
    })
}

/// The value of a compound assignment's operator.
pub(super) fn compound(op: BinaryOp, left: &Val, right: &Val) -> Result<Val, Failure> {
    match op {
        BinaryOp::Add => add(left, right),
        BinaryOp::Subtract => subtract(left, right),
        BinaryOp::Multiply => multiply(left, right),
        BinaryOp::Divide => timed(left, right, Arithmetic::Divide),
        _ => arithmetic(Arithmetic::Remainder, left, right),
    }
}
