//! Receipts of a gateway as a file: what became of each message.

use std::collections::BTreeMap;

use super::calls::read_all;
use super::{AnswerReader, ImportStats, SetAside};
use crate::ingest::List;
use crate::pipeline::{RunError, Setup};
use crate::record::{ColumnIndex, GatewayReport, ReportMeaning};
use crate::rule::{ReceiptColumn, ReportWords};
use crate::store::{Reported, Store};

/// Takes over the receipts of a gateway; `own` is what its words mean, where that is said.
///
/// # Errors
/// When the list can't be read or the workspace can't be written.
pub fn import_receipts(
    list: &List,
    gateway: &str,
    own: &BTreeMap<String, ReportMeaning>,
    reader: &AnswerReader<'_>,
    store: &mut Store,
    setup: &Setup,
) -> Result<ImportStats, RunError> {
    let reports = ReportWords::load(&setup.context.files)?;
    let mut stats = ImportStats::default();
    let (batches, unread) = read_all(list)?;
    stats.set_aside.extend(unread);
    for raw in &batches {
        for row in 0..raw.len() {
            let cell = |column: ReceiptColumn| -> &str {
                let headers = (0..).zip(list.header());
                let of = headers.filter(|(_, header)| reader.words.receipt_column(header) == Some(column));
                let mut cells = of.map(|(index, _)| raw.cell(row, ColumnIndex(index)).trim());
                cells.find(|cell| !cell.is_empty()).unwrap_or_default()
            };
            let mut aside = |reason: &str, remedy: &str| {
                stats.set_aside.push(SetAside::row(raw.place(row), reason, remedy, raw.record(row)));
            };
            let (gateway_id, status) = (cell(ReceiptColumn::GatewayId), cell(ReceiptColumn::Status));
            let code = match cell(ReceiptColumn::Code) {
                // No error.
                "0" => "",
                code => code,
            };
            if gateway_id.is_empty() || status.is_empty() {
                aside(
                    "incomplete",
                    "The gateway's name of the message or its status is missing: ask it for a whole file.",
                );
                continue;
            }
            let meaning = reports.other(own, status, code).or_else(|| reports.twilio(status, code));
            let Some(meaning) = meaning else {
                aside(
                    "unknown_status",
                    "Nothing says what this status means: write it into tiuv.toml, [webhooks.gateway.NAME.http], \
                     status = { words = { … } }.",
                );
                continue;
            };
            let Some(at) = reader.when.read(cell(ReceiptColumn::At)) else {
                aside("bad_time", "When it happened can't be read: write it as YYYY-MM-DD HH:MM, or leave it empty.");
                continue;
            };
            let report = GatewayReport {
                gateway: gateway.to_owned(),
                gateway_id: gateway_id.to_owned(),
                reference: None,
                status: status.to_owned(),
                code: code.to_owned(),
                meaning,
                at,
            };
            match store.record_report(&report)? {
                Reported::Moved | Reported::Kept => *stats.new.entry(meaning.to_string()).or_default() += 1,
                Reported::Known => stats.known += 1,
                Reported::Waits => stats.waiting += 1,
            }
        }
        setup.go_on()?;
    }
    store.apply_waiting_reports()?;
    stats.set_aside.sort_by_key(|one| one.place);
    Ok(stats)
}
