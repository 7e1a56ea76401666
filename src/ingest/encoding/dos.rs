//! Whether bytes are Hebrew as DOS wrote it (code page 862): its letters have the places of Russian capitals in code page 866.

use super::Charset;
use crate::rule::IngestRules;
use crate::text::{from_visual, hebrew};

/// What was seen of words in the letters of code page 862.
#[derive(Debug, Default)]
pub(super) struct DosHebrew {
    /// Words of nothing but Hebrew letters.
    words: usize,
    /// Words with other bytes beyond ASCII.
    others: usize,
    /// As they are read.
    read: Signs,
    /// As a screen shows them, which many programs of DOS stored.
    shown: Signs,
}

/// What speaks for Hebrew if words are taken in one of the two orders.
#[derive(Debug, Default)]
struct Signs {
    /// Letters where Hebrew writes them: ך ם ן ף ץ at the end of a word.
    at_home: usize,
    /// Final letters within a word, and others that have a final form at its end.
    astray: usize,
    /// Words that lists hold.
    known: usize,
}

impl DosHebrew {
    /// Takes a line.
    pub(super) fn feed(&mut self, line: &[u8], rules: &IngestRules) {
        let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0x80;
        for word in line.split(|byte| !is_letter(byte)).filter(|word| !word.is_ascii()) {
            let text = Charset::Ibm862.decoded(word).0;
            if !text.chars().all(hebrew::is_letter) {
                self.others += 1;
            } else if word.len() > 1 {
                self.words += 1;
                self.read.feed(&text, rules);
                self.shown.feed(&from_visual(&text), rules);
            }
        }
    }

    /// Whether it is: words of Hebrew letters alone, final letters at the ends of them, and enough of that. Russian has many words that
    /// begin with what would be a final letter: backwards, only a word that is known is proof.
    pub(super) fn is_it(&self, rules: &IngestRules) -> bool {
        self.words > 0
            && self.words * 100 >= rules.dos_hebrew_percent * (self.words + self.others)
            && (self.read.are_enough(rules) || self.shown.known > 0 && self.shown.are_enough(rules))
    }
}

impl Signs {
    fn feed(&mut self, word: &str, rules: &IngestRules) {
        let is_final = |letter: char| hebrew::ordinary_form(letter).is_some();
        let mut letters = word.chars();
        let Some(last) = letters.next_back() else { return };
        self.at_home += usize::from(is_final(last));
        self.astray += letters.filter(|letter| is_final(*letter)).count() + usize::from(hebrew::never_ends_word(last));
        self.known += usize::from(rules.hebrew_words.iter().any(|known| known == word));
    }

    fn are_enough(&self, rules: &IngestRules) -> bool {
        self.at_home * 100 >= rules.dos_hebrew_percent * (self.at_home + self.astray)
            && (self.known > 0 || self.at_home >= rules.dos_hebrew_finals)
    }
}
