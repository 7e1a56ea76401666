//! Judges dates.

use super::{StandardCell, Validator, mark};
use crate::finding::{Code, Mark};
use crate::record::{Day, Detail, Field, Verdict};
use crate::rule::{Context, DateRules, RuleError};

/// Judges dates of one field.
#[derive(Debug)]
pub struct DateValidator {
    oldest: Day,
    latest: Day,
}

impl DateValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, field: Field) -> Result<Self, RuleError> {
        let window = DateRules::load(&context.files)?.window(field);
        let today = Day::of(context.today);
        // 365.2425 days a year, in whole numbers.
        let oldest_days = i64::from(window.oldest_years) * 3_652_425 / 10_000;
        Ok(DateValidator {
            oldest: today - i32::try_from(oldest_days).unwrap_or(i32::MAX),
            latest: today + window.days_ahead,
        })
    }
}

impl Validator for DateValidator {
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict {
        // A day without a year is no wrong one.
        if cell.has(Code::DateNoYear) {
            return Verdict::Unknown;
        }
        let Detail::Date(day) = cell.detail else {
            return if cell.marks.is_empty() && cell.display.is_empty() { Verdict::Empty } else { Verdict::Invalid };
        };
        if day > self.latest {
            mark(marks, Code::DateFuture);
            return Verdict::Invalid;
        }
        if day < self.oldest {
            mark(marks, Code::DateTooOld);
            return Verdict::Invalid;
        }
        if cell.has(Code::DatePlaceholder) || cell.has(Code::DateAmbiguous) {
            return Verdict::Review;
        }
        if cell.was_repaired() { Verdict::Repaired } else { Verdict::Ok }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Confidence;
    use jiff::civil::date;

    fn judge(field: Field, detail: Detail, codes: &[Code]) -> (Verdict, Vec<Code>) {
        let context = Context::shipped("IL", date(2026, 11, 21));
        let validator = DateValidator::new(&context, field).expect("the shipped rules load");
        let noted: Vec<Mark> = codes.iter().map(|&code| Mark { code, confidence: Confidence::CERTAIN }).collect();
        let display = if detail == Detail::None { "" } else { "1985-03-12" };
        let mut said = Vec::new();
        let verdict = validator.validate(StandardCell { display, detail, marks: &noted }, &mut said);
        (verdict, said.iter().map(|mark| mark.code).collect())
    }

    #[test]
    fn a_date_is_judged_by_what_its_field_can_hold() {
        let day = |year, month, day| Detail::Date(Day::of(date(year, month, day)));
        assert_eq!(judge(Field::BirthDate, day(1985, 3, 12), &[]), (Verdict::Ok, vec![]));
        assert_eq!(judge(Field::BirthDate, day(2026, 11, 22), &[]), (Verdict::Invalid, vec![Code::DateFuture]));
        assert_eq!(judge(Field::CreatedAt, day(2026, 11, 22), &[]), (Verdict::Ok, vec![]));
        assert_eq!(judge(Field::BirthDate, day(1880, 1, 2), &[]), (Verdict::Invalid, vec![Code::DateTooOld]));
        assert_eq!(judge(Field::BirthDate, Detail::None, &[]), (Verdict::Empty, vec![]));
        assert_eq!(judge(Field::BirthDate, Detail::None, &[Code::DateUnparsable]), (Verdict::Invalid, vec![]));
        let repaired = judge(Field::BirthDate, day(1985, 3, 12), &[Code::DateRepairTwoDigitYear]);
        assert_eq!(repaired, (Verdict::Repaired, vec![]));
        let either = [Code::DateAmbiguous, Code::DateRepairTwoDigitYear];
        assert_eq!(judge(Field::BirthDate, day(1985, 3, 12), &either), (Verdict::Review, vec![]));
    }
}
