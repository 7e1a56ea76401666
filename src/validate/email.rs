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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::pipeline::check_cell;
    use crate::record::{ColumnIndex, Field};

    #[test]
    fn only_broken_syntax_is_invalid() {
        let files = RuleFiles::embedded();
        let clock = Clock::at(jiff::civil::date(2026, 11, 21));
        for (value, verdict) in [
            ("dana@gmail.com", Verdict::Ok),
            ("dana@tiuv-shop.co.il", Verdict::Ok),
            ("dana@דואר.co.il", Verdict::Ok),
            (" dana@gmail.com", Verdict::Repaired),
            ("dana@gmail.com; noa@walla.co.il", Verdict::Ok),
            ("info@tiuv-shop.co.il", Verdict::Risky),
            ("dana@mailinator.com", Verdict::Risky),
            ("\"a b\"@walla.co.il", Verdict::Risky),
            ("dana@gmial.com", Verdict::Review),
            ("danagmail.com", Verdict::Review),
            ("dana@tiuv-shop.nosuchtld", Verdict::Review),
            ("dana@gmail.com; noa@", Verdict::Review),
            ("dana", Verdict::Invalid),
            ("dana@localhost", Verdict::Invalid),
            ("אין מייל", Verdict::Empty),
            ("test@test.com", Verdict::Empty),
            ("", Verdict::Empty),
        ] {
            let checked = check_cell(&files, Field::Email, value, "IL", clock).expect("the shipped rules load");
            assert_eq!(checked.verdict(0, ColumnIndex(0)), verdict, "{value}");
        }
    }
}
