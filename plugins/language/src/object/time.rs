//! Dates and spans: reading, showing and calendar parts, in the invariant culture and without a time zone database.

use bailiwick_objects::time::{DateTime, Kind};

const SECOND: i64 = 10_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
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
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Ticks of one unit.
pub(crate) const fn ticks_of(unit: char) -> i64 {
    match unit {
        'd' => DAY,
        'h' => HOUR,
        'm' => MINUTE,
        's' => SECOND,
        _ => 10_000,
    }
}

/// The calendar parts of a date.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub fraction: i64,
    pub day_of_year: i64,
    pub weekday: i64,
}

/// Days before a year of the proleptic Gregorian calendar.
const fn days_before(year: i64) -> i64 {
    let y = year - 1;
    y * 365 + y / 4 - y / 100 + y / 400
}

const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month.
pub(crate) const fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Parts {
    pub(crate) fn of(at: DateTime) -> Self {
        let days = at.ticks.div_euclid(DAY);
        let rest = at.ticks.rem_euclid(DAY);
        let mut year = days / 366 + 1;
        while days_before(year + 1) <= days {
            year += 1;
        }
        let mut day = days - days_before(year);
        let day_of_year = day + 1;
        let mut month = 1;
        while day >= days_in(year, month) && month < 12 {
            day -= days_in(year, month);
            month += 1;
        }
        Self {
            year,
            month,
            day: day + 1,
            hour: rest / HOUR,
            minute: rest % HOUR / MINUTE,
            second: rest % MINUTE / SECOND,
            fraction: rest % SECOND,
            day_of_year,
            weekday: (days + 1) % 7,
        }
    }

    /// The ticks of these parts, if they name a point in time.
    pub(crate) fn ticks(&self) -> Option<i64> {
        let valid = (1..=9999).contains(&self.year)
            && (1..=12).contains(&self.month)
            && (1..=days_in(self.year, self.month)).contains(&self.day)
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..60).contains(&self.second)
            && (0..SECOND).contains(&self.fraction);
        if !valid {
            return None;
        }
        let days =
            days_before(self.year) + (1..self.month).map(|m| days_in(self.year, m)).sum::<i64>() + self.day
                - 1;
        Some(days * DAY + self.hour * HOUR + self.minute * MINUTE + self.second * SECOND + self.fraction)
    }

    pub(crate) fn weekday_name(&self) -> &'static str {
        usize::try_from(self.weekday).ok().and_then(|d| WEEKDAYS.get(d)).copied().unwrap_or("Sunday")
    }

    fn month_name(&self) -> &'static str {
        usize::try_from(self.month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or("January")
    }
}

/// A date of parts, without a kind.
pub(crate) fn date(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> Option<DateTime> {
    let parts = Parts { year, month, day, hour, minute, second, fraction: 0, day_of_year: 0, weekday: 0 };
    Some(DateTime { ticks: parts.ticks()?, kind: Kind::Unspecified })
}

/// A date of ticks.
pub(crate) fn of_ticks(ticks: i128) -> Option<DateTime> {
    let ticks = i64::try_from(ticks).ok().filter(|t| (0..=DateTime::MAX_TICKS).contains(t))?;
    Some(DateTime { ticks, kind: Kind::Unspecified })
}

/// A date moved by ticks, if it stays in range.
pub(crate) fn add(at: DateTime, ticks: i64) -> Option<DateTime> {
    let ticks = at.ticks.checked_add(ticks).filter(|t| (0..=DateTime::MAX_TICKS).contains(t))?;
    Some(DateTime { ticks, kind: at.kind })
}

/// A date moved by months, the day cut to the month's last.
pub(crate) fn add_months(at: DateTime, months: i64) -> Option<DateTime> {
    let mut parts = Parts::of(at);
    let total = parts.year.checked_mul(12)?.checked_add(parts.month - 1)?.checked_add(months)?;
    parts.year = total.div_euclid(12);
    parts.month = total.rem_euclid(12) + 1;
    parts.day = parts.day.min(days_in(parts.year, parts.month));
    Some(DateTime { ticks: parts.ticks()?, kind: at.kind })
}

/// `MM/dd/yyyy HH:mm:ss`, the invariant culture's general form.
pub(crate) fn general(at: DateTime) -> String {
    format(at, "MM/dd/yyyy HH:mm:ss")
}

/// A date by a standard letter or a custom pattern.
pub(crate) fn format(at: DateTime, pattern: &str) -> String {
    let pattern = match pattern {
        "" | "G" => "MM/dd/yyyy HH:mm:ss",
        "g" => "MM/dd/yyyy HH:mm",
        "d" => "MM/dd/yyyy",
        "D" => "dddd, dd MMMM yyyy",
        "t" => "HH:mm",
        "T" => "HH:mm:ss",
        "f" => "dddd, dd MMMM yyyy HH:mm",
        "F" | "U" => "dddd, dd MMMM yyyy HH:mm:ss",
        "M" | "m" => "MMMM dd",
        "Y" | "y" => "yyyy MMMM",
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        "R" | "r" => "ddd, dd MMM yyyy HH:mm:ss GMT",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffK",
        custom => custom,
    };
    custom(at, pattern)
}

fn custom(at: DateTime, pattern: &str) -> String {
    let parts = Parts::of(at);
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(chars.next());
            continue;
        }
        if c == '\'' || c == '"' {
            out.extend(chars.by_ref().take_while(|d| *d != c));
            continue;
        }
        let mut run = 1;
        if "yMdHhmsftKz".contains(c) {
            while chars.next_if_eq(&c).is_some() {
                run += 1;
            }
        }
        match c {
            'y' if run <= 2 => out.push_str(&padded(parts.year % 100, run)),
            'y' => out.push_str(&padded(parts.year, run)),
            'M' if run == 3 => out.extend(parts.month_name().chars().take(3)),
            'M' if run > 3 => out.push_str(parts.month_name()),
            'M' => out.push_str(&padded(parts.month, run)),
            'd' if run == 3 => out.extend(parts.weekday_name().chars().take(3)),
            'd' if run > 3 => out.push_str(parts.weekday_name()),
            'd' => out.push_str(&padded(parts.day, run)),
            'H' => out.push_str(&padded(parts.hour, run)),
            'h' => out.push_str(&padded((parts.hour + 11) % 12 + 1, run)),
            'm' => out.push_str(&padded(parts.minute, run)),
            's' => out.push_str(&padded(parts.second, run)),
            'f' => out.extend(format!("{:07}", parts.fraction).chars().take(run)),
            't' => out.extend(if parts.hour < 12 { "AM" } else { "PM" }.chars().take(run)),
            'K' => out.push_str(&zone(at.kind)),
            'z' => out.push_str(&offset(at.kind)),
            other => out.push(other),
        }
    }
    out
}

fn padded(n: i64, width: usize) -> String {
    format!("{n:0width$}")
}

fn zone(kind: Kind) -> String {
    match kind {
        Kind::Unspecified => String::new(),
        Kind::Utc => "Z".into(),
        Kind::Local { .. } => offset(kind),
    }
}

fn offset(kind: Kind) -> String {
    let minutes = match kind {
        Kind::Local { offset } => offset,
        _ => 0,
    };
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
}

/// A span in .NET's constant form, `[-][d.]hh:mm:ss[.fffffff]`.
pub(crate) fn span(ticks: i64) -> String {
    let sign = if ticks < 0 { "-" } else { "" };
    let t = ticks.unsigned_abs();
    let (day, second) = (DAY.unsigned_abs(), SECOND.unsigned_abs());
    let days = if t >= day { format!("{}.", t / day) } else { String::new() };
    let fraction = if t.is_multiple_of(second) { String::new() } else { format!(".{:07}", t % second) };
    let seconds = t % day / second;
    format!("{sign}{days}{:02}:{:02}:{:02}{fraction}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Reads a span: `d`, `hh:mm`, `[d.]hh:mm:ss[.fffffff]`.
pub(crate) fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let number = |s: &str| s.parse::<u32>().ok().map(i64::from);
    let (days, clock) = match text.split_once(':') {
        None => (number(text)?, None),
        Some((head, _)) => match head.split_once('.') {
            Some((days, _)) => (number(days)?, text.split_once('.').map(|(_, rest)| rest)),
            None => (0, Some(text)),
        },
    };
    let mut ticks = days.checked_mul(DAY)?;
    if let Some(clock) = clock {
        let mut fields = clock.split(':');
        let hours = number(fields.next()?)?;
        let minutes = number(fields.next()?)?;
        let (seconds, fraction) = match fields.next() {
            Some(last) => match last.split_once('.') {
                Some((s, f)) => (number(s)?, fraction_ticks(f)?),
                None => (number(last)?, 0),
            },
            None => (0, 0),
        };
        if hours > 23 || minutes > 59 || seconds > 59 || fields.next().is_some() {
            return None;
        }
        ticks = ticks.checked_add(hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction)?;
    }
    Some(if negative { -ticks } else { ticks })
}

fn fraction_ticks(digits: &str) -> Option<i64> {
    if digits.is_empty() || digits.len() > 7 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{digits:0<7}").parse().ok()
}

/// Reads a date: ISO 8601, `MM/dd/yyyy`, `d MMMM yyyy` and `MMMM d, yyyy`, each with a time behind it if wanted.
pub(crate) fn parse(text: &str) -> Option<DateTime> {
    let text = text.trim();
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    let (date_text, rest) = if text.get(4..5) == Some("-") && text.len() >= 8 {
        let end = text.find(['T', ' ', 't']).unwrap_or(text.len());
        (text.get(..end)?, text.get(end + 1..).unwrap_or(""))
    } else {
        match text.find(':').and_then(|colon| text.get(..colon)).and_then(|head| head.rfind(' ')) {
            Some(blank) => (text.get(..blank)?, text.get(blank + 1..)?),
            None => (text, ""),
        }
    };
    let (year, month, day) = calendar(date_text)?;
    let (ticks, zone) = clock(rest)?;
    let midnight = date(year, month, day, 0, 0, 0)?;
    let at = add(midnight, ticks)?;
    match zone {
        None => Some(at),
        // The session's zone is UTC.
        Some(minutes) => {
            let moved = add(at, -minutes * MINUTE)?;
            Some(DateTime { ticks: moved.ticks, kind: Kind::Utc })
        }
    }
}

fn calendar(text: &str) -> Option<(i64, i64, i64)> {
    let fields: Vec<&str> = text.split([' ', ',', '/', '-', '.']).filter(|f| !f.is_empty()).collect();
    let number = |s: &str| s.parse::<u16>().ok().map(i64::from);
    let month_named = |s: &str| {
        let at = MONTHS.iter().position(|m| {
            m.eq_ignore_ascii_case(s)
                || (s.len() == 3 && m.get(..3).is_some_and(|m| m.eq_ignore_ascii_case(s)))
        })?;
        i64::try_from(at).ok().map(|m| m + 1)
    };
    let year_of =
        |s: &str| number(s).map(|y| if s.len() <= 2 { y + if y < 50 { 2000 } else { 1900 } } else { y });
    match *fields.as_slice() {
        [y, m, d] if y.len() == 4 => Some((number(y)?, number(m).or_else(|| month_named(m))?, number(d)?)),
        [a, b, y] => match (month_named(a), month_named(b)) {
            (Some(m), _) => Some((year_of(y)?, m, number(b)?)),
            (_, Some(m)) => Some((year_of(y)?, m, number(a)?)),
            _ => Some((year_of(y)?, number(a)?, number(b)?)),
        },
        [y, m] if y.len() == 4 => Some((number(y)?, number(m)?, 1)),
        [m, y] if y.len() == 4 => Some((number(y)?, month_named(m)?, 1)),
        _ => None,
    }
}

/// Ticks since midnight and the zone's offset in minutes.
fn clock(text: &str) -> Option<(i64, Option<i64>)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((0, None));
    }
    let upper = text.to_ascii_uppercase();
    let (upper, half) = match upper.strip_suffix("PM").or_else(|| upper.strip_suffix(" P")) {
        Some(head) => (head.trim_end().to_owned(), Some(12)),
        None => match upper.strip_suffix("AM") {
            Some(head) => (head.trim_end().to_owned(), Some(0)),
            None => (upper, None),
        },
    };
    let (body, zone) = if let Some(head) = upper.strip_suffix('Z') {
        (head.to_owned(), Some(0))
    } else if let Some(at) = upper.rfind(['+', '-']) {
        let sign = if upper.get(at..=at) == Some("-") { -1 } else { 1 };
        let (h, m) = upper.get(at + 1..)?.split_once(':')?;
        let (h, m): (i64, i64) = (h.parse().ok()?, m.parse().ok()?);
        if !(0..=14).contains(&h) || !(0..60).contains(&m) {
            return None;
        }
        (upper.get(..at)?.trim_end().to_owned(), Some(sign * (h * 60 + m)))
    } else {
        (upper, None)
    };
    let mut fields = body.split(':');
    let number = |s: &str| s.parse::<u8>().ok().map(i64::from);
    let mut hour = number(fields.next()?)?;
    let minute = number(fields.next()?)?;
    let (second, fraction) = match fields.next() {
        Some(last) => match last.split_once('.') {
            Some((s, f)) => (number(s)?, fraction_ticks(f)?),
            None => (number(last)?, 0),
        },
        None => (0, 0),
    };
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + half;
    }
    if hour > 23 || minute > 59 || second > 59 || fields.next().is_some() {
        return None;
    }
    Some((hour * HOUR + minute * MINUTE + second * SECOND + fraction, zone))
}

#[cfg(test)]
mod tests {
    use super::{format, general, parse, parse_span, span};

    #[test]
    fn a_date_is_read_and_shown_in_the_invariant_form() {
        assert_eq!(general(parse("2024-02-29T13:05:09").unwrap()), "02/29/2024 13:05:09");
        assert_eq!(general(parse("12/31/1999 11:59:59 PM").unwrap()), "12/31/1999 23:59:59");
        assert_eq!(format(parse("2024-03-01T00:00:00+02:00").unwrap(), "o"), "2024-02-29T22:00:00.0000000Z");
        assert_eq!(format(parse("1 March 2024").unwrap(), "ddd d MMM yy"), "Fri 1 Mar 24");
        assert!(parse("2023-02-29").is_none() && parse("nonsense").is_none());
    }

    #[test]
    fn a_span_is_read_and_shown_in_the_constant_form() {
        assert_eq!(span(parse_span("1.02:03:04.5").unwrap()), "1.02:03:04.5000000");
        assert_eq!(span(parse_span("-00:00:01").unwrap()), "-00:00:01");
        assert!(parse_span("25:00:00").is_none());
    }
}
