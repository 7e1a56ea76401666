//! What customers wrote, for a person to read; each message once.

use rusqlite::{Connection, params};

use crate::record::{InboundMeaning, KeptText, moment};

/// Keeps a text within a transaction of the caller's; false where it is known.
pub(super) fn keep(connection: &Connection, text: &KeptText) -> rusqlite::Result<bool> {
    let kept = connection
        .prepare_cached(
            "INSERT OR IGNORE INTO inbound_message
                 (gateway, gateway_id, received_at, sender_key, body, outbox, customer, meaning, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            text.source,
            text.name,
            moment(text.at),
            text.sender,
            text.body,
            text.outbox,
            text.customer.map(|customer| customer.0 as i64),
            text.meaning.as_str(),
            // A plain refusal is done with what follows from it.
            if text.meaning == InboundMeaning::OptOut { "done" } else { "pending" },
        ])?;
    Ok(kept > 0)
}
