//! Values spread through a list, for whatever is inferred of a column.

use crate::finding::ColumnIndex;

/// Some values of each source column, taken from rows spread through the list: what formats are inferred from.
#[derive(Debug, Clone, Default)]
pub struct Samples {
    columns: Vec<Vec<String>>,
    counts_from_1904: bool,
}

impl Samples {
    /// From one list of values a column, in source order.
    pub fn new(columns: Vec<Vec<String>>) -> Self {
        Samples { columns, counts_from_1904: false }
    }

    /// The same of a list that says of its bare numbers of days that they count from 1904-01-01, as old Macintosh workbooks do
    /// (ECMA-376 part 1, 18.17.4.1).
    #[must_use]
    pub fn counting_from_1904(self, counts_from_1904: bool) -> Self {
        Samples { counts_from_1904, ..self }
    }

    /// Whether it says so.
    pub fn counts_from_1904(&self) -> bool {
        self.counts_from_1904
    }

    /// The values of one column.
    pub fn of(&self, column: ColumnIndex) -> &[String] {
        self.columns.get(column.as_usize()).map_or(&[], Vec::as_slice)
    }
}
