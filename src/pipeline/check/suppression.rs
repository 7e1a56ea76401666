//! Findings that the list's owner lives with: `[[suppress]]` of `tiuv.toml` at work.

use jiff::civil::Date;

use super::mark::{Mark, MarkKey};
use crate::finding::{Code, Finding, Severity};
use crate::ingest::List;
use crate::pipeline::expect::columns_named;
use crate::pipeline::gate::Selector;
use crate::record::{ColumnIndex, Field, RawBatch, RowNumber};
use crate::rule::Suppression;
use crate::text::plain_key;

/// A suppression as it was written, with what it selects.
#[derive(Debug, Clone)]
pub struct Suppressing {
    selector: Selector,
    key: Option<String>,
    value: Option<Mark>,
    written: Suppression,
}

impl Suppressing {
    /// Reads what one selects.
    ///
    /// # Errors
    /// With a message ready to show.
    pub fn new(written: Suppression) -> Result<Self, String> {
        if written.reason.trim().is_empty() {
            return Err(format!("the suppression of `{}` has no reason", written.rule));
        }
        Ok(Suppressing {
            selector: Selector::parse(&written.rule)?,
            key: written.key.as_deref().map(plain_key),
            value: written.value.as_deref().map(str::parse).transpose()?,
            written,
        })
    }

    /// Whether it names a value, which takes the key of marks to recognize.
    pub fn names_value(&self) -> bool {
        self.value.is_some()
    }
}

/// Where a finding was met, as far as that is still there.
#[derive(Clone, Copy)]
pub(super) struct Met<'a> {
    /// The row's cell in the key column.
    pub(super) key: &'a str,
    /// The cell.
    pub(super) value: &'a str,
    /// The hash of the value, where it has gone by.
    pub(super) value_hash: Option<u64>,
}

/// Suppressions bound to a list.
pub(super) struct Suppressed<'a> {
    bound: Vec<Bound<'a>>,
    key: Option<&'a MarkKey>,
    key_column: Option<ColumnIndex>,
}

struct Bound<'a> {
    suppressing: &'a Suppressing,
    /// The columns that it names; none where it names none.
    columns: Option<Vec<ColumnIndex>>,
    /// The rows of its key.
    rows: Vec<RowNumber>,
    is_over: bool,
    count: u64,
}

impl<'a> Suppressed<'a> {
    pub(super) fn new(list: &List, all: &'a [Suppressing], key: Option<&'a MarkKey>, today: Date) -> Self {
        let bind = |suppressing: &'a Suppressing| Bound {
            suppressing,
            columns: suppressing.written.column.as_deref().map(|name| columns_named(list, name)),
            rows: Vec::new(),
            is_over: suppressing.written.until.is_some_and(|until| until < today),
            count: 0,
        };
        Suppressed { bound: all.iter().map(bind).collect(), key, key_column: list.mapping().column_of(Field::Id) }
    }

    pub(super) fn note_row(&mut self, raw: &RawBatch, index: usize) {
        let mut keyed = self.bound.iter_mut().filter(|bound| bound.suppressing.key.is_some()).peekable();
        let Some(column) = self.key_column.filter(|_| keyed.peek().is_some()) else { return };
        let key = plain_key(raw.cell(index, column));
        for bound in keyed.filter(|bound| bound.suppressing.key.as_ref() == Some(&key)) {
            bound.rows.push(raw.number(index));
        }
    }

    /// Whether one of them covers a finding; it is counted there.
    pub(super) fn covers(&mut self, finding: &Finding, severity: Severity, met: Met<'_>) -> bool {
        let covering = self.bound.iter_mut().find(|bound| {
            let Suppressing { selector, key, value, .. } = bound.suppressing;
            let in_column =
                bound.columns.as_ref().is_none_or(|columns| finding.column.is_some_and(|own| columns.contains(&own)));
            let in_row = key.is_none() || finding.row.is_some_and(|row| bound.rows.binary_search(&row).is_ok());
            let of_value =
                |mark: &Mark| self.key.is_some_and(|key| !met.value.is_empty() && key.of_value(met.value) == *mark);
            !bound.is_over
                && selector.covers(finding.code, severity)
                && in_column
                && in_row
                && value.as_ref().is_none_or(of_value)
        });
        covering.map(|bound| bound.count += 1).is_some()
    }

    /// How many findings were covered.
    pub(super) fn count(&self) -> u64 {
        self.bound.iter().map(|bound| bound.count).sum()
    }

    /// Those that hold no longer or cover nothing, with what they say.
    pub(super) fn findings(&self) -> Vec<(Code, String)> {
        let told = self.bound.iter().filter_map(|bound| {
            let code = match bound {
                Bound { is_over: true, .. } => Code::CheckSuppressionExpired,
                Bound { count: 0, .. } => Code::CheckSuppressionUnused,
                _ => return None,
            };
            Some((code, bound.suppressing.written.to_string()))
        });
        told.collect()
    }
}
