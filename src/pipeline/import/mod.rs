//! Answers that come in: filled call lists, receipts of gateways and messages as files, each row one answer and one transaction,
//! and messages that a gateway hands over one by one. What comes in twice changes nothing.

mod calls;
#[cfg(feature = "parquet")]
mod decisions;
mod given_on_call;
mod message_list;
mod messages;
mod receipts;
mod suppressions;
mod when;

use std::collections::BTreeMap;

use crate::ingest::List;
use crate::rule::{CallColumn, MessageColumn, OutcomeWords, ReceiptColumn};

use super::SetAside;

pub use calls::{AnswerReader, import_calls};
#[cfg(feature = "parquet")]
pub use decisions::{ImportedDecisions, import_decisions, is_decided_pairs};
pub use message_list::import_messages;
pub use messages::{IncomingMessage, MessageReader, ReadMessage};
pub use receipts::import_receipts;
pub use suppressions::{EXPORTED_COLUMNS, ImportedSuppressions, PERSON, import_suppressions, is_exported};

/// What a file of answers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// A filled call list.
    Calls,
    /// Receipts of a gateway.
    Receipts,
    /// Messages that customers wrote.
    Messages,
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportStats {
    /// Answers taken over, by their outcome or status.
    pub new: BTreeMap<String, u64>,
    /// Answers that were known.
    pub known: u64,
    /// Rows without an outcome: not called yet.
    pub open: u64,
    /// Messages that the club sent itself.
    pub own: u64,
    /// What waits for a person to read it.
    pub to_read: u64,
    /// Receipts of messages that nothing here knows; they are kept.
    pub waiting: u64,
    /// What stood in the column of outcomes and came to none, with how often.
    pub unread_outcomes: BTreeMap<String, u64>,
    /// What could not be taken over.
    pub set_aside: Vec<SetAside>,
}

/// What a file is, by its header; none where it is none of them.
pub fn kind_of_answers(list: &List, words: &OutcomeWords) -> Option<Listed> {
    let has_call = |column| list.header().iter().any(|header| words.column(header) == Some(column));
    let has_receipt = |column| list.header().iter().any(|header| words.receipt_column(header) == Some(column));
    let has_message = |column| list.header().iter().any(|header| words.message_column(header) == Some(column));
    let is_said = has_message(MessageColumn::From) && has_message(MessageColumn::Text);
    let has_status = has_receipt(ReceiptColumn::GatewayId) && has_receipt(ReceiptColumn::Status);
    if has_call(CallColumn::Call) && has_call(CallColumn::Outcome) {
        Some(Listed::Calls)
    } else if is_said && (!has_status || has_message(MessageColumn::Direction)) {
        Some(Listed::Messages)
    } else if has_status {
        Some(Listed::Receipts)
    } else {
        None
    }
}
