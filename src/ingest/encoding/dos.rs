//! Whether bytes are Hebrew as DOS wrote it (code page 862): its letters have the places of Russian capitals in code page 866.

use super::Charset;
use crate::rule::IngestRules;

/// What was seen of words in the letters of code page 862.
#[derive(Debug, Default)]
pub(super) struct DosHebrew {
    /// Words of nothing but Hebrew letters.
    words: usize,
    /// Words with other bytes beyond ASCII.
    others: usize,
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
            let Some((last, begin)) = word.split_last().filter(|_| word.iter().all(|byte| LETTERS.contains(byte)))
            else {
                self.others += 1;
                continue;
            };
            if begin.is_empty() {
                continue;
            }
            self.words += 1;
            self.at_home += usize::from(FINAL.contains(last));
            self.astray +=
                begin.iter().filter(|byte| FINAL.contains(byte)).count() + usize::from(NEVER_LAST.contains(last));
            let text = Charset::Ibm862.decoded(word).0;
            self.known += usize::from(rules.hebrew_words.iter().any(|known| *known == text));
        }
    }

    /// Whether it is: words of Hebrew letters alone, final letters at the ends of them, and enough of that.
    pub(super) fn is_it(&self, rules: &IngestRules) -> bool {
        let share = rules.dos_hebrew_percent;
        self.words > 0
            && self.words * 100 >= share * (self.words + self.others)
            && self.at_home * 100 >= share * (self.at_home + self.astray)
            && (self.known > 0 || self.at_home >= rules.dos_hebrew_finals)
    }
}

const LETTERS: std::ops::RangeInclusive<u8> = 0x80..=0x9A;
const FINAL: [u8; 5] = [0x8A, 0x8D, 0x8F, 0x93, 0x95];
/// כ מ נ צ; פ ends words that other languages lent.
const NEVER_LAST: [u8; 4] = [0x8B, 0x8E, 0x90, 0x96];
