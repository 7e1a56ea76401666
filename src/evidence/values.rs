//! Contacts by their values: which of them hold the same one, and how many customers share it.

use rayon::prelude::*;

use super::facts::Facts;
use crate::record::{ContactIndex, CustomerIndex, CustomerRows, Groups};

/// Contacts by their value.
#[derive(Debug, Default)]
pub(crate) struct Values {
    contacts: Groups<ContactIndex>,
    /// For each contact its value.
    value_of: Vec<u32>,
    /// For each value how many different customers hold it.
    customers: Vec<u32>,
}

impl Values {
    pub(crate) fn new(facts: &Facts, customers: &CustomerRows) -> Self {
        let contacts = facts.contacts();
        let mut keyed: Vec<(u64, ContactIndex)> = contacts
            .iter()
            .zip(ContactIndex::first(contacts.len()))
            .map(|(contact, place)| (contact.key, place))
            .collect();
        keyed.par_sort_unstable();
        // Values in the order of their first contacts: most stand in one row, and rows are gone through in order.
        let mut firsts: Vec<(ContactIndex, u32, u32)> = Vec::new();
        let mut start = 0;
        for equal in keyed.chunk_by(|left, right| left.0 == right.0) {
            firsts.push((equal[0].1, start, equal.len() as u32));
            start += equal.len() as u32;
        }
        firsts.par_sort_unstable();
        let mut values = Values {
            contacts: Groups::with_capacity(keyed.len(), firsts.len()),
            value_of: vec![0; contacts.len()],
            customers: Vec::with_capacity(firsts.len()),
        };
        let mut own: Vec<CustomerIndex> = Vec::new();
        for (value, (_, start, count)) in firsts.into_iter().enumerate() {
            let equal = &keyed[start as usize..(start + count) as usize];
            for (_, place) in equal {
                values.value_of[place.get()] = value as u32;
                values.contacts.add(*place);
            }
            values.contacts.close();
            own.clear();
            if count > 1 {
                own.extend(equal.iter().map(|(_, place)| customers.customer_of(contacts[place.get()].row)));
                own.sort_unstable();
                own.dedup();
            }
            values.customers.push(own.len().max(1) as u32);
        }
        values
    }

    /// Number of different values.
    pub(crate) fn len(&self) -> usize {
        self.contacts.len()
    }

    /// The contacts with a value.
    pub(crate) fn contacts(&self, value: usize) -> &[ContactIndex] {
        self.contacts.of(value)
    }

    /// How many customers hold a value.
    pub(crate) fn customers(&self, value: usize) -> u32 {
        self.customers[value]
    }

    /// The value of a contact.
    pub(crate) fn of(&self, place: ContactIndex) -> usize {
        self.value_of[place.get()] as usize
    }

    /// How many customers hold a contact's value.
    pub(crate) fn shared_by(&self, place: ContactIndex) -> u32 {
        self.customers[self.of(place)]
    }
}
