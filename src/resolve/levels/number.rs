//! Numbers: equal, one digit off, other. Postal codes know "same area" besides.

use super::one_edit;
use crate::record::bytes_hash;

/// The level of two different phones, ids or house numbers.
pub(in crate::resolve) fn number_level(a: &[u8], b: &[u8]) -> u8 {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    // A phone without its area code is the end of the whole one.
    let is_end = short.len() == LOCAL_PHONE && long.len() > LOCAL_PHONE && long.ends_with(short);
    if is_end || one_edit(a, b) { 2 } else { 3 }
}

/// What can be told of a number without looking at it: which digits it has an odd number of times (10 bits), its length (4),
/// its first and its last three digits (9 bits of a hash each).
pub(in crate::resolve) fn number_outline(number: &str) -> u32 {
    const END: usize = 3;
    let bytes = number.as_bytes();
    let odd = bytes.iter().fold(0, |odd, digit| odd ^ (1 << (digit % 10)));
    let hash = |end: &[u8]| (bytes_hash(end) >> 55) as u32;
    let first = hash(bytes.get(..END).unwrap_or_default());
    let last = hash(bytes.get(bytes.len().saturating_sub(END)..).unwrap_or_default());
    odd | (bytes.len().min(15) as u32) << 10 | first << 14 | last << 23
}

/// Whether two numbers are neither one edit apart nor one the end of the other. One edit flips two digits' counts at most, and
/// leaves one of the two ends of a long number as it was.
pub(in crate::resolve) const fn numbers_differ(x: u32, y: u32) -> bool {
    let (length_x, length_y) = (x >> 10 & 15, y >> 10 & 15);
    if length_x < LOCAL_PHONE as u32 || length_y < LOCAL_PHONE as u32 {
        return length_x.abs_diff(length_y) > 1 || ((x ^ y) & 0x3ff).count_ones() > 2;
    }
    let is_end_kept = x >> 23 == y >> 23 || (x >> 14 & 0x1ff) == (y >> 14 & 0x1ff);
    let is_end_of_other = length_x == LOCAL_PHONE as u32 || length_y == LOCAL_PHONE as u32;
    !is_end_kept || (!is_end_of_other && ((x ^ y) & 0x3ff).count_ones() > 2)
}

/// Digits of a phone number without its area code.
const LOCAL_PHONE: usize = 7;

/// The outline of a postal code: that of a number, with its area besides.
pub(in crate::resolve) fn postcode_outline(code: &str) -> u32 {
    let area = bytes_hash(code.as_bytes().get(..AREA).unwrap_or_default()) as u32;
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

    proptest::proptest! {
        #[test]
        fn outlines_never_tell_alike_numbers_apart(a in "[0-9]{1,11}", b in "[0-9]{1,11}", at in 0usize..11, digit in "[0-9]") {
            let mut edited = a.clone();
            edited.insert_str(at.min(a.len()), &digit);
            let mut replaced = a.clone();
            replaced.replace_range(at.min(a.len() - 1)..at.min(a.len() - 1) + 1, &digit);
            for other in [&b, &edited, &replaced] {
                if numbers_differ(number_outline(&a), number_outline(other)) {
                    proptest::prop_assert_eq!(number_level(a.as_bytes(), other.as_bytes()), 3);
                }
                if postcodes_differ(postcode_outline(&a), postcode_outline(other)) {
                    proptest::prop_assert_eq!(postcode_level(a.as_bytes(), other.as_bytes()), 4);
                }
            }
        }
    }

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
