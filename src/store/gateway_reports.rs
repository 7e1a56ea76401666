//! What gateways reported, each report once, and those that wait for the message that they are about.

use rusqlite::{Connection, params};

use crate::record::{GatewayReport, ReportMeaning, moment};

/// Keeps a report within a transaction of the caller's; false where it is known.
pub(super) fn keep(connection: &Connection, report: &GatewayReport, outbox: Option<i64>) -> rusqlite::Result<bool> {
    // A report that bears only our number is kept under a name that no gateway gives.
    let gateway_id = match (report.gateway_id.as_str(), report.reference) {
        ("", Some(reference)) => format!("#{reference}"),
        (gateway_id, _) => gateway_id.to_owned(),
    };
    let kept = connection
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
    Ok(kept > 0)
}

/// A report that came before the gateway's own answer named its message, and the message.
pub(super) struct WaitingReport {
    id: i64,
    /// The message.
    pub(super) outbox: i64,
    pub(super) report: GatewayReport,
}

/// Reports that wait and whose message is known now, in the order of their arrival.
pub(super) fn waiting(connection: &Connection) -> rusqlite::Result<Vec<WaitingReport>> {
    connection
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
            Ok(WaitingReport { id: row.get(0)?, outbox: row.get(1)?, report })
        })?
        .collect()
}

/// Notes which message a report is about, so that it waits no longer.
pub(super) fn settle(connection: &Connection, waiting: &WaitingReport) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE gateway_report SET outbox = ?2 WHERE id = ?1")?
        .execute(params![waiting.id, waiting.outbox])?;
    Ok(())
}
