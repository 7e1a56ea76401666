//! Names: first, last, and both in one cell.

use super::{CellContext, Standardizer};
use crate::record::CellOut;
use crate::rule::{RuleError, RuleFiles};

/// Reads name cells.
#[derive(Debug)]
pub struct NameStandardizer {}

impl NameStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _part: NamePart) -> Result<Self, RuleError> {
        let _ = files;
        Ok(NameStandardizer {})
    }
}

impl Standardizer for NameStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        out.display.push_str(raw.trim());
    }
}

/// Which part of a name a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamePart {
    /// Given name.
    First,
    /// Family name.
    Last,
    /// Both; `out.parts` gets `first_name` and `last_name`.
    Full,
}
