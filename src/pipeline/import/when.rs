//! When something happened, as files write it.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::record::{CellOut, Field};
use crate::rule::{Context, RuleError};
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};

/// Reads moments and days.
pub(super) struct When {
    dates: DateStandardizer,
    now: Timestamp,
}

/// Nobody asks to be called later than in so many days.
const HALF_A_YEAR: i32 = 183;

impl When {
    pub(super) fn new(context: &Context, now: Timestamp) -> Result<Self, RuleError> {
        let order = DateOrder::infer(context, "", &[])?;
        let dates = DateStandardizer::new(context, Field::UpdatedAt, order)?;
        Ok(When { dates, now })
    }

    /// The day that a text names for another call: the first date in it, in any form that lists have, and without its year (`3/12`)
    /// the next such day, within half a year: `24/7` is none. None where it names none, or one that is past.
    pub(super) fn day_ahead(&self, text: &str, from: Timestamp) -> Option<Date> {
        let from = TimeZone::UTC.to_datetime(from).date();
        let words = text.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_ascii_digit()));
        let is_date = |word: &&str| word.contains(['.', '/', '-']);
        words.filter(is_date).find_map(|word| self.date(word, from)).filter(|day| *day >= from)
    }

    fn date(&self, word: &str, from: Date) -> Option<Date> {
        // Hours are written so as well: "10-12" from ten to noon, "5.30" for half past five.
        if let Some((first, second)) =
            word.split_once(['.', '/', '-']).filter(|(_, rest)| !rest.contains(['.', '/', '-']))
        {
            let (first, second) = (first.parse().ok()?, second.parse().ok()?);
            let (day, month) = match () {
                () if word.contains('-') => return None,
                () if second > 12 && word.contains('/') => (second, first),
                () => (first, second),
            };
            let last = from.saturating_add(HALF_A_YEAR.days());
            let in_year = |year| Date::new(year, month, day).ok().filter(|day| (from..=last).contains(day));
            return in_year(from.year()).or_else(|| in_year(from.year() + 1));
        }
        let mut out = CellOut::default();
        self.dates.standardize(word, CellContext::default(), &mut out);
        Some(out.detail.date()?.date())
    }

    /// The moment of a cell, never later than now; none where it is none. Times without an offset are read as UTC: the day
    /// is what counts. An empty cell is now.
    pub(super) fn read(&self, cell: &str) -> Option<Timestamp> {
        let cell = cell.trim();
        if cell.is_empty() {
            return Some(self.now);
        }
        let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
        let read = cell.parse::<Timestamp>().ok().or_else(|| utc(cell.parse().ok()?)).or_else(|| {
            let mut out = CellOut::default();
            self.dates.standardize(cell, CellContext::default(), &mut out);
            Timestamp::from_second(i64::from(out.detail.date()?.get()) * 86_400).ok()
        })?;
        Some(read.min(self.now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_another_call_is_ahead_and_may_lack_its_year() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().expect("a moment");
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 26));
        let when = When::new(&context, now).expect("the shipped rules load");
        for (text, day) in [
            ("לחזור ב-3/12", Some("2026-12-03")),
            ("call back on 3.12, please", Some("2026-12-03")),
            ("перезвонить 05.01", Some("2027-01-05")),
            ("2026-12-24", Some("2026-12-24")),
            ("03/12/2026 14:00", Some("2026-12-03")),
            ("26/11", Some("2026-11-26")),
            ("25/11/2026", None),
            ("40/13", None),
            ("tomorrow 10-12", None),
            ("call at 5.30", None),
            ("12/3, she says", Some("2027-03-12")),
            ("any time, 24/7", None),
            ("tomorrow at 5", None),
            ("", None),
        ] {
            assert_eq!(when.day_ahead(text, now), day.map(|day| day.parse().expect("a day")), "{text}");
        }
    }

    #[test]
    fn moments_and_days_are_read_as_people_and_spreadsheets_write_them() {
        let now: Timestamp = "2026-11-26T12:00:00Z".parse().expect("a moment");
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 26));
        let when = When::new(&context, now).expect("the shipped rules load");
        for (cell, read) in [
            ("", Some("2026-11-26T12:00:00Z")),
            ("2026-11-25T10:30:00+02:00", Some("2026-11-25T08:30:00Z")),
            ("2026-11-25 10:30", Some("2026-11-25T10:30:00Z")),
            ("2026-11-25 10:30:05", Some("2026-11-25T10:30:05Z")),
            ("25/11/2026", Some("2026-11-25T00:00:00Z")),
            // Nothing was answered tomorrow.
            ("2026-11-27 10:30", Some("2026-11-26T12:00:00Z")),
            ("soon", None),
        ] {
            assert_eq!(when.read(cell), read.map(|read| read.parse().expect("a moment")), "{cell}");
        }
    }
}
