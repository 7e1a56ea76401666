//! Letters in the form in which they are written today: forms of old character sets, and accents beside their letters.

use unicode_normalization::UnicodeNormalization;

/// Full-width letters, presentation forms and ligatures as the letters they are (NFKC of just these, which loses nothing
/// that a person wrote), and accents composed with their letters (NFC); none where nothing changes.
pub(super) fn compose(text: &str) -> Option<String> {
    let is_form = |character: char| {
        matches!(
            character,
            '\u{fb00}'..='\u{fb06}'
                | '\u{fb1d}'..='\u{fb4f}'
                | '\u{fb50}'..='\u{fdf1}'
                | '\u{fe70}'..='\u{fefc}'
                | '\u{ff01}'..='\u{ffee}'
                | '\u{1d400}'..='\u{1d7ff}'
        )
    };
    let composed: String = if text.chars().any(is_form) {
        let letters = text.chars().flat_map(|character| {
            let form = is_form(character).then(|| std::iter::once(character).nfkc());
            let own = (!is_form(character)).then_some(character);
            form.into_iter().flatten().chain(own)
        });
        letters.nfc().collect()
    } else {
        text.nfc().collect()
    };
    (composed != text).then_some(composed)
}
