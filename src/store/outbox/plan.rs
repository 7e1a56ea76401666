//! What planning reads of the outbox, and what it writes: rows and flags, in one transaction.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, TransactionBehavior, params};

use super::super::{Store, StoreError};
use super::state::change;
use crate::record::{Channel, ContactKind, CustomerId, EventKind, Field, OutboxState, moment};

/// A row of the outbox as planning sees it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the table, which explains them")]
pub struct KnownContact {
    pub id: i64,
    pub campaign: String,
    pub customer: CustomerId,
    pub household: CustomerId,
    pub window: String,
    pub rung: u8,
    pub channel: Channel,
    pub recipient_key: String,
    pub country: String,
    pub body: String,
    pub cost: i64,
    pub is_audit: bool,
    pub state: OutboxState,
    pub reason: String,
    pub again_on: Option<Date>,
    pub due_at: Timestamp,
    pub changed_at: Timestamp,
}

/// A row to write.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the table, which explains them")]
pub struct PlannedContact {
    pub customer: CustomerId,
    pub household: CustomerId,
    pub window: String,
    pub rung: u8,
    pub channel: Channel,
    pub recipient: String,
    pub recipient_key: String,
    pub list: String,
    pub row_key: String,
    pub row_number: u32,
    pub first_name: String,
    pub language: String,
    pub country: String,
    pub body: String,
    pub parts: u32,
    pub cost: i64,
    pub expected_gain: f64,
    pub is_audit: bool,
    pub why: String,
    pub to_verify: Vec<Field>,
    pub due_at: Timestamp,
}

/// A flagged customer.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the table, which explains them")]
pub struct Flag {
    pub customer: CustomerId,
    pub email: Option<f32>,
    pub phone: Option<f32>,
    pub reasons: String,
}

/// What an answer or a visit said of a customer, or of whoever has a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the table, which explains them")]
pub struct KnownEvent {
    pub customer: Option<CustomerId>,
    pub kind: ContactKind,
    pub key: String,
    pub event: EventKind,
    pub at: Timestamp,
}

/// What differs whenever the outbox, the answers or the suppression list have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanStamp([i64; 6]);

/// What a plan changes.
#[derive(Debug, Default)]
pub struct PlanChange {
    /// Pending rows that no longer hold, with the reason.
    pub cancel: Vec<(i64, String)>,
    /// Pending rows that still hold, with what is new about them.
    pub keep: Vec<(i64, PlannedContact)>,
    /// New rows.
    pub insert: Vec<PlannedContact>,
    /// Everyone who is flagged.
    pub flags: Vec<Flag>,
}

impl Store {
    /// The stamp of this moment; taken before anything else is read.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn plan_stamp(&self) -> Result<PlanStamp, StoreError> {
        Ok(stamp(&self.connection)?)
    }

    /// The rows of windows that began on or after a day, but for those that were taken back, in the order of their numbers.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn known_contacts(&self, since: &str) -> Result<Vec<KnownContact>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, campaign, customer, household, window, rung, channel, recipient_key, country, body, cost, is_audit,
                    state, due_at, changed_at, reason, again_on
             FROM outbox WHERE state <> 'cancelled' AND window >= ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([since], |row| {
            Ok(KnownContact {
                id: row.get(0)?,
                campaign: row.get(1)?,
                customer: CustomerId(row.get::<_, i64>(2)? as u64),
                household: CustomerId(row.get::<_, i64>(3)? as u64),
                window: row.get(4)?,
                rung: row.get(5)?,
                channel: Channel::parse(row.get_ref(6)?.as_str()?).unwrap_or(Channel::Call),
                recipient_key: row.get(7)?,
                country: row.get(8)?,
                body: row.get(9)?,
                cost: row.get(10)?,
                is_audit: row.get(11)?,
                state: OutboxState::parse(row.get_ref(12)?.as_str()?).unwrap_or(OutboxState::Unknown),
                due_at: read_moment(row.get_ref(13)?.as_str()?),
                changed_at: read_moment(row.get_ref(14)?.as_str()?),
                reason: row.get(15)?,
                again_on: row.get_ref(16)?.as_str_or_null()?.and_then(|day| day.parse().ok()),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Customers whom a steward wants called, and who are planned nothing since.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn call_wishes(&self) -> Result<HashSet<CustomerId>, StoreError> {
        let mut statement = self.connection.prepare("SELECT customer FROM call_wish")?;
        let rows = statement.query_map([], |row| Ok(CustomerId(row.get::<_, i64>(0)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The answers that are known, in the order of their arrival; words that this version does not know are left out.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn known_events(&self) -> Result<Vec<KnownEvent>, StoreError> {
        let mut statement =
            self.connection.prepare("SELECT customer, kind, key, event, at FROM contact_event ORDER BY id")?;
        let rows = statement.query_map([], |row| {
            let Some(event) = EventKind::parse(row.get_ref(3)?.as_str()?) else { return Ok(None) };
            Ok(Some(KnownEvent {
                customer: row.get::<_, Option<i64>>(0)?.map(|id| CustomerId(id as u64)),
                kind: if row.get_ref(1)?.as_str()? == "email" { ContactKind::Email } else { ContactKind::Phone },
                key: row.get(2)?,
                event,
                at: read_moment(row.get_ref(4)?.as_str()?),
            }))
        })?;
        rows.filter_map(Result::transpose).collect::<Result<_, _>>().map_err(StoreError::from)
    }

    /// Writes a plan, all or nothing. False, and nothing is written, where something that it was made from has changed
    /// since the stamp was taken: then it has to be made again.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn write_plan(
        &mut self,
        campaign: &str,
        run: &str,
        stamp_then: PlanStamp,
        plan: &PlanChange,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if stamp(&transaction)? != stamp_then {
            return Ok(false);
        }
        for (id, reason) in &plan.cancel {
            change(&transaction, *id, OutboxState::Cancelled, reason, &at)?;
        }
        for (id, row) in &plan.keep {
            update(&transaction, *id, run, row)?;
        }
        for row in &plan.insert {
            insert(&transaction, campaign, run, row, &at)?;
            if row.channel == Channel::Call {
                transaction
                    .prepare_cached("DELETE FROM call_wish WHERE customer = ?1")?
                    .execute([row.customer.0 as i64])?;
            }
        }
        transaction.execute("DELETE FROM flag", [])?;
        let mut flag = transaction
            .prepare_cached("INSERT INTO flag (customer, run, email, phone, reasons) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for one in &plan.flags {
            let [email, phone] = [one.email, one.phone].map(|chance| chance.map(f64::from));
            flag.execute(params![one.customer.0 as i64, run, email, phone, one.reasons])?;
        }
        drop(flag);
        transaction.commit()?;
        Ok(true)
    }
}

/// Rows are never taken from these tables, and every change of a state leaves one.
fn stamp(connection: &Connection) -> rusqlite::Result<PlanStamp> {
    let numbers = connection.query_row(
        "SELECT (SELECT coalesce(max(id), 0) FROM outbox), (SELECT coalesce(max(id), 0) FROM outbox_change),
                (SELECT coalesce(max(id), 0) FROM contact_event), (SELECT coalesce(max(id), 0) FROM suppression),
                (SELECT count(*) FROM suppression WHERE lifted_at IS NOT NULL), (SELECT coalesce(max(id), 0) FROM known_as)",
        [],
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]),
    )?;
    Ok(PlanStamp(numbers))
}

/// What is written there is of this program; a moment that is none is as old as can be.
fn read_moment(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::MIN)
}

fn insert(connection: &Connection, campaign: &str, run: &str, row: &PlannedContact, at: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                 to_verify, due_at, planned_at, changed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                 ?23, ?24, ?24)",
        )?
        .execute(params![
            campaign,
            run,
            row.customer.0 as i64,
            row.household.0 as i64,
            row.window,
            row.rung,
            row.channel.as_str(),
            row.recipient,
            row.recipient_key,
            row.list,
            row.row_key,
            row.row_number,
            row.first_name,
            row.language,
            row.country,
            row.body,
            row.parts,
            row.cost,
            row.expected_gain,
            row.is_audit,
            row.why,
            Field::joined(&row.to_verify),
            moment(row.due_at),
            at,
        ])?;
    Ok(())
}

/// What may have changed about a row that still holds; whom it asks, where and in which words has not.
fn update(connection: &Connection, id: i64, run: &str, row: &PlannedContact) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE outbox SET run = ?2, household = ?3, list = ?4, row_key = ?5, row_number = ?6, expected_gain = ?7,
                 is_audit = ?8, why = ?9, to_verify = ?10, due_at = ?11
             WHERE id = ?1 AND state = 'pending'",
        )?
        .execute(params![
            id,
            run,
            row.household.0 as i64,
            row.list,
            row.row_key,
            row.row_number,
            row.expected_gain,
            row.is_audit,
            row.why,
            Field::joined(&row.to_verify),
            moment(row.due_at),
        ])?;
    Ok(())
}
