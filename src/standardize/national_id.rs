//! National identity numbers.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads national ids.
#[derive(Debug)]
pub struct NationalIdStandardizer {}

impl NationalIdStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(NationalIdStandardizer {})
    }
}

impl Standardizer for NationalIdStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}
