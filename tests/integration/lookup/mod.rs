//! Look-up services: asked as `tiuv.toml` says and no more, and never misunderstood. A real server on loopback answers.

mod command;
mod failures;
pub(crate) mod server;
mod settings;

use std::net::SocketAddr;
use std::ops::ControlFlow;

use tiuv::clock;
use tiuv::config::{Config, Money};
use tiuv::lookup::{Asked, Door, LookupError, LookupStats, NotAsked, Outcome, Temporary};
use tiuv::record::PhoneKind;
use tiuv::rule::{LookupPolicy, RuleFiles, parse_toml};
use tiuv::store::Store;

use self::server::{Reply, Server};

/// The door to a service at this address, fast where `more` does not say otherwise.
fn open(address: SocketAddr, more: &str) -> Result<Door, LookupError> {
    let mut text =
        format!("[lookup.hlr]\nurl = \"http://{address}/v1/{{digits}}\"\n{READS}\nretry_wait_ms = 5\n{more}\n");
    if !more.contains("per_second") {
        text.push_str("per_second = 10000\n");
    }
    open_text(&text)
}

fn open_text(text: &str) -> Result<Door, LookupError> {
    let config: Config = parse_toml("tiuv.toml", text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let policy = LookupPolicy::load(&RuleFiles::embedded()).expect("loads");
    let environment = |name: &str| (name == "HLR_TOKEN").then(|| SECRET.to_owned());
    Door::open("hlr", &config, &policy, &environment)
}

const READS: &str = r#"line_type = { at = "/carrier/type", map = { mobile = "mobile", landline = "fixed" } }
reachable = { at = "/status", map = { CONNECTED = true, VACATED = false } }"#;

const SECRET: &str = "Bearer s3cret";

const MOBILE: &str = r#"{"carrier": {"type": "mobile", "name": "Nobody"}, "status": "CONNECTED"}"#;

/// So many numbers that nobody has been given.
fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("+97250{:07}", 1_000_000 + n)).collect()
}

fn ask(door: &mut Door, numbers: &[impl AsRef<str>], store: Option<&mut Store>) -> Asked {
    let asked = door.ask(numbers, clock::today(), store, &mut |_| ControlFlow::Continue(())).expect("asks");
    assert_eq!(asked.stats.settled(), asked.stats.numbers, "every number has one outcome: {:?}", asked.stats);
    assert_eq!(asked.outcomes.len(), numbers.len());
    asked
}

fn money(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

#[test]
fn answers_are_translated_and_nothing_is_guessed() {
    let server = Server::start(|question| {
        Reply::json(match question.request.path.as_str() {
            "/v1/972501000000" => MOBILE,
            "/v1/972501000001" => r#"{"carrier": {"type": "LANDLINE"}, "status": "VACATED"}"#,
            "/v1/972501000002" => r#"{"carrier": {"type": "satellite"}, "status": null}"#,
            "/v1/972501000003" => r#"{"carrier": {"type": "mobile"}}"#,
            "/v1/972501000004" => r#"{"error": "try another day"}"#,
            _ => r#"{"carrier": null, "status": ["CONNECTED"]}"#,
        })
    });
    let asked = ask(&mut open(server.address, "").expect("opens"), &numbers(6), None);
    let said: Vec<_> = asked
        .outcomes
        .iter()
        .map(|outcome| match outcome {
            Outcome::Answered(evidence) => Ok((evidence.line_type, evidence.reachable)),
            other => Err(*other),
        })
        .collect();
    assert_eq!(said[0], Ok((Some(PhoneKind::Mobile), Some(true))));
    assert_eq!(said[1], Ok((Some(PhoneKind::Fixed), Some(false))));
    assert!(matches!(said[2], Err(Outcome::Unknown { .. })), "{:?}", said[2]);
    assert_eq!(said[3], Ok((Some(PhoneKind::Mobile), None)));
    assert_eq!(said[4], Err(Outcome::Temporary(Temporary::Unreadable)));
    assert_eq!(said[5], Err(Outcome::Temporary(Temporary::Unreadable)));
    assert_eq!(asked.stats.strange_words, 1);
    assert_eq!(asked.stats.requests, 6, "what could not be read is not paid for twice");
}

#[test]
fn the_same_number_is_asked_once_and_what_is_no_number_never() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let mut door = open(server.address, "").expect("opens");
    let numbers =
        ["+972501234567", "0501234567", "+972501234567", "", "+972501234568", "+972501234567\r\nX: y", "../1"];
    let asked = ask(&mut door, &numbers, None);
    assert_eq!(server.count(), 2);
    assert_eq!(asked.stats.numbers, 2);
    for (number, outcome) in numbers.iter().zip(&asked.outcomes) {
        let is_number = number.starts_with("+97250123456") && number.len() == 13;
        assert_eq!(matches!(outcome, Outcome::Answered(_)), is_number, "{number:?}");
        assert_eq!(*outcome == Outcome::NotAsked(NotAsked::NoNumber), !is_number, "{number:?}");
    }
    let again = ask(&mut door, &numbers[..1], None);
    assert_eq!((server.count(), again.stats.cached, again.stats.requests), (2, 1, 0));
}

#[test]
fn a_kept_answer_is_used_until_it_is_too_old_and_a_failure_is_never_kept() {
    let server = Server::start(|question| match question.request.path.as_str() {
        "/v1/972501000000" => Reply::json(MOBILE),
        "/v1/972501000001" => Reply::status(404),
        _ => Reply::json("no JSON"),
    });
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let settings = "unknown = { status = [404] }\nmax_age_days = 30";
    let numbers = numbers(3);
    let first = ask(&mut open(server.address, settings).expect("opens"), &numbers, Some(&mut store));
    assert_eq!((first.stats.cached, server.count()), (0, 3));
    let second = ask(&mut open(server.address, settings).expect("opens"), &numbers, Some(&mut store));
    assert_eq!((second.stats.cached, server.count()), (2, 4), "only the failure is asked again");
    assert_eq!(first.outcomes, second.outcomes);

    let mut on_day = |days: i64, asked: usize| {
        let today = clock::today().checked_add(jiff::Span::new().days(days)).expect("a day");
        let mut door = open(server.address, settings).expect("opens");
        let before = server.count();
        door.ask(&numbers[..1], today, Some(&mut store), &mut |_| ControlFlow::Continue(())).expect("asks");
        assert_eq!(server.count() - before, asked, "after {days} days");
    };
    on_day(28, 0);
    on_day(-400, 0);
    on_day(33, 1);

    let translated = "unknown = { status = [404] }\ntemporary = { at = \"/status\", is = [\"ABSENT\"] }";
    let before = server.count();
    ask(&mut open(server.address, translated).expect("opens"), &numbers[..1], Some(&mut store));
    assert_eq!(server.count() - before, 1, "what is read differently is asked again");
}

#[test]
fn what_is_sent_is_what_the_settings_say() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let text = format!(
        r#"[lookup.hlr]
        url = "http://{}/lookup?n={{e164}}&cc={{country_code}}"
        method = "POST"
        body = '{{"number": "{{national}}", "options": {{}}}}'
        headers = {{ Accept = "application/json" }}
        header_env = {{ Authorization = "HLR_TOKEN" }}
        query_env = {{ api_key = "HLR_TOKEN" }}
        reachable = {{ at = "/status", map = {{ CONNECTED = true }} }}"#,
        server.address
    );
    let asked = ask(&mut open_text(&text).expect("opens"), &numbers(1), None);
    assert!(matches!(asked.outcomes[0], Outcome::Answered(evidence) if evidence.reachable == Some(true)));
    let question = &server.asked()[0];
    assert_eq!(question.request.method, "POST");
    assert_eq!(question.request.path, "/lookup?n=%2B972501000000&cc=972&api_key=Bearer+s3cret");
    assert_eq!(question.request.body, r#"{"number": "501000000", "options": {}}"#);
    assert_eq!(question.request.headers["authorization"], SECRET);
    assert_eq!(question.request.headers["content-type"], "application/json");
    assert_eq!(question.request.headers["accept"], "application/json");
}

#[test]
fn a_form_is_sent_as_one() {
    let server = Server::start(|_| Reply::json(r#"{"ok": true}"#));
    let text = format!(
        "[lookup.hlr]\nurl = \"http://{}/\"\nmethod = \"POST\"\nbody = \"number={{e164}}\"\n\
         headers = {{ Content-Type = \"application/x-www-form-urlencoded\" }}\nreachable = {{ at = \"/ok\" }}",
        server.address
    );
    let asked = ask(&mut open_text(&text).expect("opens"), &numbers(1), None);
    assert!(matches!(asked.outcomes[0], Outcome::Answered(evidence) if evidence.reachable == Some(true)));
    assert_eq!(server.asked()[0].request.body, "number=%2B972501000000");
}

#[test]
fn the_pace_is_kept() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let mut door = open(server.address, "per_second = 50\nmax_in_flight = 8").expect("opens");
    ask(&mut door, &numbers(20), None);
    let asked = server.asked();
    let took = asked[19].at.duration_since(asked[0].at);
    // 19 gaps of 20 ms; the first request may have been held up on its way.
    assert!(took.as_millis() >= 280, "20 requests at 50 a second took {took:?}");
}

#[test]
fn the_budget_is_never_exceeded() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let settings = "cost = \"0.0045\"\nbudget = \"0.1\"\nmax_in_flight = 8";
    let numbers = numbers(50);
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers, Some(&mut store));
    let LookupStats { answered, budget_spent, requests, cost, .. } = asked.stats;
    assert_eq!((answered, budget_spent, requests, server.count()), (22, 28, 22, 22));
    assert_eq!(cost, money("0.0990"));
    assert!(asked.outcomes[22..].iter().all(|outcome| *outcome == Outcome::BudgetSpent));

    let next = ask(&mut open(server.address, settings).expect("opens"), &numbers, Some(&mut store));
    assert_eq!((next.stats.cached, next.stats.answered, next.stats.budget_spent), (22, 44, 6));
}

#[test]
fn further_tries_are_paid_from_the_same_budget() {
    let server = Server::start(|_| Reply::status(503));
    let settings = "cost = \"1\"\nbudget = \"5\"\nretries = 2\nmax_in_flight = 1\ngive_up_after = 100";
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers(4), None);
    assert_eq!((server.count(), asked.stats.cost), (5, money("5")));
    assert_eq!((asked.stats.temporary, asked.stats.budget_spent), (2, 2));
}

#[test]
fn two_thousand_numbers_keep_within_what_may_be_in_flight() {
    let server = Server::start(|_| Reply::json(MOBILE).after(2));
    let settings = "max_in_flight = 16";
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let mut seen = 0;
    let mut door = open(server.address, settings).expect("opens");
    let asked = door
        .ask(&numbers(2000), clock::today(), Some(&mut store), &mut |stats| {
            seen = stats.settled();
            ControlFlow::Continue(())
        })
        .expect("asks");
    assert_eq!((asked.stats.answered, asked.stats.requests, server.count(), seen), (2000, 2000, 2000, 2000));
    let most = server.asked().iter().map(|question| question.under_way).max();
    assert!(most.is_some_and(|most| (4..=16).contains(&most)), "{most:?} at a time");
}

#[test]
fn a_run_that_was_stopped_goes_on_where_it_was() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let numbers = numbers(40);
    let mut door = open(server.address, "max_in_flight = 1").expect("opens");
    let stop_after_ten = &mut |stats: &LookupStats| match stats.answered {
        0..10 => ControlFlow::Continue(()),
        _ => ControlFlow::Break(()),
    };
    let stopped = door.ask(&numbers, clock::today(), Some(&mut store), stop_after_ten).expect("asks");
    assert_eq!((stopped.stats.answered, stopped.stats.not_asked), (10, 30));
    assert!(stopped.stats.requests <= 10 + 1, "{:?}", stopped.stats);
    assert_eq!(stopped.outcomes[39], Outcome::NotAsked(NotAsked::Stopped));
    let rest = ask(&mut open(server.address, "").expect("opens"), &numbers, Some(&mut store));
    assert_eq!((rest.stats.cached, rest.stats.answered), (10, 40));
}
