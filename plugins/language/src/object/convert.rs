//! Conversions: `[type]value`, parameter types, truth. What PowerShell would do by reflection (constructors of other
//! types) does not exist.

use std::rc::Rc;
use std::sync::Arc;

use bailiwick_objects::value::Shape;
use num_bigint::BigInt;
use rust_decimal::prelude::ToPrimitive;

use super::fault::{Failure, invalid};
use super::number::Num;
use super::text::{display, double, parse_number};
use super::types::Type;
use super::value::{CUSTOM, RegexVal, Val};
use super::{Table, time};

/// Whether a value counts as true.
pub(crate) fn truth(value: &Val) -> bool {
    match value {
        Val::Null | Val::Nothing => false,
        Val::Bool(b) => *b,
        Val::Int(n) => *n != 0,
        Val::Long(n) => *n != 0,
        Val::Double(d) => *d != 0.0,
        Val::Decimal(d) => !d.is_zero(),
        Val::BigInt(n) => **n != BigInt::from(0),
        Val::Char(c) => *c != '\0',
        Val::Str(text) => !text.is_empty(),
        Val::Bytes(bytes) => !bytes.is_empty(),
        Val::Array(array) => {
            let items = array.items.borrow();
            match items.as_slice() {
                [] => false,
                // Of a lone element that is itself an array, only its being there counts: no recursion.
                [Val::Array(_)] => true,
                [one] => truth(one),
                _ => true,
            }
        }
        _ => true,
    }
}

/// The failure of a conversion, with PowerShell's ids.
pub(crate) fn not_converted(value: &Val, to: &str) -> Failure {
    let from_text = matches!(value, Val::Str(_));
    let id = match to {
        "System.Int32" | "System.Int64" | "System.Double" | "System.Decimal" | "System.Single"
            if from_text =>
        {
            "InvalidCastFromStringToInteger"
        }
        "System.DateTime" if from_text => "InvalidCastParseTargetInvocationWithFormatProvider",
        "System.TimeSpan" | "System.Guid" | "System.Version" if from_text => {
            "InvalidCastParseTargetInvocation"
        }
        "System.Boolean" => "InvalidCastFromAnythingToBoolean",
        "System.Char" if from_text => "InvalidCastFromStringToChar",
        _ => "ConvertToFinalInvalidCastException",
    };
    let shown: String = display(value).chars().take(200).collect();
    invalid(id, format!("cannot convert value `{shown}` to type `{to}`"))
        .exception("System.Management.Automation.PSInvalidCastException")
        .about(value.clone())
}

/// `[to]value`.
pub(crate) fn cast(value: &Val, to: &Type) -> Result<Val, Failure> {
    let fail = || not_converted(value, &to.full_name());
    if let Val::Array(array) = value
        && !matches!(
            to,
            Type::Object
                | Type::Array(_)
                | Type::List
                | Type::Bool
                | Type::String
                | Type::Void
                | Type::Version
        )
    {
        // A lone element stands for itself, as everywhere where one value is wanted.
        let items = array.items.borrow();
        return match items.as_slice() {
            [one] if !one.is_collection() => cast(one, to),
            _ => Err(fail()),
        };
    }
    Ok(match to {
        Type::Object => value.clone(),
        Type::Void => Val::Nothing,
        Type::Bool | Type::Switch => match value {
            Val::Str(text) if matches!(to, Type::Switch) && !text.is_empty() => return Err(fail()),
            other => Val::Bool(truth(other)),
        },
        Type::Int => whole(value, i128::from(i32::MIN), i128::from(i32::MAX))
            .and_then(|n| i32::try_from(n).ok())
            .map(Val::Int)
            .ok_or_else(fail)?,
        Type::Long => whole(value, i128::from(i64::MIN), i128::from(i64::MAX))
            .and_then(|n| i64::try_from(n).ok())
            .map(Val::Long)
            .ok_or_else(fail)?,
        Type::Narrow(_, low, high) => {
            let n = whole(value, i128::from(*low), i128::from(*high)).ok_or_else(fail)?;
            match i32::try_from(n) {
                Ok(n) => Val::Int(n),
                Err(_) => Val::Long(i64::try_from(n).map_err(|_| fail())?),
            }
        }
        Type::Double => Val::Double(number(value).ok_or_else(fail)?.to_f64()),
        #[expect(clippy::cast_possible_truncation, reason = "a single keeps fewer digits")]
        Type::Single => Val::Double(f64::from(number(value).ok_or_else(fail)?.to_f64() as f32)),
        Type::Decimal => match value {
            Val::Str(text) if !text.trim().is_empty() => match text.trim().parse() {
                Ok(exact) => Val::Decimal(exact),
                Err(_) => Val::Decimal(number(value).and_then(|n| n.to_decimal()).ok_or_else(fail)?),
            },
            other => Val::Decimal(number(other).and_then(|n| n.to_decimal()).ok_or_else(fail)?),
        },
        Type::BigInt => Val::BigInt(Rc::new(big(value).ok_or_else(fail)?)),
        Type::Char => match value {
            Val::Char(c) => Val::Char(*c),
            Val::Str(text) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(c), None) => Val::Char(c),
                    _ => return Err(fail()),
                }
            }
            Val::Int(_) | Val::Long(_) => {
                let n = whole(value, 0, 0xffff).ok_or_else(fail)?;
                Val::Char(u32::try_from(n).ok().and_then(char::from_u32).ok_or_else(fail)?)
            }
            _ => return Err(fail()),
        },
        Type::String => match value {
            Val::Str(_) => value.clone(),
            // Fifteen digits: the cast hides the noise that `ToString()` shows.
            Val::Double(d) if d.is_finite() => Val::from(double(format!("{d:.14e}").parse().unwrap_or(*d))),
            other => {
                let text = display(other);
                super::limits::admit_text(text.len())?;
                Val::from(text)
            }
        },
        Type::DateTime => match value {
            Val::DateTime(_) => value.clone(),
            Val::Str(text) => time::parse(text).map(Val::DateTime).ok_or_else(fail)?,
            Val::Int(_) | Val::Long(_) => {
                time::of_ticks(whole(value, 0, i128::from(i64::MAX)).ok_or_else(fail)?)
                    .map(Val::DateTime)
                    .ok_or_else(fail)?
            }
            _ => return Err(fail()),
        },
        Type::TimeSpan => match value {
            Val::TimeSpan(_) => value.clone(),
            Val::Str(text) => time::parse_span(text).map(Val::TimeSpan).ok_or_else(fail)?,
            Val::Int(_) | Val::Long(_) => {
                let ticks = whole(value, i128::from(i64::MIN), i128::from(i64::MAX)).ok_or_else(fail)?;
                Val::TimeSpan(i64::try_from(ticks).map_err(|_| fail())?)
            }
            _ => return Err(fail()),
        },
        Type::Guid => match value {
            Val::Guid(_) => value.clone(),
            Val::Str(text) => guid(text).map(|bytes| Val::Guid(Rc::new(bytes))).ok_or_else(fail)?,
            _ => return Err(fail()),
        },
        Type::Version => match value {
            Val::Version(_) => value.clone(),
            Val::Str(text) => version(text).map(Val::Version).ok_or_else(fail)?,
            Val::Double(_) | Val::Decimal(_) => {
                version(&display(value)).map(Val::Version).ok_or_else(fail)?
            }
            Val::Int(n) => Val::Version(Rc::from([u32::try_from(*n).map_err(|_| fail())?, 0])),
            _ => return Err(fail()),
        },
        Type::Uri => match value {
            Val::Uri(_) => value.clone(),
            Val::Str(text) => Val::Uri(Arc::clone(text)),
            _ => return Err(fail()),
        },
        Type::Array(element) => to_array(value, element)?,
        Type::List => match value {
            Val::Array(array) if array.list => value.clone(),
            other => Val::list(other.elements_or_none()),
        },
        Type::Hashtable | Type::Ordered => match value {
            Val::Table(_) => value.clone(),
            _ => return Err(fail()),
        },
        Type::Custom => match value {
            Val::Table(cell) => object_of(&cell.table.borrow()),
            other => other.clone(),
        },
        Type::Regex => match value {
            Val::Regex(_) => value.clone(),
            Val::Str(text) => regex(text, false)?,
            _ => return Err(fail()),
        },
        Type::Meta => match value {
            Val::Type(_) => value.clone(),
            Val::Str(text) => Val::Type(Type::parse(text).ok_or_else(fail)?),
            _ => return Err(fail()),
        },
        Type::ScriptBlock | Type::ErrorRecord | Type::SecureString | Type::Statics(_) | Type::Named(_) => {
            if to.includes(value) || value.is_null() {
                value.clone()
            } else {
                return Err(fail());
            }
        }
    })
}

fn to_array(value: &Val, element: &Type) -> Result<Val, Failure> {
    if value.is_null() {
        return Ok(Val::Null);
    }
    if let (Val::Str(text), Type::Char) = (value, element) {
        return Ok(Val::array(text.chars().map(Val::Char).collect()));
    }
    if matches!((value, element), (Val::Array(array), Type::Object) if !array.list) {
        return Ok(value.clone());
    }
    let items = value.elements().iter().map(|item| cast(item, element)).collect::<Result<Vec<_>, _>>()?;
    Ok(Val::array(items))
}

/// The number that a value converts to: text is read, `$null` is 0, a date is none.
fn number(value: &Val) -> Option<Num> {
    Num::of(value)
}

fn whole(value: &Val, low: i128, high: i128) -> Option<i128> {
    let n = match value {
        Val::Str(text) => Num::of(&parse_number(text)?)?,
        other => Num::of(other)?,
    };
    n.to_whole().filter(|n| (low..=high).contains(n))
}

fn big(value: &Val) -> Option<BigInt> {
    match value {
        Val::Str(text) if text.len() <= 4096 => text.trim().parse().ok(),
        Val::BigInt(n) => Some((**n).clone()),
        other => number(other)?.to_whole().map(BigInt::from),
    }
}

fn guid(text: &str) -> Option<[u8; 16]> {
    let text = text.trim().trim_matches(['{', '}', '(', ')']);
    let well_formed = match text.len() {
        32 => true,
        36 => text.bytes().enumerate().all(|(at, b)| matches!(at, 8 | 13 | 18 | 23) == (b == b'-')),
        _ => false,
    };
    if !well_formed {
        return None;
    }
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| *c != '-')
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect();
    bytes.try_into().ok()
}

fn version(text: &str) -> Option<Rc<[u32]>> {
    let parts: Vec<u32> = text
        .trim()
        .split('.')
        .map(|part| part.parse().ok().filter(|n| *n <= i32::MAX.unsigned_abs()))
        .collect::<Option<_>>()?;
    (2..=4).contains(&parts.len()).then(|| Rc::from(parts))
}

/// Compiles a regex; bounded in size, and linear in time by construction.
pub(crate) fn regex(pattern: &str, ignore_case: bool) -> Result<Val, Failure> {
    let compiled =
        regex::RegexBuilder::new(pattern).case_insensitive(ignore_case).size_limit(1 << 20).build();
    match compiled {
        Ok(regex) => Ok(Val::Regex(Rc::new(RegexVal { pattern: Arc::from(pattern), regex }))),
        Err(error) => {
            let shown: String = pattern.chars().take(200).collect();
            let why = match error {
                regex::Error::CompiledTooBig(_) => "it is too large",
                _ => {
                    "it is not a pattern of this version (look-around and back-references are not supported)"
                }
            };
            Err(invalid(
                "InvalidRegularExpression",
                format!("the regular expression pattern `{shown}` is not valid: {why}"),
            ))
        }
    }
}

/// `[pscustomobject]@{…}`.
pub(crate) fn object_of(table: &Table) -> Val {
    let mut type_name = CUSTOM.to_owned();
    let mut properties = Vec::new();
    let mut values: Vec<Val> = Vec::new();
    for (key, value) in table.iter() {
        let name = display(key);
        if name.eq_ignore_ascii_case("PSTypeName") {
            type_name = display(value);
            continue;
        }
        // Keys that differ as keys (1 and '1') are one as names: the first keeps the place.
        let known: Option<usize> = properties.iter().position(|p: &Arc<str>| p.eq_ignore_ascii_case(&name));
        match known.and_then(|at| values.get_mut(at)) {
            Some(slot) => *slot = value.clone(),
            None => {
                properties.push(Arc::from(name));
                values.push(value.clone());
            }
        }
    }
    let mut type_names = vec![Arc::from(type_name)];
    if type_names.iter().all(|n: &Arc<str>| &**n != CUSTOM) {
        type_names.push(Arc::from(CUSTOM));
    }
    Val::of_shape(Arc::new(Shape { type_names, properties }), values)
}

/// An index or count within an array.
pub(crate) fn to_index(value: &Val) -> Result<i64, Failure> {
    match cast(value, &Type::Long)? {
        Val::Long(n) => Ok(n),
        _ => Err(not_converted(value, "System.Int32")),
    }
}

/// A float for the functions of `[math]`.
pub(crate) fn to_f64(value: &Val) -> Result<f64, Failure> {
    number(value).map(|n| n.to_f64()).ok_or_else(|| not_converted(value, "System.Double"))
}

/// An int argument of a method.
pub(crate) fn to_i32(value: &Val) -> Result<i32, Failure> {
    to_index(value)?.to_i32().ok_or_else(|| not_converted(value, "System.Int32"))
}
