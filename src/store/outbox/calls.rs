//! Calls that are to be made: handed out on a list, each once.

use jiff::Timestamp;
use rusqlite::{TransactionBehavior, params};

use super::state::{Changed, change};
use crate::disk::{Staged, fault};
use crate::record::{CustomerId, Field, OutboxState, moment};
use crate::store::{Store, StoreError, publishing};

/// A planned call.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// Its number.
    pub id: i64,
    /// Of which campaign.
    pub campaign: String,
    /// Who is called.
    pub customer: CustomerId,
    /// E.164.
    pub recipient: String,
    /// What equal contacts share.
    pub recipient_key: String,
    /// The list's own key of the row that stands for the customer.
    pub row_key: String,
    /// Given name.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// ISO 3166; whose time holds.
    pub country: String,
    /// What to say; the link's slot is left out, as nobody reads a link aloud.
    pub script: String,
    /// Fields to verify.
    pub to_verify: Vec<Field>,
    /// Not before, RFC 3339.
    pub due_at: String,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({})", self.id)
    }
}

/// What handing out came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HandedOut {
    /// Calls on the list.
    pub calls: u64,
    /// Calls that were taken back, because the customer may not be called any more.
    pub taken_back: u64,
}

impl Store {
    /// Calls that are pending and due before a moment, the earliest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn due_calls(&self, before: Timestamp, campaign: Option<&str>) -> Result<Vec<Call>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, campaign, customer, recipient, recipient_key, row_key, first_name, language, body, to_verify, due_at,
                    country
             FROM outbox
             WHERE state = 'pending' AND due_at < ?1 AND channel = 'call' AND (?2 IS NULL OR campaign = ?2)
             ORDER BY due_at, id",
        )?;
        let rows = statement.query_map(params![moment(before), campaign], |row| {
            Ok(Call {
                id: row.get(0)?,
                campaign: row.get(1)?,
                customer: CustomerId(row.get::<_, i64>(2)? as u64),
                recipient: row.get(3)?,
                recipient_key: row.get(4)?,
                row_key: row.get(5)?,
                first_name: row.get(6)?,
                language: row.get(7)?,
                script: row.get::<_, String>(8)?.replace("{link}", "").trim().to_owned(),
                to_verify: Field::listed(row.get_ref(9)?.as_str()?),
                due_at: row.get(10)?,
                country: row.get(11)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands calls out: whoever is `held` for a reason is taken back, the others become `sent`, and `write` makes the list of
    /// them, all in one transaction; where `write` fails, nothing was handed out. The list gets its name behind it, if need be by
    /// whoever opens the workspace next.
    ///
    /// # Errors
    /// When the database can't be written, `write` fails, or the list can't get its name yet.
    pub fn hand_out<E: From<StoreError>>(
        &mut self,
        calls: Vec<Call>,
        held: impl Fn(&Call) -> Result<Option<String>, E>,
        at: Timestamp,
        write: impl FnOnce(&[Call]) -> Result<Option<Staged>, E>,
    ) -> Result<HandedOut, E> {
        let failed = |error: rusqlite::Error| E::from(StoreError::from(error));
        let at = moment(at);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut out = HandedOut::default();
        let mut listed = Vec::with_capacity(calls.len());
        for call in calls {
            if let Some(reason) = held(&call)? {
                let changed = change(&transaction, call.id, OutboxState::Cancelled, &reason, &at)?;
                out.taken_back += u64::from(changed == Changed::Done);
                continue;
            }
            if change(&transaction, call.id, OutboxState::Sent, "call_list", &at)? == Changed::Done {
                transaction
                    .prepare_cached("UPDATE outbox SET gateway = 'call_list', attempts = attempts + 1 WHERE id = ?1")
                    .and_then(|mut statement| statement.execute([call.id]))
                    .map_err(failed)?;
                listed.push(call);
            }
        }
        out.calls = listed.len() as u64;
        let list = write(&listed)?;
        if let Some(list) = &list {
            publishing::decide(&transaction, list)?;
        }
        fault::point("committing").map_err(|error| StoreError::Snapshot(error.to_string()))?;
        transaction.commit().map_err(failed)?;
        list.map_or(Ok(()), |list| self.publish(list))?;
        Ok(out)
    }
}
