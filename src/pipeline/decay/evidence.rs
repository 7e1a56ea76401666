//! Evidence: for each contact when its value was first captured, and the signals that bear on it, pooled over the rows that
//! hold the same value and read across the rows of its customer.

use std::collections::HashMap;

use rayon::prelude::*;

use super::events::{Event, Events};
use super::facts::{Contact, Facts, NO_DAY};
use crate::decay::{DatedSignal, History, Model, Tenures};
use crate::record::{ContactIndex, ContactKind, CustomerIndex, CustomerRows, Groups, RowIndex, Signal};
use crate::rule::NoteKind;

/// What earlier runs of the same list knew of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Earlier {
    /// The day on which the same value was first written down; [`NO_DAY`] where they had another one, or did not know.
    pub(super) first: i32,
    /// The day of the last run that had another value: this one is newer.
    pub(super) other: i32,
    /// How often the field changed before.
    pub(super) changes: u8,
}

impl Earlier {
    /// Days of capture, given the one that the row tells.
    fn captures(self, told: i32) -> impl Iterator<Item = i32> {
        // A row that does not say that it was changed says that its first value is still there.
        let told = if told == NO_DAY { self.other } else { told.max(self.other) };
        [self.first, told].into_iter().filter(|day| *day != NO_DAY)
    }
}

/// Evidence of one run, ready to be asked.
pub(super) struct Evidence<'e> {
    pub(super) facts: &'e Facts,
    pub(super) events: &'e Events,
    pub(super) customers: &'e CustomerRows,
    /// By place of the contact.
    pub(super) earlier: &'e HashMap<ContactIndex, Earlier>,
    /// More customers than this share no person's value.
    pub(super) shared_by: u32,
}

/// Contacts by their value.
#[derive(Debug, Default)]
pub(super) struct Values {
    contacts: Groups<ContactIndex>,
    /// For each contact its value.
    value_of: Vec<u32>,
    /// For each value how many different customers hold it.
    customers: Vec<u32>,
}

impl Values {
    pub(super) fn new(facts: &Facts, customers: &CustomerRows) -> Self {
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
    pub(super) fn len(&self) -> usize {
        self.contacts.len()
    }

    /// The contacts with a value.
    pub(super) fn contacts(&self, value: usize) -> &[ContactIndex] {
        self.contacts.of(value)
    }

    /// The value of a contact.
    pub(super) fn of(&self, place: ContactIndex) -> usize {
        self.value_of[place.get()] as usize
    }

    /// How many customers hold a contact's value.
    pub(super) fn shared_by(&self, place: ContactIndex) -> u32 {
        self.customers[self.of(place)]
    }
}

/// What contacts with one value have in common.
#[derive(Debug, Default)]
pub(super) struct Pooled {
    /// First capture; [`NO_DAY`] where nothing says it.
    first: i32,
    /// Days of all captures, ascending.
    captures: Vec<i32>,
    /// Signals by day, each once.
    signals: Vec<DatedSignal>,
    /// Written over for each contact.
    own: Vec<DatedSignal>,
}

impl Evidence<'_> {
    /// Gathers what is known of the contacts of a group, or of one of them alone where too many share the value.
    fn pool(&self, members: &[ContactIndex], as_of: i32, pooled: &mut Pooled) {
        self.captures(members, as_of, pooled);
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
    fn captures(&self, members: &[ContactIndex], as_of: i32, pooled: &mut Pooled) {
        pooled.captures.clear();
        pooled.signals.clear();
        for place in members {
            let contact = self.facts.contact(*place);
            let captured = self.facts.row(contact.row).captured();
            match self.earlier.get(place) {
                Some(earlier) => pooled.captures.extend(earlier.captures(captured).filter(|day| *day < as_of)),
                None if captured != NO_DAY && captured < as_of => pooled.captures.push(captured),
                None => {}
            }
        }
        pooled.captures.sort_unstable();
        pooled.captures.dedup();
        pooled.first = pooled.captures.first().copied().unwrap_or(NO_DAY);
    }

    fn push_signals(&self, contact: &Contact, events: &[Event], as_of: i32, signals: &mut Vec<DatedSignal>) {
        let (kind, tag, is_primary) = (contact.kind(), contact.tag(), contact.is_primary());
        for event in events.iter().take_while(|event| event.day < as_of) {
            if let Some(signal) = self.events.signal(*event, kind, tag, is_primary) {
                signals.push(DatedSignal { day: event.day, signal });
            }
        }
    }

    /// The history of one contact of a pool.
    pub(super) fn history<'p>(&self, place: ContactIndex, as_of: i32, pooled: &'p mut Pooled) -> History<'p> {
        let contact = self.facts.contact(place);
        let row = self.facts.row(contact.row);
        let superseded = self.superseded(contact, pooled.captures.last().copied().unwrap_or(NO_DAY), as_of);
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
        let says_died = |member: &RowIndex| self.facts.row(*member).says(NoteKind::Deceased);
        History {
            kind: contact.kind(),
            class: contact.class,
            age: age(row.born, as_of),
            changes: self.earlier.get(&place).map_or(0, |earlier| earlier.changes),
            captured: (pooled.first != NO_DAY).then_some(pooled.first),
            signals,
            dead_domain: contact.has_dead_domain(),
            deceased: members.iter().any(says_died),
        }
    }

    /// The day on which another row of the customer captured a different value of the same sort, later than this one was
    /// captured last, where that row does not hold this one as well.
    fn superseded(&self, contact: &Contact, last: i32, as_of: i32) -> Option<i32> {
        let members = self.customers.beside(contact.row);
        if members.len() < 2 {
            return None;
        }
        let others = members.iter().filter(|row| **row != contact.row).filter_map(|row| {
            let captured = self.facts.row(*row).captured();
            // An undated value can't be said to be the older one.
            if captured == NO_DAY || captured >= as_of || last == NO_DAY || captured <= last {
                return None;
            }
            let own = self.facts.contacts_of(*row);
            let has_same = own.iter().any(|other| other.key == contact.key);
            let has_other = own.iter().any(|other| !other.is_unusable() && is_of_a_sort(contact, other));
            (!has_same && has_other).then_some(captured)
        });
        others.min()
    }

    /// Whether a contact is one that decay is about: somebody's own, right when it was captured.
    pub(super) fn is_eligible(&self, values: &Values, place: ContactIndex) -> bool {
        let contact = self.facts.contact(place);
        !contact.is_unusable() && !contact.is_nobodys() && values.shared_by(place) <= self.shared_by
    }

    /// Works through all contacts, those with one value together; hands out each one's history with a state of its stretch.
    /// Returns the states in the order of the stretches.
    fn each<S: Send>(
        &self,
        values: &Values,
        as_of: i32,
        start: impl Fn(usize) -> S + Sync,
        take: impl Fn(&mut S, ContactIndex, &History<'_>) + Sync,
    ) -> Vec<S> {
        let stretches = values.len().div_ceil(GROUPS_A_TASK);
        let work = |stretch: usize| {
            let mut state = start(stretch);
            let mut pooled = Pooled::default();
            let own = stretch * GROUPS_A_TASK..values.len().min((stretch + 1) * GROUPS_A_TASK);
            for value in own {
                let members = values.contacts(value);
                if values.customers[value] <= self.shared_by {
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

    /// Counts the tenures of all eligible contacts, by kind.
    pub(super) fn tenures(&self, values: &Values, as_of: i32) -> [Tenures; 2] {
        let kinds = || [Tenures::new(ContactKind::Email), Tenures::new(ContactKind::Phone)];
        let stretches = values.len().div_ceil(GROUPS_A_TASK);
        // A table of counts is large: one for each thread's share rather than for each stretch.
        let shares = rayon::current_num_threads().clamp(1, stretches.max(1));
        let work = |share: usize| {
            let mut tenures = kinds();
            let mut pooled = Pooled::default();
            for value in share * values.len() / shares..(share + 1) * values.len() / shares {
                let members = values.contacts(value);
                if values.customers[value] > self.shared_by {
                    continue;
                }
                self.captures(members, as_of, &mut pooled);
                for place in members.iter().copied() {
                    if self.is_eligible(values, place) {
                        let history = self.history(place, as_of, &mut pooled);
                        tenures[history.kind as usize].add(&history, as_of);
                    }
                }
            }
            tenures
        };
        let parts: Vec<[Tenures; 2]> = (0..shares).into_par_iter().map(work).collect();
        parts.into_iter().fold(kinds(), |mut sum, part| {
            sum.iter_mut().zip(&part).for_each(|(sum, part)| sum.merge(part));
            sum
        })
    }

    /// The probability of each contact that can go stale, by place; NaN for the others.
    pub(super) fn scores(&self, values: &Values, model: &Model, as_of: i32) -> Scores {
        let parts = self.each(
            values,
            as_of,
            |_| Vec::new(),
            |scores: &mut Vec<(ContactIndex, Scored)>, place, history| {
                if self.facts.contact(place).is_unusable() {
                    return;
                }
                let signals = history.signals.iter().filter(|signal| signal.day < as_of).count();
                scores.push((
                    place,
                    Scored {
                        p: model.score(history, as_of).p as f32,
                        captured: history.captured.unwrap_or(NO_DAY),
                        has_signals: signals > 0,
                    },
                ));
            },
        );
        let mut scores = Scores {
            p: vec![f32::NAN; self.facts.contacts().len()],
            captured: vec![NO_DAY; self.facts.contacts().len()],
            has_signals: vec![false; self.facts.contacts().len()],
        };
        for (place, scored) in parts.into_iter().flatten() {
            scores.p[place.get()] = scored.p;
            scores.captured[place.get()] = scored.captured;
            scores.has_signals[place.get()] = scored.has_signals;
        }
        scores
    }

    /// The history of one contact as of a day; `model` of it is what `clean` says of the contact.
    pub(super) fn ask<T>(
        &self,
        values: &Values,
        place: ContactIndex,
        as_of: i32,
        answer: impl FnOnce(&History<'_>) -> T,
    ) -> T {
        let mut pooled = Pooled::default();
        let value = values.of(place);
        let alone = [place];
        let members = if values.customers[value] <= self.shared_by { values.contacts(value) } else { &alone[..] };
        self.pool(members, as_of, &mut pooled);
        answer(&self.history(place, as_of, &mut pooled))
    }
}

/// Values that one task works through.
const GROUPS_A_TASK: usize = 1 << 13;

#[derive(Debug, Clone, Copy)]
struct Scored {
    p: f32,
    captured: i32,
    has_signals: bool,
}

/// What came out for each contact.
#[derive(Debug, Default)]
pub(super) struct Scores {
    /// The probability that it is stale; NaN where there is nothing to judge.
    pub(super) p: Vec<f32>,
    /// When it was first captured.
    pub(super) captured: Vec<i32>,
    /// Anything beside its tenure is known.
    pub(super) has_signals: Vec<bool>,
}

/// Whether two contacts can stand for one another: addresses, mobiles, or lines at a place.
fn is_of_a_sort(left: &Contact, right: &Contact) -> bool {
    left.kind() == right.kind() && (left.kind() == ContactKind::Email || left.class == right.class)
}

/// Whole years; none where the birth date is unknown or no age of a customer.
fn age(born: i32, as_of: i32) -> Option<u8> {
    if born == NO_DAY {
        return None;
    }
    let years = i64::from(as_of - born) * 400 / 146_097;
    u8::try_from(years).ok().filter(|years| *years < 120)
}
