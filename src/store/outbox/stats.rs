//! The account of the outbox: every planned contact in exactly one state.

use std::collections::BTreeMap;

use jiff::Timestamp;
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
    /// What rows cost that have left, or may have.
    pub spent: i64,
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
    /// The account of a campaign, or of all: as it is, or as it was at the end of an earlier time `until`. What is due is due at
    /// `now`.
    ///
    /// # Errors
    /// When the database can't be read, or its parts contradict each other: a row that stands in no state or in two, or
    /// one whose state is not the last of its history.
    pub fn outbox_stats(
        &mut self,
        campaign: Option<&str>,
        now: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<OutboxStats, StoreError> {
        let until = until.map(moment);
        // One moment of the database, though others write to it meanwhile.
        let transaction = self.connection.transaction()?;
        let planned: i64 = transaction.query_row(
            "SELECT count(*) FROM outbox WHERE (?1 IS NULL OR campaign = ?1) AND (?2 IS NULL OR planned_at <= ?2)",
            params![campaign, until],
            |row| row.get(0),
        )?;
        let mut stats = OutboxStats { planned: planned as u64, ..OutboxStats::default() };
        let mut groups = transaction.prepare(
            "WITH change AS (SELECT * FROM outbox_change WHERE ?2 IS NULL OR at <= ?2),
                  last AS (SELECT outbox, state, reason, max(id) FROM change GROUP BY outbox),
                  past AS (SELECT outbox, max(state IN ('sent', 'delivered', 'answered')) AS has_left FROM change GROUP BY outbox),
                  stands AS (
                      SELECT channel, cost, due_at, iif(?2 IS NULL, outbox.state, coalesce(last.state, 'pending')) AS state,
                             iif(?2 IS NULL, outbox.reason, coalesce(last.reason, '')) AS reason, coalesce(has_left, 0) AS has_left
                      FROM outbox LEFT JOIN last ON last.outbox = outbox.id LEFT JOIN past ON past.outbox = outbox.id
                      WHERE (?1 IS NULL OR campaign = ?1) AND (?2 IS NULL OR planned_at <= ?2))
             SELECT channel, state, iif(state IN ('failed', 'cancelled'), reason, ''), count(*), sum(cost),
                    count(*) FILTER (WHERE state = 'pending' AND channel <> 'call' AND due_at <= ?3),
                    min(due_at) FILTER (WHERE state = 'pending' AND channel <> 'call' AND due_at > ?3),
                    coalesce(sum(cost) FILTER (WHERE has_left OR state IN ('sending', 'unknown')), 0)
             FROM stands GROUP BY 1, 2, 3",
        )?;
        let mut reasons: BTreeMap<(OutboxState, String), u64> = BTreeMap::new();
        let mut rows = groups.query(params![campaign, until, moment(now)])?;
        while let Some(row) = rows.next()? {
            let channel = Channel::parse(row.get_ref(0)?.as_str().unwrap_or_default());
            let state = OutboxState::parse(row.get_ref(1)?.as_str().unwrap_or_default());
            let (Some(channel), Some(state)) = (channel, state) else { continue };
            let (count, cost) = (row.get::<_, i64>(3)? as u64, row.get::<_, i64>(4)?);
            let sum = stats.sums.entry((channel.as_str(), state)).or_default();
            *sum = StateSum { rows: sum.rows + count, cost: sum.cost + cost };
            if matches!(state, OutboxState::Failed | OutboxState::Cancelled) {
                *reasons.entry((state, row.get(2)?)).or_default() += count;
            }
            stats.due += row.get::<_, i64>(5)? as u64;
            stats.spent += row.get::<_, i64>(7)?;
            stats.next_due = [stats.next_due, row.get(6)?].into_iter().flatten().min();
        }
        drop(rows);
        drop(groups);
        stats.reasons = reasons.into_iter().map(|((state, reason), count)| (state, reason, count)).collect();
        stats.reasons.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
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
