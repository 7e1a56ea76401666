//! Somebody in a list, with everything by which it may be recognized.

use super::likeness::Name;
use super::sign::{Sign, SignMaker, list_family};
use crate::contact::ContactKeys;
use crate::record::{CustomerId, CustomerProfile, Day};

/// A contact of more customers is a placeholder or the till's: it says nothing of who they are.
const MOST_HOLDERS: u32 = 64;

/// Somebody as a run's lists have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Its name from run to run, and before it those of customers that became one with it or were split from it.
    pub customers: Vec<CustomerId>,
    /// The names that its rows have.
    pub names: Vec<Name>,
    /// Its birth date.
    pub born: Option<Day>,
    /// What it is recognized by.
    pub signs: Vec<Sign>,
}

impl Seen {
    /// A customer of a run.
    pub fn of(profile: &CustomerProfile) -> Self {
        let mut seen = Seen {
            customers: vec![profile.id],
            names: vec![Name::new(&profile.first_name, &profile.last_name)],
            born: profile.birth_date,
            signs: Vec::new(),
        };
        for contact in &profile.contacts {
            seen.add_contact(ContactKeys::hash(contact.kind, &contact.key), contact.shared_by);
        }
        for key in &profile.keys {
            seen.add_key(&key.list, &key.key);
        }
        seen.finish();
        seen
    }

    /// Adds an address or a number by the hash of its key, unless it is of too many.
    pub fn add_contact(&mut self, hash: u64, shared_by: u32) {
        if shared_by <= MOST_HOLDERS {
            self.signs.push(Sign::Contact(hash));
        }
    }

    /// Adds the own key of a row of a list.
    pub fn add_key(&mut self, file: &str, key: &str) {
        self.add_key_of([list_family(file).as_str()], key);
    }

    /// Adds it likewise, of a list of these [families](list_family).
    pub fn add_key_of<'f>(&mut self, families: impl IntoIterator<Item = &'f str>, key: &str) {
        SignMaker::default().of_key(families, key, |sign| self.signs.push(sign));
    }

    /// Ends the adding: names and signs stand once each.
    pub fn finish(&mut self) {
        self.names.retain(|name| !name.is_empty());
        self.names.sort_unstable();
        self.names.dedup();
        if let Some(born) = self.born {
            let mut maker = SignMaker::default();
            self.signs.extend(self.names.iter().map(|name| maker.of_named_birth(&name.first, &name.last, born)));
        }
        self.signs.sort_unstable();
        self.signs.dedup();
    }
}
