//! Single words in the form in which lists of words hold them.

/// A word as the lists of words hold it: lower case, without quotes, geresh, gershayim, niqqud and dots.
pub fn fold_word(word: &str) -> String {
    word.chars().filter(|letter| !is_word_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Marks that may stand inside or after a word (`טל'`, `ט.נ.`, `моб.`).
pub fn is_word_mark(letter: char) -> bool {
    matches!(letter, '\'' | '"' | '.' | '\u{2019}' | '\u{201d}' | '\u{5f3}' | '\u{5f4}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}')
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
