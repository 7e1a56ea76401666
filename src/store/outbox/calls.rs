//! Calls that are to be made: handed out on lists, each once; a list that was lost is known by its name.

use jiff::Timestamp;
use rusqlite::{Row, TransactionBehavior, params};

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
    /// Whose household.
    pub household: CustomerId,
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

/// A list that was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallList {
    /// Its name.
    pub name: String,
    /// When it was handed out, RFC 3339.
    pub at: String,
    /// Calls on it.
    pub calls: u64,
    /// Those of which nothing came back.
    pub open: u64,
}

impl Store {
    /// Calls that are pending and due before a moment, the earliest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn due_calls(&self, before: Timestamp, campaign: Option<&str>) -> Result<Vec<Call>, StoreError> {
        let of = "state = 'pending' AND due_at < ?1 AND channel = 'call' AND (?2 IS NULL OR campaign = ?2)";
        let mut statement = self.connection.prepare_cached(&select(of))?;
        let rows = statement.query_map(params![moment(before), campaign], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The calls of a list of which nothing came back yet, in the order in which they were handed out.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn open_calls(&self, list: &str) -> Result<Vec<Call>, StoreError> {
        let of = "state = 'sent' AND gateway = 'call_list' AND gateway_id = ?1 AND gateway_id <> ''";
        let mut statement = self.connection.prepare_cached(&select(of))?;
        Ok(statement.query_map([list], read)?.collect::<Result<_, _>>()?)
    }

    /// All lists that were handed out, the newest first.
    ///
    /// # Errors
    /// When the database can't be read.
    pub fn call_lists(&self) -> Result<Vec<CallList>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT gateway_id, min(at), count(DISTINCT outbox.id), count(DISTINCT iif(outbox.state = 'sent', outbox.id, NULL))
             FROM outbox JOIN outbox_change ON outbox = outbox.id AND outbox_change.reason = 'call_list'
             WHERE gateway = 'call_list' AND gateway_id <> '' GROUP BY gateway_id ORDER BY 2 DESC, 1",
        )?;
        let rows = statement.query_map([], |row| {
            let [calls, open] = [row.get::<_, i64>(2)?, row.get(3)?].map(|count| count as u64);
            Ok(CallList { name: row.get(0)?, at: row.get(1)?, calls, open })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Hands calls out: whoever is `held` for a reason is taken back, the others become `sent`, `share` gives each the name of
    /// its list, and `write` makes the lists, all in one transaction; where `write` fails, nothing was handed out. The lists get
    /// their names behind it, if need be by whoever opens the workspace next.
    ///
    /// # Errors
    /// When the database can't be written, `write` fails, or the lists can't get their names yet.
    pub fn hand_out<E: From<StoreError>>(
        &mut self,
        calls: Vec<Call>,
        held: impl Fn(&Call) -> Result<Option<String>, E>,
        share: impl FnOnce(&[Call]) -> Vec<String>,
        at: Timestamp,
        write: impl FnOnce(&[(String, Call)]) -> Result<Option<Staged>, E>,
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
                listed.push(call);
            }
        }
        out.calls = listed.len() as u64;
        let listed: Vec<(String, Call)> = share(&listed).into_iter().zip(listed).collect();
        for (name, call) in &listed {
            let named =
                "UPDATE outbox SET gateway = 'call_list', gateway_id = ?2, attempts = attempts + 1 WHERE id = ?1";
            transaction
                .prepare_cached(named)
                .and_then(|mut statement| statement.execute(params![call.id, name]))
                .map_err(failed)?;
        }
        let list = write(&listed)?;
        if let Some(list) = &list {
            publishing::decide(&transaction, list, &self.directory)?;
        }
        fault::point("committing").map_err(|error| StoreError::Snapshot(error.to_string()))?;
        transaction.commit().map_err(failed)?;
        list.map_or(Ok(()), |list| self.publish(list))?;
        Ok(out)
    }
}

/// Calls on a condition, the earliest first.
fn select(condition: &str) -> String {
    format!(
        "SELECT id, campaign, customer, household, recipient, recipient_key, row_key, first_name, language, body, to_verify,
                due_at, country
         FROM outbox WHERE {condition} ORDER BY due_at, id"
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Call> {
    Ok(Call {
        id: row.get(0)?,
        campaign: row.get(1)?,
        customer: CustomerId(row.get::<_, i64>(2)? as u64),
        household: CustomerId(row.get::<_, i64>(3)? as u64),
        recipient: row.get(4)?,
        recipient_key: row.get(5)?,
        row_key: row.get(6)?,
        first_name: row.get(7)?,
        language: row.get(8)?,
        script: row.get::<_, String>(9)?.replace("{link}", "").trim().to_owned(),
        to_verify: Field::listed(row.get_ref(10)?.as_str()?),
        due_at: row.get(11)?,
        country: row.get(12)?,
    })
}
