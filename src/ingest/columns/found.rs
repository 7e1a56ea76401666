//! What a column is taken for, and how sure that is.

use crate::record::{Field, MappingBasis};

/// What a column is taken for.
pub(super) struct Found {
    pub(super) field: Option<Field>,
    pub(super) basis: MappingBasis,
    pub(super) percent: u8,
    /// Nobody knows what it means, and it may matter.
    pub(super) unread: bool,
}

impl Found {
    pub(super) const NOTHING: Found = Found { field: None, basis: MappingBasis::Values, percent: 0, unread: false };

    pub(super) fn by_header(field: Field, percent: u8) -> Found {
        Found { field: Some(field), basis: MappingBasis::Synonym, percent, unread: false }
    }

    pub(super) fn by_values(field: Option<Field>, percent: u8) -> Found {
        Found { field, basis: MappingBasis::Values, percent, unread: false }
    }
}
