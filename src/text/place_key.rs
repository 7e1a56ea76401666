//! The comparison key of a place's name: one byte a letter for Hebrew and Latin, without what people write differently.

use super::character::is_invisible;
use super::digit::digit_of;
use super::hebrew;
use super::mark::{is_quote, is_reading_aid};
use super::step::Step;

/// Longer names are in no list.
const ROOM: usize = 64;
const YOD: u8 = 10;
const VAV: u8 = 6;

/// A name without case, spaces, punctuation, niqqud and final forms, with doubled letters and the usual
/// transliterations of one Hebrew letter (q and k, tz and z, kh, ch and h, w and v) made one.
#[derive(Debug, Clone, Copy)]
pub struct PlaceKey {
    bytes: [u8; ROOM],
    len: usize,
    is_cut: bool,
    /// Doubled letters and transliterations become one.
    merges: bool,
}

impl PlaceKey {
    /// Folds a name.
    pub fn new(name: &str) -> Self {
        PlaceKey::fold(name, true)
    }

    /// Folds case, spaces, punctuation and final forms only: for short codes and for names that Hebrew did not shape.
    pub fn plain(name: &str) -> Self {
        PlaceKey::fold(name, false)
    }

    fn fold(name: &str, merges: bool) -> Self {
        let mut key = PlaceKey { bytes: [0; ROOM], len: 0, is_cut: false, merges };
        if !key.walk(name, false) {
            (key.len, key.is_cut) = (0, false);
            key.walk(&Step::all(&[Step::Unseen, Step::Points, Step::Compose], name), true);
        }
        key
    }

    /// Takes a name; false where it meets a character that may have to be composed first.
    fn walk(&mut self, name: &str, is_composed: bool) -> bool {
        let bytes = name.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied().unwrap_or(0);
            at += match (byte, next) {
                (0..=0x7f, _) => {
                    self.push_ascii(byte.to_ascii_lowercase());
                    1
                }
                (0xd7, _) => {
                    self.push_hebrew(next);
                    2
                }
                // Niqqud, cantillation and the maqaf; general punctuation.
                (0xd6, _) => 2,
                (0xe2, 0x80 | 0x81) => 3,
                // Letters of Latin-1, Cyrillic and Arabic, and vowel signs; hamza that stands alone would join a letter.
                (0xd9, 0x93..=0x95) if !is_composed => return false,
                (0xc2 | 0xc3 | 0xd0 | 0xd1 | 0xd8 | 0xd9, _) => self.push_other(&name[at..]),
                _ if !is_composed => return false,
                (0xe2, _) => 3,
                _ => self.push_other(&name[at..]),
            };
        }
        true
    }

    /// The key; empty where the name has no letters or digits, or is too long for any list.
    pub fn as_bytes(&self) -> &[u8] {
        if self.is_cut { &[] } else { &self.bytes[..self.len] }
    }

    fn last(&self) -> u8 {
        if self.len == 0 { 0 } else { self.bytes[self.len - 1] }
    }

    fn push(&mut self, byte: u8) {
        match self.bytes.get_mut(self.len) {
            Some(slot) => {
                *slot = byte;
                self.len += 1;
            }
            None => self.is_cut = true,
        }
    }

    fn push_ascii(&mut self, byte: u8) {
        if byte.is_ascii_digit() {
            return self.push(byte);
        }
        if !byte.is_ascii_lowercase() {
            return;
        }
        if !self.merges {
            return self.push(byte);
        }
        let last = self.last();
        let letter = match (last, byte) {
            (_, b'q') => b'k',
            (_, b'w') => b'v',
            (b't', b'z' | b's') => b'z',
            (b'k' | b'c', b'h') => b'h',
            _ => byte,
        };
        if matches!((last, byte), (b't', b'z' | b's') | (b'k' | b'c', b'h')) {
            self.len -= 1;
        }
        if self.last() != letter {
            self.push(letter);
        }
    }

    /// Letters of U+05D0..U+05EA as 1..27, final forms as their letter; doubled yod and vav (full spelling) once.
    fn push_hebrew(&mut self, second: u8) {
        let Some(letter) = hebrew::of_trail(second) else { return };
        let letter = (hebrew::without_final(letter) as u32 - hebrew::ALEF as u32 + 1) as u8;
        if self.merges && (letter == YOD || letter == VAV) && self.last() == letter {
            return;
        }
        self.push(letter);
    }

    /// Cyrillic and accented Latin in lower case, Arabic alef without its hamza and letters that are written alike at the
    /// end of words as one; anything else as it is.
    fn push_other(&mut self, rest: &str) -> usize {
        let Some(character) = rest.chars().next() else { return rest.len() };
        let width = character.len_utf8();
        if is_invisible(character) || character.is_whitespace() || is_quote(character) || is_reading_aid(character) {
            return width;
        }
        if let Some(digit) = digit_of(character) {
            self.push_ascii(digit as u8);
            return width;
        }
        let letter = &rest.as_bytes()[..width];
        let folded = match *letter {
            [0xd0, low @ 0x90..=0x9f] => [0xd0, low + 0x20],
            [0xd0, low @ 0xa0..=0xaf] => [0xd1, low - 0x20],
            [0xd0, 0x81] | [0xd1, 0x91] => [0xd0, 0xb5],
            [0xc3, low @ 0x80..=0x9e] => [0xc3, low + 0x20],
            [0xd8, 0xa2 | 0xa3 | 0xa5] => [0xd8, 0xa7],
            // Written alike at the end of words: ta marbuta and ha, alef maksura and ya.
            [0xd8, 0xa9] => [0xd9, 0x87],
            [0xd9, 0x89] => [0xd9, 0x8a],
            // Non-breaking space and other Latin-1 signs; Arabic vowel signs.
            [0xc2, _] | [0xd9, 0x8b..=0x92] => return width,
            [high, low] => [high, low],
            _ => {
                letter.iter().for_each(|&byte| self.push(byte));
                return width;
            }
        };
        folded.into_iter().for_each(|byte| self.push(byte));
        width
    }
}

/// Whether two keys differ by one letter put in, left out or changed, or two neighbours swapped.
pub fn is_one_slip_away(left: &[u8], right: &[u8]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let same = short.iter().zip(long).take_while(|(left, right)| left == right).count();
    let (short, long) = (&short[same..], &long[same..]);
    match long.len() - short.len() {
        0 if short.is_empty() => false,
        0 => short[1..] == long[1..] || is_swap(short, long),
        1 => *short == long[1..],
        _ => false,
    }
}

/// Whether two keys differ by two neighbours that changed places.
pub fn is_one_swap_away(left: &[u8], right: &[u8]) -> bool {
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    is_swap(&left[same..], &right[same..])
}

fn is_swap(left: &[u8], right: &[u8]) -> bool {
    match (left, right) {
        ([a, b, left @ ..], [c, d, right @ ..]) => a == d && b == c && left == right,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_share_a_key() {
        for names in [
            &["תל אביב-יפו", "תל-אביב יפו", "תל אביב - יפו", "תל־אביב–יפו", "תֵּל אָבִיב יָפוֹ"][..],
            &["קריית גת", "קרית-גת", "קריית  גת"],
            &["הרצלייה", "הרצליה"],
            &["ת\"א", "ת״א", "תא", "ת.א."],
            &["Qiryat Gat", "kiryat-gat", "KIRYAT GAT"],
            &["Ra'annana", "Raanana"],
            &["Zikhron Ya'aqov", "Zichron Yaakov"],
            &["Хайфа", "ХАЙФА"],
            &["إسرائيل", "اسرائيل"],
            &["الناصرة", "الناصره"],
        ] {
            for name in names {
                assert_eq!(PlaceKey::new(name).as_bytes(), PlaceKey::new(names[0]).as_bytes(), "{name}");
            }
        }
    }

    #[test]
    fn a_slip_is_one_letter_or_one_swap() {
        for (left, right, expected) in [
            ("haifa", "haifa", false),
            ("haifa", "hafa", true),
            ("haifa", "haifaa", true),
            ("haifa", "hiafa", true),
            ("haifa", "heifa", true),
            ("haifa", "heifu", false),
            ("haifa", "ha", false),
            ("", "a", true),
        ] {
            assert_eq!(is_one_slip_away(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
        }
        for (left, right, expected) in
            [("haifa", "hiafa", true), ("haifa", "haifa", false), ("haih", "haia", false), ("haifa", "hafi", false)]
        {
            assert_eq!(is_one_swap_away(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
        }
    }
}
