//! The one place that changes the state of an outbox row.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::StoreError;
use crate::record::{CustomerId, OutboxState};

/// What came of asking for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was made, and written into the row's history.
    Done,
    /// The row stands there already.
    Already,
    /// This state can't follow on the one in which the row stands.
    Refused(OutboxState),
    /// There is no such row.
    NoRow,
}

/// Moves a row to another state and writes that into its history; to be called within a transaction. Every change of
/// state in the workspace passes here.
pub(in crate::store) fn change(
    connection: &Connection,
    row: i64,
    next: OutboxState,
    reason: &str,
    at: &str,
) -> Result<Changed, StoreError> {
    let state = connection
        .prepare_cached("SELECT state FROM outbox WHERE id = ?1")?
        .query_row([row], |found| found.get::<_, String>(0))
        .optional()?;
    let Some(state) = state else { return Ok(Changed::NoRow) };
    // The schema allows no other word.
    let state = OutboxState::parse(&state).unwrap_or(OutboxState::Unknown);
    if state == next {
        return Ok(Changed::Already);
    }
    if !state.may_become(next) {
        return Ok(Changed::Refused(state));
    }
    connection
        .prepare_cached("UPDATE outbox SET state = ?2, reason = ?3, changed_at = ?4 WHERE id = ?1")?
        .execute(params![row, next.as_str(), reason, at])?;
    connection
        .prepare_cached("INSERT INTO outbox_change (outbox, at, state, reason) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![row, at, next.as_str(), reason])?;
    Ok(Changed::Done)
}

/// The first condition is that of the index of a customer's contacts; the plus keeps that of all contacts in a state from being taken.
pub(in crate::store) const PENDING_OF: &str =
    "SELECT id FROM outbox WHERE state <> 'cancelled' AND customer = ?1 AND +state = 'pending'";

/// Takes back whatever is still to be sent to a customer.
pub(in crate::store) fn take_back(
    connection: &Connection,
    customer: CustomerId,
    reason: &str,
    at: &str,
) -> Result<u64, StoreError> {
    let pending: Vec<i64> = connection
        .prepare_cached(PENDING_OF)?
        .query_map([customer.0 as i64], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut taken = 0;
    for row in pending {
        taken += u64::from(change(connection, row, OutboxState::Cancelled, reason, at)? == Changed::Done);
    }
    Ok(taken)
}
