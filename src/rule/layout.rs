//! `rules/layout.toml`: where the table is in a list, and by which words lines that are no rows are known.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::text::FoldedHeader;

const FILE: &str = "layout.toml";

/// Where the table is in a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutRules {
    /// How many lines are looked at for the header.
    pub top_lines: usize,
    /// And how many bytes.
    pub top_bytes: usize,
    /// A column is of a kind when this share (percent) of its cells is.
    pub kind_percent: usize,
    /// From this share (percent) of wider rows on, the header lacks names.
    pub short_header_percent: usize,
    /// A list with fewer columns has no lines of text among its rows.
    pub least_columns: usize,
    /// So many words in a line's only cell are a sentence.
    pub sentence_words: usize,
    /// The same for a line without a delimiter.
    pub loose_words: usize,
    /// A header's cell has fewer words.
    pub header_words: usize,
    /// How a total begins.
    pub totals: Phrases,
    /// What a line that counts the rows consists of, beside a number.
    pub counted: Phrases,
    /// How a line of text begins.
    pub lines: Phrases,
    /// How it begins before a number.
    pub numbered: Phrases,
    /// Letters of which a cell consists that shows how a value is written.
    pub pattern_letters: String,
    /// Words of lines that describe columns.
    pub descriptions: Phrases,
}

impl LayoutRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or says to look at nothing.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules: LayoutRules = files.parse(FILE)?;
        if rules.top_lines == 0 || rules.top_bytes == 0 {
            let message = "`top_lines` and `top_bytes` must be more than 0".to_owned();
            return Err(RuleError::Meaning { path: FILE.to_owned(), message });
        }
        Ok(rules)
    }
}

/// Phrases by their folded words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub struct Phrases {
    phrases: BTreeSet<Vec<String>>,
    longest: usize,
}

impl From<Vec<String>> for Phrases {
    fn from(texts: Vec<String>) -> Self {
        let phrases: BTreeSet<Vec<String>> = texts.iter().map(|text| phrase_words(text)).collect();
        let longest = phrases.iter().map(Vec::len).max().unwrap_or(0);
        Phrases { phrases, longest }
    }
}

impl Phrases {
    /// How many of the first words are one of the phrases, the longest where several are.
    pub fn at_start(&self, words: &[String]) -> Option<usize> {
        let most = self.longest.min(words.len());
        (1..=most).rev().find(|length| self.phrases.contains(&words[..*length]))
    }

    /// Whether one of the phrases stands anywhere in the words.
    pub fn is_in(&self, words: &[String]) -> bool {
        (0..words.len()).any(|start| self.at_start(&words[start..]).is_some())
    }

    /// Whether this one word is one of the phrases.
    pub fn holds(&self, word: &str) -> bool {
        self.phrases.contains([word.to_owned()].as_slice())
    }
}

/// A text's words as these phrases are compared.
pub fn phrase_words(text: &str) -> Vec<String> {
    FoldedHeader::new(text).all_words().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_whatever_their_quotes_and_letters() {
        let rules = LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form");
        for (text, length) in [
            ("סה״כ לקוחות:", Some(1)),
            ("GRAND  TOTAL", Some(2)),
            ("Sub-total", Some(2)),
            ("Dana Total", None),
            ("", None),
        ] {
            assert_eq!(rules.totals.at_start(&phrase_words(text)), length, "{text}");
        }
        assert!(rules.descriptions.is_in(&phrase_words("The key (required)")));
    }

    #[test]
    fn rules_that_look_at_nothing_are_refused() {
        let shipped = RuleFiles::embedded().text(FILE).into_owned();
        let changed = shipped.replacen("top_lines = 1000", "top_lines = 0", 1);
        assert_ne!(changed, shipped);
        assert!(LayoutRules::load(&RuleFiles::embedded().with(FILE, changed)).is_err());
    }
}
