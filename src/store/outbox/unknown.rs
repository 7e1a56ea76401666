//! Rows of which nobody knows whether they were sent: how they come to be, and how they are settled.

use jiff::Timestamp;
use rusqlite::{TransactionBehavior, params};

use super::super::switch::DispatchLock;
use super::super::{Store, StoreError};
use super::dispatch::record;
use super::{Changed, SendResult};
use crate::record::{Channel, CustomerId, moment};

/// A row of which nobody knows whether it was sent. What is formatted for a log says its number alone.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownRow {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub customer: CustomerId,
    /// By text message or e-mail.
    pub channel: Channel,
    /// The gateway that may have it.
    pub gateway: String,
    /// E.164 or an address.
    pub recipient: String,
    /// With `{link}` where the link belongs.
    pub body: String,
    /// When it was begun, RFC 3339.
    pub begun_at: String,
    /// Why it is not known, as a code.
    pub reason: String,
}

impl std::fmt::Debug for UnknownRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UnknownRow({})", self.id)
    }
}

impl Store {
    /// Turns what a process left as `sending` when it died into `unknown`; returns how many rows. Only the holder of the
    /// lock may do so, since no other process can be sending then.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn sweep_sending(&mut self, _lock: &DispatchLock, at: Timestamp) -> Result<u64, StoreError> {
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let rows: Vec<i64> = transaction
            .prepare("SELECT id FROM outbox WHERE state = 'sending' ORDER BY id")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for row in &rows {
            record(&transaction, *row, &SendResult::Unknown { reason: "process_ended".to_owned() }, &at)?;
        }
        transaction.commit()?;
        Ok(rows.len() as u64)
    }

    /// Rows of which nobody knows whether they were sent, behind row `behind` in the order of their numbers.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn unknown_outbox(&self, behind: i64, most: usize) -> Result<Vec<UnknownRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, customer, channel, gateway, recipient, body, reason,
                    coalesce((SELECT max(at) FROM outbox_change WHERE outbox = outbox.id AND state = 'sending'), changed_at)
             FROM outbox WHERE state = 'unknown' AND id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let rows = statement.query_map(params![behind, most as i64], |row| {
            Ok(UnknownRow {
                id: row.get(0)?,
                customer: CustomerId(row.get::<_, i64>(1)? as u64),
                channel: Channel::parse(row.get_ref(2)?.as_str()?).unwrap_or(Channel::Call),
                gateway: row.get(3)?,
                recipient: row.get(4)?,
                body: row.get(5)?,
                reason: row.get(6)?,
                begun_at: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Settles one unknown row as the gateway or a person said. False where the row is not unknown.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn settle_unknown(&mut self, row: i64, result: &SendResult, at: Timestamp) -> Result<bool, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let is_unknown: bool = transaction
            .prepare_cached("SELECT count(*) FROM outbox WHERE id = ?1 AND state = 'unknown'")?
            .query_row([row], |found| found.get(0))?;
        if !is_unknown {
            return Ok(false);
        }
        let changed = record(&transaction, row, result, &moment(at))?;
        transaction.commit()?;
        Ok(changed == Changed::Done)
    }
}
