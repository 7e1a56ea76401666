//! What dispatch writes: rows that are about to be sent, and what the gateway said of them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::super::consequences::apply;
use super::super::switch::{STOPPED, switch};
use super::super::{Store, StoreError};
use super::OutboxRow;
use super::state::{Changed, change};
use crate::record::{GatewayReport, OutboxState, ReportMeaning, moment};

/// A row that is about to be sent.
#[derive(Debug, Clone)]
pub struct BeginSend<'a> {
    /// The row.
    pub row: &'a OutboxRow,
    /// By which gateway.
    pub gateway: &'a str,
    /// What is kept of its link's token, where it has one.
    pub token_hash: Option<[u8; 32]>,
    /// The day until which its link is good.
    pub expires_at: Timestamp,
}

/// What became of a row that was about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is `sending`, and that will be remembered whatever happens: send it.
    Send,
    /// Its recipient is on the suppression list, for this reason; it is cancelled.
    Suppressed(String),
    /// It is pending no more, or planned otherwise: somebody changed it meanwhile.
    Gone,
}

/// What came of a row that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendResult {
    /// The gateway took it, and calls it so.
    Sent {
        /// The gateway's own name of it.
        gateway_id: String,
    },
    /// It says that it arrived.
    Delivered {
        /// The gateway's own name of it.
        gateway_id: String,
    },
    /// It says that the recipient wants no more of them.
    OptedOut {
        /// Its code.
        code: String,
    },
    /// It will never arrive.
    Failed {
        /// Why, as a code.
        reason: String,
        /// Whether nothing at all can ever reach this recipient.
        is_invalid: bool,
    },
    /// It has certainly not left, and may be sent again from a moment on.
    NotSent {
        /// Why, as a code.
        reason: String,
        /// From when on.
        due_at: Timestamp,
    },
    /// It may have left.
    Unknown {
        /// Why, as a code.
        reason: String,
    },
}

impl SendResult {
    /// The state that follows.
    pub const fn state(&self) -> OutboxState {
        match self {
            SendResult::Sent { .. } => OutboxState::Sent,
            SendResult::Delivered { .. } => OutboxState::Delivered,
            SendResult::OptedOut { .. } => OutboxState::OptedOut,
            SendResult::Failed { .. } => OutboxState::Failed,
            SendResult::NotSent { .. } => OutboxState::Pending,
            SendResult::Unknown { .. } => OutboxState::Unknown,
        }
    }

    fn reason(&self) -> &str {
        match self {
            SendResult::Sent { .. } | SendResult::Delivered { .. } => "",
            SendResult::OptedOut { code } => code,
            SendResult::Failed { reason, .. } | SendResult::NotSent { reason, .. } | SendResult::Unknown { reason } => {
                reason
            }
        }
    }
}

impl Store {
    /// Marks rows as `sending`, all in one durable transaction, unless outreach is stopped (none, then) or a row's
    /// recipient is on the suppression list. The switch, the list and the row's state are looked at within the
    /// transaction: whatever was committed before it holds.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn begin_sending(&mut self, rows: &[BeginSend<'_>], at: Timestamp) -> Result<Option<Vec<Begun>>, StoreError> {
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if switch(&transaction, STOPPED)?.is_some() {
            return Ok(None);
        }
        let mut begun = Vec::with_capacity(rows.len());
        for send in rows {
            begun.push(begin(&transaction, send, &at)?);
        }
        transaction.commit()?;
        Ok(Some(begun))
    }

    /// Writes down what came of rows that were sent, all in one transaction. `before_commit` runs last but one.
    ///
    /// A state that is stronger than the result (an answer that overtook it) stays; the gateway's name of the message
    /// is kept in any case.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn record_sends(
        &mut self,
        results: &[(i64, SendResult)],
        at: Timestamp,
        before_commit: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (row, result) in results {
            record(&transaction, *row, result, &at)?;
        }
        before_commit();
        transaction.commit()?;
        Ok(())
    }

    /// Takes pending rows back before they are sent. Returns how many were still pending.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn cancel_outbox(&mut self, rows: &[(i64, &str)], at: Timestamp) -> Result<u64, StoreError> {
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut cancelled = 0;
        for (row, reason) in rows {
            let changed = change(&transaction, *row, OutboxState::Cancelled, reason, &at)?;
            cancelled += u64::from(changed == Changed::Done);
        }
        transaction.commit()?;
        Ok(cancelled)
    }

    /// Puts pending rows off to another moment.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn put_off(&mut self, rows: &[(i64, Timestamp)]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (row, due_at) in rows {
            transaction
                .prepare_cached("UPDATE outbox SET due_at = ?2 WHERE id = ?1 AND state = 'pending'")?
                .execute(params![row, moment(*due_at)])?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn begin(connection: &Connection, send: &BeginSend<'_>, at: &str) -> Result<Begun, StoreError> {
    let row = send.row;
    if let Some(reason) = suppressed(connection, row)? {
        let code = format!("suppressed:{reason}");
        let changed = change(connection, row.id, OutboxState::Cancelled, &code, at)?;
        return Ok(if changed == Changed::Done { Begun::Suppressed(reason) } else { Begun::Gone });
    }
    let is_as_read: bool = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE id = ?1 AND recipient = ?2 AND body = ?3 AND due_at = ?4")?
        .query_row(params![row.id, row.recipient, row.body, row.due_at], |found| found.get(0))?;
    if !is_as_read || change(connection, row.id, OutboxState::Sending, "", at)? != Changed::Done {
        return Ok(Begun::Gone);
    }
    connection
        .prepare_cached("UPDATE outbox SET attempts = attempts + 1, gateway = ?2, gateway_id = '' WHERE id = ?1")?
        .execute(params![row.id, send.gateway])?;
    if let Some(hash) = &send.token_hash {
        connection
            .prepare_cached(
                "INSERT INTO confirm_token (hash, outbox, customer, expires_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (hash) DO UPDATE SET expires_at = ?4",
            )?
            .execute(params![hash, row.id, row.customer.0 as i64, moment(send.expires_at)])?;
    }
    Ok(Begun::Send)
}

/// Why the recipient or the customer must not be contacted by this channel.
fn suppressed(connection: &Connection, row: &OutboxRow) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(
            "SELECT reason FROM suppression
             WHERE lifted_at IS NULL AND scope IN ('all', ?4) AND id IN (
                   SELECT id FROM suppression WHERE kind = ?3 AND key = ?1
                   UNION ALL SELECT id FROM suppression WHERE kind = 'customer' AND key = ?2
                   UNION ALL SELECT entry FROM known_as WHERE customer = ?5)
             ORDER BY id LIMIT 1",
        )?
        .query_row(
            params![
                row.recipient_key,
                row.customer.to_string(),
                row.contact().as_str(),
                row.channel.as_str(),
                row.customer.0 as i64
            ],
            |found| found.get(0),
        )
        .optional()
}

pub(super) fn record(connection: &Connection, row: i64, result: &SendResult, at: &str) -> Result<Changed, StoreError> {
    // A refusal has the same consequences at once as in a report that comes later.
    let meaning = match result {
        SendResult::OptedOut { .. } => Some(ReportMeaning::OptedOut),
        SendResult::Failed { is_invalid: true, .. } => Some(ReportMeaning::Undelivered),
        _ => None,
    };
    if let Some(meaning) = meaning {
        return refused(connection, row, meaning, result.reason(), at);
    }
    let changed = change(connection, row, result.state(), result.reason(), at)?;
    match result {
        SendResult::Sent { gateway_id } | SendResult::Delivered { gateway_id } => {
            connection
                .prepare_cached("UPDATE outbox SET gateway_id = ?2 WHERE id = ?1")?
                .execute(params![row, gateway_id])?;
        }
        SendResult::NotSent { due_at, .. } if changed == Changed::Done => {
            connection
                .prepare_cached("UPDATE outbox SET due_at = max(due_at, ?2) WHERE id = ?1")?
                .execute(params![row, moment(*due_at)])?;
        }
        _ => {}
    }
    Ok(changed)
}

/// The gateway would not take the message because of its recipient: that is evidence for later runs, and takes back what
/// else is planned; who opted out there is suppressed here.
fn refused(
    connection: &Connection,
    row: i64,
    meaning: ReportMeaning,
    code: &str,
    at: &str,
) -> Result<Changed, StoreError> {
    let gateway = connection
        .prepare_cached("SELECT gateway FROM outbox WHERE id = ?1")?
        .query_row([row], |found| found.get(0))
        .optional()?;
    let Some(gateway) = gateway else { return Ok(Changed::NoRow) };
    let report = GatewayReport {
        gateway,
        gateway_id: String::new(),
        reference: None,
        status: String::new(),
        code: code.to_owned(),
        meaning,
        at: at.parse().unwrap_or_default(),
    };
    Ok(if apply(connection, &report, row)? { Changed::Done } else { Changed::Already })
}
