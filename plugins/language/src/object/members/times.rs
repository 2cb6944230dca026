//! `[datetime]` and `[timespan]`.

use bailiwick_objects::time::{DateTime, Kind};

use super::{Getter, Members, Method, out_of_range};
use crate::object::convert::{cast, to_f64, to_i32};
use crate::object::fault::Failure;
use crate::object::time::{self, Parts, ticks_of};
use crate::object::types::Type;
use crate::object::value::Val;

pub(super) const DATETIME: Members = Members { properties: DATE_PROPERTIES, methods: DATE_METHODS };

const DATE_PROPERTIES: &[(&str, Getter)] = &[
    ("Year", |v| part(v, |p| p.year)),
    ("Month", |v| part(v, |p| p.month)),
    ("Day", |v| part(v, |p| p.day)),
    ("Hour", |v| part(v, |p| p.hour)),
    ("Minute", |v| part(v, |p| p.minute)),
    ("Second", |v| part(v, |p| p.second)),
    ("Millisecond", |v| part(v, |p| p.fraction / 10_000)),
    ("DayOfYear", |v| part(v, |p| p.day_of_year)),
    ("DayOfWeek", |v| at(v).map(|at| Val::str(Parts::of(at).weekday_name()))),
    ("Ticks", |v| at(v).map(|at| Val::Long(at.ticks))),
    ("Kind", |v| {
        at(v).map(|at| {
            Val::str(match at.kind {
                Kind::Unspecified => "Unspecified",
                Kind::Utc => "Utc",
                Kind::Local { .. } => "Local",
            })
        })
    }),
    ("Date", |v| {
        at(v).map(|at| {
            Val::DateTime(DateTime { ticks: at.ticks - at.ticks.rem_euclid(ticks_of('d')), kind: at.kind })
        })
    }),
    ("TimeOfDay", |v| at(v).map(|at| Val::TimeSpan(at.ticks.rem_euclid(ticks_of('d'))))),
];

const DATE_METHODS: &[(&str, Method)] = &[
    ("AddDays", |v, a| moved(v, a, 'd')),
    ("AddHours", |v, a| moved(v, a, 'h')),
    ("AddMinutes", |v, a| moved(v, a, 'm')),
    ("AddSeconds", |v, a| moved(v, a, 's')),
    ("AddMilliseconds", |v, a| moved(v, a, 'f')),
    ("AddTicks", |v, a| match (at(v), a) {
        (Some(at), [n]) => dated(time::add(at, crate::object::convert::to_index(n)?)),
        _ => Ok(None),
    }),
    ("AddMonths", |v, a| match (at(v), a) {
        (Some(at), [n]) => dated(time::add_months(at, i64::from(to_i32(n)?))),
        _ => Ok(None),
    }),
    ("AddYears", |v, a| match (at(v), a) {
        (Some(at), [n]) => dated(time::add_months(at, i64::from(to_i32(n)?) * 12)),
        _ => Ok(None),
    }),
    ("Add", |v, a| match (at(v), a) {
        (Some(at), [Val::TimeSpan(ticks)]) => dated(time::add(at, *ticks)),
        _ => Ok(None),
    }),
    ("Subtract", |v, a| match (at(v), a) {
        (Some(at), [Val::TimeSpan(ticks)]) => dated(ticks.checked_neg().and_then(|t| time::add(at, t))),
        (Some(at), [Val::DateTime(other)]) => Ok(Some(Val::TimeSpan(at.ticks - other.ticks))),
        _ => Ok(None),
    }),
    ("ToUniversalTime", |v, _| Ok(at(v).map(universal).map(Val::DateTime))),
    ("ToShortDateString", |v, _| Ok(at(v).map(|at| Val::from(time::format(at, "d"))))),
    ("ToShortTimeString", |v, _| Ok(at(v).map(|at| Val::from(time::format(at, "t"))))),
];

fn at(value: &Val) -> Option<DateTime> {
    match value {
        Val::DateTime(at) => Some(*at),
        _ => None,
    }
}

fn part(value: &Val, read: fn(&Parts) -> i64) -> Option<Val> {
    let parts = Parts::of(at(value)?);
    i32::try_from(read(&parts)).ok().map(Val::Int)
}

fn universal(at: DateTime) -> DateTime {
    match at.kind {
        Kind::Local { offset } => {
            DateTime { ticks: at.ticks - i64::from(offset) * ticks_of('m'), kind: Kind::Utc }
        }
        _ => DateTime { ticks: at.ticks, kind: Kind::Utc },
    }
}

fn dated(at: Option<DateTime>) -> Result<Option<Val>, Failure> {
    at.map(|at| Some(Val::DateTime(at))).ok_or_else(|| out_of_range("the date would lie outside its range"))
}

/// Units as ticks; none if they do not fit.
fn units(count: f64, unit: char) -> Option<i64> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "checked against the range of i64"
    )]
    {
        let ticks = (count * ticks_of(unit) as f64).round();
        (ticks.abs() < 9.2e18).then_some(ticks as i64)
    }
}

fn moved(value: &Val, arguments: &[Val], unit: char) -> Result<Option<Val>, Failure> {
    match (at(value), arguments) {
        (Some(at), [count]) => dated(units(to_f64(count)?, unit).and_then(|ticks| time::add(at, ticks))),
        _ => Ok(None),
    }
}

/// A span of so many units.
pub(super) fn span_of(count: &Val, unit: char) -> Result<Option<Val>, Failure> {
    let ticks =
        units(to_f64(count)?, unit).ok_or_else(|| out_of_range("the span would lie outside its range"))?;
    Ok(Some(Val::TimeSpan(ticks)))
}

pub(super) const TIMESPAN: Members = Members {
    properties: &[
        ("Days", |v| whole(v, 'd', i64::MAX)),
        ("Hours", |v| whole(v, 'h', 24)),
        ("Minutes", |v| whole(v, 'm', 60)),
        ("Seconds", |v| whole(v, 's', 60)),
        ("Milliseconds", |v| whole(v, 'f', 1000)),
        ("Ticks", |v| ticks(v).map(Val::Long)),
        ("TotalDays", |v| total(v, 'd')),
        ("TotalHours", |v| total(v, 'h')),
        ("TotalMinutes", |v| total(v, 'm')),
        ("TotalSeconds", |v| total(v, 's')),
        ("TotalMilliseconds", |v| total(v, 'f')),
    ],
    methods: &[
        ("Add", |v, a| match (ticks(v), a) {
            (Some(t), [other]) => sum(t, other, i64::checked_add),
            _ => Ok(None),
        }),
        ("Subtract", |v, a| match (ticks(v), a) {
            (Some(t), [other]) => sum(t, other, i64::checked_sub),
            _ => Ok(None),
        }),
        ("Negate", |v, _| Ok(ticks(v).and_then(i64::checked_neg).map(Val::TimeSpan))),
        ("Duration", |v, _| Ok(ticks(v).and_then(i64::checked_abs).map(Val::TimeSpan))),
    ],
};

fn ticks(value: &Val) -> Option<i64> {
    match value {
        Val::TimeSpan(ticks) => Some(*ticks),
        _ => None,
    }
}

fn whole(value: &Val, unit: char, modulus: i64) -> Option<Val> {
    i32::try_from(ticks(value)? / ticks_of(unit) % modulus).ok().map(Val::Int)
}

#[expect(clippy::cast_precision_loss, reason = "totals are shown as doubles")]
fn total(value: &Val, unit: char) -> Option<Val> {
    Some(Val::Double(ticks(value)? as f64 / ticks_of(unit) as f64))
}

fn sum(ticks: i64, other: &Val, with: fn(i64, i64) -> Option<i64>) -> Result<Option<Val>, Failure> {
    match cast(other, &Type::TimeSpan)? {
        Val::TimeSpan(other) => with(ticks, other)
            .map(|t| Some(Val::TimeSpan(t)))
            .ok_or_else(|| out_of_range("the span would lie outside its range")),
        _ => Ok(None),
    }
}
