//! A real server on this machine, asked over a socket.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;
use std::time::Duration;

use data_encoding::BASE64;
use jiff::SignedDuration;
use ring::hmac;

use crate::config::WebhooksConfig;
use crate::error::{Exit, Explain};
use crate::outreach::SuppressionSet;
use crate::pipeline::Setup;
use crate::record::{Channel, ContactKind, CustomerId, OutboxState};
use crate::rule::{Context, RuleFiles, parse_toml};
use crate::store::Store;
use crate::web::{Serving, WebError, serve};

const CONFIG: &str = r#"
public_url = "https://club.example"
[gateway.texts.twilio]
auth_token_env = "TOKEN"
[gateway.kannel.http]
secret_env = "KEY"
secret_query = "key"
get = true
status = { id = "id", status = "status" }
inbound = { id = "id", from = "from", text = "text" }
[gateway.json.http]
secret_env = "KEY"
signature_header = "X-Signature"
status = { id = "id", status = "state", words = { DONE = "delivered" } }
"#;
const TOKEN: &str = "12345";
const PHONE: &str = "+972502345678";

/// Serves while `ask` asks, and gives the workspace back.
fn served(ask: impl FnOnce(SocketAddr)) -> (tempfile::TempDir, Store) {
    served_by(RuleFiles::embedded(), SignedDuration::ZERO, ask)
}

/// The same by other rules, and on another day.
fn served_by(files: RuleFiles, ahead: SignedDuration, ask: impl FnOnce(SocketAddr)) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    store
        .plan_for_tests(CustomerId(7), PHONE, "texts", "SM1")
        .and_then(|()| store.plan_for_tests(CustomerId(8), "+972502345679", "kannel", "K1"))
        .expect("planned");
    let setup = Setup::new(Context::new(files, "IL", jiff::civil::date(2026, 11, 26))).expect("loads");
    let config: WebhooksConfig = parse_toml("tiuv.toml", CONFIG).expect("is of the form");
    let secret = |name: &str| Some(if name == "TOKEN" { TOKEN } else { "s3cret" }.to_owned());
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let address = SocketAddr::from(([127, 0, 0, 1], 0));
            let serving = Serving {
                webhooks: Some(&config),
                confirm: None,
                steward: false,
                secret: &secret,
                address,
                confirm_address: None,
                ahead,
            };
            serve(serving, &setup, &mut store, |address| tell.send(address).expect("is awaited"))
        });
        let address = told.recv().expect("the server starts");
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ask(address)));
        setup.request_stop();
        server.join().expect("no panic").expect("ends well");
        if let Err(panic) = asked {
            std::panic::resume_unwind(panic);
        }
    });
    (directory, store)
}

/// Sends a request and returns the status with the body.
fn send(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("connects");
    let mut head =
        format!("{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).expect("sends");
    let mut answer = Vec::new();
    // The server may close before it has read a body that it refuses.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

/// A form of Twilio's, signed.
fn twilio(address: SocketAddr, what: &str, form: &[(&str, &str)], token: &str) -> (u16, String) {
    let target = format!("/webhooks/texts/{what}");
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let signed: String = sorted.iter().map(|(name, value)| format!("{name}{value}")).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    let signature =
        BASE64.encode(hmac::sign(&key, format!("https://club.example{target}{signed}").as_bytes()).as_ref());
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("X-Twilio-Signature", signature.as_str())];
    send(address, "POST", &target, &headers, body.as_bytes())
}

fn state(store: &Store, customer: u64) -> String {
    let planned = store.planned_contacts(CustomerId(customer), 1).expect("reads");
    planned[0].state.clone()
}

#[test]
fn twilios_reports_move_messages_in_any_order_and_replays_change_nothing() {
    let (_directory, store) = served(|address| {
        for status in ["delivered", "sent", "queued", "delivered", "failed"] {
            let (code, body) = twilio(address, "status", &[("MessageSid", "SM1"), ("MessageStatus", status)], TOKEN);
            assert_eq!(code, 200, "{status}");
            assert!(body.contains("<Response></Response>"), "{body}");
        }
    });
    assert_eq!(state(&store, 7), OutboxState::Delivered.as_str());
    let events = store.past_answers([(ContactKind::Phone, PHONE)], 9).expect("reads");
    assert_eq!(events.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["delivered"]);
}

#[test]
fn a_word_that_ends_messages_closes_every_channel_and_other_words_are_a_sign_of_life() {
    let (_directory, store) = served(|address| {
        let message = |id, text| [("MessageSid", id), ("From", PHONE), ("To", "+972771234567"), ("Body", text)];
        assert_eq!(twilio(address, "inbound", &message("IN1", "כן, הכל נכון"), TOKEN).0, 200);
        assert_eq!(twilio(address, "inbound", &message("IN2", "הסר!"), TOKEN).0, 200);
        assert_eq!(twilio(address, "inbound", &message("IN2", "הסר!"), TOKEN).0, 200);
        let target = "/webhooks/kannel/inbound?key=s3cret&id=9&from=972502345679&text=no+thanks";
        assert_eq!(send(address, "GET", target, &[], b""), (200, String::new()));
    });
    assert_eq!(state(&store, 7), OutboxState::OptedOut.as_str());
    assert_eq!(state(&store, 8), OutboxState::OptedOut.as_str());
    let set = SuppressionSet::load(&store, None, |_| Vec::new()).expect("loads");
    for channel in [Channel::Sms, Channel::Email, Channel::Call] {
        assert!(set.customer(CustomerId(7), channel).is_some());
        assert!(set.contact(ContactKind::Phone, PHONE, channel).is_some());
        assert!(set.customer(CustomerId(8), channel).is_some(), "in doubt is a refusal");
    }
}

#[test]
fn whoever_can_not_be_told_from_the_gateway_is_refused_and_changes_nothing() {
    let (_directory, store) = served(|address| {
        let form = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
        assert_eq!(twilio(address, "status", &form, "wrong").0, 403);
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        assert_eq!(send(address, "POST", "/webhooks/texts/status", &headers, b"MessageSid=SM1").0, 403);
        for target in ["/webhooks/kannel/status?id=K1&status=1", "/webhooks/kannel/status?id=K1&status=1&key=wrong"] {
            assert_eq!(send(address, "GET", target, &[], b"").0, 403);
        }
        let headers = [("Content-Type", "application/json"), ("X-Signature", "00")];
        assert_eq!(
            send(address, "POST", "/webhooks/json/status", &headers, b"{\"id\":\"J1\",\"state\":\"DONE\"}").0,
            403
        );
    });
    assert_eq!((state(&store, 7).as_str(), state(&store, 8).as_str()), ("sent", "sent"));
}

#[test]
fn what_is_no_report_is_answered_by_what_is_wrong_with_it() {
    let (_directory, store) = served(|address| {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        for (method, target, headers, body, code) in [
            ("POST", "/webhooks/nobody/status", &form[..], &b""[..], 404),
            ("POST", "/webhooks/texts/other", &form, b"", 404),
            ("GET", "/webhooks/texts/status", &[], b"", 405),
            ("DELETE", "/webhooks/kannel/status?key=s3cret", &[], b"", 405),
            ("POST", "/webhooks/kannel/status?key=s3cret", &[("Content-Type", "text/plain")], b"x", 415),
            ("POST", "/webhooks/kannel/status?key=s3cret", &[("Content-Type", "application/json")], b"{", 400),
            ("GET", "/webhooks/kannel/status?key=s3cret&id=K1", &[], b"", 400),
            ("GET", "/webhooks/kannel/status?key=s3cret&id=K1&status=soon", &[], b"", 422),
            // Nothing that a person wrote is turned away.
            ("GET", "/webhooks/kannel/inbound?key=s3cret&id=1&from=05&text=x", &[], b"", 200),
            ("GET", "/webhooks/kannel/inbound?key=s3cret&text=x", &[], b"", 200),
            ("GET", "/webhooks/kannel/inbound?key=s3cret&id=1", &[], b"", 400),
            ("POST", "/webhooks/kannel/status?key=s3cret", &form, &[b'x'; 70_000], 413),
            ("GET", "/webhooks/kannel/status?key=s3cret&id=K1&status=1", &[], b"", 200),
        ] {
            assert_eq!(send(address, method, target, headers, body).0, code, "{method} {target}");
        }
    });
    assert_eq!(state(&store, 8), "delivered");
    assert_eq!(store.inbox_size().expect("reads"), 2);
}

/// Posts a body in parts to a gateway.
fn in_parts(address: SocketAddr, content_type: &str, body: &[u8]) -> u16 {
    let headers = [("Content-Type", content_type)];
    send(address, "POST", "/webhooks/kannel/inbound?key=s3cret", &headers, body).0
}

#[test]
fn a_message_in_a_form_of_parts_is_read_and_its_files_are_left_alone() {
    // "הסר" in Windows-1255, as its part says.
    let stop = b"--x1\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nM1\r\n\
        --x1\r\nContent-Disposition: form-data; name=\"from\"\r\n\r\n0502345678\r\n\
        --x1\r\nContent-Disposition: form-data; name=\"text\"; filename=\"photo.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n\xff\xd8\x00\x01\r\n--\r\n\
        --x1\r\nContent-Disposition: form-data; name=\"text\"\r\n\
        Content-Type: text/plain; charset=windows-1255\r\n\r\n\xe4\xf1\xf8\r\n--x1--\r\n";
    let (_directory, store) = served(|address| {
        assert_eq!(in_parts(address, "multipart/form-data; boundary=x1", stop), 200);
    });
    assert_eq!(state(&store, 7), OutboxState::OptedOut.as_str());
    let set = SuppressionSet::load(&store, None, |_| Vec::new()).expect("loads");
    for channel in [Channel::Sms, Channel::Email, Channel::Call] {
        assert!(set.customer(CustomerId(7), channel).is_some());
    }
}

#[test]
fn a_form_of_parts_that_is_none_is_turned_away_and_nothing_of_it_is_kept() {
    let part =
        |name: &str, value: &str| format!("--x1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let whole = [part("from", "0502345678"), part("text", "STOP")].concat();
    let many = part("text", "STOP").repeat(15_000);
    let small = part("a", "").repeat(1_000) + "--x1--\r\n";
    let binary: Vec<u8> = (0..60_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let with_boundary = "multipart/form-data; boundary=x1";
    let (_directory, store) = served(|address| {
        for (content_type, body, code) in [
            ("multipart/form-data", whole.as_bytes(), 400),
            ("multipart/form-data; boundary=", whole.as_bytes(), 400),
            ("multipart/form-data; boundary=other", whole.as_bytes(), 400),
            // It ends in the middle: the gateway has more to say.
            (with_boundary, whole.as_bytes(), 400),
            (with_boundary, b"", 400),
            (with_boundary, &binary, 400),
            (with_boundary, small.as_bytes(), 400),
            (with_boundary, many.as_bytes(), 413),
        ] {
            assert_eq!(in_parts(address, content_type, body), code, "{content_type}, {} bytes", body.len());
        }
        let cut = [b"--x1\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n", &binary[..]].concat();
        assert_eq!(in_parts(address, with_boundary, &cut), 400);
    });
    assert_eq!((state(&store, 7).as_str(), store.inbox_size().expect("reads")), ("sent", 0));
}

#[test]
fn a_flood_that_nobody_signed_is_slowed_and_takes_no_room_of_signed_reports() {
    let rules = RuleFiles::embedded();
    let few = rules.text("outreach/reports.toml").replace("unsigned_per_minute = 120", "unsigned_per_minute = 5");
    served_by(rules.with("outreach/reports.toml", few), SignedDuration::ZERO, |address| {
        let report = |key: &str| {
            let target = format!("/webhooks/kannel/status?key={key}&id=K1&status=1");
            send(address, "GET", &target, &[], b"").0
        };
        let unsigned: Vec<u16> = (0..20).map(|_| report("wrong")).collect();
        assert_eq!(unsigned[..5], [403; 5]);
        assert!(unsigned[6..].iter().all(|code| *code == 429), "{unsigned:?}");
        assert_eq!(report("s3cret"), 200);
    });
}

#[test]
fn connections_that_say_nothing_keep_nobody_out() {
    let rules = RuleFiles::embedded();
    let few = rules.text("outreach/reports.toml").replace("most_connections = 768", "most_connections = 8");
    served_by(rules.with("outreach/reports.toml", few), SignedDuration::ZERO, |address| {
        let begun = "POST /webhooks/kannel/status?key=s3cret HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n";
        let silent: Vec<TcpStream> = (0..40)
            .map(|number| {
                let mut stream = TcpStream::connect(address).expect("connects");
                stream.write_all(&begun.as_bytes()[..number * 2]).expect("sends");
                stream
            })
            .collect();
        for _ in 0..5 {
            assert_eq!(send(address, "GET", "/health", &[], b"").0, 200);
        }
        let is_open: Vec<bool> = silent
            .into_iter()
            .map(|mut stream| {
                stream.set_read_timeout(Some(Duration::from_millis(100))).expect("is set");
                let waits = stream.read(&mut [0; 1]).map_err(|error| error.kind());
                matches!(waits, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut))
            })
            .collect();
        assert!(is_open[..30].iter().all(|is_open| !is_open) && is_open[39], "the oldest have gone: {is_open:?}");
    });
}

#[test]
fn a_report_signed_over_its_body_is_taken() {
    let (_directory, store) = served(|address| {
        let body = b"{\"id\":\"J1\",\"state\":\"DONE\"}";
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"s3cret");
        let signature = data_encoding::HEXLOWER.encode(hmac::sign(&key, body).as_ref());
        let headers = [("Content-Type", "application/json"), ("X-Signature", signature.as_str())];
        assert_eq!(send(address, "POST", "/webhooks/json/status", &headers, body).0, 200);
    });
    assert_eq!(state(&store, 7), "sent", "it is about a message of another gateway");
}

#[test]
fn nothing_that_comes_in_ends_the_server() {
    let (_directory, _store) = served(|address| {
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        for _ in 0..200 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let bytes: Vec<u8> = (0..seed % 300).map(|index| (seed >> (index % 57)) as u8 ^ index as u8).collect();
            if let Ok(mut stream) = TcpStream::connect(address) {
                let _ = stream.write_all(&bytes);
            }
            let headers = [(
                "Content-Type",
                if seed.is_multiple_of(2) { "application/json" } else { "application/x-www-form-urlencoded" },
            )];
            let (code, _) = send(address, "POST", "/webhooks/kannel/inbound?key=s3cret", &headers, &bytes);
            assert!((200..500).contains(&code), "{code}");
        }
    });
}

#[test]
fn what_comes_in_on_another_day_is_of_that_day() {
    let ahead = SignedDuration::from_hours(48);
    let begun = crate::clock::timestamp();
    let (_directory, store) = served_by(RuleFiles::embedded(), ahead, |address| {
        let form = [("MessageSid", "IN1"), ("From", PHONE), ("To", "+972333333333"), ("Body", "תודה")];
        assert_eq!(twilio(address, "inbound", &form, TOKEN).0, 200);
        let form = [("MessageSid", "SM1"), ("MessageStatus", "delivered")];
        assert_eq!(twilio(address, "status", &form, TOKEN).0, 200);
    });
    // Written to the second.
    let least = begun + ahead - SignedDuration::from_secs(1);
    assert!(store.inbox(true, 0, 9).expect("reads").iter().all(|kept| kept.text.at >= least));
    let delivered = store.planned_contacts(CustomerId(7), 1).expect("reads")[0].at.parse::<jiff::Timestamp>();
    assert!(delivered.expect("a moment") >= least);
}

#[test]
fn a_server_without_its_secret_does_not_start() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let setup = Setup::new(Context::shipped("IL", jiff::civil::date(2026, 11, 26))).expect("loads");
    let config: WebhooksConfig = parse_toml("tiuv.toml", CONFIG).expect("is of the form");
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let serving = |webhooks, secret| Serving {
        webhooks: Some(webhooks),
        confirm: None,
        steward: false,
        secret,
        address,
        confirm_address: None,
        ahead: SignedDuration::ZERO,
    };
    let error = serve(serving(&config, &|_| None), &setup, &mut store, |_| {}).expect_err("has no secret");
    assert!(matches!(error, WebError::NoSecret { .. }), "{error}");
    let broken = RuleFiles::embedded().with("meaning/replies.toml", "words = 1".to_owned());
    let broken = Setup::new(Context::new(broken, "IL", jiff::civil::date(2026, 11, 26))).expect("loads");
    let whole = serving(&config, &|_| Some("s3cret".to_owned()));
    let error = serve(whole, &broken, &mut store, |_| panic!("it can't take a message in")).expect_err("can't be read");
    assert_eq!(error.exit(), Exit::Usage, "{error}");
    let nobody = WebhooksConfig::default();
    let error = serve(serving(&nobody, &|_| None), &setup, &mut store, |_| {});
    assert!(error.expect_err("nobody reports").help().contains("[webhooks.gateway"));
}
