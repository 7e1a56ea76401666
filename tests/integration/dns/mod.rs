//! MX checks against real servers: every case of a zone, over good paths and bad ones, and without a network.

mod command;
mod outcomes;
mod paths;
mod proxy;
mod remembering;
mod scripted;
mod servers;
mod zone;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::AtomicBool;

use tiuv::dns::{Checker, MxCheck, MxOptions};
use tiuv::record::NoMxMemory;
use tiuv::rule::{DnsRules, RuleFiles};

use zone::Owed;

/// The shipped rules with canaries that the zone has, and less patience.
fn rules() -> DnsRules {
    let mut rules = shipped();
    rules.canaries.names = vec!["canary.bench".to_owned()];
    rules.canaries.absent_below = vec!["bench".to_owned()];
    rules.try_ms = vec![150, 200, 250, 300, 500, 400];
    rules.backoff_ms = vec![20, 50];
    rules.queries_per_second = 20_000;
    rules
}

fn shipped() -> DnsRules {
    DnsRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form")
}

fn asking(resolvers: &[SocketAddr]) -> MxOptions {
    MxOptions { resolvers: resolvers.to_vec(), ..MxOptions::default() }
}

/// A check without memory.
fn check(rules: &DnsRules, options: MxOptions, domains: &[&str]) -> MxCheck {
    let checker = Checker::new(rules, options, tiuv::clock::timestamp);
    let stop = AtomicBool::new(false);
    let checked = checker.check(domains.iter().copied(), &mut NoMxMemory, &stop, &mut |_| {});
    checked.unwrap_or_else(|never| match never {})
}

fn names(owed: &[Owed]) -> Vec<&str> {
    owed.iter().map(|owed| owed.domain.as_str()).collect()
}

/// The domains of which something else is said than must be, by case.
fn wrong(checked: &MxCheck, owed: &[Owed]) -> BTreeMap<String, u32> {
    let mut wrong = BTreeMap::new();
    for Owed { domain, case, outcome } in owed {
        let status = &checked.statuses[domain];
        if status.outcome.as_str() != *outcome {
            let said = status.answer.as_ref().map_or("", |answer| answer.said.as_str());
            *wrong.entry(format!("{case}: {} ({said}), not {outcome}", status.outcome)).or_insert(0) += 1;
        }
    }
    wrong
}
