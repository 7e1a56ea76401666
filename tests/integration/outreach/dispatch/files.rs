//! The `file` gateway: what is in the file is sent; and messages that only a person can settle.

use super::club::{count, insert, number, outreach, place, plan, rows_in, settings};
use super::fake::{Deed, Fake};
use crate::support::program::Place;

#[test]
fn mail_is_appended_to_a_file_and_texts_go_to_the_gateway() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(2, fake.address, "");
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    let mailer = "[outreach.gateway.mailer]\nchannels = [\"email\"]\nfile = { path = \"mail.jsonl\" }\n";
    place.write("tiuv.toml", text + mailer);
    let connection = rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens");
    insert(&connection, 3, "email", "dana@kalanit.example");
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(sent.exit, Some(0), "{} {}", sent.stdout, sent.stderr);
    assert_eq!((fake.taken().len(), rows_in(&place, "sent")), (2, 3));
    let mail = std::fs::read_to_string(place.path("mail.jsonl")).expect("is there");
    let record: serde_json::Value = serde_json::from_str(mail.trim_end()).expect("one line of JSON");
    assert_eq!((record["to"].as_str(), record["key"].as_str()), (Some("dana@kalanit.example"), Some("K3")));
    assert!(record["body"].as_str().is_some_and(|body| body.contains("https://kalanit.example/c/")));
}

#[test]
fn a_file_that_can_not_be_written_takes_nothing() {
    let place = Place::new();
    plan(&place.path(".tiuv"), 3);
    settings(&place, "[outreach.gateway.file]\nfile = { path = \"no/such/folder/messages.csv\" }");
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((sent.exit, rows_in(&place, "pending")), (Some(4), 3), "{}", sent.stdout);
}

#[test]
fn what_no_gateway_can_tell_is_listed_masked_and_settled_by_a_person() {
    let fake = Fake::start(|_| Deed::AcceptAndHangUp);
    let place = Place::new();
    plan(&place.path(".tiuv"), 3);
    let url = format!("http://{}/?to={{digits}}&text={{body}}", fake.address);
    settings(&place, &format!("[outreach.gateway.plain]\nper_second = 0\nhttp = {{ url = \"{url}\" }}"));
    // This gateway hangs up on everything that is not Twilio's API: nobody knows what it did.
    let hanging = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = hanging.local_addr().expect("an address");
    std::thread::spawn(move || hanging.incoming().for_each(drop));
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    place.write("tiuv.toml", text.replace(&fake.address.to_string(), &address.to_string()));
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((sent.exit, rows_in(&place, "unknown")), (Some(4), 3), "{} {}", sent.stdout, sent.stderr);
    assert!(sent.stderr.contains("status --unknown"), "{}", sent.stderr);

    let listed = outreach(&place, &["status", "--unknown"]).stdout;
    assert_eq!(listed.lines().count(), 3);
    assert!(!listed.contains(&number(1)), "{listed}");
    assert_eq!(outreach(&place, &["settle", "1", "2", "sent"]).exit, Some(0));
    assert_eq!(outreach(&place, &["settle", "3", "not-sent"]).exit, Some(0));
    assert_eq!((rows_in(&place, "sent"), rows_in(&place, "pending")), (2, 1));
    assert_eq!(outreach(&place, &["settle", "1", "failed"]).exit, Some(2), "it is known by now");
    assert_eq!(count(&place, "SELECT count(*) FROM outbox_change WHERE reason = 'settled_by_hand'"), 1);
}
