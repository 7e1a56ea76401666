//! A history as steps of the filter: which signals count, in which month of tenure, and which mails stayed unopened.

use crate::record::{ContactKind, Day, Signal};
use crate::rule::{OpenRules, SignalCaps};

use super::profile::month_of;
use crate::evidence::{DatedSignal, History};

/// What moves the odds in a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// A signal, at its weights.
    Signal(Signal),
    /// A delivered mail that was not opened: the factor of both odds.
    Unopened(f64),
}

/// One thing that happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) day: Day,
    /// Month of tenure, from 1.
    pub(super) month: usize,
    pub(super) mark: Mark,
}

/// How often signals count and what silence is worth, ready for use.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    last: [u16; Signal::ALL.len()],
    a_month: [u16; Signal::ALL.len()],
    has_last: bool,
    opens: OpenRules,
}

impl Counting {
    pub(super) fn new(caps: &SignalCaps, opens: OpenRules) -> Self {
        let table = |caps: &std::collections::BTreeMap<Signal, u16>| {
            let mut table = [u16::MAX; Signal::ALL.len()];
            caps.iter().for_each(|(signal, cap)| table[*signal as usize] = *cap);
            table
        };
        Counting { last: table(&caps.last), a_month: table(&caps.a_month), has_last: !caps.last.is_empty(), opens }
    }
}

/// Walks through a history.
#[derive(Debug, Clone)]
pub(super) struct Steps<'a> {
    counting: &'a Counting,
    signals: &'a [DatedSignal],
    captured: Day,
    as_of: Day,
    reads_mail: bool,
    at: usize,
    /// An unopened mail takes two steps: delivered, then unopened.
    unopened: Option<Step>,
    mails: u32,
    opened: u32,
    /// How many of each signal are still to come, for caps on the last ones.
    to_come: [u16; Signal::ALL.len()],
    month: usize,
    this_month: [u16; Signal::ALL.len()],
}

impl<'a> Steps<'a> {
    /// `captured` is the day that tenure runs from.
    pub(super) fn new(history: &History<'a>, captured: Day, as_of: Day, counting: &'a Counting) -> Self {
        let signals = history.signals;
        debug_assert!(signals.is_sorted(), "signals stand in their order");
        let end = signals.partition_point(|signal| signal.day < as_of);
        let start = signals[..end].partition_point(|signal| signal.day < captured);
        let signals = &signals[start..end];
        let mut to_come = [0u16; Signal::ALL.len()];
        if counting.has_last {
            for (index, signal) in signals.iter().enumerate() {
                if index == 0 || signals[index - 1] != *signal {
                    let count = &mut to_come[signal.signal as usize];
                    *count = count.saturating_add(1);
                }
            }
        }
        Steps {
            counting,
            signals,
            captured,
            as_of,
            reads_mail: history.kind == ContactKind::Email,
            at: 0,
            unopened: None,
            mails: 0,
            opened: 0,
            to_come,
            month: 0,
            this_month: [0; Signal::ALL.len()],
        }
    }

    /// Whether caps let a signal count.
    fn counts(&mut self, signal: Signal, month: usize) -> bool {
        if month != self.month {
            self.month = month;
            self.this_month = [0; Signal::ALL.len()];
        }
        let place = signal as usize;
        let follow = self.to_come[place];
        self.to_come[place] = follow.saturating_sub(1);
        if follow > self.counting.last[place] || self.this_month[place] >= self.counting.a_month[place] {
            return false;
        }
        self.this_month[place] += 1;
        true
    }

    /// After a delivered mail: was it opened before the next one came? If not, and long enough ago, what that is worth.
    fn silence(&mut self, day: Day) -> Option<f64> {
        let next = self.signals[self.at..].iter().find(|later| {
            matches!(later.signal, Signal::Open) || (later.signal == Signal::MailDelivered && later.day > day)
        });
        let opened = next.is_some_and(|next| next.signal == Signal::Open);
        let rules = self.counting.opens;
        let rate = (rules.rate * rules.mails + f64::from(self.opened)) / (rules.mails + f64::from(self.mails));
        if opened {
            self.mails += 1;
            self.opened += 1;
            return None;
        }
        if self.as_of.days_since(day) <= rules.wait_days {
            return None;
        }
        self.mails += 1;
        Some(1.0 / (1.0 - rate))
    }
}

impl Iterator for Steps<'_> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        if let Some(step) = self.unopened.take() {
            return Some(step);
        }
        loop {
            let DatedSignal { day, signal } = *self.signals.get(self.at)?;
            let is_repeated = self.at > 0 && self.signals[self.at - 1] == self.signals[self.at];
            self.at += 1;
            let month = month_of(self.captured, day);
            if is_repeated || !self.counts(signal, month) {
                continue;
            }
            if signal == Signal::MailDelivered && self.reads_mail {
                let factor = self.silence(day);
                self.unopened = factor.map(|factor| Step { day, month, mark: Mark::Unopened(factor) });
            }
            return Some(Step { day, month, mark: Mark::Signal(signal) });
        }
    }
}
