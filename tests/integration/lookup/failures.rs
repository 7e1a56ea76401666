//! What fails stays apart from what was answered, and a service in trouble is left alone.

use std::io::{self, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use tiuv::lookup::{NotAsked, Outcome, Refusal, Temporary};

use super::server::{Reply, Server};
use super::{MOBILE, READS, ask, money, numbers, open, open_text};

/// The outcome of one number at a service that answers always the same, and how often it was asked.
fn outcome(settings: &str, reply: Reply) -> (Outcome, usize) {
    let server = Server::start(move |_| reply.clone());
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers(1), None);
    (asked.outcomes[0], server.count())
}

#[test]
fn too_many_requests_are_tried_again_after_the_pause_that_was_asked_for() {
    let server = Server::start(|question| match question.index {
        0 => Reply::status(429).with("Retry-After", "1"),
        _ => Reply::json(MOBILE),
    });
    let asked = ask(&mut open(server.address, "max_in_flight = 1").expect("opens"), &numbers(2), None);
    assert_eq!((asked.stats.answered, asked.stats.requests), (2, 3));
    let times = server.asked();
    assert!(times[1].at.duration_since(times[0].at).as_millis() >= 980, "the pause is kept");
    assert_eq!(times[0].request.path, times[1].request.path, "the same number is tried again");
}

#[test]
fn a_pause_holds_back_every_request() {
    let server = Server::start(|question| match question.index {
        0 => Reply::status(503).with("Retry-After", "2"),
        _ => Reply::json(MOBILE),
    });
    // When the first is answered, three others wait for their turns half a second apart: time enough to hear of the pause on
    // a busy machine, and all of them would come before its end.
    let settings = "per_second = 2\nmax_in_flight = 4";
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers(4), None);
    assert_eq!((asked.stats.answered, asked.stats.requests), (4, 5));
    let times = server.asked();
    assert!(times[1].at.duration_since(times[0].at).as_millis() >= 1_980, "the pause is kept by all");
}

#[test]
fn a_long_pause_ends_the_questions() {
    let server = Server::start(|_| Reply::status(429).with("Retry-After", "3600"));
    let asked = ask(&mut open(server.address, "max_in_flight = 1").expect("opens"), &numbers(10), None);
    assert_eq!(server.count(), 1);
    assert_eq!(asked.outcomes[0], Outcome::Temporary(Temporary::Busy));
    assert!(asked.outcomes[1..].iter().all(|outcome| *outcome == Outcome::NotAsked(NotAsked::ServiceDown)));
}

#[test]
fn a_failing_service_is_tried_again_and_then_called_temporary() {
    assert_eq!(outcome("retries = 2", Reply::status(500)), (Outcome::Temporary(Temporary::Server(500)), 3));
    assert_eq!(outcome("retries = 0", Reply::status(500)), (Outcome::Temporary(Temporary::Server(500)), 1));
}

#[test]
fn a_service_that_fails_again_and_again_is_left_alone() {
    let server = Server::start(|_| Reply::status(500));
    let settings = "retries = 0\ngive_up_after = 5\nmax_in_flight = 1";
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers(100), None);
    assert_eq!((server.count(), asked.stats.temporary, asked.stats.not_asked), (5, 5, 95));
    assert_eq!(asked.outcomes[99], Outcome::NotAsked(NotAsked::ServiceDown));
}

#[test]
fn a_refusal_ends_the_questions() {
    for status in [401, 403] {
        let server = Server::start(move |_| Reply::status(status));
        let asked = ask(&mut open(server.address, "max_in_flight = 1").expect("opens"), &numbers(10), None);
        assert_eq!(server.count(), 1);
        assert_eq!(asked.outcomes[0], Outcome::Refused(Refusal::Everything(status)));
        assert_eq!(asked.outcomes[9], Outcome::NotAsked(NotAsked::ServiceRefused));
    }
}

#[test]
fn a_request_that_is_refused_does_not_end_the_others() {
    let server = Server::start(|question| match question.index {
        0 => Reply::status(422),
        _ => Reply::json(MOBILE),
    });
    let asked = ask(&mut open(server.address, "max_in_flight = 1").expect("opens"), &numbers(3), None);
    assert_eq!(asked.outcomes[0], Outcome::Refused(Refusal::Request(422)));
    assert_eq!(asked.stats.answered, 2);
}

#[test]
fn an_unknown_number_is_no_refusal() {
    let settings = "unknown = { status = [404], at = \"/status\", is = [\"UNKNOWN_SUBSCRIBER\"] }";
    for reply in [Reply::status(404), Reply::json(r#"{"status": "unknown_subscriber"}"#)] {
        let (outcome, asked) = outcome(settings, reply);
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        assert_eq!(asked, 1);
    }
}

#[test]
fn a_service_that_can_not_tell_today_says_nothing_of_the_line() {
    let settings = "temporary = { at = \"/status\", is = [\"ABSENT\"] }\ngive_up_after = 1\nmax_in_flight = 1";
    let server = Server::start(|_| Reply::json(r#"{"carrier": {"type": "mobile"}, "status": "ABSENT"}"#));
    let asked = ask(&mut open(server.address, settings).expect("opens"), &numbers(3), None);
    assert!(asked.outcomes.iter().all(|outcome| *outcome == Outcome::Temporary(Temporary::SaidSo)));
    assert_eq!(server.count(), 3, "it works, so the others are asked");
}

#[test]
fn silence_is_not_waited_for_and_not_paid_twice() {
    let reply = Reply::json(MOBILE).after(3000);
    assert_eq!(outcome("timeout_seconds = 1", reply), (Outcome::Temporary(Temporary::Timeout), 1));
}

#[test]
fn what_can_not_be_read_is_temporary() {
    let unreadable = (Outcome::Temporary(Temporary::Unreadable), 1);
    let nested = "[".repeat(20_000);
    let huge = format!("{{\"status\": \"{}\"}}", "x".repeat(5000));
    for body in ["", "<html>", "\u{0}", "{\"status\": \"CONNECTED\"", "[]", "null", "\"CONNECTED\"", &nested, &huge] {
        let found = outcome("max_response_kib = 4", Reply::json(body));
        assert_eq!(found, unreadable, "{} bytes beginning with {:?}", body.len(), body.get(..12));
    }
    let not_utf8 = Reply { body: b"{\"status\": \"\xff\xfe\"}".to_vec(), ..Reply::json("") };
    assert_eq!(outcome("", not_utf8), unreadable);
    let endless = Reply { is_endless: true, ..Reply::json(&" ".repeat(1000)) };
    assert_eq!(outcome("timeout_seconds = 5", endless), unreadable);
}

#[test]
fn no_redirect_is_followed() {
    let elsewhere = Server::start(|_| Reply::json(MOBILE));
    for target in [format!("http://{}/v1/1", elsewhere.address), "/v2/1".to_owned(), "https://other.test/".to_owned()] {
        for status in [301, 302, 307, 308] {
            let found = outcome("", Reply::status(status).with("Location", &target));
            assert_eq!(found, (Outcome::Refused(Refusal::Everything(status)), 1));
        }
    }
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn where_nobody_listens_nothing_is_paid() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let settings = "cost = \"1\"\nbudget = \"3\"\ngive_up_after = 10\nretries = 1\nmax_in_flight = 2";
    let asked = ask(&mut open(address, settings).expect("opens"), &numbers(20), None);
    assert_eq!((asked.stats.cost, asked.stats.requests), (money("0"), 0));
    assert_eq!(asked.outcomes[0], Outcome::Temporary(Temporary::Connect));
    assert_eq!(asked.outcomes[19], Outcome::NotAsked(NotAsked::ServiceDown));
}

#[test]
fn a_host_that_does_not_speak_tls_gets_nothing_in_plain() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let text = format!("[lookup.hlr]\nurl = \"https://{}/{{digits}}\"\n{READS}\nretries = 0", server.address);
    let asked = ask(&mut open_text(&text).expect("opens"), &numbers(1), None);
    assert_eq!(asked.outcomes[0], Outcome::Temporary(Temporary::Connect));
    assert_eq!(server.count(), 0);
}

#[test]
fn no_log_line_holds_a_number_or_a_secret() {
    let server = Server::start(|question| match question.index {
        0 => Reply::status(429).with("Location", "/972501000000"),
        1 => Reply::json("972501000000"),
        2 => Reply::status(422),
        3 => Reply::json(r#"{"status": "972501000000"}"#),
        _ => Reply::status(401),
    });
    let log = Log::default();
    let writer = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let settings =
        "header_env = { Authorization = \"HLR_TOKEN\" }\nquery_env = { key = \"HLR_TOKEN\" }\nmax_in_flight = 1";
    tracing::subscriber::with_default(subscriber, || {
        ask(&mut open(server.address, settings).expect("opens"), &numbers(6), None);
        let text = format!("[lookup.hlr]\nurl = \"https://{}/{{digits}}\"\n{READS}\nretries = 0", server.address);
        ask(&mut open_text(&text).expect("opens"), &numbers(1), None);
    });
    let text = String::from_utf8(log.0.lock().expect("no thread panics").clone()).expect("is UTF-8");
    assert!(text.contains("+97••••••••01"), "failures are told, masked: {text}");
    assert!(text.contains("hlr is asked nothing more: the service refuses (401)"), "{text}");
    assert!(!text.contains("50100000") && !text.contains("s3cret"), "{text}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no thread panics").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
