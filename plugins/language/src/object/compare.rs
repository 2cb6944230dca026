//! Equality and order as PowerShell's operators see them: the left operand's type decides, strings without case
//! unless asked.

use std::cmp::Ordering;
use std::rc::Rc;

use bailiwick_objects::ErrorCategory;

use super::convert;
use super::fault::{Failure, fault};
use super::number::{self, Num};
use super::text::display;
use super::types::{Type, type_name};
use super::value::Val;

/// `left -eq right` for one left value.
pub(crate) fn equal(left: &Val, right: &Val, ignore_case: bool) -> bool {
    match (left, right) {
        (Val::Null | Val::Nothing, r) => r.is_null(),
        (_, Val::Null | Val::Nothing) => false,
        (Val::Str(l) | Val::Uri(l), r) => same_text(l, &display(r), ignore_case),
        (Val::Char(l), r) => match r {
            Val::Str(_) | Val::Char(_) => same_text(&l.to_string(), &display(r), ignore_case),
            _ => numbers(left, right) == Some(Ordering::Equal),
        },
        (Val::Bool(l), r) => *l == convert::truth(r),
        (Val::DateTime(l), r) => {
            matches!(convert::cast(r, &Type::DateTime), Ok(Val::DateTime(r)) if r.ticks == l.ticks)
        }
        (Val::TimeSpan(l), r) => matches!(convert::cast(r, &Type::TimeSpan), Ok(Val::TimeSpan(r)) if r == *l),
        (Val::Guid(l), r) => matches!(convert::cast(r, &Type::Guid), Ok(Val::Guid(r)) if r == *l),
        (Val::Version(_), r) => {
            convert::cast(r, &Type::Version).is_ok_and(|r| version_order(left, &r) == Some(Ordering::Equal))
        }
        (Val::Type(l), Val::Type(r)) => l == r,
        (Val::Type(l), r) => l.shown().eq_ignore_ascii_case(&display(r)),
        (Val::Table(l), Val::Table(r)) => Rc::ptr_eq(l, r),
        (Val::Object(l), Val::Object(r)) => Rc::ptr_eq(l, r),
        (Val::Block(l), Val::Block(r)) => Rc::ptr_eq(l, r),
        (Val::Error(l), Val::Error(r)) => Rc::ptr_eq(l, r),
        (Val::Array(l), Val::Array(r)) => Rc::ptr_eq(l, r),
        (Val::Object(_) | Val::Block(_) | Val::Error(_), Val::Str(r)) => {
            same_text(&display(left), r, ignore_case)
        }
        (Val::Regex(l), r) => same_text(&l.pattern, &display(r), ignore_case),
        (
            Val::Secure(_) | Val::Table(_) | Val::Object(_) | Val::Block(_) | Val::Error(_) | Val::Array(_),
            _,
        ) => false,
        (Val::Bytes(l), r) => matches!(r, Val::Bytes(r) if l == r),
        _ => numbers(left, right) == Some(Ordering::Equal),
    }
}

/// The order of two values, for `-lt` and its kin; an error where they have none.
pub(crate) fn order(left: &Val, right: &Val, ignore_case: bool) -> Result<Ordering, Failure> {
    let found = match (left, right) {
        (Val::Null | Val::Nothing, r) if r.is_null() => Some(Ordering::Equal),
        (Val::Null | Val::Nothing, r) => match Num::of(r) {
            Some(n) if !matches!(r, Val::Str(_)) && n.to_f64() < 0.0 => Some(Ordering::Greater),
            _ => Some(Ordering::Less),
        },
        (Val::Str(l) | Val::Uri(l), r) => Some(collate(l, &display(r), ignore_case)),
        (Val::Char(l), Val::Str(r)) => Some(collate(&l.to_string(), r, ignore_case)),
        (Val::Bool(l), r) => Some(l.cmp(&convert::truth(r))),
        (Val::DateTime(l), r) => match convert::cast(r, &Type::DateTime)? {
            Val::DateTime(r) => Some(l.ticks.cmp(&r.ticks)),
            _ => None,
        },
        (Val::TimeSpan(l), r) => match convert::cast(r, &Type::TimeSpan)? {
            Val::TimeSpan(r) => Some(l.cmp(&r)),
            _ => None,
        },
        (Val::Version(_), r) => version_order(left, &convert::cast(r, &Type::Version)?),
        (Val::Guid(_), _) => Some(display(left).cmp(&display(right))),
        _ => {
            if let (Val::Str(text), true) = (right, Num::of(left).is_some())
                && Num::of(right).is_none()
            {
                return Err(convert::not_converted(&Val::Str(text.clone()), &type_name(left)));
            }
            numbers(left, right)
        }
    };
    match found {
        Some(order) => Ok(order),
        None if Num::of(left).is_some() => Ok(Ordering::Greater),
        None => Err(fault(
            "NotIcomparable",
            ErrorCategory::InvalidOperation,
            format!("cannot compare `{}` because it is not comparable", display(left)),
        )),
    }
}

/// The order that sorting uses: total and transitive whatever is compared, never an error. `$null` first, then numbers
/// by value, dates, spans, versions, and all else by text.
pub(crate) fn sort_order(left: &Val, right: &Val, ignore_case: bool) -> Ordering {
    let (a, b) = (rank(left), rank(right));
    a.cmp(&b).then_with(|| match (left, right) {
        (Val::DateTime(l), Val::DateTime(r)) => l.ticks.cmp(&r.ticks),
        (Val::TimeSpan(l), Val::TimeSpan(r)) => l.cmp(r),
        (Val::Version(l), Val::Version(r)) => l.cmp(r),
        _ if a == NULL_RANK => Ordering::Equal,
        _ if a == NUMBER_RANK => number_order(left, right),
        _ => collate(&display(left), &display(right), ignore_case),
    })
}

const NULL_RANK: u8 = 0;
const NUMBER_RANK: u8 = 1;

fn rank(value: &Val) -> u8 {
    match value {
        Val::Null | Val::Nothing => NULL_RANK,
        Val::Bool(_) | Val::Int(_) | Val::Long(_) | Val::Double(_) | Val::Decimal(_) | Val::BigInt(_) => {
            NUMBER_RANK
        }
        Val::DateTime(_) => 2,
        Val::TimeSpan(_) => 3,
        Val::Version(_) => 4,
        _ => 5,
    }
}

/// Numbers by a key of their own: comparing each pair in the wider of its two types would not be transitive.
fn number_order(left: &Val, right: &Val) -> Ordering {
    let (Some(a), Some(b)) = (Num::of(left), Num::of(right)) else { return Ordering::Equal };
    let (x, y) = (a.to_f64() + 0.0, b.to_f64() + 0.0);
    x.total_cmp(&y).then_with(|| a.to_whole().cmp(&b.to_whole()))
}

fn numbers(left: &Val, right: &Val) -> Option<Ordering> {
    number::compare(&Num::of(left)?, &Num::of(right)?)
}

fn version_order(left: &Val, right: &Val) -> Option<Ordering> {
    let (Val::Version(l), Val::Version(r)) = (left, right) else { return None };
    Some(l.cmp(r))
}

/// Whether two texts are one.
pub(crate) fn same_text(left: &str, right: &str, ignore_case: bool) -> bool {
    if !ignore_case {
        return left == right;
    }
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    left.chars().map(upper).eq(right.chars().map(upper))
}

fn upper(c: char) -> char {
    let mut folded = c.to_uppercase();
    match (folded.next(), folded.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The invariant culture's order, near enough: blanks, punctuation, digits, letters; case only breaks ties, the small
/// letter first.
pub(crate) fn collate(left: &str, right: &str, ignore_case: bool) -> Ordering {
    let key = |c: char| {
        let class = match c {
            c if c.is_whitespace() => 0,
            c if c.is_numeric() => 2,
            c if c.is_alphabetic() => 3,
            _ => 1,
        };
        (class, upper(c))
    };
    let first = left.chars().map(key).cmp(right.chars().map(key));
    if first != Ordering::Equal || ignore_case {
        return first;
    }
    let tie = |c: char| (c.is_uppercase(), c);
    left.chars().map(tie).cmp(right.chars().map(tie))
}
