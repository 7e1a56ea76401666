//! How alike two values of a field are, in named steps: 1 is equal, and the last level is "other".
//!
//! The names of the levels stand in `rules/resolve/model.toml`; a missing value (level 0) never comes here.

mod date;
mod email;
mod name;
mod number;
mod text;
mod whole;

pub(super) use date::date_level;
pub(super) use email::{email_level, email_outline, emails_differ, is_made_of};
pub(super) use name::{Name, name_level};
pub(super) use number::{
    number_level, number_outline, numbers_differ, postcode_level, postcode_outline, postcodes_differ,
};
pub(super) use text::text_level;
pub(super) use whole::{Words, whole_level};

use rapidfuzz::distance::{jaro_winkler, osa};

/// Jaro-Winkler similarity where it is `least` or more.
fn alike(a: &[u8], b: &[u8], least: f64) -> Option<f64> {
    // Which of two equal letters is the partner depends on the order; the result must not.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let args = jaro_winkler::Args::default().score_cutoff(least);
    jaro_winkler::similarity_with_args(a.iter().copied(), b.iter().copied(), &args)
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
    a.len().abs_diff(b.len()) <= 2
        && osa::distance_with_args(a.iter().copied(), b.iter().copied(), &osa::Args::default().score_cutoff(2))
            .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

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
