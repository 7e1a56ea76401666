//! Words as they are compared: the fold of all texts, and what only free text needs beside it (`rules/meaning/fold.toml`).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::rule::{RuleError, RuleFiles};
use crate::text::hebrew;
use crate::text::mark::{is_apostrophe, is_quotation_mark, is_quote, is_reading_aid};
use crate::text::{character::is_traceless, push_folded};

/// How letters are written in more than one way.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FoldRules {
    /// Letters that one writes for others of the same script.
    letters: BTreeMap<char, char>,
    /// What stands joined before a word: "and", "the", "that", "to".
    prefixes: Vec<String>,
    /// Latin letters that look like others.
    look_alikes: BTreeMap<char, char>,
    /// Digits and signs that stand for letters.
    digits: BTreeMap<char, char>,
    /// Fewer letters than this are no word behind a prefix.
    shortest_behind_prefix: usize,
}

impl FoldRules {
    /// Reads the file.
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut rules: FoldRules = files.parse("meaning/fold.toml")?;
        for prefix in &mut rules.prefixes {
            *prefix =
                rules.letters.iter().fold(prefix.clone(), |text, (from, to)| text.replace(*from, &to.to_string()));
        }
        Ok(rules)
    }

    /// Writes one word behind `out` as it is compared. A quotation mark between letters stays: it tells ז"ל from זל.
    pub(super) fn push_word(&self, word: &str, out: &mut String) {
        let start = out.len();
        let word = word.trim_matches(is_quote);
        if word.contains(is_quotation_mark) || word.contains("''") {
            let word = word.replace("''", "\"");
            for (index, part) in word.split(is_quotation_mark).enumerate() {
                if index > 0 {
                    out.push('"');
                }
                push_folded(part, out);
            }
        } else {
            push_folded(word, out);
        }
        // Letters of other scripts than Arabic are what they are.
        if out[start..].chars().any(|letter| self.letters.contains_key(&letter)) {
            let changed: String =
                out[start..].chars().map(|letter| self.letters.get(&letter).copied().unwrap_or(letter)).collect();
            out.truncate(start);
            out.push_str(&changed);
        }
    }

    /// One word as it is compared.
    pub(super) fn word(&self, word: &str) -> String {
        let mut out = String::new();
        self.push_word(word, &mut out);
        out
    }

    /// What a word may be that mixes digits with letters, or letters of two scripts that look alike.
    pub(super) fn disguised(&self, word: &str) -> Vec<String> {
        let is_digit = |letter: char| self.digits.contains_key(&letter);
        let mut words = Vec::new();
        let mut plain = word.to_owned();
        if word.contains(is_digit) && word.contains(char::is_alphabetic) {
            plain = word.chars().map(|letter| self.digits.get(&letter).copied().unwrap_or(letter)).collect();
            words.push(plain.clone());
        }
        let is_latin = |letter: char| letter.is_ascii_alphabetic();
        if plain.contains(is_latin) && plain.contains(|letter| !is_latin(letter)) {
            let change = |pairs: &BTreeMap<char, char>| -> String {
                plain.chars().map(|letter| pairs.get(&letter).copied().unwrap_or(letter)).collect()
            };
            words.push(change(&self.look_alikes));
            words.push(change(&self.look_alikes.iter().map(|(latin, other)| (*other, *latin)).collect()));
        }
        words
    }

    /// The word behind each prefix that it may have, longest prefix first.
    pub(super) fn behind_prefixes<'w>(&self, word: &'w str) -> impl Iterator<Item = &'w str> {
        let rests = self.prefixes.iter().filter_map(|prefix| word.strip_prefix(prefix.as_str()));
        rests.filter(|rest| rest.chars().count() >= self.shortest_behind_prefix)
    }
}

/// Each letter once where it repeats; none where none does.
pub(super) fn squeezed(word: &str) -> Option<String> {
    let repeats = word.chars().zip(word.chars().skip(1)).any(|(letter, next)| letter == next);
    repeats.then(|| {
        let mut last = None;
        word.chars().filter(|letter| last.replace(*letter) != Some(*letter)).collect()
    })
}

/// Stands inside of words.
pub(super) fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || is_quote(letter) || is_silent(letter)
}

/// Makes no word by itself.
fn is_silent(letter: char) -> bool {
    is_traceless(letter)
        || hebrew::is_mark(letter)
        || is_reading_aid(letter)
        || is_apostrophe(letter)
        || unicode_normalization::char::is_combining_mark(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_folded_and_keeps_the_quotation_mark_of_an_abbreviation() {
        let rules = FoldRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (word, folded) in [
            ("\"STOP\"", "stop"),
            ("ז״ל", "ז\"ל"),
            ("ז''ל", "ז\"ל"),
            ("הָסֵר", "הסר"),
            ("don’t", "dont"),
            ("إلغاء", "الغاء"),
            ("القائمة", "القايمه"),
            ("\u{200f}הסר\u{200e}", "הסר"),
        ] {
            assert_eq!(rules.word(word), folded, "{word}");
        }
        assert_eq!(squeezed("הסררר").as_deref(), Some("הסר"));
        assert_eq!(squeezed("stop"), None);
    }
}
