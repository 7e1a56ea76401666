//! What answers change in the workspace: the state of what was sent, the suppression list, the evidence for later runs, and
//! the values that wait for acceptance. Each answer is one transaction, and the same one twice changes nothing.

mod calls;
mod history;
mod inbound;
mod reports;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::outbox::{Changed, change};
use super::suppression::{self, ToSuppress};
use super::{Store, StoreError};
use crate::record::{
    Answer, ContactKind, CustomerId, EventChannel, EventKind, OutboxState, Outcome, Suppressed, Suppression,
    SuppressionReason, SuppressionScope, moment,
};

pub use calls::{Call, HandedOut};
pub use history::{AskedAbout, AskedContact, PastAnswer, PendingValue};
pub use inbound::{Inbound, InboundMeaning, TakenIn};
pub(super) use reports::apply;
pub use reports::{GatewayReport, Reported};

/// What writing an answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was new.
    New,
    /// It was known.
    Known,
    /// It names a planned contact that is not in the workspace.
    NoRow,
}

/// The planned contact that an answer is about.
pub(super) struct Asked {
    pub(super) id: i64,
    pub(super) customer: i64,
    pub(super) kind: ContactKind,
    pub(super) key: String,
    pub(super) is_audit: bool,
}

impl Store {
    /// Writes an answer down with all that follows from it, all or nothing.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn record_answer(&mut self, answer: &Answer) -> Result<Recorded, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let recorded = record(&transaction, answer)?;
        transaction.commit()?;
        Ok(recorded)
    }
}

/// Writes an answer down within a transaction of the caller's.
pub(super) fn record(connection: &Connection, answer: &Answer) -> Result<Recorded, StoreError> {
    let at = moment(answer.at);
    let asked = match answer.outbox {
        Some(id) => match asked(connection, id)? {
            Some(asked) => Some(asked),
            None => return Ok(Recorded::NoRow),
        },
        None => None,
    };
    let asked = asked.as_ref();
    let customer = answer.customer.or(asked.map(|asked| CustomerId(asked.customer as u64)));
    let contact = answer.contact.clone().or(asked.map(|asked| (asked.kind, asked.key.clone())));
    let mut is_new = false;
    if let Some(asked) = asked {
        let (state, reason) = state_of(answer.outcome);
        is_new |= change(connection, asked.id, state, reason, &at)? == Changed::Done;
    }
    let about = About { answer, asked, customer, at: &at };
    if let (Some(event), Some((kind, key))) = (answer.outcome.event(), &contact) {
        is_new |= about.keep_event(connection, event, *kind, key)?;
    }
    for (kind, key) in &answer.confirmed {
        is_new |= about.keep_event(connection, EventKind::Confirmed, *kind, key)?;
    }
    for update in &answer.updates {
        if let Some((kind, key)) = &update.contact {
            is_new |= about.keep_event(connection, EventKind::Updated, *kind, key)?;
        }
    }
    is_new |= about.keep_updates(connection)?;
    is_new |= about.keep_note(connection)?;
    for entry in about.to_suppress(contact) {
        is_new |= suppression::add(connection, &entry)?.is_new;
    }
    if answer.outcome.ends_asking() {
        is_new |= about.take_back(connection)? > 0;
    }
    Ok(if is_new { Recorded::New } else { Recorded::Known })
}

/// The state that an outcome comes to, and the reason that is written beside it.
const fn state_of(outcome: Outcome) -> (OutboxState, &'static str) {
    match outcome {
        Outcome::Refused => (OutboxState::OptedOut, outcome.as_str()),
        Outcome::NoAnswer | Outcome::Disconnected => (OutboxState::Failed, outcome.as_str()),
        _ => (OutboxState::Answered, outcome.as_str()),
    }
}

pub(super) fn asked(connection: &Connection, id: i64) -> rusqlite::Result<Option<Asked>> {
    connection
        .prepare_cached("SELECT id, customer, channel = 'email', recipient_key, is_audit FROM outbox WHERE id = ?1")?
        .query_row([id], |row| {
            let kind = if row.get(2)? { ContactKind::Email } else { ContactKind::Phone };
            Ok(Asked { id: row.get(0)?, customer: row.get(1)?, kind, key: row.get(3)?, is_audit: row.get(4)? })
        })
        .optional()
}

/// An answer with what is known of whom it is about.
struct About<'a> {
    answer: &'a Answer,
    asked: Option<&'a Asked>,
    customer: Option<CustomerId>,
    at: &'a str,
}

impl About<'_> {
    /// Keeps an event as evidence, once for a planned contact, whenever its answer is said to have come.
    fn keep_event(
        &self,
        connection: &Connection,
        event: EventKind,
        kind: ContactKind,
        key: &str,
    ) -> rusqlite::Result<bool> {
        let outbox = self.asked.map(|asked| asked.id);
        let kept = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO contact_event
                     (at, channel, event, kind, key, customer, outbox, is_audit, code, source)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
                 WHERE ?7 IS NULL OR NOT EXISTS
                     (SELECT 1 FROM contact_event
                      WHERE kind = ?4 AND key = ?5 AND outbox = ?7 AND event = ?3 AND source = ?10)",
            )?
            .execute(params![
                self.at,
                self.answer.channel.as_str(),
                event.as_str(),
                kind.as_str(),
                key,
                self.customer.map(|customer| customer.0 as i64),
                outbox,
                self.asked.is_some_and(|asked| asked.is_audit),
                self.answer.code,
                self.answer.source,
            ])?;
        Ok(kept > 0)
    }

    fn keep_updates(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let Some(customer) = self.customer else { return Ok(false) };
        let mut is_new = false;
        for update in &self.answer.updates {
            // What was accepted or rejected once is not asked about again.
            let kept = connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO pending_change (customer, field, old, new, outbox, source, at)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                     WHERE ?5 IS NULL OR NOT EXISTS
                         (SELECT 1 FROM pending_change WHERE customer = ?1 AND field = ?2 AND new = ?4 AND outbox = ?5)",
                )?
                .execute(params![
                    customer.0 as i64,
                    update.field,
                    update.old,
                    update.new,
                    self.asked.map(|asked| asked.id),
                    self.answer.source,
                    self.at,
                ])?;
            is_new |= kept > 0;
        }
        Ok(is_new)
    }

    /// What a caller wrote beside the outcome is for a person to read, as a message of the customer would be.
    fn keep_note(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let (Some(asked), EventChannel::Call, false) = (self.asked, self.answer.channel, self.answer.note.is_empty())
        else {
            return Ok(false);
        };
        let kept = connection
            .prepare_cached(
                "INSERT OR IGNORE INTO inbound_message
                     (gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'reply')",
            )?
            .execute(params![
                self.answer.source,
                format!("{}:{}", asked.id, self.answer.outcome),
                self.at,
                asked.key,
                self.answer.note,
                asked.id,
                asked.customer,
            ])?;
        Ok(kept > 0)
    }

    /// Entries of the suppression list that follow.
    fn to_suppress(&self, contact: Option<(ContactKind, String)>) -> Vec<ToSuppress> {
        let entry = |what, reason| Suppression {
            number: 0,
            what,
            scope: SuppressionScope::All,
            reason,
            source: self.answer.source.clone(),
            note: self.answer.note.clone(),
            checked_on: None,
            added_at: self.at.to_owned(),
            lifted_at: None,
            of: None,
        };
        let reason = match self.answer.outcome {
            Outcome::Refused => SuppressionReason::OptOut,
            Outcome::Deceased => SuppressionReason::Deceased,
            Outcome::WrongPerson => {
                let only = contact.map(|(kind, key)| {
                    let what = Suppressed::Contact(kind, key);
                    ToSuppress { entry: entry(what, SuppressionReason::WrongPerson), contacts: Vec::new() }
                });
                return only.into_iter().collect();
            }
            _ => return Vec::new(),
        };
        let mut contacts = self.answer.contacts.clone();
        contacts.extend(contact);
        contacts.sort();
        contacts.dedup();
        match self.customer {
            Some(id) => vec![ToSuppress { entry: entry(Suppressed::Customer(id), reason), contacts }],
            None => {
                let each = contacts.into_iter().map(|(kind, key)| ToSuppress {
                    entry: entry(Suppressed::Contact(kind, key), reason),
                    contacts: Vec::new(),
                });
                each.collect()
            }
        }
    }

    /// Takes back what is still to be sent to the customer; where it refused, also to whoever may be the same person.
    fn take_back(&self, connection: &Connection) -> Result<u64, StoreError> {
        let also = match self.answer.outcome {
            Outcome::Refused | Outcome::Deceased => self.answer.also.as_slice(),
            _ => &[],
        };
        let mut taken = 0;
        for customer in self.customer.iter().chain(also) {
            taken += take_back(connection, *customer, self.answer.outcome.as_str(), self.at)?;
        }
        Ok(taken)
    }
}

/// Takes back whatever is still to be sent to a customer.
pub(super) fn take_back(
    connection: &Connection,
    customer: CustomerId,
    reason: &str,
    at: &str,
) -> Result<u64, StoreError> {
    let pending: Vec<i64> = connection
        // The first condition is that of the index.
        .prepare_cached("SELECT id FROM outbox WHERE state <> 'cancelled' AND customer = ?1 AND state = 'pending'")?
        .query_map([customer.0 as i64], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut taken = 0;
    for row in pending {
        taken += u64::from(change(connection, row, OutboxState::Cancelled, reason, at)? == Changed::Done);
    }
    Ok(taken)
}

#[cfg(test)]
mod tests;
