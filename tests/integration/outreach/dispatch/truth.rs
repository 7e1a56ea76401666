//! Dispatch says the truth: what can't be sent is said before the first request, what was sent is told however it ends, and the account
//! can be had of an earlier day.

use std::io::{BufReader, Read, Write};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use super::club::{command, count, insert, outreach, place, plan, rows_in, settings};
use super::fake::{Deed, Fake};
use crate::support::program::{Place, Ran};
use crate::support::request::Request;

/// SQL on the workspace.
fn change(place: &Place, sql: &str) {
    rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens").execute_batch(sql).expect("is right");
}

fn insert_mail(place: &Place, customer: u64) {
    let connection = rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens");
    insert(&connection, customer, "email", "dana@kalanit.example");
    let body = "UPDATE outbox SET body = 'Kalanit: still right?' || char(10) || char(10) || 'Hello Dana, {link}' WHERE channel = 'email'";
    connection.execute(body, []).expect("is right");
}

/// Adds to what `tiuv.toml` says.
fn with(place: &Place, more: &str) {
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    place.write("tiuv.toml", text + more);
}

#[test]
fn a_channel_without_a_gateway_is_left_out_and_said_and_the_others_are_sent() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(2, fake.address, "");
    insert_mail(&place, 3);
    for args in [&["dispatch"][..], &["dispatch", "--send"]] {
        let ran = outreach(&place, args);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        assert!(
            ran.stderr.contains("1 email messages are due and stay where they are: no gateway takes them"),
            "{ran:?}"
        );
    }
    assert_eq!((fake.taken().len(), rows_in(&place, "sent"), rows_in(&place, "pending")), (2, 2, 1));
}

#[test]
fn whatever_can_be_wrong_is_found_before_the_first_request() {
    let fake = Fake::start(|_| Deed::Accept);
    let mailer = |file: &str| format!("[outreach.gateway.mailer]\nchannels = [\"email\"]\n{file}\n");
    let by_http = |url: &str| mailer(&format!("http = {{ url = \"https://example.com/?{url}\" }}"));
    for (more, sql, exit, said) in [
        (mailer("file = { path = \"no/such/folder/mail.csv\" }"), "", 4, "gateway mailer takes nothing: can't write"),
        (mailer("file = { path = \"tiuv.toml\" }"), "", 4, "a table of something else"),
        (by_http("to={digits}&t={body}"), "", 2, "the address of a mail is not sent"),
        (
            by_http("to={to}&t={body}") + &by_http("to={to}&t={body}").replace("mailer", "other"),
            "",
            2,
            "several gateways",
        ),
        (
            mailer("file = { path = \"mail.csv\" }"),
            "UPDATE outbox SET state = 'sent' WHERE id = 1",
            70,
            "contacts stand elsewhere",
        ),
    ] {
        let place = place(2, fake.address, "");
        insert_mail(&place, 3);
        with(&place, &more);
        change(&place, sql);
        let ran = outreach(&place, &["dispatch", "--send"]);
        assert_eq!((ran.exit, fake.wanted()), (Some(exit), 0), "{said}: {ran:?}");
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    let place = place(2, fake.address, "");
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    place.write("tiuv.toml", text.replace("https://kalanit.example", "http://kalanit.example"));
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((ran.exit, fake.wanted()), (Some(2), 0), "{ran:?}");
    assert!(ran.stderr.contains("link_base is no address of a page"), "{ran:?}");
}

#[test]
fn what_was_sent_is_told_where_something_fails_in_the_middle_and_nothing_is_sent_twice() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(8, fake.address, "max_in_flight = 1");
    change(
        &place,
        "CREATE TRIGGER full BEFORE INSERT ON outbox_change
         WHEN NEW.state = 'sent' AND (SELECT count(*) FROM outbox_change WHERE state = 'sent') >= 3
         BEGIN SELECT RAISE(ABORT, 'no room'); END",
    );
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert!(ran.exit.is_some_and(|exit| exit != 0) && ran.stderr.contains("error"), "{ran:?}");
    assert!(ran.stdout.contains("sent 3, 0.18;") && ran.stdout.contains("it ended early"), "{ran:?}");
    assert_eq!((fake.taken().len(), rows_in(&place, "sent"), rows_in(&place, "sending")), (4, 3, 1));
    change(&place, "DROP TRIGGER full");
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((ran.exit, rows_in(&place, "sent")), (Some(0), 8), "{ran:?}");
    assert!(ran.stdout.contains("1 were being sent when an earlier dispatch ended early"), "{ran:?}");
    assert!(fake.times().len() == 8 && fake.times().values().all(|times| *times == 1), "{:?}", fake.times());
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_dispatch_with_the_account_of_what_was_sent() {
    let fake = Fake::start(|_| Deed::AcceptAfter(Duration::from_millis(30)));
    let place = place(200, fake.address, "max_in_flight = 2");
    let child =
        command(&place, &["dispatch", "--send"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    while fake.taken().len() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("is there");
    let ran = Ran::of(child.wait_with_output().expect("ends"));
    let sent = rows_in(&place, "sent");
    assert_eq!((ran.exit, sent), (Some(130), fake.taken().len() as u64), "{ran:?}");
    assert!(ran.stdout.contains(&format!("sent {sent}, ")) && ran.stdout.contains("; interrupted"), "{ran:?}");
    assert!(sent < 200 && rows_in(&place, "sending") + rows_in(&place, "unknown") == 0, "{ran:?}");
}

#[test]
fn a_gateway_that_refuses_the_rest_leaves_the_account_of_what_it_took() {
    let fake = Fake::start(|wanted| if wanted.index < 3 { Deed::Accept } else { Deed::Refuse(401, 20003, None) });
    let place = place(9, fake.address, "max_in_flight = 1");
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((ran.exit, rows_in(&place, "pending")), (Some(4), 6), "{ran:?}");
    assert!(
        ran.stdout.contains("sent 3, 0.18;") && ran.stdout.contains("takes nothing from us (twilio:20003)"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("9 messages are to be sent now, 0.54"), "what is to be sent is said before: {ran:?}");
}

#[test]
fn an_old_plan_is_warned_of_and_sent_all_the_same() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(3, fake.address, "");
    let fresh = "UPDATE outbox SET window = date('now'), planned_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
    change(&place, fresh);
    assert!(!outreach(&place, &["dispatch"]).stderr.contains("old plan"));
    change(&place, "UPDATE outbox SET window = '2026-01-01', planned_at = '2026-01-02T10:00:00Z' WHERE id < 3");
    let ran = outreach(&place, &["dispatch", "--send", "--campaign", "yearly"]);
    assert!(ran.stderr.contains("2 messages are of an old plan, of what was known on 2026-01-02"), "{ran:?}");
    assert!(ran.stderr.contains("plan --campaign yearly"), "{ran:?}");
    assert_eq!((ran.exit, fake.taken().len()), (Some(0), 3));
}

#[test]
fn a_file_keeps_no_pace_and_tells_the_subjects_of_mails() {
    let place = Place::new();
    plan(&place.path(".tiuv"), 60);
    insert_mail(&place, 61);
    settings(
        &place,
        "[outreach.gateway.texts]\nfile = { path = \"texts.csv\" }\n[outreach.gateway.mail]\nchannels = [\"email\"]\nfile = { path = \"mail.csv\" }\n",
    );
    let started = super::moment();
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((ran.exit, rows_in(&place, "sent")), (Some(0), 61), "{ran:?}");
    assert!(started.elapsed() < Duration::from_secs(10), "60 messages at the usual 5 a second would take 12 seconds");
    let mail = std::fs::read_to_string(place.path("mail.csv")).expect("is there");
    let mut reader = csv::Reader::from_reader(mail.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let record = reader.records().next().expect("a record").expect("is whole");
    let cell = |name: &str| &record[header.iter().position(|column| column == name).expect("a column")];
    assert_eq!(cell("subject"), "Kalanit: still right?");
    assert!(cell("body").starts_with("Hello Dana, https://kalanit.example/c/"), "{mail}");
    let texts = std::fs::read_to_string(place.path("texts.csv")).expect("is there");
    assert!(!texts.lines().next().expect("a header").contains("subject"), "a text message has none");
}

#[test]
fn a_mail_over_http_has_its_subject_where_the_template_puts_it() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let taken = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody comes");
        let request = Request::read(&mut BufReader::new(&stream)).expect("a request");
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("answers");
        let _ = stream.read(&mut [0]);
        request.body
    });
    let place = Place::new();
    plan(&place.path(".tiuv"), 0);
    insert_mail(&place, 1);
    let body = r#"body = '{"to": "{to}", "subject": "{subject}", "text": "{body}"}'"#;
    settings(
        &place,
        &format!(
            "[outreach.gateway.mail]\nchannels = [\"email\"]\n[outreach.gateway.mail.http]\nurl = \"http://{address}/\"\nmethod = \"POST\"\n{body}\n"
        ),
    );
    let ran = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((ran.exit, rows_in(&place, "sent")), (Some(0), 1), "{ran:?}");
    let body: serde_json::Value = serde_json::from_str(&taken.join().expect("ends")).expect("is JSON");
    assert_eq!(body["subject"], "Kalanit: still right?");
    assert!(body["text"].as_str().is_some_and(|text| text.starts_with("Hello Dana, https://")), "{body}");
}

#[test]
fn the_status_of_an_earlier_day_is_that_of_its_end() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(2, fake.address, "");
    outreach(&place, &["dispatch", "--send"]);
    let on = |day: &str| -> serde_json::Value {
        let ran = outreach(&place, &["status", "--json", "--as-of", day]);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
    };
    let before = on("2026-11-21");
    assert_eq!((before["planned"].as_u64(), before["campaign"].is_null()), (Some(0), true), "{before}");
    let planned = on("2026-11-23");
    let rows = |json: &serde_json::Value, state: &str| json["states"][state]["rows"].as_u64();
    assert_eq!(
        (rows(&planned, "pending"), rows(&planned, "sent"), planned["due"].as_u64()),
        (Some(2), Some(0), Some(0))
    );
    let later = on("2999-01-01");
    assert_eq!((rows(&later, "pending"), rows(&later, "sent")), (Some(0), Some(2)), "{later}");
    assert_eq!(later["campaign"]["all"]["cost_millionths"], 120_000, "{later}");
    let text = outreach(&place, &["status", "--as-of", "2026-11-23"]).stdout;
    assert!(text.contains("0 text messages and e-mails are due by the end of 2026-11-23; the next at"), "{text}");
    assert_eq!(count(&place, "SELECT count(*) FROM outbox WHERE state = 'sent'"), 2);
}
