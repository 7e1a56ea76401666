//! Values that customers gave anew: kept until they are accepted, rejected or taken back, and handed over once.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Store, StoreError, publishing};
use crate::disk::{Staged, fault};
use crate::record::{CustomerId, Field, GivenState, NewValue, Origin, moment};

/// A value that a customer gave anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenValue {
    /// Its number.
    pub id: i64,
    /// Who gave it.
    pub customer: CustomerId,
    /// Of which field.
    pub field: String,
    /// What was known before.
    pub old: String,
    /// What it is now.
    pub new: String,
    /// Who brought it: `confirm`, `call_list` …
    pub source: String,
    /// When it was given, RFC 3339.
    pub at: String,
    /// What became of it.
    pub state: GivenState,
    /// When a code that was sent there came back.
    pub verified_at: Option<String>,
    /// Who decided: `rules`, `person`; empty while nobody did.
    pub decided_by: String,
    /// Why.
    pub note: String,
    /// When it was exported for the CRM.
    pub handed_over_at: Option<String>,
    /// Name of the list of the row that stood for the customer when it was asked.
    pub list: String,
    /// That row's own key.
    pub row_key: String,
}

/// Which values are asked for.
#[derive(Debug, Clone, Default)]
pub struct GivenFilter<'a> {
    /// In this state.
    pub state: Option<GivenState>,
    /// Of this field.
    pub field: Option<&'a str>,
    /// Brought by this source.
    pub source: Option<&'a str>,
    /// Confirmed by a code.
    pub verified: bool,
}

const SELECT: &str =
    "SELECT c.id, c.customer, c.field, c.old, c.new, c.source, c.at, c.state, c.verified_at, c.decided_by,
        c.note, c.handed_over_at, coalesce(o.list, ''), coalesce(o.row_key, '')
    FROM pending_change c LEFT JOIN outbox o ON o.id = c.outbox";

impl Store {
    /// What a customer gave anew and nobody accepted yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn pending_values(&self, customer: CustomerId) -> Result<Vec<GivenValue>, StoreError> {
        let mut statement = self
            .connection
            // The plus keeps the index of all that waits from being taken in place of the customer's.
            .prepare_cached(&format!("{SELECT} WHERE c.customer = ?1 AND +c.state = 'pending' ORDER BY c.id"))?;
        let rows = statement.query_map([customer.0 as i64], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Values that were given, in the order in which they came.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn given_values(&self, filter: &GivenFilter<'_>) -> Result<Vec<GivenValue>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE (?1 IS NULL OR c.state = ?1) AND (?2 IS NULL OR c.field = ?2) AND (?3 IS NULL OR c.source = ?3)
                 AND (?4 = 0 OR c.verified_at IS NOT NULL) ORDER BY c.id"
        ))?;
        let state = filter.state.map(GivenState::as_str);
        let rows = statement.query_map(params![state, filter.field, filter.source, filter.verified], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Values that wait behind one with a number, in the order in which they came.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn given_values_behind(&self, behind: i64) -> Result<Vec<GivenValue>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE c.state = 'pending' AND c.id > ?1 ORDER BY c.id"))?;
        let rows = statement.query_map([behind], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The value with a number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn given_value(&self, id: i64) -> Result<Option<GivenValue>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} WHERE c.id = ?1"))?;
        Ok(statement.query_row([id], read).optional()?)
    }

    /// Accepts or rejects values that wait, or that were decided otherwise and are still in the house; returns those that it
    /// changed.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn decide_values(
        &mut self,
        ids: &[i64],
        state: GivenState,
        note: &str,
        at: Timestamp,
    ) -> Result<Vec<i64>, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut changed = Vec::new();
        for id in later_first(&transaction, ids)? {
            changed.extend(decide_one(&transaction, id, state, note, at)?.map(|()| id));
        }
        transaction.commit()?;
        Ok(changed)
    }

    /// Hands accepted values over that no file has yet: `write` makes the file of what they change, each field of a customer once,
    /// which gets its name when it is noted that they are in it. Each value is in one file. Returns the changes.
    ///
    /// # Errors
    /// When the workspace can't be written, the file can't get its name, or as `write` fails.
    pub fn hand_over<E: From<StoreError>>(
        &mut self,
        at: Timestamp,
        write: impl FnOnce(&[GivenValue]) -> Result<Staged, E>,
    ) -> Result<Vec<GivenValue>, E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let given = accepted(&transaction).map_err(failed)?;
        if given.is_empty() {
            return Ok(given);
        }
        let changes = changes(&transaction, &given).map_err(failed)?;
        for value in &given {
            transaction
                .prepare_cached("UPDATE pending_change SET handed_over_at = ?2 WHERE id = ?1")
                .and_then(|mut statement| statement.execute(params![value.id, moment(at)]))
                .map_err(failed)?;
        }
        if changes.is_empty() {
            // What was given is what the CRM has.
            transaction.commit().map_err(failed)?;
            return Ok(changes);
        }
        let file = write(&changes)?;
        publishing::decide(&transaction, &file, &self.directory)?;
        fault::point("committing").map_err(|error| StoreError::Snapshot(error.to_string()))?;
        transaction.commit().map_err(failed)?;
        self.publish(file)?;
        Ok(changes)
    }
}

/// Accepts or rejects a value within a transaction of the caller's; none where that changes nothing, or nothing may be changed.
pub(super) fn decide_one(
    connection: &Connection,
    id: i64,
    state: GivenState,
    note: &str,
    at: Timestamp,
) -> rusqlite::Result<Option<()>> {
    let decided: Option<(i64, String, String)> = connection
        .prepare_cached(
            "UPDATE pending_change SET state = ?2, decided_by = 'person', decided_at = ?3, note = ?4
             WHERE id = ?1 AND state NOT IN (?2, 'withdrawn') AND handed_over_at IS NULL
             RETURNING customer, field, at",
        )?
        .query_row(params![id, state.as_str(), moment(at), note], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((customer, field, given_at)) = decided else { return Ok(None) };
    if state == GivenState::Accepted {
        // What the customer gave before it and still waits was corrected by it.
        connection
            .prepare_cached(
                "UPDATE pending_change SET state = 'withdrawn', decided_at = ?5, note = 'a later value was accepted'
                 WHERE customer = ?1 AND field = ?2 AND state = 'pending' AND (at, id) < (?3, ?4)",
            )?
            .execute(params![customer, field, given_at, id, moment(at)])?;
    }
    Ok(Some(()))
}

/// Keeps a value that a steward gives, from the old one to the new one, and accepts it; within a transaction of the caller's.
pub(super) fn give(
    connection: &Connection,
    customer: CustomerId,
    field: Field,
    [old, new]: [&str; 2],
    note: &str,
    at: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO pending_change (customer, field, old, new, source, at) VALUES (?1, ?2, ?3, ?4, 'steward', ?5)",
        )?
        .execute(params![customer.0 as i64, field.as_str(), old, new, moment(at)])?;
    // The same value may wait already, as a customer gave it.
    let waits: Option<i64> = connection
        .prepare_cached(
            "SELECT id FROM pending_change WHERE customer = ?1 AND field = ?2 AND new = ?3 AND state = 'pending' ORDER BY id DESC",
        )?
        .query_row(params![customer.0 as i64, field.as_str(), new], |row| row.get(0))
        .optional()?;
    if let Some(id) = waits {
        decide_one(connection, id, GivenState::Accepted, note, at)?;
    }
    Ok(())
}

/// The numbers of values that there are, the last that was given first: what it corrects is not accepted beside it. An answer that came
/// in later may have been given before.
fn later_first(connection: &Connection, ids: &[i64]) -> rusqlite::Result<Vec<i64>> {
    let mut at = connection.prepare_cached("SELECT at FROM pending_change WHERE id = ?1")?;
    let mut given: Vec<(String, i64)> = Vec::with_capacity(ids.len());
    for id in ids {
        given.extend(at.query_row([id], |row| row.get(0)).optional()?.map(|at| (at, *id)));
    }
    given.sort_unstable_by(|one, other| other.cmp(one));
    Ok(given.into_iter().map(|(_, id)| id).collect())
}

/// What values change in the CRM: of each customer and field the last one, in place of what the CRM has, which is what was handed
/// over last, where no run read a newer list since, and else what the list had.
fn changes(connection: &Connection, given: &[GivenValue]) -> rusqlite::Result<Vec<GivenValue>> {
    let mut by_field: BTreeMap<(CustomerId, &str), Vec<&GivenValue>> = BTreeMap::new();
    for value in given {
        by_field.entry((value.customer, &value.field)).or_default().push(value);
    }
    let mut changes = Vec::with_capacity(by_field.len());
    for values in by_field.values_mut() {
        values.sort_by(|one, other| (&one.at, one.id).cmp(&(&other.at, other.id)));
        let (Some(first), Some(last)) = (values.first(), values.last()) else { continue };
        let handed_over: Option<String> = connection
            .prepare_cached(
                "SELECT new FROM pending_change had
                 WHERE customer = ?1 AND field = ?2 AND handed_over_at IS NOT NULL AND NOT EXISTS
                     (SELECT 1 FROM run WHERE recorded_at > had.handed_over_at AND recorded_at <= ?3)
                 ORDER BY handed_over_at DESC, at DESC, id DESC LIMIT 1",
            )?
            .query_row(params![last.customer.0 as i64, last.field, first.at], |row| row.get(0))
            .optional()?;
        let change = GivenValue { old: handed_over.unwrap_or_else(|| first.old.clone()), ..(*last).clone() };
        changes.extend((change.old != change.new).then_some(change));
    }
    changes.sort_by_key(|change| change.id);
    Ok(changes)
}

/// Accepted values that no file has.
fn accepted(connection: &Connection) -> rusqlite::Result<Vec<GivenValue>> {
    let mut statement = connection
        .prepare_cached(&format!("{SELECT} WHERE c.state = 'accepted' AND c.handed_over_at IS NULL ORDER BY c.id"))?;
    let rows = statement.query_map([], read)?;
    rows.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<GivenValue> {
    Ok(GivenValue {
        id: row.get(0)?,
        customer: CustomerId(row.get::<_, i64>(1)? as u64),
        field: row.get(2)?,
        old: row.get(3)?,
        new: row.get(4)?,
        source: row.get(5)?,
        at: row.get(6)?,
        // The schema allows no other word.
        state: GivenState::parse(row.get_ref(7)?.as_str()?).unwrap_or(GivenState::Pending),
        verified_at: row.get(8)?,
        decided_by: row.get(9)?,
        note: row.get(10)?,
        handed_over_at: row.get(11)?,
        list: row.get(12)?,
        row_key: row.get(13)?,
    })
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
                 (SELECT 1 FROM pending_change
                  WHERE customer = ?1 AND field = ?2 AND new = ?4
                       AND (outbox = ?5 AND state <> 'withdrawn' OR state = 'accepted' AND handed_over_at IS NULL))",
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

/// Values that were given by the link of a planned contact and still count.
pub(super) fn of_link(connection: &Connection, outbox: i64, source: &str) -> Result<Vec<GivenValue>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE c.outbox = ?1 AND c.source = ?2 AND c.state IN ('pending', 'accepted') ORDER BY c.id"
    ))?;
    let rows = statement.query_map(params![outbox, source], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest of a customer's values of a field that is this one and was not taken back.
pub(super) fn given(
    connection: &Connection,
    customer: CustomerId,
    field: &str,
    new: &str,
) -> rusqlite::Result<Option<GivenValue>> {
    connection
        .prepare_cached(&format!(
            "{SELECT} WHERE c.customer = ?1 AND c.field = ?2 AND c.new = ?3 AND c.state <> 'withdrawn' ORDER BY c.id DESC LIMIT 1"
        ))?
        .query_row(params![customer.0 as i64, field, new], read)
        .optional()
}

/// Whether a value that still counts is of this customer.
pub(super) fn of_customer(connection: &Connection, id: i64, customer: CustomerId) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT count(*) > 0 FROM pending_change WHERE id = ?1 AND customer = ?2 AND state IN ('pending', 'accepted')",
        )?
        .query_row(params![id, customer.0 as i64], |row| row.get(0))
}

/// Accepts those values of a planned contact whose fields need nobody.
pub(super) fn accept_by_rules(
    connection: &Connection,
    outbox: i64,
    fields: &[Field],
    at: &str,
) -> rusqlite::Result<()> {
    accept(connection, "outbox = ?1", outbox, fields, at)
}

/// Notes that a code confirmed a value, and accepts it where its field needs no more.
pub(super) fn accept_verified(connection: &Connection, id: i64, fields: &[Field], at: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE pending_change SET verified_at = coalesce(verified_at, ?2) WHERE id = ?1")?
        .execute(params![id, at])?;
    accept(connection, "id = ?1", id, fields, at)
}

fn accept(connection: &Connection, which: &str, number: i64, fields: &[Field], at: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&format!(
        "UPDATE pending_change SET state = 'accepted', decided_by = 'rules', decided_at = ?3
         WHERE {which} AND field = ?2 AND state = 'pending'"
    ))?;
    for field in fields {
        statement.execute(params![number, field.as_str(), at])?;
    }
    Ok(())
}
