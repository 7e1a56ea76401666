//! E-mails: reads a cell into addresses.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads e-mail cells.
#[derive(Debug)]
pub struct EmailStandardizer {}

impl EmailStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let _ = files;
        Ok(EmailStandardizer {})
    }
}

impl Standardizer for EmailStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}
