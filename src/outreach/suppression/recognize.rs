//! Who of a run's customers is a person whose refusal another list or another workspace has.

use std::collections::HashMap;

use crate::person::{KnownAs, Recognized, Registry, Seen};
use crate::record::CustomerId;
use crate::store::{ProfilesFile, Store, StoreError};

/// Looks through all customers of a run, and keeps as whom persons were recognized.
///
/// # Errors
/// When the workspace can't be read or written.
pub fn recognize_persons(store: &mut Store, profiles: &ProfilesFile) -> Result<(), StoreError> {
    let registry = store.registry()?;
    let mut known = recognize_in(&registry, profiles)?;
    known.retain(|(_, one, known)| !registry.knows(one.entry, known));
    let known: Vec<_> = known.into_iter().map(|(_, one, known)| (registry.entry(one.entry).number, known)).collect();
    store.keep_known(&known)
}

/// Customers of a run who are recognized, with as whom they are known from now on.
///
/// # Errors
/// When the customers can't be read.
pub fn recognize_in(
    registry: &Registry,
    profiles: &ProfilesFile,
) -> Result<Vec<(CustomerId, Recognized, KnownAs)>, StoreError> {
    let mut found: Vec<(CustomerId, Recognized)> = Vec::new();
    let mut who: HashMap<CustomerId, Seen> = HashMap::new();
    profiles.all(|profile| {
        let seen = Seen::of(&profile);
        let recognized = registry.recognize(&seen);
        if !recognized.is_empty() {
            found.extend(recognized.into_iter().map(|one| (profile.id, one)));
            who.insert(profile.id, seen);
        }
        Ok::<(), StoreError>(())
    })?;
    registry.settle(&mut found, |id| who[&id].clone());
    Ok(found.into_iter().map(|(id, one)| (id, one, who[&id].known_as())).collect())
}
