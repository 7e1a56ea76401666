//! What every reader of dates, ids and codes does to a cell first. The one place to change when that changes.

use std::borrow::Cow;

use super::character::is_invisible;

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

/// Arabic-Indic digits as ASCII, dashes and the Hebrew maqaf as `-`; lossless for everything that is read as a number.
pub fn plain_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(|letter| plain_digit(letter) != letter) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(plain_digit).collect())
}

fn plain_digit(letter: char) -> char {
    let digit = match letter {
        '\u{660}'..='\u{669}' => letter as u32 - 0x660,
        '\u{6f0}'..='\u{6f9}' => letter as u32 - 0x6f0,
        '\u{ff10}'..='\u{ff19}' => letter as u32 - 0xff10,
        '\u{5be}' | '\u{2010}'..='\u{2015}' | '\u{2212}' => return '-',
        _ => return letter,
    };
    char::from_digit(digit, 10).unwrap_or(letter)
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
