//! What every reader of dates, ids and codes does to a cell first. The one place to change when that changes.

use std::borrow::Cow;

use super::character::is_invisible;
use super::digit::digit_of;
use super::mark::is_dash;

/// The cell without its edges and without characters that nobody sees, joiners and selectors among them.
pub fn bare(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim();
    if trimmed.is_ascii() || !trimmed.contains(is_odd) {
        return Cow::Borrowed(trimmed);
    }
    let visible: String = trimmed
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| if letter.is_whitespace() { ' ' } else { letter })
        .collect();
    Cow::Owned(visible.trim().to_owned())
}

/// Every script's digits as ASCII, dashes and the Hebrew maqaf as `-`; lossless for everything that is read as a number.
pub fn plain_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|letter| plain_digit(letter) != letter) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(plain_digit).collect())
}

fn plain_digit(letter: char) -> char {
    if is_dash(letter) { '-' } else { digit_of(letter).unwrap_or(letter) }
}

fn is_odd(letter: char) -> bool {
    is_invisible(letter) || (letter.is_whitespace() && letter != ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_the_rest_stays() {
        assert_eq!(bare("\u{feff} \u{200f}חיפה\u{200e}\u{a0}"), "חיפה");
        assert_eq!(bare("בני\u{a0}ברק"), "בני ברק");
        assert!(matches!(bare(" חיפה "), Cow::Borrowed("חיפה")));
    }

    #[test]
    fn digits_of_other_scripts_become_ascii() {
        assert_eq!(plain_digits("١٢/٣/١٩٨٥"), "12/3/1985");
        assert_eq!(plain_digits("12־3–1985"), "12-3-1985");
    }
}
