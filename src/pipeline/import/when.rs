//! When something happened, as files write it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::record::{CellOut, Field};
use crate::rule::{Context, RuleError};
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};

/// Reads moments and days.
pub(super) struct When {
    dates: DateStandardizer,
    now: Timestamp,
}

impl When {
    pub(super) fn new(context: &Context, now: Timestamp) -> Result<Self, RuleError> {
        let order = DateOrder::infer(context, "", &[])?;
        let dates = DateStandardizer::new(context, Field::UpdatedAt, order)?;
        Ok(When { dates, now })
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
