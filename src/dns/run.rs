//! The loop of a run: canaries, then look-ups, a bounded number at a time, until all are done or there is no use.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use hickory_proto::rr::Name;
use tokio::time::{Instant, MissedTickBehavior};

use super::ask::Asker;
use super::canary::{self, Trust};
use super::lookup::Lookups;
use super::question::askable;
use super::server::Server;
use super::stats::{ResolverStats, Stopped};
use crate::record::{MxAnswer, MxMeaning};
use crate::rule::DnsRules;

/// How often someone may stop a run, or is told how far it is.
const TICK: Duration = Duration::from_millis(200);

/// What a run needs.
#[derive(Debug)]
pub(super) struct Run<'r> {
    pub(super) rules: &'r DnsRules,
    pub(super) addresses: &'r [SocketAddr],
    /// The user named the resolvers; else they are the system's.
    pub(super) are_named: bool,
    pub(super) deadline: Duration,
    pub(super) queries_per_second: u32,
    pub(super) stop: &'r AtomicBool,
}

/// How a run ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub(super) looked_up: u64,
    pub(super) resolvers: Vec<ResolverStats>,
    pub(super) stopped: Option<Stopped>,
}

/// What a run tells while it goes on.
#[derive(Debug)]
pub(super) enum Event<'d> {
    /// A domain was looked up.
    Answer(&'d str, MxAnswer),
    /// Some time has passed; domains a second since the last tick.
    Tick(u64),
}

impl Run<'_> {
    /// Looks all domains up; `tell` hears of each answer, and an error of it ends the run.
    pub(super) async fn look_up_all<'d, E>(
        &self,
        domains: Vec<&'d str>,
        tell: &mut impl FnMut(Event<'d>) -> Result<(), E>,
    ) -> Result<Ended, E> {
        let end = Instant::now() + self.deadline;
        let new_server = |address: &SocketAddr| Server::new(*address, self.rules, self.queries_per_second);
        let servers: Vec<Server> = self.addresses.iter().map(new_server).collect();
        let trusts = canary::try_out(&servers, self.rules).await;
        let has = |trust| trusts.contains(&trust);
        let best: &[Trust] = if has(Trust::Trusted) { &[Trust::Trusted] } else { &[Trust::Unproven, Trust::Silent] };
        if !trusts.iter().any(|trust| best.contains(trust)) {
            let stopped = if has(Trust::Untrusted) { Stopped::Untrusted } else { Stopped::NoNetwork };
            let resolvers = servers.iter().zip(&trusts).map(|(server, trust)| accounted(server, *trust)).collect();
            return Ok(Ended { looked_up: 0, resolvers, stopped: Some(stopped) });
        }
        // Who names a resolver knows it: when it answers at all, it is used, though it knows no canary.
        let is_proven = has(Trust::Trusted) || (self.are_named && has(Trust::Unproven));
        let (used, unused): (Vec<_>, Vec<_>) =
            servers.into_iter().zip(trusts).partition(|(_, trust)| best.contains(trust));
        let mut resolvers: Vec<_> = unused.iter().map(|(server, trust)| accounted(server, *trust)).collect();
        let (servers, trusts): (Vec<Server>, Vec<Trust>) = used.into_iter().unzip();

        let lookups = Lookups::new(Asker::new(servers, self.rules));
        let mut flight =
            Flight { run: self, lookups: &lookups, is_proven, held: Vec::new(), witness: None, looked_up: 0 };
        let stopped = flight.all(domains, end, tell).await?;
        let looked_up = flight.looked_up;
        resolvers.extend(lookups.asker.servers.iter().zip(trusts).map(|(server, trust)| accounted(server, trust)));
        resolvers.sort_by_key(|resolver| self.addresses.iter().position(|address| *address == resolver.address));
        Ok(Ended { looked_up, resolvers, stopped })
    }
}

/// Look-ups under way.
struct Flight<'f, 'd> {
    run: &'f Run<'f>,
    lookups: &'f Lookups<'f>,
    /// The resolvers are known to answer about names such as these.
    is_proven: bool,
    /// Answers that mean nothing, held back until the resolvers are proven.
    held: Vec<(&'d str, MxAnswer)>,
    /// The last name that was answered: it can be asked again where the canaries are unknown.
    witness: Option<Name>,
    looked_up: u64,
}

impl<'d> Flight<'_, 'd> {
    async fn all<E>(
        &mut self,
        mut domains: Vec<&'d str>,
        end: Instant,
        tell: &mut impl FnMut(Event<'d>) -> Result<(), E>,
    ) -> Result<Option<Stopped>, E> {
        // What can't be a host's name is not asked for; it stays `not_checked`.
        domains.retain(|domain| askable(domain).is_some());
        let canaries = &self.run.rules.canaries;
        if !self.is_proven {
            spread_first(&mut domains, canaries.trial_domains);
        }
        let trial_end = Instant::now() + Duration::from_millis(canaries.trial_ms);
        let lookups = self.lookups;
        let mut waiting = domains.into_iter().filter_map(|domain| Some((domain, askable(domain)?)));
        let mut under_way = FuturesUnordered::new();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silence = Silence::new(self.replies());
        let mut counted = Counted::default();
        loop {
            let in_flight = self.run.rules.in_flight;
            let most = if self.is_proven { in_flight } else { in_flight.min(canaries.trial_domains.max(1)) };
            while (self.is_proven || self.held.is_empty())
                && under_way.len() < most
                && let Some((domain, name)) = waiting.next()
            {
                under_way.push(async move { (domain, lookups.look_up(&name).await, name) });
            }
            tokio::select! {
                landed = under_way.next() => match landed {
                    None if self.is_proven => return Ok(None),
                    None => return Ok((!self.held.is_empty()).then_some(Stopped::NoNetwork)),
                    Some((domain, answer, name)) => self.land(domain, answer, name, tell)?,
                },
                _ = ticks.tick() => {
                    tell(Event::Tick(counted.per_second(self.looked_up)))?;
                    if self.run.stop.load(Ordering::Relaxed) {
                        return Ok(Some(Stopped::Cancelled));
                    }
                    let now = Instant::now();
                    if now >= end {
                        return Ok(Some(Stopped::OutOfTime));
                    }
                    if !self.is_proven && now >= trial_end {
                        return Ok(Some(Stopped::NoNetwork));
                    }
                    if silence.lasts(self.replies(), Duration::from_secs(self.run.rules.silence_s)) {
                        if !self.anyone_there().await {
                            return Ok(Some(Stopped::FellSilent));
                        }
                        silence = Silence::new(self.replies());
                    }
                }
            }
        }
    }

    fn land<E>(
        &mut self,
        domain: &'d str,
        answer: MxAnswer,
        name: Name,
        tell: &mut impl FnMut(Event<'d>) -> Result<(), E>,
    ) -> Result<(), E> {
        if answer.outcome.meaning() != MxMeaning::Unknown {
            self.witness = Some(name);
            self.is_proven = true;
        }
        self.held.push((domain, answer));
        if self.is_proven {
            for (domain, answer) in self.held.drain(..) {
                self.looked_up += 1;
                tell(Event::Answer(domain, answer))?;
            }
        }
        Ok(())
    }

    async fn anyone_there(&self) -> bool {
        let mut names = canary::names(self.run.rules);
        names.extend(self.witness.clone());
        canary::anyone_there(&self.lookups.asker.servers, &names, self.run.rules).await
    }

    fn replies(&self) -> u64 {
        self.lookups.asker.servers.iter().map(|server| server.traffic.replies.load(Ordering::Relaxed)).sum()
    }
}

/// Moves so many domains, spread over the whole list, to its start.
fn spread_first(domains: &mut [&str], count: usize) {
    let step = domains.len() / count.max(1);
    if step > 1 {
        (0..count).for_each(|index| domains.swap(index, index * step));
    }
}

/// For how long no reply has come.
struct Silence {
    replies: u64,
    since: Instant,
}

impl Silence {
    fn new(replies: u64) -> Self {
        Silence { replies, since: Instant::now() }
    }

    fn lasts(&mut self, replies: u64, long: Duration) -> bool {
        if replies != self.replies {
            *self = Silence::new(replies);
        }
        self.since.elapsed() >= long
    }
}

/// Turns a count into a rate.
struct Counted {
    count: u64,
    at: Instant,
}

impl Default for Counted {
    fn default() -> Self {
        Counted { count: 0, at: Instant::now() }
    }
}

impl Counted {
    fn per_second(&mut self, count: u64) -> u64 {
        let passed_ms = self.at.elapsed().as_millis().max(1) as u64;
        let rate = (count - self.count) * 1_000 / passed_ms;
        *self = Counted { count, at: Instant::now() };
        rate
    }
}

fn accounted(server: &Server, trust: Trust) -> ResolverStats {
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    ResolverStats {
        address: server.address,
        trust,
        queries: count(&server.traffic.queries),
        replies: count(&server.traffic.replies),
        strays: count(&server.traffic.strays),
        by_tcp: count(&server.traffic.by_tcp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domains_of_a_trial_come_from_the_whole_list() {
        let names: Vec<String> = (0..100).map(|index| index.to_string()).collect();
        let mut domains: Vec<&str> = names.iter().map(String::as_str).collect();
        spread_first(&mut domains, 4);
        assert_eq!(domains[..4], ["0", "25", "50", "75"]);
        domains.sort_by_key(|name| name.len());
        domains.dedup();
        assert_eq!(domains.len(), 100);
        spread_first(&mut domains[..2], 4);
    }
}
