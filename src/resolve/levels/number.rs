//! Numbers: equal, one digit off, other. Postal codes know "same area" besides.

use super::one_edit;

/// The level of two different phones, ids or house numbers.
pub(in crate::resolve) fn number_level(a: &[u8], b: &[u8]) -> u8 {
    // A phone without its area code is the end of the whole one.
    const LOCAL_PHONE: usize = 7;
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    if one_edit(a, b) {
        2
    } else if short.len() == LOCAL_PHONE && long.len() > LOCAL_PHONE && long.ends_with(short) {
        2
    } else {
        3
    }
}

/// Which digits a number has an odd number of times, and how long it is.
pub(in crate::resolve) fn number_outline(number: &str) -> u32 {
    let odd = number.bytes().fold(0, |odd, digit| odd ^ (1 << (digit & 15)));
    odd | ((number.len() as u32).min(255) << 16)
}

/// Whether two numbers are neither one edit apart nor one the end of the other.
pub(in crate::resolve) const fn numbers_differ(x: u32, y: u32) -> bool {
    let (length_x, length_y) = (x >> 16, y >> 16);
    length_x.abs_diff(length_y) <= 1 && ((x ^ y) & 0xffff).count_ones() > 2 && length_x != 7 && length_y != 7
}

/// The outline of a postal code: that of a number, with its area besides.
pub(in crate::resolve) fn postcode_outline(code: &str) -> u32 {
    let area = rapidhash::v3::rapidhash_v3(code.as_bytes().get(..AREA).unwrap_or_default()) as u32;
    let odd = code.bytes().fold(0, |odd, letter| odd ^ (1 << (letter & 15)));
    odd | (area << 16)
}

/// Whether two postal codes are neither one edit apart nor of one area.
pub(in crate::resolve) const fn postcodes_differ(x: u32, y: u32) -> bool {
    x >> 16 != y >> 16 && ((x ^ y) & 0xffff).count_ones() > 2
}

/// Letters or digits of a postal code that name its area.
const AREA: usize = 3;

/// The level of two different postal codes.
pub(in crate::resolve) fn postcode_level(a: &[u8], b: &[u8]) -> u8 {
    if one_edit(a, b) {
        2
    } else if a.len() >= AREA && b.len() >= AREA && a[..AREA] == b[..AREA] {
        3
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_off_and_a_missing_area_code_are_near() {
        for (a, b, level) in [
            ("501234567", "501234576", 2),
            ("35234567", "5234567", 2),
            ("501234567", "521234567", 2),
            ("501234567", "529876543", 3),
        ] {
            assert_eq!(number_level(a.as_bytes(), b.as_bytes()), level, "{a} {b}");
        }
        assert_eq!(postcode_level(b"6100001", b"6100001x"), 2);
        assert_eq!(postcode_level(b"6100001", b"6109999"), 3);
        assert_eq!(postcode_level(b"61", b"9299999"), 4);
    }
}
