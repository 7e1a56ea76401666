//! Asks one service about many numbers: each once, from the workspace where it can, and within its terms.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::gate::Gate;
use super::{Attempt, HttpLookup, LookupError, LookupStats, NotAsked, Number, NumberLookup, Outcome, Temporary};
use crate::clock::timestamp;
use crate::config::{Config, Money};
use crate::error::closest;
use crate::record::{Day, LineEvidence, LookupMemory};
use crate::rule::LookupPolicy;

/// An open door to one service, for one run: its pace, its budget and what it said hold for all that is asked.
pub struct Door {
    service: Arc<dyn NumberLookup>,
    gate: Arc<Gate>,
    /// Taken when the door is dropped.
    runtime: Option<Runtime>,
    /// What it said in this run.
    said: HashMap<Number, Outcome>,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// One for each number given, in the same order.
    pub outcomes: Vec<Outcome>,
    /// The sums.
    pub stats: LookupStats,
}

impl Door {
    /// Opens the door to `[lookup.NAME]`, with its secrets from `environment` (usually `std::env::var(_).ok()`).
    ///
    /// # Errors
    /// When there is no such service, its settings can't be, or the system lacks something.
    pub fn open(
        name: &str,
        config: &Config,
        policy: &LookupPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, LookupError> {
        let Some(settings) = config.lookup.get(name) else {
            let known: Vec<String> = config.lookup.keys().cloned().collect();
            let closest = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(LookupError::NoSuchService { name: name.to_owned(), closest, known });
        };
        Door::to(Arc::new(HttpLookup::new(name, settings, policy, environment)?))
    }

    /// Opens the door to a service of any kind.
    ///
    /// # Errors
    /// When the system lacks something.
    pub fn to(service: Arc<dyn NumberLookup>) -> Result<Self, LookupError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| LookupError::System(error.to_string()))?;
        let gate = Arc::new(Gate::new(*service.terms()));
        Ok(Door { service, gate, runtime: Some(runtime), said: HashMap::new() })
    }

    /// Asks about numbers in E.164, in their order. Answers that are fresh today are taken from `memory`,
    /// and new ones are put there as they come. `progress` sees the sums with each answer, and ten times a second while
    /// none comes; with `Break` it stops it all, and what is under way is given up.
    ///
    /// Waits for the network, so it is not for use within an asynchronous runtime.
    ///
    /// # Errors
    /// When the memory can't be read or written.
    pub fn ask<N: AsRef<str>, M: LookupMemory>(
        &mut self,
        numbers: &[N],
        today: Date,
        memory: M,
        progress: &mut dyn FnMut(&LookupStats) -> ControlFlow<()>,
    ) -> Result<Asked, M::Error> {
        let (distinct, places) = distinct(numbers);
        let mut outcomes: Vec<Option<Outcome>> = vec![None; distinct.len()];
        let keeper = Keeper { service: Arc::clone(&self.service), memory, fresh: Vec::new() };
        let mut stats = LookupStats { numbers: distinct.len() as u64, ..LookupStats::default() };
        for (number, outcome) in distinct.iter().zip(&mut outcomes) {
            *outcome = match self.said.get(number) {
                Some(said) => Some(*said),
                None => keeper.kept(number, today)?,
            };
            if let Some(outcome) = outcome {
                stats.count(outcome);
                stats.cached += 1;
            }
        }
        let runtime = self.runtime.as_ref().expect("held until the door is dropped");
        let mut round = Round { distinct: &distinct, outcomes, stats, gate: &self.gate, keeper, is_warned: false };
        let before = self.gate.sums();
        runtime.block_on(round.run(&self.service, before, progress))?;
        let Round { outcomes, stats, .. } = round;
        let unasked = Outcome::NotAsked(self.gate.closed().unwrap_or(NotAsked::Stopped));
        let outcomes: Vec<Outcome> = outcomes.into_iter().map(|outcome| outcome.unwrap_or(unasked)).collect();
        let final_ones = |outcome: &Outcome| matches!(outcome, Outcome::Answered(_) | Outcome::Unknown { .. });
        let said = distinct.into_iter().zip(&outcomes).filter(|(_, outcome)| final_ones(outcome));
        self.said.extend(said.map(|(number, outcome)| (number, *outcome)));
        let no_number = Outcome::NotAsked(NotAsked::NoNumber);
        let outcomes = places.into_iter().map(|place| place.map_or(no_number, |place| outcomes[place])).collect();
        Ok(Asked { outcomes, stats })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // A name that is being resolved can't be stopped; nobody waits for it.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The distinct numbers in their order, and for each text the place of its number.
fn distinct<N: AsRef<str>>(texts: &[N]) -> (Vec<Number>, Vec<Option<usize>>) {
    let mut numbers: Vec<Number> = Vec::new();
    let mut known: HashMap<&str, Option<usize>> = HashMap::with_capacity(texts.len());
    let places = texts.iter().map(|text| {
        *known.entry(text.as_ref()).or_insert_with_key(|text| {
            numbers.push(Number::parse(text)?);
            Some(numbers.len() - 1)
        })
    });
    let places = places.collect();
    (numbers, places)
}

/// One call of [`Door::ask`].
struct Round<'a, M> {
    distinct: &'a [Number],
    outcomes: Vec<Option<Outcome>>,
    stats: LookupStats,
    gate: &'a Arc<Gate>,
    keeper: Keeper<M>,
    is_warned: bool,
}

impl<M: LookupMemory> Round<'_, M> {
    async fn run(
        &mut self,
        service: &Arc<dyn NumberLookup>,
        (requests, cost): (u64, Money),
        progress: &mut dyn FnMut(&LookupStats) -> ControlFlow<()>,
    ) -> Result<(), M::Error> {
        let open: Vec<usize> = (0..self.outcomes.len()).filter(|at| self.outcomes[*at].is_none()).collect();
        let mut open = open.into_iter().peekable();
        let mut asking = JoinSet::new();
        loop {
            while asking.len() < service.terms().max_in_flight.max(1) && self.gate.closed().is_none() {
                // What is set aside now may come back, so a want of money is final only when nothing is under way.
                let Some(at) = open.next_if(|_| self.gate.reserve()) else { break };
                asking.spawn(ask_one(Arc::clone(service), Arc::clone(self.gate), self.distinct[at].clone(), at));
            }
            match timeout(TICK, asking.join_next()).await {
                Ok(None) => break,
                Ok(Some(Ok((at, outcome, is_strange)))) => {
                    self.stats.strange_words += u64::from(is_strange);
                    self.settle(at, outcome)?;
                }
                Ok(Some(Err(error))) => {
                    if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic);
                    }
                }
                Err(_) => {}
            }
            self.sum(requests, cost);
            if progress(&self.stats).is_break() {
                self.gate.close(NotAsked::Stopped);
                break;
            }
        }
        drop(asking);
        let rest = self.gate.closed().map_or(Outcome::BudgetSpent, Outcome::NotAsked);
        for at in 0..self.outcomes.len() {
            if self.outcomes[at].is_none() {
                self.settle(at, rest)?;
            }
        }
        self.sum(requests, cost);
        self.keeper.flush()?;
        // The last sums are seen even where nothing had to be asked; there is nothing left to stop.
        let _ = progress(&self.stats);
        Ok(())
    }

    fn settle(&mut self, at: usize, outcome: Outcome) -> Result<(), M::Error> {
        self.stats.count(&outcome);
        self.outcomes[at] = Some(outcome);
        match outcome {
            Outcome::Answered(evidence) => self.keeper.keep(&self.distinct[at], evidence)?,
            Outcome::Unknown { asked_at } => {
                let nothing = LineEvidence { asked_at, line_type: None, reachable: None };
                self.keeper.keep(&self.distinct[at], nothing)?;
            }
            Outcome::Temporary(why) => self.tell(at, &why),
            Outcome::Refused(why) => self.tell(at, &why),
            Outcome::BudgetSpent | Outcome::NotAsked(_) => {}
        }
        Ok(())
    }

    /// Logs a failure, and the one after which the service is left alone so that everybody sees it.
    fn tell(&mut self, at: usize, why: &dyn std::fmt::Display) {
        let name = self.keeper.service.name();
        tracing::debug!("look-up service {name}, number {:?}: {why}", self.distinct[at]);
        if !self.is_warned && self.gate.closed().is_some() {
            self.is_warned = true;
            tracing::warn!("look-up service {name} is asked nothing more: {why}");
        }
    }

    fn sum(&mut self, requests: u64, cost: Money) {
        let (all_requests, all_cost) = self.gate.sums();
        self.stats.requests = all_requests - requests;
        self.stats.cost = all_cost.minus(cost);
    }
}

/// Asks about one number until something is settled; its first request is paid for already.
async fn ask_one(service: Arc<dyn NumberLookup>, gate: Arc<Gate>, number: Number, at: usize) -> (usize, Outcome, bool) {
    let terms = *service.terms();
    let mut last = None;
    let mut pause = terms.retry_wait;
    let settled = |outcome| (at, outcome, false);
    for round in 0..=terms.retries {
        if let Some(last) = last
            && !gate.reserve()
        {
            return settled(Outcome::Temporary(last));
        }
        if let Err(closed) = gate.pass().await {
            return settled(last.map_or(Outcome::NotAsked(closed), Outcome::Temporary));
        }
        let attempt = match timeout(terms.timeout, service.ask(&number)).await {
            Ok(attempt) => attempt,
            Err(_) => Attempt::Temporary { why: Temporary::Timeout, wait: None },
        };
        gate.learn(&attempt);
        let (why, wait) = match attempt {
            Attempt::Answered { line_type, reachable, has_strange_word } => {
                let evidence = LineEvidence { asked_at: now(), line_type, reachable };
                let outcome = if evidence.says_something() {
                    Outcome::Answered(evidence)
                } else {
                    Outcome::Unknown { asked_at: evidence.asked_at }
                };
                return (at, outcome, has_strange_word);
            }
            Attempt::Unknown => return settled(Outcome::Unknown { asked_at: now() }),
            Attempt::Refused(why) => return settled(Outcome::Refused(why)),
            Attempt::Temporary { why, wait } => (why, wait),
        };
        if why == Temporary::Connect {
            gate.refund();
        }
        match wait {
            Some(wait) if wait > terms.max_wait => gate.close(NotAsked::ServiceDown),
            Some(wait) => gate.hold(wait),
            None => {}
        }
        if !why.is_worth_another_try() || round == terms.retries {
            return settled(Outcome::Temporary(why));
        }
        if wait.is_none() {
            tokio::time::sleep(pause.min(terms.max_wait)).await;
            pause = pause.saturating_mul(2);
        }
        last = Some(why);
    }
    settled(last.map_or(Outcome::NotAsked(NotAsked::ServiceDown), Outcome::Temporary))
}

/// What earlier runs were told, and what later ones will be.
struct Keeper<M> {
    service: Arc<dyn NumberLookup>,
    memory: M,
    /// Not yet written.
    fresh: Vec<(String, LineEvidence)>,
}

impl<M: LookupMemory> Keeper<M> {
    /// The kept answer, where it is fresh today. One that is younger than today is fresh as well.
    fn kept(&self, number: &Number, today: Date) -> Result<Option<Outcome>, M::Error> {
        let kept = self.memory.recall(self.service.name(), self.service.version(), number.e164())?;
        Ok(kept.filter(|kept| age_in_days(kept.asked_at, today) <= i64::from(self.service.terms().max_age_days)).map(
            |kept| match kept.says_something() {
                true => Outcome::Answered(kept),
                false => Outcome::Unknown { asked_at: kept.asked_at },
            },
        ))
    }

    fn keep(&mut self, number: &Number, evidence: LineEvidence) -> Result<(), M::Error> {
        self.fresh.push((number.e164().to_owned(), evidence));
        if self.fresh.len() >= KEPT_AT_ONCE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), M::Error> {
        if !self.fresh.is_empty() {
            self.memory.keep(self.service.name(), self.service.version(), &self.fresh)?;
            self.fresh.clear();
        }
        Ok(())
    }
}

fn age_in_days(asked_at: Timestamp, today: Date) -> i64 {
    let asked_on = asked_at.to_zoned(jiff::tz::TimeZone::UTC).date();
    i64::from(Day::of(today).days_since(Day::of(asked_on)))
}

/// To the second: nothing finer is of use to anybody.
fn now() -> Timestamp {
    let now = timestamp();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// How often progress is told while nothing comes in.
const TICK: Duration = Duration::from_millis(100);

/// Answers that a crash may lose.
const KEPT_AT_ONCE: usize = 50;
