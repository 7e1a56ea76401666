//! Birth dates, written `YYYYMMDD`: equal, one slip, one part off, same year, one part alike, other.

use super::{one_edit, two_edits};

/// The level of two different dates.
pub(in crate::resolve) fn date_level(a: &[u8], b: &[u8]) -> u8 {
    if a.len() != 8 || b.len() != 8 {
        return 6;
    }
    let same = |range: std::ops::Range<usize>| a[range.clone()] == b[range];
    let same_digits = sorted(a) == sorted(b);
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

fn sorted(date: &[u8]) -> [u8; 8] {
    let mut digits = [0; 8];
    digits.copy_from_slice(date);
    digits.sort_unstable();
    digits
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
            assert_eq!(date_level(a.as_bytes(), b.as_bytes()), level, "{a} {b}");
            assert_eq!(date_level(b.as_bytes(), a.as_bytes()), level, "{b} {a}");
        }
    }
}
