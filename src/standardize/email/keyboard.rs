//! How one word came of another by a slip of the finger, the eye or the ear.

use crate::rule::EmailTypos;

/// Slips, likelier ones first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slip {
    /// Two letters changed places, one was doubled or left out, or a neighbour's key or a look-alike was taken.
    Likely,
    /// Any other letter, one too many or in place of another.
    AnyLetter,
}

/// Which letters are typed for each other.
#[derive(Debug)]
pub(super) struct Keyboard {
    /// For each character of ASCII the set of those that are.
    close: Box<[u128; 128]>,
}

impl Keyboard {
    pub(super) fn new(typos: &EmailTypos) -> Self {
        let mut keyboard = Keyboard { close: Box::new([0; 128]) };
        let rows: Vec<&[u8]> = typos.keys.iter().map(String::as_bytes).collect();
        for (index, row) in rows.iter().enumerate() {
            row.windows(2).for_each(|pair| keyboard.join(pair[0], pair[1]));
            let Some(below) = rows.get(index + 1) else { continue };
            // A key touches the one below it and the one to the left of that.
            for (place, &key) in row.iter().enumerate() {
                let touched = below.iter().take(place + 1).skip(place.saturating_sub(1));
                touched.for_each(|&other| keyboard.join(key, other));
            }
        }
        for letters in &typos.look_alikes {
            for &one in letters.as_bytes() {
                letters.as_bytes().iter().for_each(|&other| keyboard.join(one, other));
            }
        }
        keyboard
    }

    /// The one slip by which `written` came of `meant`; none where there is no or more than one.
    pub(super) fn slip(&self, meant: &[u8], written: &[u8]) -> Option<Slip> {
        let same_start = meant.iter().zip(written).take_while(|(a, b)| a == b).count();
        let (meant_rest, written_rest) = (&meant[same_start..], &written[same_start..]);
        let same_end = meant_rest.iter().rev().zip(written_rest.iter().rev()).take_while(|(a, b)| a == b).count();
        let likely = |is_likely| Some(if is_likely { Slip::Likely } else { Slip::AnyLetter });
        match (&meant_rest[..meant_rest.len() - same_end], &written_rest[..written_rest.len() - same_end]) {
            ([_], []) => likely(true),
            ([], [extra]) => {
                let before = same_start.checked_sub(1).map(|index| written[index]);
                let beside = [before, written.get(same_start + 1).copied()];
                likely(beside.into_iter().flatten().any(|other| other == *extra || self.is_close(other, *extra)))
            }
            // The letter before or behind was typed again.
            ([_], [b]) if same_start > 0 && written[same_start - 1] == *b || written.get(same_start + 1) == Some(b) => {
                likely(true)
            }
            ([a], [b]) => likely(self.is_close(*a, *b)),
            ([a, b], [c, d]) if a == d && b == c => likely(true),
            _ => None,
        }
    }

    fn join(&mut self, one: u8, other: u8) {
        for (one, other) in [(one, other), (other, one)] {
            if one.is_ascii() && other.is_ascii() {
                self.close[usize::from(one)] |= 1 << other;
            }
        }
    }

    fn is_close(&self, one: u8, other: u8) -> bool {
        one.is_ascii() && other.is_ascii() && self.close[usize::from(one)] >> other & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{EmailRules, RuleFiles};

    #[test]
    fn neighbours_and_look_alikes_are_likely_slips() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let keyboard = Keyboard::new(&rules.typos);
        for (meant, written, slip) in [
            ("gmail", "gmial", Some(Slip::Likely)),
            ("gmail", "gmal", Some(Slip::Likely)),
            ("gmail", "gmaill", Some(Slip::Likely)),
            ("gmail", "gnail", Some(Slip::Likely)),
            ("gmail", "gmsil", Some(Slip::Likely)),
            ("gmail", "gmajl", Some(Slip::Likely)),
            ("gmail", "gmaul", Some(Slip::Likely)),
            ("gmail", "gmai1", Some(Slip::Likely)),
            ("gmail", "gmaiol", Some(Slip::Likely)),
            ("walla", "waala", Some(Slip::Likely)),
            ("gmail", "gtail", Some(Slip::AnyLetter)),
            ("icloud", "icxloud", Some(Slip::Likely)),
            ("icloud", "iclould", Some(Slip::AnyLetter)),
            ("gmail", "gmail", None),
            ("gmail", "gma", None),
            ("gmail", "ymali", None),
        ] {
            assert_eq!(keyboard.slip(meant.as_bytes(), written.as_bytes()), slip, "{meant} {written}");
        }
    }
}
