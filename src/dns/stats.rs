//! The account of a run: what was asked, what came of it, which domains stand on one dead or parked mail host.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::canary::Trust;
use crate::record::{MxOutcome, MxStatus};
use crate::rule::MxParking;

/// Figures of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MxStats {
    /// Different domains.
    pub domains: u64,
    /// Answered from what was remembered.
    pub remembered: u64,
    /// Looked up now.
    pub looked_up: u64,
    /// Domains by outcome.
    pub outcomes: BTreeMap<MxOutcome, u64>,
    /// Each resolver that was asked.
    pub resolvers: Vec<ResolverStats>,
    /// Hours between two permanent answers that make a domain dead.
    pub confirm_hours: u32,
    /// Why the run ended before all domains were asked.
    pub stopped: Option<Stopped>,
    /// Many domains on one mail host that is dead or parked, the largest first.
    pub groups: Vec<MxGroup>,
}

/// What passed between us and a resolver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolverStats {
    /// Where it is.
    pub address: SocketAddr,
    /// What the canaries said of it.
    pub trust: Trust,
    /// Questions sent, each try and canary counted.
    pub queries: u64,
    /// Replies used.
    pub replies: u64,
    /// Packets that fitted no question: late, doubled or forged.
    pub strays: u64,
    /// Of the questions, those by TCP.
    pub by_tcp: u64,
}

/// Why a run ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// The system names no resolver, and none was given.
    NoResolver,
    /// No resolver answers.
    NoNetwork,
    /// Every resolver that answers gives answers that can't be true.
    Untrusted,
    /// Nobody answered any more.
    FellSilent,
    /// The time for the whole stage was used up.
    OutOfTime,
    /// Someone asked for it.
    Cancelled,
}

impl Stopped {
    /// The name under which words speak of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stopped::NoResolver => "no_resolver",
            Stopped::NoNetwork => "no_network",
            Stopped::Untrusted => "untrusted",
            Stopped::FellSilent => "fell_silent",
            Stopped::OutOfTime => "out_of_time",
            Stopped::Cancelled => "cancelled",
        }
    }

    /// One sentence for whoever started the run, and what to do.
    pub const fn warning(self) -> &'static str {
        match self {
            Stopped::NoResolver => {
                "no DNS resolver is configured on this machine, so only remembered domains are told; name one with --resolver"
            }
            Stopped::NoNetwork => {
                "no DNS resolver answers, so only remembered domains are told; check the network, or name one with --resolver"
            }
            Stopped::Untrusted => {
                "the DNS resolver finds names that do not exist or denies names that do, so only remembered domains are told; \
                 name another one with --resolver"
            }
            Stopped::FellSilent => {
                "the DNS resolver stopped answering, so some domains were not checked; run the same command again later"
            }
            Stopped::OutOfTime => {
                "the time for checking domains was used up, so some were not checked; the same command goes on from here"
            }
            Stopped::Cancelled => "checking domains was stopped; the same command goes on from here",
        }
    }
}

/// Domains that stand on the same mail hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MxGroup {
    /// The mail hosts, or the names that a parking service is known by, ascending.
    pub hosts: Vec<String>,
    /// What is wrong with it.
    pub kind: GroupKind,
    /// Whose it is, where known.
    pub who: Option<String>,
    /// The domains that stand there, ascending.
    pub domains: Vec<String>,
}

/// What is wrong with a mail host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// It has no address, or one that leads nowhere.
    Dead,
    /// Its domains are for sale or show advertisements.
    Parked,
    /// It takes mail and throws it away.
    Sink,
}

impl GroupKind {
    /// The word in outputs.
    pub const fn as_str(self) -> &'static str {
        match self {
            GroupKind::Dead => "dead",
            GroupKind::Parked => "parked",
            GroupKind::Sink => "sink",
        }
    }
}

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MxProgress {
    /// Domains that are settled.
    pub done: u64,
    /// All domains.
    pub total: u64,
    /// Domains a second since the last report.
    pub per_second: u64,
    /// Domains by outcome so far.
    pub outcomes: BTreeMap<MxOutcome, u64>,
}

/// Whose a mail host is, and the domains on it.
type Found<'a> = (Option<&'a str>, Vec<String>);

/// Domains on mail hosts that are dead or parked. Only a host on which all of a domain's mail depends counts.
pub(super) fn groups(statuses: &BTreeMap<String, MxStatus>, parking: &MxParking) -> Vec<MxGroup> {
    let mut found: BTreeMap<(GroupKind, &str), Found<'_>> = BTreeMap::new();
    for (domain, status) in statuses {
        let Some(answer) = &status.answer else { continue };
        let parked: BTreeSet<_> = answer
            .hosts
            .iter()
            .map(|host| {
                parking.parked(&host.name).map(|entry| (entry.host.as_str(), entry.kind.as_str(), entry.who.as_str()))
            })
            .collect();
        if !parked.is_empty() && !parked.contains(&None) {
            for (host, kind, who) in parked.into_iter().flatten() {
                let kind = if kind == "sink" { GroupKind::Sink } else { GroupKind::Parked };
                found.entry((kind, host)).or_insert((Some(who), Vec::new())).1.push(domain.clone());
            }
        } else if matches!(answer.outcome, MxOutcome::MxUnresolvable | MxOutcome::MxPrivate) {
            let hosts: BTreeSet<&str> = answer.hosts.iter().map(|host| host.name.as_str()).collect();
            for host in hosts.into_iter().filter(|host| !host.is_empty()) {
                found.entry((GroupKind::Dead, host)).or_insert((None, Vec::new())).1.push(domain.clone());
            }
        }
    }
    // Hosts that the same domains name are one group.
    let mut merged: BTreeMap<(GroupKind, Vec<String>), MxGroup> = BTreeMap::new();
    for ((kind, host), (who, domains)) in found {
        if kind == GroupKind::Dead && (domains.len() as u64) < parking.group_from {
            continue;
        }
        let who = who.map(str::to_owned);
        let empty = || MxGroup { hosts: Vec::new(), kind, who, domains: domains.clone() };
        merged.entry((kind, domains.clone())).or_insert_with(empty).hosts.push(host.to_owned());
    }
    let mut groups: Vec<MxGroup> = merged.into_values().collect();
    groups
        .sort_by(|left, right| right.domains.len().cmp(&left.domains.len()).then_with(|| left.hosts.cmp(&right.hosts)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{MxAnswer, MxCertainty, MxHost};
    use crate::rule::{DnsRules, RuleFiles};

    fn status(outcome: MxOutcome, hosts: &[&str]) -> MxStatus {
        let hosts = hosts.iter().map(|name| MxHost { preference: 10, name: (*name).to_owned() }).collect();
        let said = String::new();
        let answer =
            MxAnswer { outcome, hosts, addresses: vec![], alias: None, said, ttl_s: 0, resolver: None, asked_at: 0 };
        MxStatus::new(outcome, MxCertainty::Unknown, Some(answer))
    }

    #[test]
    fn domains_on_one_dead_or_parked_host_form_a_group() {
        let parking = DnsRules::load(&RuleFiles::embedded()).expect("loads").parking;
        let list: [(&str, MxOutcome, &[&str]); 8] = [
            ("a", MxOutcome::MxOk, &["mx1.m1bp.com", "mx2.m1bp.com"]),
            ("b", MxOutcome::MxOk, &["park-mx.above.com"]),
            ("c", MxOutcome::MxOk, &["park-mx.above.com", "mx.real.example"]),
            ("d", MxOutcome::MxUnresolvable, &["gone.example", "old.example"]),
            ("e", MxOutcome::MxUnresolvable, &["gone.example", "old.example"]),
            ("f", MxOutcome::MxPrivate, &["gone.example", "old.example"]),
            ("g", MxOutcome::MxUnresolvable, &["alone.example"]),
            ("h", MxOutcome::NullMx, &[""]),
        ];
        let statuses = list.map(|(domain, outcome, hosts)| (domain.to_owned(), status(outcome, hosts)));
        let found = groups(&BTreeMap::from(statuses), &parking);
        let told: Vec<_> = found.iter().map(|group| (group.hosts.join(" "), group.kind, group.domains.len())).collect();
        let expected = [
            ("gone.example old.example", GroupKind::Dead, 3),
            ("m1bp.com", GroupKind::Parked, 1),
            ("park-mx.above.com", GroupKind::Parked, 1),
        ];
        assert_eq!(told, expected.map(|(hosts, kind, domains)| (hosts.to_owned(), kind, domains)));
    }
}
