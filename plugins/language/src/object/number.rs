//! Arithmetic: PowerShell's tower of int, long, decimal, double and bigint. An int or long that overflows becomes a
//! double.

use std::rc::Rc;

use bailiwick_objects::ErrorCategory;
use num_bigint::BigInt;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use super::fault::{Failure, fault, invalid};
use super::text;
use super::types::type_name;
use super::value::Val;

/// The operators that take two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A number of the tower.
#[derive(Debug, Clone)]
pub(crate) enum Num {
    Int(i32),
    Long(i64),
    Big(BigInt),
    Decimal(Decimal),
    Double(f64),
}

impl Num {
    /// The number that a value counts as; none if it is no number at all.
    pub(crate) fn of(value: &Val) -> Option<Self> {
        Some(match value {
            Val::Null | Val::Nothing => Self::Int(0),
            Val::Bool(b) => Self::Int(i32::from(*b)),
            Val::Int(n) => Self::Int(*n),
            Val::Long(n) => Self::Long(*n),
            Val::Double(d) => Self::Double(*d),
            Val::Decimal(d) => Self::Decimal(*d),
            Val::BigInt(n) => Self::Big((**n).clone()),
            Val::Char(c) => Self::Int(i32::try_from(u32::from(*c)).unwrap_or(0)),
            Val::Str(text) => return text::parse_number(text).and_then(|n| Self::of(&n)),
            _ => return None,
        })
    }

    pub(crate) fn to_f64(&self) -> f64 {
        match self {
            Self::Int(n) => f64::from(*n),
            Self::Long(n) => n.to_f64().unwrap_or(f64::NAN),
            Self::Big(n) => n.to_f64().unwrap_or(f64::NAN),
            Self::Decimal(d) => d.to_f64().unwrap_or(f64::NAN),
            Self::Double(d) => *d,
        }
    }

    pub(crate) fn to_val(&self) -> Val {
        match self {
            Self::Int(n) => Val::Int(*n),
            Self::Long(n) => Val::Long(*n),
            Self::Big(n) => Val::BigInt(Rc::new(n.clone())),
            Self::Decimal(d) => Val::Decimal(*d),
            Self::Double(d) => Val::Double(*d),
        }
    }

    /// As a decimal, if it lies in its range.
    pub(crate) fn to_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(n) => Some(Decimal::from(*n)),
            Self::Long(n) => Some(Decimal::from(*n)),
            Self::Big(n) => n.to_string().parse().ok(),
            Self::Decimal(d) => Some(*d),
            Self::Double(d) => Decimal::from_f64(*d),
        }
    }

    /// As a whole number, rounded half to even as .NET's conversions do.
    pub(crate) fn to_whole(&self) -> Option<i128> {
        match self {
            Self::Int(n) => Some(i128::from(*n)),
            Self::Long(n) => Some(i128::from(*n)),
            Self::Big(n) => i128::try_from(n).ok(),
            Self::Decimal(d) => d.round().to_i128(),
            Self::Double(d) => d.is_finite().then(|| d.round_ties_even()).and_then(|d| d.to_i128()),
        }
    }

    fn to_big(&self) -> Option<BigInt> {
        match self {
            Self::Big(n) => Some(n.clone()),
            other => other.to_whole().map(BigInt::from),
        }
    }
}

/// Compares two numbers exactly where both are whole or decimal.
pub(crate) fn compare(left: &Num, right: &Num) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Num::Double(_), _) | (_, Num::Double(_)) => left.to_f64().partial_cmp(&right.to_f64()),
        (Num::Decimal(_), _) | (_, Num::Decimal(_)) => match (left.to_decimal(), right.to_decimal()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => left.to_f64().partial_cmp(&right.to_f64()),
        },
        (Num::Big(_), _) | (_, Num::Big(_)) => Some(left.to_big()?.cmp(&right.to_big()?)),
        _ => Some(left.to_whole()?.cmp(&right.to_whole()?)),
    }
}

/// The smallest type that holds a whole number: int, long, decimal, double.
pub(crate) fn integer(n: BigInt) -> Val {
    if let Ok(n) = i32::try_from(&n) {
        return Val::Int(n);
    }
    if let Ok(n) = i64::try_from(&n) {
        return Val::Long(n);
    }
    match n.to_string().parse::<Decimal>() {
        Ok(d) => Val::Decimal(d),
        Err(_) => Val::Double(n.to_f64().unwrap_or(f64::INFINITY)),
    }
}

/// `-x`.
pub(crate) fn negate(value: &Val) -> Result<Val, Failure> {
    arithmetic(Arithmetic::Subtract, &Val::Int(0), value)
}

/// `left op right` for numbers and what converts to them.
pub(crate) fn arithmetic(op: Arithmetic, left: &Val, right: &Val) -> Result<Val, Failure> {
    let (Some(a), Some(b)) = (Num::of(left), Num::of(right)) else {
        return Err(no_operator(op, left, right));
    };
    let zero = || {
        fault("RuntimeException", ErrorCategory::NotSpecified, "attempted to divide by zero")
            .exception("System.DivideByZeroException")
    };
    Ok(match (&a, &b) {
        (Num::Double(_), _) | (_, Num::Double(_)) => Val::Double(double(op, a.to_f64(), b.to_f64())),
        (Num::Decimal(_), _) | (_, Num::Decimal(_)) => {
            let (Some(x), Some(y)) = (a.to_decimal(), b.to_decimal()) else { return Err(overflow()) };
            let result = match op {
                Arithmetic::Add => x.checked_add(y),
                Arithmetic::Subtract => x.checked_sub(y),
                Arithmetic::Multiply => x.checked_mul(y),
                Arithmetic::Divide | Arithmetic::Remainder if y.is_zero() => return Err(zero()),
                Arithmetic::Divide => x.checked_div(y),
                Arithmetic::Remainder => x.checked_rem(y),
            };
            Val::Decimal(result.ok_or_else(overflow)?)
        }
        (Num::Big(_), _) | (_, Num::Big(_)) => {
            let (Some(x), Some(y)) = (a.to_big(), b.to_big()) else { return Err(overflow()) };
            if x.bits().saturating_add(y.bits()) > 1 << 20 {
                return Err(overflow());
            }
            let divides = matches!(op, Arithmetic::Divide | Arithmetic::Remainder);
            if divides && y == BigInt::from(0) {
                return Err(zero());
            }
            let result = match op {
                Arithmetic::Add => x + y,
                Arithmetic::Subtract => x - y,
                Arithmetic::Multiply => x * y,
                Arithmetic::Divide => x / y,
                Arithmetic::Remainder => x % y,
            };
            Val::BigInt(Rc::new(result))
        }
        (Num::Int(x), Num::Int(y)) => {
            if *y == 0 && matches!(op, Arithmetic::Divide | Arithmetic::Remainder) {
                return Err(zero());
            }
            let (x, y) = (i64::from(*x), i64::from(*y));
            match whole(op, x, y) {
                Some(n) => i32::try_from(n)
                    .map_or_else(|_| Val::Double(double(op, a.to_f64(), b.to_f64())), Val::Int),
                None => Val::Double(double(op, a.to_f64(), b.to_f64())),
            }
        }
        _ => {
            let (Some(x), Some(y)) = (a.to_whole(), b.to_whole()) else { return Err(overflow()) };
            let (Ok(x), Ok(y)) = (i64::try_from(x), i64::try_from(y)) else { return Err(overflow()) };
            if y == 0 && matches!(op, Arithmetic::Divide | Arithmetic::Remainder) {
                return Err(zero());
            }
            whole(op, x, y).map_or_else(|| Val::Double(double(op, a.to_f64(), b.to_f64())), Val::Long)
        }
    })
}

/// Whole numbers; none on overflow or a division that leaves a rest.
fn whole(op: Arithmetic, x: i64, y: i64) -> Option<i64> {
    match op {
        Arithmetic::Add => x.checked_add(y),
        Arithmetic::Subtract => x.checked_sub(y),
        Arithmetic::Multiply => x.checked_mul(y),
        Arithmetic::Divide => (x.checked_rem(y)? == 0).then(|| x.checked_div(y)).flatten(),
        Arithmetic::Remainder => Some(x.checked_rem(y).unwrap_or(0)),
    }
}

fn double(op: Arithmetic, x: f64, y: f64) -> f64 {
    match op {
        Arithmetic::Add => x + y,
        Arithmetic::Subtract => x - y,
        Arithmetic::Multiply => x * y,
        Arithmetic::Divide => x / y,
        Arithmetic::Remainder => x % y,
    }
}

fn overflow() -> Failure {
    fault(
        "RuntimeException",
        ErrorCategory::NotSpecified,
        "value was either too large or too small for its type",
    )
    .exception("System.OverflowException")
}

fn no_operator(op: Arithmetic, left: &Val, right: &Val) -> Failure {
    if matches!(left, Val::Str(_)) || matches!(right, Val::Str(_)) {
        let text = if Num::of(left).is_none() { left } else { right };
        return invalid(
            "InvalidCastFromStringToInteger",
            format!(
                "cannot convert value `{}` to a number: the input string was not in a correct format",
                text::display(text)
            ),
        )
        .exception("System.Management.Automation.PSInvalidCastException");
    }
    let name = match op {
        Arithmetic::Add => "op_Addition",
        Arithmetic::Subtract => "op_Subtraction",
        Arithmetic::Multiply => "op_Multiply",
        Arithmetic::Divide => "op_Division",
        Arithmetic::Remainder => "op_Modulus",
    };
    fault(
        "MethodNotFound",
        ErrorCategory::InvalidOperation,
        format!(
            "method invocation failed because `[{}]` does not contain a method named `{name}`",
            type_name(left)
        ),
    )
}
