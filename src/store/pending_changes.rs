//! Values that customers gave anew, until they are accepted.

use rusqlite::{Connection, params};

use super::{Store, StoreError};
use crate::record::{CustomerId, NewValue, Origin, moment};

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

/// Keeps a value of a customer within a transaction of the caller's; false where it is known.
pub(super) fn keep(
    connection: &Connection,
    update: &NewValue,
    customer: CustomerId,
    origin: &Origin,
) -> rusqlite::Result<bool> {
    let kept = connection
        .prepare_cached(
            // What was accepted or rejected once is not asked about again.
            "INSERT OR IGNORE INTO pending_change (customer, field, old, new, outbox, source, at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
             WHERE NOT EXISTS
                 (SELECT 1 FROM pending_change WHERE customer = ?1 AND field = ?2 AND new = ?4 AND outbox = ?5)",
        )?
        .execute(params![
            customer.0 as i64,
            update.field,
            update.old,
            update.new,
            origin.outbox,
            origin.source,
            moment(origin.at),
        ])?;
    Ok(kept > 0)
}
