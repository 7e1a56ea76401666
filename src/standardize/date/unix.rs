//! Unix times: numbers that count since 1970-01-01T00:00Z, below zero before it.

use std::collections::BTreeMap;

use super::civil::Civil;
use crate::rule::DateRules;
use crate::text::{bare, plain_digits};

const SECONDS_A_DAY: i64 = 86_400;
/// Digits of a number that is too long for any other date without separators but a stamp of date and time.
const LEAST_DIGITS: usize = 9;
const QUARTER: i64 = 900;
/// Units are a thousand of the next apart. A hundred thousand million seconds from 1970 lie in the year 5138.
const MOST_SECONDS: u64 = 100_000_000_000;

/// What a column's numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnixUnit {
    /// As POSIX does.
    Seconds,
    /// As JavaScript and Java do.
    Milliseconds,
    /// As PostgreSQL's exports and BigQuery do.
    Microseconds,
    /// As pandas and Go do.
    Nanoseconds,
}

impl UnixUnit {
    /// The unit of a column's numbers, where most of its values are whole numbers that are days of the years in which dates may
    /// lie, and at least half of them too long, or below zero, to be dates of another kind. Blanks and zeros say nothing; the odd
    /// cell is read by itself.
    pub(super) fn infer(rules: &DateRules, samples: &[String]) -> Option<UnixUnit> {
        let filled = samples.iter().map(|sample| bare(sample)).filter(|sample| !sample.is_empty());
        let filled: Vec<Option<i64>> = filled.map(|text| whole_number(&plain_digits(&text))).collect();
        let filled: Vec<Option<i64>> = filled.into_iter().filter(|number| *number != Some(0)).collect();
        let numbers: Vec<i64> = filled.iter().flatten().copied().collect();
        let is_certain = |number: i64| is_long(number) && !is_stamp(rules, number);
        let mut counts: BTreeMap<UnixUnit, usize> = BTreeMap::new();
        for number in numbers.iter().filter(|number| is_certain(**number)) {
            *counts.entry(UnixUnit::of(*number)).or_default() += 1;
        }
        let (&unit, &certain) = counts.iter().max_by_key(|(_, count)| **count)?;
        let is_time = |number: &&i64| {
            unit.is_a_time(**number) && unit.day(**number).is_some_and(|day| rules.number.is_year(day.year()))
        };
        let times = numbers.iter().filter(is_time).count();
        (times > 1 && times * 2 > filled.len() && certain * 2 >= times).then_some(unit)
    }

    /// The unit in which a single number is a day of our time.
    pub(super) fn of(number: i64) -> UnixUnit {
        match number.unsigned_abs() {
            ..MOST_SECONDS => UnixUnit::Seconds,
            size if size < MOST_SECONDS * 1000 => UnixUnit::Milliseconds,
            size if size < MOST_SECONDS * 1_000_000 => UnixUnit::Microseconds,
            _ => UnixUnit::Nanoseconds,
        }
    }

    /// Whether a number is a time by itself: within the first day of 1970 it is rather a day counted by a spreadsheet, or a slip.
    pub(super) fn is_a_time(self, number: i64) -> bool {
        number < 0 || self.seconds(number) >= SECONDS_A_DAY
    }

    fn seconds(self, number: i64) -> i64 {
        match self {
            UnixUnit::Seconds => number,
            UnixUnit::Milliseconds => number.div_euclid(1000),
            UnixUnit::Microseconds => number.div_euclid(1_000_000),
            UnixUnit::Nanoseconds => number.div_euclid(1_000_000_000),
        }
    }

    /// The day in UTC.
    pub(super) fn day(self, number: i64) -> Option<Civil> {
        Civil::from_days(self.seconds(number).div_euclid(SECONDS_A_DAY))
    }
}

/// A whole number with a sign or without one, also as columns of decimals write it: `-201312000.0`.
pub(super) fn whole_number(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let (sign, digits) = match whole.strip_prefix(['-', '\u{2212}']) {
        Some(digits) => (-1, digits),
        None => (1, whole),
    };
    let is_whole = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_whole || decimals.bytes().any(|digit| digit != b'0') {
        return None;
    }
    digits.parse::<i64>().ok().map(|number| number * sign)
}

/// Whether a number alone is too long for a date of another kind, or below zero. As long as telephone and identity numbers it
/// must be a full quarter of an hour, as the days of all time zones begin with.
fn is_long(number: i64) -> bool {
    number < 0
        || match number.ilog10() as usize + 1 {
            LEAST_DIGITS => number % QUARTER == 0,
            digits => digits > LEAST_DIGITS,
        }
}

/// `20240305103000`, `202403051030`: digits of a date and a time.
fn is_stamp(rules: &DateRules, number: i64) -> bool {
    let text = number.to_string();
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let is_day = || {
        let day = Civil::new(part(0..4)? as i32, part(4..6)?, part(6..8)?)?;
        Some(rules.number.is_year(day.year()))
    };
    matches!(text.len(), 12 | 14) && is_day() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn unit(samples: &[&str]) -> Option<UnixUnit> {
        let rules = DateRules::load(&RuleFiles::embedded()).expect("loads");
        let samples: Vec<String> = samples.iter().map(|&sample| sample.to_owned()).collect();
        UnixUnit::infer(&rules, &samples)
    }

    #[test]
    fn a_column_of_unix_times_is_told_from_other_numbers() {
        let cases: &[(&[&str], Option<UnixUnit>)] = &[
            (&["377913600", "-201312000", "23673600", ""], Some(UnixUnit::Seconds)),
            (&["377913600.0", "801792000.0"], Some(UnixUnit::Seconds)),
            (&["377913600000", "-201312000000", "86400000"], Some(UnixUnit::Milliseconds)),
            (&["1709634600000000", "1709634700000000"], Some(UnixUnit::Microseconds)),
            (&["1709634600000000000", "1609634700000000000"], Some(UnixUnit::Nanoseconds)),
            (&["20240305103000", "20240306114500"], None),
            (&["202403051030", "202403061145"], None),
            (&["19850312", "19791124"], None),
            (&["31118", "29000"], None),
            (&["377913600", "12/03/1985", "11/04/1979"], None),
            (&["377913600"], None),
            // The odd cell leaves the column what it is.
            (&["473385600", "86400000", "0", " ", "n/a", "-201312000"], Some(UnixUnit::Seconds)),
            (&["473385600", "662688000", "1991-03-05", "31118"], None),
            (&["473385600", "662688000", "315532800", "1991-03-05", "31118"], Some(UnixUnit::Seconds)),
            (&["473385600000", "662688000000", "315532800000", "662688000"], Some(UnixUnit::Milliseconds)),
            (&["473385600", "4733856000000", "662688000", "315532800"], Some(UnixUnit::Seconds)),
            (&["473385600", "4102444800000000000", "0", "לא ידוע"], None),
            (&["527318264", "548261937"], None),
            (&[], None),
        ];
        for (samples, expected) in cases {
            assert_eq!(unit(samples), *expected, "{samples:?}");
        }
    }
}
