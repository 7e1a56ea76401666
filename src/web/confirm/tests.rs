//! A real server on this machine, asked over a socket as browsers, scanners of mail and people who guess ask.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;

use crate::clock;
use crate::config::{ConfirmConfig, OutreachConfig};
use crate::outreach::dispatch::CodeSender;
use crate::pipeline::Setup;
use crate::record::{ContactKind, CustomerId, GivenState, Suppressed, Suppression, SuppressionReason, ToSuppress};
use crate::rule::{Context, DispatchPolicy, RuleFiles, parse_toml};
use crate::store::{GivenFilter, GivenValue, Store};
use crate::web::{Confirming, Serving, serve};

mod codes;

const PHONE: &str = "+972502345678";
const OUTREACH: &str = "sender = \"Kalanit\"\nlink_base = \"https://k.example/c/\"\n";

/// A workspace in which customer 7 was sent a link, with the link's token.
struct Sent {
    directory: tempfile::TempDir,
    store: Store,
    token: String,
}

fn sent() -> Sent {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    store.plan_for_tests(CustomerId(7), PHONE, "texts", "SM1").expect("planned");
    let token = store.secret().expect("is made").link_token(1);
    let expires = clock::timestamp() + jiff::SignedDuration::from_hours(24);
    store.link_for_tests(1, &token, expires).expect("written");
    Sent { directory, store, token }
}

/// Serves while `ask` asks.
fn served(sent: &mut Sent, outreach: &str, ask: impl FnOnce(SocketAddr)) {
    let context = Context::new(RuleFiles::embedded(), "IL", jiff::civil::date(2026, 11, 26));
    let setup = Setup::new(context).expect("loads");
    let outreach: OutreachConfig = parse_toml("tiuv.toml", outreach).expect("is of the form");
    let policy = DispatchPolicy::load(&setup.context.files).expect("loads");
    let codes =
        (!outreach.gateway.is_empty()).then(|| CodeSender::open(&outreach, &policy, &[], &|_| None).expect("opens"));
    let config = ConfirmConfig::default();
    let (tell, told) = channel();
    let store = &mut sent.store;
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let serving = Serving {
                webhooks: None,
                confirm: Some(Confirming { outreach: &outreach, config: &config, codes }),
                steward: false,
                secret: &|_| None,
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                confirm_address: None,
                ahead: jiff::SignedDuration::ZERO,
            };
            serve(serving, &setup, store, |address| tell.send(address).expect("is awaited"))
        });
        let address = told.recv().expect("the server starts");
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ask(address)));
        setup.request_stop();
        server.join().expect("no panic").expect("ends well");
        if let Err(panic) = asked {
            std::panic::resume_unwind(panic);
        }
    });
}

/// An answer: status, head and body.
struct Got {
    status: u16,
    head: String,
    body: String,
}

fn send(address: SocketAddr, method: &str, path: &str, headers: &str, body: &[u8]) -> Got {
    let mut stream = TcpStream::connect(address).expect("connects");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut answer = Vec::new();
    // The server may close before it has read a body that it refuses.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Got { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

fn look(address: SocketAddr, path: &str) -> Got {
    send(address, "GET", path, "", b"")
}

fn say(address: SocketAddr, token: &str, pairs: &[(&str, &str)]) -> Got {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    send(address, "POST", &format!("/c/{token}?lang=en"), headers, body.as_bytes())
}

fn values(store: &Store) -> Vec<GivenValue> {
    store.given_values(&GivenFilter::default()).expect("reads")
}

fn state(store: &Store) -> String {
    store.planned_contacts(CustomerId(7), 1).expect("reads")[0].state.clone()
}

#[test]
fn looking_shows_masked_values_and_writes_nothing() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        for path in [format!("/c/{token}"), format!("/{token}"), format!("/c/{}.", token.to_ascii_uppercase())] {
            let page = look(address, &path);
            assert_eq!(page.status, 200, "{path}");
            assert!(page.body.contains("הפרטים שלך ב-Kalanit") && page.body.contains("dir=\"rtl\""), "{}", page.body);
            assert!(!page.body.contains("2345678") && page.body.contains("•78"), "{}", page.body);
            assert!(page.body.contains("דנה") && page.body.len() < 20_000);
            for header in ["cache-control: no-store", "referrer-policy: no-referrer", "default-src 'none'"] {
                assert!(page.head.contains(header), "{header}: {}", page.head);
            }
            assert!(!page.head.contains("set-cookie"));
        }
        for (language, words) in [("en", "All correct"), ("ar", "كل شيء صحيح"), ("ru", "Всё верно")] {
            assert!(look(address, &format!("/c/{token}?lang={language}")).body.contains(words), "{language}");
            assert!(look(address, &format!("/c/{token}?lang={language}&do=update")).body.contains("name=\"email\""));
        }
        assert_eq!(send(address, "HEAD", &format!("/c/{token}"), "", b"").status, 200);
        assert_eq!(send(address, "OPTIONS", &format!("/c/{token}"), "", b"").status, 405);
        assert_eq!(look(address, "/c/style.css").status, 200);
    });
    assert_eq!((state(&sent.store).as_str(), values(&sent.store).len()), ("sent", 0));
    assert!(sent.store.contact_events().expect("reads").is_empty());
}

#[test]
fn what_is_confirmed_is_evidence_once_however_often_it_is_said() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        for _ in 0..3 {
            let page = say(address, &token, &[("do", "confirm")]);
            assert_eq!(page.status, 200);
            assert!(page.body.contains("Thank you, your details are confirmed."), "{}", page.body);
        }
        assert!(look(address, &format!("/c/{token}?lang=en")).body.contains("You can still correct it"));
    });
    assert_eq!(state(&sent.store), "answered");
    assert_eq!(sent.store.contact_events().expect("reads").len(), 1);
}

#[test]
fn a_correction_holds_in_place_of_the_answer_before_and_a_refusal_is_the_last_word() {
    let mut sent = sent();
    let token = sent.token.clone();
    let number = Suppressed::Contact(ContactKind::Phone, PHONE.to_owned());
    served(&mut sent, OUTREACH, |address| {
        assert!(say(address, &token, &[("do", "not_me")]).body.contains("We will not use this contact any more."));
    });
    let entries = sent.store.suppressions_of(&number).expect("reads");
    assert_eq!(entries[0].reason, SuppressionReason::WrongPerson);
    served(&mut sent, OUTREACH, |address| {
        let update = [("do", "update"), ("city", "חיפה"), ("preferred_channel", "email")];
        assert!(say(address, &token, &update).body.contains("your changes are kept"));
    });
    assert!(sent.store.suppressions_of(&number).expect("reads").is_empty(), "it was said by mistake");
    let given = values(&sent.store);
    assert_eq!(
        given.iter().map(|one| (one.field.as_str(), one.state)).collect::<Vec<_>>(),
        [("city", GivenState::Pending), ("preferred_channel", GivenState::Accepted)]
    );
    served(&mut sent, OUTREACH, |address| {
        assert!(say(address, &token, &[("do", "remove")]).body.contains("You are removed."));
        for form in ["confirm", "not_me", "remove"] {
            assert!(say(address, &token, &[("do", form)]).body.contains("You are removed."), "{form}");
        }
    });
    assert!(values(&sent.store).iter().all(|one| one.state == GivenState::Withdrawn));
    assert_eq!(state(&sent.store), "opted_out");
    let person = sent.store.suppressions_of(&Suppressed::Customer(CustomerId(7))).expect("reads");
    assert_eq!((person[0].reason, person[0].source.as_str()), (SuppressionReason::OptOut, "confirm"));
}

#[test]
fn what_can_not_be_read_is_asked_about_in_the_customers_words() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        for (field, text, words) in [
            ("email", "dana@gmial.com", "Did you mean dana@gmail.com?"),
            ("email", "dana.gmail.com", "An e-mail address has an @ in it."),
            ("mobile", "050-12", "A digit is missing."),
            ("mobile", "050-2345671 / 050-2345672", "Please give one number."),
            ("preferred_channel", "pigeon", "Please choose one of the list."),
            ("city", &"x".repeat(300), "This is too long."),
        ] {
            let page = say(address, &token, &[("do", "update"), (field, text)]);
            assert_eq!(page.status, 422, "{text}");
            assert!(page.body.contains(words), "{text}: {}", page.body);
        }
        let page = say(address, &token, &[("do", "update"), ("city", "  ")]);
        assert!(page.body.contains("Nothing is filled in."), "{}", page.body);
        let page =
            say(address, &token, &[("do", "update"), ("street", "<script>alert(1)</script>\u{202e}"), ("email", "x")]);
        assert!(!page.body.contains("<script>"), "{}", page.body);
        let meant = [("do", "update"), ("email", "dana@gmial.com"), ("meant", "dana@gmial.com")];
        assert_eq!(say(address, &token, &meant).status, 200, "whoever means it is believed");
    });
    let given = values(&sent.store);
    assert_eq!((given.len(), given[0].new.as_str(), given[0].state), (1, "dana@gmial.com", GivenState::Pending));
}

#[test]
fn a_link_that_never_was_is_used_up_or_past_its_day_shows_one_page_and_guesses_are_limited() {
    let mut sent = sent();
    let token = sent.token.clone();
    let secret = sent.store.secret().expect("is made");
    let hour = jiff::SignedDuration::from_hours(1);
    sent.store.plan_for_tests(CustomerId(8), "+972502345679", "texts", "SM2").expect("planned");
    sent.store.plan_for_tests(CustomerId(9), "+972502345670", "texts", "SM3").expect("planned");
    let (expired, used) = (secret.link_token(2), secret.link_token(3));
    sent.store.link_for_tests(2, &expired, clock::timestamp() - hour).expect("written");
    sent.store.link_for_tests(3, &used, clock::timestamp() + hour).expect("written");
    sent.store.use_link_for_tests(3, clock::timestamp() - hour * 25).expect("written");
    served(&mut sent, OUTREACH, |address| {
        let from = |client: u8, path: &str| {
            let client = format!("X-Forwarded-For: 203.0.113.{client}\r\n");
            send(address, "GET", path, &client, b"")
        };
        let never = from(1, "/c/aaaaaaaaaaaa");
        assert_eq!(never.status, 404);
        for (client, token) in [(2, &expired), (3, &used)] {
            let closed = from(client, &format!("/c/{token}"));
            assert_eq!((closed.status, closed.body.as_str()), (404, never.body.as_str()));
        }
        assert_eq!(from(4, "/c/%ff%00").status, 404);
        assert_eq!(from(4, &format!("/c/{}", "a".repeat(5000))).status, 404);
        let guesses: Vec<u16> = (0..20).map(|_| from(5, "/c/bbbbbbbbbbbb").status).collect();
        assert_eq!(guesses.last(), Some(&429), "{guesses:?}");
        assert_eq!(from(5, &format!("/c/{token}")).status, 200, "whoever has a link is still let in");
    });
    assert_eq!(state(&sent.store), "sent");
}

#[test]
fn no_body_and_no_form_that_is_none_writes_anything_or_ends_the_server() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        let form = "Content-Type: application/x-www-form-urlencoded\r\n";
        let path = format!("/c/{token}");
        assert_eq!(send(address, "POST", &path, form, &[b'x'; 8193]).status, 413);
        // The answer may be lost with the connection that is cut.
        assert!([413, 0].contains(&send(address, "POST", &path, form, &vec![b'x'; 1 << 20]).status));
        for (headers, body) in [
            (form, &b"do=nothing"[..]),
            (form, b""),
            (form, b"do=code&value=x&code=1"),
            (form, b"\xff\xfe%%%&&&==="),
            ("Content-Type: application/json\r\n", b"do=confirm"),
            ("", b"do=confirm"),
        ] {
            assert_eq!(send(address, "POST", &path, headers, body).status, 400, "{body:?}");
        }
        assert_eq!(send(address, "POST", &path, form, b"do=code&value=99&code=123456").status, 404);
        assert_eq!(send(address, "PUT", &path, form, b"do=confirm").status, 405);
    });
    assert_eq!(state(&sent.store), "sent");
}

#[test]
fn a_token_is_found_among_what_people_and_programs_put_around_it() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        for around in ["/c/{}/", "/{}/", "/c/{})", "/{}%20", "/%E2%80%8E{}%E2%80%8F", "/c/{}%E2%81%A9.", "/c/%22{}%22"]
        {
            let path = around.replace("{}", &token);
            assert_eq!(look(address, &path).status, 200, "{path}");
        }
    });
}

#[test]
fn values_that_lists_would_doubt_are_told_with_the_reason_and_no_markup_is_taken() {
    let mut sent = sent();
    let token = sent.token.clone();
    served(&mut sent, OUTREACH, |address| {
        for (field, text, words) in [
            ("mobile", "1900-555-555", "This number costs whoever calls it."),
            ("mobile", "050-1234567", "This number is an example"),
            ("postcode", "123", "This postcode does not exist"),
            ("street", "77", "A street has a name."),
            ("city", "<b>x</b>", "This holds signs that no detail has."),
            ("city", "\u{fffd}\u{fffd}", "This holds signs that no detail has."),
            ("city", "\u{5d7}\u{5e4}\u{5d9}\u{5d4}", "Did you mean"),
        ] {
            let page = say(address, &token, &[("do", "update"), (field, text)]);
            assert_eq!(page.status, 422, "{text}: {}", page.body);
            assert!(page.body.contains(words), "{text}: {}", page.body);
        }
        for (street, city) in [("\u{5d0}\u{5dc}\u{5e0}\u{5d1}\u{5d9} 77", "الناصرة"), ("Herzl 5 apt 3", "Хайфа")]
        {
            let page = say(address, &token, &[("do", "update"), ("street", street), ("city", city)]);
            assert_eq!(page.status, 200, "{}", page.body);
        }
        say(address, &token, &[("do", "update"), ("street", "ул. Герцль, д. 5, кв. 7")]);
        say(address, &token, &[("do", "update"), ("street", "بن غوريون 12/4")]);
    });
    let given: Vec<(String, String)> = values(&sent.store).into_iter().map(|one| (one.field, one.new)).collect();
    let expected = [
        ("street", "אלנבי 77"),
        ("city", "נצרת"),
        ("street", "Herzl 5/3"),
        ("city", "חיפה"),
        ("street", "Герцль 5/7"),
        ("street", "بن غوريون 12/4"),
    ];
    assert_eq!(given, expected.map(|(field, new)| (field.to_owned(), new.to_owned())));
}

#[test]
fn a_refusal_by_one_link_closes_the_others_and_a_second_answer_corrects_the_first() {
    let mut sent = sent();
    let token = sent.token.clone();
    sent.store.plan_for_tests(CustomerId(7), "+972502345679", "texts", "SM2").expect("planned");
    let other = sent.store.secret().expect("is made").link_token(2);
    let expires = clock::timestamp() + jiff::SignedDuration::from_hours(24);
    sent.store.link_for_tests(2, &other, expires).expect("written");
    served(&mut sent, OUTREACH, |address| {
        say(address, &token, &[("do", "update"), ("mobile", "052-3456789"), ("city", "חיפה")]);
        say(address, &other, &[("do", "update"), ("mobile", "052-3456788")]);
    });
    let states: Vec<_> = values(&sent.store).into_iter().map(|one| (one.new, one.state)).collect();
    assert_eq!(
        states,
        [
            ("+972523456789".to_owned(), GivenState::Withdrawn),
            ("חיפה".to_owned(), GivenState::Pending),
            ("+972523456788".to_owned(), GivenState::Pending),
        ]
    );
    served(&mut sent, OUTREACH, |address| {
        say(address, &token, &[("do", "remove")]);
        let page = look(address, &format!("/c/{other}?lang=en"));
        assert!(page.body.contains("You are removed.") && !page.body.contains("•79"), "{}", page.body);
        assert!(say(address, &other, &[("do", "confirm")]).body.contains("You are removed."));
        let again = say(address, &token, &[("do", "again"), ("value", "1")]);
        assert!(!again.body.contains("your changes are kept"), "{}", again.body);
    });
    assert!(values(&sent.store).iter().all(|one| one.state == GivenState::Withdrawn));
}
