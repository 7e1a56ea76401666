//! Servers that do what no real one can be made to do.

use std::net::{SocketAddr, UdpSocket};
use std::thread;

use hickory_proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::rdata::{A, CNAME, MX};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use tiuv::record::{MxCertainty, MxOutcome};

use super::{asking, check, rules};

/// A server that resolves the canary, denies other names below `bench`, and for the rest does what the script says.
fn server(script: impl Fn(&Query, &Message) -> Option<Message> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("is bound");
    thread::spawn(move || {
        let mut packet = [0; 1024];
        while let Ok((length, client)) = socket.recv_from(&mut packet) {
            let Ok(asked) = Message::from_vec(&packet[..length]) else { continue };
            let [query] = asked.queries.as_slice() else { continue };
            let text = query.name().to_ascii();
            let reply = match text.as_str() {
                "canary.bench." => Some(answer(&asked, vec![mx("canary.bench.", "mx.bench.")])),
                _ if text.ends_with(".script.") => script(query, &asked),
                _ => Some(failure(&asked, ResponseCode::NXDomain)),
            };
            if let Some(bytes) = reply.and_then(|reply| reply.to_vec().ok()) {
                let _ = socket.send_to(&bytes, client);
            }
        }
    });
    address
}

fn answer(asked: &Message, records: Vec<Record>) -> Message {
    let mut reply = asked.clone();
    reply.metadata.message_type = MessageType::Response;
    reply.metadata.recursion_available = true;
    reply.add_answers(records);
    reply
}

fn failure(asked: &Message, code: ResponseCode) -> Message {
    let mut reply = answer(asked, vec![]);
    reply.metadata.response_code = code;
    reply
}

fn name(text: &str) -> Name {
    Name::from_ascii(text).expect("a name")
}

fn mx(owner: &str, host: &str) -> Record {
    Record::from_rdata(name(owner), 60, RData::MX(MX::new(10, name(host))))
}

fn address(owner: &Name) -> Record {
    Record::from_rdata(owner.clone(), 60, RData::A(A::new(192, 0, 2, 1)))
}

fn said(server: SocketAddr, domain: &str) -> (MxOutcome, MxCertainty, String) {
    let options = tiuv::dns::MxOptions { confirm_hours: Some(0), ..asking(&[server]) };
    let checked = check(&rules(), options, &[domain]);
    let status = &checked.statuses[domain];
    let said = status.answer.as_ref().map_or(String::new(), |answer| answer.said.clone());
    (status.outcome, status.certainty, said)
}

#[test]
fn a_server_that_denies_a_name_for_mx_and_knows_its_address_kills_nobody() {
    let server = server(|query, asked| match query.query_type() {
        RecordType::A => Some(answer(asked, vec![address(query.name())])),
        _ => Some(failure(asked, ResponseCode::NXDomain)),
    });
    assert_eq!(said(server, "shop.script").0, MxOutcome::ImplicitMx);
}

#[test]
fn a_server_that_fails_for_the_second_address_type_kills_nobody() {
    let server = server(|query, asked| match query.query_type() {
        RecordType::AAAA => Some(failure(asked, ResponseCode::ServFail)),
        _ => Some(answer(asked, vec![])),
    });
    let expected = (MxOutcome::Temporary, MxCertainty::Unknown, "SERVFAIL".to_owned());
    assert_eq!(said(server, "shop.script"), expected);
}

#[test]
fn a_mail_host_that_can_not_be_resolved_today_kills_no_domain() {
    let server = server(|query, asked| match query.query_type() {
        RecordType::MX => {
            Some(answer(asked, vec![mx("shop.script.", "gone.script."), mx("shop.script.", "slow.script.")]))
        }
        _ if query.name().to_ascii() == "gone.script." => Some(failure(asked, ResponseCode::NXDomain)),
        _ => None,
    });
    assert_eq!(said(server, "shop.script").0, MxOutcome::Timeout);
}

#[test]
fn a_server_that_does_not_know_edns_is_asked_without() {
    let server = server(|query, asked| match (&asked.edns, query.query_type()) {
        (Some(_), _) => {
            let mut reply = failure(asked, ResponseCode::FormErr);
            reply.queries.clear();
            reply.edns = None;
            Some(reply)
        }
        (None, RecordType::MX) => Some(answer(asked, vec![mx("shop.script.", "mx.script.")])),
        (None, _) => Some(answer(asked, vec![address(query.name())])),
    });
    assert_eq!(said(server, "shop.script").0, MxOutcome::MxOk);
}

#[test]
fn aliases_in_a_ring_over_several_answers_end_and_kill_nobody() {
    let server = server(|query, asked| {
        let other = if query.name().to_ascii() == "a.script." { "b.script." } else { "a.script." };
        let alias = Record::from_rdata(query.name().clone(), 60, RData::CNAME(CNAME(name(other))));
        Some(answer(asked, vec![alias]))
    });
    let expected = (MxOutcome::Temporary, MxCertainty::Unknown, "ring of aliases".to_owned());
    assert_eq!(said(server, "a.script"), expected);
}

#[test]
fn a_server_that_only_points_to_others_says_nothing() {
    let server = server(|_, asked| {
        let mut reply = answer(asked, vec![]);
        let elsewhere = RData::NS(hickory_proto::rr::rdata::NS(name("ns.script.")));
        reply.add_authority(Record::from_rdata(name("script."), 60, elsewhere));
        Some(reply)
    });
    assert_eq!(said(server, "shop.script").0, MxOutcome::Refused);
}

#[test]
fn a_server_that_fails_once_is_asked_again() {
    let asked_before = std::sync::atomic::AtomicUsize::new(0);
    let server = server(move |query, asked| {
        let times = asked_before.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match query.query_type() {
            _ if times < 2 => Some(failure(asked, ResponseCode::ServFail)),
            RecordType::MX => Some(answer(asked, vec![mx("shop.script.", ".")])),
            _ => None,
        }
    });
    assert_eq!(said(server, "shop.script").0, MxOutcome::NullMx);
}
