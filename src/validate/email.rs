//! Judges e-mail cells: the parser says what is broken, the policy says what a fact means.

use super::{StandardCell, Validator, mark};
use crate::finding::{Code, Mark};
use crate::record::Verdict;
use crate::rule::{EmailPolicy, RuleError, RuleFiles};

/// Judges e-mail cells.
#[derive(Debug)]
pub struct EmailValidator {
    policy: EmailPolicy,
}

impl EmailValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(EmailValidator { policy: EmailPolicy::load(files)? })
    }

    fn names_any(codes: &[Code], cell: StandardCell<'_>) -> bool {
        cell.marks.iter().any(|mark| codes.contains(&mark.code))
    }
}

impl Validator for EmailValidator {
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict {
        let Some(detail) = cell.detail.email() else { return Verdict::Empty };
        if let Some(code) = detail.broken {
            mark(marks, code);
            // Only syntax makes an address invalid, and not even that where a person can tell what was meant.
            return if Self::names_any(&self.policy.review, cell) { Verdict::Review } else { Verdict::Invalid };
        }
        if cell.marks.is_empty() {
            return Verdict::Ok;
        }
        // Of several addresses in a cell one may be broken while the others are good.
        let has_broken_piece = cell.marks.iter().any(|mark| mark.code.as_str().starts_with("email.syntax."));
        if has_broken_piece || Self::names_any(&self.policy.review, cell) {
            Verdict::Review
        } else if Self::names_any(&self.policy.risky, cell) {
            Verdict::Risky
        } else if cell.was_repaired() {
            Verdict::Repaired
        } else {
            Verdict::Ok
        }
    }
}
