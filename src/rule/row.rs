//! `rules/row.toml`: what is compared across the cells of one row.

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::Field;

/// What is compared across the cells of one row.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowShape {
    /// So many cells out of place make a row a shifted one.
    pub shifted_cells: usize,
    /// Pairs of dates; the first is never later than the second.
    pub date_order: Vec<(Field, Field)>,
}

impl RowShape {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or names a field that holds no date.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let shape: RowShape = files.parse("row.toml")?;
        let fields = shape.date_order.iter().flat_map(|&(early, late)| [early, late]);
        match fields.into_iter().find(|field| !field.is_date()) {
            Some(field) => {
                let message = format!("`{field}` in `date_order` holds no date");
                Err(RuleError::Meaning { path: "row.toml".to_owned(), message })
            }
            None => Ok(shape),
        }
    }
}
