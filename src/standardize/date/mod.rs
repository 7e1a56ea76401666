//! Dates: format inferred for a column, normal form ISO 8601.

mod civil;
mod header;
mod number;
mod numeric;
mod order;
mod read;
mod time;
mod triple;
mod unix;
mod words;
mod written;

pub use order::DateOrder;
pub use unix::UnixUnit;

use civil::Civil;
use number::{DAY_ZERO_1904, EXCEL_DAY_ZERO};
use read::{Failure, Reader, Reading};
use words::DateWords;

use super::{CellContext, Standardizer};
use crate::finding::{Code, Confidence};
use crate::record::{CellOut, Day, Detail, Field};
use crate::rule::{Context, DateRules, DateWindow, PartOrder, RuleError};
use crate::text::{bare, plain_digits};

/// Reads date cells of one column into `YYYY-MM-DD`.
///
/// The time of day and its zone are dropped: the date stays the one that was written. A cell that names no single day
/// leaves the normal form empty.
#[derive(Debug)]
pub struct DateStandardizer {
    rules: DateRules,
    words: DateWords,
    window: DateWindow,
    placeholders: Vec<(Day, Confidence)>,
    order: DateOrder,
    today: Civil,
    pivot: Civil,
    day_zero: i64,
}

impl DateStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, field: Field, order: DateOrder) -> Result<Self, RuleError> {
        let rules = DateRules::load(&context.files)?;
        let today = Civil::of(context.today);
        let window = rules.window(field);
        let ahead = i64::from(rules.two_digit_year.years_ahead) * 365 + i64::from(window.days_ahead);
        Ok(DateStandardizer {
            words: DateWords::new(&rules),
            window,
            placeholders: rules.placeholders(field),
            order,
            today,
            day_zero: EXCEL_DAY_ZERO,
            pivot: Civil::from_days(i64::from(today.days()) + ahead).unwrap_or(today),
            rules,
        })
    }

    /// The same for a list that may say that its bare numbers of days count from 1904-01-01.
    #[must_use]
    pub fn counting_from_1904(self, counts_from_1904: bool) -> Self {
        DateStandardizer { day_zero: if counts_from_1904 { DAY_ZERO_1904 } else { EXCEL_DAY_ZERO }, ..self }
    }

    /// `1985-03-12` and `12/03/1985`, the two forms of nearly every cell, when nothing needs saying.
    fn fast(&self, text: &str) -> Option<Civil> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        // A byte that is no digit makes its number far too large for any part of a date.
        let digit = |at: usize| {
            let digit = u32::from(bytes[at].wrapping_sub(b'0'));
            if digit <= 9 { digit } else { NO_DIGIT }
        };
        let two = |at: usize| digit(at) * 10 + digit(at + 1);
        let year = |at: usize| (two(at) * 100 + two(at + 2)) as i32;
        if bytes[4] == b'-' && bytes[7] == b'-' {
            return Civil::new(year(0), two(5), two(8));
        }
        if !matches!(bytes[2], b'/' | b'.' | b'-') || bytes[2] != bytes[5] {
            return None;
        }
        let (first, second) = (two(0), two(3));
        if !self.order.is_evident && first <= 12 && second <= 12 && first != second {
            return None;
        }
        match self.order.parts {
            PartOrder::DayMonthYear => Civil::new(year(6), second, first),
            PartOrder::MonthDayYear => Civil::new(year(6), first, second),
            PartOrder::YearMonthDay => None,
        }
    }

    fn slow(&self, text: &str, out: &mut CellOut) {
        let text = plain_digits(text);
        if names_day_without_year(&text) {
            return out.mark(Code::DateNoYear);
        }
        let reader = Reader {
            rules: &self.rules,
            words: &self.words,
            window: self.window,
            order: self.order,
            today: self.today,
            day_zero: self.day_zero,
            pivot: self.pivot,
        };
        match reader.read(&text) {
            Ok(reading) => {
                self.note(reading, out);
                self.write(reading.date, out);
            }
            Err(Failure::Zeros) => out.mark(Code::DatePlaceholder),
            Err(Failure::Impossible) => out.mark(Code::DateImpossible),
            Err(Failure::Unparsable) => out.mark(Code::DateUnparsable),
        }
    }

    /// What was done to read it: never surer than that it is this date at all.
    fn note(&self, reading: Reading, out: &mut CellOut) {
        let order =
            if reading.doubt == Some(Code::DateAmbiguous) { self.order.confidence } else { Confidence::CERTAIN };
        if let Some(doubt) = reading.doubt {
            out.mark_with(doubt, order);
        }
        if reading.has_two_digit_year {
            out.mark_with(Code::DateRepairTwoDigitYear, self.rules.two_digit_year.confidence.min(order));
        }
        if let Some(repair) = reading.repair {
            let confidence = match repair {
                Code::DateRepairExcelSerial => self.rules.number.serial_confidence,
                Code::DateRepairUnixTime => self.rules.number.unix_confidence,
                _ => Confidence::CERTAIN,
            };
            out.mark_with(repair, confidence.min(order));
        }
        if reading.lost_time {
            out.mark_with(Code::DateRepairTimeStripped, order);
        }
    }

    /// A date that surely stands for "no date" is none.
    fn write(&self, date: Civil, out: &mut CellOut) {
        if self.rules.omitted_years.contains(&date.year()) {
            return out.mark(Code::DateNoYear);
        }
        let day = Day::new(date.days());
        if let Some(&(_, confidence)) = self.placeholders.iter().find(|(placeholder, _)| *placeholder == day) {
            out.mark_with(Code::DatePlaceholder, confidence);
            if confidence.is_automatic() {
                return;
            }
        }
        date.write(&mut out.display);
        out.detail = Detail::Date(day);
    }
}

impl Standardizer for DateStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        if let Some(date) = self.fast(raw) {
            return self.write(date, out);
        }
        let text = bare(raw);
        if text.is_empty() {
            return;
        }
        match self.fast(&text) {
            Some(date) => self.write(date, out),
            None => self.slow(&text, out),
        }
    }
}

/// `--0512` and `--05-12`, as address books write a birthday of which the year is not known (RFC 6350 section 4.3.1).
fn names_day_without_year(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("--") else { return false };
    let digits = rest.replacen('-', "", 1);
    let number = |at: std::ops::Range<usize>| digits.get(at).and_then(|two| two.parse().ok()).unwrap_or(0);
    digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && Civil::new(LEAP_YEAR, number(0..2), number(2..4)).is_some()
}

/// It has every day that a year may have.
const LEAP_YEAR: i32 = 2000;
const NO_DIGIT: u32 = 100_000;

#[cfg(test)]
mod tests;
