//! What answers, reports and messages change in the workspace. Each is one transaction: what is known is read,
//! [`consequences`] says what follows, and that is written.

use rusqlite::TransactionBehavior;

use super::consequences::{apply, write};
use super::outbox::asked::{asked_about, asked_last, sent_by};
use super::{Store, StoreError, gateway_reports, inbound_messages};
use crate::record::{Answer, Before, CustomerId, GatewayReport, Inbound, InboundMeaning, Said, consequences};

/// What writing an answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was new.
    New,
    /// It was known.
    Known,
    /// It names a planned contact that is not in the workspace.
    NoRow,
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

/// What taking a message in came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenIn {
    /// False where it was known.
    pub is_new: bool,
    /// The customer whose it is, if anybody was asked at that number or address, or has it.
    pub customer: Option<CustomerId>,
}

impl Store {
    /// Writes an answer down with all that follows from it, all or nothing.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn record_answer(&mut self, answer: &Answer) -> Result<Recorded, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let asked = match answer.outbox {
            Some(id) => match asked_about(&transaction, id)? {
                Some(asked) => Some(asked),
                None => return Ok(Recorded::NoRow),
            },
            None => None,
        };
        let follows = consequences(Said::Answer(answer), &Before { asked, is_repeated: false });
        let is_new = write(&transaction, &follows)?;
        transaction.commit()?;
        Ok(if is_new { Recorded::New } else { Recorded::Known })
    }

    /// Writes a report down, once, and moves its message on.
    ///
    /// Where reports come out of order, the strongest holds: answered, opted out > delivered > failed > sent. A message that a
    /// report calls failed and a later one delivered was delivered; one that was delivered does not fail any more.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn record_report(&mut self, report: &GatewayReport) -> Result<Reported, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let outbox = sent_by(&transaction, &report.gateway, &report.gateway_id, report.reference)?;
        let is_repeated = !gateway_reports::keep(&transaction, report, outbox)?;
        let reported = match outbox {
            _ if is_repeated => Reported::Known,
            Some(outbox) if apply(&transaction, report, outbox)? => Reported::Moved,
            Some(_) => Reported::Kept,
            None => Reported::Waits,
        };
        transaction.commit()?;
        Ok(reported)
    }

    /// Applies reports that came before the gateway's own answer named their message; returns how many found it now.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn apply_waiting_reports(&mut self) -> Result<u64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let waiting = gateway_reports::waiting(&transaction)?;
        for one in &waiting {
            gateway_reports::settle(&transaction, one)?;
            apply(&transaction, &one.report, one.outbox)?;
        }
        transaction.commit()?;
        Ok(waiting.len() as u64)
    }

    /// Takes a message in, once, with all that follows from it.
    ///
    /// # Errors
    /// When the database can't be written.
    pub fn take_in(&mut self, message: &Inbound) -> Result<TakenIn, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (kind, key) = &message.sender;
        let last = asked_last(&transaction, *kind, key)?;
        let text = message.text(last);
        // A plain refusal is done with what follows from it.
        let needs_somebody = text.meaning != InboundMeaning::OptOut;
        let is_new = inbound_messages::keep(&transaction, &text, needs_somebody)?;
        let asked = match last {
            Some((outbox, _)) => asked_about(&transaction, outbox)?,
            None => None,
        };
        let before = Before { asked, is_repeated: !is_new };
        write(&transaction, &consequences(Said::Message(message), &before))?;
        transaction.commit()?;
        Ok(TakenIn { is_new, customer: text.customer })
    }
}

#[cfg(test)]
mod tests;
