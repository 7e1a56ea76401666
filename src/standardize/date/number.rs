//! Dates that are one bare number: Excel serials, Unix time, `19850312`.

use super::civil::Civil;
use super::read::{Failure, Reader, Reading};
use super::unix::{UnixUnit, whole_number};
use crate::finding::Code;
use crate::rule::PartOrder;

/// Excel's day 0 is 1899-12-30 (day 60 is a leap day that never was, so earlier serials differ; they lie outside any
/// window).
pub(super) const EXCEL_DAY_ZERO: i64 = -25_569;
/// In workbooks that count from 1904-01-01 (ECMA-376 part 1, 18.17.4.1).
pub(super) const DAY_ZERO_1904: i64 = EXCEL_DAY_ZERO + 1_462;
/// Nearer to 1970 a number below zero, in a column without others, is rather a slip than a time.
const LEAST_BELOW_ZERO: i64 = -1_000_000;

impl Reader<'_> {
    /// Reads a text that is one number; none where it is anything else.
    pub(super) fn number(&self, text: &str) -> Option<Result<Reading, Failure>> {
        let whole_number = whole_number(text);
        if let Some(reading) = whole_number.and_then(|number| self.time_of_column(number, text)) {
            return Some(Ok(reading));
        }
        if let Some(number) = whole_number.filter(|number| *number <= LEAST_BELOW_ZERO) {
            return Some(self.unix_time(number, UnixUnit::of(number)).ok_or(Failure::Unparsable));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
            return None;
        }
        let has_fraction = fraction.bytes().any(|digit| digit != b'0');
        // Telephone numbers have ten digits too, and most begin with the trunk's zero.
        let starts_with_zero = whole.starts_with('0');
        let number: i64 = whole.parse().ok()?;
        let read = match whole.len() {
            8 if !has_fraction => self.compact(whole).map(Reading::plain),
            12 | 14 if !has_fraction => self.compact_with_time(whole),
            4 | 5 => self.excel_serial(number, has_fraction),
            10 | 13 if !starts_with_zero => self.unix_time(number, UnixUnit::of(number)),
            _ => None,
        };
        Some(read.ok_or(Failure::Unparsable))
    }

    /// A number in the unit in which the column counts; what is something else by itself stays that.
    fn time_of_column(&self, number: i64, text: &str) -> Option<Reading> {
        let unit = self.order.unix?;
        let is_day =
            || text.len() == 8 && self.compact(text).is_some_and(|day| text.starts_with(&day.year().to_string()));
        if !unit.is_a_time(number) || is_day() {
            return None;
        }
        self.unix_time(number, unit)
    }

    fn compact(&self, digits: &str) -> Option<Civil> {
        let part = |range: std::ops::Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
        let is_year = |year: &i32| self.rules.number.is_year(*year);
        let year_at = |start: usize| part(start..start + 4).map(|year| year as i32).filter(is_year);
        if let Some(date) = year_at(0).and_then(|year| Civil::new(year, part(4..6)?, part(6..8)?)) {
            return Some(date);
        }
        let (year, first, second) = (year_at(4)?, part(0..2)?, part(2..4)?);
        let month_first = self.order.parts == PartOrder::MonthDayYear;
        let (wanted, other) = if month_first { (first, second) } else { (second, first) };
        Civil::new(year, wanted, other).or_else(|| Civil::new(year, other, wanted))
    }

    /// `20240305103000`: year first only.
    fn compact_with_time(&self, digits: &str) -> Option<Reading> {
        let date = self.compact(digits.get(..8)?).filter(|date| digits.starts_with(&date.year().to_string()))?;
        let time = digits.get(8..)?;
        let has_time = time.bytes().any(|digit| digit != b'0');
        let is_time = time.get(..2)? < "24" && time.get(2..4)? < "60";
        let repair = has_time.then_some(Code::DateRepairTimeStripped);
        is_time.then_some(Reading { repair, ..Reading::plain(date) })
    }

    fn excel_serial(&self, serial: i64, has_fraction: bool) -> Option<Reading> {
        let year_like = i64::from(self.rules.number.year_from)..=i64::from(self.rules.number.year_to);
        if year_like.contains(&serial) && !has_fraction {
            return None;
        }
        self.plausible(serial + self.day_zero, Code::DateRepairExcelSerial)
    }

    fn unix_time(&self, number: i64, unit: UnixUnit) -> Option<Reading> {
        self.plausible(i64::from(unit.day(number)?.days()), Code::DateRepairUnixTime)
    }

    /// A bare number is taken for a date only where the date is a likely one for the field.
    fn plausible(&self, days: i64, repair: Code) -> Option<Reading> {
        let latest = i64::from(self.today.days() + self.window.days_ahead);
        let date = Civil::from_days(days)?;
        let is_likely = days <= latest && self.today.year() - date.year() <= self.window.number_years;
        is_likely.then_some(Reading { repair: Some(repair), ..Reading::plain(date) })
    }
}
