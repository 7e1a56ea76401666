//! The suppression list as one customer meets it, without loading all of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::holders::MOST_HOLDERS;
use crate::person::{are_one_person, may_be_one_person};
use crate::record::{ContactKind, CustomerId, CustomerProfile, Suppressed, Suppression};
use crate::store::{ProfilesFile, Store, StoreError};

/// Customers who share a contact of few with this one and may be the same person, directly or through one another; this one
/// first.
///
/// # Errors
/// When the file can't be read.
pub fn persons_of(profile: &CustomerProfile, profiles: &ProfilesFile) -> Result<Vec<CustomerProfile>, StoreError> {
    let mut persons = vec![profile.clone()];
    // All who have a contact, which many of them may be asked for.
    let mut holders: HashMap<(ContactKind, String), Vec<CustomerProfile>> = HashMap::new();
    let mut next = 0;
    while let Some(profile) = persons.get(next).cloned() {
        next += 1;
        for contact in profile.contacts.iter().filter(|contact| (2..=MOST_HOLDERS).contains(&contact.shared_by)) {
            let others = match holders.entry((contact.kind, contact.key.clone())) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(profiles.by_contact(contact.kind, &contact.key)?),
            };
            for other in others.iter() {
                let is_known = persons.iter().any(|known| known.id == other.id);
                if !is_known && may_be_one_person(&profile, other) {
                    persons.push(other.clone());
                }
            }
        }
    }
    Ok(persons)
}

/// Entries by which a customer or a contact of it is held, as [`SuppressionSet`](super::SuppressionSet) finds them.
///
/// # Errors
/// When the workspace can't be read.
pub fn holding(
    profile: &CustomerProfile,
    profiles: &ProfilesFile,
    store: &Store,
) -> Result<Vec<Suppression>, StoreError> {
    let persons = persons_of(profile, profiles)?;
    let ids: Vec<CustomerId> = persons.iter().map(|person| person.id).collect();
    let mut found = Vec::new();
    for person in &persons {
        found.extend(store.suppressions_of(&Suppressed::Customer(person.id))?);
        found.extend(store.suppressions_knowing(person.id)?);
        for contact in &person.contacts {
            for entry in store.suppressions_of(&Suppressed::Contact(contact.kind, contact.key.clone()))? {
                let names_own = profile.contacts.iter().any(|own| (own.kind, &own.key) == (contact.kind, &contact.key));
                let holds_person = entry.reason.concerns_person()
                    && match entry.of.map(|of| store.suppressed_customer(of)).transpose()?.flatten() {
                        Some(owner) => ids.contains(&owner),
                        None => are_one_person(&profiles.by_contact(contact.kind, &contact.key)?),
                    };
                if names_own || holds_person {
                    found.push(entry);
                }
            }
        }
    }
    found.sort_by_key(|entry| entry.number);
    found.dedup_by_key(|entry| entry.number);
    Ok(found)
}
