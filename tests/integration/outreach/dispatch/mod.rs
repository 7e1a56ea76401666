//! Dispatch against gateways that take, refuse, fall silent and die: nothing is lost, and nothing is sent twice.

pub(crate) mod club;
mod crash;
pub(crate) mod fake;
mod files;
mod limits;
mod partners;
mod truth;

use std::time::Duration;

use club::{command, count, number, outreach, place, rows_in};
use fake::{Deed, Fake};

use crate::support::request::Request;

#[test]
fn nothing_is_sent_without_send_and_then_each_message_once_with_its_link() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(30, fake.address, "");
    let shown = outreach(&place, &["dispatch"]);
    assert_eq!((shown.exit, fake.wanted()), (Some(0), 0), "{}", shown.stderr);
    assert!(shown.stdout.contains("30 messages would be sent now, 1.80"), "{}", shown.stdout);
    assert_eq!(rows_in(&place, "pending"), 30);

    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(sent.exit, Some(0), "{} {}", sent.stdout, sent.stderr);
    let taken = fake.taken();
    assert_eq!(taken.len(), 30);
    for message in &taken {
        let token = message.body.split("https://kalanit.example/c/").nth(1).expect("the link is filled in");
        assert_eq!(token.len(), 12, "{token}");
        assert!(!message.body.contains('{'));
    }
    let tokens: std::collections::BTreeSet<&str> = taken.iter().map(|message| &message.body[..]).collect();
    assert_eq!(tokens.len(), 30, "each has a link of its own");
    assert_eq!(rows_in(&place, "sent"), 30);
    let texts = std::fs::read(place.path(".tiuv/state.db")).expect("reads");
    let token = taken[0].body.split("/c/").nth(1).expect("a link").as_bytes();
    assert!(!texts.windows(token.len()).any(|window| window == token), "the token stands in the message alone");

    let again = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((again.exit, fake.wanted()), (Some(0), 30), "{}", again.stderr);
    assert_eq!(count(&place, "SELECT count(*) FROM outbox WHERE gateway_id LIKE 'SM%' AND gateway = 'fake'"), 30);
    assert_eq!(count(&place, "SELECT count(*) FROM confirm_token"), 30);
}

#[test]
fn what_the_gateway_says_decides_the_state() {
    let fake = Fake::start(|wanted| match wanted.to.as_str() {
        to if to == number(1) => Deed::Refuse(400, 21610, None),
        to if to == number(2) => Deed::Refuse(400, 21211, None),
        to if to == number(3) => Deed::Refuse(400, 99_999, None),
        _ => Deed::Accept,
    });
    let place = place(5, fake.address, "");
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(sent.exit, Some(0), "{} {}", sent.stdout, sent.stderr);
    assert_eq!(["opted_out", "failed", "sent"].map(|state| rows_in(&place, state)), [1, 2, 2]);
    assert_eq!(count(&place, "SELECT count(*) FROM outbox WHERE reason = 'twilio:21211'"), 1);
    assert_eq!(count(&place, "SELECT count(*) FROM outbox WHERE reason = 'twilio:99999'"), 1);
    let held = format!("SELECT count(*) FROM suppression WHERE key = '{}' AND scope = 'all'", number(1));
    assert_eq!(count(&place, &held), 1, "who opted out there is suppressed here");
    assert_eq!(count(&place, "SELECT count(*) FROM contact_event WHERE event = 'opt_out'"), 1);
    assert_eq!(count(&place, "SELECT count(*) FROM contact_event WHERE event = 'undelivered'"), 1, "no such number");
}

#[test]
fn what_was_certainly_not_taken_is_tried_again_and_everything_waits_as_long_as_the_gateway_asks() {
    let fake = Fake::start(|wanted| match wanted.index {
        0 | 1 => Deed::Refuse(429, 20429, Some(1)),
        _ => Deed::Accept,
    });
    let place = place(4, fake.address, "max_in_flight = 1");
    let started = moment();
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert!(started.elapsed() >= Duration::from_secs(2), "two pauses of a second");
    assert_eq!(sent.exit, Some(0), "{} {}", sent.stdout, sent.stderr);
    assert_eq!((fake.wanted(), fake.taken().len(), rows_in(&place, "sent")), (6, 4, 4));
}

#[test]
fn a_gateway_that_is_not_there_loses_nothing() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let place = place(3, gone, "max_in_flight = 1");
    let rules = place.path("rules/outreach/dispatch.toml");
    let text = std::fs::read_to_string(&rules).expect("reads").replace("give_up_after = 10", "give_up_after = 2");
    std::fs::write(&rules, text).expect("writes");
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(sent.exit, Some(4), "{} {}", sent.stdout, sent.stderr);
    assert!(sent.stdout.contains("fails again and again"), "{}", sent.stdout);
    assert_eq!((rows_in(&place, "pending"), rows_in(&place, "unknown")), (3, 0));
}

#[test]
fn a_gateway_that_took_a_message_and_did_not_say_so_is_asked_and_nothing_is_sent_twice() {
    let fake = Fake::start(|wanted| match wanted.index % 5 {
        0 => Deed::AcceptAndFallSilent(Duration::from_millis(1500)),
        1 => Deed::AcceptAndHangUp,
        2 => Deed::AcceptAndFail(503),
        3 => Deed::HangUp,
        _ => Deed::Accept,
    });
    let place = place(25, fake.address, "timeout_seconds = 1\nmax_in_flight = 5");
    let mut runs = 0;
    while rows_in(&place, "sent") < 25 {
        outreach(&place, &["dispatch", "--send"]);
        runs += 1;
        assert!(runs < 20, "{}", outreach(&place, &["status"]).stdout);
    }
    assert_eq!(fake.times().len(), 25, "none is lost");
    assert!(fake.times().values().all(|times| *times == 1), "none is sent twice: {:?}", fake.times());
    assert!(fake.lists() >= 15, "the gateway was asked about what was unknown");
    assert!(count(&place, "SELECT count(*) FROM outbox_change WHERE state = 'unknown'") >= 15);
}

#[test]
fn a_message_that_waits_in_the_gateways_queue_is_found_there() {
    // What is queued has no date of sending: a filter by that date would not see it, and it would be sent again.
    let fake = Fake::start(|_| Deed::AcceptAndHangUp);
    let place = place(1, fake.address, "");
    outreach(&place, &["dispatch", "--send"]);
    assert_eq!((fake.taken()[0].status.as_str(), rows_in(&place, "sent"), fake.taken().len()), ("accepted", 1, 1));
}

#[test]
fn what_the_gateway_does_not_know_is_not_believed_before_it_had_time_to_come_through() {
    let fake = Fake::start(|wanted| if wanted.index == 0 { Deed::HangUp } else { Deed::Accept });
    let place = place(1, fake.address, "");
    let rules = place.path("rules/outreach/dispatch.toml");
    let patient = |seconds: u32| {
        let text = std::fs::read_to_string(&rules).expect("reads");
        let at = text.find("settle_seconds").expect("is there");
        let end = at + text[at..].find('\n').expect("a line");
        std::fs::write(&rules, format!("{}settle_seconds = {seconds}{}", &text[..at], &text[end..])).expect("writes");
    };
    patient(3600);
    for _ in 0..2 {
        let sent = outreach(&place, &["dispatch", "--send"]);
        assert_eq!((sent.exit, rows_in(&place, "unknown"), fake.wanted()), (Some(4), 1, 1), "{}", sent.stdout);
    }
    patient(0);
    outreach(&place, &["dispatch", "--send"]);
    assert_eq!((rows_in(&place, "sent"), fake.times()[&number(1)]), (1, 1));
}

#[test]
fn a_gateway_that_refuses_everything_gets_no_second_message() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(50, fake.address, "max_in_flight = 1");
    let mut wrong = command(&place, &["dispatch", "--send"]);
    let ran = crate::support::program::Ran::of(wrong.env("FAKE_PASSWORD", "wrong").output().expect("tiuv starts"));
    assert_eq!(ran.exit, Some(4), "{} {}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("takes nothing from us (twilio:20003)"), "{}", ran.stdout);
    assert_eq!((rows_in(&place, "pending"), fake.taken().len()), (50, 0));
    assert!(!ran.stdout.contains("wrong") && !ran.stderr.contains("wrong"), "no secret is told");
}

#[test]
fn a_report_that_overtakes_the_gateways_own_answer_is_not_lost() {
    use tiuv::record::{GatewayReport, ReportMeaning};
    use tiuv::store::{Reported, Store};
    let workspace = std::sync::Arc::new(std::sync::OnceLock::<std::path::PathBuf>::new());
    let known = std::sync::Arc::clone(&workspace);
    let fake = Fake::start(move |wanted| {
        let report = GatewayReport {
            gateway: "fake".to_owned(),
            gateway_id: format!("SM{:032x}", wanted.index + 1),
            reference: None,
            status: "delivered".to_owned(),
            code: String::new(),
            meaning: ReportMeaning::Delivered,
            at: tiuv::clock::timestamp(),
        };
        let mut store = Store::open(known.get().expect("is told")).expect("opens");
        assert_eq!(store.record_report(&report).expect("is written"), Reported::Waits);
        Deed::Accept
    });
    let place = place(5, fake.address, "max_in_flight = 1");
    workspace.set(place.path(".tiuv")).expect("is told once");
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((sent.exit, rows_in(&place, "delivered")), (Some(0), 5), "{} {}", sent.stdout, sent.stderr);
}

#[test]
fn two_dispatchers_never_send_from_one_workspace() {
    let fake = Fake::start(|_| Deed::AcceptAfter(Duration::from_millis(100)));
    let place = place(40, fake.address, "max_in_flight = 2");
    let mut first = command(&place, &["dispatch", "--send"]).spawn().expect("starts");
    while fake.taken().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(second.exit, Some(2), "{}", second.stderr);
    assert!(second.stderr.contains("another tiuv is dispatching"), "{}", second.stderr);
    assert!(first.wait().expect("ends").success());
    assert_eq!((fake.times().len(), fake.taken().len()), (40, 40));
}

#[test]
fn a_status_that_adds_up_tells_every_contact_once() {
    let fake = Fake::start(|wanted| if wanted.index < 3 { Deed::Refuse(400, 21614, None) } else { Deed::Accept });
    let place = place(10, fake.address, "max_in_flight = 1");
    outreach(&place, &["dispatch", "--send", "--most", "7"]);
    let status = outreach(&place, &["status"]);
    assert_eq!(status.exit, Some(0), "{}", status.stderr);
    for (state, rows) in [("pending", 3), ("sent", 4), ("failed", 3), ("planned", 10)] {
        let line = status.stdout.lines().find(|line| line.starts_with(state)).expect("has a line");
        let sum = line.split_whitespace().nth(4).expect("a sum");
        assert_eq!(sum, rows.to_string(), "{}", status.stdout);
    }
    rusqlite::Connection::open(place.path(".tiuv/state.db"))
        .expect("opens")
        .execute("UPDATE outbox SET state = 'delivered' WHERE id = 9", [])
        .expect("damages");
    let wrong = outreach(&place, &["status"]);
    assert_eq!(wrong.exit, Some(70), "a contact that stands elsewhere than its history ends is noticed");
}

#[expect(clippy::disallowed_methods, reason = "a pause is what is measured")]
pub(super) fn moment() -> std::time::Instant {
    std::time::Instant::now()
}
