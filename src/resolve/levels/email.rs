//! E-mail keys: what can be said of two of them before their owners' names are looked at; see [`super::super::mailbox`].

use super::{alike, two_edits};

/// Equal.
pub(in crate::resolve) const ONE_MAILBOX: u8 = 1;
/// What stands in both is not explained by the rows.
pub(in crate::resolve) const SAME_RESIDUE: u8 = 2;
/// Alike, by what is not explained; until names are looked at, in whatever way.
pub(in crate::resolve) const ALIKE: u8 = 3;
/// Not alike.
pub(in crate::resolve) const OTHER: u8 = 4;
/// The same mailbox name elsewhere, made of the owner's name.
pub(in crate::resolve) const SAME_MADE_NAME: u8 = 5;
/// The same two digits, or a year, beside a name.
pub(in crate::resolve) const SAME_SHORT_NUMBER: u8 = 6;
/// Equal, and a mailbox of several: of a function, of a family.
pub(in crate::resolve) const SHARED_MAILBOX: u8 = 7;

/// The level of two different keys, as far as they show it by themselves: `ALIKE` is to be looked at with the names.
pub(in crate::resolve) fn email_level(a: &str, b: &str) -> u8 {
    let (x, y) = (local(a), local(b));
    let near = x == y
        || two_edits(a.as_bytes(), b.as_bytes())
        || alike(x.as_bytes(), y.as_bytes(), 0.88).is_some()
        || (number(x).is_some() && number(x) == number(y));
    if near { ALIKE } else { OTHER }
}

/// Which letters and digits a mailbox name has: a bit a letter, and one for two digits.
pub(in crate::resolve) fn email_outline(key: &str) -> u32 {
    local(key).bytes().fold(0, |outline, letter| match letter {
        b'a'..=b'z' => outline | 1 << (letter - b'a'),
        b'0'..=b'9' => outline | 1 << (26 + (letter - b'0') / 2),
        _ => outline,
    })
}

/// Whether two mailbox names have so little in common that they can't be alike: many letters that only one has, and no number
/// that both have.
pub(in crate::resolve) const fn emails_differ(x: u32, y: u32) -> bool {
    const DIGITS: u32 = !0 << 26;
    (x ^ y).count_ones() > 5 && (x & DIGITS == 0 || x & DIGITS != y & DIGITS)
}

/// The first number of two digits or more.
fn number(local: &str) -> Option<&str> {
    let is_digit = |letter: char| letter.is_ascii_digit();
    local.split(|letter| !is_digit(letter)).find(|digits| digits.len() > 1)
}

/// What stands before the `@`.
pub(in crate::resolve) fn local(key: &str) -> &str {
    key.split('@').next().unwrap_or_default()
}

/// Whether two addresses are the same but for two slips of the pen.
pub(in crate::resolve) fn is_slip(a: &str, b: &str) -> bool {
    local(a).len() > 3 && two_edits(a.as_bytes(), b.as_bytes())
}

/// Whether two texts look alike: two letters differ at most, or little of the whole.
pub(in crate::resolve) fn are_alike(a: &[u8], b: &[u8]) -> bool {
    (a.len().min(b.len()) > 3 && two_edits(a, b)) || alike(a, b, 0.88).is_some()
}
