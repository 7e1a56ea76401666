//! `rules/outreach/`: how answers are read: outcomes of calls, reports of gateways.

mod outcomes;
mod reports;

pub use outcomes::{CallColumn, MessageColumn, OutcomeWords, ReceiptColumn, outcome_title};
pub use reports::{InboundWords, ReportWords, ServerGuards};
