//! What the workspace knows of a customer beside the card: what was planned, what was answered, what waits for acceptance.

use rusqlite::{OptionalExtension, params};

use crate::record::{ContactKind, CustomerId};
use crate::store::{Store, StoreError};

/// A contact that was planned, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedContact {
    /// Its number.
    pub id: i64,
    /// Of which campaign.
    pub campaign: String,
    /// `sms`, `call`, `email`.
    pub channel: String,
    /// E.164 or an address.
    pub recipient: String,
    /// Where it stands.
    pub state: String,
    /// Why, as a code.
    pub reason: String,
    /// RFC 3339: when it is due, or where it is past that, when it changed last.
    pub at: String,
}

/// A planned contact as answers to it see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedAbout {
    /// Whose it is.
    pub customer: CustomerId,
    /// What was used.
    pub kind: ContactKind,
    /// E.164 or an address.
    pub recipient: String,
    /// Its key.
    pub key: String,
    /// Fields that were to be verified, joined by `;`.
    pub to_verify: String,
    /// Where it stands.
    pub state: String,
}

/// An event of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastAnswer {
    /// RFC 3339.
    pub at: String,
    /// As in event files.
    pub channel: String,
    /// As in event files.
    pub event: String,
    /// The contact's key.
    pub key: String,
}

/// A value that waits for acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingValue {
    /// Of which field.
    pub field: String,
    /// What was known before.
    pub old: String,
    /// What it is now.
    pub new: String,
    /// RFC 3339.
    pub at: String,
}

impl Store {
    /// What was planned for a customer, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn planned_contacts(&self, customer: CustomerId, most: usize) -> Result<Vec<AskedContact>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, campaign, channel, recipient, state, reason, iif(state = 'pending', due_at, changed_at)
             FROM outbox WHERE customer = ?1 AND state <> 'cancelled' ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![customer.0 as i64, most as i64], |row| {
            Ok(AskedContact {
                id: row.get(0)?,
                campaign: row.get(1)?,
                channel: row.get(2)?,
                recipient: row.get(3)?,
                state: row.get(4)?,
                reason: row.get(5)?,
                at: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What an answer to a planned contact needs to know of it: whose it is, at which contact, and what was to be verified.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn asked_about(&self, id: i64) -> Result<Option<AskedAbout>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT customer, channel = 'email', recipient, recipient_key, to_verify, state FROM outbox WHERE id = ?1",
        )?;
        let found = statement
            .query_row([id], |row| {
                Ok(AskedAbout {
                    customer: CustomerId(row.get::<_, i64>(0)? as u64),
                    kind: if row.get(1)? { ContactKind::Email } else { ContactKind::Phone },
                    recipient: row.get(2)?,
                    key: row.get(3)?,
                    to_verify: row.get(4)?,
                    state: row.get(5)?,
                })
            })
            .optional()?;
        Ok(found)
    }

    /// What was said by or of these contacts, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn past_answers<'k>(
        &self,
        contacts: impl IntoIterator<Item = (ContactKind, &'k str)>,
        most: usize,
    ) -> Result<Vec<PastAnswer>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT at, channel, event, key FROM contact_event WHERE kind = ?1 AND key = ?2 ORDER BY at DESC, id DESC LIMIT ?3",
        )?;
        let mut found = Vec::new();
        for (kind, key) in contacts {
            let rows = statement.query_map(params![kind.as_str(), key, most as i64], |row| {
                Ok(PastAnswer { at: row.get(0)?, channel: row.get(1)?, event: row.get(2)?, key: row.get(3)? })
            })?;
            for row in rows {
                found.push(row?);
            }
        }
        found.sort_by(|one, other| other.at.cmp(&one.at));
        found.truncate(most);
        Ok(found)
    }

    /// What a customer gave anew and nobody accepted yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn pending_values(&self, customer: CustomerId) -> Result<Vec<PendingValue>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT field, old, new, at FROM pending_change WHERE customer = ?1 AND state = 'pending' ORDER BY id",
        )?;
        let rows = statement.query_map([customer.0 as i64], |row| {
            Ok(PendingValue { field: row.get(0)?, old: row.get(1)?, new: row.get(2)?, at: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
