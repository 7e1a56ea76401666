//! What would be sent now: the same checks as right before sending, and no change.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::error::DispatchError;
use super::limits::Limits;
use super::recheck::{Recheck, Verdict};
use crate::record::Channel;
use crate::rule::OutreachRules;
use crate::store::{DueFilter, Store};

/// What would be sent now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    /// Messages and their cost in millionths, by channel and gateway.
    pub ready: BTreeMap<(&'static str, String), (u64, i64)>,
    /// Messages that would be taken back, by reason.
    pub cancelled: BTreeMap<String, u64>,
    /// Messages for which the hour is quiet.
    pub put_off: u64,
    /// When the first of them may leave.
    pub open_at: Option<Timestamp>,
    /// Messages beyond the ceiling of costs, or beyond the number allowed.
    pub beyond: u64,
    /// Messages that are due by a channel for which there is no gateway.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Of those that would be sent, the ones of an old plan: how many, and the day of the oldest.
    pub old: Option<(u64, Date)>,
}

impl Preview {
    /// All messages that would be sent, and their cost.
    pub fn sum(&self) -> (u64, i64) {
        self.ready.values().fold((0, 0), |(rows, cost), (more, money)| (rows + more, cost + money))
    }

    pub(super) fn look(
        &mut self,
        store: &Store,
        rules: &OutreachRules,
        channel: Channel,
        gateway: &str,
        limits: &Limits,
        now: Timestamp,
    ) -> Result<(), DispatchError> {
        let recheck = Recheck::new(store, rules)?;
        let oldest = now.to_zoned(TimeZone::UTC).date().saturating_sub(i64::from(rules.policy.days).days());
        let mut behind: Option<(String, i64)> = None;
        loop {
            let after = behind.as_ref().map(|(due_at, id)| (due_at.as_str(), *id));
            let filter =
                DueFilter { channel, campaign: limits.campaign.as_deref(), now, behind: after, most: AT_A_TIME };
            let rows = store.due_outbox(&filter)?;
            let Some(last) = rows.last() else { return Ok(()) };
            behind = Some((last.due_at.clone(), last.id));
            for row in rows {
                match recheck.check(&row, now)? {
                    Verdict::Cancel(why) => *self.cancelled.entry(why).or_default() += 1,
                    Verdict::PutOff(until) => {
                        self.put_off += 1;
                        self.open_at = [self.open_at, Some(until)].into_iter().flatten().min();
                    }
                    Verdict::Go => {
                        let (rows, cost) = self.sum();
                        let is_beyond = limits.most.is_some_and(|most| rows >= most)
                            || limits.max_cost.is_some_and(|max| cost + row.cost > max);
                        if is_beyond {
                            self.beyond += 1;
                            continue;
                        }
                        if let Some(planned_on) = row.planned_on.filter(|day| *day < oldest) {
                            let (count, first) = self.old.unwrap_or((0, planned_on));
                            self.old = Some((count + 1, first.min(planned_on)));
                        }
                        let ready = self.ready.entry((channel.as_str(), gateway.to_owned())).or_default();
                        *ready = (ready.0 + 1, ready.1 + row.cost);
                    }
                }
            }
        }
    }
}

const AT_A_TIME: usize = 512;
