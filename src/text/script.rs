//! Scripts: what makes a word look like another one, and which way it runs.

use unicode_script::{Script, UnicodeScript};

use super::hebrew;

/// Letters of two alphabets in one word; only alphabets whose letters are taken for each other or that run in
/// different directions count, so that Japanese with Latin stays plain.
pub fn is_mixed(text: &str) -> bool {
    let mut first = None;
    for script in text.chars().map(|letter| letter.script()) {
        if !matches!(script, Script::Latin | Script::Greek | Script::Cyrillic | Script::Hebrew | Script::Arabic) {
            continue;
        }
        if *first.get_or_insert(script) != script {
            return true;
        }
    }
    false
}

/// A label that breaks the bidi rule of RFC 5893 section 2: right-to-left letters together with left-to-right ones,
/// or a digit before them.
pub fn breaks_bidi_rule(label: &str) -> bool {
    let is_rtl = |letter: char| is_right_to_left(letter.script());
    let is_ltr = |letter: char| letter.is_alphabetic() && !is_rtl(letter);
    label.contains(is_rtl) && (label.contains(is_ltr) || label.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Whether a text runs from right to left, by its first letter that has a direction; none where there is none.
pub fn runs_right_to_left(text: &str) -> Option<bool> {
    text.chars().filter(|letter| letter.is_alphabetic()).find_map(|letter| match letter.script() {
        Script::Common | Script::Inherited => None,
        script => Some(is_right_to_left(script)),
    })
}

const fn is_right_to_left(script: Script) -> bool {
    matches!(script, Script::Hebrew | Script::Arabic | Script::Syriac | Script::Thaana)
}

/// Letters of an alphabet that no ordinary address is written in.
pub fn has_only_foreign_letters(text: &str) -> bool {
    let is_foreign = |letter: char| !letter.is_ascii() && letter.is_alphabetic();
    text.contains(is_foreign) && !text.contains(|letter: char| letter.is_ascii_alphanumeric() || letter == '@')
}

/// Whether there is a Hebrew letter.
pub fn has_hebrew(text: &str) -> bool {
    text.contains(hebrew::is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_alphabets_in_a_word_are_mixed_and_one_with_digits_is_not() {
        for (text, mixed) in
            [("dana1", false), ("דנה12", false), ("p\u{430}ypal", true), ("דנהdana", true), ("例えabc", false)]
        {
            assert_eq!(is_mixed(text), mixed, "{text}");
        }
    }
}
