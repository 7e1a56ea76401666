//! Customers of a run whom a refusal may hold: who they are and what they are reached by, read once, so that nobody has to be looked
//! up one by one.

use std::collections::{HashMap, HashSet};

use rapidhash::fast::RandomState;

use crate::advice::Refusal;
use crate::person::Who;
use crate::record::{ContactKind, CustomerId, CustomerProfile, Day};
use crate::store::{ProfilesFile, StoreError};

/// A contact of more customers is a placeholder or the till's: it says nothing of who they are.
pub(super) const MOST_HOLDERS: u32 = 64;

/// A customer, as refusals find it.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) id: CustomerId,
    pub(super) contacts: Vec<HeldContact>,
    household: CustomerId,
    first_name: String,
    last_name: String,
    birth_date: Option<Day>,
}

/// A number or an address of a customer.
#[derive(Debug)]
pub(super) struct HeldContact {
    pub(super) kind: ContactKind,
    pub(super) key: String,
    shared_by: u32,
}

impl HeldContact {
    /// Whether others may be the same person by it.
    pub(super) fn is_shared(&self) -> bool {
        (2..=MOST_HOLDERS).contains(&self.shared_by)
    }
}

impl<'h> From<&'h Holder> for Who<'h> {
    fn from(holder: &'h Holder) -> Self {
        let Holder { household, first_name, last_name, birth_date, .. } = holder;
        Who { first_name, last_name, birth_date: *birth_date, household: *household }
    }
}

/// The customers of a run who are named, share a contact, or refused in their own rows.
#[derive(Debug, Default)]
pub(super) struct Holders {
    all: Vec<Holder>,
    by_id: HashMap<CustomerId, u32, RandomState>,
    by_contact: HashMap<u64, Vec<u32>, RandomState>,
    /// What the own rows of some say, by their places.
    pub(super) refusals: Vec<(u32, Vec<Refusal>)>,
}

impl Holders {
    /// Reads them: those who are `named`, have one of these `contacts`, share one with others, or of whom `refusals` tells some.
    pub(super) fn read(
        profiles: &ProfilesFile,
        named: &HashSet<CustomerId>,
        contacts: &[(ContactKind, &str)],
        refusals: impl Fn(&CustomerProfile) -> Vec<Refusal>,
    ) -> Result<Self, StoreError> {
        let asked: HashSet<u64> = contacts.iter().map(|(kind, key)| kind.key_hash(key)).collect();
        let mut holders = Holders::default();
        profiles.all(|profile| {
            let refused = refusals(&profile);
            let mut is_wanted = !refused.is_empty() || named.contains(&profile.id);
            let place = holders.all.len() as u32;
            for contact in &profile.contacts {
                let hash = contact.kind.key_hash(&contact.key);
                if (2..=MOST_HOLDERS).contains(&contact.shared_by) || asked.contains(&hash) {
                    is_wanted = true;
                    holders.by_contact.entry(hash).or_default().push(place);
                }
            }
            if is_wanted {
                holders.add(profile, refused);
            }
            Ok::<(), StoreError>(())
        })?;
        Ok(holders)
    }

    fn add(&mut self, profile: CustomerProfile, refused: Vec<Refusal>) {
        let place = self.all.len() as u32;
        let CustomerProfile { id, household, first_name, last_name, birth_date, contacts, .. } = profile;
        let contacts = contacts.into_iter().map(|contact| HeldContact {
            kind: contact.kind,
            key: contact.key,
            shared_by: contact.shared_by,
        });
        self.all.push(Holder { id, household, first_name, last_name, birth_date, contacts: contacts.collect() });
        self.by_id.insert(id, place);
        if !refused.is_empty() {
            self.refusals.push((place, refused));
        }
    }

    /// The customer at a place.
    pub(super) fn at(&self, place: u32) -> &Holder {
        &self.all[place as usize]
    }

    /// The place of a customer.
    pub(super) fn of(&self, id: CustomerId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    /// The places of those who have a contact that is shared, or was asked for.
    pub(super) fn with(&self, kind: ContactKind, key: &str) -> impl Iterator<Item = u32> {
        let found = self.by_contact.get(&kind.key_hash(key)).into_iter().flatten().copied();
        found.filter(move |place| self.at(*place).contacts.iter().any(|own| own.kind == kind && own.key == key))
    }
}
