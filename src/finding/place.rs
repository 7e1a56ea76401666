//! Where a finding stands: the number of a record and the position of a column, as the source counts them.

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
