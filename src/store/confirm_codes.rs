//! Codes that were sent to new numbers and addresses: how many may leave, and what comes back. The code itself stands nowhere.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::confirm_links::{LINK_SOURCE, OpenLink, open_link};
use super::contact_events;
use super::pending_changes::{accept_verified, of_customer};
use super::switch::{STOPPED, switch};
use super::{Store, StoreError};
use crate::record::{ContactKind, EventChannel, EventKind, Field, LearntEvent, Once, Origin, moment};
use crate::rule::CodeLimits;

/// A code for a value that was given by a link.
#[derive(Debug, Clone, Copy)]
pub struct CodeFor<'a> {
    /// What is kept of the link's token.
    pub token: &'a [u8; 32],
    /// How long an answer by it may be corrected.
    pub correct: SignedDuration,
    /// The value's number.
    pub value: i64,
    /// What it is.
    pub kind: ContactKind,
    /// Its key.
    pub key: &'a str,
    /// What is kept of the code.
    pub hash: &'a [u8; 32],
    /// Whether it has the form of a code; what has not is no try.
    pub is_whole: bool,
}

/// Whether a code may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeBegun {
    /// It is written down, and by this number: send it.
    Send(i64),
    /// One left just now.
    TooSoon,
    /// None may be sent there: the contact is on the suppression list, too many were sent, outreach is stopped, or there is
    /// no such value.
    Never,
}

/// What entering a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeEntered {
    /// It is the code.
    Right,
    /// It is not; so many tries are left.
    Wrong(u32),
    /// No code is good any more.
    Over,
}

impl Store {
    /// Writes a code down before it leaves, where it may.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn begin_code(
        &mut self,
        code: &CodeFor<'_>,
        limits: &CodeLimits,
        now: Timestamp,
    ) -> Result<CodeBegun, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(link) = link_of(&transaction, code, now)? else { return Ok(CodeBegun::Never) };
        let since = |ago: SignedDuration| moment(now.checked_sub(ago).unwrap_or(Timestamp::MIN));
        let sent_there = |ago: SignedDuration| -> rusqlite::Result<u32> {
            transaction
                .prepare_cached("SELECT count(*) FROM confirm_code WHERE kind = ?1 AND key = ?2 AND sent_at > ?3")?
                .query_row(params![code.kind.as_str(), code.key, since(ago)], |row| row.get(0))
        };
        if sent_there(SignedDuration::from_secs(limits.wait_seconds.into()))? > 0 {
            return Ok(CodeBegun::TooSoon);
        }
        let by_link: u32 = transaction
            .prepare_cached("SELECT count(*) FROM confirm_code WHERE outbox = ?1")?
            .query_row([link.outbox], |row| row.get(0))?;
        if switch(&transaction, STOPPED)?.is_some()
            || is_suppressed(&transaction, code.kind, code.key)?
            || sent_there(SignedDuration::from_hours(24))? >= limits.most_a_day
            || by_link >= limits.most_a_link
        {
            return Ok(CodeBegun::Never);
        }
        let expires_at = now + SignedDuration::from_mins(limits.minutes.into());
        transaction
            .prepare_cached("UPDATE confirm_code SET state = 'over' WHERE change = ?1 AND state = 'sent'")?
            .execute([code.value])?;
        transaction
            .prepare_cached(
                "INSERT INTO confirm_code (change, outbox, kind, key, hash, sent_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                code.value,
                link.outbox,
                code.kind.as_str(),
                code.key,
                &code.hash[..],
                moment(now),
                moment(expires_at)
            ])?;
        let id = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(CodeBegun::Send(id))
    }

    /// Forgets a code that certainly did not leave: it confirms nothing, costs nothing, and keeps no other one from leaving.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn code_not_sent(&mut self, id: i64) -> Result<(), StoreError> {
        self.connection.execute("DELETE FROM confirm_code WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Looks whether a code is the one that was sent for a value; then the value is confirmed, and accepted where its field is
    /// among those that a code is enough for.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn enter_code(
        &mut self,
        code: &CodeFor<'_>,
        limits: &CodeLimits,
        accept: &[Field],
        now: Timestamp,
    ) -> Result<CodeEntered, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(link) = link_of(&transaction, code, now)? else { return Ok(CodeEntered::Over) };
        let found = transaction
            .prepare_cached(
                "SELECT id, hash, tries, state = 'used' FROM confirm_code
                 WHERE change = ?1 AND (state = 'used' OR state = 'sent' AND expires_at > ?2) ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![code.value, moment(now)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, u32>(2)?, row.get::<_, bool>(3)?))
            })
            .optional()?;
        let Some((id, hash, tries, is_used)) = found else { return Ok(CodeEntered::Over) };
        // Both are HMACs, so how far they agree tells nothing of the code.
        let is_right = hash == code.hash;
        if is_used {
            // Who taps twice sends it twice.
            return Ok(if is_right { CodeEntered::Right } else { CodeEntered::Over });
        }
        if !code.is_whole {
            return Ok(CodeEntered::Wrong(limits.tries.saturating_sub(tries)));
        }
        if !is_right {
            let tries = tries + 1;
            let state = if tries >= limits.tries { "over" } else { "sent" };
            transaction
                .prepare_cached("UPDATE confirm_code SET tries = ?2, state = ?3 WHERE id = ?1")?
                .execute(params![id, tries, state])?;
            transaction.commit()?;
            return Ok(if tries >= limits.tries {
                CodeEntered::Over
            } else {
                CodeEntered::Wrong(limits.tries - tries)
            });
        }
        transaction.prepare_cached("UPDATE confirm_code SET state = 'used' WHERE id = ?1")?.execute([id])?;
        accept_verified(&transaction, code.value, accept, &moment(now))?;
        contact_events::keep(&transaction, &proof(code, &link), &origin(&link, now))?;
        transaction.commit()?;
        Ok(CodeEntered::Right)
    }
}

/// The link by which the value was given, where both are open.
fn link_of(connection: &Connection, code: &CodeFor<'_>, now: Timestamp) -> Result<Option<OpenLink>, StoreError> {
    let Some(link) = open_link(connection, code.token, now, code.correct)? else { return Ok(None) };
    Ok(of_customer(connection, code.value, link.customer)?.then_some(link))
}

/// That somebody read a message there is proof of the new contact, as an answer is.
fn proof(code: &CodeFor<'_>, link: &OpenLink) -> LearntEvent {
    let channel = if link.contact() == ContactKind::Email { EventChannel::Email } else { EventChannel::Sms };
    LearntEvent {
        channel,
        event: EventKind::Confirmed,
        kind: code.kind,
        key: code.key.to_owned(),
        once: Once::APlannedContact,
    }
}

fn origin(link: &OpenLink, at: Timestamp) -> Origin {
    Origin {
        at,
        source: LINK_SOURCE.to_owned(),
        code: String::new(),
        customer: Some(link.customer),
        outbox: Some(link.outbox),
        is_audit: false,
    }
}

fn is_suppressed(connection: &Connection, kind: ContactKind, key: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT count(*) > 0 FROM suppression WHERE kind = ?1 AND key = ?2 AND lifted_at IS NULL")?
        .query_row(params![kind.as_str(), key], |row| row.get(0))
}
