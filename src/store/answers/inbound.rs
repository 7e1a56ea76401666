//! Messages that customers write: a refusal, or something for a person to read.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::record;
use crate::record::{Answer, ContactKind, CustomerId, EventChannel, Outcome, moment};
use crate::store::{Store, StoreError};

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InboundMeaning {
    /// A word that ends messages, and nothing else.
    OptOut,
    /// Such a word among others: taken for a refusal, and shown to a person.
    OptOutInDoubt,
    /// Anything else: the customer is there.
    Reply,
}

impl InboundMeaning {
    /// The word in the workspace.
    pub const fn as_str(self) -> &'static str {
        match self {
            InboundMeaning::OptOut => "opt_out",
            InboundMeaning::OptOutInDoubt => "opt_out_in_doubt",
            InboundMeaning::Reply => "reply",
        }
    }
}

/// A message that somebody wrote. What is formatted for a log says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Inbound {
    /// Name of the gateway, as in `tiuv.toml`.
    pub gateway: String,
    /// Its own name of the message.
    pub gateway_id: String,
    /// Key of the sender's number or address.
    pub sender: (ContactKind, String),
    /// The text.
    pub body: String,
    /// What it says.
    pub meaning: InboundMeaning,
    /// When it came.
    pub at: Timestamp,
    /// All contacts of the customer whose it seems to be, to be closed where it refused.
    pub contacts: Vec<(ContactKind, String)>,
    /// Customers who may be the same person.
    pub also: Vec<CustomerId>,
}

impl std::fmt::Debug for Inbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inbound({})", self.meaning.as_str())
    }
}

/// What taking a message in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// False where it was known.
    pub is_new: bool,
    /// The customer whose it is, if anybody was asked at that number or address.
    pub customer: Option<CustomerId>,
}

impl Store {
    /// The customer who was asked last at this number or address, with the planned contact.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn asked_last(&self, kind: ContactKind, key: &str) -> Result<Option<(i64, CustomerId)>, StoreError> {
        Ok(asked_last(&self.connection, kind, key)?)
    }

    /// Takes a message in, once, with all that follows from it.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn take_in(&mut self, message: &Inbound) -> Result<TakenIn, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (kind, key) = &message.sender;
        let asked = asked_last(&transaction, *kind, key)?;
        let (outbox, customer) = (asked.map(|(outbox, _)| outbox), asked.map(|(_, customer)| customer));
        let is_new = transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO inbound_message
                     (gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                message.gateway,
                message.gateway_id,
                moment(message.at),
                key,
                message.body,
                outbox,
                customer.map(|customer| customer.0 as i64),
                message.meaning.as_str(),
                // A plain refusal has been done with what follows here.
                if message.meaning == InboundMeaning::OptOut { "done" } else { "pending" },
            ])?
            > 0;
        if is_new {
            let is_reply = message.meaning == InboundMeaning::Reply;
            let channel = match kind {
                ContactKind::Email => EventChannel::Email,
                ContactKind::Phone => EventChannel::Sms,
            };
            let outcome = if is_reply { Outcome::Replied } else { Outcome::Refused };
            let in_doubt = message.meaning == InboundMeaning::OptOutInDoubt;
            let answer = Answer {
                outbox,
                customer,
                contact: Some((*kind, key.clone())),
                contacts: message.contacts.clone(),
                also: message.also.clone(),
                note: if in_doubt { "in doubt: read the message".to_owned() } else { String::new() },
                ..Answer::new(outcome, channel, message.at, &format!("gateway:{}", message.gateway))
            };
            record(&transaction, &answer)?;
        }
        transaction.commit()?;
        Ok(TakenIn { is_new, customer })
    }
}

fn asked_last(connection: &Connection, kind: ContactKind, key: &str) -> rusqlite::Result<Option<(i64, CustomerId)>> {
    connection
        .prepare_cached(
            "SELECT id, customer FROM outbox
             WHERE recipient_key = ?1 AND (channel = 'email') = ?2 AND state NOT IN ('pending', 'cancelled')
             ORDER BY changed_at DESC, id DESC LIMIT 1",
        )?
        .query_row(params![key, kind == ContactKind::Email], |row| {
            Ok((row.get(0)?, CustomerId(row.get::<_, i64>(1)? as u64)))
        })
        .optional()
}
