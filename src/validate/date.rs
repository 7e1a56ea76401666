//! Judges dates.

use super::{StandardCell, Validator};
use crate::clock::Clock;
use crate::finding::Mark;
use crate::record::{Field, Verdict};
use crate::rule::{RuleError, RuleFiles};

/// Judges dates.
#[derive(Debug)]
pub struct DateValidator {}

impl DateValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field, _clock: Clock) -> Result<Self, RuleError> {
        let _ = files;
        Ok(DateValidator {})
    }
}

impl Validator for DateValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() { Verdict::Empty } else { Verdict::Ok }
    }
}
