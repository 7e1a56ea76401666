//! Judges national ids.

use super::{StandardCell, Validator};
use crate::finding::{Code, Mark};
use crate::record::Verdict;

/// Judges national ids by what their reader noted: only it knows the country of the row.
#[derive(Debug)]
pub struct NationalIdValidator;

impl Validator for NationalIdValidator {
    fn validate(&self, cell: StandardCell<'_>, _marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() && cell.marks.is_empty() {
            return Verdict::Empty;
        }
        if [Code::IdCheckDigit, Code::IdBadLength, Code::IdPlaceholder].into_iter().any(|code| cell.has(code)) {
            return Verdict::Invalid;
        }
        // Letters may be a passport's: good for something, but not for what the column promises.
        if cell.has(Code::IdNotANumber) {
            return Verdict::Review;
        }
        if cell.was_repaired() { Verdict::Repaired } else { Verdict::Ok }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Confidence;
    use crate::record::Detail;

    #[test]
    fn a_number_is_judged_by_what_its_reader_noted() {
        let validator = NationalIdValidator;
        let verdict = |display, codes: &[Code]| {
            let marks: Vec<Mark> = codes.iter().map(|&code| Mark { code, confidence: Confidence::CERTAIN }).collect();
            validator.validate(StandardCell { display, detail: Detail::None, marks: &marks }, &mut Vec::new())
        };
        assert_eq!(verdict("", &[]), Verdict::Empty);
        assert_eq!(verdict("039337423", &[]), Verdict::Ok);
        assert_eq!(verdict("039337423", &[Code::IdRepairZeroRestored]), Verdict::Repaired);
        assert_eq!(verdict("039337424", &[Code::IdRepairPunctuation, Code::IdCheckDigit]), Verdict::Invalid);
        assert_eq!(verdict("", &[Code::IdPlaceholder]), Verdict::Invalid);
        assert_eq!(verdict("P1234567", &[Code::IdNotANumber]), Verdict::Review);
    }
}
