//! Judges name cells.

use super::{StandardCell, Validator};
use crate::finding::Mark;
use crate::record::{Field, Verdict};
use crate::rule::{RuleError, RuleFiles};

/// Judges name cells.
#[derive(Debug)]
pub struct NameValidator {}

impl NameValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field) -> Result<Self, RuleError> {
        let _ = files;
        Ok(NameValidator {})
    }
}

impl Validator for NameValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
