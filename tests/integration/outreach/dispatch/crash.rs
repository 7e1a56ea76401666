//! The process dies at every crash point with every one of 100 messages, and by the hand of the system at any moment: what
//! the gateway took is what was planned, each message once.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use tiuv::outreach::dispatch::CRASH_POINTS;

use super::club::{command, count, outreach, place, plan, rows_in, settings};
use super::fake::{Deed, Fake};
use crate::support::program::Place;

const MESSAGES: u64 = 100;

/// Lets dispatch die at each of these points in turn, the whole turn once for each message, and counts how often it did.
fn die(place: &Place, points: &[&'static str]) -> BTreeMap<&'static str, u64> {
    let mut deaths = BTreeMap::new();
    for _ in 0..MESSAGES {
        for point in points {
            let mut dying = command(place, &["dispatch", "--send"]);
            let output = dying.env("TIUV_CRASH_AT", point).output().expect("starts");
            if output.status.signal().is_some() {
                *deaths.entry(*point).or_default() += 1;
            }
        }
    }
    deaths
}

/// Each planned message was taken once, and the account says so.
fn is_complete(place: &Place, fake: &Fake) {
    for _ in 0..3 {
        outreach(place, &["dispatch", "--send"]);
    }
    let times = fake.times();
    assert_eq!(times.len() as u64, MESSAGES, "lost: {}", MESSAGES - times.len() as u64);
    assert!(times.values().all(|times| *times == 1), "sent twice: {times:?}");
    assert_eq!(rows_in(place, "sent"), MESSAGES, "{}", outreach(place, &["status"]).stdout);
}

#[test]
fn a_process_that_dies_before_a_message_leaves_or_while_it_asks_loses_nothing_and_sends_nothing_twice() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(MESSAGES, fake.address, "max_in_flight = 1");
    // Not yet begun; begun and not sent, asked about, put back; then sent and not written down, asked about, found.
    let points = ["chosen", "begun", "swept", "found", "settled", "recording", "settled"];
    let deaths = die(&place, &points);
    assert!(points.iter().all(|point| deaths[point] >= MESSAGES), "{deaths:?}");
    assert!(count(&place, "SELECT count(*) FROM outbox_change WHERE state = 'unknown'") >= 2 * MESSAGES as i64);
    is_complete(&place, &fake);
}

#[test]
fn a_process_that_dies_after_the_gateway_answered_sends_nothing_twice() {
    for point in ["answered", "recorded"] {
        let fake = Fake::start(|_| Deed::Accept);
        let place = place(MESSAGES, fake.address, "max_in_flight = 1");
        assert_eq!(die(&place, &[point])[point], MESSAGES);
        is_complete(&place, &fake);
    }
}

#[test]
fn a_process_that_dies_with_many_messages_under_way_sends_nothing_twice() {
    let fake = Fake::start(|wanted| match wanted.index % 4 {
        0 => Deed::AcceptAfter(Duration::from_millis(10)),
        1 => Deed::AcceptAndHangUp,
        2 => Deed::HangUp,
        _ => Deed::Accept,
    });
    let place = place(MESSAGES, fake.address, "max_in_flight = 7");
    for round in 1.. {
        let point = ["answered:3", "recording:2", "begun:2", "recorded:2", "settled:3"][round % 5];
        command(&place, &["dispatch", "--send"]).env("TIUV_CRASH_AT", point).output().expect("starts");
        if rows_in(&place, "pending") + rows_in(&place, "unknown") + rows_in(&place, "sending") == 0 {
            break;
        }
        assert!(round < 300, "{}", outreach(&place, &["status"]).stdout);
    }
    is_complete(&place, &fake);
}

#[test]
fn a_process_that_is_killed_at_any_moment_sends_nothing_twice() {
    let fake = Fake::start(|_| Deed::AcceptAfter(Duration::from_millis(3)));
    let place = place(MESSAGES, fake.address, "max_in_flight = 5\ntimeout_seconds = 2");
    for round in 0..60_u64 {
        let mut child = command(&place, &["dispatch", "--send"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("starts");
        std::thread::sleep(Duration::from_millis(30 + round * 37 % 90));
        child.kill().expect("is killed or has ended");
        child.wait().expect("is gone");
        if rows_in(&place, "sent") == MESSAGES {
            break;
        }
    }
    is_complete(&place, &fake);
}

#[test]
fn a_file_holds_each_message_once_wherever_the_process_died() {
    for name in ["messages.jsonl", "messages.csv"] {
        let place = Place::new();
        plan(&place.path(".tiuv"), MESSAGES);
        settings(
            &place,
            &format!("[outreach.gateway.file]\nper_second = 0\nmax_in_flight = 1\nfile = {{ path = \"{name}\" }}"),
        );
        let points = ["begun", "file-appended", "answered", "recording"];
        let deaths = die(&place, &points);
        assert!(points[1..].iter().any(|point| deaths.contains_key(point)), "{deaths:?}");
        outreach(&place, &["dispatch", "--send"]);
        outreach(&place, &["dispatch", "--send"]);
        let text = std::fs::read_to_string(place.path(name)).expect("is there");
        let ids: Vec<u64> = match name {
            "messages.csv" => {
                let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
                reader.records().map(|row| row.expect("is whole")[0].parse().expect("a number")).collect()
            }
            _ => {
                let json = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("is whole"));
                json.map(|record| record["id"].as_u64().expect("a number")).collect()
            }
        };
        let distinct: std::collections::BTreeSet<u64> = ids.iter().copied().collect();
        assert_eq!((ids.len() as u64, distinct.len() as u64), (MESSAGES, MESSAGES), "{name}");
        assert_eq!(rows_in(&place, "sent"), MESSAGES);
    }
}

#[test]
fn no_crash_point_is_left_out() {
    let tried = ["chosen", "begun", "swept", "found", "settled", "recording", "answered", "recorded", "file-appended"];
    let missing: Vec<&str> = CRASH_POINTS.into_iter().filter(|point| !tried.contains(point)).collect();
    assert!(missing.is_empty(), "these are never tried: {missing:?}");
}
