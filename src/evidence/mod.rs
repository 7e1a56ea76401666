//! Evidence: what is known of the contacts of a run beside their values. When each was first captured, what happened to it,
//! what notes, columns and events say against using it, and where its customer stands.
//!
//! It needs no model: `decay` makes probabilities of it, outreach and look-ups ask it as it is. No history is kept; each is
//! put together when it is asked for, so that all who ask as of a day hear the same.

mod answered;
mod captures;
mod chosen;
mod contact_points;
mod dead;
mod events;
mod facts;
mod history;
mod persons;
mod pool;
mod restrictions;
mod status;
mod values;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(crate) use answered::{Answered, AnsweredContact};
pub use captures::EarlierCaptures;
pub(crate) use captures::{Earlier, known};
pub(crate) use contact_points::Told;
pub(crate) use events::{ContactIndexes, Event, Events, KeyIndex, Owner};
pub(crate) use facts::{Facts, Reading, amount, key_hash};
pub use history::{DatedSignal, History};
pub(crate) use pool::Pooled;
use status::StatusAndValue;
use values::Values;

use crate::contact::ContactKeys;
use crate::record::{ContactIndex, CustomerIndex, CustomerRows, CustomerStatus, Day, Death, Restrictions, RowIndex};
use crate::rule::{DeadRules, StatusRules};

/// What is known of the contacts and customers of a run.
pub struct Evidence {
    pub(crate) facts: Facts,
    pub(crate) events: Events,
    pub(crate) customers: Arc<CustomerRows>,
    pub(crate) values: Values,
    /// By place of the contact.
    pub(crate) earlier: HashMap<ContactIndex, Earlier>,
    /// The dead ones, by place.
    dead: HashMap<ContactIndex, Death>,
    /// More customers than this share no person's value.
    shared_by: u32,
    keys: ContactKeys,
    /// For each customer its own address and number, as far as it has them.
    pub(crate) chosen: Vec<Chosen>,
    /// What customers gave themselves, and was accepted.
    pub(crate) answered: HashMap<CustomerIndex, Answered>,
    statuses: Vec<StatusAndValue>,
    /// Keys of contacts of which a list says that they reach nobody.
    said_dead: HashSet<u64>,
    /// What stands against contacting customers of whose persons the workspace knows more than their rows say.
    standing: HashMap<CustomerIndex, Restrictions>,
    rules: StatusRules,
    /// The day that counts as today.
    pub(crate) today: Day,
}

/// The places of a customer's own address and number, as far as it has them.
pub(crate) type Chosen = [Option<ContactIndex>; 2];

/// What evidence is put together from.
pub(crate) struct Gathered {
    pub(crate) facts: Facts,
    pub(crate) events: Events,
    pub(crate) customers: Arc<CustomerRows>,
    pub(crate) earlier: HashMap<ContactIndex, Earlier>,
    pub(crate) answered: HashMap<CustomerIndex, Answered>,
    pub(crate) shared_by: u32,
    pub(crate) keys: ContactKeys,
    pub(crate) rules: StatusRules,
    pub(crate) dead: DeadRules,
    pub(crate) today: Day,
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence").field("contacts", &self.facts.contacts().len()).finish_non_exhaustive()
    }
}

impl Evidence {
    /// Puts together what was gathered. Until [`Evidence::choose`] no customer has an address or number of its own.
    pub(crate) fn new(gathered: Gathered) -> Self {
        let Gathered { facts, events, customers, earlier, answered, shared_by, keys, rules, dead, today } = gathered;
        let values = Values::new(&facts, &customers);
        let chosen = vec![[None; 2]; customers.len()];
        let statuses = status::statuses(&facts, &events, &customers, &rules, today);
        let said = facts.contacts().iter().filter(|contact| contact.is_said_dead());
        let said_dead = said.map(|contact| contact.key).collect();
        let mut evidence = Evidence {
            facts,
            events,
            customers,
            values,
            earlier,
            dead: HashMap::new(),
            shared_by,
            keys,
            chosen,
            answered,
            statuses,
            said_dead,
            standing: HashMap::new(),
            rules,
            today,
        };
        evidence.dead = evidence.dead_contacts(&dead);
        evidence
    }

    /// The rows of a customer.
    pub fn rows(&self, customer: CustomerIndex) -> &[RowIndex] {
        self.customers.of(customer)
    }

    /// Where a customer stands with the club.
    pub fn status(&self, customer: CustomerIndex) -> CustomerStatus {
        self.statuses[customer.get()].status
    }

    /// What it is worth, 1 for an average one; none where nothing says it.
    pub fn value(&self, customer: CustomerIndex) -> Option<f32> {
        self.statuses[customer.get()].value
    }

    /// Its segment by value.
    pub fn segment(&self, customer: CustomerIndex) -> &'static str {
        status::segment(self.value(customer), &self.rules)
    }

    /// Whether a contact is one that can go stale: somebody's own, right when it was captured.
    pub(crate) fn is_eligible(&self, place: ContactIndex) -> bool {
        let contact = self.facts.contact(place);
        !contact.is_unusable() && !contact.is_nobodys() && self.values.shared_by(place) <= self.shared_by
    }

    /// The contact that stands for a customer: its own address, or else its number.
    pub(crate) fn own_contact(&self, customer: CustomerIndex) -> Option<ContactIndex> {
        let [email, phone] = self.chosen[customer.get()];
        email.or(phone)
    }
}
