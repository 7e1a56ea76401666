//! The account of the outbox: every planned contact in exactly one state.

use std::collections::BTreeMap;

use rusqlite::params;

use super::super::{Store, StoreError};
use crate::record::{Channel, OutboxState, moment};

/// How many rows stand in a state by a channel, and what they cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StateSum {
    /// Rows.
    pub rows: u64,
    /// Millionths of the policy's currency.
    pub cost: i64,
}

/// Every planned contact in exactly one state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboxStats {
    /// All rows.
    pub planned: u64,
    /// By channel and state; what is not here is nothing.
    pub sums: BTreeMap<(&'static str, OutboxState), StateSum>,
    /// Failed and cancelled rows by state and reason, the most frequent first.
    pub reasons: Vec<(OutboxState, String, u64)>,
    /// Pending rows of text messages and e-mails that are due.
    pub due: u64,
    /// The moment at which the next of the others is due, RFC 3339.
    pub next_due: Option<String>,
}

impl OutboxStats {
    /// Rows in a state, by whatever channel.
    pub fn in_state(&self, state: OutboxState) -> StateSum {
        self.sums.iter().filter(|((_, of), _)| *of == state).fold(StateSum::default(), |sum, (_, more)| StateSum {
            rows: sum.rows + more.rows,
            cost: sum.cost + more.cost,
        })
    }

    /// Rows of a channel in a state.
    pub fn of(&self, channel: Channel, state: OutboxState) -> StateSum {
        self.sums.get(&(channel.as_str(), state)).copied().unwrap_or_default()
    }
}

impl Store {
    /// The account of a campaign, or of all.
    ///
    /// # Errors
    /// When the database can't be read, or its parts contradict each other: a row that stands in no state or in two, or
    /// one whose state is not the last of its history.
    pub fn outbox_stats(&mut self, campaign: Option<&str>, now: jiff::Timestamp) -> Result<OutboxStats, StoreError> {
        // One moment of the database, though others write to it meanwhile.
        let transaction = self.connection.transaction()?;
        let planned: i64 = transaction.query_row(
            "SELECT count(*) FROM outbox WHERE ?1 IS NULL OR campaign = ?1",
            [campaign],
            |row| row.get(0),
        )?;
        let mut stats = OutboxStats { planned: planned as u64, ..OutboxStats::default() };
        let mut sums = transaction.prepare(
            "SELECT channel, state, count(*), sum(cost) FROM outbox WHERE ?1 IS NULL OR campaign = ?1
             GROUP BY channel, state",
        )?;
        let mut rows = sums.query([campaign])?;
        while let Some(row) = rows.next()? {
            let channel = Channel::parse(row.get_ref(0)?.as_str().unwrap_or_default());
            let state = OutboxState::parse(row.get_ref(1)?.as_str().unwrap_or_default());
            let (Some(channel), Some(state)) = (channel, state) else { continue };
            let sum = StateSum { rows: row.get::<_, i64>(2)? as u64, cost: row.get(3)? };
            stats.sums.insert((channel.as_str(), state), sum);
        }
        drop(rows);
        drop(sums);
        let mut reasons = transaction.prepare(
            "SELECT state, reason, count(*) FROM outbox
             WHERE state IN ('failed', 'cancelled') AND (?1 IS NULL OR campaign = ?1)
             GROUP BY state, reason ORDER BY count(*) DESC, state, reason",
        )?;
        let found = reasons.query_map([campaign], |row| {
            let state = OutboxState::parse(row.get_ref(0)?.as_str()?).unwrap_or(OutboxState::Failed);
            Ok((state, row.get(1)?, row.get::<_, i64>(2)? as u64))
        })?;
        stats.reasons = found.collect::<Result<_, _>>()?;
        drop(reasons);
        let now = moment(now);
        (stats.due, stats.next_due) = transaction.query_row(
            "SELECT count(*) FILTER (WHERE due_at <= ?2), min(due_at) FILTER (WHERE due_at > ?2) FROM outbox
             WHERE state = 'pending' AND channel <> 'call' AND (?1 IS NULL OR campaign = ?1)",
            params![campaign, now],
            |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)),
        )?;
        let counted: u64 = stats.sums.values().map(|sum| sum.rows).sum();
        if counted != stats.planned {
            return Err(StoreError::Account(format!(
                "{} contacts are planned and {counted} stand in a state",
                stats.planned
            )));
        }
        // A row that never changed has no history, or one that begins when it was planned.
        let strays: i64 = transaction.query_row(
            "SELECT count(*) FROM outbox LEFT JOIN
                 (SELECT outbox, state AS last, max(id) FROM outbox_change GROUP BY outbox) ON outbox = outbox.id
             WHERE coalesce(last, 'pending') <> outbox.state",
            [],
            |row| row.get(0),
        )?;
        if strays > 0 {
            return Err(StoreError::Account(format!("{strays} contacts stand elsewhere than their history ends")));
        }
        Ok(stats)
    }
}
