//! What the user's own configuration expects of columns and rows, bound to one list.

mod dates;
mod error;
mod order;
mod pattern;
mod tally;

use std::collections::HashSet;

use crate::error::closest;
use crate::finding::Code;
use crate::ingest::List;
use crate::record::{ColumnIndex, ColumnMapping, Field, RawBatch};
use crate::rule::{Context, Expectation, read_settings};
use crate::text::BYTE_ORDER_MARK;
use dates::Dates;
pub use error::ExpectationError;
use pattern::Matcher;
use tally::Asked;
pub(super) use tally::{Concluded, Tally};

/// An expectation bound to the columns of one list.
#[derive(Debug)]
pub(super) struct Expected {
    asked: Asked,
    when: Option<Condition>,
    any_of: Vec<ColumnIndex>,
    not_null: bool,
    pattern: Option<Matcher>,
    one_of: Option<HashSet<String>>,
    length: Option<(usize, usize)>,
    /// Whether anything is expected of cells of the column.
    has_cells: bool,
}

/// Of which rows something is expected.
#[derive(Debug)]
struct Condition {
    column: ColumnIndex,
    not_null: bool,
    pattern: Option<Matcher>,
    one_of: Option<Vec<String>>,
}

impl Condition {
    fn holds(&self, cell: &str) -> bool {
        (!self.not_null || !cell.is_empty())
            && self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(cell))
            && self.one_of.as_ref().is_none_or(|values| values.iter().any(|value| value == cell))
    }
}

impl Expected {
    pub(super) fn bind(list: &List, expectation: &Expectation, context: &Context) -> Result<Self, ExpectationError> {
        refuse_idle(expectation)?;
        let name = expectation.column.as_str();
        let column = if name.is_empty() { None } else { Some(column_of(list, name)?) };
        let any_of: Vec<_> = expectation.any_of.iter().map(|name| column_of(list, name)).collect::<Result<_, _>>()?;
        let when = expectation.when.as_ref().map(|when| -> Result<_, ExpectationError> {
            Ok(Condition {
                column: column_of(list, &when.column)?,
                not_null: when.not_null,
                pattern: matcher(&when.column, when.pattern.as_deref())?,
                one_of: when.one_of.clone(),
            })
        });
        let mut one_of: Option<HashSet<String>> = expectation.one_of.clone().map(|values| values.into_iter().collect());
        if let Some(path) = &expectation.one_of_file {
            let unreadable = |error: std::io::Error| ExpectationError::Unreadable {
                path: path.display().to_string(),
                reason: error.to_string(),
            };
            let text = read_settings(path).map_err(unreadable)?;
            let lines = text.trim_start_matches(BYTE_ORDER_MARK).lines().map(str::trim).filter(|line| !line.is_empty());
            one_of.get_or_insert_default().extend(lines.map(str::to_owned));
        }
        let dated = column.filter(|_| expectation.ordered || expectation.fresh_days.is_some());
        let asked = Asked {
            column,
            first_of_any: any_of.first().copied(),
            unique: expectation.unique,
            ordered: expectation.ordered,
            fresh_days: expectation.fresh_days,
            dates: dated.map(|column| Dates::of(list, column, context)).transpose()?,
            at_least: expectation.at_least,
            rows: expectation.rows,
            today: context.today,
        };
        Ok(Expected {
            asked,
            when: when.transpose()?,
            any_of,
            not_null: expectation.not_null,
            pattern: matcher(name, expectation.pattern.as_deref())?,
            one_of,
            length: expectation.length,
            has_cells: !expectation.of_cells().is_empty(),
        })
    }

    /// What it comes to when all rows of a list of so many records went by.
    pub(super) fn conclude(&self, tally: Tally, records: u64) -> std::io::Result<Concluded> {
        tally.conclude(&self.asked, records)
    }

    /// Whether it is about a row of a batch.
    fn is_about(&self, raw: &RawBatch, row: usize) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(raw.cell(row, when.column)))
    }

    /// Judges the rows of a batch and keeps what is judged when all went by. Calls `found` for each row (counted in the
    /// batch) and column that breaks it, unless only so many need hold.
    pub(super) fn judge(&self, raw: &RawBatch, mut found: impl FnMut(usize, ColumnIndex, Code)) -> Tally {
        let mut tally = Tally::default();
        for row in (0..raw.len()).filter(|row| self.is_about(raw, *row)) {
            let (mut is_judged, mut is_broken) = (false, false);
            let mut broken = |column, code| {
                is_broken = true;
                if self.asked.at_least.is_none() {
                    found(row, column, code);
                }
            };
            if let Some(first) = self.any_of.first() {
                is_judged = true;
                if self.any_of.iter().all(|column| raw.cell(row, *column).is_empty()) {
                    broken(*first, Code::ExpectAnyOf);
                }
            }
            if let Some(column) = self.asked.column {
                let cell = raw.cell(row, column);
                self.judge_cell(cell, |code| broken(column, code));
                is_judged |= self.has_cells && (self.not_null || !cell.is_empty());
                if !cell.is_empty() {
                    tally.note(&self.asked, cell, raw.number(row));
                }
            }
            tally.count(&self.asked, raw.number(row), is_judged, is_broken);
        }
        tally
    }

    fn judge_cell(&self, cell: &str, mut found: impl FnMut(Code)) {
        if cell.is_empty() {
            if self.not_null {
                found(Code::ExpectNotNull);
            }
            return;
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(cell)) {
            found(Code::ExpectPattern);
        }
        if self.one_of.as_ref().is_some_and(|allowed| !allowed.contains(cell)) {
            found(Code::ExpectOneOf);
        }
        if let Some((least, most)) = self.length {
            let length = cell.chars().count();
            if length < least || length > most {
                found(Code::ExpectLength);
            }
        }
    }
}

/// What would be expected of nothing would always hold.
fn refuse_idle(expectation: &Expectation) -> Result<(), ExpectationError> {
    let place = match expectation.place.as_str() {
        "" => "an [[expect]] table".to_owned(),
        place => place.to_owned(),
    };
    let mut keys = expectation.of_cells();
    if !expectation.column.is_empty() {
        let has_share = expectation.at_least.is_some();
        let is_idle = has_share && keys.is_empty() && expectation.any_of.is_empty();
        return if is_idle { Err(ExpectationError::Idle { place, key: "at_least" }) } else { Ok(()) };
    }
    keys.extend(expectation.fresh_days.map(|_| "fresh_days"));
    match expectation {
        _ if !keys.is_empty() => Err(ExpectationError::NoCells { place, keys }),
        Expectation { any_of, .. } if !any_of.is_empty() => Ok(()),
        Expectation { rows: None, .. } => Err(ExpectationError::NoColumn { place }),
        Expectation { at_least: Some(_), .. } => Err(ExpectationError::Idle { place, key: "at_least" }),
        Expectation { when: Some(_), .. } => Err(ExpectationError::Idle { place, key: "when" }),
        _ => Ok(()),
    }
}

fn matcher(column: &str, pattern: Option<&str>) -> Result<Option<Matcher>, ExpectationError> {
    let wrong =
        |error: regex::Error| ExpectationError::Pattern { column: column.to_owned(), reason: error.to_string() };
    pattern.map(Matcher::new).transpose().map_err(wrong)
}

/// The columns of a header, else those of a field: how settings name them.
pub(super) fn columns_named(list: &List, name: &str) -> Vec<ColumnIndex> {
    let those = |is_meant: &dyn Fn(&ColumnMapping) -> bool| {
        let columns = list.mapping().columns().iter().filter(|column| is_meant(column));
        columns.map(|column| column.column).collect::<Vec<_>>()
    };
    let by_header = those(&|column| column.header == name);
    let field = Field::parse(name).filter(|_| by_header.is_empty());
    field.map_or(by_header, |field| those(&|column| column.field == Some(field)))
}

/// The first of them.
fn column_of(list: &List, name: &str) -> Result<ColumnIndex, ExpectationError> {
    columns_named(list, name).first().copied().ok_or_else(|| {
        let fields = list.mapping().columns().iter().filter_map(|column| column.field);
        let names = list.header().iter().map(String::as_str).chain(fields.map(|field| -> &str { field.as_str() }));
        ExpectationError::UnknownColumn { column: name.to_owned(), closest: closest(name, names).map(str::to_owned) }
    })
}
