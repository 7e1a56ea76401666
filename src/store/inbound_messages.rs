//! What customers and callers wrote, for a person to read; each message once, and none lost.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, Row, params};

use super::{Store, StoreError};
use crate::record::{CustomerId, InboundMeaning, KeptText, Repeated, moment};

/// A text that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxText {
    /// Its number.
    pub id: i64,
    /// The text, and where it came from.
    pub text: KeptText,
    /// When a person was done with it, RFC 3339; none while it waits, and where it needed nobody.
    pub done_at: Option<String>,
    /// What that person wrote beside it.
    pub done_note: String,
    /// Whether it waits for a person.
    pub waits: bool,
}

impl Store {
    /// Keeps a text whose sender is no number or address: nothing follows from it but that a person reads it. False where it is
    /// known.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn keep_text(&mut self, text: &KeptText) -> Result<bool, StoreError> {
        Ok(keep(&self.connection, text, true)?)
    }

    /// Texts behind one with a number, in the order in which they came; with `all` those that wait for nobody, too.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn inbox(&self, all: bool, behind: i64, most: usize) -> Result<Vec<InboxText>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning, state, done_at, done_note
             FROM inbound_message WHERE id > ?2 AND (?1 OR state = 'pending') ORDER BY id LIMIT ?3",
        )?;
        let rows = statement.query_map(params![all, behind, most as i64], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many texts wait for a person.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn inbox_size(&self) -> Result<u64, StoreError> {
        let waiting = "SELECT count(*) FROM inbound_message WHERE state = 'pending'";
        Ok(self.connection.query_row(waiting, [], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Notes that a person is done with a text. False where no text has this number, none where somebody was done with it before.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn done_with(&mut self, id: i64, note: &str, at: Timestamp) -> Result<Option<bool>, StoreError> {
        if done(&self.connection, id, note, at)? {
            return Ok(Some(true));
        }
        let is_there =
            self.connection.query_row("SELECT count(*) FROM inbound_message WHERE id = ?1", [id], |row| row.get(0));
        Ok(if is_there? { None } else { Some(false) })
    }
}

/// Notes that a person is done with a text that waits, within a transaction of the caller's; false where none waits.
pub(super) fn done(connection: &Connection, id: i64, note: &str, at: Timestamp) -> rusqlite::Result<bool> {
    let changed = connection
        .prepare_cached(
            "UPDATE inbound_message SET state = 'done', done_at = ?2, done_note = ?3 WHERE id = ?1 AND state = 'pending'",
        )?
        .execute(params![id, moment(at), note])?;
    Ok(changed > 0)
}

/// Keeps a text within a transaction of the caller's; false where it is known. What needs nobody is done with what follows from it.
pub(super) fn keep(connection: &Connection, text: &KeptText, needs_somebody: bool) -> rusqlite::Result<bool> {
    if is_known(connection, text)? {
        return Ok(false);
    }
    connection
        .prepare_cached(
            "INSERT INTO inbound_message (gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            text.source,
            text.name,
            moment(text.at),
            text.sender,
            text.body,
            text.outbox,
            text.customer.map(|customer| customer.0 as i64),
            text.meaning.as_str(),
            if needs_somebody { "pending" } else { "done" },
        ])?;
    Ok(true)
}

/// Whether the same words of the same sender are kept: under the same name, or with none on one side, and no further away in
/// time than such a message is repeated. What was said before a refusal was lifted is not what is said after that.
fn is_known(connection: &Connection, text: &KeptText) -> rusqlite::Result<bool> {
    let mut same = connection.prepare_cached(
        "SELECT received_at, gateway_id FROM inbound_message
         WHERE sender_key = ?1 AND body = ?2 AND (gateway_id = ?3 AND gateway = ?4 OR gateway_id = '' OR ?3 = '')",
    )?;
    let kept = same.query_map(params![text.sender, text.body, text.name, text.source], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for kept in kept {
        let (at, name) = kept?;
        let Ok(kept) = at.parse::<Timestamp>() else { continue };
        let is_named = name == text.name && !name.is_empty();
        let within = if is_named { text.repeated.same_name } else { text.repeated.same_words };
        let apart = text.at.duration_since(kept);
        if apart.abs() <= within && !was_lifted(connection, text, kept)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an entry of the suppression list about the sender was lifted between a moment and the text.
fn was_lifted(connection: &Connection, text: &KeptText, since: Timestamp) -> rusqlite::Result<bool> {
    let customer = text.customer.map(|customer| customer.to_string()).unwrap_or_default();
    connection
        .prepare_cached(
            "SELECT count(*) > 0 FROM suppression WHERE key IN (?1, ?2) AND lifted_at >= ?3 AND lifted_at <= ?4",
        )?
        .query_row(params![text.sender, customer, moment(since), moment(text.at)], |row| row.get(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<InboxText> {
    let at: String = row.get(3)?;
    Ok(InboxText {
        id: row.get(0)?,
        text: KeptText {
            source: row.get(1)?,
            name: row.get(2)?,
            at: at.parse().unwrap_or_default(),
            sender: row.get(4)?,
            body: row.get(5)?,
            outbox: row.get(6)?,
            customer: row.get::<_, Option<i64>>(7)?.map(|customer| CustomerId(customer as u64)),
            meaning: InboundMeaning::parse(row.get_ref(8)?.as_str()?).unwrap_or(InboundMeaning::Reply),
            // Of what comes in, not of what is kept.
            repeated: Repeated { same_name: SignedDuration::ZERO, same_words: SignedDuration::ZERO },
        },
        waits: row.get_ref(9)?.as_str()? == "pending",
        done_at: row.get(10)?,
        done_note: row.get(11)?,
    })
}
