//! The events of event files and of the workspace, by row and by contact.

use std::collections::HashMap;

use rayon::prelude::*;

use super::facts::{Facts, key_hash};
use crate::contact::ContactKeys;
use crate::record::{
    Channel, ContactEvent, ContactIndex, ContactKind, CustomerRows, Day, EventKind, Groups, Restrictions, RowIndex,
    Rows, Signal, mix, tag_of,
};
use crate::rule::{EventMeaning, EventRules};
use crate::text::plain_key;

/// Something that happened to a row or to a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Event {
    pub(crate) day: Day,
    /// Place among the meanings of `rules/events.toml`.
    pub(crate) meaning: u8,
    /// The contact that it names ([`tag_of`]), or of a purchase what it came to, in hundredths; 0 for none.
    pub(crate) value: u32,
}

/// Events of all rows.
#[derive(Debug)]
pub(crate) struct Events {
    rules: EventRules,
    /// Of each row, by day; empty where there are none at all.
    of_rows: Groups<Event>,
    /// Events that name a contact by its key: those of the workspace, and of files that know no other key.
    by_contact: HashMap<u64, Vec<Event>>,
    /// A fixed hash of all that is used.
    content: u64,
}

/// What became of events beside those used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventCounts {
    /// Of files, that were there before.
    pub(crate) repeated: u64,
    /// Of the workspace, that were used.
    pub(crate) remembered: u64,
}

/// The rows that keys name.
pub(crate) struct KeyIndex {
    /// By keys as they stand.
    rows: Owners,
    /// By the plain forms of those that are written otherwise.
    plain: Owners,
}

type Owners = HashMap<u64, Owner, std::hash::BuildHasherDefault<Passed>>;

/// The contacts of all rows by their keys.
pub(crate) struct ContactIndexes(Vec<(u64, ContactIndex)>);

impl ContactIndexes {
    /// Of all rows.
    pub(crate) fn new(facts: &Facts) -> Self {
        let contacts = facts.contacts();
        let mut keyed: Vec<(u64, ContactIndex)> = contacts
            .iter()
            .zip(ContactIndex::first(contacts.len()))
            .map(|(contact, place)| (contact.key, place))
            .collect();
        keyed.par_sort_unstable();
        ContactIndexes(keyed)
    }

    /// The contacts with a key, in the order of rows.
    fn of(&self, key: u64) -> &[(u64, ContactIndex)] {
        let from = self.0.partition_point(|(own, _)| *own < key);
        let rest = &self.0[from..];
        &rest[..rest.partition_point(|(own, _)| *own == key)]
    }

    /// Whether some row has it.
    pub(crate) fn has(&self, key: u64) -> bool {
        !self.of(key).is_empty()
    }

    /// Of each customer who has it the row that was captured last, in the order of rows; none where more than `most` have it: then
    /// it is nobody's own.
    pub(crate) fn rows_of_customers(
        &self,
        key: u64,
        most: u32,
        facts: &Facts,
        customers: &CustomerRows,
    ) -> Option<Vec<RowIndex>> {
        let mut rows: Vec<RowIndex> = Vec::new();
        for (_, place) in self.of(key) {
            let row = facts.contact(*place).row;
            let customer = customers.customer_of(row);
            match rows.iter().position(|known| customers.customer_of(*known) == customer) {
                Some(at) if facts.row(row).captured() > facts.row(rows[at]).captured() => rows[at] = row,
                Some(_) => {}
                None if rows.len() >= most as usize => return None,
                None => rows.push(row),
            }
        }
        Some(rows)
    }
}

/// Whom a key names.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    /// A row.
    Row(RowIndex),
    /// Rows of several customers.
    Several,
}

/// Keys are hashes already.
#[derive(Default)]
struct Passed(u64);

impl std::hash::Hasher for Passed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl KeyIndex {
    /// Of the rows of these lists. A key of several rows of one customer names the one captured last; of rows of several
    /// customers, nobody.
    pub(crate) fn new(facts: &Facts, rows: &Rows, lists: &[bool], customers: &CustomerRows) -> Self {
        let mut index = KeyIndex {
            rows: HashMap::with_capacity_and_hasher(facts.rows.len(), Default::default()),
            plain: HashMap::default(),
        };
        let keyed = RowIndex::first(facts.keys.len()).zip(&facts.keys).filter(|(_, key)| **key != 0);
        for (row, key) in keyed {
            if !lists[rows.place(row).list] {
                continue;
            }
            add(&mut index.rows, *key, row, facts, customers);
            let written = rows.key(row);
            if !is_plain(written) {
                add(&mut index.plain, key_hash(&plain_key(written)), row, facts, customers);
            }
        }
        index
    }

    /// Whom a key names; none where no row has it. As it stands first, then as spreadsheets and other programs write it.
    pub(crate) fn find(&self, key: &str) -> Option<Owner> {
        let as_written = self.rows.get(&key_hash(key));
        let found = as_written.or_else(|| {
            let plain = key_hash(&plain_key(key));
            self.rows.get(&plain).or_else(|| self.plain.get(&plain))
        });
        found.copied()
    }
}

fn add(owners: &mut Owners, key: u64, row: RowIndex, facts: &Facts, customers: &CustomerRows) {
    let choose = |owner: &mut Owner| {
        let Owner::Row(known) = *owner else { return };
        *owner = if customers.customer_of(known) != customers.customer_of(row) {
            Owner::Several
        } else if facts.row(row).captured() > facts.row(known).captured() {
            Owner::Row(row)
        } else {
            *owner
        };
    };
    owners.entry(key).and_modify(choose).or_insert(Owner::Row(row));
}

/// Whether a key is its own plain form, as most are.
fn is_plain(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_digit()) && !key.starts_with('0')
}

impl Events {
    /// Gives each event that was read to its row or its contact; `parts` hold them in the order of files. Returns how many were
    /// there before.
    pub(crate) fn new(
        rules: EventRules,
        parts: Vec<Vec<(RowIndex, Event)>>,
        of_contacts: Vec<(u64, Event)>,
        remembered: &[ContactEvent],
        facts: &Facts,
        today: Day,
    ) -> (Self, EventCounts) {
        let mut events = Events { rules, of_rows: Groups::default(), by_contact: HashMap::new(), content: 0 };
        let repeated = events.sort_in(parts, facts.rows.len()) + events.sort_by_contact(of_contacts);
        let remembered = events.remember(remembered, today);
        events.content = events.fingerprint(facts);
        (events, EventCounts { repeated, remembered })
    }

    /// Sorts events by row and day, each once; returns how many were there before.
    fn sort_in(&mut self, parts: Vec<Vec<(RowIndex, Event)>>, rows: usize) -> u64 {
        let total: usize = parts.iter().map(Vec::len).sum();
        if total == 0 {
            return 0;
        }
        let mut starts = vec![0u32; rows + 1];
        parts.iter().flatten().for_each(|(row, _)| starts[row.get() + 1] += 1);
        for row in 0..rows {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut items = vec![Event { day: Day::EPOCH, meaning: 0, value: 0 }; total];
        for part in parts {
            for (row, event) in part {
                let place = &mut next[row.get()];
                items[*place as usize] = event;
                *place += 1;
            }
        }
        drop(next);
        // Each row's events are sorted where they stand; rows are dealt out to threads in stretches.
        let mut stretches: Vec<(&mut [Event], &[u32])> = Vec::new();
        let mut rest = &mut items[..];
        for ends in starts.windows(ROWS_A_TASK + 1).step_by(ROWS_A_TASK).chain(last_window(&starts)) {
            let (own, others) = rest.split_at_mut((ends[ends.len() - 1] - ends[0]) as usize);
            stretches.push((own, ends));
            rest = others;
        }
        stretches.into_par_iter().for_each(|(own, ends)| {
            for pair in ends.windows(2) {
                own[(pair[0] - ends[0]) as usize..(pair[1] - ends[0]) as usize].sort_unstable();
            }
        });
        // Close the gaps that repeated events leave.
        let mut kept = 0;
        let mut ends = Vec::with_capacity(rows);
        for row in 0..rows {
            let own = starts[row] as usize..starts[row + 1] as usize;
            let first = kept;
            for at in own {
                if kept == first || items[kept - 1] != items[at] {
                    items[kept] = items[at];
                    kept += 1;
                }
            }
            ends.push(kept as u32);
        }
        items.truncate(kept);
        self.of_rows = Groups::from_parts(items, ends);
        (total - kept) as u64
    }

    /// Sorts events of files by the contacts that they name, each once; returns how many were there before.
    fn sort_by_contact(&mut self, mut events: Vec<(u64, Event)>) -> u64 {
        let total = events.len();
        events.par_sort_unstable();
        events.dedup();
        for own in events.chunk_by(|left, right| left.0 == right.0) {
            self.by_contact.insert(own[0].0, own.iter().map(|(_, event)| *event).collect());
        }
        (total - events.len()) as u64
    }

    /// Takes in what the workspace keeps of the days before today.
    fn remember(&mut self, remembered: &[ContactEvent], today: Day) -> u64 {
        let mut used = 0;
        for event in remembered.iter().filter(|event| event.day < today) {
            let Some(meaning) = self.rules.meaning(event.channel, event.event, &event.code) else { continue };
            let key = ContactKeys::hash(event.kind, &event.key);
            self.by_contact.entry(key).or_default().push(Event { day: event.day, meaning, value: tag_of(key) });
            used += 1;
        }
        for own in self.by_contact.values_mut() {
            own.sort_unstable();
            own.dedup();
        }
        used
    }

    fn fingerprint(&self, facts: &Facts) -> u64 {
        let of = |event: &Event| {
            mix(u64::from(event.day.get() as u32) << 32 | u64::from(event.meaning)) ^ mix(u64::from(event.value))
        };
        let rows = (0..facts.rows.len()).into_par_iter().map(|row| {
            let own = self.of_row(RowIndex::new(row)).iter();
            own.fold(0u64, |sum, event| sum.wrapping_add(mix(of(event) ^ mix(row as u64))))
        });
        // Sums do not depend on the order, nor on the hash map's.
        let contacts = self.by_contact.iter().flat_map(|(key, own)| own.iter().map(move |event| mix(of(event) ^ *key)));
        rows.reduce(|| 0, u64::wrapping_add).wrapping_add(contacts.fold(0, u64::wrapping_add))
    }

    /// A fixed hash of all events that are used.
    pub(crate) const fn content(&self) -> u64 {
        self.content
    }

    /// A row's events by day.
    pub(crate) fn of_row(&self, row: RowIndex) -> &[Event] {
        if self.of_rows.is_empty() { &[] } else { self.of_rows.of(row.get()) }
    }

    /// What the workspace keeps of a contact, by day.
    pub(crate) fn of_contact(&self, key: u64) -> &[Event] {
        if self.by_contact.is_empty() { &[] } else { self.by_contact.get(&key).map_or(&[], Vec::as_slice) }
    }

    /// Whether there is no event.
    pub(crate) fn is_empty(&self) -> bool {
        self.of_rows.is_empty() && self.by_contact.is_empty()
    }

    /// What an event says.
    pub(crate) fn meaning(&self, event: Event) -> &EventMeaning {
        &self.rules.meanings()[usize::from(event.meaning)]
    }

    /// What an event says of a contact of the row that it is of; `is_primary` if it is the row's best of its kind.
    pub(crate) fn signal(&self, event: Event, kind: ContactKind, tag: u32, is_primary: bool) -> Option<Signal> {
        let meaning = self.meaning(event);
        let names_contact = event.value != 0 && meaning.event != EventKind::Purchase;
        match kind {
            _ if names_contact && event.value != tag => None,
            _ if !names_contact && !is_primary => None,
            ContactKind::Email if names_contact => meaning.named_email.or(meaning.email),
            ContactKind::Phone if names_contact => meaning.named_phone.or(meaning.phone),
            ContactKind::Email => meaning.email,
            ContactKind::Phone => meaning.phone,
        }
    }

    /// Adds what an event says against contacting, and when the customer was asked.
    pub(crate) fn hold(&self, event: Event, restrictions: &mut Restrictions) {
        let meaning = self.meaning(event);
        let later = |day: &mut Option<Day>| *day = (*day).max(Some(event.day));
        for channel in &meaning.refuses {
            later(match channel {
                Channel::Sms => &mut restrictions.sms_refused,
                Channel::Email => &mut restrictions.email_refused,
                Channel::Call => &mut restrictions.call_refused,
            });
        }
        if meaning.asks {
            later(&mut restrictions.last_asked);
        }
    }
}

/// Rows whose events one task sorts.
const ROWS_A_TASK: usize = 1 << 14;

/// The stretch behind the last full one.
fn last_window(starts: &[u32]) -> impl Iterator<Item = &[u32]> {
    let rows = starts.len() - 1;
    let done = rows / ROWS_A_TASK * ROWS_A_TASK;
    (done < rows).then(|| &starts[done..]).into_iter()
}
