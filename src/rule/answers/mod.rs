//! `rules/outreach/`: how answers are read: outcomes of calls, words that end messages, reports of gateways.

mod opt_out;
mod outcomes;
mod reports;

pub use opt_out::{OptOutWords, Wish};
pub use outcomes::{CallColumn, MessageColumn, OutcomeWords, ReceiptColumn, outcome_title};
pub use reports::{InboundWords, ReportWords, ServerGuards};
