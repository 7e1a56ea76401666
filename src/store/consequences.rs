//! Writes what follows from something that was said, each part into its table.

use rusqlite::{Connection, params};

use super::outbox::asked::asked_about;
use super::outbox::state::{Changed, change, take_back};
use super::{StoreError, contact_events, inbound_messages, pending_changes, suppression};
use crate::record::{Before, Consequences, GatewayReport, Said, consequences, moment};

/// Writes what follows from a report that was not kept before; whether the message moved on.
pub(super) fn apply(connection: &Connection, report: &GatewayReport, outbox: i64) -> Result<bool, StoreError> {
    let before = Before { asked: asked_about(connection, outbox)?, is_repeated: false };
    let follows = consequences(Said::Report(report), &before);
    write(connection, &follows)?;
    Ok(follows.state.is_some())
}

/// Writes what follows within a transaction of the caller's; whether any of it was new.
pub(super) fn write(connection: &Connection, follows: &Consequences) -> Result<bool, StoreError> {
    let Consequences { origin, state, again_on, events, updates, note, entries, take_back: to_take_back } = follows;
    let at = moment(origin.at);
    let mut is_new = false;
    if let (Some((state, reason)), Some(outbox)) = (state, origin.outbox) {
        is_new |= change(connection, outbox, *state, reason, &at)? == Changed::Done;
    }
    if let (Some(day), Some(outbox)) = (again_on, origin.outbox) {
        let day = day.to_string();
        let changed = connection
            .prepare_cached("UPDATE outbox SET again_on = ?2 WHERE id = ?1 AND again_on IS NOT ?2")?
            .execute(params![outbox, day])?;
        is_new |= changed > 0;
    }
    for event in events {
        is_new |= contact_events::keep(connection, event, origin)?;
    }
    if let Some(customer) = origin.customer {
        for update in updates {
            is_new |= pending_changes::keep(connection, update, customer, origin)?;
        }
    }
    if let Some(note) = note {
        is_new |= inbound_messages::keep(connection, note, true)?;
    }
    for entry in entries {
        is_new |= suppression::add(connection, entry)?.is_new;
    }
    if let Some(back) = to_take_back {
        for customer in &back.customers {
            is_new |= take_back(connection, *customer, back.reason, &at)? > 0;
        }
    }
    Ok(is_new)
}
