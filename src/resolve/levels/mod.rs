//! How alike two values of a field are, in named steps: 1 is equal, and the last level is "other".
//!
//! The names of the levels stand in `rules/resolve/model.toml`; a missing value (level 0) never comes here.

mod date;
mod email;
mod name;
mod number;
mod text;
mod whole;

pub(super) use date::{date_level, date_outline};
pub(super) use email::{
    ALIKE, ONE_MAILBOX, OTHER, SAME_MADE_NAME, SAME_RESIDUE, SAME_SHORT_NUMBER, SHARED_MAILBOX, are_alike, email_level,
    email_outline, emails_differ, is_slip, local,
};
pub(super) use name::{
    Listed, Name, are_other_fathers, are_spellings, exchanged_level, form_tag, name_level, sound_tag,
};
pub(super) use number::{
    number_level, number_outline, numbers_differ, postcode_level, postcode_outline, postcodes_differ,
};
pub(super) use text::{text_level, text_outline, texts_differ};
pub(super) use whole::{Words, whole_level};

use rapidfuzz::distance::{jaro_winkler, osa};

/// Jaro-Winkler similarity where it is `least` or more.
fn alike(a: &[u8], b: &[u8], least: f64) -> Option<f64> {
    if most_likeness(a, b) < least {
        return None;
    }
    // Which of two equal letters is the partner depends on the order; the result must not.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let args = jaro_winkler::Args::default().score_cutoff(least);
    jaro_winkler::similarity_with_args(a.iter().copied(), b.iter().copied(), &args)
}

/// The letters of a text: which ones, a bit each, and how many in all.
#[derive(Debug, Clone, Copy)]
struct Letters {
    set: u64,
    count: usize,
}

/// No Jaro similarity of two texts with these letters is above this: a letter that the other text lacks has no partner there.
fn most_jaro(a: Letters, b: Letters) -> f64 {
    if a.count + b.count == 0 {
        return 1.0;
    }
    let with_partner =
        |own: Letters, other: Letters| own.count.saturating_sub((own.set & !other.set).count_ones() as usize);
    let partners = with_partner(a, b).min(with_partner(b, a)) as f64;
    (partners / a.count.max(1) as f64 + partners / b.count.max(1) as f64 + 1.0) / 3.0
}

/// No Jaro-Winkler similarity of two texts is above this.
fn most_likeness(a: &[u8], b: &[u8]) -> f64 {
    let letters = |text: &[u8]| Letters {
        set: text.iter().fold(0, |letters, letter| letters | 1 << (letter & 63)),
        count: text.len(),
    };
    let jaro = most_jaro(letters(a), letters(b));
    let start = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count() as f64;
    // A little more, for what adding up in another order may give.
    jaro + start * 0.1 * (1.0 - jaro) + 1e-9
}

/// Whether at most one letter was put in, left out or replaced, or two neighbours changed places.
fn one_edit(a: &[u8], b: &[u8]) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    match (a, b) {
        ([], []) | ([_], [] | [_]) | ([], [_]) => true,
        ([x, y], [v, w]) => x == w && y == v,
        _ => false,
    }
}

/// Whether at most two edits lead from one to the other.
fn two_edits(a: &[u8], b: &[u8]) -> bool {
    if a.len() == b.len() {
        return two_edits_of_equal_length(a, b);
    }
    a.len().abs_diff(b.len()) <= 2
        && osa::distance_with_args(a.iter().copied(), b.iter().copied(), &osa::Args::default().score_cutoff(2))
            .is_some()
}

/// The same of two texts of one length: two letters replaced or two neighbours exchanged, or one put in and one left out.
fn two_edits_of_equal_length(a: &[u8], b: &[u8]) -> bool {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let (mut edits, mut index) = (0, 0);
    while index < a.len() && edits < 3 {
        if a[index] == b[index] {
            index += 1;
            continue;
        }
        edits += 1;
        let is_exchanged = index + 1 < a.len() && a[index] == b[index + 1] && a[index + 1] == b[index];
        index += if is_exchanged { 2 } else { 1 };
    }
    edits < 3 || a[1..] == b[..b.len() - 1] || a[..a.len() - 1] == b[1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn short_ways_lead_to_the_same_end(a in "[a-d]{0,9}", b in "[a-d]{0,9}", c in "[0-2]{8}", d in "[0-2]{8}") {
            for (a, b) in [(a.as_bytes(), b.as_bytes()), (c.as_bytes(), d.as_bytes())] {
                let args = osa::Args::default().score_cutoff(2);
                let expected = osa::distance_with_args(a.iter().copied(), b.iter().copied(), &args).is_some();
                proptest::prop_assert_eq!(two_edits(a, b), expected);
                let likeness = jaro_winkler::similarity(a.iter().copied(), b.iter().copied());
                proptest::prop_assert!(likeness <= most_likeness(a, b), "{} {}", likeness, most_likeness(a, b));
            }
        }
    }

    #[test]
    fn one_edit_is_one_edit() {
        for (a, b, expected) in [
            ("dana", "dana", true),
            ("dana", "dna", true),
            ("dana", "danna", true),
            ("dana", "dena", true),
            ("dana", "adna", true),
            ("dana", "nada", false),
            ("", "d", true),
            ("", "da", false),
            ("abcd", "badc", false),
        ] {
            assert_eq!(one_edit(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(one_edit(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
        assert!(two_edits(b"abcd", b"badc") && !two_edits(b"abcd", b"xyzd"));
    }
}
