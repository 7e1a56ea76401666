//! Which column of a list means what.

use serde::{Deserialize, Serialize};

use super::Field;
use crate::finding::{ColumnIndex, Confidence};

/// Why a column was taken for a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappingBasis {
    /// The user said so (`--map`, `tiuv.toml`, or a mapping saved earlier for this header).
    Given,
    /// The header is a known synonym.
    Synonym,
    /// The values look like it.
    Values,
}

/// One column of the source and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMapping {
    /// Position in the source.
    pub column: ColumnIndex,
    /// The header as written; made up (`column 3`) where it was empty.
    pub header: String,
    /// What it means; none for a column that travels through untouched.
    pub field: Option<Field>,
    /// Why; none where there is no field.
    pub basis: Option<MappingBasis>,
    /// How sure.
    pub confidence: Confidence,
    /// It looks as if it said whether somebody may be contacted, and was not understood: nobody is asked until it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread: bool,
}

/// All columns of a source, in source order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    columns: Vec<ColumnMapping>,
}

impl Mapping {
    /// From one entry a column, in source order.
    pub fn new(columns: Vec<ColumnMapping>) -> Self {
        Mapping { columns }
    }

    /// One entry a column, in source order.
    pub fn columns(&self) -> &[ColumnMapping] {
        &self.columns
    }

    /// The columns taken for `field`, in source order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &ColumnMapping> {
        self.columns.iter().filter(move |column| column.field == Some(field))
    }

    /// The first column taken for `field`.
    pub fn column_of(&self, field: Field) -> Option<ColumnIndex> {
        self.columns_of(field).next().map(|column| column.column)
    }

    /// The header of a column.
    pub fn header(&self, column: ColumnIndex) -> &str {
        &self.columns[column.as_usize()].header
    }

    /// What each column is called where it must be known again in another run: its field, with a number from the second of a
    /// field on; the header of a column without one.
    pub fn lasting_names(&self) -> Vec<String> {
        let name = |(at, column): (usize, &ColumnMapping)| match column.field {
            None => column.header.clone(),
            Some(field) => match self.columns[..at].iter().filter(|other| other.field == Some(field)).count() {
                0 => field.as_str().to_owned(),
                before => format!("{field} {}", before + 1),
            },
        };
        self.columns.iter().enumerate().map(name).collect()
    }

    /// The columns that look as if they said whether somebody may be contacted, and were not understood.
    pub fn unread(&self) -> impl Iterator<Item = &ColumnMapping> {
        self.columns.iter().filter(|column| column.unread)
    }

    /// Number of columns in the source.
    pub fn width(&self) -> usize {
        self.columns.len()
    }
}
