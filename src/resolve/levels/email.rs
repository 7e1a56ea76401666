//! E-mail keys: equal, the same mailbox name, alike, other.

use super::{alike, two_edits};

/// The level of two different keys. The second value is the number in both, where what they share has one: it tells of a
/// person even where all else is made of the name.
pub(in crate::resolve) fn email_level<'a>(a: &'a str, b: &str) -> (u8, Option<&'a str>) {
    let (x, y) = (local(a), local(b));
    if x == y || two_edits(a.as_bytes(), b.as_bytes()) {
        return (2, number(x).filter(|own| number(y).is_some_and(|other| own[..2] == other[..2])));
    }
    (if alike(x.as_bytes(), y.as_bytes(), 0.88).is_some() { 3 } else { 4 }, None)
}

/// Which letters and digits a mailbox name has: a bit a letter, and one for two digits.
pub(in crate::resolve) fn email_outline(key: &str) -> u32 {
    local(key).bytes().fold(0, |outline, letter| match letter {
        b'a'..=b'z' => outline | 1 << (letter - b'a'),
        b'0'..=b'9' => outline | 1 << (26 + (letter - b'0') / 2),
        _ => outline,
    })
}

/// Whether two mailbox names have so little in common that they can't be alike.
pub(in crate::resolve) const fn emails_differ(x: u32, y: u32) -> bool {
    (x ^ y).count_ones() > 5
}

/// The first number of two digits or more.
fn number(local: &str) -> Option<&str> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    local.split(|letter| !is_digit(letter)).find(|digits| digits.len() > 1)
}

/// Whether a number in a mailbox name may be the year of birth, which namesakes of one age share. A date is written `YYYYMMDD`;
/// where none is known, any year of these centuries may be it.
pub(in crate::resolve) fn may_be_year(number: &str, dates: [&str; 2]) -> bool {
    let year = |date: &str| date.get(..4).is_some_and(|year| year == number || year[2..] == *number);
    if dates.iter().all(|date| date.is_empty()) {
        return number.len() == 4 && (number.starts_with("19") || number.starts_with("20"));
    }
    dates.into_iter().any(year)
}

/// Whether a mailbox name is made of a person's name: begins of five letters are enough.
pub(in crate::resolve) fn is_made_of(key: &str, name: &[u8]) -> bool {
    const START: usize = 5;
    let mut start = [0u8; START];
    let mut length = 0;
    for letter in name.iter().filter(|letter| **letter != b' ').take(START) {
        start[length] = *letter;
        length += 1;
    }
    if name.len() < 3 {
        return false;
    }
    let mut letters = [0u8; 64];
    let mut count = 0;
    for letter in local(key).bytes().filter(u8::is_ascii_lowercase).take(letters.len()) {
        letters[count] = letter;
        count += 1;
    }
    letters[..count].windows(length).any(|window| window == &start[..length])
}

fn local(key: &str) -> &str {
    key.split('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_mailbox_names_count_where_they_tell_of_a_person() {
        for (a, b, expected) in [
            ("dana81@walla.co.il", "dana81@gmail.com", (2, Some("81"))),
            ("dana@walla.co.il", "dana@gmail.com", (2, None)),
            ("dana.levi@walla.co.il", "dana.levy@walla.co.il", (2, None)),
            ("dana81@walla.co.il", "dena81@walla.co.il", (2, Some("81"))),
            ("danalevi@gmail.com", "dana.levi@walla.co.il", (3, None)),
            ("danalevi@gmail.com", "yossi@gmail.com", (4, None)),
        ] {
            assert_eq!(email_level(a, b), expected, "{a} {b}");
        }
        assert!(
            may_be_year("1984", ["19840305", ""])
                && may_be_year("84", ["", "19840305"])
                && may_be_year("1984", ["", ""])
        );
        assert!(
            !may_be_year("1984", ["19850305", ""]) && !may_be_year("84", ["", ""]) && !may_be_year("777", ["", ""])
        );
        assert!(is_made_of("danalevi81@gmail.com", b"levi"));
        assert!(is_made_of("christopherx@gmail.com", b"christina"));
        assert!(!is_made_of("yossi@gmail.com", b"dana"));
        assert!(!is_made_of("li@gmail.com", b"li"));
    }
}
