//! `NameStandardizer`: the steps that a name cell goes through.

use super::case::CaseRules;
use super::final_letter;
use super::honorific::HonorificRules;
use super::layout::{LayoutReading, LayoutRules};
use super::order::order_of;
use super::split::SplitRules;
use super::{NamePart, misplaced, note, plain};
use crate::finding::{Code, Confidence};
use crate::meaning::{BesideName, NameMarks};
use crate::record::{CellOut, Detail, Field, SaidDay};
use crate::rule::{NameLists, NameOrderWords, NameShape, PlaceholderKind, Placeholders, RuleError, RuleFiles};
use crate::standardize::note::codes_beside_name;
use crate::standardize::text::TextCleaner;
use crate::standardize::{CellContext, Standardizer};
use crate::text::{in_one_form, without_vowel_points};

/// Reads name cells.
#[derive(Debug)]
pub struct NameStandardizer {
    part: NamePart,
    cleaner: TextCleaner,
    lists: NameLists,
    placeholders: Placeholders,
    /// Those that stand for nothing in any field.
    fillers: Placeholders,
    honorifics: HonorificRules,
    layout: LayoutRules,
    case: CaseRules,
    split: SplitRules,
    marks: NameMarks,
    phone_digits: usize,
    /// Bearers in a million from which a placeholder is a name, and how often a column must hold it to be none.
    placeholder_name: u32,
    placeholder_repeats: usize,
    /// Those that this column repeats.
    repeated: Vec<String>,
}

impl NameStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, part: NamePart) -> Result<Self, RuleError> {
        let shape = NameShape::load(files)?;
        Ok(NameStandardizer {
            part,
            cleaner: TextCleaner::new(files)?,
            lists: NameLists::load(files)?,
            placeholders: Placeholders::load(files, PlaceholderKind::Name)?,
            fillers: Placeholders::load(files, PlaceholderKind::Any)?,
            honorifics: HonorificRules::load(files)?,
            layout: LayoutRules::load(files, &shape)?,
            case: CaseRules::new(&shape),
            split: SplitRules::load(files, &shape)?,
            marks: NameMarks::load(files)?,
            phone_digits: shape.phone_digits,
            placeholder_name: shape.placeholder_name,
            placeholder_repeats: shape.placeholder_repeats,
            repeated: Vec::new(),
        })
    }

    /// For a column with this header and such values: they show the order of whole names, and which names stand for nothing.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn of_column(mut self, files: &RuleFiles, header: &str, samples: &[String]) -> Result<Self, RuleError> {
        if self.part == NamePart::Full {
            let words = NameOrderWords::load(files)?;
            self.split.order = order_of(&words, header, samples, &self.split, &self.lists);
        }
        let is_doubtful = |name: &&str| self.placeholders.has(name) && self.is_a_name(name);
        let mut doubtful: Vec<&str> = samples.iter().map(|sample| sample.trim()).filter(is_doubtful).collect();
        doubtful.sort_unstable();
        let often = doubtful.chunk_by(|a, b| a == b).filter(|equal| equal.len() >= self.placeholder_repeats);
        self.repeated = often.map(|equal| equal[0].to_owned()).collect();
        Ok(self)
    }

    /// A value that people write where they know nothing, unless people are called so and this column doesn't repeat it.
    fn is_placeholder(&self, name: &str) -> bool {
        self.placeholders.has(name) && (!self.is_a_name(name) || self.repeated.iter().any(|own| own == name))
    }

    fn is_a_name(&self, name: &str) -> bool {
        self.lists.usage(name).is_common(self.placeholder_name)
    }

    /// Letters alone, none of them in doubt: nothing can be repaired. Costs one pass and a search of each word at most.
    fn is_in_normal_form(&self, raw: &str) -> bool {
        let Some(shape) = plain::shape(raw) else { return false };
        // An unknown Hebrew word may be a Latin one in the wrong layout; one known word shows that none is.
        let is_settled = !shape.has_hebrew || self.has_known_word(raw);
        is_settled && (!shape.has_space || !self.honorifics.may_be_in(raw)) && !self.marks.may_be_in(raw)
    }

    fn has_known_word(&self, name: &str) -> bool {
        let first = name.bytes().position(|byte| matches!(byte, b' ' | b'-')).unwrap_or(name.len());
        self.lists.has(&name[..first]) || name[first..].split([' ', '-']).any(|word| self.lists.has(word))
    }

    fn repair(&self, raw: &str, out: &mut CellOut) -> String {
        let mut name = self.cleaner.clean(raw, out).into_owned();
        // A formula is no name with damage; whoever looks at it must see all of it.
        if self.is_placeholder(&name) || name.starts_with(['=', '@']) {
            return name;
        }
        if let Some(code) = misplaced::code(&name, self.phone_digits) {
            stands_for_nothing(code, out);
            return String::new();
        }
        let mut beside = BesideName::default();
        for _ in 0..MOST_ROUNDS {
            let before = name.clone();
            if let Some(found) = self.marks.take(&name) {
                name = found.name.clone();
                beside.add(found);
            }
            // A repair may uncover what stands beside the name, and the other way round.
            name = self.repair_name(name, out);
            if name == before {
                break;
            }
        }
        if !beside.standing.is_nothing() {
            // The cell holds more than a name, so it stays as it is; only the normal form is without the rest.
            out.marks.retain(|mark| !mark.code.is_repair() && !mark.code.is_suggestion());
            out.suggestion.clear();
            codes_beside_name(beside.standing).for_each(|code| out.mark(code));
            out.detail = Detail::Standing(beside.standing, SaidDay::NONE);
            out.parts.push((Field::Notes, beside.mark));
        }
        name
    }

    /// `NULL כהן`: the name without words at its ends that say that a part of it is unknown, and are nobody's name.
    fn without_fillers(&self, name: &str) -> Option<String> {
        let is_filler = |word: &str| self.fillers.has(word) && !self.lists.has(word);
        let words: Vec<&str> = name.split(' ').collect();
        let first = words.iter().position(|word| !is_filler(word))?;
        let last = words.iter().rposition(|word| !is_filler(word))?;
        (last + 1 - first < words.len()).then(|| words[first..=last].join(" "))
    }

    fn repair_name(&self, mut name: String, out: &mut CellOut) -> String {
        // A step may uncover work for an earlier one; real names settle in one round.
        for _ in 0..MOST_ROUNDS {
            let before = name.clone();
            let cleaned = self.cleaner.clean(&before, out);
            if *cleaned != *before {
                name = cleaned.into_owned();
            }
            self.run_steps(&mut name, out);
            if name == before {
                break;
            }
        }
        name
    }

    fn run_steps(&self, name: &mut String, out: &mut CellOut) {
        match self.layout.read(name, &self.lists) {
            LayoutReading::Certain(decoded) => {
                *name = decoded;
                out.mark_with(Code::NameRepairKeyboardLayout, LAYOUT_CONFIDENCE);
            }
            LayoutReading::Likely(decoded) if out.suggestion.is_empty() => {
                out.mark_with(Code::NameSuggestKeyboardLayout, SUGGESTION_CONFIDENCE);
                out.suggestion = self.case.repair(&decoded, &self.lists).unwrap_or(decoded);
            }
            _ => {}
        }
        step(name, out, Code::NameRepairNiqqud, without_vowel_points);
        step(name, out, Code::NameRepairApostrophe, in_one_form);
        step(name, out, Code::NameRepairNoteSplit, note::without_notes);
        if self.part == NamePart::Full {
            step(name, out, Code::NameRepairNoteSplit, |name| self.without_fillers(name));
        }
        step(name, out, Code::NameRepairHonorific, |name| self.honorifics.strip(name));
        if self.part == NamePart::Full {
            step(name, out, Code::NameRepairComma, |name| self.split.without_comma(name, &self.lists));
        }
        step(name, out, Code::NameRepairFinalLetter, |name| final_letter::repair(name, &self.lists));
        step(name, out, Code::NameRepairCase, |name| self.case.repair(name, &self.lists));
    }
}

/// Notes why a cell holds no name. What is no name was not repaired either.
fn stands_for_nothing(code: Code, out: &mut CellOut) {
    out.marks.retain(|mark| !mark.code.is_repair() && !mark.code.is_suggestion());
    out.suggestion.clear();
    out.mark(code);
}

/// Runs one step; what it changes bears its code.
fn step(name: &mut String, out: &mut CellOut, code: Code, repair: impl FnOnce(&str) -> Option<String>) {
    if let Some(repaired) = repair(name) {
        *name = repaired;
        out.mark_with(code, Confidence::percent(98));
    }
}

impl Standardizer for NameStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        if self.is_in_normal_form(raw) {
            out.display.push_str(raw);
        } else {
            let name = self.repair(raw, out);
            out.display.push_str(&name);
        }
        if self.is_placeholder(&out.display) {
            out.display.clear();
            return stands_for_nothing(Code::NamePlaceholder, out);
        }
        if self.part == NamePart::Full {
            let halves = self.split.halves(&out.display, &self.lists);
            if let Some((first, last)) = halves {
                let (first, last) = (first.to_owned(), last.to_owned());
                out.parts.push((Field::FirstName, first));
                out.parts.push((Field::LastName, last));
            }
        }
    }
}

/// One reading, believed for names that five hundred in a million bear.
const LAYOUT_CONFIDENCE: Confidence = Confidence::percent(95);
const SUGGESTION_CONFIDENCE: Confidence = Confidence::percent(70);

/// More than any cell needs that a person or a program wrote.
const MOST_ROUNDS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    fn read(part: NamePart, raw: &str) -> CellOut {
        let reader = NameStandardizer::new(&RuleFiles::embedded(), part).expect("loads");
        let mut out = CellOut::default();
        reader.standardize(raw, CellContext::default(), &mut out);
        out
    }

    fn codes(out: &CellOut) -> Vec<Code> {
        out.marks.iter().map(|mark| mark.code).collect()
    }

    #[test]
    fn ordinary_names_come_out_as_they_are_and_unmarked() {
        for raw in
            ["", "דנה", "בת שבע", "כהן-לוי", "ג'ורג'", "Dana", "O'Neil", "de Vries", "José", "Иван", "محمد", "קיפ"]
        {
            let out = read(NamePart::First, raw);
            assert_eq!((out.display.as_str(), codes(&out)), (raw, vec![]), "{raw}");
        }
    }

    #[test]
    fn each_repair_leaves_its_mark() {
        let cases: &[(&str, &str, &[Code])] = &[
            (" דנה ", "דנה", &[Code::TextRepairTrim]),
            ("דָּנָה", "דנה", &[Code::NameRepairNiqqud]),
            ("ג׳ורג׳", "ג'ורג'", &[Code::NameRepairApostrophe]),
            ("ד״ר דנה", "דנה", &[Code::NameRepairApostrophe, Code::NameRepairHonorific]),
            ("דנה (אמא)", "דנה", &[Code::NameRepairNoteSplit]),
            ("דנה ז״ל", "דנה", &[Code::NameDeceased]),
            ("DANA (no calls)", "Dana", &[Code::NameDoNotContact]),
            ("שלוםי", "שלומי", &[Code::NameRepairFinalLetter]),
            ("DANA", "Dana", &[Code::NameRepairCase]),
            ("akuo", "שלום", &[Code::NameRepairKeyboardLayout]),
            ("דשרשי", "Sarah", &[Code::NameRepairKeyboardLayout, Code::NameRepairCase]),
            ("ãðä", "דנה", &[Code::TextRepairMojibake]),
        ];
        for (raw, display, marks) in cases {
            let out = read(NamePart::First, raw);
            assert_eq!((out.display.as_str(), codes(&out)), (*display, marks.to_vec()), "{raw}");
        }
    }

    #[test]
    fn a_layout_that_is_not_certain_is_only_suggested() {
        let out = read(NamePart::First, "nav'l");
        assert!(out.suggestion.is_empty());
        let out = read(NamePart::Full, "sbv fvii");
        assert_eq!(out.suggestion, "דנה כהןן");
        assert!(out.has(Code::NameSuggestKeyboardLayout));
        assert!(!out.has(Code::NameRepairKeyboardLayout));
    }

    #[test]
    fn full_names_fill_both_halves_and_placeholders_none() {
        let halves = |raw: &str| read(NamePart::Full, raw).parts;
        let pair =
            |first: &str, last: &str| vec![(Field::FirstName, first.to_owned()), (Field::LastName, last.to_owned())];
        assert_eq!(halves("ד\"ר כהן, דנה"), pair("דנה", "כהן"));
        assert_eq!(halves("דנה כהן"), pair("דנה", "כהן"));
        assert_eq!(halves("DANA COHEN"), pair("Dana", "Cohen"));
        assert_eq!(halves("לא ידוע"), vec![]);
        assert_eq!(halves(""), vec![]);
    }

    #[test]
    fn a_placeholder_that_is_a_name_is_one_only_where_it_repeats() {
        let reads = |samples: &[&str], raw: &str| {
            let files = RuleFiles::embedded();
            let samples: Vec<String> = samples.iter().map(|sample| (*sample).to_owned()).collect();
            let reader = NameStandardizer::new(&files, NamePart::First).expect("loads");
            let reader = reader.of_column(&files, "שם פרטי", &samples).expect("loads");
            let mut out = CellOut::default();
            reader.standardize(raw, CellContext::default(), &mut out);
            out.display
        };
        assert_eq!(reads(&["דנה", "בלה", "יוסי"], "בלה"), "בלה");
        assert_eq!(reads(&["בלה", "בלה", "דנה", "בלה"], "בלה"), "");
        assert_eq!(reads(&["דנה"], "בלה בלה"), "");
        assert_eq!(reads(&["דנה"], "לקוח מזדמן"), "");
    }

    #[test]
    fn a_space_that_another_repair_uncovers_goes_too() {
        // U+FE78 stands for a space and a vowel point.
        assert_eq!(read(NamePart::First, "דנה\u{fe78}").display, "דנה");
    }

    #[test]
    fn what_is_no_name_leaves_no_normal_form_and_is_not_repaired() {
        for (raw, code) in [
            ("xxx", Code::NamePlaceholder),
            (" NULL  NULL ", Code::NamePlaceholder),
            ("(n/a)", Code::NamePlaceholder),
            ("לקוח מזדמן", Code::NamePlaceholder),
            ("user.abel@lakemail.com", Code::NameLooksLikeEmail),
            (" 054-8261937", Code::NameLooksLikePhone),
        ] {
            for part in [NamePart::First, NamePart::Last, NamePart::Full] {
                let out = read(part, raw);
                assert_eq!((out.display.as_str(), codes(&out)), ("", vec![code]), "{raw}");
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
        #[test]
        fn standardizing_twice_changes_nothing(
            raw in "[a-zA-Zא-ת ,.'\"()\\-]{0,16}|(ד\"ר|מר|Dr\\.?|דנה|כהן|akuo|VAN|,|\\(|\\)| |'|=\"|ז\"ל|&quot;){0,8}|\\PC{0,10}"
        ) {
            thread_local! {
                static READERS: Vec<NameStandardizer> = [NamePart::First, NamePart::Last, NamePart::Full]
                    .map(|part| NameStandardizer::new(&RuleFiles::embedded(), part).expect("loads")).into();
            }
            READERS.with(|readers| for reader in readers {
                let (mut once, mut twice) = (CellOut::default(), CellOut::default());
                reader.standardize(&raw, CellContext::default(), &mut once);
                reader.standardize(&once.display, CellContext::default(), &mut twice);
                assert_eq!(once.display, twice.display);
                // What stood beside the name is in no normal form.
                once.parts.retain(|(field, _)| *field != Field::Notes);
                assert_eq!(once.parts, twice.parts);
                let repairs: Vec<_> = twice.marks.iter().filter(|mark| mark.code.is_repair()).collect();
                assert!(repairs.is_empty(), "{:?}: {repairs:?}", once.display);
            });
        }
    }
}
