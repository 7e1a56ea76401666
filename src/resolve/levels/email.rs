//! E-mail keys: equal, the same mailbox name, alike, other.

use super::{alike, two_edits};

/// The level of two different keys. The second value says that what they share tells of a person even where it is made of
/// the name: there is a number in it.
pub(in crate::resolve) fn email_level(a: &str, b: &str) -> (u8, bool) {
    let (x, y) = (local(a), local(b));
    if x == y || two_edits(a.as_bytes(), b.as_bytes()) {
        return (2, two_digits(x).is_some() && two_digits(x) == two_digits(y));
    }
    if alike(x.as_bytes(), y.as_bytes(), 0.88).is_some() { (3, false) } else { (4, true) }
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

/// The first two digits that follow each other.
fn two_digits(local: &str) -> Option<&[u8]> {
    local.as_bytes().windows(2).find(|pair| pair.iter().all(u8::is_ascii_digit))
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
            ("dana81@walla.co.il", "dana81@gmail.com", (2, true)),
            ("dana@walla.co.il", "dana@gmail.com", (2, false)),
            ("dana.levi@walla.co.il", "dana.levy@walla.co.il", (2, false)),
            ("dana81@walla.co.il", "dena81@walla.co.il", (2, true)),
            ("danalevi@gmail.com", "dana.levi@walla.co.il", (3, false)),
            ("danalevi@gmail.com", "yossi@gmail.com", (4, true)),
        ] {
            assert_eq!(email_level(a, b), expected, "{a} {b}");
        }
        assert!(is_made_of("danalevi81@gmail.com", b"levi"));
        assert!(is_made_of("christopherx@gmail.com", b"christina"));
        assert!(!is_made_of("yossi@gmail.com", b"dana"));
        assert!(!is_made_of("li@gmail.com", b"li"));
    }
}
