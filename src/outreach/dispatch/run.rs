//! The loop that hands messages to one gateway: begin, send, write down, and nothing twice.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::crash::crash_point;
use super::error::DispatchError;
use super::gateway::{Answer, Gateway, Message};
use super::limits::Limits;
use super::link::Links;
use super::pace::Pace;
use super::recheck::{Recheck, Verdict};
use super::stats::{DispatchStats, Ended};
use crate::record::Channel;
use crate::rule::DispatchPolicy;
use crate::store::{BeginSend, Begun, DueFilter, OutboxRow, SendResult, Store};

/// Messages of one channel on their way to one gateway.
pub(super) struct Run<'a> {
    pub(super) store: &'a mut Store,
    pub(super) gateway: &'a dyn Gateway,
    pub(super) channel: Channel,
    pub(super) policy: &'a DispatchPolicy,
    pub(super) recheck: Recheck<'a>,
    pub(super) links: Links<'a>,
    pub(super) limits: &'a Limits,
    pub(super) stop: &'a AtomicBool,
    pub(super) now: fn() -> Timestamp,
    pub(super) progress: &'a mut dyn FnMut(&DispatchStats),
    pub(super) stats: DispatchStats,
    pub(super) queue: Queue,
    pub(super) failures: u32,
}

/// A message that was begun, and what the gateway said of it.
struct Flown {
    id: i64,
    attempts: u32,
    answer: Answer,
}

/// What can be done next.
enum Next {
    /// These are `sending`: send them.
    Send(Vec<(Message, u32)>),
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing more.
    End(Ended),
}

impl Run<'_> {
    /// Sends what is due. The account holds also where it is cut short: what was on its way then is `sending` in the workspace, and
    /// asked about by the next dispatch.
    pub(super) async fn run(mut self) -> (DispatchStats, Option<DispatchError>) {
        let (ended, failed) = match self.send_all().await {
            Ok(ended) => (ended, None),
            Err(error) => (Ended::Broken, Some(error)),
        };
        self.stats.ended = ended;
        self.stats.under_way += self.queue.flying;
        (self.stats, failed)
    }

    async fn send_all(&mut self) -> Result<Ended, DispatchError> {
        let terms = *self.gateway.terms();
        let mut pace = Pace::new(terms.per_second, Instant::now());
        // A gateway's own limit is kept by the gateway; this one is for whatever keeps none.
        let patience = terms.timeout + Duration::from_secs(5);
        let gateway = self.gateway;
        let send = |message: Message, attempts: u32| async move {
            let answer = timeout(patience, gateway.send(&message)).await;
            let answer = answer.unwrap_or_else(|_| Answer::Unclear("timeout".to_owned()));
            crash_point("answered");
            Flown { id: message.id, attempts, answer }
        };
        let mut flying = FuturesUnordered::new();
        let mut ended = None;
        loop {
            let mut flown: Vec<Flown> = Vec::new();
            while let Some(Some(one)) = flying.next().now_or_never() {
                flown.push(one);
            }
            if let Some(end) = self.write_down(flown, &mut pace)? {
                ended.get_or_insert(end);
            }
            if self.stop.load(Ordering::Relaxed) {
                ended.get_or_insert(Ended::Interrupted);
            }
            let room = terms.max_in_flight - flying.len();
            let mut wake = None;
            if ended.is_none() && room > 0 {
                match self.next(room, &mut pace, !flying.is_empty())? {
                    Next::Send(messages) => {
                        messages.into_iter().for_each(|(message, attempts)| flying.push(send(message, attempts)));
                        // Lets the requests leave before more is written.
                        tokio::task::yield_now().await;
                    }
                    Next::Wait(until) => wake = Some(until),
                    Next::End(end) => ended = Some(end),
                }
            }
            if flying.is_empty()
                && let Some(ended) = ended
            {
                return Ok(ended);
            }
            let wake = wake.filter(|_| ended.is_none());
            tokio::select! {
                Some(one) = flying.next(), if !flying.is_empty() => {
                    if let Some(end) = self.write_down(vec![one], &mut pace)? {
                        ended.get_or_insert(end);
                    }
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
                // Somebody may have pressed Ctrl-C or stopped outreach.
                () = sleep(TICK) => {
                    if self.store.outreach_stopped()?.is_some() {
                        ended.get_or_insert(Ended::Stopped);
                    }
                }
            }
        }
    }

    /// Begins as many messages as the pace and the limits allow.
    fn next(&mut self, room: usize, pace: &mut Pace, is_flying: bool) -> Result<Next, DispatchError> {
        let turns = pace.ready(Instant::now(), room.min(GROUP));
        if turns == 0 {
            return Ok(Next::Wait(pace.next()));
        }
        let begun_so_far = self.stats.settled() + self.queue.flying;
        let most = self.limits.most.map_or(turns as u64, |most| most.saturating_sub(begun_so_far).min(turns as u64));
        if most == 0 {
            return Ok(Next::End(Ended::MostReached));
        }
        self.recheck.refresh(self.store)?;
        let now = (self.now)();
        let (mut group, mut cancelled, mut put_off) = (Vec::new(), Vec::new(), Vec::new());
        let mut end = None;
        let mut cost = self.stats.cost + self.queue.flying_cost;
        while group.len() < most as usize && cancelled.len() + put_off.len() < GROUP {
            let Some(row) = self.queue.next(self.store, self.channel, self.limits, now)? else { break };
            match self.recheck.check(&row, now)? {
                Verdict::Cancel(why) => cancelled.push((row.id, why)),
                Verdict::PutOff(until) => put_off.push((row.id, until)),
                Verdict::Go if self.limits.max_cost.is_some_and(|max| cost + row.cost > max) => {
                    end = Some(Ended::CostReached);
                    break;
                }
                Verdict::Go => {
                    cost += row.cost;
                    let (message, hash) = self.links.message(&row, now)?;
                    group.push((row, message, hash));
                }
            }
        }
        let had_any = !(group.is_empty() && cancelled.is_empty() && put_off.is_empty());
        self.set_aside(&cancelled, &put_off, now)?;
        let begun = self.begin(group, now)?;
        let Some(messages) = begun else { return Ok(Next::End(Ended::Stopped)) };
        pace.take(messages.len());
        if !messages.is_empty() {
            return Ok(Next::Send(messages));
        }
        if let Some(end) = end {
            return Ok(Next::End(end));
        }
        if had_any {
            return Ok(Next::Wait(Instant::now()));
        }
        self.rest(now, is_flying)
    }

    /// Nothing is due: whether something that was put back will be soon.
    fn rest(&mut self, now: Timestamp, is_flying: bool) -> Result<Next, DispatchError> {
        if self.queue.start_over() || is_flying {
            // What is under way may come back.
            return Ok(Next::Wait(Instant::now() + if is_flying { TICK } else { Duration::ZERO }));
        }
        if self.queue.put_back {
            let due = self.store.next_due(self.channel, self.limits.campaign.as_deref())?;
            let wait = due.map(|due| due.duration_since(now));
            if let Some(wait) = wait.filter(|wait| wait.as_secs() <= i64::from(self.policy.max_wait_seconds)) {
                self.queue.restart();
                let wait = Duration::try_from(wait).unwrap_or(Duration::ZERO).max(Duration::from_millis(100));
                return Ok(Next::Wait(Instant::now() + wait));
            }
        }
        Ok(Next::End(Ended::Done))
    }

    fn set_aside(
        &mut self,
        cancelled: &[(i64, String)],
        put_off: &[(i64, Timestamp)],
        now: Timestamp,
    ) -> Result<(), DispatchError> {
        if !cancelled.is_empty() {
            let rows: Vec<(i64, &str)> = cancelled.iter().map(|(id, why)| (*id, why.as_str())).collect();
            self.stats.cancelled += self.store.cancel_outbox(&rows, now)?;
        }
        if !put_off.is_empty() {
            self.store.put_off(put_off)?;
            self.stats.put_off += put_off.len() as u64;
            let first = put_off.iter().map(|(_, until)| *until).min();
            self.stats.open_at = [self.stats.open_at, first].into_iter().flatten().min();
        }
        Ok(())
    }

    /// Marks a group as `sending`, durably; none where outreach is stopped.
    fn begin(
        &mut self,
        group: Vec<(OutboxRow, Message, Option<[u8; 32]>)>,
        now: Timestamp,
    ) -> Result<Option<Vec<(Message, u32)>>, DispatchError> {
        if group.is_empty() {
            return Ok(Some(Vec::new()));
        }
        crash_point("chosen");
        let expires_at = now + SignedDuration::from_hours(24 * i64::from(self.policy.link_days));
        let name = self.gateway.name();
        let sends: Vec<BeginSend<'_>> = group
            .iter()
            .map(|(row, _, hash)| BeginSend { row, gateway: name, token_hash: *hash, expires_at })
            .collect();
        let Some(begun) = self.store.begin_sending(&sends, now)? else { return Ok(None) };
        crash_point("begun");
        drop(sends);
        let mut messages = Vec::with_capacity(group.len());
        for ((row, message, _), begun) in group.into_iter().zip(begun) {
            match begun {
                Begun::Send => {
                    self.queue.flying += 1;
                    self.queue.flying_cost += row.cost;
                    self.queue.costs.push((row.id, row.cost));
                    messages.push((message, row.attempts + 1));
                }
                Begun::Suppressed(_) => self.stats.cancelled += 1,
                Begun::Gone => {}
            }
        }
        Ok(Some(messages))
    }

    /// Writes down what the gateway said, and learns from it whether to go on.
    fn write_down(&mut self, flown: Vec<Flown>, pace: &mut Pace) -> Result<Option<Ended>, DispatchError> {
        if flown.is_empty() {
            return Ok(None);
        }
        let now = (self.now)();
        let mut ended = None;
        let mut results = Vec::with_capacity(flown.len());
        let mut told = DispatchStats::default();
        for one in flown {
            let cost = self.queue.landed(one.id);
            let (id, attempts) = (one.id, one.attempts);
            let is_failure = matches!(one.answer, Answer::NotTaken { .. } | Answer::Unclear(_) | Answer::Closed(_));
            self.failures = if is_failure { self.failures + 1 } else { 0 };
            let result = self.result_of(one.answer, attempts, now, pace, &mut ended);
            match &result {
                SendResult::Sent { .. } | SendResult::Delivered { .. } => told.sent += 1,
                SendResult::OptedOut { .. } => told.opted_out += 1,
                SendResult::Failed { .. } => told.failed += 1,
                SendResult::NotSent { .. } => told.put_back += 1,
                SendResult::Unknown { .. } => told.unknown += 1,
            }
            if matches!(result, SendResult::Sent { .. } | SendResult::Delivered { .. } | SendResult::Unknown { .. }) {
                told.cost += cost;
            }
            results.push((id, result));
        }
        let written = self.store.record_sends(&results, now, || crash_point("recording"));
        // What is not written down counts as on its way: it will be asked about.
        self.stats.add(match written {
            Ok(()) => told,
            Err(_) => DispatchStats { under_way: results.len() as u64, ..DispatchStats::default() },
        });
        written?;
        crash_point("recorded");
        if self.failures >= self.policy.give_up_after {
            ended.get_or_insert(Ended::Down);
        }
        (self.progress)(&self.stats);
        Ok(ended)
    }

    fn result_of(
        &mut self,
        answer: Answer,
        attempts: u32,
        now: Timestamp,
        pace: &mut Pace,
        ended: &mut Option<Ended>,
    ) -> SendResult {
        match answer {
            Answer::Accepted(gateway_id) => SendResult::Sent { gateway_id },
            Answer::OptedOut(code) => SendResult::OptedOut { code },
            Answer::Invalid(reason) => SendResult::Failed { reason, is_invalid: true },
            Answer::Failed(reason) => SendResult::Failed { reason, is_invalid: false },
            Answer::Unclear(reason) => SendResult::Unknown { reason },
            Answer::Closed(code) => {
                *ended = Some(Ended::Closed(code.clone()));
                SendResult::NotSent { reason: code, due_at: now }
            }
            Answer::NotTaken { why, wait } => {
                let doubled = self.policy.retry_wait_seconds.saturating_mul(1 << attempts.saturating_sub(1).min(16));
                let longest = Duration::from_secs(self.policy.max_wait_seconds.into());
                let wait = wait.unwrap_or_else(|| Duration::from_secs(doubled.into()).min(longest));
                if wait > longest {
                    ended.get_or_insert(Ended::Paused);
                } else {
                    pace.hold(Instant::now(), wait);
                }
                if attempts >= self.policy.max_attempts {
                    return SendResult::Failed { reason: format!("not_taken:{why}"), is_invalid: false };
                }
                self.queue.put_back = true;
                let due_at = now.checked_add(SignedDuration::try_from(wait).unwrap_or_default()).unwrap_or(now);
                SendResult::NotSent { reason: why, due_at }
            }
        }
    }
}

/// Rows that are due, read ahead a little, and those under way.
#[derive(Default)]
pub(super) struct Queue {
    rows: VecDeque<OutboxRow>,
    behind: Option<(String, i64)>,
    /// Whether anything was read since the start.
    has_read: bool,
    /// Whether a message came back untaken.
    put_back: bool,
    flying: u64,
    flying_cost: i64,
    /// Cost of each message under way.
    costs: Vec<(i64, i64)>,
}

impl Queue {
    fn next(
        &mut self,
        store: &Store,
        channel: Channel,
        limits: &Limits,
        now: Timestamp,
    ) -> Result<Option<OutboxRow>, DispatchError> {
        if self.rows.is_empty() {
            let behind = self.behind.as_ref().map(|(due_at, id)| (due_at.as_str(), *id));
            let filter = DueFilter { channel, campaign: limits.campaign.as_deref(), now, behind, most: READ_AHEAD };
            self.rows = store.due_outbox(&filter)?.into();
            if let Some(last) = self.rows.back() {
                self.behind = Some((last.due_at.clone(), last.id));
                self.has_read = true;
            }
        }
        Ok(self.rows.pop_front())
    }

    /// Begins once more at the first row that is due, where there was any since the last time: rows that were planned
    /// meanwhile may stand before the others.
    fn start_over(&mut self) -> bool {
        let has_read = self.has_read;
        self.restart();
        has_read
    }

    fn restart(&mut self) {
        self.behind = None;
        self.has_read = false;
    }

    /// A message is under way no more: its cost.
    fn landed(&mut self, id: i64) -> i64 {
        let Some(at) = self.costs.iter().position(|(of, _)| *of == id) else { return 0 };
        let (_, cost) = self.costs.swap_remove(at);
        self.flying -= 1;
        self.flying_cost -= cost;
        cost
    }
}

/// Messages that share one durable commit, at most.
const GROUP: usize = 64;
/// Rows that are read ahead.
const READ_AHEAD: usize = 512;
const TICK: Duration = Duration::from_millis(200);
