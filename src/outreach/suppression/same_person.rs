//! Whether two customers who share a number or an address may be one person that matching missed.

use unicode_script::{Script, UnicodeScript};

use crate::record::CustomerProfile;
use crate::text::name_words;

/// Jaro-Winkler likeness from which two names may be one name written twice: below it lie names that differ in more than a
/// letter or two, such as those of parents and children.
const ALIKE: f64 = 0.8;

/// Whether nothing tells any of these customers apart.
pub fn are_one_person(profiles: &[CustomerProfile]) -> bool {
    let pairs =
        profiles.iter().enumerate().flat_map(|(index, one)| profiles[..index].iter().map(move |other| (one, other)));
    pairs.into_iter().all(|(one, other)| may_be_one_person(one, other))
}

/// Whether nothing tells the two apart. It is asked only where a refusal may hold for both, so doubt counts as yes: a
/// second message to somebody who refused is worse than one that is not sent to somebody of the same household.
pub(super) fn may_be_one_person(one: &CustomerProfile, other: &CustomerProfile) -> bool {
    let born_alike = match (one.birth_date, other.birth_date) {
        (Some(one), Some(other)) => Some(one == other),
        _ => None,
    };
    if born_alike == Some(true) {
        return true;
    }
    match alike(&one.first_name, &other.first_name) {
        Some(false) => false,
        // Names in two scripts say nothing; birth dates that differ do.
        None => born_alike.is_none(),
        Some(true) => {
            // Namesakes on one telephone who are of two families, as at a place of work.
            one.household == other.household || alike(&one.last_name, &other.last_name) != Some(false)
        }
    }
}

/// Whether two names may be the same; none where they can't be compared.
fn alike(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (name_words(one), name_words(other));
    let (Some(first), Some(second)) = (one.first(), other.first()) else { return None };
    if script(first) != script(second) {
        return None;
    }
    let are_alike = |left: &String, right: &String| {
        let is_initial = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
        is_initial(left, right)
            || is_initial(right, left)
            || rapidfuzz::distance::jaro_winkler::similarity(left.chars(), right.chars()) >= ALIKE
    };
    Some(one.iter().any(|left| other.iter().any(|right| are_alike(left, right))))
}

fn script(word: &str) -> Option<Script> {
    word.chars().next().map(|letter| letter.script())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart_only_within_a_script() {
        for (one, other, expected) in [
            ("דנה", "דנה", Some(true)),
            ("דנה", "נועם", Some(false)),
            ("Dana", "Danna", Some(true)),
            ("D.", "Dana", Some(true)),
            ("Anna Maria", "Maria", Some(true)),
            ("דנה", "Dana", None),
            ("", "Dana", None),
        ] {
            assert_eq!(alike(one, other), expected, "{one} {other}");
        }
    }
}
