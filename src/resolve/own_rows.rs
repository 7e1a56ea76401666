//! `OwnRows`: which rows of a table are of this run's lists. What lists are like is learnt from them alone, so that rows that only
//! the workspace knows tie rows of this run together or not, but never change what agreement between these is worth.

use crate::record::{PeopleTable, RowIndex, TableRow, ValueColumn};

/// The rows of this run.
#[derive(Debug)]
pub(super) struct OwnRows {
    is_own: Vec<bool>,
    count: usize,
}

impl OwnRows {
    /// Those whose numbers are among the first so many.
    pub(super) fn new(table: &PeopleTable, count: usize) -> Self {
        let is_own: Vec<bool> = table.rows().map(|row| RowIndex::of(table.number(row)).get() < count).collect();
        let count = is_own.iter().filter(|own| **own).count();
        OwnRows { is_own, count }
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// Whether the table has no others.
    pub(super) fn are_all(&self) -> bool {
        self.count == self.is_own.len()
    }

    /// Whether a row is one of them.
    pub(super) fn has(&self, row: TableRow) -> bool {
        self.is_own[row.get()]
    }

    /// Them, in the table's order.
    pub(super) fn rows(&self) -> impl Iterator<Item = TableRow> + '_ {
        TableRow::first(self.is_own.len()).filter(|row| self.has(*row))
    }

    /// In how many of them each value of a column stands.
    pub(super) fn counts(&self, column: &ValueColumn) -> Vec<u32> {
        if self.are_all() { column.counts() } else { column.counts_where(|row| self.has(row)) }
    }
}
