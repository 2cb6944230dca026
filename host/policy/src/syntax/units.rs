//! Durations and sizes with their units: `15m`, `64MiB`. No unit, no number; 0 is refused, because it would have to
//! mean either nothing or everything.

use std::time::Duration;

use crate::fault::Fault;
use crate::syntax::fields::At;

const DURATIONS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
const SIZES: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
/// A hundred years: no limit is meant to be longer, and arithmetic on it must not overflow.
const MAX_MILLIS: u64 = 100 * 366 * 86_400_000;
/// 1 PiB.
const MAX_BYTES: u64 = 1 << 50;

/// A duration.
pub(crate) fn duration(text: &At<String>, faults: &mut Vec<Fault>) -> Option<Duration> {
    measure(text, "a duration", &DURATIONS, MAX_MILLIS, faults).map(Duration::from_millis)
}

/// A number of bytes.
pub(crate) fn size(text: &At<String>, faults: &mut Vec<Fault>) -> Option<u64> {
    measure(text, "a size", &SIZES, MAX_BYTES, faults)
}

fn measure(
    text: &At<String>,
    what: &str,
    units: &[(&str, u64)],
    most: u64,
    faults: &mut Vec<Fault>,
) -> Option<u64> {
    match parse(&text.value, units, most) {
        Ok(number) => Some(number),
        Err(problem) => {
            let names: Vec<_> = units.iter().map(|(unit, _)| *unit).collect();
            faults.push(
                text.place
                    .fault(format!("{} is not {what}: {problem}", crate::text::quoted(&text.value)))
                    .help(format!("write a whole number and a unit ({}), without a space", names.join(", "))),
            );
            None
        }
    }
}

fn parse(text: &str, units: &[(&str, u64)], most: u64) -> Result<u64, &'static str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (Some(number), Some(unit)) = (text.get(..digits), text.get(digits..)) else {
        return Err("the number is missing");
    };
    if number.is_empty() {
        return Err("the number is missing");
    }
    if unit.is_empty() {
        return Err("the unit is missing");
    }
    let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
        return Err("the unit is unknown");
    };
    let number: u64 = number.parse().map_err(|_| "the number is too large")?;
    if number == 0 {
        return Err("0 never means unlimited");
    }
    number.checked_mul(*factor).filter(|total| *total <= most).ok_or("the number is too large")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_a_number_and_a_unit() {
        assert_eq!(parse("15m", &DURATIONS, MAX_MILLIS), Ok(900_000));
        assert_eq!(parse("250ms", &DURATIONS, MAX_MILLIS), Ok(250));
        assert_eq!(parse("64MiB", &SIZES, MAX_BYTES), Ok(64 << 20));
        assert_eq!(parse("1B", &SIZES, MAX_BYTES), Ok(1));
    }

    #[test]
    fn row_f33_no_other_form_is_a_measure() {
        for text in [
            "",
            "m",
            "15",
            "0s",
            "00s",
            "-1s",
            "+1s",
            "1.5s",
            "1 s",
            " 1s",
            "1s ",
            "1S",
            "1M",
            "NaN",
            "1e3s",
            "1_0s",
            "٣s",
            "1sm",
            "1m30s",
            "1000000000000000000000000000000s",
            "999999999999d",
            "infs",
        ] {
            assert!(parse(text, &DURATIONS, MAX_MILLIS).is_err(), "{text}");
        }
        for text in ["5", "5MB", "5 MiB", "5mib", "5M", "0B", "99999999999GiB", "2000000GiB", "5MiB\n"] {
            assert!(parse(text, &SIZES, MAX_BYTES).is_err(), "{text}");
        }
    }
}
