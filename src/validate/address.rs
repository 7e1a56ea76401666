//! Judges address cells.

use super::{StandardCell, Validator};
use crate::finding::Mark;
use crate::record::{Field, Verdict};
use crate::rule::{RuleError, RuleFiles};

/// Judges address cells.
#[derive(Debug)]
pub struct AddressValidator {}

impl AddressValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field, _region: &str) -> Result<Self, RuleError> {
        let _ = files;
        Ok(AddressValidator {})
    }
}

impl Validator for AddressValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
