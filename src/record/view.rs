//! `RecordView`: one row by name, for readers that want clarity more than speed.

use std::borrow::Cow;

use super::{CheckedBatch, Field, RawBatch, StandardColumn, Verdict};
use crate::finding::{Finding, RowNumber};

/// One row of a batch with everything that is known of it.
#[derive(Debug, Clone, Copy)]
pub struct RecordView<'a> {
    raw: &'a RawBatch,
    checked: &'a CheckedBatch,
    row: usize,
}

impl<'a> RecordView<'a> {
    /// The row at `row`, counted from 0 in the batch; both batches are of the same block.
    pub fn new(raw: &'a RawBatch, checked: &'a CheckedBatch, row: usize) -> Self {
        debug_assert_eq!(raw.len(), checked.standard().len());
        RecordView { raw, checked, row }
    }

    /// Its number in the source.
    pub fn number(&self) -> RowNumber {
        self.raw.number(self.row)
    }

    /// Where it stands in its batch, counted from 0.
    pub fn index(&self) -> usize {
        self.row
    }

    /// The record as written.
    pub fn record(&self) -> &'a str {
        self.raw.record(self.row)
    }

    /// The raw cell that a standardized column was read from.
    pub fn raw(&self, column: &StandardColumn) -> &'a str {
        self.raw.cell(self.row, column.column)
    }

    /// The standardized columns, each with this row's values as one would write them into its cell.
    pub fn cells(&self) -> impl Iterator<Item = (&'a StandardColumn, Cow<'a, str>)> {
        let row = self.row;
        self.checked.standard().columns().iter().map(move |column| (column, column.written(row)))
    }

    /// The first value of a field.
    pub fn cell(&self, field: Field) -> &'a str {
        self.checked.standard().cell(self.row, field)
    }

    /// The verdict on the cell of a column.
    pub fn verdict(&self, column: &StandardColumn) -> Verdict {
        self.checked.verdict(self.row, column.column)
    }

    /// The suggestion for the cell of a column, or an empty string.
    pub fn suggestion(&self, column: &StandardColumn) -> &'a str {
        self.checked.standard().suggestion(self.row, column.column)
    }

    /// Every finding about this row, in column order.
    pub fn findings(&self) -> Vec<Finding> {
        let number = Some(self.number());
        self.checked.findings().into_iter().filter(|finding| finding.row == number).collect()
    }
}
