//! National identity numbers.

use super::{CellContext, Standardizer};
use crate::finding::{Code, Confidence};
use crate::record::CellOut;
use crate::rule::{Context, Countries, NationalIdRules, NationalIdScheme, PlaceholderKind, Placeholders, RuleError};
use crate::text::{bare, plain_digits};

/// Reads national ids; the normal form is all of the country's digits. A cell that holds something else (a passport
/// number) keeps its text.
#[derive(Debug)]
pub struct NationalIdStandardizer {
    rules: NationalIdRules,
    countries: Countries,
    placeholders: Placeholders,
    region: String,
}

impl NationalIdStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context) -> Result<Self, RuleError> {
        let rules = NationalIdRules::load(&context.files)?;
        let countries = Countries::load(&context.files)?;
        let placeholders = Placeholders::load(&context.files, PlaceholderKind::Any)?;
        Ok(NationalIdStandardizer { rules, countries, placeholders, region: context.region.clone() })
    }

    /// The scheme of the row's country; of the list's region where the row names none that is known.
    fn scheme(&self, country: &str) -> Option<&NationalIdScheme> {
        let code = if country.is_empty() { None } else { self.countries.code(country) };
        self.rules.country.get(code.unwrap_or(&self.region))
    }

    fn read(&self, text: &str, scheme: &NationalIdScheme, out: &mut CellOut) {
        let whole = self.without_label(text);
        let (number, had_dot_zero) = without_dot_zero(whole);
        let digits: String = number.chars().filter(|letter| !is_separator(*letter)).collect();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            if self.placeholders.has(text) {
                return out.mark(Code::IdPlaceholder);
            }
            out.display.push_str(text);
            return out.mark(Code::IdNotANumber);
        }
        if is_placeholder(&digits, scheme) {
            return out.mark(Code::IdPlaceholder);
        }
        if had_dot_zero {
            out.mark(Code::IdRepairExcelDotZero);
        }
        if digits.len() != number.len() || whole.len() != text.len() {
            out.mark(Code::IdRepairPunctuation);
        }
        judge(&digits, scheme, out);
    }

    /// Cuts `ת.ז.` or `ID:` off.
    fn without_label<'a>(&self, text: &'a str) -> &'a str {
        let Some(start) = text.find(|letter: char| letter.is_ascii_digit()).filter(|start| *start > 0) else {
            return text;
        };
        let label: String = text[..start].chars().filter(|letter| !is_separator(*letter)).collect();
        let label = label.to_lowercase();
        let is_label = self.rules.labels.iter().any(|known| known.chars().filter(|c| *c != ' ').eq(label.chars()));
        if is_label { &text[start..] } else { text }
    }
}

impl Standardizer for NationalIdStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        let text = bare(raw);
        if text.is_empty() {
            return;
        }
        let Some(scheme) = self.scheme(context.country) else { return out.display.push_str(&text) };
        let is_plain = text.len() == scheme.length && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_plain && scheme.algorithm.is_right(text.as_bytes()) && !is_placeholder(&text, scheme) {
            return out.display.push_str(&text);
        }
        self.read(&plain_digits(&text), scheme, out);
    }
}

/// Notes what is wrong with digits that are no placeholder, and restores what a spreadsheet dropped.
fn judge(digits: &str, scheme: &NationalIdScheme, out: &mut CellOut) {
    if (scheme.restore_from..scheme.length).contains(&digits.len()) {
        let padded = format!("{digits:0>width$}", width = scheme.length);
        if scheme.algorithm.is_right(padded.as_bytes()) && !is_placeholder(&padded, scheme) {
            out.display.push_str(&padded);
            return out.mark_with(Code::IdRepairZeroRestored, scheme.restore_confidence);
        }
    }
    out.display.push_str(digits);
    if digits.len() != scheme.length {
        out.mark(Code::IdBadLength);
    } else if !scheme.algorithm.is_right(digits.as_bytes()) {
        out.mark_with(Code::IdCheckDigit, Confidence::CERTAIN);
    }
}

/// One digit over and over, or a listed number.
fn is_placeholder(digits: &str, scheme: &NationalIdScheme) -> bool {
    let bytes = digits.as_bytes();
    let is_one_digit =
        bytes.windows(2).all(|pair| pair[0] == pair[1]) && (bytes.len() >= 5 || bytes.first() == Some(&b'0'));
    is_one_digit || scheme.placeholders.contains(digits)
}

fn without_dot_zero(text: &str) -> (&str, bool) {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => (whole, true),
        _ => (text, false),
    }
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '.' | '\'' | '"' | ':' | ',' | '#' | '״' | '׳' | '_' | '(' | ')' | '\\')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(raw: &str, country: &str) -> (String, Vec<Code>) {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
        let standardizer = NationalIdStandardizer::new(&context).expect("the shipped rules load");
        let mut out = CellOut::default();
        standardizer.standardize(raw, CellContext { country }, &mut out);
        (out.display, out.marks.iter().map(|mark| mark.code).collect())
    }

    #[test]
    fn israeli_numbers_come_to_nine_digits() {
        let cases: &[(&str, &str, &[Code])] = &[
            ("039337423", "039337423", &[]),
            (" 039337423\u{200f}", "039337423", &[]),
            ("39337423", "039337423", &[Code::IdRepairZeroRestored]),
            ("39337423.0", "039337423", &[Code::IdRepairExcelDotZero, Code::IdRepairZeroRestored]),
            ("03933742-3", "039337423", &[Code::IdRepairPunctuation]),
            ("ת.ז. 039337423", "039337423", &[Code::IdRepairPunctuation]),
            ("ID: 039337423", "039337423", &[Code::IdRepairPunctuation]),
            ("039337424", "039337424", &[Code::IdCheckDigit]),
            ("3933742", "3933742", &[Code::IdBadLength]),
            ("0393374230", "0393374230", &[Code::IdBadLength]),
            ("000000000", "", &[Code::IdPlaceholder]),
            ("אין", "", &[Code::IdPlaceholder]),
            ("N/A", "", &[Code::IdPlaceholder]),
            ("0", "", &[Code::IdPlaceholder]),
            ("123456782", "", &[Code::IdPlaceholder]),
            ("P1234567", "P1234567", &[Code::IdNotANumber]),
            ("3.93374E+07", "3.93374E+07", &[Code::IdNotANumber]),
            ("", "", &[]),
        ];
        for (raw, display, codes) in cases {
            assert_eq!(read(raw, ""), ((*display).to_owned(), codes.to_vec()), "{raw}");
        }
    }

    #[test]
    fn a_country_without_an_entry_is_not_judged() {
        assert_eq!(read("AB-12", "רוסיה"), ("AB-12".to_owned(), vec![]));
        assert_eq!(read("039337424", "ישראל").1, [Code::IdCheckDigit]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn reading_never_fails_and_a_second_reading_changes_nothing(raw in "\\PC{0,16}|[0-9. -]{0,12}|[0-9]{5,10}") {
            let (first, _) = read(&raw, "");
            let (second, marks) = read(&first, "");
            prop_assert_eq!(&first, &second);
            prop_assert!(!marks.iter().any(|code| code.is_repair()), "{:?}", marks);
        }
    }
}
