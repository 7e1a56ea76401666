//! Reading one date of any form: the slow path.

use super::civil::Civil;
use super::order::DateOrder;
use super::time::split_time;
use super::triple::Triple;
use super::words::DateWords;
use crate::finding::Code;
use crate::rule::{DateRules, DateWindow};

/// What a column's dates are read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) rules: &'a DateRules,
    pub(super) words: &'a DateWords,
    pub(super) window: DateWindow,
    pub(super) order: DateOrder,
    pub(super) today: Civil,
    /// The day from which bare numbers of days count.
    pub(super) day_zero: i64,
    /// The latest day that a two-digit year may mean.
    pub(super) pivot: Civil,
}

/// A date, and what its reading took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) date: Civil,
    pub(super) has_two_digit_year: bool,
    pub(super) repair: Option<Code>,
    /// Day and month could be told apart by custom only, or stand the other way round than in the rest of the column.
    pub(super) doubt: Option<Code>,
    pub(super) lost_time: bool,
}

impl Reading {
    pub(super) fn plain(date: Civil) -> Self {
        Reading { date, has_two_digit_year: false, repair: None, doubt: None, lost_time: false }
    }

    pub(super) fn two_digit(date: Civil) -> Self {
        Reading { has_two_digit_year: true, ..Reading::plain(date) }
    }
}

/// Why there is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Nothing but zeros: a database's empty date.
    Zeros,
    /// Numbers in the places of a date, but the calendar has no such day.
    Impossible,
    /// Not of any known form, or no single day.
    Unparsable,
}

impl Reader<'_> {
    /// Reads a text without edges and with ASCII digits.
    pub(super) fn read(&self, text: &str) -> Result<Reading, Failure> {
        if is_zeros(text) {
            return Err(Failure::Zeros);
        }
        let Some(split) = split_time(text) else { return self.day(text) };
        let reading = self.day(split.date)?;
        Ok(Reading { lost_time: !split.is_midnight, ..reading })
    }

    fn day(&self, text: &str) -> Result<Reading, Failure> {
        if let Some(triple) = Triple::parse(text) {
            return self.numbers(triple);
        }
        if let Some(read) = self.number(text) {
            return read;
        }
        self.written_month(text).unwrap_or(Err(Failure::Unparsable))
    }
}

fn is_zeros(text: &str) -> bool {
    text.contains('0') && text.bytes().all(|byte| matches!(byte, b'0' | b'/' | b'.' | b'-' | b':' | b' ' | b'T'))
}
