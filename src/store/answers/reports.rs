//! What gateways report of messages. Reports may come twice, late, and before the gateway's own answer to the request.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::{Asked, asked, take_back};
use crate::record::{
    ContactKind, CustomerId, EventChannel, EventKind, OutboxState, ReportMeaning, Suppressed, Suppression,
    SuppressionReason, SuppressionScope, moment,
};
use crate::store::outbox::{Changed, change};
use crate::store::suppression::{self, ToSuppress};
use crate::store::{Store, StoreError};

/// What a gateway says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayReport {
    /// Name of the gateway, as in `tiuv.toml`.
    pub gateway: String,
    /// Its own name of the message; empty where it gave only ours.
    pub gateway_id: String,
    /// Our own number of the message, where the gateway was told it and gives it back.
    pub reference: Option<i64>,
    /// Its own word.
    pub status: String,
    /// Its error code.
    pub code: String,
    /// What that means.
    pub meaning: ReportMeaning,
    /// When it came, or is said to have happened.
    pub at: Timestamp,
}

/// What a report came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// It was written down; the message moved on.
    Moved,
    /// It was written down; the message already stands further on.
    Kept,
    /// It was known.
    Known,
    /// It was written down, and waits for the gateway's answer that tells which message it is about.
    Waits,
}

impl Store {
    /// Writes a report down, once, and moves its message on.
    ///
    /// Which state may follow on which is for [`OutboxState::may_become`] to say; where reports come out of order, the
    /// strongest holds: answered, opted out > delivered > failed > sent. A message that a report calls failed and a later
    /// one delivered was delivered; one that was delivered does not fail any more.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn record_report(&mut self, report: &GatewayReport) -> Result<Reported, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let reported = record(&transaction, report)?;
        transaction.commit()?;
        Ok(reported)
    }

    /// Applies reports that came before the gateway's own answer named their message; returns how many found it now.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn apply_waiting_reports(&mut self) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let waiting: Vec<(i64, i64, GatewayReport)> = transaction
            .prepare_cached(
                "SELECT report.id, outbox.id, report.gateway, report.gateway_id, report.status, report.code, report.meaning,
                        report.received_at
                 FROM gateway_report report JOIN outbox
                   ON outbox.gateway = report.gateway AND outbox.gateway_id = report.gateway_id AND outbox.gateway_id <> ''
                 WHERE report.outbox IS NULL ORDER BY report.id",
            )?
            .query_map([], |row| {
                let at: String = row.get(7)?;
                let report = GatewayReport {
                    gateway: row.get(2)?,
                    gateway_id: row.get(3)?,
                    reference: None,
                    status: row.get(4)?,
                    code: row.get(5)?,
                    meaning: ReportMeaning::parse(row.get_ref(6)?.as_str()?).unwrap_or(ReportMeaning::Underway),
                    at: at.parse().unwrap_or_default(),
                };
                Ok((row.get(0)?, row.get(1)?, report))
            })?
            .collect::<Result<_, _>>()?;
        for (report_id, outbox, report) in &waiting {
            transaction
                .prepare_cached("UPDATE gateway_report SET outbox = ?2 WHERE id = ?1")?
                .execute(params![report_id, outbox])?;
            if let Some(asked) = asked(&transaction, *outbox)? {
                apply(&transaction, report, &asked)?;
            }
        }
        transaction.commit()?;
        Ok(waiting.len() as u64)
    }
}

fn record(connection: &Connection, report: &GatewayReport) -> Result<Reported, StoreError> {
    let outbox = message_of(connection, report)?;
    // A report that bears only our number is kept under a name that no gateway gives.
    let gateway_id = match (report.gateway_id.as_str(), report.reference) {
        ("", Some(reference)) => format!("#{reference}"),
        (gateway_id, _) => gateway_id.to_owned(),
    };
    let is_new = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO gateway_report (gateway, gateway_id, status, code, received_at, meaning, outbox)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            report.gateway,
            gateway_id,
            report.status,
            report.code,
            moment(report.at),
            report.meaning.as_str(),
            outbox
        ])?;
    if is_new == 0 {
        return Ok(Reported::Known);
    }
    let asked = match outbox {
        Some(outbox) => asked(connection, outbox)?,
        None => None,
    };
    match asked {
        Some(asked) => apply(connection, report, &asked),
        None => Ok(Reported::Waits),
    }
}

/// The message that a report is about: by the gateway's name of it, else by ours, if it went by this gateway.
fn message_of(connection: &Connection, report: &GatewayReport) -> rusqlite::Result<Option<i64>> {
    let by_name = connection
        .prepare_cached("SELECT id FROM outbox WHERE gateway = ?1 AND gateway_id = ?2 AND gateway_id <> ''")?
        .query_row(params![report.gateway, report.gateway_id], |row| row.get(0))
        .optional()?;
    match (by_name, report.reference) {
        (None, Some(reference)) => connection
            .prepare_cached("SELECT id FROM outbox WHERE id = ?1 AND gateway = ?2 AND state <> 'pending'")?
            .query_row(params![reference, report.gateway], |row| row.get(0))
            .optional(),
        (by_name, _) => Ok(by_name),
    }
}

/// Moves a message on as a report says, with all that follows from it, within a transaction of the caller's.
pub(in crate::store) fn apply(
    connection: &Connection,
    report: &GatewayReport,
    asked: &Asked,
) -> Result<Reported, StoreError> {
    let at = moment(report.at);
    let state = match report.meaning {
        ReportMeaning::Underway => return Ok(Reported::Kept),
        ReportMeaning::Sent => OutboxState::Sent,
        ReportMeaning::Delivered => OutboxState::Delivered,
        ReportMeaning::Undelivered | ReportMeaning::SoftFailed | ReportMeaning::Failed => OutboxState::Failed,
        ReportMeaning::OptedOut => OutboxState::OptedOut,
    };
    let reason = match state {
        OutboxState::Failed | OutboxState::OptedOut if report.code.is_empty() => report.status.as_str(),
        OutboxState::Failed | OutboxState::OptedOut => report.code.as_str(),
        _ => "",
    };
    let changed = change(connection, asked.id, state, reason, &at)?;
    if let Some(event) = event(report.meaning, asked.kind) {
        keep_event(connection, report, asked, event, &at)?;
    }
    match report.meaning {
        ReportMeaning::OptedOut => {
            refuse(connection, report, asked, &at)?;
            take_back(connection, CustomerId(asked.customer as u64), "opt_out", &at)?;
        }
        // A hard failure ends the ladder: the next plan finds another way to this customer.
        ReportMeaning::Undelivered if changed == Changed::Done => {
            take_back(connection, CustomerId(asked.customer as u64), "undelivered", &at)?;
        }
        _ => {}
    }
    Ok(if changed == Changed::Done { Reported::Moved } else { Reported::Kept })
}

const fn event(meaning: ReportMeaning, kind: ContactKind) -> Option<EventKind> {
    match (meaning, kind) {
        (ReportMeaning::Delivered, _) => Some(EventKind::Delivered),
        (ReportMeaning::Undelivered, ContactKind::Phone) => Some(EventKind::Undelivered),
        (ReportMeaning::Undelivered, ContactKind::Email) => Some(EventKind::HardBounce),
        (ReportMeaning::SoftFailed, ContactKind::Email) => Some(EventKind::SoftBounce),
        (ReportMeaning::OptedOut, _) => Some(EventKind::OptOut),
        _ => None,
    }
}

fn keep_event(
    connection: &Connection,
    report: &GatewayReport,
    asked: &Asked,
    event: EventKind,
    at: &str,
) -> rusqlite::Result<()> {
    let channel = match asked.kind {
        ContactKind::Email => EventChannel::Email,
        ContactKind::Phone => EventChannel::Sms,
    };
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO contact_event (at, channel, event, kind, key, customer, outbox, is_audit, code, source)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            at,
            channel.as_str(),
            event.as_str(),
            asked.kind.as_str(),
            asked.key,
            asked.customer,
            asked.id,
            asked.is_audit,
            report.code,
            format!("gateway:{}", report.gateway),
        ])?;
    Ok(())
}

fn refuse(connection: &Connection, report: &GatewayReport, asked: &Asked, at: &str) -> rusqlite::Result<()> {
    let entry = Suppression {
        number: 0,
        what: Suppressed::Customer(CustomerId(asked.customer as u64)),
        scope: SuppressionScope::All,
        reason: SuppressionReason::OptOut,
        source: format!("gateway:{}", report.gateway),
        note: report.code.clone(),
        checked_on: None,
        added_at: at.to_owned(),
        lifted_at: None,
        of: None,
    };
    suppression::add(connection, &ToSuppress { entry, contacts: vec![(asked.kind, asked.key.clone())] })?;
    Ok(())
}
