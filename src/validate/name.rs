//! Judges name cells.

use super::{StandardCell, Validator, mark};
use crate::finding::{Code, Mark};
use crate::record::{Field, Verdict};
use crate::rule::{Lookup, NameShape, RuleError, RuleFiles};
use crate::text::character::is_invisible;
use crate::text::hebrew;

/// Judges name cells.
#[derive(Debug)]
pub struct NameValidator {
    company: Lookup<()>,
    shape: NameShape,
}

impl NameValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, _field: Field) -> Result<Self, RuleError> {
        let shape = NameShape::load(files)?;
        Ok(NameValidator { company: Lookup::of_words(shape.company.iter().map(String::as_str)), shape })
    }

    /// Words of a company among several, or its marks.
    fn is_company(&self, name: &str) -> bool {
        let mut words = name.split([' ', ',']);
        let is_company = |word: &str| self.company.has(word) || self.company.has(word.trim_end_matches('.'));
        name.contains(' ') && words.any(is_company)
    }

    fn judge_letters(&self, seen: &Letters, marks: &mut Vec<Mark>) {
        if seen.letters == 1 && seen.digits == 0 {
            mark(marks, Code::NameSingleLetter);
        }
        let is_one_letter = seen.letters > 1 && seen.longest_run == seen.letters && seen.others == 0;
        if is_one_letter || seen.longest_run >= self.shape.repeated {
            mark(marks, Code::NameRepeatedLetter);
        }
        if seen.is_mixed {
            mark(marks, Code::NameMixedScript);
        }
        if seen.digits > 0 {
            mark(marks, Code::NameDigits);
        }
        if seen.others > 0 || seen.letters == 0 && seen.digits == 0 {
            mark(marks, Code::NameBadChar);
        }
    }
}

impl Validator for NameValidator {
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict {
        let name = cell.display;
        if name.is_empty() {
            return Verdict::Empty;
        }
        if self.is_company(name) {
            mark(marks, Code::NameCompany);
        } else if !is_ordinary(name, self.shape.repeated) {
            self.judge_letters(&Letters::of(name), marks);
        }
        // A character has a byte at least.
        if name.len() > self.shape.longest && name.chars().count() > self.shape.longest {
            mark(marks, Code::NameTooLong);
        }
        Verdict::Ok
    }
}

/// Words of two letters and more, Hebrew or Latin alone, no letter twice in a row more often than names have it: nothing
/// to say, found out byte by byte.
fn is_ordinary(name: &str, repeated: usize) -> bool {
    let bytes = name.as_bytes();
    // Of one script: the lead bytes of Hebrew, Arabic and Russian letters in UTF-8.
    let script = match bytes.first() {
        Some(&hebrew::LEAD) => hebrew::LEAD,
        Some(0xD8 | 0xD9) => 0xD8,
        Some(0xD0 | 0xD1) => 0xD0,
        _ => 0,
    };
    let mut at = 0;
    let mut letters = 0;
    let mut run = 0;
    let mut last = 0;
    let mut is_varied = false;
    while at < bytes.len() {
        let letter = match bytes[at] {
            hebrew::LEAD if script == hebrew::LEAD && bytes.get(at + 1).is_some_and(|byte| hebrew::is_trail(*byte)) => {
                at += 1;
                u16::from(bytes[at])
            }
            lead @ (0xD8 | 0xD9) if script == 0xD8 => match (lead, bytes.get(at + 1)) {
                (0xD8, Some(&letter @ 0xA1..=0xBA)) | (0xD9, Some(&letter @ 0x81..=0x8A)) => {
                    at += 1;
                    u16::from_be_bytes([lead, letter])
                }
                _ => return false,
            },
            lead @ (0xD0 | 0xD1) if script == 0xD0 => match (lead, bytes.get(at + 1)) {
                // Capitals are left to the full look: the same letter twice may be two cases of it.
                (0xD0, Some(&letter @ 0xB0..=0xBF)) | (0xD1, Some(&letter @ 0x80..=0x8F)) => {
                    at += 1;
                    u16::from_be_bytes([lead, letter])
                }
                (0xD0, Some(&letter @ 0x90..=0xAF)) if run == 0 => {
                    at += 1;
                    u16::from_be_bytes([0, letter])
                }
                _ => return false,
            },
            byte @ (b'a'..=b'z' | b'A'..=b'Z') if script == 0 => u16::from(byte | 0x20),
            b' ' | b'-' | b'\'' if letters > 0 => {
                at += 1;
                run = 0;
                last = 0;
                continue;
            }
            _ => return false,
        };
        at += 1;
        letters += 1;
        run = if letter == last { run + 1 } else { 1 };
        is_varied |= last != 0 && letter != last;
        last = letter;
        if run >= repeated {
            return false;
        }
    }
    is_varied
}

/// What a name is made of, for those that are not ordinary.
#[derive(Debug, Default)]
struct Letters {
    letters: usize,
    digits: usize,
    /// Characters that no name has.
    others: usize,
    /// The longest run of one letter.
    longest_run: usize,
    /// A word has letters of two scripts.
    is_mixed: bool,
}

impl Letters {
    fn of(name: &str) -> Self {
        use unicode_script::{Script, UnicodeScript};
        let mut seen = Letters::default();
        let mut run = 0;
        let mut last = '\0';
        let mut script = None;
        for character in name.chars() {
            let folded = character.to_lowercase().next().unwrap_or(character);
            if character.is_alphabetic() {
                seen.letters += 1;
                run = if folded == last { run + 1 } else { 1 };
                seen.longest_run = seen.longest_run.max(run);
                let own = character.script();
                if !matches!(own, Script::Common | Script::Inherited) {
                    seen.is_mixed |= script.is_some_and(|word| word != own);
                    script = Some(own);
                }
            } else if character.is_numeric() {
                seen.digits += 1;
            } else if !matches!(character, ' ' | '-' | '\'' | '"' | '.' | ',' | '·')
                && character.script() != Script::Inherited
                && !is_invisible(character)
            {
                seen.others += 1;
            }
            if character == ' ' || character == '-' {
                script = None;
            }
            last = folded;
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Detail;

    fn judged(display: &str) -> Vec<Code> {
        let validator = NameValidator::new(&RuleFiles::embedded(), Field::FirstName).expect("loads");
        let mut marks = Vec::new();
        validator.validate(StandardCell { display, detail: Detail::None, marks: &[] }, &mut marks);
        marks.iter().map(|mark| mark.code).collect()
    }

    #[test]
    fn names_of_people_pass() {
        for name in [
            "",
            "דנה",
            "בן דוד",
            "כהן-לוי",
            "ג'ורג'",
            "יי לי",
            "Dana",
            "O'Neil",
            "José",
            "Иван",
            "محمد حسن",
            "J. R. Smith",
            "יוסי ג. כהן",
            "Anna Cohen דנה",
            "李小龙",
            "Aaron",
            "Zoë",
            "דר ג'יי",
        ] {
            assert_eq!(judged(name), vec![], "{name}");
        }
    }

    #[test]
    fn what_is_no_name_is_named() {
        for (name, codes) in [
            ("דנה2", vec![Code::NameDigits]),
            ("דנה 😀", vec![Code::NameBadChar]),
            ("@#%", vec![Code::NameBadChar]),
            ("ד", vec![Code::NameSingleLetter]),
            ("J.", vec![Code::NameSingleLetter]),
            ("דנהההה", vec![Code::NameRepeatedLetter]),
            ("ננ", vec![Code::NameRepeatedLetter]),
            ("כהן שיווק בע\"מ", vec![Code::NameCompany]),
            ("Acme Ltd.", vec![Code::NameCompany]),
            ("Dаna", vec![Code::NameMixedScript]),
        ] {
            assert_eq!(judged(name), codes, "{name}");
        }
        assert_eq!(judged(&"דנה ".repeat(20)), vec![Code::NameTooLong]);
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_fail(name in "\\PC{0,20}") {
            judged(&name);
        }
    }
}
