//! What is written of a request, on the thread that has the workspace.

use jiff::Timestamp;

use crate::pipeline::{IncomingMessage, RunError};
use crate::record::GatewayReport;
use crate::store::Reported;
use crate::web::desk::Desk;

/// What to write.
pub(super) enum Work {
    Report(GatewayReport),
    Message { gateway: String, message: IncomingMessage, at: Timestamp },
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// It is written down, or was.
    Written,
    /// The workspace can't be written.
    Failed,
}

impl Work {
    pub(super) fn write(self, desk: &mut Desk<'_>) -> Done {
        let done = match self {
            Work::Report(report) => write_report(&report, desk),
            Work::Message { gateway, message, at } => take_in(&gateway, message, at, desk),
        };
        done.unwrap_or_else(|error| {
            tracing::error!(%error, "a report could not be written; the gateway is asked to send it again");
            Done::Failed
        })
    }
}

fn write_report(report: &GatewayReport, desk: &mut Desk<'_>) -> Result<Done, RunError> {
    let reported = desk.store.record_report(report)?;
    desk.waits |= reported == Reported::Waits;
    tracing::info!(gateway = report.gateway, meaning = report.meaning.as_str(), ?reported, "a report");
    Ok(Done::Written)
}

fn take_in(gateway: &str, message: IncomingMessage, at: Timestamp, desk: &mut Desk<'_>) -> Result<Done, RunError> {
    let read = desk.messages.take_in(gateway, message, at, desk.store)?;
    let meaning = read.meaning.as_str();
    let Some(taken) = read.taken else {
        tracing::warn!(gateway, meaning, "a message from what is no number or address; `tiuv outreach inbox` shows it");
        return Ok(Done::Written);
    };
    let (is_new, is_known) = (taken.is_new, taken.customer.is_some());
    tracing::info!(gateway, meaning, is_new, is_known, "a message");
    Ok(Done::Written)
}
