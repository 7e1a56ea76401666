//! What a column is taken for, and how sure that is.

use crate::record::{ColumnHint, Field, MappingBasis};

/// What a column is taken for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) field: Option<Field>,
    pub(super) basis: MappingBasis,
    pub(super) percent: u8,
    /// Nobody knows what it means, and it may matter.
    pub(super) unread: bool,
    /// What somebody should know of it.
    pub(super) hint: Option<ColumnHint>,
}

impl Found {
    pub(super) const NOTHING: Found =
        Found { field: None, basis: MappingBasis::Values, percent: 0, unread: false, hint: None };

    pub(super) const UNREAD: Found = Found { unread: true, ..Found::NOTHING };

    pub(super) fn given(field: Option<Field>) -> Found {
        Found { field, basis: MappingBasis::Given, percent: 100, ..Found::NOTHING }
    }

    pub(super) fn by_header(field: Field, percent: u8) -> Found {
        Found { field: Some(field), basis: MappingBasis::Synonym, percent, ..Found::NOTHING }
    }

    pub(super) fn by_values(field: Option<Field>, percent: u8) -> Found {
        Found { field, percent, ..Found::NOTHING }
    }

    pub(super) fn with(self, hint: ColumnHint) -> Found {
        Found { hint: Some(hint), ..self }
    }
}
