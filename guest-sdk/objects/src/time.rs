//! Points in time and spans, in .NET's units: ticks of 100 ns. Civil dates of the proleptic Gregorian calendar; zones
//! are not known here, only offsets.

use std::fmt;

/// A point in time as `[datetime]` holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// Ticks of 100 ns since 0001-01-01T00:00:00 on the clock that `kind` names; 0 to [`DateTime::MAX_TICKS`].
    pub ticks: i64,
    /// Which clock.
    pub kind: Kind,
}

/// Which clock a [`DateTime`] was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Not said.
    Unspecified,
    /// Coordinated universal time.
    Utc,
    /// The session's zone, with its offset from UTC then, in minutes.
    Local {
        /// Minutes east of UTC.
        offset: i16,
    },
}

/// Ticks between 0001-01-01 and the Unix epoch.
const UNIX_EPOCH_TICKS: i64 = 621_355_968_000_000_000;
const TICKS_PER_SECOND: i64 = 10_000_000;
const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;

/// A date and a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    /// 1 to 9999.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Ticks of 100 ns within the second.
    pub tick: u32,
}

impl Default for Civil {
    /// 0001-01-01T00:00:00.
    fn default() -> Self {
        Self { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, tick: 0 }
    }
}

impl DateTime {
    /// 9999-12-31T23:59:59.9999999.
    pub const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

    /// The greatest distance from UTC, in minutes.
    pub const MAX_OFFSET: u16 = 14 * 60;

    /// The point that a civil date names on the clock of `kind`; nothing if there is no such date.
    pub fn from_civil(civil: Civil, kind: Kind) -> Option<Self> {
        let Civil { year, month, day, hour, minute, second, tick } = civil;
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && i64::from(tick) < TICKS_PER_SECOND;
        if !valid {
            return None;
        }
        let days = days_from_civil(i64::from(year), i64::from(month), i64::from(day));
        let seconds = days * 86_400 + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self { ticks: seconds * TICKS_PER_SECOND + i64::from(tick), kind })
    }

    /// The civil date on its clock.
    pub fn civil(self) -> Civil {
        let ticks = self.ticks.clamp(0, Self::MAX_TICKS);
        let (days, rest) = (ticks / TICKS_PER_DAY, ticks % TICKS_PER_DAY);
        let (year, month, day) = civil_from_days(days);
        let seconds = rest / TICKS_PER_SECOND;
        let narrow = |number: i64| u8::try_from(number).unwrap_or(0);
        Civil {
            year: u16::try_from(year).unwrap_or(1),
            month: narrow(month),
            day: narrow(day),
            hour: narrow(seconds / 3600),
            minute: narrow(seconds / 60 % 60),
            second: narrow(seconds % 60),
            tick: u32::try_from(rest % TICKS_PER_SECOND).unwrap_or(0),
        }
    }

    /// The day of the week, 0 for Sunday.
    pub const fn day_of_week(self) -> u8 {
        // 0001-01-01 was a Monday.
        ((self.ticks / TICKS_PER_DAY + 1).rem_euclid(7)) as u8
    }

    /// The same point in UTC; an unspecified clock counts as UTC. Clamped to the range.
    #[must_use]
    pub fn to_utc(self) -> Self {
        let offset = match self.kind {
            Kind::Local { offset } => i64::from(offset),
            Kind::Unspecified | Kind::Utc => 0,
        };
        let ticks = self.ticks.saturating_sub(offset * 60 * TICKS_PER_SECOND);
        Self { ticks: ticks.clamp(0, Self::MAX_TICKS), kind: Kind::Utc }
    }

    /// Reads ISO 8601 as [`DateTime`] displays it: `yyyy-MM-dd`, then maybe `THH:mm[:ss[.fffffff]]` (a space for the
    /// `T` will do), then maybe `Z` or an offset `+hh:mm`.
    pub fn from_iso(text: &str) -> Option<Self> {
        let mut rest = text.as_bytes();
        let mut civil = Civil { year: digits(&mut rest, 4)?, ..Civil::default() };
        civil.month = narrow(literal(&mut rest, b"-").and_then(|()| digits(&mut rest, 2))?)?;
        civil.day = narrow(literal(&mut rest, b"-").and_then(|()| digits(&mut rest, 2))?)?;
        if literal(&mut rest, b"T").or_else(|| literal(&mut rest, b" ")).is_some() {
            civil.hour = narrow(digits(&mut rest, 2)?)?;
            civil.minute = narrow(literal(&mut rest, b":").and_then(|()| digits(&mut rest, 2))?)?;
            if literal(&mut rest, b":").is_some() {
                civil.second = narrow(digits(&mut rest, 2)?)?;
                if literal(&mut rest, b".").is_some() {
                    civil.tick = fraction(&mut rest)?;
                }
            }
        }
        let kind = zone(&mut rest)?;
        if rest.is_empty() { Self::from_civil(civil, kind) } else { None }
    }

    /// The point in UTC so many nanoseconds after (or before) the Unix epoch, clamped to the range.
    pub fn from_unix_nanos(nanos: i128) -> Self {
        let ticks = nanos.div_euclid(100) + i128::from(UNIX_EPOCH_TICKS);
        let ticks = i64::try_from(ticks.clamp(0, i128::from(Self::MAX_TICKS))).unwrap_or(0);
        Self { ticks, kind: Kind::Utc }
    }

    /// Seconds since the Unix epoch, of the clock that `kind` names.
    pub const fn unix_seconds(self) -> i64 {
        (self.ticks - UNIX_EPOCH_TICKS).div_euclid(TICKS_PER_SECOND)
    }
}

/// PowerShell's round-trip form, `yyyy-MM-ddTHH:mm:ss.fffffff`, then `Z`, an offset or nothing.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, tick } = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{tick:07}")?;
        match self.kind {
            Kind::Unspecified => Ok(()),
            Kind::Utc => f.write_str("Z"),
            Kind::Local { offset } => {
                let sign = if offset < 0 { '-' } else { '+' };
                let minutes = offset.unsigned_abs();
                write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }
}

/// A span as `[timespan]` holds it: ticks of 100 ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan(pub i64);

/// .NET's constant form: `[-][d.]hh:mm:ss[.fffffff]`.
impl fmt::Display for TimeSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticks = self.0.unsigned_abs();
        let (day, second) = (TICKS_PER_DAY.unsigned_abs(), TICKS_PER_SECOND.unsigned_abs());
        if self.0 < 0 {
            f.write_str("-")?;
        }
        if ticks >= day {
            write!(f, "{}.", ticks / day)?;
        }
        let seconds = ticks % day / second;
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        match ticks % second {
            0 => Ok(()),
            rest => write!(f, ".{rest:07}"),
        }
    }
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 0001-01-01. Years begin in March here, so that the leap day is the last (Hinnant's algorithm).
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 306
}

const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 306;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

fn literal(rest: &mut &[u8], expected: &[u8]) -> Option<()> {
    *rest = rest.strip_prefix(expected)?;
    Some(())
}

fn digits(rest: &mut &[u8], count: usize) -> Option<u16> {
    let (number, after) = rest.split_at_checked(count)?;
    let value = number
        .iter()
        .try_fold(0_u16, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u16::from(byte - b'0')))?;
    *rest = after;
    Some(value)
}

fn narrow(number: u16) -> Option<u8> {
    u8::try_from(number).ok()
}

/// One to seven digits after the point, as ticks.
fn fraction(rest: &mut &[u8]) -> Option<u32> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(1..=7).contains(&length) {
        return None;
    }
    let (number, after) = rest.split_at_checked(length)?;
    *rest = after;
    let digits = number.iter().chain(std::iter::repeat(&b'0')).take(7);
    Some(digits.fold(0, |ticks, byte| ticks * 10 + u32::from(byte - b'0')))
}

fn zone(rest: &mut &[u8]) -> Option<Kind> {
    if rest.is_empty() {
        return Some(Kind::Unspecified);
    }
    if literal(rest, b"Z").is_some() {
        return Some(Kind::Utc);
    }
    let negative = literal(rest, b"-").is_some();
    if !negative {
        literal(rest, b"+")?;
    }
    let hours = digits(rest, 2)?;
    literal(rest, b":")?;
    let minutes = digits(rest, 2)?;
    let offset = hours * 60 + minutes;
    if minutes > 59 || offset > DateTime::MAX_OFFSET {
        return None;
    }
    let offset = i16::try_from(offset).ok()?;
    Some(Kind::Local { offset: if negative { -offset } else { offset } })
}

#[cfg(test)]
mod tests {
    use super::{Civil, DateTime, Kind, TimeSpan};

    #[test]
    fn every_day_of_the_calendar_is_its_own_civil_date() {
        let mut before = None;
        for day in 0..=DateTime::MAX_TICKS / super::TICKS_PER_DAY {
            let point = DateTime { ticks: day * super::TICKS_PER_DAY, kind: Kind::Utc };
            let civil = point.civil();
            assert_eq!(DateTime::from_civil(civil, Kind::Utc), Some(point));
            assert!(before < Some(civil));
            before = Some(civil);
        }
        assert_eq!(before.map(|civil| (civil.year, civil.month, civil.day)), Some((9999, 12, 31)));
    }

    #[test]
    fn the_ends_and_the_epoch_have_their_texts() {
        let texts = [
            (0, "0001-01-01T00:00:00.0000000Z"),
            (super::UNIX_EPOCH_TICKS, "1970-01-01T00:00:00.0000000Z"),
            (DateTime::MAX_TICKS, "9999-12-31T23:59:59.9999999Z"),
        ];
        for (ticks, text) in texts {
            let point = DateTime { ticks, kind: Kind::Utc };
            assert_eq!(point.to_string(), text);
            assert_eq!(DateTime::from_iso(text), Some(point));
        }
    }

    #[test]
    fn an_offset_reads_back_and_leads_to_utc() {
        let point = DateTime::from_iso("2026-02-28T23:30:00.5-05:30").unwrap();
        assert_eq!(point.to_string(), "2026-02-28T23:30:00.5000000-05:30");
        assert_eq!(point.to_utc().to_string(), "2026-03-01T05:00:00.5000000Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        let texts = [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29",
            "0000-01-01",
            "2026-01-01T24:00",
            "2026-01-01T00:60",
            "2026-01-01T00:00:00.",
            "2026-01-01T00:00:00.12345678",
            "2026-01-01Z ",
            "2026-01-01+14:01",
            "２026-01-01",
        ];
        for text in texts {
            assert_eq!(DateTime::from_iso(text), None, "{text}");
        }
    }

    #[test]
    fn the_day_of_the_week_is_known() {
        let sunday = Civil { year: 2026, month: 8, day: 2, ..Civil::default() };
        assert_eq!(DateTime::from_civil(sunday, Kind::Utc).map(DateTime::day_of_week), Some(0));
    }

    #[test]
    fn times_before_the_epoch_and_beyond_the_range_are_clamped() {
        assert_eq!(DateTime::from_unix_nanos(-100).to_string(), "1969-12-31T23:59:59.9999999Z");
        assert_eq!(DateTime::from_unix_nanos(i128::MAX).ticks, DateTime::MAX_TICKS);
        assert_eq!(DateTime::from_unix_nanos(i128::MIN).ticks, 0);
    }

    #[test]
    fn spans_have_their_constant_form() {
        let texts = [
            (0, "00:00:00"),
            (-1, "-00:00:00.0000001"),
            (936_000_000_000 + 5_000_000, "1.02:00:00.5000000"),
            (i64::MIN, "-10675199.02:48:05.4775808"),
        ];
        for (ticks, text) in texts {
            assert_eq!(TimeSpan(ticks).to_string(), text);
        }
    }
}
