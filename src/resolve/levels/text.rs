//! Other words (streets, localities, occupations): equal, alike, other.

use super::{Letters, alike, most_jaro};

/// Least likeness of texts that are alike.
const ALIKE: f64 = 0.9;

/// The level of two different texts in Latin letters.
pub(in crate::resolve) fn text_level(a: &[u8], b: &[u8]) -> u8 {
    if a == b || alike(a, b, ALIKE).is_some() { 2 } else { 3 }
}

/// What can be told of a text without looking at it: which letters it has (26 bits), and its length (6).
pub(in crate::resolve) fn text_outline(text: &[u8]) -> u32 {
    let letters = text.iter().fold(0, |letters, letter| letters | 1 << (letter % LETTERS));
    letters | (text.len().min(MOST) as u32) << LETTERS
}

const LETTERS: u8 = 26;
const MOST: usize = 63;

/// Whether two texts have too few letters in common to be alike, even if they begin alike.
pub(in crate::resolve) fn texts_differ(x: u32, y: u32) -> bool {
    let letters =
        |outline: u32| Letters { set: u64::from(outline & ((1 << LETTERS) - 1)), count: (outline >> LETTERS) as usize };
    let (x, y) = (letters(x), letters(y));
    let jaro = most_jaro(x, y);
    x.count < MOST && y.count < MOST && jaro + 0.4 * (1.0 - jaro) + 1e-9 < ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn outlines_never_tell_alike_texts_apart(a in "[a-z0-9 ]{1,14}", b in "[a-e ]{1,9}", at in 0usize..9, c in "[a-z]") {
            let mut edited = b.clone();
            edited.insert_str(at.min(b.len()), &c);
            for (a, b) in [(&a, &b), (&b, &edited)] {
                if a != b && texts_differ(text_outline(a.as_bytes()), text_outline(b.as_bytes())) {
                    proptest::prop_assert_eq!(text_level(a.as_bytes(), b.as_bytes()), 3);
                }
            }
        }
    }

    #[test]
    fn a_slip_is_alike() {
        assert_eq!(text_level(b"pine lvd", b"pine blvd"), 2);
        assert_eq!(text_level(b"pine", b"bridge"), 3);
    }
}
