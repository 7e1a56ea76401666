//! The suppression list as planning and sending ask it: loaded once, matched through duplicates and households.

use std::collections::{BTreeMap, HashMap, HashSet};

use rapidhash::fast::RandomState;

use super::holders::Holders;
use crate::advice::{Refusal, Suppressing};
use crate::person::{are_one_person, may_be_one_person};
use crate::record::{
    Channel, ContactKind, CustomerId, CustomerProfile, Suppressed, Suppression, SuppressionReason, SuppressionScope,
};
use crate::store::{ProfilesFile, Store, StoreError};

/// Why somebody or something is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Number of the entry.
    pub entry: i64,
    /// Its reason.
    pub reason: SuppressionReason,
    /// Which channels it closes.
    pub scope: SuppressionScope,
}

impl Held {
    /// What is told of several: what a person asked for first, then the oldest.
    fn rank(&self) -> (bool, i64) {
        (!self.reason.concerns_person(), self.entry)
    }
}

/// What is held on each channel.
#[derive(Debug, Clone, Copy, Default)]
struct Channels([Option<Held>; 3]);

impl Channels {
    /// Whether this closes a channel that was open.
    fn close(&mut self, held: Held) -> bool {
        let mut closes = false;
        for (place, channel) in [Channel::Sms, Channel::Email, Channel::Call].into_iter().enumerate() {
            if held.scope.covers(channel) {
                closes |= self.0[place].is_none();
                if self.0[place].is_none_or(|other| held.rank() < other.rank()) {
                    self.0[place] = Some(held);
                }
            }
        }
        closes
    }

    fn on(&self, channel: Channel) -> Option<Held> {
        let [sms, email, call] = self.0;
        match channel {
            Channel::Sms => sms,
            Channel::Email => email,
            Channel::Call => call,
        }
    }
}

/// All that is held.
///
/// A contact in the list is never used, by whomever it is shared. Where the reason is about the person
/// ([`SuppressionReason::concerns_person`]) it also holds the customer who has the contact, with all other contacts, and
/// customers who share one of them and may be the same person. Where clearly different people share a contact and the
/// entry does not say which of them it is about, only the contact is held; an entry that names the customer holds that one.
#[derive(Debug, Default)]
pub struct SuppressionSet {
    // A plan asks a dozen times for each of a million customers; nothing ever runs through these maps in their order.
    phones: HashMap<String, Channels, RandomState>,
    emails: HashMap<String, Channels, RandomState>,
    customers: HashMap<CustomerId, Channels, RandomState>,
}

impl SuppressionSet {
    /// Loads the list. Without `profiles` it knows the contacts and customers that the list names, and nobody through them; with them
    /// it holds customers for what their own rows say as well, which `refusals` tells (the `entry` of what is told is 0 then).
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn load(
        store: &Store,
        profiles: Option<&ProfilesFile>,
        refusals: impl Fn(&CustomerProfile) -> Vec<Refusal>,
    ) -> Result<Self, StoreError> {
        let mut set = SuppressionSet::default();
        let mut personal: Vec<Suppression> = Vec::new();
        let mut persons = store.known_customers()?;
        store.suppressions(|entry| -> Result<(), StoreError> {
            if entry.lifted_at.is_some() {
                return Ok(());
            }
            let held = Held { entry: entry.number, reason: entry.reason, scope: entry.scope };
            let is_personal = match &entry.what {
                Suppressed::Contact(kind, key) => {
                    set.close_contact(*kind, key, held);
                    entry.reason.concerns_person()
                }
                Suppressed::Customer(id) => {
                    persons.entry(entry.number).or_default().push(*id);
                    true
                }
            };
            if is_personal {
                personal.push(entry);
            }
            Ok(())
        })?;
        let mut reasons: BTreeMap<CustomerId, Vec<Held>> = BTreeMap::new();
        for entry in &personal {
            let held = Held { entry: entry.number, reason: entry.reason, scope: entry.scope };
            for id in persons.get(&entry.of.unwrap_or(entry.number)).into_iter().flatten() {
                set.customers.entry(*id).or_default().close(held);
                reasons.entry(*id).or_default().push(held);
            }
        }
        if let Some(profiles) = profiles {
            let named = reasons.keys().copied().collect();
            let contacts: Vec<(ContactKind, &str)> = personal.iter().filter_map(contact_of).collect();
            let holders = Holders::read(profiles, &named, &contacts, refusals)?;
            set.spread(&personal, &persons, &reasons, &holders);
        }
        Ok(set)
    }

    /// Whether a number or an address may not be used for this channel, whoever has it.
    pub fn contact(&self, kind: ContactKind, key: &str, channel: Channel) -> Option<Held> {
        let contacts = match kind {
            ContactKind::Phone => &self.phones,
            ContactKind::Email => &self.emails,
        };
        contacts.get(key)?.on(channel)
    }

    /// Whether a customer may not be contacted by this channel, at whatever number or address.
    pub fn customer(&self, id: CustomerId, channel: Channel) -> Option<Held> {
        self.customers.get(&id)?.on(channel)
    }

    /// Whether a message must not go out, because of the customer or of the contact.
    pub fn hit(&self, customer: CustomerId, kind: ContactKind, key: &str, channel: Channel) -> Option<Held> {
        self.customer(customer, channel).or_else(|| self.contact(kind, key, channel))
    }

    /// Holds whom entries about persons are about: the customers as whom these were known; where the newest run has none of them,
    /// whoever has the contact and can't be told from the others. And whoever refused in its own rows.
    fn spread(
        &mut self,
        personal: &[Suppression],
        persons: &HashMap<i64, Vec<CustomerId>>,
        reasons: &BTreeMap<CustomerId, Vec<Held>>,
        holders: &Holders,
    ) {
        for (id, reasons) in reasons {
            if let Some(place) = holders.of(*id) {
                self.hold(vec![place], reasons, holders);
            }
        }
        for entry in personal {
            let Some((kind, key)) = contact_of(entry) else { continue };
            let mut known = persons.get(&entry.of.unwrap_or(entry.number)).into_iter().flatten();
            if known.any(|id| holders.of(*id).is_some()) {
                continue;
            }
            let who: Vec<u32> = holders.with(kind, key).collect();
            if are_one_person(who.iter().map(|place| holders.at(*place))) {
                let held = Held { entry: entry.number, reason: entry.reason, scope: entry.scope };
                self.hold(who, &[held], holders);
            }
        }
        for (place, refusals) in &holders.refusals {
            let held = |refusal: &Refusal| Held { entry: 0, reason: refusal.reason, scope: refusal.scope };
            self.hold(vec![*place], &refusals.iter().map(held).collect::<Vec<_>>(), holders);
        }
    }

    /// Holds customers, their contacts, and whoever shares one of those and may be the same person.
    /// Who that is does not depend on the reason, so several reasons cost one search.
    fn hold(&mut self, first: Vec<u32>, reasons: &[Held], holders: &Holders) {
        let mut pending = first;
        let mut done: HashSet<u32> = HashSet::new();
        while let Some(place) = pending.pop() {
            if !done.insert(place) {
                continue;
            }
            let holder = holders.at(place);
            let channels = self.customers.entry(holder.id).or_default();
            for held in reasons {
                channels.close(*held);
            }
            for contact in &holder.contacts {
                for held in reasons.iter().filter(|held| held.reason.concerns_person()) {
                    self.close_contact(contact.kind, &contact.key, *held);
                }
                if contact.is_shared() {
                    let others = holders.with(contact.kind, &contact.key).filter(|other| !done.contains(other));
                    pending.extend(others.filter(|other| may_be_one_person(holder, holders.at(*other))));
                }
            }
        }
    }

    fn close_contact(&mut self, kind: ContactKind, key: &str, held: Held) -> bool {
        let contacts = match kind {
            ContactKind::Phone => &mut self.phones,
            ContactKind::Email => &mut self.emails,
        };
        if let Some(channels) = contacts.get_mut(key) {
            return channels.close(held);
        }
        contacts.entry(key.to_owned()).or_default().close(held)
    }
}

/// The contact that an entry is about.
fn contact_of(entry: &Suppression) -> Option<(ContactKind, &str)> {
    match &entry.what {
        Suppressed::Contact(kind, key) => Some((*kind, key)),
        Suppressed::Customer(_) => None,
    }
}

impl Suppressing for SuppressionSet {
    fn customer(&self, id: CustomerId, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        self.customer(id, channel).map(|held| (held.reason, held.scope))
    }

    fn contact(&self, kind: ContactKind, key: &str, channel: Channel) -> Option<(SuppressionReason, SuppressionScope)> {
        self.contact(kind, key, channel).map(|held| (held.reason, held.scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::fixture::{fill, phone as any_phone, profile as any_profile};
    use crate::record::{ContactPoint, ToSuppress};

    /// Number of the household of the first two customers.
    const HOME: &str = "+97235234567";
    const OWN: &str = "+972502345678";
    const HERS: &str = "+972502345679";

    fn profile(id: u64, name: &str, phones: &[(&str, u32)]) -> CustomerProfile {
        let contacts =
            phones.iter().map(|(number, shared_by)| ContactPoint { shared_by: *shared_by, ..any_phone(number, 0.1) });
        CustomerProfile {
            household: CustomerId(1),
            first_name: name.to_owned(),
            contacts: contacts.collect(),
            ..any_profile(id)
        }
    }

    /// Dana, Noam of her household, Dana's missed duplicate, and a customer who has nothing to do with them.
    fn workspace(directory: &std::path::Path) -> Store {
        let mut store = Store::open(directory).expect("opens");
        let profiles = [
            profile(1, "דנה", &[(OWN, 1), (HOME, 3)]),
            profile(2, "נועם", &[(HERS, 1), (HOME, 3)]),
            profile(3, "דנה", &[("+972502345670", 1), (HOME, 3)]),
            profile(4, "יעל", &[("+972502345671", 1)]),
        ];
        fill(&mut store, "r", &profiles);
        store
    }

    fn phone(key: &str) -> Suppressed {
        Suppressed::Contact(ContactKind::Phone, key.to_owned())
    }

    fn entry(what: Suppressed, reason: SuppressionReason) -> Suppression {
        Suppression::new(what, reason, "manual", "2026-11-21T10:00:00Z".to_owned())
    }

    fn loaded(store: &Store) -> SuppressionSet {
        let profiles = store.latest_profiles().expect("read").expect("there");
        SuppressionSet::load(store, Some(&profiles), |_| Vec::new()).expect("loaded")
    }

    fn held(set: &SuppressionSet) -> Vec<u64> {
        (1..=4).filter(|id| set.customer(CustomerId(*id), Channel::Sms).is_some()).collect()
    }

    fn suppress(store: &mut Store, what: Suppressed, reason: SuppressionReason, scope: SuppressionScope) {
        let entry = Suppression { scope, ..entry(what, reason) };
        store.suppress(&[ToSuppress { entry, contacts: Vec::new() }]).expect("added");
    }

    #[test]
    fn a_refusal_holds_the_person_through_duplicates_and_the_number_of_the_household() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = workspace(directory.path());
        suppress(&mut store, phone(OWN), SuppressionReason::OptOut, SuppressionScope::All);
        let set = loaded(&store);
        // The duplicate that matching missed is held as well; the other member of the household is not.
        assert_eq!(held(&set), [1, 3]);
        for channel in [Channel::Sms, Channel::Email, Channel::Call] {
            assert!(set.contact(ContactKind::Phone, HOME, channel).is_some());
            assert!(set.hit(CustomerId(2), ContactKind::Phone, HERS, channel).is_none());
        }
    }

    #[test]
    fn a_number_of_different_people_is_held_alone_until_a_customer_is_named() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = workspace(directory.path());
        suppress(&mut store, phone(HOME), SuppressionReason::OptOut, SuppressionScope::All);
        let set = loaded(&store);
        assert!(held(&set).is_empty());
        assert!(set.hit(CustomerId(2), ContactKind::Phone, HOME, Channel::Call).is_some());
        suppress(&mut store, Suppressed::Customer(CustomerId(2)), SuppressionReason::OptOut, SuppressionScope::All);
        assert_eq!(held(&loaded(&store)), [2]);
    }

    #[test]
    fn a_register_closes_calls_to_the_number_and_nothing_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = workspace(directory.path());
        suppress(&mut store, phone(OWN), SuppressionReason::DoNotCall, SuppressionScope::Call);
        let set = loaded(&store);
        assert!(held(&set).is_empty());
        assert!(set.contact(ContactKind::Phone, OWN, Channel::Sms).is_none());
        assert!(set.contact(ContactKind::Phone, OWN, Channel::Call).is_some());
    }

    #[test]
    fn a_customer_who_got_another_name_is_still_held_by_the_contacts() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = workspace(directory.path());
        let gone = entry(Suppressed::Customer(CustomerId(99)), SuppressionReason::OptOut);
        let contacts = vec![(ContactKind::Phone, "+972502345671".to_owned())];
        store.suppress(&[ToSuppress { entry: gone, contacts }]).expect("added");
        assert_eq!(held(&loaded(&store)), [4]);
    }
}
