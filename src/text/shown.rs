//! A value as a person is shown it: kept from turning its surroundings around, and with what the eye can't see.

/// First strong isolate and its end (UAX #9): keep a right-to-left value from turning its line around.
pub fn isolated(value: &str) -> String {
    if value.is_ascii() { value.to_owned() } else { format!("\u{2068}{value}\u{2069}") }
}

/// Invisible and control characters as `\u{…}`, so that a reader sees what is there.
pub fn visible(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for letter in raw.chars() {
        let is_invisible = letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{a0}');
        if is_invisible {
            text.extend(letter.escape_unicode());
        } else {
            text.push(letter);
        }
    }
    text
}

/// Characters that leave no trace on a page, or turn what follows them around: controls, directional marks (Unicode
/// bidirectional algorithm, UAX #9), zero-width and non-ASCII spaces.
pub fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0xA0 | 0xAD
                | 0x061C
                | 0x115F
                | 0x1160
                | 0x180E
                | 0x2000..=0x200F
                | 0x2028..=0x202F
                | 0x205F..=0x206F
                | 0x3000
                | 0x3164
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFA0
                | 0xFFF9..=0xFFFB
                | 0xE0000..=0xE0FFF
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_values_are_isolated_and_latin_ones_left_alone() {
        assert_eq!(isolated("נייד"), "\u{2068}נייד\u{2069}");
        assert_eq!(isolated("mobile"), "mobile");
    }
}
