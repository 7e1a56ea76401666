//! Decisions: what follows from them, the state of their items, the line of the audit log, and what takes all of it back, in one
//! transaction each.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::audit;
use super::undo::{Journal, take_back};
use crate::record::{Effect, ItemState, Verb, moment};
use crate::store::{Store, StoreError, decisions, inbound_messages, pending_changes, suppression};

/// An item of a decision, and what follows for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The item.
    pub id: i64,
    /// As the person saw it.
    pub version: i64,
    /// What follows.
    pub effects: Vec<Effect>,
}

/// A decision about to be made.
#[derive(Debug)]
pub struct Act<'a> {
    /// The account.
    pub user: i64,
    /// Its name, for the audit log.
    pub who: &'a str,
    /// What was decided.
    pub verb: Verb,
    /// JSON of all that was chosen and typed.
    pub said: &'a str,
    /// When.
    pub at: Timestamp,
    /// The day that counts as today.
    pub today: &'a str,
    /// Of what.
    pub items: &'a [Marked],
}

/// Why a decision was not made, and which item stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// Somebody else has it.
    Anothers(i64),
    /// It changed since it was looked at.
    Changed(i64),
    /// It is not open any more.
    Over(i64),
    /// The same person may not confirm its own decision.
    Same,
    /// There is no such decision.
    None,
}

/// A decision that was made, or waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeAct {
    /// Its number, by which it is undone.
    pub id: i64,
    /// How many items it is of.
    pub items: u64,
}

/// Whether a decision has taken effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActState {
    /// It waits for a second person.
    Held,
    /// It has.
    Done,
}

/// A decision, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLine {
    /// Its number.
    pub id: i64,
    /// Who made it.
    pub user: i64,
    /// That account's name.
    pub who: String,
    /// When, RFC 3339.
    pub at: String,
    /// What was decided.
    pub verb: Verb,
    /// JSON of what was chosen and typed.
    pub said: String,
    /// Whether it has taken effect.
    pub state: ActState,
    /// How many items it is of.
    pub items: u64,
    /// The first of them.
    pub first: i64,
}

/// What came of taking a decision back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// All is as it was; so many items are open again.
    Yes(u64),
    /// Something that follows from it was changed since, so that nothing was taken back.
    ChangedSince,
    /// There is none: somebody took it back already.
    None,
}

/// Ends a transaction without an error of the database.
enum Stop {
    Conflict(Conflict),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Store(error.into())
    }
}

impl Store {
    /// Makes a decision, all of it or nothing.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn act(&mut self, act: &Act<'_>) -> Result<Result<MadeAct, Conflict>, StoreError> {
        self.deciding(|transaction, secret| {
            let journal = Journal::begin(transaction)?;
            for marked in act.items {
                mark(transaction, act, marked, ItemState::Done)?;
                bring_about(transaction, act, marked)?;
            }
            let undo = journal.finish()?;
            let id = keep(transaction, act, "done", &undo)?;
            audit::append(transaction, secret, &moment(act.at), act.who, "decide", &detail(act, id))?;
            Ok(MadeAct { id, items: act.items.len() as u64 })
        })
    }

    /// Keeps a decision until a second person confirms it; nothing follows from it yet.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn hold(&mut self, act: &Act<'_>) -> Result<Result<MadeAct, Conflict>, StoreError> {
        self.deciding(|transaction, secret| {
            for marked in act.items {
                mark(transaction, act, marked, ItemState::Held)?;
            }
            let id = keep(transaction, act, "held", &[])?;
            audit::append(transaction, secret, &moment(act.at), act.who, "hold", &detail(act, id))?;
            Ok(MadeAct { id, items: act.items.len() as u64 })
        })
    }

    /// Confirms a decision that waits, by another person than made it: `act` is that person's, of the items that wait.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn approve(&mut self, id: i64, act: &Act<'_>) -> Result<Result<MadeAct, Conflict>, StoreError> {
        self.deciding(|transaction, secret| {
            if held_by(transaction, id)?.ok_or(Stop::Conflict(Conflict::None))? == act.user {
                return Err(Stop::Conflict(Conflict::Same));
            }
            let journal = Journal::begin(transaction)?;
            for marked in act.items {
                mark_held(transaction, act, marked, ItemState::Done)?;
                bring_about(transaction, act, marked)?;
            }
            let undo = journal.finish()?;
            transaction.execute(
                "UPDATE steward_act SET state = 'done', approver = ?2, approved_at = ?3, undo = ?4 WHERE id = ?1",
                params![id, act.user, moment(act.at), written(&undo)],
            )?;
            audit::append(transaction, secret, &moment(act.at), act.who, "approve", &detail(act, id))?;
            Ok(MadeAct { id, items: act.items.len() as u64 })
        })
    }

    /// Sends a decision that waits back: its items are open again. Whoever made it may do so, too.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn refuse(&mut self, id: i64, who: &str, at: Timestamp) -> Result<Undone, StoreError> {
        let refused = self.deciding(|transaction, secret| {
            held_by(transaction, id)?.ok_or(Stop::Conflict(Conflict::None))?;
            let opened = open_held(transaction, id)?;
            forget(transaction, id)?;
            let detail = serde_json::json!({ "act": id }).to_string();
            audit::append(transaction, secret, &moment(at), who, "refuse", &detail)?;
            Ok(opened as u64)
        })?;
        Ok(refused.map_or(Undone::None, Undone::Yes))
    }

    /// Takes a decision back: all that it changed is as it was before.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn undo_act(&mut self, id: i64, who: &str, at: Timestamp) -> Result<Undone, StoreError> {
        let undone = self.deciding(|transaction, secret| {
            let undo: Option<String> = transaction
                .query_row("SELECT undo FROM steward_act WHERE id = ?1 AND state = 'done'", [id], |row| row.get(0))
                .optional()?;
            let undo = undo.ok_or(Stop::Conflict(Conflict::None))?;
            let statements: Vec<String> = serde_json::from_str(&undo)
                .map_err(|_| StoreError::Account(format!("what takes decision {id} back can't be read")))?;
            if !take_back(transaction, &statements)? {
                return Err(Stop::Conflict(Conflict::Changed(id)));
            }
            // What a second person confirmed waited for that before: it is open now.
            open_held(transaction, id)?;
            let items = forget(transaction, id)?;
            let detail = serde_json::json!({ "act": id, "items": items }).to_string();
            audit::append(transaction, secret, &moment(at), who, "undo", &detail)?;
            Ok(items)
        })?;
        Ok(match undone {
            Ok(items) => Undone::Yes(items),
            Err(Conflict::Changed(_)) => Undone::ChangedSince,
            Err(_) => Undone::None,
        })
    }

    /// One decision.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn act_line(&self, id: i64) -> Result<Option<ActLine>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!("{SELECT} WHERE act.id = ?1"))?;
        Ok(statement.query_row([id], read).optional()?.flatten())
    }

    /// Decisions that can be undone, or wait for a second person; of one account, or of all; the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn act_lines(&self, user: Option<i64>, is_held: bool, most: usize) -> Result<Vec<ActLine>, StoreError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "{SELECT} WHERE (?1 IS NULL OR act.user = ?1) AND act.state = ?2 ORDER BY act.id DESC LIMIT ?3"
        ))?;
        let state = if is_held { "held" } else { "done" };
        let rows = statement.query_map(params![user, state, most as i64], read)?;
        Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
    }

    /// The items of a decision, with the versions that they have now.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn marked_of(&self, act: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, version FROM steward_act_item JOIN steward_item ON id = item WHERE act = ?1 ORDER BY id",
        )?;
        Ok(statement.query_map([act], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    fn deciding<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &crate::store::Secret) -> Result<T, Stop>,
    ) -> Result<Result<T, Conflict>, StoreError> {
        let secret = self.secret()?;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match work(&transaction, &secret) {
            Ok(done) => {
                transaction.commit()?;
                Ok(Ok(done))
            }
            Err(Stop::Conflict(conflict)) => Ok(Err(conflict)),
            Err(Stop::Store(error)) => Err(error),
        }
    }
}

/// Ends an open item for everybody, if it is as the person saw it and nobody else has it.
fn mark(connection: &Connection, act: &Act<'_>, marked: &Marked, state: ItemState) -> Result<(), Stop> {
    let changed = connection
        .prepare_cached(
            "UPDATE steward_item SET state = ?2, closed_on = ?3, closed_why = ?4, owner = NULL, leased_until = 0
             WHERE id = ?1 AND state = 'open' AND version = ?5 AND (owner = ?6 OR leased_until <= ?7)",
        )?
        .execute(params![
            marked.id,
            state.as_str(),
            act.today,
            act.verb.as_str(),
            marked.version,
            act.user,
            act.at.as_millisecond()
        ])?;
    if changed == 1 { Ok(()) } else { Err(in_the_way(connection, marked, ItemState::Open)?) }
}

/// Ends an item that waits for a second person.
fn mark_held(connection: &Connection, act: &Act<'_>, marked: &Marked, state: ItemState) -> Result<(), Stop> {
    let changed = connection
        .prepare_cached(
            "UPDATE steward_item SET state = ?2, closed_on = ?3 WHERE id = ?1 AND state = 'held' AND version = ?4",
        )?
        .execute(params![marked.id, state.as_str(), act.today, marked.version])?;
    if changed == 1 { Ok(()) } else { Err(in_the_way(connection, marked, ItemState::Held)?) }
}

/// What keeps an item from being decided.
fn in_the_way(connection: &Connection, marked: &Marked, wanted: ItemState) -> Result<Stop, StoreError> {
    let found: Option<(String, i64)> = connection
        .query_row("SELECT state, version FROM steward_item WHERE id = ?1", [marked.id], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(Stop::Conflict(match found {
        Some((state, version)) if state == wanted.as_str() && version == marked.version => {
            Conflict::Anothers(marked.id)
        }
        Some((state, _)) if state == wanted.as_str() => Conflict::Changed(marked.id),
        _ => Conflict::Over(marked.id),
    }))
}

/// Does what follows, by the same functions as the commands.
fn bring_about(connection: &Connection, act: &Act<'_>, marked: &Marked) -> Result<(), Stop> {
    let over = || Stop::Conflict(Conflict::Over(marked.id));
    let note = format!("{} ({})", act.who, marked.id);
    for effect in &marked.effects {
        match effect {
            Effect::Relation(decision) => decisions::insert(connection, decision)?,
            Effect::Given(id, state) => {
                pending_changes::decide_one(connection, *id, *state, &note, act.at)?.ok_or_else(over)?;
            }
            Effect::Value { customer, field, old, new } => {
                pending_changes::give(connection, *customer, *field, [old, new], &note, act.at)?;
            }
            Effect::Suppress(entry) => drop(suppression::add(connection, entry)?),
            Effect::MessageDone(id) => {
                if !inbound_messages::done(connection, *id, &note, act.at)? {
                    return Err(over());
                }
            }
            Effect::Call(customer) => {
                connection
                    .prepare_cached("INSERT OR IGNORE INTO call_wish (customer, at) VALUES (?1, ?2)")?
                    .execute(params![customer.0 as i64, moment(act.at)])?;
            }
        }
    }
    Ok(())
}

fn keep(connection: &Connection, act: &Act<'_>, state: &str, undo: &[String]) -> Result<i64, StoreError> {
    connection.execute(
        "INSERT INTO steward_act (user, at, verb, said, state, undo) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![act.user, moment(act.at), act.verb.as_str(), act.said, state, written(undo)],
    )?;
    let id = connection.last_insert_rowid();
    let mut statement = connection.prepare_cached("INSERT INTO steward_act_item (act, item) VALUES (?1, ?2)")?;
    for marked in act.items {
        statement.execute(params![id, marked.id])?;
    }
    Ok(id)
}

/// Opens the items of a decision that wait for a second person.
fn open_held(connection: &Connection, id: i64) -> rusqlite::Result<usize> {
    connection.execute(
        "UPDATE steward_item SET state = 'open', closed_on = '', closed_why = ''
         WHERE state = 'held' AND id IN (SELECT item FROM steward_act_item WHERE act = ?1)",
        [id],
    )
}

/// Takes a decision from the list; returns of how many items it was.
fn forget(connection: &Connection, id: i64) -> rusqlite::Result<u64> {
    let items = connection.execute("DELETE FROM steward_act_item WHERE act = ?1", [id])?;
    connection.execute("DELETE FROM steward_act WHERE id = ?1", [id])?;
    Ok(items as u64)
}

fn held_by(connection: &Connection, id: i64) -> rusqlite::Result<Option<i64>> {
    connection
        .query_row("SELECT user FROM steward_act WHERE id = ?1 AND state = 'held'", [id], |row| row.get(0))
        .optional()
}

/// What the audit log says of a decision: numbers and words.
fn detail(act: &Act<'_>, id: i64) -> String {
    let items: Vec<i64> = act.items.iter().map(|marked| marked.id).collect();
    serde_json::json!({ "act": id, "verb": act.verb, "items": items }).to_string()
}

fn written(statements: &[String]) -> String {
    serde_json::Value::from(statements).to_string()
}

const SELECT: &str = "SELECT act.id, act.user, user.name, act.at, act.verb, act.said, act.state,
        (SELECT count(*) FROM steward_act_item WHERE act = act.id),
        (SELECT coalesce(min(item), 0) FROM steward_act_item WHERE act = act.id)
     FROM steward_act act JOIN steward_user user ON user.id = act.user";

/// None where a word of it is of a newer tiuv's.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<ActLine>> {
    let Some(verb) = Verb::parse(row.get_ref(4)?.as_str()?) else { return Ok(None) };
    Ok(Some(ActLine {
        id: row.get(0)?,
        user: row.get(1)?,
        who: row.get(2)?,
        at: row.get(3)?,
        verb,
        said: row.get(5)?,
        state: if row.get_ref(6)?.as_str()? == "held" { ActState::Held } else { ActState::Done },
        items: row.get::<_, i64>(7)? as u64,
        first: row.get(8)?,
    }))
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Conflict::Anothers(_) => "anothers",
            Conflict::Changed(_) => "changed",
            Conflict::Over(_) => "over",
            Conflict::Same => "same",
            Conflict::None => "none",
        })
    }
}
