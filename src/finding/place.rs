//! Where a finding stands: the number of a record, its line and the position of a column, as the source counts them.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// 1-based number of a record in its source, the header not counted; quarantined records have one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowNumber(NonZeroU32);

impl RowNumber {
    /// From a 0-based index.
    pub const fn from_index(index: u32) -> Self {
        RowNumber(NonZeroU32::MIN.saturating_add(index))
    }

    /// The 1-based number.
    pub const fn number(self) -> u32 {
        self.0.get()
    }
}

impl std::fmt::Display for RowNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// 1-based line of the source, as an editor counts; in a workbook the row of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineNumber(NonZeroU32);

impl LineNumber {
    /// From a 0-based index.
    pub const fn from_index(index: u32) -> Self {
        LineNumber(NonZeroU32::MIN.saturating_add(index))
    }

    /// The 1-based number.
    pub const fn number(self) -> u32 {
        self.0.get()
    }

    /// So many lines further down.
    pub const fn below(self, lines: u32) -> Self {
        LineNumber(self.0.saturating_add(lines))
    }
}

impl std::fmt::Display for LineNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    /// Its number.
    pub row: RowNumber,
    /// The line in which it starts.
    pub line: LineNumber,
}

/// 0-based position of a column in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnIndex(pub u16);

impl ColumnIndex {
    /// As an index into a header or a row.
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }
}
