//! Whether two customers may be one person that matching missed, by names and birth dates.

use unicode_script::{Script, UnicodeScript};

use crate::record::{CustomerId, CustomerProfile, Day};
use crate::text::name_words;

/// Jaro-Winkler likeness from which two names may be one name written twice: below it lie names that differ in more than a
/// letter or two, such as those of parents and children.
const ALIKE: f64 = 0.8;

/// A name as a row has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Name {
    /// Given name; empty where the name is kept whole.
    pub first: String,
    /// Family name, or the whole.
    pub last: String,
}

/// How alike two appearances are; none where nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    /// Given names.
    pub first: Option<bool>,
    /// Family names.
    pub last: Option<bool>,
    /// Birth dates.
    pub born: Option<bool>,
}

impl Name {
    /// Given and family name.
    pub fn new(first: &str, last: &str) -> Self {
        Name { first: first.to_owned(), last: last.to_owned() }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty() && self.last.is_empty()
    }

    /// Likeness of given names and of family names. A name that is kept whole is compared with all words of the other.
    fn likeness(&self, other: &Name) -> (Option<bool>, Option<bool>) {
        if self.first.is_empty() || other.first.is_empty() {
            let whole = |name: &Name| format!("{} {}", name.first, name.last);
            return (alike(&whole(self), &whole(other)), None);
        }
        (alike(&self.first, &other.first), alike(&self.last, &other.last))
    }
}

impl Likeness {
    /// Of the names that each was written with, the pair that is most alike; and of birth dates.
    pub fn of(names: (&[Name], &[Name]), born: (Option<Day>, Option<Day>)) -> Self {
        let pairs = names.0.iter().flat_map(|one| names.1.iter().map(move |other| one.likeness(other)));
        let rank = |said: Option<bool>| match said {
            Some(false) => 0,
            None => 1,
            Some(true) => 2,
        };
        let best = pairs.max_by_key(|(first, last)| (rank(*first), rank(*last)));
        let (first, last) = best.unwrap_or_default();
        Likeness { first, last, born: born_alike(born.0, born.1) }
    }

    /// Whether they are plainly called otherwise, and no birth date says that they are one all the same. Somebody with the same family
    /// name may have been written over.
    pub fn names_another(&self) -> bool {
        self.first == Some(false) && self.last != Some(true) && self.born != Some(true)
    }

    /// Whether they are told apart as two people who share a number are.
    pub fn tells_apart(&self) -> bool {
        self.born != Some(true) && (self.first == Some(false) || self.born == Some(false) && self.first.is_none())
    }
}

/// A customer, as it is told apart from another.
#[derive(Debug, Clone, Copy)]
pub struct Who<'w> {
    /// Given name.
    pub first_name: &'w str,
    /// Family name.
    pub last_name: &'w str,
    /// Birth date.
    pub birth_date: Option<Day>,
    /// The household.
    pub household: CustomerId,
}

impl<'p> From<&'p CustomerProfile> for Who<'p> {
    fn from(profile: &'p CustomerProfile) -> Self {
        let CustomerProfile { first_name, last_name, birth_date, household, .. } = profile;
        Who { first_name, last_name, birth_date: *birth_date, household: *household }
    }
}

/// Whether nothing tells any of these customers apart.
pub fn are_one_person<'p>(customers: impl IntoIterator<Item: Into<Who<'p>>>) -> bool {
    let customers: Vec<Who<'p>> = customers.into_iter().map(Into::into).collect();
    let pairs =
        customers.iter().enumerate().flat_map(|(index, one)| customers[..index].iter().map(move |other| (one, other)));
    pairs.into_iter().all(|(one, other)| may_be_one_person(*one, *other))
}

/// Whether nothing tells the two apart. It is asked only where a refusal may hold for both, so doubt counts as yes: a
/// second message to somebody who refused is worse than one that is not sent to somebody of the same household.
pub fn may_be_one_person<'p>(one: impl Into<Who<'p>>, other: impl Into<Who<'p>>) -> bool {
    let (one, other): (Who<'_>, Who<'_>) = (one.into(), other.into());
    let born_alike = born_alike(one.birth_date, other.birth_date);
    if born_alike == Some(true) {
        return true;
    }
    match alike(one.first_name, other.first_name) {
        Some(false) => false,
        // Names in two scripts say nothing; birth dates that differ do.
        None => born_alike.is_none(),
        Some(true) => {
            // Namesakes on one telephone who are of two families, as at a place of work.
            one.household == other.household || alike(one.last_name, other.last_name) != Some(false)
        }
    }
}

fn born_alike(one: Option<Day>, other: Option<Day>) -> Option<bool> {
    Some(one? == other?)
}

/// Whether two names may be the same; none where they can't be compared.
fn alike(one: &str, other: &str) -> Option<bool> {
    // What most comparisons are of, as somebody is compared with itself.
    if one == other && one.contains(char::is_alphabetic) {
        return Some(true);
    }
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

    #[test]
    fn of_several_spellings_the_likest_counts_and_whole_names_are_compared_by_their_words() {
        let of = |one: &[Name], other: &[Name]| {
            let likeness = Likeness::of((one, other), (None, None));
            (likeness.first, likeness.last)
        };
        let dana = Name::new("Dana", "Levi");
        let known = [Name::new("Ruth", "Levi"), dana.clone()];
        assert_eq!(of(&known, std::slice::from_ref(&dana)), (Some(true), Some(true)));
        assert_eq!(of(&[Name::new("", "Levi Dana")], std::slice::from_ref(&dana)), (Some(true), None));
        assert_eq!(of(&[], &[dana]), (None, None));
    }
}
