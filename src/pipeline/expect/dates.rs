//! The dates of a column, mapped to a field of dates or not.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use crate::ingest::List;
use crate::record::{CellOut, ColumnIndex, Field};
use crate::rule::{Context, RuleError};
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};

/// Reads cells of one column as dates.
#[derive(Debug)]
pub(super) struct Dates(DateStandardizer);

impl Dates {
    pub(super) fn of(list: &List, column: ColumnIndex, context: &Context) -> Result<Self, RuleError> {
        let mapping = &list.mapping().columns()[column.as_usize()];
        // Any other column is read as one of days that lie behind us.
        let field = mapping.field.filter(|field| field.is_date()).unwrap_or(Field::UpdatedAt);
        let order = DateOrder::infer(context, &mapping.header, list.samples().of(column))?;
        let reader = DateStandardizer::new(context, field, order)?;
        Ok(Dates(reader.counting_from_1904(list.samples().counts_from_1904())))
    }

    pub(super) fn date(&self, cell: &str) -> Option<Date> {
        let mut out = CellOut::default();
        self.0.standardize(cell, CellContext::default(), &mut out);
        Some(out.detail.date()?.date())
    }
}

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:^|[\sT])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]+)?\s*([ap]m)?").expect("a pattern")
});

/// The seconds of the day at which a cell says that something was; none where it says no time.
pub(super) fn time(cell: &str) -> Option<u32> {
    let found = TIME.captures(cell)?;
    let part = |at: usize| found.get(at).map_or(Ok(0), |part| part.as_str().parse::<u32>());
    let (hour, minute, second) = (part(1).ok()?, part(2).ok()?, part(3).ok()?);
    let hour = match found.get(4).map(|half| half.as_str().as_bytes()[0].to_ascii_lowercase()) {
        Some(b'p') => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    Some(hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn a_time_is_read_behind_its_date() {
        let times = ["2024-03-01 09:05", "2024-03-01T10:00:01Z", "1/3/2024 1:00 PM", "12:30 am"].map(time);
        assert_eq!(times, [Some(32_700), Some(36_001), Some(46_800), Some(1_800)]);
        assert_eq!(["2024-03-01", "1:2", "20240301"].map(time), [None; 3]);
    }
}
