//! What the workspace remembers: no question twice while an answer holds, confirmation, stale answers, stopped runs.

use std::cell::Cell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use tiuv::dns::{Checker, MxCheck, MxMode, MxOptions, Stopped};
use tiuv::record::{MxCertainty, MxEntry, MxMemory, MxOutcome};
use tiuv::rule::DnsRules;
use tiuv::store::Store;

use super::servers::{are_installed, free_port, knot};
use super::zone::zone;
use super::{asking, names, rules, wrong};

const HOUR_S: i64 = 3_600;

thread_local! {
    /// The time that the checks of a test are told.
    static NOW: Cell<i64> = const { Cell::new(1_800_000_000) };
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW.get()).expect("a time")
}

fn later(seconds: i64) {
    NOW.set(NOW.get() + seconds);
}

fn check(rules: &DnsRules, options: MxOptions, store: &mut Store, domains: &[&str]) -> MxCheck {
    let checker = Checker::new(rules, options, now);
    checker.check(domains.iter().copied(), store, &AtomicBool::new(false), &mut |_| {}).expect("the store works")
}

fn queries(checked: &MxCheck) -> u64 {
    checked.stats.resolvers.iter().map(|resolver| resolver.queries).sum()
}

#[test]
fn a_second_run_asks_nothing_while_the_answers_hold() {
    if !are_installed() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let zone = zone(600);
    let server = knot(&zone);
    let domains = names(&zone.truth);
    let first = check(&rules(), asking(&[server.address]), &mut store, &domains);
    assert_eq!(wrong(&first, &zone.truth), [].into());
    assert!(queries(&first) > 600);

    later(HOUR_S - 60);
    drop(store);
    let mut store = Store::open(directory.path()).expect("opens again");
    let second = check(&rules(), asking(&[server.address]), &mut store, &domains);
    assert_eq!((queries(&second), second.stats.remembered), (0, 600));
    assert_eq!(second.statuses, first.statuses);

    later(120);
    let third = check(&rules(), asking(&[server.address]), &mut store, &domains);
    assert!(queries(&third) > 600, "the hour of the zone's TTL has passed");
}

#[test]
fn a_no_waits_for_its_confirmation_a_day_later() {
    if !are_installed() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let zone = zone(20);
    let server = knot(&zone);
    let dead = zone.truth.iter().find(|owed| owed.case == "null").expect("is there").domain.as_str();
    let mut certainty = |hours: i64, confirm_hours| {
        later(hours * HOUR_S);
        let options = MxOptions { confirm_hours, ..asking(&[server.address]) };
        check(&rules(), options, &mut store, &[dead]).statuses[dead].certainty
    };
    assert_eq!(certainty(0, None), MxCertainty::Pending);
    assert_eq!(certainty(2, None), MxCertainty::Pending);
    assert_eq!(certainty(0, Some(0)), MxCertainty::Dead);
    assert_eq!(certainty(0, Some(1)), MxCertainty::Dead);
    assert_eq!(certainty(23, None), MxCertainty::Dead);
}

#[test]
fn an_older_answer_is_kept_where_nobody_answers() {
    if !are_installed() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let zone = zone(20);
    let server = knot(&zone);
    let domain = "d0000000.bench";
    check(&rules(), asking(&[server.address]), &mut store, &[domain]);
    later(30 * 24 * HOUR_S);
    let closed = SocketAddr::from(([127, 0, 0, 1], free_port([127, 0, 0, 1].into())));
    let cached = MxOptions { mode: MxMode::Cached, ..MxOptions::default() };
    for options in [asking(&[closed]), cached.clone()] {
        let checked = check(&rules(), options, &mut store, &[domain, "new.bench"]);
        let said = &checked.statuses[domain];
        assert_eq!((said.outcome, said.certainty), (MxOutcome::Stale, MxCertainty::Unknown));
        assert_eq!(said.answer.as_ref().map(|answer| answer.outcome), Some(MxOutcome::MxOk));
        assert_eq!(checked.statuses["new.bench"].outcome, MxOutcome::NotChecked);
    }
    later(-30 * 24 * HOUR_S);
    let checked = check(&rules(), cached, &mut store, &[domain]);
    assert_eq!(checked.statuses[domain].outcome, MxOutcome::MxOk);
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_was() {
    if !are_installed() {
        return;
    }
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let zone = zone(4_000);
    let server = knot(&zone);
    let domains = names(&zone.truth);
    let rules = rules();
    let options = MxOptions { queries_per_second: Some(4_000), ..asking(&[server.address]) };
    let stop = AtomicBool::new(false);
    let checker = Checker::new(&rules, options, now);
    let mut reports = 0;
    let stopped = checker.check(domains.iter().copied(), &mut store, &stop, &mut |progress| {
        reports += 1;
        stop.store(progress.done > 1_000, Ordering::Relaxed);
    });
    let stopped = stopped.expect("the store works");
    assert_eq!(stopped.stats.stopped, Some(Stopped::Cancelled));
    let done = stopped.stats.looked_up;
    assert!((1_000..4_000).contains(&done) && reports > 1, "{done} after {reports} reports");

    let rest = check(&rules, asking(&[server.address]), &mut store, &domains);
    assert_eq!((rest.stats.remembered, rest.stats.looked_up), (done, 4_000 - done));
    assert_eq!(wrong(&rest, &zone.truth), [].into());
}

/// A memory that takes the first batch and then fails, as a full disk does.
struct Full(HashMap<String, MxEntry>);

impl MxMemory for Full {
    type Error = &'static str;

    fn recall(&mut self, _domains: &[&str]) -> Result<HashMap<String, MxEntry>, Self::Error> {
        Ok(self.0.clone())
    }

    fn keep(&mut self, entries: &[(&str, &MxEntry)]) -> Result<(), Self::Error> {
        if !self.0.is_empty() {
            return Err("full");
        }
        self.0.extend(entries.iter().map(|(domain, entry)| ((*domain).to_owned(), (*entry).clone())));
        Ok(())
    }
}

#[test]
fn a_check_ends_when_nothing_can_be_kept_and_what_was_kept_stays() {
    if !are_installed() {
        return;
    }
    let zone = zone(2_000);
    let server = knot(&zone);
    let rules = rules();
    let checker = Checker::new(&rules, asking(&[server.address]), now);
    let mut memory = Full(HashMap::new());
    let domains = names(&zone.truth);
    let ended = checker.check(domains.iter().copied(), &mut memory, &AtomicBool::new(false), &mut |_| {});
    assert_eq!(ended.err(), Some("full"));
    assert!((1..2_000).contains(&memory.0.len()), "{}", memory.0.len());
}
