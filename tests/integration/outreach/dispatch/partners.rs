//! Real partners: Prism, which checks each request against Twilio's published description; Twilio's official client, which
//! shows that the fake gateway is faithful; Kannel with its fake SMSC for the `http` gateway.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::club::{command, number, outreach, place, plan, rows_in, settings};
use super::fake::{ACCOUNT, Deed, Fake, PASSWORD, USER};
use crate::support::partner::{installed, partner};
use crate::support::program::{Place, Ran};

fn tests_file(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

struct Prism {
    child: Child,
    address: SocketAddr,
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Prism between dispatch and the gateway: whatever does not follow the description is answered with an error.
fn prism(gateway: SocketAddr) -> Option<Prism> {
    let program = installed("node_modules/@stoplight/prism-cli/dist/index.js")?;
    let description = std::env::temp_dir().join(format!("tiuv-twilio-{}.json", gateway.port()));
    std::fs::write(&description, twilios_description()).expect("writes");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let child = Command::new("node")
        .arg(program)
        .args(["proxy", "--errors", "-h", "127.0.0.1", "-p", &port.to_string()])
        .arg(description)
        .arg(format!("http://{gateway}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("node starts");
    let prism = Prism { child, address: (Ipv4Addr::LOCALHOST, port).into() };
    for _ in 0..300 {
        if TcpStream::connect(prism.address).is_ok() {
            return Some(prism);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("Prism does not answer");
}

/// The published description, but for the form of a list's addresses: Twilio calls them URIs there and answers with paths,
/// as its own client expects.
fn twilios_description() -> String {
    let text = std::fs::read_to_string(tests_file("fixtures/twilio/twilio_api_v2010_messages_calls.json"));
    let mut description: serde_json::Value = serde_json::from_str(&text.expect("is there")).expect("is JSON");
    let list =
        "/paths/~12010-04-01~1Accounts~1{AccountSid}~1Messages.json/get/responses/200/content/application~1json/schema";
    let addresses = description.pointer_mut(&format!("{list}/properties")).and_then(serde_json::Value::as_object_mut);
    for (_, property) in addresses.expect("is described").iter_mut().filter(|(name, _)| name.ends_with("uri")) {
        property.as_object_mut().expect("is described").remove("format");
    }
    description.to_string()
}

#[test]
fn every_request_follows_the_published_description() {
    let fake = Fake::start(|wanted| match wanted.index {
        2 | 5 => Deed::AcceptAndHangUp,
        _ => Deed::Accept,
    });
    let Some(prism) = prism(fake.address) else { return };

    // That Prism does look: a message without a sender's account in the path, and one to nobody.
    let client = reqwest_get(prism.address, "/2010-04-01/Accounts/AC1/Messages.json");
    assert!(client.starts_with("HTTP/1.1 422") || client.starts_with("HTTP/1.1 4"), "{client}");

    let callback = "status_callback = \"https://kalanit.example/webhooks/twilio/fake\"";
    let place = place(20, prism.address, "max_in_flight = 2");
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    place.write("tiuv.toml", format!("{text}{callback}\n"));
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(rows_in(&place, "sent"), 20, "{} {}", sent.stdout, sent.stderr);
    assert_eq!((fake.times().len(), fake.taken().len()), (20, 20));
    assert!(fake.lists() >= 2, "what Prism could not pass on was asked about, through Prism");
    assert!(fake.taken().iter().all(|taken| taken.callback.is_some()));
    let unclear = super::count(&place, "SELECT count(*) FROM outbox_change WHERE state = 'unknown'");
    assert_eq!(unclear, 2, "nothing but the two that were hung up on");
}

/// The first line of an answer.
fn reqwest_get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("connects");
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic eDp5\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("writes");
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).expect("answers");
    line
}

#[test]
fn the_fake_gateway_speaks_as_twilio_does_to_twilios_own_client() {
    let refused = number(9);
    let unwanted = refused.clone();
    let fake =
        Fake::start(move |wanted| if wanted.to == unwanted { Deed::Refuse(400, 21610, None) } else { Deed::Accept });
    let Some(python) = installed("venv/bin/python") else { return };
    let mut child = Command::new(python)
        .arg(tests_file("tests/gateway/official_client.py"))
        .args([format!("http://{}", fake.address), ACCOUNT.to_owned(), USER.to_owned(), PASSWORD.to_owned(), refused])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python starts");
    let mut said = BufReader::new(child.stdout.take().expect("is piped")).lines();
    let sid = said.next().and_then(Result::ok).unwrap_or_default();
    if !sid.is_empty() {
        assert_eq!(fake.report(&sid, "delivered", None), Some(204), "the official validator takes the signature");
        child.stdin.take().expect("is piped").write_all(b"\n").expect("writes");
    }
    let last = said.next().and_then(Result::ok);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(last.as_deref(), Some("faithful"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn kannel_takes_messages_through_the_http_gateway_in_hebrew_and_in_parts() {
    for program in ["/usr/sbin/bearerbox", "/usr/sbin/smsbox", "/usr/lib/kannel/test/fakesmsc"] {
        if partner(program.into()).is_none() {
            return;
        }
    }
    let place = Place::new();
    plan(&place.path(".tiuv"), 12);
    // The example of `docs/settings.md`.
    let kannel = "[outreach.gateway.kannel]\nper_second = 0\n[outreach.gateway.kannel.http]\n\
        url = \"http://127.0.0.1:13013/cgi-bin/sendsms?to={digits}&text={body}&charset=UTF-8&coding=2\"\n\
        query_env = { username = \"KANNEL_USER\", password = \"KANNEL_PASSWORD\" }\n\
        accepted = { status = [202], text = '^(0: Accepted|3: Queued)' }\nbusy = { status = [503] }\n";
    settings(&place, kannel);
    let tiuv = command(&place, &["dispatch", "--send"]);
    // The superuser needs no user namespace; others get one, where the system lets them.
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let mut beside = place.command_of("unshare", if is_root { &["-n"] } else { &["-r", "-n"] });
    let work = place.path(".");
    beside.arg("bash").arg(tests_file("tests/gateway/kannel.sh")).arg(work).arg("24").arg(tiuv.get_program());
    beside.args(tiuv.get_args()).env("KANNEL_USER", "tester").env("KANNEL_PASSWORD", "not-a-secret");
    let ran = Ran::of(beside.output().expect("unshare starts"));
    assert_eq!(ran.exit, Some(0), "{} {}", ran.stdout, ran.stderr);
    assert_eq!(rows_in(&place, "sent"), 12);
    let got = std::fs::read_to_string(place.path("smsc.log")).expect("is there");
    // Each text is longer than 70 letters of UCS-2, so it comes in two parts.
    for customer in 1..=12 {
        let digits = number(customer).trim_start_matches('+').to_owned();
        let parts = got.lines().filter(|line| line.contains("Got message") && line.contains(&digits)).count();
        assert_eq!(parts, 2, "{digits}: {got}");
    }
    assert!(got.contains("%05%E9%05%DC%05%D5%05%DD"), "the Hebrew letters came through: {got}");

    // A wrong password: nothing is sent, and nothing is tried again and again.
    let place = Place::new();
    plan(&place.path(".tiuv"), 3);
    settings(&place, &format!("{kannel}refused = {{ status = [403] }}\n"));
    let tiuv = command(&place, &["dispatch", "--send"]);
    let mut beside = place.command_of("unshare", if is_root { &["-n"] } else { &["-r", "-n"] });
    beside.arg("bash").arg(tests_file("tests/gateway/kannel.sh")).arg(place.path(".")).arg("0").arg(tiuv.get_program());
    beside.args(tiuv.get_args()).env("KANNEL_USER", "tester").env("KANNEL_PASSWORD", "wrong");
    let ran = Ran::of(beside.output().expect("unshare starts"));
    assert_eq!(rows_in(&place, "sent"), 0, "{} {}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("wrong") && !ran.stderr.contains("wrong"), "no secret is told");
}
