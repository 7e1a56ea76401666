//! What is known of an expectation only when all rows went by.

use jiff::civil::Date;

use super::dates::{Dates, time};
use super::order::{Order, Rank, number};
use crate::finding::Code;
use crate::record::{ColumnIndex, RowNumber, text_hash};
use crate::rule::AtLeast;
use crate::validate::{Group, Occurrences};

/// What of an expectation is judged when all rows went by.
#[derive(Debug)]
pub(super) struct Asked {
    /// The column whose cells it is about, if any.
    pub(super) column: Option<ColumnIndex>,
    /// The first of the columns of which one is filled in.
    pub(super) first_of_any: Option<ColumnIndex>,
    pub(super) unique: bool,
    pub(super) ordered: bool,
    pub(super) fresh_days: Option<u32>,
    /// Reads the column's dates, where they matter.
    pub(super) dates: Option<Dates>,
    pub(super) at_least: Option<AtLeast>,
    /// How many records there are.
    pub(super) rows: Option<(u64, u64)>,
    /// The day of the check.
    pub(super) today: Date,
}

/// What an expectation keeps of the rows that went by.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Tally {
    values: Occurrences,
    order: Order,
    /// The newest date that is not in the future.
    newest: Option<Date>,
    judged: u64,
    broken: u64,
    /// Rows of which something is broken already, where more may be found at the end and each counts once.
    broken_rows: Vec<RowNumber>,
}

/// What an expectation came to at the end.
#[derive(Debug, Default)]
pub(in crate::pipeline) struct Concluded {
    /// Rows that break it, and the hash of the value where which of its rows is named depends on their order.
    pub(in crate::pipeline) rows: Vec<(RowNumber, ColumnIndex, Code, Option<u64>)>,
    /// What is said of the column or the list as a whole, with figures.
    pub(in crate::pipeline) whole: Vec<(Option<ColumnIndex>, Code, String)>,
}

impl Tally {
    pub(super) fn note(&mut self, asked: &Asked, cell: &str, row: RowNumber) {
        if asked.unique {
            self.values.push_exact(text_hash(cell), row);
        }
        let Some(dates) = &asked.dates else { return };
        let date = dates.date(cell);
        if asked.fresh_days.is_some() {
            self.newest = self.newest.max(date.filter(|date| *date <= asked.today));
        }
        if asked.ordered {
            let cell = cell.trim();
            let date = date.map(|date| (date, time(cell)));
            self.order.push(row, Rank { number: number(cell), date, text: cell.to_owned() });
        }
    }

    pub(super) fn count(&mut self, asked: &Asked, row: RowNumber, is_judged: bool, is_broken: bool) {
        if asked.at_least.is_none() {
            return;
        }
        self.judged += u64::from(is_judged);
        match is_broken {
            true if asked.unique || asked.ordered => self.broken_rows.push(row),
            true => self.broken += 1,
            false => {}
        }
    }

    /// Adds the rows that come next.
    pub(in crate::pipeline) fn append(&mut self, next: Tally) -> std::io::Result<()> {
        self.values.append(next.values)?;
        self.order.append(next.order);
        self.newest = self.newest.max(next.newest);
        self.judged += next.judged;
        self.broken += next.broken;
        self.broken_rows.extend(next.broken_rows);
        Ok(())
    }

    /// `records` is how many the list has.
    pub(super) fn conclude(self, asked: &Asked, records: u64) -> std::io::Result<Concluded> {
        let mut concluded = Concluded::default();
        let Concluded { rows, whole } = &mut concluded;
        if let Some(column) = asked.column {
            self.values.repeated_exact(|group: Group| {
                let again = group.rows[1..].iter();
                rows.extend(again.map(|row| (*row, column, Code::ExpectUnique, Some(group.value))));
            })?;
            rows.extend(self.order.below().into_iter().map(|row| (row, column, Code::ExpectOrdered, None)));
        }
        if let Some(share) = asked.at_least {
            let mut late: Vec<RowNumber> = rows.drain(..).map(|(row, ..)| row).collect();
            late.extend(self.broken_rows);
            late.sort_unstable();
            late.dedup();
            let kept = self.judged - self.broken - late.len() as u64;
            if !share.holds(kept, self.judged) {
                let column = asked.column.or(asked.first_of_any);
                let figures = format!(
                    "{kept} of {} ({}) are as expected; at least {share} must be",
                    self.judged,
                    percent(kept, self.judged)
                );
                whole.push((column, Code::ExpectAtLeast, figures));
            }
        }
        if let Some(days) = asked.fresh_days {
            let oldest = asked.today.saturating_sub(jiff::Span::new().days(days.min(MOST_DAYS)));
            let figures = match self.newest {
                Some(newest) if newest >= oldest => None,
                Some(newest) => Some(format!("the newest date is {newest}; {oldest} or later is expected")),
                None => Some(format!("no date up to {} can be read; {oldest} or later is expected", asked.today)),
            };
            whole.extend(figures.map(|figures| (asked.column, Code::ExpectFresh, figures)));
        }
        if let Some((least, most)) = asked.rows
            && (records < least || records > most)
        {
            whole.push((None, Code::ExpectRows, format!("{records} records; {least} to {most} are expected")));
        }
        Ok(concluded)
    }
}

/// More than a calendar has.
const MOST_DAYS: u32 = 7_000_000;

/// A share in percent, rounded down, so that what is less than enough never looks like enough.
fn percent(part: u64, whole: u64) -> String {
    let parts = u128::from(part) * 1_000_000 / u128::from(whole.max(1));
    let text = format!("{}.{:04}", parts / 10_000, parts % 10_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}
