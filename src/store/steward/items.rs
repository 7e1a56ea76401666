//! The queue: items are asked anew by each run, and close by themselves where they no longer hold.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use crate::record::{CustomerId, Item, ItemKind, ItemState, NewItem, Shown};
use crate::rule::{AgeWeight, StewardPolicy};
use crate::store::{GivenValue, InboxText, Store, StoreError};

/// What a run asks.
#[derive(Debug)]
pub struct ItemFill<'a> {
    /// The run.
    pub run: &'a str,
    /// Lists that it read: what was asked of them and is not asked again no longer holds.
    pub lists: &'a [String],
    /// What it asks.
    pub items: Vec<NewItem>,
    /// The day that counts as today.
    pub today: Date,
    /// How they are weighed, and when they should be answered.
    pub policy: &'a StewardPolicy,
}

/// What became of the queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filled {
    /// Items that were not asked before.
    pub new: u64,
    /// Items that are asked again.
    pub kept: u64,
    /// Items that no longer hold.
    pub closed: u64,
}

/// Why items close by themselves; the words under `steward.closed.` say it.
const NO_LONGER: &str = "no_longer";
/// A list has a newer export in which the row holds something else.
const ELSEWHERE: &str = "decided_elsewhere";

pub(super) const COLUMNS: &str = "id, kind, identity, customer, other, shown, version, reason, list, other_list, segment, language, \
     value, risk, score, opened_on, due_on, state, closed_on, closed_why, owner";

impl Store {
    /// Asks what a run asks, and closes what it no longer asks. What was decided is not asked again while it is the same question.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn fill_items(&mut self, fill: ItemFill<'_>) -> Result<Filled, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut filled = Filled::default();
        let today = fill.today.to_string();
        for item in &fill.items {
            let due = due(fill.today, item.kind, fill.policy);
            let is_new = ask(&transaction, item, None, fill.run, &today, &due)?;
            filled.new += u64::from(is_new == Asked::New);
            filled.kept += u64::from(is_new == Asked::Again);
        }
        filled.closed = close_unasked(&transaction, &fill, &today)?;
        weigh(&transaction, &today, fill.policy.age)?;
        transaction.commit()?;
        Ok(filled)
    }

    /// What waits of answers and messages and was not taken in yet.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let given = self.given_values_behind(self.newest_subject(ItemKind::Change)?)?;
        let texts = self.inbox(false, self.newest_subject(ItemKind::Message)?, MOST_TEXTS)?;
        Ok(given.into_iter().map(Waiting::Given).chain(texts.into_iter().map(Waiting::Text)).collect())
    }

    /// Takes in what waits, each with its number, and closes what was decided elsewhere.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn take_in_waiting(
        &mut self,
        found: &[(i64, NewItem)],
        policy: &StewardPolicy,
        today: Date,
    ) -> Result<Filled, StoreError> {
        // Mostly there is nothing to do, and nobody who writes is kept waiting.
        if found.is_empty() && !self.is_any_decided_elsewhere()? {
            return Ok(Filled::default());
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut filled, day) = (Filled::default(), today.to_string());
        for (subject, item) in found {
            let due = due(today, item.kind, policy);
            filled.new += u64::from(ask(&transaction, item, Some(*subject), "", &day, &due)? == Asked::New);
        }
        for (kind, table) in WAITING_IN {
            filled.closed += transaction.execute(
                &format!(
                    "UPDATE steward_item SET state = 'closed', closed_on = ?2, closed_why = ?3, owner = NULL, leased_until = 0
                     WHERE {}",
                    decided_elsewhere(table)
                ),
                params![kind.as_str(), day, ELSEWHERE],
            )? as u64;
        }
        transaction.commit()?;
        Ok(filled)
    }

    fn is_any_decided_elsewhere(&self) -> Result<bool, StoreError> {
        for (kind, table) in WAITING_IN {
            let found = format!("SELECT EXISTS (SELECT 1 FROM steward_item WHERE {})", decided_elsewhere(table));
            if self.connection.prepare_cached(&found)?.query_row([kind.as_str()], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Weighs all that is open as of a day.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn weigh_items(&mut self, today: Date, policy: &StewardPolicy) -> Result<(), StoreError> {
        Ok(weigh(&self.connection, &today.to_string(), policy.age)?)
    }

    fn newest_subject(&self, kind: ItemKind) -> Result<i64, StoreError> {
        let newest = "SELECT coalesce(max(subject), 0) FROM steward_item WHERE kind = ?1 AND subject IS NOT NULL";
        Ok(self.connection.query_row(newest, [kind.as_str()], |row| row.get(0))?)
    }

    /// An item by its number.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn item(&self, id: i64) -> Result<Option<Item>, StoreError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM steward_item WHERE id = ?1"))?;
        Ok(statement.query_row([id], read_item).optional()?.flatten())
    }
}

/// Something that waits in another table.
#[derive(Debug)]
pub enum Waiting {
    /// A value that a customer gave.
    Given(GivenValue),
    /// A text that somebody wrote.
    Text(InboxText),
}

/// The tables in which something waits.
const WAITING_IN: [(ItemKind, &str); 2] =
    [(ItemKind::Change, "pending_change"), (ItemKind::Message, "inbound_message")];

/// Open items of the first kind whose subject does not wait any more.
fn decided_elsewhere(table: &str) -> String {
    format!(
        "kind = ?1 AND state = 'open' AND NOT EXISTS (SELECT 1 FROM {table} WHERE id = subject AND state = 'pending')"
    )
}

/// Texts that are taken in at a time.
const MOST_TEXTS: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    New,
    Again,
    Decided,
}

/// Asks an item, or asks it again with what is shown of it by now.
fn ask(
    connection: &Connection,
    item: &NewItem,
    subject: Option<i64>,
    run: &str,
    today: &str,
    due: &str,
) -> Result<Asked, StoreError> {
    let shown = serde_json::to_string(&item.shown)
        .map_err(|error| StoreError::Snapshot(format!("an item can't be written: {error}")))?;
    let id = |customer: Option<CustomerId>| customer.map(|customer| customer.0 as i64);
    let known: Option<String> = connection
        .prepare_cached(
            "UPDATE steward_item SET run = ?3, customer = ?4, other = ?5, version = version + (shown <> ?6), shown = ?6,
                 reason = ?7, list = ?8, other_list = ?9, segment = ?10, language = ?11, value = ?12, risk = ?13,
                 opened_on = iif(state = 'closed', ?14, opened_on), due_on = iif(state = 'closed', ?15, due_on),
                 closed_on = iif(state = 'closed', '', closed_on), closed_why = iif(state = 'closed', '', closed_why),
                 state = iif(state = 'closed', 'open', state)
             WHERE kind = ?1 AND identity = ?2 RETURNING state",
        )?
        .query_row(
            params![
                item.kind.as_str(),
                item.identity,
                run,
                id(item.customer),
                id(item.other),
                shown,
                item.reason,
                item.list,
                item.other_list,
                item.segment,
                item.language,
                item.value,
                item.risk,
                today,
                due
            ],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(state) = known {
        return Ok(if state == ItemState::Done.as_str() { Asked::Decided } else { Asked::Again });
    }
    connection
        .prepare_cached(
            "INSERT INTO steward_item (kind, identity, subject, customer, other, shown, reason, list, other_list, segment, language,
                 value, risk, score, run, opened_on, due_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?12 * ?13, ?14, ?15, ?16)",
        )?
        .execute(params![
            item.kind.as_str(),
            item.identity,
            subject,
            id(item.customer),
            id(item.other),
            shown,
            item.reason,
            item.list,
            item.other_list,
            item.segment,
            item.language,
            item.value,
            item.risk,
            run,
            today,
            due
        ])?;
    Ok(Asked::New)
}

/// Closes what was asked of the lists of a run and is not asked by it any more.
fn close_unasked(connection: &Connection, fill: &ItemFill<'_>, today: &str) -> rusqlite::Result<u64> {
    let lists: HashSet<&str> = fill.lists.iter().map(String::as_str).collect();
    let mut open = connection
        .prepare("SELECT id, kind, list, other_list FROM steward_item WHERE state IN ('open', 'held') AND run <> ?1")?;
    let mut close = connection.prepare(
        "UPDATE steward_item SET state = 'closed', closed_on = ?2, closed_why = ?3, owner = NULL, leased_until = 0 WHERE id = ?1",
    )?;
    let mut closed = 0;
    let mut rows = open.query([fill.run])?;
    let mut to_close: Vec<i64> = Vec::new();
    while let Some(row) = rows.next()? {
        let is_of_runs = ItemKind::parse(row.get_ref(1)?.as_str()?).is_some_and(ItemKind::is_of_runs);
        let (list, other) = (row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?);
        if is_of_runs && lists.contains(list) && (other.is_empty() || lists.contains(other)) {
            to_close.push(row.get(0)?);
        }
    }
    for id in to_close {
        closed += close.execute(params![id, today, NO_LONGER])? as u64;
    }
    Ok(closed)
}

/// Weighs all that is open: value × risk × age.
fn weigh(connection: &Connection, today: &str, weights: AgeWeight) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE steward_item
         SET score = value * risk * min(1.0 + max(julianday(?1) - julianday(opened_on), 0.0) / ?2, ?3)
         WHERE state = 'open' AND score <> value * risk * min(1.0 + max(julianday(?1) - julianday(opened_on), 0.0) / ?2, ?3)",
        params![today, weights.double_days, weights.most],
    )?;
    Ok(())
}

fn due(today: Date, kind: ItemKind, policy: &StewardPolicy) -> String {
    let days = policy.kind(kind).due_days;
    today.checked_add(days.days()).unwrap_or(today).to_string()
}

/// None where a word of it is of a newer tiuv's.
pub(super) fn read_item(row: &Row<'_>) -> rusqlite::Result<Option<Item>> {
    let (Some(kind), Some(state), Ok(shown)) = (
        ItemKind::parse(row.get_ref(1)?.as_str()?),
        ItemState::parse(row.get_ref(17)?.as_str()?),
        serde_json::from_str::<Shown>(row.get_ref(5)?.as_str()?),
    ) else {
        return Ok(None);
    };
    let customer = |column: usize| row.get::<_, Option<i64>>(column).map(|id| id.map(|id| CustomerId(id as u64)));
    Ok(Some(Item {
        id: row.get(0)?,
        version: row.get(6)?,
        new: NewItem {
            kind,
            identity: row.get(2)?,
            customer: customer(3)?,
            other: customer(4)?,
            shown,
            reason: row.get(7)?,
            list: row.get(8)?,
            other_list: row.get(9)?,
            segment: row.get(10)?,
            language: row.get(11)?,
            value: row.get(12)?,
            risk: row.get(13)?,
        },
        score: row.get(14)?,
        state,
        opened_on: row.get(15)?,
        due_on: row.get(16)?,
        closed_on: row.get(18)?,
        closed_why: row.get(19)?,
        owner: row.get(20)?,
    }))
}
