//! The first letters of words, for a quick look that says of nearly all names that no word of a rule begins so.

use crate::text::hebrew;

/// Pairs of letters, some of which may stand for others as well.
#[derive(Debug, Clone)]
pub(super) struct Beginnings {
    bits: Box<[u64; SIZE / 64]>,
}

const SIZE: usize = 1 << 13;

impl Default for Beginnings {
    fn default() -> Self {
        Beginnings { bits: Box::new([0; SIZE / 64]) }
    }
}

impl Beginnings {
    /// Adds the folded beginning of a word, of two letters or of one.
    pub(super) fn insert(&mut self, letters: [Option<char>; 2]) {
        let place = place(letters);
        self.bits[place / 64] |= 1 << (place % 64);
    }

    /// Whether a word as written may begin so. Letters whose folded form is not plain may always.
    pub(super) fn may_have(&self, word: &str) -> bool {
        let mut letters = word.chars().map(plain);
        let (Some(first), second) = (letters.next(), letters.next()) else { return false };
        let has = |letters: [Option<char>; 2]| {
            let place = place(letters);
            self.bits[place / 64] & 1 << (place % 64) != 0
        };
        match (first, second) {
            (Some(first), Some(Some(second))) => has([Some(first), Some(second)]),
            (Some(first), None) => has([Some(first), None]),
            _ => true,
        }
    }
}

/// The folded form of a letter whose fold is one other letter; none for all else.
fn plain(letter: char) -> Option<char> {
    match letter {
        'a'..='z' => Some(letter),
        'A'..='Z' => Some(letter.to_ascii_lowercase()),
        hebrew::ALEF..=hebrew::TAV => Some(hebrew::without_final(letter)),
        'а'..='и' | 'к'..='я' => Some(letter),
        'А'..='И' | 'К'..='Я' => letter.to_lowercase().next(),
        'ب'..='غ' | 'ف'..='و' if letter != 'ة' => Some(letter),
        _ => None,
    }
}

fn place(letters: [Option<char>; 2]) -> usize {
    let [first, second] = letters.map(|letter| letter.map_or(0, u32::from) as usize);
    (first.wrapping_mul(193) ^ second.wrapping_mul(31)) % SIZE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_no_word_is_told_at_once() {
        let mut beginnings = Beginnings::default();
        for (first, second) in [('d', Some('n')), ('ל', Some('א')), ('у', Some('м')), ('d', None)] {
            beginnings.insert([Some(first), second]);
        }
        for (word, may) in [("DNC", true), ("לאה", true), ("Умер", true), ("Ella", false), ("דנה", false), ("", false)]
        {
            assert_eq!(beginnings.may_have(word), may, "{word}");
        }
    }
}
