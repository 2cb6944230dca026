//! Points in time and spans as .NET writes them in the invariant culture.

use bailiwick_objects::time::{DateTime, TimeSpan};

const TICKS_PER_SECOND: i64 = 10_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const TICKS_PER_DAY: i64 = TICKS_PER_SECOND * SECONDS_PER_DAY;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// 0001-01-01 was a Monday.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// `MM/dd/yyyy HH:mm:ss`.
pub fn date_time_text(at: DateTime) -> String {
    let Civil { year, month, day, hour, minute, second, .. } = Civil::of(at);
    format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
}

/// `dddd, dd MMMM yyyy HH:mm:ss`: how a lone `[datetime]` is shown.
pub(super) fn long_text(at: DateTime) -> String {
    let Civil { year, month, day, hour, minute, second, weekday } = Civil::of(at);
    let name = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or_default()
    };
    let (weekday, month) = (name(&WEEKDAYS, weekday), name(&MONTHS, month - 1));
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02}")
}

/// `[-][d.]hh:mm:ss[.fffffff]`.
pub fn time_span_text(span: TimeSpan) -> String {
    let ticks = span.0.unsigned_abs();
    let sign = if span.0 < 0 { "-" } else { "" };
    let (seconds, fraction) = (ticks / 10_000_000, ticks % 10_000_000);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let days = if days == 0 { String::new() } else { format!("{days}.") };
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:07}") };
    format!("{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

/// A point in time in the parts of a calendar.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: i64,
}

impl Civil {
    fn of(at: DateTime) -> Self {
        let ticks = at.ticks.clamp(0, DateTime::MAX_TICKS);
        let days = ticks / TICKS_PER_DAY;
        let seconds = ticks % TICKS_PER_DAY / TICKS_PER_SECOND;
        let (year, month, day) = Self::date(days);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        Self { year, month, day, hour, minute, second, weekday: days % 7 }
    }

    /// Year, month and day of a number of days after 0001-01-01, in the proleptic Gregorian calendar: eras of 400
    /// years that begin in March, so that the leap day comes last.
    fn date(days: i64) -> (i64, i64, i64) {
        let days = days + 306;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        (year, month, day)
    }
}
