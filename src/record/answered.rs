//! What customers said themselves since their lists were written, and what was accepted of it: rows that no list has.

use std::collections::BTreeMap;

use super::{CheckedBatch, Day, RowIndex};

/// What a customer said at one time.
#[derive(Debug)]
pub struct AnswerRow {
    /// The values, as the only row of a batch.
    pub checked: CheckedBatch,
    /// By what way and when, as the place of a value is named: `confirm@2026-11-30`.
    pub name: String,
    /// When.
    pub day: Day,
}

/// All of them, the earlier ones first.
#[derive(Debug, Default)]
pub struct AnswerRows(BTreeMap<RowIndex, Vec<AnswerRow>>);

impl AnswerRows {
    /// Adds what the customer said whose first row this is.
    pub fn push(&mut self, first: RowIndex, row: AnswerRow) {
        self.0.entry(first).or_default().push(row);
    }

    /// What the customer with these rows said.
    pub fn of(&self, rows: &[RowIndex]) -> &[AnswerRow] {
        rows.first().and_then(|first| self.0.get(first)).map_or(&[], Vec::as_slice)
    }

    /// All of them, each with the first row of its customer.
    pub fn all(&self) -> impl Iterator<Item = (RowIndex, &AnswerRow)> {
        self.0.iter().flat_map(|(first, rows)| rows.iter().map(|row| (*first, row)))
    }

    /// Whether nobody said anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
