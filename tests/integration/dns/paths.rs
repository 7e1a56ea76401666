//! Bad paths, dead networks and lying resolvers: outcomes may be missing, and are never wrong.

use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use tiuv::dns::{MxMode, MxOptions, Stopped, Trust};
use tiuv::record::{MxMeaning, MxOutcome};

use super::proxy::{Faults, proxy};
use super::servers::{are_installed, free_port, knot};
use super::zone::{failing, zone};
use super::{asking, check, names, rules, wrong};

#[test]
fn a_bad_path_changes_no_outcome() {
    if !are_installed() {
        return;
    }
    let zone = zone(1_500);
    let server = knot(&zone);
    let cases = [
        ("loss", Faults { lost: 5, ..Faults::default() }),
        ("late and doubled", Faults { late: 20, delay_ms: 250, doubled: 50, ..Faults::default() }),
        ("wrong ids and forged replies", Faults { wrong_id: 10, forged: 50, ..Faults::default() }),
        ("truncation", Faults { truncated: 30, ..Faults::default() }),
        ("all of it", Faults { lost: 5, doubled: 10, wrong_id: 3, forged: 10, truncated: 5, late: 10, delay_ms: 200 }),
    ];
    for (name, faults) in cases {
        let path = proxy(server.address, faults);
        let checked = check(&rules(), asking(&[path.address]), &names(&zone.truth));
        assert_eq!(wrong(&checked, &zone.truth), [].into(), "{name}");
        let stats = &checked.stats.resolvers[0];
        assert!(faults.forged == 0 || stats.strays > 100, "{name}: {stats:?}");
        assert!(faults.truncated == 0 || stats.by_tcp > 50, "{name}: {stats:?}");
    }
}

#[test]
fn a_question_is_asked_once_however_many_domains_share_its_answer() {
    if !are_installed() {
        return;
    }
    let zone = zone(800);
    let server = knot(&zone);
    let path = proxy(server.address, Faults::default());
    // One try of each question: however busy the machine is, nothing is asked again because an answer is late, and no more is
    // under way than a socket can hold until the path comes to read it.
    let mut patient = rules();
    patient.try_ms = vec![25_000];
    patient.silence_s = 30;
    patient.in_flight = 32;
    let checked = check(&patient, asking(&[path.address]), &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
    let twice: Vec<_> = path.questions().into_iter().filter(|(_, times)| *times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(path.questions().keys().any(|question| question.starts_with(b"\x03mx1\x04prov")));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is promised to be quick")]
fn without_a_network_the_stage_ends_soon_and_nothing_is_checked() {
    // Nobody listens at the one, the other never answers.
    let closed = SocketAddr::from(([127, 0, 0, 1], free_port([127, 0, 0, 1].into())));
    let mute = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let domains: Vec<String> = (0..5_000).map(|index| format!("d{index}.example")).collect();
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    for resolvers in
        [vec![closed], vec![mute.local_addr().expect("is bound")], vec![closed, mute.local_addr().expect("is bound")]]
    {
        let start = Instant::now();
        let checked = check(&super::shipped(), asking(&resolvers), &domains);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        assert_eq!(checked.stats.stopped, Some(Stopped::NoNetwork));
        assert!(checked.statuses.values().all(|said| said.outcome == MxOutcome::NotChecked));
        assert_eq!(checked.statuses.len(), domains.len());
    }
}

#[test]
fn a_resolver_that_lies_is_not_used() {
    // `0`: every name has the address 192.0.2.1; `3`: no name is there.
    for code in [0, 3] {
        let liar = liar(code);
        let checked = check(&rules(), asking(&[liar]), &["living.bench", "dead.bench"]);
        assert_eq!(checked.stats.stopped, Some(Stopped::Untrusted), "{code}");
        assert_eq!(checked.stats.resolvers[0].trust, Trust::Untrusted);
        assert!(checked.statuses.values().all(|said| said.outcome == MxOutcome::NotChecked && said.is_untrusted));
        assert!(checked.statuses.values().all(|said| said.outcome.meaning() == MxMeaning::Unknown));
    }
}

#[test]
fn one_good_resolver_among_bad_ones_is_enough() {
    if !are_installed() {
        return;
    }
    let zone = zone(300);
    let server = knot(&zone);
    let closed = SocketAddr::from(([127, 0, 0, 1], free_port([127, 0, 0, 1].into())));
    let mute = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let resolvers = [liar(3), closed, mute.local_addr().expect("is bound"), server.address];
    let checked = check(&rules(), asking(&resolvers), &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
    let trusts: Vec<Trust> = checked.stats.resolvers.iter().map(|resolver| resolver.trust).collect();
    assert_eq!(trusts, [Trust::Untrusted, Trust::Unreachable, Trust::Silent, Trust::Trusted]);
}

#[test]
fn a_resolver_that_dies_on_the_way_kills_no_domain() {
    if !are_installed() {
        return;
    }
    let zone = zone(3_000);
    let (mut first, second) = (knot(&zone), knot(&zone));
    let mut rules = rules();
    rules.silence_s = 1;
    rules.canaries.try_ms = 300;
    let slow = MxOptions { queries_per_second: Some(1_000), ..MxOptions::default() };
    let resolvers = vec![first.address, second.address];
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(600));
        first.kill();
    });
    // Two resolvers, one dies: the other answers for both.
    let checked = check(&rules, MxOptions { resolvers, ..slow.clone() }, &names(&zone.truth));
    assert_eq!(wrong(&checked, &zone.truth), [].into());
    killer.join().expect("ended");

    // The last one dies, too.
    let resolvers = vec![second.address];
    let mut second = second;
    let killer = thread::spawn(move || {
        thread::sleep(Duration::from_millis(600));
        second.kill();
    });
    let checked = check(&rules, MxOptions { resolvers, ..slow }, &names(&zone.truth));
    killer.join().expect("ended");
    assert_eq!(checked.stats.stopped, Some(Stopped::FellSilent));
    for owed in &zone.truth {
        let said = checked.statuses[&owed.domain].outcome;
        let is_known = said.meaning() != MxMeaning::Unknown;
        assert!(!is_known || said.as_str() == owed.outcome, "{} {said}", owed.domain);
    }
}

#[test]
fn names_that_are_never_answered_do_not_look_like_a_dead_network() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let authority = knot(&zone);
    let server = super::servers::unbound(&authority);
    let owed = failing(40, "to.bench");
    let mut rules = rules();
    rules.silence_s = 1;
    let checked = check(&rules, asking(&[server.address]), &names(&owed));
    assert_eq!(wrong(&checked, &owed), [].into());
    assert_eq!(checked.stats.stopped, None);
}

#[test]
fn a_stage_that_is_out_of_time_says_so() {
    if !are_installed() {
        return;
    }
    let zone = zone(3_000);
    let server = knot(&zone);
    let options = MxOptions {
        deadline: Some(Duration::from_millis(1_500)),
        queries_per_second: Some(400),
        ..asking(&[server.address])
    };
    let checked = check(&rules(), options, &names(&zone.truth));
    assert_eq!(checked.stats.stopped, Some(Stopped::OutOfTime));
    assert!(checked.stats.outcomes[&MxOutcome::NotChecked] > 1_000);
    assert!(checked.stats.looked_up > 50);
}

#[test]
fn switched_off_nothing_is_asked() {
    let options = MxOptions { mode: MxMode::Off, ..asking(&["127.0.0.1:9".parse().expect("an address")]) };
    let checked = check(&rules(), options, &["a.bench"]);
    assert_eq!(checked.statuses["a.bench"].outcome, MxOutcome::NotChecked);
    assert_eq!((checked.stats.stopped, checked.stats.resolvers.len()), (None, 0));
}

/// A resolver that says the same to everything.
fn liar(code: u8) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("is bound");
    thread::spawn(move || {
        let mut packet = [0; 512];
        while let Ok((length, client)) = socket.recv_from(&mut packet) {
            let name = packet[12..length].iter().position(|byte| *byte == 0).unwrap_or(0);
            let mut reply = packet[..12 + name + 5].to_vec();
            reply[2..12].copy_from_slice(&[0x81, 0x80 | code, 0, 1, 0, 0, 0, 0, 0, 0]);
            let is_address = reply[reply.len() - 3] == 1;
            if code == 0 && is_address {
                reply[7] = 1;
                reply.extend(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\xc0\x00\x02\x01");
            }
            let _ = socket.send_to(&reply, client);
        }
    });
    address
}
