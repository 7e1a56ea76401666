//! `TextCleaner`: the first step for any text cell.

use std::borrow::Cow;

use super::entity;
use super::seen::tidy;
use crate::finding::Code;
use crate::record::CellOut;
use crate::rule::{Lookup, RuleError, RuleFiles, TextRules};
use crate::text::{hebrew, repair_mojibake};

/// Undoes what programs do to text on its way: nothing that a person wrote is lost.
#[derive(Debug)]
pub struct TextCleaner {
    rules: TextRules,
    excel_errors: Lookup<()>,
}

impl TextCleaner {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules = TextRules::load(files)?;
        let excel_errors = Lookup::of_words(rules.excel_errors.iter().map(String::as_str));
        Ok(TextCleaner { rules, excel_errors })
    }

    /// The text without the damage; each kind of damage leaves its mark in `out`. Borrows where there was none inside.
    pub fn clean<'a>(&self, raw: &'a str, out: &mut CellOut) -> Cow<'a, str> {
        if is_plain(raw) {
            return Cow::Borrowed(raw);
        }
        // Spaces of ASCII alone at the edges are the commonest damage, and the rest is often plain.
        let trimmed = raw.trim_matches(' ');
        if trimmed.len() < raw.len() {
            if !trimmed.is_empty() {
                out.mark(Code::TextRepairTrim);
            }
            if is_plain(trimmed) {
                return Cow::Borrowed(trimmed);
            }
        }
        self.clean_slowly(trimmed, out)
    }

    fn clean_slowly<'a>(&self, raw: &'a str, out: &mut CellOut) -> Cow<'a, str> {
        if self.excel_errors.has(raw.trim()) {
            out.mark(Code::TextExcelError);
            return Cow::Borrowed("");
        }
        let mut text = Cow::Borrowed(raw);
        // One kind of damage may hide another (an entity inside a spreadsheet mark): until nothing is left to undo.
        // Every pass that changes anything shortens the text or brings characters to a form that no pass touches.
        for _ in 0..MOST_PASSES {
            let mut changed = false;
            if let Some(inner) = without_excel_mark(&text, &self.rules.leading_apostrophe) {
                out.mark(Code::TextRepairExcelMark);
                text = Cow::Owned(inner.to_owned());
                changed = true;
            }
            if let Some(decoded) = entity::decode(&text, &self.rules.entities) {
                out.mark(Code::TextRepairEntity);
                text = Cow::Owned(decoded);
                changed = true;
            }
            // Before control characters and odd spaces go: in mojibake they are half of a letter.
            if let Some(repaired) = repair_mojibake(&text) {
                out.mark(Code::TextRepairMojibake);
                text = Cow::Owned(repaired);
                changed = true;
            }
            if let Some(tidy) = tidy(&text, out) {
                text = Cow::Owned(tidy);
                changed = true;
            }
            if !changed {
                break;
            }
        }
        if text.contains(char::REPLACEMENT_CHARACTER) || text.contains(REPLACEMENT_AS_LATIN) {
            out.mark(Code::TextReplacementChar);
        }
        text
    }
}

/// Whether there can be no damage: printable ASCII and Hebrew letters, single spaces inside, none at the edges, and
/// no character that begins a spreadsheet mark or a character reference.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return true };
    if matches!(first, b' ' | b'=' | b'\'' | b'#' | b'E') && !is_plain_start(text) || last == b' ' {
        return false;
    }
    let mut previous = 0;
    for &byte in bytes {
        let fits = match previous {
            hebrew::LEAD => hebrew::is_trail(byte),
            b' ' => byte > b' ' && is_plain_byte(byte),
            _ => is_plain_byte(byte),
        };
        if !fits {
            return false;
        }
        // A trail byte of Hebrew is never taken for the lead byte, as it stays below it.
        previous = byte;
    }
    true
}

/// `#5` and `Eli` are plain; `#N/A` and `Err:502` may be error values of a spreadsheet.
fn is_plain_start(text: &str) -> bool {
    match text.as_bytes() {
        [b'E', rest @ ..] => !rest.starts_with(b"rr:"),
        [b'#', next, ..] => !next.is_ascii_alphabetic(),
        _ => false,
    }
}

const fn is_plain_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'%' | b'\''..=b'~' | hebrew::LEAD) || hebrew::is_trail(byte)
}

/// Text inside `="…"`, or behind the apostrophe that makes a spreadsheet keep a value as text.
fn without_excel_mark<'a>(text: &'a str, leading_apostrophe: &[String]) -> Option<&'a str> {
    let mut inner = text.trim();
    let before = inner.len();
    while let Some(formula) = inner.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        inner = formula.trim();
    }
    while let Some(rest) = inner.strip_prefix('\'') {
        // 'quoted', or a Dutch 't: no mark.
        let word = rest.split([' ', '-']).next().unwrap_or_default();
        if rest.is_empty() || rest.ends_with('\'') || leading_apostrophe.iter().any(|own| own == word) {
            break;
        }
        inner = rest;
    }
    (inner.len() < before).then_some(inner)
}

/// U+FFFD in UTF-8, read as Windows-1252.
const REPLACEMENT_AS_LATIN: &str = "ï¿½";

/// Far more than real cells need; keeps a hostile one from costing more than its length.
const MOST_PASSES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(raw: &str) -> (String, Vec<Code>) {
        let cleaner = TextCleaner::new(&RuleFiles::embedded()).expect("loads");
        let mut out = CellOut::default();
        let text = cleaner.clean(raw, &mut out).into_owned();
        (text, out.marks.iter().map(|mark| mark.code).collect())
    }

    #[test]
    fn clean_text_is_borrowed_and_unmarked() {
        let cleaner = TextCleaner::new(&RuleFiles::embedded()).expect("loads");
        for raw in ["", "דנה", "בן דוד", "O'Neil", "ג'ורג'", "ד\"ר לוי", "Eli", "a-b_c.d", "#5"] {
            let mut out = CellOut::default();
            assert!(matches!(cleaner.clean(raw, &mut out), Cow::Borrowed(text) if text == raw), "{raw}");
            assert!(out.marks.is_empty(), "{raw}");
        }
    }

    #[test]
    fn each_kind_of_damage_is_undone_and_marked() {
        let cases: &[(&str, &str, Code)] = &[
            (" דנה ", "דנה", Code::TextRepairTrim),
            ("דנה\u{a0}", "דנה", Code::TextRepairTrim),
            ("בן  דוד", "בן דוד", Code::TextRepairInnerSpace),
            ("בן\u{a0}דוד", "בן דוד", Code::TextRepairInnerSpace),
            ("דנ\u{200b}ה", "דנה", Code::TextRepairInvisible),
            ("\u{feff}Dana", "Dana", Code::TextRepairInvisible),
            ("\u{200f}דנה\u{200f}", "דנה", Code::TextRepairBidiMark),
            ("Da\u{0}na", "Dana", Code::TextRepairControl),
            ("Ｄａｎａ", "Dana", Code::TextRepairFullwidth),
            ("\u{fb2a}לום", "ש\u{5c1}לום", Code::TextRepairFullwidth),
            ("'05", "05", Code::TextRepairExcelMark),
            ("=\"דנה\"", "דנה", Code::TextRepairExcelMark),
            ("ד&quot;ר לוי", "ד\"ר לוי", Code::TextRepairEntity),
            ("O&amp;#39;Neil", "O'Neil", Code::TextRepairEntity),
            ("×“× ×”", "דנה", Code::TextRepairMojibake),
            ("ãðä ëäï", "דנה כהן", Code::TextRepairMojibake),
        ];
        for (raw, text, code) in cases {
            assert_eq!(cleaned(raw), ((*text).to_owned(), vec![*code]), "{raw:?}");
        }
    }

    #[test]
    fn what_only_looks_like_damage_stays() {
        for raw in ["'t Hooft", "'קטן'", "AT&T", "Café", "Łódź", "محمد", "Иван", "José Muñoz", "#1"] {
            assert_eq!(cleaned(raw), (raw.to_owned(), vec![]), "{raw}");
        }
    }

    #[test]
    fn lost_letters_and_failed_formulas_are_named() {
        assert_eq!(cleaned("דנ\u{fffd}"), ("דנ\u{fffd}".to_owned(), vec![Code::TextReplacementChar]));
        assert_eq!(cleaned(" #REF! "), (String::new(), vec![Code::TextRepairTrim, Code::TextExcelError]));
    }

    #[test]
    fn only_spaces_are_an_empty_cell() {
        assert_eq!(cleaned("   "), (String::new(), vec![]));
        assert_eq!(cleaned("\u{a0}\t"), (String::new(), vec![]));
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(raw in "[ -~א-ת×Ø-ö\u{80}-\u{ff}\u{200b}-\u{200f}&;#='\"]{0,24}|\\PC{0,12}") {
            let (once, _) = cleaned(&raw);
            let (twice, codes) = cleaned(&once);
            proptest::prop_assert_eq!(&once, &twice);
            let repaired = codes.iter().any(|code| code.is_repair());
            proptest::prop_assert!(!repaired, "{:?}", codes);
        }
    }
}
