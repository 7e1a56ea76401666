//! What was planned for a customer, and the planned contact that something which comes in is about.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{Store, StoreError};
use crate::record::{AskedAbout, ContactKind, CustomerId, Field, OutboxState};

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

    /// The runs on whose customers messages were planned that have not left yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn pending_runs(&self) -> Result<Vec<String>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT DISTINCT run FROM outbox WHERE state = 'pending' ORDER BY run")?;
        let runs = statement.query_map([], |row| row.get(0))?;
        Ok(runs.collect::<Result<_, _>>()?)
    }

    /// What an answer to a planned contact needs to know of it: whose it is, at which contact, and what was to be verified.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn asked_about(&self, id: i64) -> Result<Option<AskedAbout>, StoreError> {
        Ok(asked_about(&self.connection, id)?)
    }

    /// The customer who was asked last at this number or address, with the planned contact.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn asked_last(&self, kind: ContactKind, key: &str) -> Result<Option<(i64, CustomerId)>, StoreError> {
        Ok(asked_last(&self.connection, kind, key)?)
    }
}

/// A planned contact by its number.
pub(in crate::store) fn asked_about(connection: &Connection, id: i64) -> rusqlite::Result<Option<AskedAbout>> {
    connection
        .prepare_cached(
            "SELECT customer, channel = 'email', recipient, recipient_key, to_verify, is_audit, state FROM outbox
             WHERE id = ?1",
        )?
        .query_row([id], |row| {
            Ok(AskedAbout {
                id,
                customer: CustomerId(row.get::<_, i64>(0)? as u64),
                kind: if row.get(1)? { ContactKind::Email } else { ContactKind::Phone },
                recipient: row.get(2)?,
                key: row.get(3)?,
                to_verify: Field::listed(row.get_ref(4)?.as_str()?),
                is_audit: row.get(5)?,
                // The schema allows no other word.
                state: OutboxState::parse(row.get_ref(6)?.as_str()?).unwrap_or(OutboxState::Unknown),
            })
        })
        .optional()
}

/// What was sent last to a number or an address, with whose it is.
pub(in crate::store) fn asked_last(
    connection: &Connection,
    kind: ContactKind,
    key: &str,
) -> rusqlite::Result<Option<(i64, CustomerId)>> {
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

/// What a message of a gateway is called here: by the gateway's name of it, else by ours, if it went by this gateway.
pub(in crate::store) fn sent_by(
    connection: &Connection,
    gateway: &str,
    gateway_id: &str,
    reference: Option<i64>,
) -> rusqlite::Result<Option<i64>> {
    let by_name = connection
        .prepare_cached("SELECT id FROM outbox WHERE gateway = ?1 AND gateway_id = ?2 AND gateway_id <> ''")?
        .query_row(params![gateway, gateway_id], |row| row.get(0))
        .optional()?;
    match (by_name, reference) {
        (None, Some(reference)) => connection
            .prepare_cached("SELECT id FROM outbox WHERE id = ?1 AND gateway = ?2 AND state <> 'pending'")?
            .query_row(params![reference, gateway], |row| row.get(0))
            .optional(),
        (by_name, _) => Ok(by_name),
    }
}
