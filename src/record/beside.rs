//! Rows beside those of a run's lists: rows of its customers in other lists that the workspace knows, and what customers said
//! themselves since and was accepted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CheckedBatch, Day, RowIndex, RowNumber};

/// A row that no list of the run has.
#[derive(Debug)]
pub struct RowBeside {
    /// The batch of its values.
    pub batch: Arc<CheckedBatch>,
    /// The row in it, counted from 0.
    pub row: usize,
    /// Where it is from.
    pub from: BesideFrom,
}

/// Where a row beside the lists is from.
#[derive(Debug)]
pub enum BesideFrom {
    /// Another list: its name, and the record there.
    List(Arc<str>, RowNumber),
    /// The customer said it, by this way on this day: `confirm@2026-11-30`.
    Said(String, Day),
}

impl RowBeside {
    /// How its place is named in outputs.
    pub fn name(&self) -> String {
        match &self.from {
            BesideFrom::List(list, number) => format!("{list}:{number}"),
            BesideFrom::Said(name, _) => name.clone(),
        }
    }

    /// The day on which the customer said it; none for a row of another list.
    pub fn said_on(&self) -> Option<Day> {
        match self.from {
            BesideFrom::List(..) => None,
            BesideFrom::Said(_, day) => Some(day),
        }
    }
}

/// All of them, those of a customer in the order in which they were added.
#[derive(Debug, Default)]
pub struct RowsBeside(BTreeMap<RowIndex, Vec<RowBeside>>);

impl RowsBeside {
    /// Adds a row of the customer whose first row this is.
    pub fn push(&mut self, first: RowIndex, row: RowBeside) {
        self.0.entry(first).or_default().push(row);
    }

    /// Those of the customer with these rows.
    pub fn of(&self, rows: &[RowIndex]) -> &[RowBeside] {
        rows.first().and_then(|first| self.0.get(first)).map_or(&[], Vec::as_slice)
    }

    /// All of them, each with the first row of its customer.
    pub fn all(&self) -> impl Iterator<Item = (RowIndex, &RowBeside)> {
        self.0.iter().flat_map(|(first, rows)| rows.iter().map(|row| (*first, row)))
    }
}
