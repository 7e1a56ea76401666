//! Lines among the rows that are no rows: totals, counts, footers, page numbers, titles of the next page.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::finding::Code;
use crate::rule::{LayoutRules, StandingWords, phrase_words};

/// By what they are known. Only records that are less than half full come here.
#[derive(Debug, Default)]
pub(crate) struct AsideLines {
    /// The words; none where a list's columns are known for certain, as those of Parquet are.
    pub(crate) rules: Option<LayoutRules>,
    /// First cells of the lines above the header: a report prints them on every page.
    pub(crate) titles: BTreeSet<String>,
    /// The words of refusals and deaths, as titles of those who are below them.
    pub(crate) standing: Option<Arc<StandingWords>>,
    /// The first column holds numbers or keys, so words in it are none.
    pub(crate) is_keyed: bool,
}

impl AsideLines {
    /// Why a record is no row, by its cells without blanks at their edges, one of which is filled; none where it may be one.
    pub(super) fn judge(&self, cells: &[&str], columns: usize) -> Option<Code> {
        let rules = self.rules.as_ref()?;
        let filled: Vec<(usize, &str)> =
            cells.iter().copied().enumerate().filter(|(_, cell)| !cell.is_empty()).collect();
        let (&(place, first), others) = filled.split_first()?;
        if columns < 2 || filled.iter().any(|(_, cell)| is_address(cell)) {
            return None;
        }
        let others: Vec<&str> = others.iter().map(|(_, cell)| *cell).collect();
        let words = phrase_words(first);
        let has_only_sums = self.is_keyed && place > 0 && filled.iter().all(|(_, cell)| is_sum(cell));
        if has_only_sums || is_total(rules, &words, &others) || is_count(rules, &words, &others) {
            return Some(Code::RowTotal);
        }
        if columns < rules.least_columns || others.len() > 1 {
            return None;
        }
        let is_line = self.titles.contains(first)
            || opens_a_line(rules, first, &words, &others)
            || others.is_empty() && self.is_about_refusals(first)
            || place == 0 && others.is_empty() && self.is_prose(rules, first, cells.len() == 1);
        is_line.then_some(Code::RowTextLine)
    }

    /// Whether the only cell of a record says who stands below it: people who refused or died.
    fn is_about_refusals(&self, cell: &str) -> bool {
        self.standing.as_ref().is_some_and(|words| words.role_below(cell).is_some())
    }

    /// Whether the only cell of a record, its first one, is words rather than a value.
    fn is_prose(&self, rules: &LayoutRules, cell: &str, is_loose: bool) -> bool {
        let words = cell.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
        let is_labelled = cell.split_once(':').is_some_and(|(label, rest)| {
            label.contains(char::is_alphabetic) && !rest.trim().is_empty() && !rest.starts_with("//")
        });
        let is_rule = !cell.contains(char::is_alphanumeric) || is_framed(cell);
        is_labelled
            || is_rule
            || words >= rules.sentence_words
            || words >= rules.loose_words && is_loose
            || words > 1 && self.is_keyed
    }
}

/// `Total`, `סה"כ לקוחות: 7`, `Total Haifa,,,4500`.
fn is_total(rules: &LayoutRules, words: &[String], others: &[&str]) -> bool {
    let Some(length) = rules.totals.at_start(words) else { return false };
    let rest = &words[length..];
    let is_counted = rest.iter().any(|word| is_number(word)) || !others.is_empty();
    (rest.is_empty() || is_counted) && others.iter().all(|cell| is_amount(cell))
}

/// `6 customers`, `Records: 6`, `לקוחות,7`.
fn is_count(rules: &LayoutRules, words: &[String], others: &[&str]) -> bool {
    let numbers = words.iter().filter(|word| is_number(word)).count() + others.len();
    numbers == 1
        && others.iter().all(|cell| is_amount(cell))
        && words.iter().any(|word| rules.counted.holds(word))
        && words.iter().all(|word| is_number(word) || rules.counted.holds(word))
}

/// `Page 2 of 3`, `Printed 01/11/2026`, `הופק:,01/11/2026`.
fn opens_a_line(rules: &LayoutRules, first: &str, words: &[String], others: &[&str]) -> bool {
    let numbered =
        rules.numbered.at_start(words).and_then(|length| words.get(length)).is_some_and(|word| is_number(word));
    let opens = rules.lines.at_start(words).is_some() || first.starts_with('©');
    numbered || opens && (others.is_empty() || first.ends_with(':') || others.iter().all(|cell| is_amount(cell)))
}

/// `--- left the list ---`, `== removed ==`: no value is written so.
fn is_framed(cell: &str) -> bool {
    const FRAMES: [char; 6] = ['-', '=', '*', '#', '_', '~'];
    let frame = |letters: &mut dyn Iterator<Item = char>| letters.take_while(|letter| FRAMES.contains(letter)).count();
    frame(&mut cell.chars()) > 1 && frame(&mut cell.chars().rev()) > 1
}

/// A sum, a count, a day: digits and signs, perhaps a currency.
fn is_amount(cell: &str) -> bool {
    let letters = cell.chars().filter(|letter| letter.is_alphabetic()).count();
    letters <= CURRENCY && cell.contains(|letter: char| letter.is_numeric())
}

/// An amount that can't be the number of a telephone or of a person: few digits, or a decimal mark.
fn is_sum(cell: &str) -> bool {
    let digits = cell.chars().filter(|letter| letter.is_numeric()).count();
    is_amount(cell) && (digits <= FEW_DIGITS || cell.contains(['.', ',']) && !cell.contains(['/', '-']))
}

/// An e-mail address alone, whatever is wrong with it; a sentence may name one.
fn is_address(cell: &str) -> bool {
    cell.contains('@') && !cell.contains(' ')
}

fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

/// Letters of a currency.
const CURRENCY: usize = 3;
/// No telephone has so few digits.
const FEW_DIGITS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn judged(line: &str, is_keyed: bool) -> Option<Code> {
        let rules = LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form");
        let titles = BTreeSet::from(["דוח לקוחות".to_owned()]);
        let standing = Some(StandingWords::load(&RuleFiles::embedded()).expect("the shipped rules load"));
        let lines = AsideLines { rules: Some(rules), titles, standing, is_keyed };
        lines.judge(&line.split(',').collect::<Vec<_>>(), 6)
    }

    #[test]
    fn totals_and_counts_are_no_rows() {
        for line in [
            "Total,6,,,,",
            "סה״כ לקוחות:,7,,,,",
            ",,Grand total,,,1 200.50",
            "ИТОГО: 12 клиентов,,,,,",
            "6 customers,,,,,",
            "Records: 6",
            "לקוחות,7,,,,",
            "Gesamtsumme,,,,,4500 EUR",
            "Total Haifa,,,,12,",
        ] {
            assert_eq!(judged(line, false), Some(Code::RowTotal), "{line}");
        }
    }

    #[test]
    fn lines_of_text_are_no_rows() {
        for line in [
            "Page 2 of 3",
            "עמוד 2 מתוך 3,,,,,",
            "Printed 01/11/2026 10:22 by till 3",
            "הופק:,01/11/2026,,,,",
            "© Acme",
            "דוח לקוחות,,,,,",
            "סניף: חיפה,,,,,",
            "----------",
            "Questions about it? Write to office@example.com,,,,,",
            "Acme Ltd - all the very best",
        ] {
            assert_eq!(judged(line, false), Some(Code::RowTextLine), "{line}");
        }
        assert_eq!(judged("Northern branch,,,,,", true), Some(Code::RowTextLine), "no key has words");
        assert_eq!(judged(",,,,15,602.50", true), Some(Code::RowTotal), "sums of rows that have keys");
        assert_eq!(judged(",,,,052-7318264,", true), None, "a number of somebody");
    }

    #[test]
    fn customers_of_whom_little_is_known_stay_rows() {
        for line in [
            "K107,,,,,",
            ",Dana,,,,",
            "Dana Cohen,,,,,",
            ",,Page,,,",
            "Total Wine,,,,,",
            "total@example.com,,,,,",
            ",Customer,,,,",
            "K108,,,,052-7318264,",
            "Dana Cohen",
            "https://example.com,,,,,",
            ",,,,054-8261937,",
        ] {
            assert_eq!(judged(line, false), None, "{line}");
        }
    }
}
