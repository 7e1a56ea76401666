//! A value as a person is shown it: kept from turning its surroundings around, and with what the eye can't see.

use super::character::is_unseen;

/// First strong isolate and its end (UAX #9): keep a right-to-left value from turning its line around.
pub fn isolated(value: &str) -> String {
    if value.is_ascii() { value.to_owned() } else { format!("\u{2068}{value}\u{2069}") }
}

/// Characters that leave no trace as `\u{…}`, so that a reader sees what is there.
pub fn visible(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for letter in raw.chars() {
        if is_unseen(letter) {
            text.extend(letter.escape_unicode());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_eye_cannot_see_is_named() {
        assert_eq!(visible("a\u{200b}\u{ad}\u{a0}\u{3164}b c"), r"a\u{200b}\u{ad}\u{a0}\u{3164}b c");
    }

    #[test]
    fn right_to_left_values_are_isolated_and_latin_ones_left_alone() {
        assert_eq!(isolated("נייד"), "\u{2068}נייד\u{2069}");
        assert_eq!(isolated("mobile"), "mobile");
    }
}
