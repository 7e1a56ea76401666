//! Judges e-mail cells.

use super::{StandardCell, Validator};
use crate::finding::Mark;
use crate::record::Verdict;
use crate::rule::{RuleError, RuleFiles};

/// Judges e-mail cells.
#[derive(Debug)]
pub struct EmailValidator {}

impl EmailValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let _ = files;
        Ok(EmailValidator {})
    }
}

impl Validator for EmailValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
