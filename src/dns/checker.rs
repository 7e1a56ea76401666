//! The entry of the stage: what is remembered, what has to be asked, and what is said of each domain in the end.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;

use super::question::normalized;
use super::resolvers;
use super::run::{Ended, Event, Run};
use super::stats::{self, MxProgress, MxStats, Stopped};
use super::status::{is_fresh, learn, status};
use crate::record::{MxAnswer, MxEntry, MxMemory, MxOutcome, MxStatus};
use crate::rule::DnsRules;

/// Domains whose answers are written together.
const BATCH: usize = 512;

/// Whether domains are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MxMode {
    /// What is remembered, and the rest is asked for.
    #[default]
    Auto,
    /// Only what is remembered.
    Cached,
    /// Nothing.
    Off,
}

/// What the user may choose for one run.
#[derive(Debug, Clone, Default)]
pub struct MxOptions {
    /// Whether domains are asked for.
    pub mode: MxMode,
    /// Resolvers to ask; empty for the system's.
    pub resolvers: Vec<SocketAddr>,
    /// In place of the rules' `confirm_hours`; 0 accepts a single "no".
    pub confirm_hours: Option<u32>,
    /// In place of the rules' `run_s`.
    pub deadline: Option<Duration>,
    /// In place of the rules' `queries_per_second`.
    pub queries_per_second: Option<u32>,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MxCheck {
    /// What is said of each domain, under the spelling in which it was given.
    pub statuses: BTreeMap<String, MxStatus>,
    /// The figures.
    pub stats: MxStats,
}

/// Checks domains.
#[derive(Debug)]
pub struct Checker<'r> {
    rules: &'r DnsRules,
    options: MxOptions,
    now: fn() -> Timestamp,
}

impl<'r> Checker<'r> {
    /// `now` tells when an answer was heard: [`clock::timestamp`](crate::clock::timestamp) but for tests.
    pub fn new(rules: &'r DnsRules, options: MxOptions, now: fn() -> Timestamp) -> Self {
        Checker { rules, options, now }
    }

    /// Checks these domains, each different one once. Answers are kept as they come, so that a run which was stopped or
    /// killed goes on where it was. `stop` ends it early; `progress` is called several times a second. It blocks, so
    /// asynchronous code has to call it from a thread for such work.
    ///
    /// # Errors
    /// When what is remembered can't be read or written. That nobody answers is no error.
    pub fn check<'d, M: MxMemory>(
        &self,
        domains: impl IntoIterator<Item = &'d str>,
        memory: &mut M,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&MxProgress),
    ) -> Result<MxCheck, M::Error> {
        let given: BTreeMap<&str, String> = domains.into_iter().map(|domain| (domain, normalized(domain))).collect();
        let mut different: Vec<&str> = given.values().map(String::as_str).collect();
        different.sort_unstable();
        different.dedup();

        let mut ledger = Ledger::new(self, memory, &different)?;
        let asked = ledger.settle_known(&different);
        let ended = match (self.options.mode, asked.is_empty()) {
            (MxMode::Auto, false) => self.ask(asked, &mut ledger, stop, progress)?,
            _ => Ended::default(),
        };
        ledger.write()?;

        let now = ledger.now();
        for domain in &different {
            if !ledger.settled.contains_key(*domain) {
                ledger.settle_unasked(domain, now, ended.stopped);
            }
        }
        let settled = ledger.settled;
        let mut outcomes = BTreeMap::new();
        settled.values().for_each(|said| *outcomes.entry(said.outcome).or_insert(0) += 1);
        let stats = MxStats {
            domains: different.len() as u64,
            remembered: ledger.remembered,
            looked_up: ended.looked_up,
            outcomes,
            resolvers: ended.resolvers,
            confirm_hours: self.options.confirm_hours.unwrap_or(self.rules.confirm_hours),
            stopped: ended.stopped,
            groups: Vec::new(),
        };
        let statuses =
            given.iter().map(|(spelling, domain)| ((*spelling).to_owned(), settled[domain.as_str()].clone())).collect();
        let groups = stats::groups(&statuses, &self.rules.parking);
        Ok(MxCheck { statuses, stats: MxStats { groups, ..stats } })
    }

    fn ask<M: MxMemory>(
        &self,
        asked: Vec<&str>,
        ledger: &mut Ledger<'_, M>,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&MxProgress),
    ) -> Result<Ended, M::Error> {
        let mut addresses = self.options.resolvers.clone();
        if addresses.is_empty() {
            addresses = resolvers::of_system();
        }
        if addresses.is_empty() {
            return Ok(Ended { stopped: Some(Stopped::NoResolver), ..Ended::default() });
        }
        let run = Run {
            rules: self.rules,
            addresses: &addresses,
            are_named: !self.options.resolvers.is_empty(),
            deadline: self.options.deadline.unwrap_or(Duration::from_secs(self.rules.run_s)),
            queries_per_second: self.options.queries_per_second.unwrap_or(self.rules.queries_per_second),
            stop,
        };
        // One thread is enough: an answer costs some microseconds, and the resolver is slower than that.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let Ok(runtime) = runtime else {
            return Ok(Ended { stopped: Some(Stopped::NoNetwork), ..Ended::default() });
        };
        let mut report = MxProgress { total: ledger.remembered + asked.len() as u64, ..MxProgress::default() };
        runtime.block_on(run.look_up_all(asked, &mut |event| match event {
            Event::Answer(domain, answer) => ledger.note(domain, answer),
            Event::Tick(per_second) => {
                report.done = ledger.settled.len() as u64;
                report.per_second = per_second;
                report.outcomes.clone_from(&ledger.outcomes);
                progress(&report);
                ledger.write_now_and_then()
            }
        }))
    }
}

/// What is known and what is said so far.
struct Ledger<'c, M: MxMemory> {
    checker: &'c Checker<'c>,
    memory: &'c mut M,
    known: HashMap<String, MxEntry>,
    settled: BTreeMap<String, MxStatus>,
    outcomes: BTreeMap<MxOutcome, u64>,
    unwritten: Vec<String>,
    written_at: i64,
    remembered: u64,
}

impl<'c, M: MxMemory> Ledger<'c, M> {
    fn new(checker: &'c Checker<'c>, memory: &'c mut M, domains: &[&str]) -> Result<Self, M::Error> {
        let known = match checker.options.mode {
            MxMode::Off => HashMap::new(),
            MxMode::Auto | MxMode::Cached => memory.recall(domains)?,
        };
        let (settled, outcomes) = Default::default();
        Ok(Ledger { checker, memory, known, settled, outcomes, unwritten: Vec::new(), written_at: 0, remembered: 0 })
    }

    /// Settles what is known well enough, and gives the rest.
    fn settle_known<'d>(&mut self, domains: &[&'d str]) -> Vec<&'d str> {
        let now = self.now();
        let mut rest = Vec::new();
        for &domain in domains {
            if self.known.get(domain).is_some_and(|entry| is_fresh(entry, now)) {
                self.remembered += 1;
                self.settle(domain, now);
            } else {
                rest.push(domain);
            }
        }
        rest
    }

    /// Notes an answer; every so many are written.
    fn note(&mut self, domain: &str, answer: MxAnswer) -> Result<(), M::Error> {
        let now = self.now();
        let entry = learn(self.known.remove(domain), answer, now, self.checker.rules);
        self.known.insert(domain.to_owned(), entry);
        self.settle(domain, now);
        self.unwritten.push(domain.to_owned());
        if self.unwritten.len() >= BATCH { self.write() } else { Ok(()) }
    }

    fn settle(&mut self, domain: &str, now: i64) {
        let said = status(self.known.get(domain), now, self.confirm_hours(), self.checker.rules);
        *self.outcomes.entry(said.outcome).or_insert(0) += 1;
        self.settled.insert(domain.to_owned(), said);
    }

    /// What is said of a domain that was not asked: an older answer, else why it was not.
    fn settle_unasked(&mut self, domain: &str, now: i64, stopped: Option<Stopped>) {
        self.settle(domain, now);
        if let Some(said) = self.settled.get_mut(domain)
            && said.answer.is_none()
            && stopped == Some(Stopped::Untrusted)
        {
            said.is_untrusted = true;
        }
    }

    /// Writes once a second, so that slow answers are not lost either when someone pulls the plug.
    fn write_now_and_then(&mut self) -> Result<(), M::Error> {
        let now = self.now();
        if now == std::mem::replace(&mut self.written_at, now) { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<(), M::Error> {
        let entries: Vec<(&str, &MxEntry)> =
            self.unwritten.iter().filter_map(|domain| Some((domain.as_str(), self.known.get(domain)?))).collect();
        if !entries.is_empty() {
            self.memory.keep(&entries)?;
        }
        self.unwritten.clear();
        Ok(())
    }

    fn confirm_hours(&self) -> u32 {
        self.checker.options.confirm_hours.unwrap_or(self.checker.rules.confirm_hours)
    }

    fn now(&self) -> i64 {
        (self.checker.now)().as_second()
    }
}
