//! Judges address cells.

use super::{StandardCell, Validator, mark};
use crate::finding::{Code, Mark};
use crate::record::{Field, Verdict};

/// Judges address cells by what their reader noted: only it knows the country of the row.
#[derive(Debug)]
pub struct AddressValidator {
    field: Field,
}

impl AddressValidator {
    /// For one field.
    pub fn new(field: Field) -> Self {
        AddressValidator { field }
    }
}

impl Validator for AddressValidator {
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict {
        if cell.display.is_empty() {
            return Verdict::Empty;
        }
        let has_name = matches!(self.field, Field::Address | Field::Street | Field::City);
        if has_name && !cell.display.chars().any(char::is_alphabetic) {
            mark(marks, Code::AddressNoLetters);
            return Verdict::Review;
        }
        if cell.marks.is_empty() {
            return Verdict::Ok;
        }
        if cell.has(Code::AddressBadPostcode) {
            return Verdict::Invalid;
        }
        if cell.has(Code::AddressSuggestCityTypo) || cell.has(Code::AddressSuggestSpoiltDate) {
            return Verdict::Review;
        }
        if cell.has(Code::AddressUnknownCity) {
            return Verdict::Unknown;
        }
        if cell.was_repaired() { Verdict::Repaired } else { Verdict::Ok }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Confidence;
    use crate::record::Detail;

    fn judge(field: Field, display: &str, codes: &[Code]) -> (Verdict, Vec<Code>) {
        let validator = AddressValidator::new(field);
        let noted: Vec<Mark> = codes.iter().map(|&code| Mark { code, confidence: Confidence::CERTAIN }).collect();
        let mut said = Vec::new();
        let verdict = validator.validate(StandardCell { display, detail: Detail::None, marks: &noted }, &mut said);
        (verdict, said.iter().map(|mark| mark.code).collect())
    }

    #[test]
    fn an_address_is_judged_by_what_its_reader_noted() {
        let cases = [
            (Field::City, "", &[][..], Verdict::Empty),
            (Field::City, "חיפה", &[], Verdict::Ok),
            (Field::City, "תל אביב-יפו", &[Code::AddressRepairCityAlias], Verdict::Repaired),
            (Field::City, "אטלנטיס", &[Code::AddressUnknownCity], Verdict::Unknown),
            (Field::City, "ירשולים", &[Code::AddressSuggestCityTypo], Verdict::Review),
            (Field::Postcode, "6100", &[Code::AddressBadPostcode], Verdict::Invalid),
            (Field::Postcode, "61000", &[Code::AddressOldPostcode], Verdict::Ok),
            (Field::HouseNumber, "12", &[], Verdict::Ok),
            (Field::Street, "ת.ד. 123", &[Code::AddressPoBox], Verdict::Ok),
        ];
        for (field, display, codes, verdict) in cases {
            assert_eq!(judge(field, display, codes), (verdict, vec![]), "{display}");
        }
    }

    #[test]
    fn a_name_without_a_letter_is_none() {
        assert_eq!(judge(Field::Street, "123", &[]), (Verdict::Review, vec![Code::AddressNoLetters]));
        assert_eq!(judge(Field::City, "5000", &[Code::AddressUnknownCity]).1, [Code::AddressNoLetters]);
    }
}
