//! Kinds of line, in the order in which libphonenumber asks for them.

use crate::record::PhoneKind;

/// How many patterns a region's numbers are asked for: the general one first.
pub(super) const LINES: usize = 11;

/// The kind of line that the matching patterns come to (`getNumberTypeHelper`), bit by bit in the order of `LINES`; none
/// where the number is not valid. `same` says that the region writes fixed and mobile numbers alike.
pub(super) fn kind_of(lines: u64, same: bool) -> Option<PhoneKind> {
    let has = |line: usize| lines & (1 << line) != 0;
    if !has(GENERAL) {
        return None;
    }
    if let Some((_, kind)) = SPECIAL.iter().find(|(line, _)| has(*line)) {
        return Some(*kind);
    }
    match (has(FIXED), has(MOBILE) && !same) {
        (true, true) => Some(PhoneKind::FixedOrMobile),
        (true, false) if same => Some(PhoneKind::FixedOrMobile),
        (true, false) => Some(PhoneKind::Fixed),
        (false, true) => Some(PhoneKind::Mobile),
        (false, false) => None,
    }
}

const GENERAL: usize = 0;
const SPECIAL: [(usize, PhoneKind); 8] = [
    (1, PhoneKind::Premium),
    (2, PhoneKind::TollFree),
    (3, PhoneKind::SharedCost),
    (4, PhoneKind::Voip),
    (5, PhoneKind::Personal),
    (6, PhoneKind::Pager),
    (7, PhoneKind::Uan),
    (8, PhoneKind::Voicemail),
];
const FIXED: usize = 9;
const MOBILE: usize = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_lines_come_before_fixed_and_mobile_and_nothing_counts_outside_the_general_pattern() {
        let bits = |lines: &[usize]| lines.iter().fold(0, |bits, line| bits | 1 << line);
        let cases: [(&[usize], bool, Option<PhoneKind>); 7] = [
            (&[FIXED], false, None),
            (&[GENERAL], false, None),
            (&[GENERAL, FIXED], false, Some(PhoneKind::Fixed)),
            (&[GENERAL, FIXED, MOBILE], false, Some(PhoneKind::FixedOrMobile)),
            (&[GENERAL, FIXED], true, Some(PhoneKind::FixedOrMobile)),
            (&[GENERAL, MOBILE], true, None),
            (&[GENERAL, 2, 4, MOBILE], false, Some(PhoneKind::TollFree)),
        ];
        for (lines, same, kind) in cases {
            assert_eq!(kind_of(bits(lines), same), kind, "{lines:?} {same}");
        }
    }
}
