//! Scripts and characters that hide: what makes an address look like another one.

use unicode_script::{Script, UnicodeScript};

/// Directional marks, embeddings and isolates (UAX #9).
pub fn is_bidi_mark(letter: char) -> bool {
    matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that take no room and mean nothing in an address, directional ones included.
pub fn is_invisible(letter: char) -> bool {
    is_bidi_mark(letter)
        || matches!(
            letter,
            '\u{AD}' | '\u{34F}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}'
                | '\u{206A}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
                | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}'
                | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

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
    let is_rtl = |letter: char| matches!(letter.script(), Script::Hebrew | Script::Arabic);
    let is_ltr = |letter: char| letter.is_alphabetic() && !is_rtl(letter);
    label.contains(is_rtl) && (label.contains(is_ltr) || label.starts_with(|letter: char| letter.is_ascii_digit()))
}

/// Letters of an alphabet that no ordinary address is written in.
pub fn has_only_foreign_letters(text: &str) -> bool {
    let is_foreign = |letter: char| !letter.is_ascii() && letter.is_alphabetic();
    text.contains(is_foreign) && !text.contains(|letter: char| letter.is_ascii_alphanumeric() || letter == '@')
}

/// Whether there is a Hebrew letter.
pub fn has_hebrew(text: &str) -> bool {
    text.contains(|letter| ('א'..='ת').contains(&letter))
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
