//! To whom an event belongs: the row that its key names, else all rows that hold the address or number that it names.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::super::ContactReader;
use crate::evidence::{ContactIndexes, Event, Facts, KeyIndex, Owner, amount};
use crate::ingest::{EventRecord, SetAside};
use crate::meaning::ReplyReader;
use crate::record::{
    Channel, ContactKind, CustomerRows, Day, EventKind, InboundMeaning, RowIndex, SuppressionReason, SuppressionScope,
    tag_of,
};
use crate::rule::{ByChannel, EventMeaning, EventRules, RefusalReach};

/// An event, and whose it is.
pub(super) enum Owned {
    Row(RowIndex, Event),
    /// By the hash of the contact's key.
    Contact(u64, Event),
}

/// A refusal by an address or number that no row has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StrangersRefusal {
    /// An address or a number.
    pub kind: ContactKind,
    /// Its key.
    pub key: String,
    /// The day.
    pub day: Day,
    /// What it closes.
    pub scope: SuppressionScope,
    /// Whether a message was complained of, or no more of them were wanted.
    pub reason: SuppressionReason,
}

/// What events are joined with.
pub(super) struct Joining<'j> {
    pub(super) reader: &'j ContactReader<'j>,
    pub(super) rules: &'j EventRules,
    /// Reads what customers wrote, where a file may hold it.
    pub(super) replies: Option<&'j ReplyReader>,
    /// How far a refusal reaches.
    pub(super) reach: &'j ByChannel<RefusalReach>,
    /// More customers than this share no person's value.
    pub(super) shared_by: u32,
    pub(super) facts: &'j Facts,
    pub(super) customers: &'j CustomerRows,
    /// The contacts of all rows, made when they are asked for.
    pub(super) contacts: &'j OnceLock<ContactIndexes>,
}

/// The events of one file.
pub(super) struct FileJoining<'j> {
    pub(super) joining: &'j Joining<'j>,
    /// The rows by their keys, where the file has keys.
    pub(super) keys: Option<KeyIndex>,
    strangers: Mutex<BTreeSet<StrangersRefusal>>,
}

impl<'j> Joining<'j> {
    /// For the events of a file.
    pub(super) fn of_file(&'j self, keys: Option<KeyIndex>) -> FileJoining<'j> {
        FileJoining { joining: self, keys, strangers: Mutex::default() }
    }
}

impl FileJoining<'_> {
    /// Adds what an event says to its owners, or says why it has none.
    pub(super) fn add(&self, record: EventRecord<'_>, owned: &mut Vec<Owned>) -> Result<(), SetAside> {
        let joining = self.joining;
        let kind = joining.said(&record);
        let meaning = joining.rules.meaning(record.channel, kind, record.code).ok_or(SetAside::SaysNothing)?;
        let day = record.day;
        let by_key = self.keys.as_ref().filter(|_| !record.record.is_empty()).and_then(|keys| keys.find(record.record));
        if let Some(Owner::Row(row)) = by_key {
            let value = match kind {
                EventKind::Purchase => sum(record.amount),
                _ => joining.reader.hash_of(record.contacts[0]).map_or(0, tag_of),
            };
            owned.push(Owned::Row(row, Event { day, meaning, value }));
            return Ok(());
        }
        match (self.by_contact(&record, kind, meaning, owned), by_key) {
            (Ok(()), _) => Ok(()),
            (Err(_), Some(_)) => Err(SetAside::AmbiguousRecord),
            (Err(SetAside::UnreadableContact), None) if !record.record.is_empty() => Err(SetAside::UnknownRecord),
            (Err(why), None) => Err(why),
        }
    }

    /// Gives an event to the first of its contacts that some row has.
    fn by_contact(
        &self,
        record: &EventRecord<'_>,
        kind: EventKind,
        meaning: u8,
        owned: &mut Vec<Owned>,
    ) -> Result<(), SetAside> {
        let joining = self.joining;
        let says = &joining.rules.meanings()[usize::from(meaning)];
        let contacts = joining.contacts.get_or_init(|| ContactIndexes::new(joining.facts));
        let mut outcome = Err(SetAside::UnreadableContact);
        let mut strangers: Vec<StrangersRefusal> = Vec::new();
        for text in record.contacts.into_iter().filter(|text| !text.is_empty()) {
            joining.reader.each_hash(text, |contact, value, hash| {
                let Some(hash) = hash else { return };
                if !contacts.has(hash) {
                    if outcome == Err(SetAside::UnreadableContact) {
                        outcome = Err(SetAside::UnknownContact);
                    }
                    let refusal = |(scope, reason)| StrangersRefusal {
                        kind: contact,
                        key: joining.reader.key(contact, value),
                        day: record.day,
                        scope,
                        reason,
                    };
                    strangers.extend(joining.refused(says).into_iter().map(refusal));
                    return;
                }
                outcome = match kind {
                    EventKind::Purchase => joining.bought(hash, record, meaning, contacts, owned),
                    _ => {
                        let event = Event { day: record.day, meaning, value: tag_of(hash) };
                        owned.push(Owned::Contact(hash, event));
                        Ok(())
                    }
                };
            });
            if outcome.is_ok() {
                break;
            }
        }
        // Another of its contacts may be known; then the person is held by that one.
        if outcome.is_err() && !strangers.is_empty() {
            self.strangers.lock().unwrap_or_else(PoisonError::into_inner).extend(strangers);
        }
        outcome
    }

    /// The refusals of strangers, in a fixed order.
    pub(super) fn into_strangers(self) -> BTreeSet<StrangersRefusal> {
        self.strangers.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Joining<'_> {
    /// What happened; what a customer wrote is read.
    fn said(&self, record: &EventRecord<'_>) -> EventKind {
        let replies = self.replies.filter(|_| record.kind == EventKind::Replied && !record.text.is_empty());
        let Some(replies) = replies else { return record.kind };
        match replies.read(record.text) {
            // Doubt counts as a refusal, as it does of a message that a gateway brings.
            InboundMeaning::OptOut | InboundMeaning::OptOutInDoubt | InboundMeaning::Deceased => EventKind::ReplyStop,
            InboundMeaning::WrongPerson => EventKind::WrongPerson,
            InboundMeaning::Confirms | InboundMeaning::Reply => EventKind::Replied,
        }
    }

    /// A purchase is the customer's rather than the contact's: of each who has it once.
    fn bought(
        &self,
        hash: u64,
        record: &EventRecord<'_>,
        meaning: u8,
        contacts: &ContactIndexes,
        owned: &mut Vec<Owned>,
    ) -> Result<(), SetAside> {
        let rows = contacts.rows_of_customers(hash, self.shared_by, self.facts, self.customers);
        let event = Event { day: record.day, meaning, value: sum(record.amount) };
        let rows = rows.ok_or(SetAside::AmbiguousRecord)?;
        owned.extend(rows.into_iter().map(|row| Owned::Row(row, event)));
        Ok(())
    }

    /// What an event closes, and why.
    fn refused(&self, says: &EventMeaning) -> Vec<(SuppressionScope, SuppressionReason)> {
        let reason = match says.event {
            EventKind::Complaint => SuppressionReason::Complaint,
            _ => SuppressionReason::OptOut,
        };
        let reaches_all = |channel: &Channel| *self.reach.of(*channel) == RefusalReach::All;
        if says.refuses.len() == Channel::ALL.len() || says.refuses.iter().any(reaches_all) {
            return vec![(SuppressionScope::All, reason)];
        }
        says.refuses.iter().map(|channel| (SuppressionScope::of(*channel), reason)).collect()
    }
}

/// What a purchase came to, in hundredths.
fn sum(text: &str) -> u32 {
    amount(text).map_or(0, |sum| (sum * 100.0) as u32)
}
