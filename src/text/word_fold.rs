//! Single words in the form in which lists of words hold them.

use super::character::is_traceless;
use super::digit::digit_of;
use super::hebrew;
use super::mark::{is_quote, is_reading_aid, keyboard_form};
use super::tidy::tidy;

/// A word as the lists of words hold it: lower case, without quotes, geresh, gershayim, niqqud and dots.
pub fn fold_word(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_graphic() || hebrew::is_letter(letter) || is_word_mark(letter);
    if word.chars().all(is_plain) {
        return word.chars().filter(|letter| !is_word_mark(*letter)).flat_map(char::to_lowercase).collect();
    }
    let tidied = |text: String| tidy(&text, |_| {}).unwrap_or(text);
    let goes = |letter: &char| is_word_mark(*letter) || is_reading_aid(*letter) || is_traceless(*letter);
    let tidy_word = tidied(word.to_owned());
    let letters = tidy_word.chars().filter(|letter| !goes(letter));
    // A mark may have kept a letter from its accent, or a space from the edge.
    let in_ascii = |letter| digit_of(letter).unwrap_or(keyboard_form(letter));
    tidied(letters.map(in_ascii).flat_map(char::to_lowercase).collect())
}

/// Marks that may stand inside or after a word (`טל'`, `ט.נ.`, `моб.`).
pub fn is_word_mark(letter: char) -> bool {
    letter == '.' || is_quote(letter) || hebrew::is_mark(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_compared_without_its_marks() {
        assert_eq!(fold_word("\u{5d8}\u{5dc}\u{5f3}"), "\u{5d8}\u{5dc}");
        assert_eq!(fold_word("Tel."), "tel");
    }
}
