//! Values spread through a list, for whatever is inferred of a column.

use crate::finding::ColumnIndex;

/// Some values of each source column, taken from rows spread through the list: what formats are inferred from.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    columns: Vec<Vec<String>>,
}

impl Samples {
    /// From one list of values a column, in source order.
    pub fn new(columns: Vec<Vec<String>>) -> Self {
        Samples { columns }
    }

    /// The values of one column.
    pub fn of(&self, column: ColumnIndex) -> &[String] {
        self.columns.get(column.as_usize()).map_or(&[], Vec::as_slice)
    }
}
