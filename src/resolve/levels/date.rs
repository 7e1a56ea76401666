//! Birth dates, written `YYYYMMDD`: equal, one slip, one part off, same year, one part alike, other.

use super::{one_edit, two_edits};

/// A date in half a byte a digit; what is no date is none of them.
pub(in crate::resolve) fn date_outline(date: &str) -> u32 {
    let is_date = date.len() == 8 && date.bytes().all(|digit| digit.is_ascii_digit());
    if is_date { date.bytes().fold(0, |date, digit| date << 4 | u32::from(digit - b'0')) } else { NO_DATE }
}

const NO_DATE: u32 = u32::MAX;

/// The level of two different dates, by their outlines.
pub(in crate::resolve) fn date_level(x: u32, y: u32) -> u8 {
    if x == NO_DATE || y == NO_DATE {
        return 6;
    }
    let digits = |date: u32| -> [u8; 8] { std::array::from_fn(|place| (date >> (28 - 4 * place)) as u8 & 15) };
    let (a, b) = (&digits(x), &digits(y));
    let same = |range: std::ops::Range<usize>| a[range.clone()] == b[range];
    let same_digits = tally(a) == tally(b);
    // Day and month exchanged, or digits within them.
    if (same(0..4) && same_digits) || one_edit(a, b) {
        return 2;
    }
    if same(4..8) || same(0..6) || two_edits(a, b) {
        return 3;
    }
    if same(0..4) {
        return 4;
    }
    if same(4..6) || same(6..8) || same_digits { 5 } else { 6 }
}

/// How often a date has each digit, half a byte a digit.
fn tally(date: &[u8; 8]) -> u64 {
    date.iter().fold(0, |tally, digit| tally + (1 << (4 * digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_day() {
        for (a, b, level) in [
            ("19840804", "19840408", 2),
            ("19841213", "19841231", 2),
            ("19840804", "19840904", 2),
            ("19840804", "19850804", 2),
            ("19840804", "19900804", 3),
            ("19840804", "19840829", 3),
            ("19840804", "19841129", 4),
            ("19840804", "19710829", 5),
            ("19840804", "19711129", 6),
        ] {
            assert_eq!(date_level(date_outline(a), date_outline(b)), level, "{a} {b}");
            assert_eq!(date_level(date_outline(b), date_outline(a)), level, "{b} {a}");
        }
    }
}
