//! Answers to "may we contact you".

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::record::Field;
use crate::rule::{RuleError, RuleFiles};

/// Reads consent cells.
#[derive(Debug)]
pub struct ConsentStandardizer {}

impl ConsentStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field) -> Result<Self, RuleError> {
        let _ = files;
        Ok(ConsentStandardizer {})
    }
}

impl Standardizer for ConsentStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}
