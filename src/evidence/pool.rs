//! Evidence: for each contact when its value was first captured, and the signals that bear on it, pooled over the rows that
//! hold the same value and read across the rows of its customer.

use rayon::prelude::*;

use super::Evidence;
use super::events::Event;
use super::facts::Contact;
use super::history::{DatedSignal, History};
use crate::record::{ContactIndex, ContactKind, Day, RowIndex, Signal, StandingFact};

/// What contacts with one value have in common.
#[derive(Debug, Default)]
pub(crate) struct Pooled {
    /// First capture; none where nothing says it.
    first: Option<Day>,
    /// Days of all captures, ascending.
    captures: Vec<Day>,
    /// Signals by day, each once.
    signals: Vec<DatedSignal>,
    /// Written over for each contact.
    own: Vec<DatedSignal>,
}

impl Evidence {
    /// Gathers what is known of the contacts of a group, or of one of them alone where too many share the value.
    fn pool(&self, members: &[ContactIndex], as_of: Day, pooled: &mut Pooled) {
        self.pool_captures(members, as_of, pooled);
        let again = pooled.captures.iter().skip(1);
        pooled.signals.extend(again.map(|day| DatedSignal { day: *day, signal: Signal::Recaptured }));
        if self.events.is_empty() {
            return;
        }
        for place in members {
            let contact = self.facts.contact(*place);
            self.push_signals(contact, self.events.of_row(contact.row), as_of, &mut pooled.signals);
        }
        if let Some(place) = members.first() {
            let contact = self.facts.contact(*place);
            self.push_signals(contact, self.events.of_contact(contact.key), as_of, &mut pooled.signals);
        }
        // Rows that share a value share its events: one of a kind a day counts once.
        pooled.signals.sort_unstable();
        pooled.signals.dedup();
    }

    /// When the value of these contacts was captured; no signals yet.
    pub(crate) fn pool_captures(&self, members: &[ContactIndex], as_of: Day, pooled: &mut Pooled) {
        pooled.captures.clear();
        pooled.signals.clear();
        for place in members {
            let contact = self.facts.contact(*place);
            let captured = self.facts.row(contact.row).captured();
            match self.earlier.get(place) {
                Some(earlier) => pooled.captures.extend(earlier.captures(captured).filter(|day| *day < as_of)),
                None => pooled.captures.extend(captured.filter(|day| *day < as_of)),
            }
        }
        pooled.captures.sort_unstable();
        pooled.captures.dedup();
        pooled.first = pooled.captures.first().copied();
    }

    fn push_signals(&self, contact: &Contact, events: &[Event], as_of: Day, signals: &mut Vec<DatedSignal>) {
        let (kind, tag, is_primary) = (contact.kind(), contact.tag(), contact.is_primary());
        for event in events.iter().take_while(|event| event.day < as_of) {
            if let Some(signal) = self.events.signal(*event, kind, tag, is_primary) {
                signals.push(DatedSignal { day: event.day, signal });
            }
        }
    }

    /// The history of one contact of a pool.
    pub(crate) fn history<'p>(&self, place: ContactIndex, as_of: Day, pooled: &'p mut Pooled) -> History<'p> {
        let contact = self.facts.contact(place);
        let row = self.facts.row(contact.row);
        let superseded = self.superseded(contact, pooled.captures.last().copied(), as_of);
        let signals = match superseded {
            None => &pooled.signals,
            Some(day) => {
                pooled.own.clear();
                pooled.own.extend_from_slice(&pooled.signals);
                pooled.own.push(DatedSignal { day, signal: Signal::Superseded });
                pooled.own.sort_unstable();
                &pooled.own
            }
        };
        let members = self.customers.beside(contact.row);
        let says_died = |member: &RowIndex| self.facts.row(*member).standing.says(StandingFact::Deceased);
        History {
            kind: contact.kind(),
            class: contact.class,
            age: age(row.born, as_of),
            changes: self.earlier.get(&place).map_or(0, |earlier| earlier.changes),
            captured: pooled.first,
            signals,
            dead_domain: contact.has_dead_domain(),
            deceased: members.iter().any(says_died),
        }
    }

    /// The day on which another row of the customer captured a different value of the same sort, later than this one was
    /// captured last, where that row does not hold this one as well.
    fn superseded(&self, contact: &Contact, last: Option<Day>, as_of: Day) -> Option<Day> {
        let members = self.customers.beside(contact.row);
        if members.len() < 2 {
            return None;
        }
        // An undated value can't be said to be the older one.
        let last = last?;
        let others = members.iter().filter(|row| **row != contact.row).filter_map(|row| {
            let captured = self.facts.row(*row).captured()?;
            if captured >= as_of || captured <= last {
                return None;
            }
            let own = self.facts.contacts_of(*row);
            let has_same = own.iter().any(|other| other.key == contact.key);
            let has_other = own.iter().any(|other| !other.is_unusable() && is_of_a_sort(contact, other));
            (!has_same && has_other).then_some(captured)
        });
        others.min()
    }

    /// Whether so few customers hold a value that it may be somebody's own.
    pub(crate) fn is_somebodys_value(&self, value: usize) -> bool {
        self.values.customers(value) <= self.shared_by
    }

    /// Into how many stretches work on all values is dealt out.
    pub(crate) fn stretches(&self) -> usize {
        self.values.len().div_ceil(VALUES_A_TASK)
    }

    /// Works through all contacts, those with one value together; hands out each one's history with a state of its stretch.
    /// Returns the states in the order of the stretches.
    pub(crate) fn each<S: Send>(
        &self,
        as_of: Day,
        start: impl Fn(usize) -> S + Sync,
        take: impl Fn(&mut S, ContactIndex, &History<'_>) + Sync,
    ) -> Vec<S> {
        let stretches = self.stretches();
        let work = |stretch: usize| {
            let mut state = start(stretch);
            let mut pooled = Pooled::default();
            let own = stretch * VALUES_A_TASK..self.values.len().min((stretch + 1) * VALUES_A_TASK);
            for value in own {
                let members = self.values.contacts(value);
                if self.is_somebodys_value(value) {
                    self.pool(members, as_of, &mut pooled);
                    for place in members {
                        let history = self.history(*place, as_of, &mut pooled);
                        take(&mut state, *place, &history);
                    }
                } else {
                    for place in members {
                        self.pool(std::slice::from_ref(place), as_of, &mut pooled);
                        let history = self.history(*place, as_of, &mut pooled);
                        take(&mut state, *place, &history);
                    }
                }
            }
            state
        };
        (0..stretches).into_par_iter().map(work).collect()
    }

    /// What `answer` says of the history of one contact as of a day, which is the one that [`Evidence::each`] hands out.
    pub(crate) fn ask<T>(&self, place: ContactIndex, as_of: Day, answer: impl FnOnce(&History<'_>) -> T) -> T {
        let mut pooled = Pooled::default();
        let value = self.values.of(place);
        let alone = [place];
        let members = if self.is_somebodys_value(value) { self.values.contacts(value) } else { &alone[..] };
        self.pool(members, as_of, &mut pooled);
        answer(&self.history(place, as_of, &mut pooled))
    }
}

/// Values that one task works through.
const VALUES_A_TASK: usize = 1 << 13;

/// Whether two contacts can stand for one another: addresses, mobiles, or lines at a place.
fn is_of_a_sort(left: &Contact, right: &Contact) -> bool {
    left.kind() == right.kind() && (left.kind() == ContactKind::Email || left.class == right.class)
}

/// Whole years; none where the birth date is unknown or no age of a customer.
fn age(born: Option<Day>, as_of: Day) -> Option<u8> {
    let years = i64::from(as_of.days_since(born?)) * 400 / 146_097;
    u8::try_from(years).ok().filter(|years| *years < 120)
}
