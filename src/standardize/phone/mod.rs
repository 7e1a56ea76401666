//! Phones: reads a cell into numbers in E.164.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads phone cells.
#[derive(Debug)]
pub struct PhoneStandardizer {}

impl PhoneStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(PhoneStandardizer {})
    }
}

impl Standardizer for PhoneStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}
