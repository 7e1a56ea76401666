//! As whom somebody who refused was known, and whether somebody in a list is that person.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

use super::likeness::{Likeness, Name};
use super::seen::Seen;
use super::sign::{Salt, Sign};
use crate::record::{CustomerId, Day, text_hash};
use crate::text::name_words;

/// As whom somebody was known when a refusal came, or when it was recognized later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAs {
    /// The customer; none where another workspace knew it.
    pub customer: Option<CustomerId>,
    /// The names; none where another workspace knew it: words of them stand among the marks.
    pub names: Vec<Name>,
    /// The birth date; none likewise.
    pub born: Option<Day>,
    /// What the marks are salted with, where they are of another workspace.
    pub salt: Option<Salt>,
    /// What the person is recognized by, ascending.
    pub marks: Vec<u64>,
}

impl KnownAs {
    /// Whether a sign is among the marks.
    pub(super) fn has(&self, sign: Sign) -> bool {
        let mark = self.salt.map_or(sign.mark(), |salt| salt.salted(sign.mark()));
        self.marks.binary_search(&mark).is_ok()
    }

    /// Whether this says nothing that another one does not.
    pub fn is_within(&self, other: &KnownAs) -> bool {
        let is_among = |mark: &u64| other.marks.binary_search(mark).is_ok();
        self.customer == other.customer && self.salt == other.salt && self.marks.iter().all(is_among)
    }

    /// The same as it may leave the workspace: salted hashes alone.
    pub fn salted(&self, salt: Salt) -> KnownAs {
        let mut marks: Vec<u64> = match self.salt {
            // They are of another workspace, and stay as they came.
            Some(_) => return self.clone(),
            None => self.marks.iter().map(|mark| salt.salted(*mark)).collect(),
        };
        marks.sort_unstable();
        KnownAs { customer: None, names: Vec::new(), born: None, salt: Some(salt), marks }
    }

    /// Salted hashes as a text, for a file.
    ///
    /// # Panics
    /// Where the marks are not salted: those stay in the workspace.
    pub fn text(&self) -> String {
        let salt = self.salt.expect("only what is salted leaves the workspace");
        let marks: Vec<u8> = self.marks.iter().flat_map(|mark| mark.to_le_bytes()).collect();
        format!("{}:{}", HEXLOWER.encode(&salt.0), HEXLOWER.encode(&marks))
    }

    /// Reads what [`KnownAs::text`] wrote.
    pub fn parse(text: &str) -> Option<KnownAs> {
        let (salt, marks) = text.split_once(':')?;
        let salt = Salt(HEXLOWER_PERMISSIVE.decode(salt.as_bytes()).ok()?.try_into().ok()?);
        let marks = HEXLOWER_PERMISSIVE.decode(marks.as_bytes()).ok()?;
        let (marks, rest) = marks.as_chunks::<8>();
        let mut marks: Vec<u64> = marks.iter().map(|mark| u64::from_le_bytes(*mark)).collect();
        marks.sort_unstable();
        rest.is_empty().then_some(KnownAs { customer: None, names: Vec::new(), born: None, salt: Some(salt), marks })
    }

    /// How alike somebody in a list is.
    pub(super) fn likeness(&self, seen: &Seen) -> Likeness {
        if !self.names.is_empty() || self.salt.is_none() {
            return Likeness::of((&self.names, &seen.names), (self.born, seen.born));
        }
        // Words that differ may be one word written twice: hashes can't tell.
        let has_word = |of: fn(&Name) -> &str, sign: fn(u64) -> Sign| {
            let mut words = seen.names.iter().flat_map(|name| name_words(of(name)));
            words.any(|word| self.has(sign(text_hash(&word)))).then_some(true)
        };
        let first = has_word(|name| &name.first, Sign::First);
        let last = has_word(|name| &name.last, Sign::Last);
        Likeness { first, last, born: None }
    }

    /// Whether somebody who is called like this customer from run to run is plainly somebody else: where nothing but a list's key
    /// names customers, a list that is numbered anew gives the name to another person.
    pub(super) fn is_plainly_another(&self, seen: &Seen) -> bool {
        let is_own = |sign: &Sign| matches!(sign, Sign::Contact(_) | Sign::NamedBirth(_)) && self.has(*sign);
        self.likeness(seen).names_another() && !seen.signs.iter().any(is_own)
    }

    /// Whether nothing but a key is known: a list of the numbers of members who took themselves off means those members, whatever
    /// list has them.
    fn is_key_alone(&self) -> bool {
        const OF_A_KEY: usize = 2;
        self.names.is_empty() && self.marks.len() == OF_A_KEY
    }

    /// Whether somebody who has a sign in common with this one is the same person. Doubt counts as yes, but a number, an
    /// address and a key may come to be another person's.
    pub(super) fn is_same(&self, by: Sign, likeness: Likeness) -> bool {
        let Likeness { first, last, born } = likeness;
        match by {
            Sign::NamedBirth(_) => true,
            Sign::Contact(_) => match first {
                Some(false) => born == Some(true),
                None => born != Some(false),
                // Whoever married has another name.
                Some(true) => !(last == Some(false) && born == Some(false)),
            },
            // A list that is numbered anew gives the key to somebody else.
            Sign::ListKey(_) if born == Some(false) => first == Some(true) && last == Some(true),
            Sign::ListKey(_) => !likeness.names_another(),
            Sign::Key(_) => self.is_key_alone() || first == Some(true) && last == Some(true) && born != Some(false),
            Sign::First(_) | Sign::Last(_) => false,
        }
    }
}

impl Seen {
    /// As whom a refusal knows it from now on.
    pub fn known_as(&self) -> KnownAs {
        let words = self.names.iter().flat_map(|name| {
            let first = name_words(&name.first).into_iter().map(|word| Sign::First(text_hash(&word)));
            first.chain(name_words(&name.last).into_iter().map(|word| Sign::Last(text_hash(&word))))
        });
        let mut marks: Vec<u64> = self.signs.iter().copied().chain(words).map(Sign::mark).collect();
        marks.sort_unstable();
        marks.dedup();
        KnownAs {
            customer: self.customers.last().copied(),
            names: self.names.clone(),
            born: self.born,
            salt: None,
            marks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(first: &str, last: &str, file: &str, key: &str, contact: u64) -> Seen {
        let mut seen = Seen { names: vec![Name::new(first, last)], ..Seen::default() };
        seen.add_key(file, key);
        seen.add_contact(contact, 1);
        seen.finish();
        seen
    }

    fn is_same(known: &KnownAs, seen: &Seen) -> bool {
        let likeness = known.likeness(seen);
        seen.signs.iter().any(|sign| known.has(*sign) && known.is_same(*sign, likeness))
    }

    #[test]
    fn a_person_stays_the_same_whatever_changes_but_for_all_at_once() {
        let known = seen("Dana", "Levi", "members_2026.csv", "31024", 1).known_as();
        let salted = known.salted(Salt([9; 16]));
        for (what, later, expected) in [
            ("the same", seen("Dana", "Levi", "members_2026.csv", "31024", 1), [true, true]),
            ("a new contact", seen("Dana", "Levi", "members_2028.csv", "31024", 2), [true, true]),
            ("a new key", seen("Dana", "Levi", "members_2028.csv", "77", 1), [true, true]),
            ("a new surname and contact", seen("Dana", "Cohen", "members_2028.csv", "31024", 2), [true, true]),
            ("another list, the same key and name", seen("Dana", "Levi", "crm.csv", "31024", 2), [true, true]),
            ("another list, the key of somebody else", seen("Noam", "Peretz", "crm.csv", "31024", 2), [false, false]),
            ("numbered anew", seen("Noam", "Peretz", "members_2028.csv", "31024", 2), [false, true]),
            ("the number is somebody else's now", seen("Noam", "Peretz", "members_2028.csv", "5", 1), [false, true]),
            ("a namesake", seen("Dana", "Levi", "members_2028.csv", "77", 2), [false, false]),
        ] {
            assert_eq!([is_same(&known, &later), is_same(&salted, &later)], expected, "{what}");
        }
    }

    #[test]
    fn a_key_with_nothing_else_means_whoever_has_it_in_any_list() {
        let mut known = Seen::default();
        known.add_key("removed.csv", "31024");
        known.finish();
        let known = known.known_as();
        assert!(is_same(&known, &seen("Dana", "Levi", "members.csv", "31024", 1)));
        assert!(!is_same(&known, &seen("Dana", "Levi", "members.csv", "31025", 1)));
    }

    #[test]
    fn what_leaves_the_workspace_names_nobody() {
        let known = seen("Dana", "Levi", "members.csv", "31024", 1).known_as();
        let salted = known.salted(Salt([9; 16]));
        assert!(salted.names.is_empty() && salted.customer.is_none() && salted.marks.len() == known.marks.len());
        assert!(salted.marks.iter().all(|mark| !known.marks.contains(mark)));
        assert!(known.is_within(&known) && !known.is_within(&salted));
        assert_eq!(salted.salted(Salt([1; 16])), salted);
        assert_eq!(KnownAs::parse(&salted.text()), Some(salted));
        for broken in ["", ":", "09", "0909:00", "zz:00"] {
            assert_eq!(KnownAs::parse(broken), None, "{broken}");
        }
    }
}
